"""备选替换 and 换员: what may still change after a draw, worked out from the bundle (docs/draw-companion.md).

A replacement is never a draw: the next alternate was drawn with the targets, and who stands in for an officer or an
expert follows from the ranking that the draw used. So whoever has the bundle and the steps in their order can work out
each of them, and nobody chooses.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal, TypedDict

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.inspections.draws.bundle import Officer, Skip
from anguan.inspections.draws.experts import ExpertPlan, ExpertSkip, ExpertTeam, expert_team, ranked
from anguan.inspections.draws.hashing import named
from anguan.inspections.draws.words import SkipReason

ABSENT = "absent"


class TargetReason(Labelled):
    """替换原因: why a drawn target can't be visited."""

    CLOSED = "closed", N_("已关闭、注销或迁出")
    STOPPED = "stopped", N_("已停产停业")
    CHECKED_JOINTLY = "checked_jointly", N_("近期已联合检查")
    FORCE_MAJEURE = "force_majeure", N_("不可抗力")
    CONFLICT = "conflict", N_("发现回避情形，派不出合规的检查组")
    CAP_REACHED = "cap_reached", N_("已达年度检查频次上限")
    UNSTAFFED = "unstaffed", N_("派不出检查组")


class PersonReason(Labelled):
    """换员原因: why a drawn officer or expert can't go."""

    ILL = "ill", N_("患病")
    LEFT = "left", N_("调离或离岗")
    UNCERTIFIED = "uncertified", N_("执法证失效")
    TERM_OVER = "term_over", N_("聘期届满或解聘")
    CONFLICT = "conflict", N_("发现回避情形")


class TargetStep(TypedDict):
    """备选替换: one target gives way to the next alternate of its stratum, null when none is left."""

    number: int
    kind: Literal["target"]
    target: str
    reason: str
    replacement: str | None
    officers: list[str]
    skipped: list[Skip]
    unstaffed: bool
    experts: list[str]
    experts_skipped: list[ExpertSkip]


class OfficerStep(TypedDict):
    """换员: one officer gives way to the next in the target's ranking; the team as it is then, empty when none fits."""

    number: int
    kind: Literal["officer"]
    target: str
    officer: str
    reason: str
    replacement: str | None
    officers: list[str]
    skipped: list[Skip]


class ExpertStep(TypedDict):
    """换专家: one expert gives way to the next in the target's ranking, null when none fits."""

    number: int
    kind: Literal["expert"]
    target: str
    expert: str
    reason: str
    replacement: str | None
    experts: list[str]
    skipped: list[ExpertSkip]


Step = TargetStep | OfficerStep | ExpertStep


class Impossible(ValueError):
    """This step can't follow: the target, officer or expert is not in force, or the reason does not apply."""


