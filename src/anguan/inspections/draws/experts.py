"""专家: which experts go with the officers, by the same draw (docs/draw-companion.md, section "Experts").

Experts are drawn from the seed of the bundle under a tag of their own, so nothing that is drawn for format
`anguan-draw/1` depends on them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from anguan.inspections.draws.hashing import US, Hash


class Expert(TypedDict):
    """专家 on the draw's roster: `capacity` is how many targets of this batch they go to at most."""

    id: str
    capacity: int
    specialities: list[str]


class Recusal(TypedDict):
    """专家回避: this expert does not go to this target; the grounds stay inside."""

    expert: str
    target: str
    reason: str


class ExpertPlan(TypedDict):
    """What is fixed about experts before the randomness exists; its digest is published with the commitments."""

    per_target: int
    speciality: str | None
    experts: list[Expert]
    recusals: list[Recusal]


class ExpertSkip(TypedDict):
    """An expert who was passed over."""

    expert: str
    reason: str


class ExpertTeam(TypedDict):
    """The experts of one target; fewer than planned where the roster was used up."""

    target: str
    experts: list[str]
    skipped: list[ExpertSkip]


def ranked(function: Hash, seed: str, tag: str, target: str, ids: Iterable[str]) -> list[str]:
    """Ids in the order of H(seed, tag, target, id), equal hashes by id: the order in which they are asked."""
    front = US.join((seed, tag, target, ""))
    return sorted(ids, key=lambda one: (function.digest(f"{front}{one}".encode()), one))


def draw_experts(function: Hash, seed: str, plan: ExpertPlan, targets: Sequence[str]) -> list[ExpertTeam]:
    """The experts of each target in order; nobody goes to more targets than their capacity."""
    load: Counter[str] = Counter()
    return [expert_team(function, seed, plan, target, load) for target in targets]


def expert_team(
    function: Hash,
    seed: str,
    plan: ExpertPlan,
    target: str,
    load: Counter[str],
    *,
    wanted: int | None = None,
    passed_over: Mapping[str, str] = {},
) -> ExpertTeam:
    """The experts of one target, counted into `load`; `passed_over` gives further skips by expert, "" for a silent one.

    The first reason that applies is recorded: one of `passed_over`, then `recusal`, `speciality`, `capacity`.
    """
    wanted = plan["per_target"] if wanted is None else wanted
    known = {expert["id"]: expert for expert in plan["experts"]}
    barred = {row["expert"] for row in plan["recusals"] if row["target"] == target}
    team: ExpertTeam = {"target": target, "experts": [], "skipped": []}
    for name in ranked(function, seed, "E", target, known):
        if len(team["experts"]) == wanted:
            break
        expert = known[name]
        reason = ""
        if name in passed_over:
            reason = passed_over[name]
            if not reason:
                continue
        elif name in barred:
            reason = "recusal"
        elif plan["speciality"] is not None and plan["speciality"] not in expert["specialities"]:
            reason = "speciality"
        elif load[name] >= expert["capacity"]:
            reason = "capacity"
        if reason:
            team["skipped"].append({"expert": name, "reason": reason})
        else:
            team["experts"].append(name)
    load.update(team["experts"])
    return team
