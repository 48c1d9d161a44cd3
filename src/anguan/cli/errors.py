"""How a command says that it can't go on."""


class Unusable(Exception):
    """The call or the input can't be used (exit 2); the message is one sentence: what is wrong, what would be right."""
