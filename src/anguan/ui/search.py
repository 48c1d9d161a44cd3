"""The one search field: rooms say what they find, the search page asks them all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from anguan.ground.access import Viewer


@dataclass(frozen=True)
class Found:
    """One thing that was found: its kind in words, what it is called, what tells it apart, and where it opens."""

    kind: str
    title: str
    detail: str
    url: str


SearchSource = Callable[[Viewer, str], Iterable[Found]]
_sources: list[SearchSource] = []


def search_source(source: SearchSource) -> SearchSource:
    """Register a function that finds a viewer's things of its room by a query; it returns at most twenty."""
    _sources.append(source)
    return source


def search_everywhere(viewer: Viewer, query: str) -> list[Found]:
    """What every room finds for a query of at least one character, room by room."""
    return [found for source in _sources for found in source(viewer, query)] if query else []
