"""Marking of words that are translated where they are shown."""


def N_(text: str) -> str:
    """Mark a Chinese string for translation without translating it here; pure modules know no language."""
    return text
