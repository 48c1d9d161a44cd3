"""抽查自检 against tables that were worked out by hand, and against the draw itself."""

from datetime import timedelta
from fractions import Fraction
from hashlib import sha256

import pytest

from anguan.inspections.draws import named, pick
from anguan.inspections.rules import statistics
from anguan.inspections.rules.statistics import DrawnStratum, expected_inclusion

# Three enterprises with 1, 1 and 2 tickets. One is drawn: a quarter, a quarter, a half.
# Two are drawn: the third is left out only when the two others come first, 2 · 1/4 · 1/3 = 1/6, so it is in with 5/6,
# and the others share 2 - 5/6 = 7/6.
# Two and two with 1 and 3 tickets, two drawn. Both of A: 2/8 · 1/7 = 1/28. One of A: first A then B 2/8 · 6/7 = 3/14,
# first B then A 6/8 · 2/5 = 3/10, together 18/35. So A has 2/28 + 18/35 = 41/70 on average.
BY_HAND = [
    ({"A": 2, "B": 1}, {"A": 1, "B": 2}, 1, {"A": Fraction(1, 2), "B": Fraction(1, 2)}),
    ({"A": 2, "B": 1}, {"A": 1, "B": 2}, 2, {"A": Fraction(7, 6), "B": Fraction(5, 6)}),
    ({"A": 2, "B": 2}, {"A": 1, "B": 3}, 2, {"A": Fraction(41, 70), "B": 2 - Fraction(41, 70)}),
    ({"A": 3, "B": 5}, {"A": 4, "B": 4}, 4, {"A": Fraction(3, 2), "B": Fraction(5, 2)}),
    ({"A": 2, "B": 2}, {"A": 1, "B": 9}, 4, {"A": Fraction(2), "B": Fraction(2)}),
    ({"A": 2, "B": 0}, {"A": 1, "B": 9}, 0, {"A": Fraction(0)}),
]


@pytest.mark.parametrize(("counts", "weights", "drawn", "expected"), BY_HAND)
def test_expected_inclusion_as_worked_out_by_hand(
    counts: dict[str, int], weights: dict[str, int], drawn: int, expected: dict[str, Fraction]
) -> None:
    found = expected_inclusion(counts, weights, drawn)
    assert {name: one.mean for name, one in found.items()} == pytest.approx(
        {name: float(value) for name, value in expected.items()}
    )
    assert all(one.is_exact for one in found.values())


def test_the_variance_of_equal_tickets_is_the_hypergeometric_one() -> None:
    # 3 of A among 8, 4 drawn: n·p·(1-p)·(N-n)/(N-1) = 4 · 3/8 · 5/8 · 4/7.
    found = expected_inclusion({"A": 3, "B": 5}, {"A": 1, "B": 1}, 4)["A"]
    assert found.variance == pytest.approx(4 * 3 / 8 * 5 / 8 * 4 / 7)


def test_the_limit_agrees_with_the_exact_work_where_both_can_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, weights = {"A": 40, "B": 30, "D": 10}, {"A": 1, "B": 2, "D": 8}
    exact = expected_inclusion(counts, weights, 20)
    monkeypatch.setattr(statistics, "MOST_STATES", 0)
    rough = expected_inclusion(counts, weights, 20)
    assert not any(one.is_exact for one in rough.values())
    for name, one in exact.items():
        assert rough[name].mean == pytest.approx(one.mean, rel=0.02)
    assert sum(one.mean for one in rough.values()) == pytest.approx(20)


def test_the_draw_itself_keeps_to_the_expectation() -> None:
    """Two thousand draws of three among ten, as the draw does them, from fixed seeds."""
    classes = {"A": 3, "B": 3, "C": 2, "D": 2}
    weights = {"A": 1, "B": 2, "C": 4, "D": 8}
    pool = [(f"{name}{number}", weights[name]) for name, count in classes.items() for number in range(count)]
    strata = []
    for round_ in range(2000):
        seed = sha256(f"自检{round_}".encode()).hexdigest()
        taken = [name[0] for name in pick(named("sha256"), seed, "一般", pool, 3)]
        strata.append(DrawnStratum(classes, weights, {name: taken.count(name) for name in classes}))
    lines = statistics.inclusion_by_class(strata)
    assert [line.in_pools for line in lines] == [6000, 6000, 4000, 4000]
    assert all(line.deviation is not None and abs(line.deviation) < 3 for line in lines)
    assert not any(line.is_far for line in lines)


def test_a_draw_that_spares_a_class_is_far_from_chance() -> None:
    # Ten times, two of four were drawn, never one of D, which has eight tickets to one of A.
    strata = [DrawnStratum({"A": 2, "D": 2}, {"A": 1, "D": 8}, {"A": 2, "D": 0})] * 10
    line = next(line for line in statistics.inclusion_by_class(strata) if line.name == "D")
    assert line.is_far
    assert line.deviation is not None
    assert line.deviation < -3


def test_pairs_are_counted_once_a_team() -> None:
    teams = [["甲", "乙"], ["乙", "甲"], ["甲", "丙"], ["甲", "乙", "丙"]]
    assert [(line.pair, line.times) for line in statistics.pair_frequency(teams)] == [
        (("乙", "甲"), 3),
        (("丙", "甲"), 2),
        (("丙", "乙"), 1),
    ]
    # Six pairs on three possible ones.
    assert statistics.even_share(teams, 3) == 2
    assert statistics.even_share([], 1) == 0


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], None),
        ([4], (1, 4, 4, 4)),
        ([9, 1, 5, 3], (4, 3, 9, 9)),
        (list(range(1, 11)), (10, 5, 9, 10)),
        ([2] * 19 + [40], (20, 2, 2, 40)),
    ],
)
def test_delays_from_draw_to_arrival(days: list[int], expected: tuple[int, ...] | None) -> None:
    found = statistics.delays(timedelta(days=day, hours=5) for day in days)
    assert (found and (found.visits, found.median, found.ninth, found.longest)) == expected


@pytest.mark.parametrize(
    ("successes", "tries", "share", "chance"),
    [
        (0, 2, 0.5, 0.5),  # 1/4 + 1/4
        (1, 2, 0.5, 1.0),
        (4, 4, 0.5, 0.125),  # 2 · 1/16
        (3, 3, 0.25, 1 / 64),  # 27/64, 27/64, 9/64, 1/64
        (0, 0, 0.5, 1.0),
    ],
)
def test_the_binomial_test_as_worked_out_by_hand(successes: int, tries: int, share: float, chance: float) -> None:
    assert statistics.binomial_chance(successes, tries, share) == pytest.approx(chance)


def test_an_officer_who_never_finds_anything_stands_out() -> None:
    visits = [("甲", True)] * 12 + [("乙", False)] * 10 + [("丙", True), ("丙", False)]
    lines = {line.officer: line for line in statistics.nothing_found_by_officer(visits)}
    assert (lines["甲"].visits, lines["甲"].nothing_found) == (12, 12)
    assert lines["甲"].chance < 0.001
    assert lines["丙"].chance == pytest.approx(1.0)
    assert statistics.nothing_found_by_officer([]) == []
    assert statistics.rate(1, 0) is None
