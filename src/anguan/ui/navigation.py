"""The way around the house: rooms enter their pages, grouped by the trade's words.

A room registers in `AppConfig.ready()`; labels are marked with `N_` and translated where they are shown.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from django.urls import NoReverseMatch, reverse

from anguan.core.words import N_

Area = Literal["office", "phone", "public"]

# 分组: the order in which groups stand in the left column, each with its icon.
GROUPS: Final[dict[str, str]] = {
    N_("工作台"): "desk",
    N_("底账"): "ledger",
    N_("计划与抽查"): "draw",
    N_("检查"): "check",
    N_("隐患"): "hazard",
    N_("案件"): "case",
    N_("消防"): "fire",
    N_("培训"): "training",
    N_("服务"): "service",
    N_("公开"): "public",
    N_("系统"): "settings",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One page in the navigation. Without roles, everybody who may use the area sees it."""

    group: str
    label: str
    url_name: str
    roles: frozenset[str]
    order: int
    icon: str
    area: Area
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An item as one reader sees it on one page."""

    label: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with the links below it."""

    label: str
    icon: str
    links: tuple[Link, ...]
    current: bool


_items: dict[tuple[Area, str, tuple[str, ...]], Item] = {}


def register(
    group: str,
    label: str,
    url_name: str,
    *,
    roles: Iterable[str] = (),
    order: int = 100,
    icon: str = "",
    area: Area = "office",
    args: tuple[str, ...] = (),
) -> None:
    """Enter a page under a group of `GROUPS`; entering the same URL name and arguments again replaces the entry."""
    if group not in GROUPS:
        raise ValueError(f"navigation has no group {group!r}; its groups are {', '.join(GROUPS)}")
    _items[area, url_name, args] = Item(
        group, label, url_name, frozenset(roles), order, icon or GROUPS[group], area, args
    )


def items(area: Area = "office") -> list[Item]:
    """Every registered item of an area in display order, whoever may see it."""
    position = {group: index for index, group in enumerate(GROUPS)}
    return sorted(
        (item for item in _items.values() if item.area == area),
        key=lambda item: (position[item.group], item.order, item.url_name, item.args),
    )


def menu(roles: Collection[str], path: str, area: Area = "office") -> list[Group]:
    """The groups that a reader with these roles sees; the item whose URL is the longest prefix of `path` is current.

    Items whose URL is not mounted are left out, so that a room can be switched off by its URL include alone.
    """
    seen: list[tuple[Item, str]] = []
    for item in items(area):
        if item.roles and not item.roles & frozenset(roles):
            continue
        try:
            seen.append((item, reverse(item.url_name, args=item.args) if item.args else reverse(item.url_name)))
        except NoReverseMatch:
            continue
    prefixes = [url for _, url in seen if path == url or (url != "/" and path.startswith(url))]
    current_url = max(prefixes, key=len, default="")
    groups: dict[str, list[Link]] = {}
    for item, url in seen:
        groups.setdefault(item.group, []).append(Link(item.label, url, item.icon, url == current_url))
    return [
        Group(label, GROUPS[label], tuple(links), any(link.current for link in links))
        for label, links in groups.items()
    ]
