"""Reads, by subject, always scoped to who asks."""
