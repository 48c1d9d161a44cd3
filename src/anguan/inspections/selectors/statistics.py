"""Reads of the yearly self-check: what the draws of a year were, and what came of them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from anguan.ground.access import Viewer
from anguan.inspections.models import Assignment, Batch, PoolEntry, Replacement, Visit, VisitOfficer
from anguan.inspections.rules import (
    DRAWN_STATES,
    NEVER_MADE,
    WITHOUT_CHECK,
    BatchState,
    ReplacementState,
    ResultCategory,
    statistics,
)
from anguan.inspections.selectors.batches import PLANNERS
from anguan.people.rules import Role


@dataclass(frozen=True)
class YearOfDraws:
    """抽查自检 of one year: names of officers stand in `pairs` and `officers` and nowhere else."""

    year: int
    committed: int
    drawn: int
    broken: int
    targets: int
    unstaffed: int
    classes: list[statistics.ClassLine]
    replaced: int
    lost: int
    people_replaced: int
    refused: int
    reasons: list[tuple[str, str, int]]
    delay: statistics.DelayLine | None
    never_visited: int
    pairs: list[statistics.PairLine]
    even_share: float
    officers: list[statistics.OfficerLine]

    @property
    def replacement_rate(self) -> float | None:
        """Targets that gave way, of all that were drawn."""
        return statistics.rate(self.replaced + self.lost, self.targets)

    @property
    def nothing_found_rate(self) -> float | None:
        """Visits that found nothing, of all that looked."""
        return statistics.rate(
            sum(line.nothing_found for line in self.officers), sum(line.visits for line in self.officers)
        )


def year_for_viewer(viewer: Viewer, year: int) -> YearOfDraws:
    """The year of one's own organs for planners; of all for a judicial supervisor."""
    batches = Batch.objects.all()
    if not viewer.has(Role.SUPERVISOR):
        batches = batches.filter(organ__in=viewer.organs_as(*PLANNERS))
    return _year(batches, year, DRAWN_STATES)


def public_year(year: int) -> YearOfDraws:
    """The year of every organ, from what is public already: published batches, and how many broke."""
    return _year(Batch.objects.all(), year, {BatchState.PUBLISHED})


def years_with_draws() -> list[int]:
    """The years in which something was committed, newest first."""
    days = Batch.objects.filter(committed_at__isnull=False).dates("committed_at", "year", order="DESC")
    return [day.year for day in days]


def _year(batches: "QuerySet[Batch]", year: int, states: Collection[str]) -> YearOfDraws:
    committed = batches.filter(committed_at__year=year)
    drawn = list(committed.filter(state__in=states).only("pk", "weights", "drawn_at"))
    ids = [batch.pk for batch in drawn]
    targets = Assignment.objects.filter(batch__in=ids, is_alternate=False)
    visits = Visit.objects.filter(batch__in=ids).exclude(state__in=NEVER_MADE)
    steps = list(Replacement.objects.filter(batch__in=ids).exclude(state=ReplacementState.ASKED))
    approved = [step for step in steps if step.state == ReplacementState.APPROVED]
    gone = [step for step in approved if step.kind == "target"]
    teams = _teams(visits)
    begun = list(visits.filter(started_at__isnull=False).select_related("batch"))
    reasons = Replacement.objects.filter(pk__in=[step.pk for step in approved]).values("kind", "reason")
    return YearOfDraws(
        year=year,
        committed=committed.count(),
        drawn=len(drawn),
        broken=committed.filter(state=BatchState.BROKEN).count(),
        targets=targets.count(),
        unstaffed=targets.filter(is_unstaffed=True).count(),
        classes=statistics.inclusion_by_class(_strata(drawn)),
        replaced=sum(step.alternate_id is not None for step in gone),
        lost=sum(step.alternate_id is None for step in gone),
        people_replaced=len(approved) - len(gone),
        refused=len(steps) - len(approved),
        reasons=[
            (row["kind"], row["reason"], row["rows"])
            for row in reasons.annotate(rows=Count("pk")).order_by("-rows", "kind", "reason")
        ],
        delay=statistics.delays(
            visit.started_at - visit.batch.drawn_at
            for visit in begun
            if visit.started_at and visit.batch and visit.batch.drawn_at
        ),
        never_visited=visits.filter(started_at__isnull=True, category="").count(),
        pairs=statistics.pair_frequency(teams),
        even_share=statistics.even_share(teams, len({name for team in teams for name in team})),
        officers=statistics.nothing_found_by_officer(_findings(visits)),
    )


def _strata(batches: Collection[Batch]) -> list[statistics.DrawnStratum]:
    ids = [batch.pk for batch in batches]
    weights = {batch.pk: batch.weights for batch in batches}
    counts: dict[tuple[int, str], dict[str, int]] = {}
    taken: dict[tuple[int, str], dict[str, int]] = {}
    in_pool = PoolEntry.objects.filter(batch__in=ids, exclusion="")
    for found, rows in (
        (counts, in_pool),
        (taken, in_pool.filter(assignment__is_alternate=False)),
    ):
        grouped = rows.values("batch", "stratum", "risk_class").annotate(rows=Count("pk"))
        for row in grouped.order_by("batch", "stratum", "risk_class"):
            found.setdefault((row["batch"], row["stratum"]), {})[row["risk_class"]] = row["rows"]
    return [
        statistics.DrawnStratum(groups, weights[batch], taken.get((batch, stratum), {}))
        for (batch, stratum), groups in counts.items()
    ]


def _teams(visits: "QuerySet[Visit]") -> list[list[str]]:
    teams: dict[int, list[str]] = {}
    for visit, name in VisitOfficer.objects.filter(visit__in=visits).values_list("visit", "officer__name"):
        teams.setdefault(visit, []).append(name)
    return list(teams.values())


def _findings(visits: "QuerySet[Visit]") -> list[tuple[str, bool]]:
    looked = VisitOfficer.objects.filter(visit__in=visits, arrived_at__isnull=False, visit__finished_at__isnull=False)
    rows = looked.exclude(visit__category__in=WITHOUT_CHECK).values_list("officer__name", "visit__category")
    return [(name, category == ResultCategory.NO_PROBLEM) for name, category in rows]
