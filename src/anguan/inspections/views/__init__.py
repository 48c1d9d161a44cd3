"""Office pages, a subject a file."""
