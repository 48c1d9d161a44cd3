"""What may change after a draw, and experts by the same draw: worked out twice, by programs that share no line."""

import copy
import json
import random
from typing import Any

import pytest

from anguan.inspections import draws
from anguan.inspections.draws import CompanionDiffers, Impossible, PersonReason, TargetReason, Teams
from anguan.inspections.draws.experts import ExpertPlan
from anguan.inspections.tests import plain_companion, plain_draw
from anguan.inspections.tests.draw_tampers import drand_example, example

PLAN: ExpertPlan = {
    "per_target": 1,
    "speciality": "消防",
    "experts": [
        {"id": "X1", "capacity": 2, "specialities": ["消防"]},
        {"id": "X2", "capacity": 2, "specialities": ["消防", "电气"]},
        {"id": "X3", "capacity": 3, "specialities": ["电气"]},
        {"id": "X4", "capacity": 2, "specialities": ["消防"]},
    ],
    "recusals": [
        {"expert": "X1", "target": "E0012", "reason": "declared"},
        {"expert": "X4", "target": "E0014", "reason": "declared"},
    ],
}


def timed(steps: list[Any]) -> list[dict[str, Any]]:
    return [{**step, "asked_at": "2026-03-03T01:00:00Z", "decided_at": "2026-03-03T02:00:00Z"} for step in steps]


def a_course(bundle: dict[str, Any], plan: Any, seed: int, length: int = 12) -> tuple[list[dict[str, Any]], list[Any]]:
    """What somebody asked for at random, and what `Teams` made of it."""
    chance = random.Random(seed)
    teams = Teams(bundle, plan, draws.expert_teams(bundle, plan))
    asked: list[dict[str, Any]] = []
    steps: list[Any] = []
    while len(asked) < length and teams.officers:
        target = chance.choice(sorted(teams.officers))
        kind = chance.choice(["target", "officer", "expert"])
        ask: dict[str, Any] = {"kind": kind, "target": target}
        if kind == "target":
            staffed = bool(teams.officers[target])
            ask["reason"] = chance.choice(["closed", "conflict"]) if staffed else "unstaffed"
        else:
            people = (teams.officers if kind == "officer" else teams.experts).get(target)
            if not people:
                continue
            ask |= {kind: chance.choice(people), "reason": chance.choice(["ill", "left", "conflict"])}
        asked.append(ask)
        steps.append(teams.take(ask))
    return asked, steps


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("start", [example, drand_example])
def test_two_programs_agree_on_every_step(start: Any, seed: int) -> None:
    bundle = start()
    plan: Any = PLAN if seed % 2 else None
    asked, steps = a_course(bundle, plan, seed)
    # Through JSON, as a file would be read: an order of keys proves nothing.
    assert json.loads(json.dumps(steps)) == plain_companion.steps(bundle, plan, asked)
    companion = json.loads(json.dumps(draws.companion_of(bundle, plan, timed(steps)), ensure_ascii=False))
    verified = draws.verify_companion(companion, bundle)
    assert verified.targets_replaced + verified.targets_lost == sum(ask["kind"] == "target" for ask in asked)


def test_experts_are_drawn_alike_by_both_programs_and_do_not_touch_the_draw() -> None:
    bundle = example()
    teams = draws.expert_teams(bundle, PLAN)
    assert teams == plain_companion.expert_teams(bundle, {**PLAN})
    assert all(team["target"] != "E0012" or "X1" not in team["experts"] for team in teams)
    assert not any("X3" in team["experts"] for team in teams)
    # Three experts with two tasks each for six targets: the last may be left with nobody, nobody goes three times.
    for name in ("X1", "X2", "X4"):
        assert sum(name in team["experts"] for team in teams) <= 2
    assert draws.experts_digest(PLAN) == plain_draw.digest("sha256", PLAN)
    assert draws.verify(bundle).targets == 6


def test_the_next_alternate_comes_in_rank_order_until_none_is_left() -> None:
    bundle = example()
    teams = Teams(bundle)
    first = teams.replace_target("E0021", TargetReason.CLOSED)
    second = teams.replace_target("E0012", TargetReason.STOPPED)
    third = teams.replace_target("E0014", TargetReason.CLOSED)
    assert [step["replacement"] for step in (first, second, third)] == ["E0014", "E0018", None]
    assert (third["officers"], third["unstaffed"]) == ([], False)
    assert [step["number"] for step in (first, second, third)] == [1, 2, 3]
    # The other stratum still has all of its own.
    assert teams.replace_target("E0007", TargetReason.CLOSED)["replacement"] == "E0004"


