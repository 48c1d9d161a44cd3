"""Data that ships with the program: rule records, checklists and forms of papers, loaded where they are new."""


def load() -> None:
    """Load what is not in the database yet; a second time writes nothing."""
    from anguan.checklists.services import load_shipped
    from anguan.ground import clock
    from anguan.ground.rules.services import load_rules
    from anguan.papers.services import load_forms

    now = clock.now()
    load_rules(now=now)
    load_shipped(now=now)
    load_forms(now=now)
