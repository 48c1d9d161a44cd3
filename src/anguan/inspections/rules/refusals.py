"""What the rules of this room say no with."""


class NotAllowed(ValueError):
    """This can't be done now; the message says in Chinese why, and what would be right."""
