"""一键断电: one-key power cut."""
