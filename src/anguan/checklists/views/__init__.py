"""Pages, a subject a file."""
