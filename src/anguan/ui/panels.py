"""Named panel slots: a lower page shows what upper rooms know, without knowing them.

The enterprise page of the ledger asks the slot `registry.enterprise`; hazards, inspections and cases register one each.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString

from anguan.ground.access import Viewer

Render = Callable[[HttpRequest, object], SafeString | None]


def reader_of(request: HttpRequest) -> Viewer:
    """Who reads the page: what the middleware has put on the request, which no type of Django's knows."""
    viewer: Viewer = vars(request)["viewer"]
    return viewer


@dataclass(frozen=True, slots=True)
class _Panel:
    order: int
    name: str
    render: Render


_slots: dict[str, dict[str, _Panel]] = {}


def slot(name: str) -> str:
    """Declare a slot by the page that offers it, and return its name."""
    _slots.setdefault(name, {})
    return name


def register_panel(slot: str, *, order: int, render: Render) -> None:
    """Add a panel to a slot; `render` returns None when it has nothing to show to this reader.

    Registering the same function again replaces its entry. The slot need not be declared yet: rooms load in any order.
    """
    name = f"{render.__module__}.{render.__qualname__}"
    _slots.setdefault(slot, {})[name] = _Panel(order, name, render)


def render_panels(slot: str, request: HttpRequest, subject: object) -> list[SafeString]:
    """What the registered panels say about `subject`, in order, without those that have nothing to say."""
    panels = sorted(_slots.get(slot, {}).values(), key=lambda panel: (panel.order, panel.name))
    return [shown for panel in panels if (shown := panel.render(request, subject)) is not None]


def slots() -> dict[str, list[str]]:
    """Every slot with the names of its panels, for the documentation and its test."""
    return {name: sorted(panels) for name, panels in _slots.items()}
