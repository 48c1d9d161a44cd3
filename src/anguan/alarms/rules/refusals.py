"""What a refusal is."""


class NotAllowed(ValueError):
    """An act that the rules forbid now. `str()` is the Chinese sentence; pages translate `template` and `params`."""

    def __init__(self, template: str, *, basis: str = "", **params: str) -> None:
        self.template = template
        self.params = params
        self.basis = basis
        super().__init__(template % params if params else template)