class Teams:
    """检查组: who goes where after the draw and the steps since.

    `drawn` is a bundle, of which hash, spec, officers, conflicts and result are read. `experts` are plan and drawn
    teams where the batch has any. Each method takes one step and returns it; `Impossible` leaves everything as it was.
    """

    def __init__(
        self, drawn: Mapping[str, Any], experts: ExpertPlan | None = None, expert_teams: list[ExpertTeam] | None = None
    ) -> None:
        result, spec = drawn["result"], drawn["spec"]
        self._function = named(drawn["hash"])
        self._seed: str = result["seed"]
        self._per_target: int = spec["officers_per_target"]
        self._speciality = {stratum["id"]: stratum["speciality"] for stratum in spec["strata"]}
        self._officers: dict[str, Officer] = {officer["id"]: officer for officer in drawn["officers"]}
        self._barred = {(row["officer"], row["target"]) for row in drawn["conflicts"]}
        self._stratum = {row["id"]: row["stratum"] for row in (*result["targets"], *result["alternates"])}
        # Alternates come in rank order within their stratum: the next one is the first that is left.
        self._alternates = [row["id"] for row in result["alternates"]]
        self.officers: dict[str, list[str]] = {row["id"]: list(row["officers"]) for row in result["targets"]}
        self._load = Counter(name for team in self.officers.values() for name in team)
        self._absent: set[str] = set()
        self._plan = experts
        self.experts: dict[str, list[str]] = {row["target"]: list(row["experts"]) for row in expert_teams or []}
        self._expert_load = Counter(name for team in self.experts.values() for name in team)
        self._experts_absent: set[str] = set()
        self._recused: set[tuple[str, str]] = set()
        self._number = 0

    def replace_target(self, target: str, reason: TargetReason) -> TargetStep:
        """The next alternate of the stratum takes the place of `target`, with officers and experts of its own."""
        if target not in self.officers:
            raise Impossible(target)
        if (reason == TargetReason.UNSTAFFED) != (not self.officers[target]):
            raise Impossible(reason)
        self._load.subtract(self.officers.pop(target))
        self._expert_load.subtract(self.experts.pop(target, []))
        stratum = self._stratum[target]
        following = next((name for name in self._alternates if self._stratum[name] == stratum), None)
        team: list[str] = []
        skipped: list[Skip] = []
        experts: ExpertTeam = {"target": "", "experts": [], "skipped": []}
        if following is not None:
            self._alternates.remove(following)
            team, skipped = self._staff(following, [])
            self.officers[following] = team
            if team and self._plan is not None:
                experts = self._expert_team(following, None, {})
                self.experts[following] = experts["experts"]
        self._number += 1
        return {
            "number": self._number,
            "kind": "target",
            "target": target,
            "reason": reason.value,
            "replacement": following,
            "officers": list(team),
            "skipped": skipped,
            "unstaffed": following is not None and not team,
            "experts": list(experts["experts"]),
            "experts_skipped": experts["skipped"],
        }

    def replace_officer(self, target: str, officer: str, reason: PersonReason) -> OfficerStep:
        """The next officer in the ranking of `target` takes the place of `officer`.

        Who is ill or left is absent from the rest of the batch; a conflict keeps them away from this target only.
        """
        if officer not in self.officers.get(target, []):
            raise Impossible(officer)
        if reason == PersonReason.CONFLICT:
            self._barred.add((officer, target))
        else:
            self._absent.add(officer)
        before = self.officers[target]
        staying = [name for name in before if name != officer]
        self._load.subtract(before)
        team, skipped = self._staff(target, staying)
        self.officers[target] = team
        if not team:
            self._expert_load.subtract(self.experts.pop(target, []))
        self._number += 1
        return {
            "number": self._number,
            "kind": "officer",
            "target": target,
            "officer": officer,
            "reason": reason.value,
            "replacement": team[-1] if team else None,
            "officers": list(team),
            "skipped": skipped,
        }

    def replace_expert(self, target: str, expert: str, reason: PersonReason) -> ExpertStep:
        """The next expert in the ranking of `target` takes the place of `expert`."""
        if self._plan is None or expert not in self.experts.get(target, []):
            raise Impossible(expert)
        if reason == PersonReason.CONFLICT:
            self._recused.add((expert, target))
        else:
            self._experts_absent.add(expert)
        staying = [name for name in self.experts[target] if name != expert]
        self._expert_load.subtract([expert])
        found = self._expert_team(target, 1, dict.fromkeys(staying, ""))
        self.experts[target] = [*staying, *found["experts"]]
        self._number += 1
        return {
            "number": self._number,
            "kind": "expert",
            "target": target,
            "expert": expert,
            "reason": reason.value,
            "replacement": found["experts"][0] if found["experts"] else None,
            "experts": list(self.experts[target]),
            "skipped": found["skipped"],
        }

    def take(self, step: Mapping[str, Any]) -> Step:
        """The step that follows from kind, target, person and reason of `step`; KeyError, ValueError: it is none."""
        match step["kind"]:
            case "target":
                return self.replace_target(step["target"], TargetReason(step["reason"]))
            case "officer":
                return self.replace_officer(step["target"], step["officer"], PersonReason(step["reason"]))
            case "expert":
                return self.replace_expert(step["target"], step["expert"], PersonReason(step["reason"]))
        raise Impossible(step["kind"])

    def _staff(self, target: str, staying: list[str]) -> tuple[list[str], list[Skip]]:
        """A team for `target` around those who stay, by the rule of the draw: whoever is new comes last.

        Counts the team into the load; empty, with every skip, when it can't be filled or has no leader.
        """
        taken = list(staying)
        skipped: list[Skip] = []
        names = ranked(self._function, self._seed, "O", target, self._officers)
        for name in names:
            if len(taken) >= self._per_target and any(self._officers[one]["leader"] for one in taken):
                break
            if name in staying:
                continue
            reason = self._reason(name, target)
            if reason:
                skipped.append({"officer": name, "reason": reason})
            elif len(taken) < self._per_target:
                taken.append(name)
            elif self._officers[name]["leader"]:
                taken[-1] = name
        if len(taken) < self._per_target or not any(self._officers[one]["leader"] for one in taken):
            return [], skipped
        self._load.update(taken)
        return taken, skipped

    def _reason(self, officer: str, target: str) -> str:
        if officer in self._absent:
            return ABSENT
        if (officer, target) in self._barred:
            return SkipReason.CONFLICT.value
        speciality = self._speciality[self._stratum[target]]
        if speciality is not None and speciality not in self._officers[officer]["specialities"]:
            return SkipReason.SPECIALITY.value
        if self._load[officer] >= self._officers[officer]["capacity"]:
            return SkipReason.CAPACITY.value
        return ""

    def _expert_team(self, target: str, wanted: int | None, passed_over: Mapping[str, str]) -> ExpertTeam:
        assert self._plan is not None
        away = dict.fromkeys(self._experts_absent, ABSENT)
        found_since = {name: "recusal" for name, place in self._recused if place == target}
        return expert_team(
            self._function,
            self._seed,
            self._plan,
            target,
            self._expert_load,
            wanted=wanted,
            passed_over={**found_since, **away, **passed_over},
        )