def test_a_target_is_replaced_once_and_only_what_is_in_force() -> None:
    teams = Teams(example())
    teams.replace_target("E0012", TargetReason.CLOSED)
    for target in ("E0012", "E0018", "E9999"):
        with pytest.raises(Impossible):
            teams.replace_target(target, TargetReason.CLOSED)
    with pytest.raises(Impossible):
        teams.replace_target("E0021", TargetReason.UNSTAFFED)
    with pytest.raises(Impossible):
        teams.replace_officer("E0021", "P00", PersonReason.ILL)
    with pytest.raises(Impossible):
        teams.replace_expert("E0021", "X1", PersonReason.ILL)


def test_who_is_ill_goes_nowhere_else_and_a_team_always_has_a_leader() -> None:
    bundle = example()
    teams = Teams(bundle)
    leaders = {officer["id"] for officer in bundle["officers"] if officer["leader"]}
    step = teams.replace_officer("E0021", "P03", PersonReason.ILL)
    assert "P03" not in step["officers"]
    assert {"officer": "P03", "reason": "absent"} in step["skipped"]
    assert not step["officers"] or leaders & set(step["officers"])
    for target in list(teams.officers):
        after = teams.replace_target(target, TargetReason.CLOSED) if teams.officers[target] else None
        assert after is None or "P03" not in after["officers"]


def test_nobody_left_to_go_leaves_the_target_without_a_team() -> None:
    bundle = example()
    teams = Teams(bundle)
    while team := teams.officers["E0011"]:
        last = teams.replace_officer("E0011", team[0], PersonReason.LEFT)
    assert last["replacement"] is None
    assert teams.replace_target("E0011", TargetReason.UNSTAFFED)["replacement"] == "E0004"


def good_companion() -> dict[str, Any]:
    bundle = example()
    _asked, steps = a_course(bundle, PLAN, 5)
    companion: dict[str, Any] = json.loads(json.dumps(draws.companion_of(bundle, PLAN, timed(steps))))
    return companion


def step_of(companion: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(step for step in companion["steps"] if step["kind"] == kind)
    return found


BENDS: list[tuple[str, Any]] = [
    ("format", lambda c: c.update(format="anguan-draw-companion/2")),
    ("format", lambda c: c.update(extra=1)),
    ("format", lambda c: c.pop("steps")),
    ("format", lambda c: c["steps"].append(None)),
    ("format", lambda c: c["steps"].append({"kind": []})),
    ("format", lambda c: c["steps"][0].update(decided_at="gestern")),
    ("format", lambda c: step_of(c, "target").update(reason="mood")),
    ("format", lambda c: step_of(c, "target").update(unstaffed=0)),
    ("format", lambda c: c["experts"].update(per_target=0)),
    ("format", lambda c: c["experts"].update(speciality="\ud800")),
    ("format", lambda c: c["experts"]["experts"].reverse()),
    ("bundle", lambda c: c.update(batch="another")),
    ("bundle", lambda c: c.update(bundle_digest="00" * 32)),
    ("experts", lambda c: c["experts"]["experts"].pop()),
    ("experts", lambda c: c["expert_teams"].reverse()),
    ("experts", lambda c: c["expert_teams"].pop()),
    ("steps", lambda c: c["steps"].reverse()),
    ("steps", lambda c: c["steps"].pop(0)),
    ("steps", lambda c: c["steps"][1].update(decided_at="2026-03-02T00:00:00Z")),
    ("steps", lambda c: step_of(c, "target").update(replacement="E0020")),
    ("steps", lambda c: step_of(c, "target").update(target="E0020")),
    ("steps", lambda c: step_of(c, "officer")["officers"].reverse()),
    ("steps", lambda c: step_of(c, "officer").update(officer="P99")),
    ("steps", lambda c: step_of(c, "expert").update(replacement="X3")),
]


@pytest.mark.parametrize(("step", "bend"), BENDS)
def test_whatever_is_bent_in_a_companion_is_found_where_it_is(step: str, bend: Any) -> None:
    sound = good_companion()
    draws.verify_companion(sound, example())
    bent = copy.deepcopy(sound)
    bend(bent)
    with pytest.raises(CompanionDiffers) as caught:
        draws.verify_companion(bent, example())
    assert caught.value.step == step
    assert "第一处不同" in str(caught.value)


@pytest.mark.parametrize("odd", [None, 0, "", [], {}, {"format": []}, [[]]])
def test_whatever_is_no_companion_is_said_to_be_none(odd: Any) -> None:
    with pytest.raises(CompanionDiffers):
        draws.verify_companion(odd, example())
