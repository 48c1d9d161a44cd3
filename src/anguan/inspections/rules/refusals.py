"""What the rules of this room say no with."""


class NotAllowed(ValueError):
    """This can't be done now; `str()` says in Chinese why, and what would be right.

    Pages translate `template` and put `params` in.
    """

    def __init__(self, template: str, **params: str) -> None:
        self.template = template
        self.params = params
        super().__init__(template % params if params else template)
