"""企业评价 in the aggregate: never of fewer than the rule says."""

from dataclasses import dataclass
from datetime import date

from anguan.ground.access import Viewer
from anguan.ground.rules.selectors import rule
from anguan.inspections.models import Rating
from anguan.inspections.rules import Ban
from anguan.people.rules import Role


@dataclass(frozen=True)
class RatingSummary:
    """One organ's ratings: how many, their mean in tenths, and how often each ban was ticked."""

    organ: str
    count: int
    mean_tenths: int
    bans: tuple[tuple[str, int], ...]

    @property
    def mean(self) -> str:
        """The mean as it is read: 4.3."""
        return f"{self.mean_tenths // 10}.{self.mean_tenths % 10}"


def rating_summaries(on: date) -> list[RatingSummary]:
    """Of each organ with enough ratings, for everybody; an organ with fewer is not shown at all."""
    enough = int(rule("rating", on).values["shown_from"])
    by_organ: dict[str, list[Rating]] = {}
    for rating in Rating.objects.select_related("organ").order_by("organ__name"):
        by_organ.setdefault(rating.organ.name, []).append(rating)
    return [
        RatingSummary(
            organ=organ,
            count=len(ratings),
            mean_tenths=round(sum(one.score for one in ratings) * 10 / len(ratings)),
            bans=tuple((ban.label, sum(ban.value in one.bans for one in ratings)) for ban in Ban),
        )
        for organ, ratings in by_organ.items()
        if len(ratings) >= enough
    ]


def rating_texts(viewer: Viewer, on: date, limit: int = 100) -> list[tuple[str, str]]:
    """What firms wrote, for the supervisor, of organs with enough ratings: organ and text, in no order of time."""
    if not viewer.has(Role.SUPERVISOR):
        return []
    shown = {summary.organ for summary in rating_summaries(on)}
    rows = Rating.objects.exclude(text="").filter(organ__name__in=shown).order_by("uid")
    return list(rows.values_list("organ__name", "text")[:limit])
