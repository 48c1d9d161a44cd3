"""Pure rules of the alarm path, a subject a file."""
