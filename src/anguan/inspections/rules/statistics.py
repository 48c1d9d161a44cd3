"""抽查自检: what a year of draws looks like against what it should look like.

Targets are drawn by successive weighted sampling: each next one in proportion to its tickets among those that are left.
How many of a class are drawn is worked out exactly where that is feasible; in large pools by the limit of Rosén (1972),
whose error shrinks with the size of the pool. Nothing here judges: it says how far from chance something is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from math import comb, exp, sqrt
from typing import Final

# Exact work costs a step for each way in which the draw may stand. Two hundred thousand take about a second.
MOST_STATES: Final = 200_000
# 偏离: beyond three standard deviations chance alone gives about three in a thousand.
FAR: Final = 3.0


@dataclass(frozen=True)
class Expectation:
    """How many of a class are drawn on average, with its variance; whether both are exact."""

    mean: float
    variance: float
    is_exact: bool


def expected_inclusion(counts: Mapping[str, int], weights: Mapping[str, int], drawn: int) -> dict[str, Expectation]:
    """For each class of one stratum, how many of the `drawn` are of it: `counts` are enterprises by class."""
    classes = sorted(name for name, count in counts.items() if count)
    total = sum(counts[name] for name in classes)
    if drawn >= total:
        return {name: Expectation(float(counts[name]), 0.0, True) for name in classes}
    if drawn <= 0:
        return {name: Expectation(0.0, 0.0, True) for name in classes}
    if comb(drawn + len(classes) - 1, len(classes) - 1) * drawn <= MOST_STATES:
        return _exactly(classes, counts, weights, drawn)
    return _in_the_limit(classes, counts, weights, drawn)


def _exactly(
    classes: Sequence[str], counts: Mapping[str, int], weights: Mapping[str, int], drawn: int
) -> dict[str, Expectation]:
    """Go through the draw one target at a time, keeping the probability of every way in which it may stand."""
    states: dict[tuple[int, ...], float] = {(0,) * len(classes): 1.0}
    for _ in range(drawn):
        following: dict[tuple[int, ...], float] = {}
        for state, probability in states.items():
            left = [(counts[name] - taken) * weights[name] for name, taken in zip(classes, state, strict=True)]
            tickets = sum(left)
            for place, share in enumerate(left):
                if share:
                    after = (*state[:place], state[place] + 1, *state[place + 1 :])
                    following[after] = following.get(after, 0.0) + probability * share / tickets
        states = following
    expected = {}
    for place, name in enumerate(classes):
        mean = sum(state[place] * probability for state, probability in states.items())
        square = sum(state[place] ** 2 * probability for state, probability in states.items())
        expected[name] = Expectation(mean, max(square - mean**2, 0.0), True)
    return expected


def _in_the_limit(
    classes: Sequence[str], counts: Mapping[str, int], weights: Mapping[str, int], drawn: int
) -> dict[str, Expectation]:
    """Every enterprise as if it came at a time of its own, sooner with more tickets; the draw ends when enough came."""

    def came(time: float) -> float:
        return sum(counts[name] * (1 - exp(-weights[name] * time)) for name in classes)

    low, high = 0.0, 1.0
    while came(high) < drawn:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if came(middle) < drawn else (low, middle)
    expected = {}
    for name in classes:
        share = 1 - exp(-weights[name] * high)
        # The sum over all classes is fixed, so the true variance is a little smaller: a far value is far indeed.
        expected[name] = Expectation(counts[name] * share, counts[name] * share * (1 - share), False)
    return expected


@dataclass(frozen=True)
class ClassLine:
    """一类企业: how many were in pools, how many were drawn, how many should have been."""

    name: str
    in_pools: int
    drawn: int
    expected: float
    deviation: float | None
    is_exact: bool

    @property
    def is_far(self) -> bool:
        """Whether chance alone hardly explains it."""
        return self.deviation is not None and abs(self.deviation) > FAR


@dataclass(frozen=True)
class DrawnStratum:
    """One stratum of one batch: enterprises by class, tickets by class, and how many of each class were drawn."""

    counts: Mapping[str, int]
    weights: Mapping[str, int]
    drawn: Mapping[str, int]


def inclusion_by_class(strata: Iterable[DrawnStratum]) -> list[ClassLine]:
    """抽中率: drawn against expected over all strata; the deviation in standard deviations, None where none can be."""
    pools: Counter[str] = Counter()
    found: Counter[str] = Counter()
    mean: dict[str, float] = {}
    variance: dict[str, float] = {}
    rough: set[str] = set()
    for stratum in strata:
        pools.update(stratum.counts)
        found.update(stratum.drawn)
        expected = expected_inclusion(stratum.counts, stratum.weights, sum(stratum.drawn.values()))
        for name, one in expected.items():
            mean[name] = mean.get(name, 0.0) + one.mean
            variance[name] = variance.get(name, 0.0) + one.variance
            if not one.is_exact:
                rough.add(name)
    return [
        ClassLine(
            name=name,
            in_pools=pools[name],
            drawn=found[name],
            expected=mean[name],
            deviation=(found[name] - mean[name]) / sqrt(variance[name]) if variance[name] > 1e-9 else None,
            is_exact=name not in rough,
        )
        for name in sorted(mean)
    ]


@dataclass(frozen=True)
class PairLine:
    """两人同组: how often two officers went together."""

    pair: tuple[str, str]
    times: int


def pair_frequency(teams: Iterable[Iterable[str]]) -> list[PairLine]:
    """同组次数 of every pair that went together at all, most often first."""
    times: Counter[tuple[str, str]] = Counter()
    for team in teams:
        times.update(combinations(sorted(set(team)), 2))
    return [PairLine(pair, count) for pair, count in sorted(times.items(), key=lambda item: (-item[1], item[0]))]


def even_share(teams: Sequence[Sequence[str]], officers: int) -> float:
    """How often each pair would have gone together if all had gone equally often."""
    pairs = sum(comb(len(set(team)), 2) for team in teams)
    return pairs / comb(officers, 2) if officers >= 2 else 0.0


@dataclass(frozen=True)
class DelayLine:
    """抽取到检查的天数: the middle one, the one that nine in ten stay under, and the longest."""

    visits: int
    median: int
    ninth: int
    longest: int


def delays(waits: Iterable[timedelta]) -> DelayLine | None:
    """Whole days from draw to arrival; None without a visit. The lower of two middle ones counts as the middle."""
    days = sorted(wait.days for wait in waits)
    if not days:
        return None
    count = len(days)
    return DelayLine(count, days[(count - 1) // 2], days[-(-9 * count // 10) - 1], days[-1])


@dataclass(frozen=True)
class OfficerLine:
    """未发现问题的比例 of one officer's visits; `chance` is how likely so uneven a share is if all find alike."""

    officer: str
    visits: int
    nothing_found: int
    chance: float


def nothing_found_by_officer(visits: Iterable[tuple[str, bool]]) -> list[OfficerLine]:
    """For each (officer, nothing found): share and exact two-sided binomial chance against the share of all."""
    seen: Counter[str] = Counter()
    empty: Counter[str] = Counter()
    for officer, nothing in visits:
        seen[officer] += 1
        empty[officer] += nothing
    everything = sum(seen.values())
    share = sum(empty.values()) / everything if everything else 0.0
    return [
        OfficerLine(officer, seen[officer], empty[officer], binomial_chance(empty[officer], seen[officer], share))
        for officer in sorted(seen, key=lambda one: (-seen[one], one))
    ]


def binomial_chance(successes: int, tries: int, share: float) -> float:
    """How likely an outcome at most as likely as this one is: the exact two-sided binomial test."""
    likely = [comb(tries, k) * share**k * (1 - share) ** (tries - k) for k in range(tries + 1)]
    # Two outcomes that are equally likely must both count, whatever the last digit of a float says.
    return min(1.0, sum(one for one in likely if one <= likely[successes] * (1 + 1e-9)))


def rate(part: int, whole: int) -> float | None:
    """A share; None of nothing."""
    return part / whole if whole else None
