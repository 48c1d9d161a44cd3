"""随附文件 of a draw, format `anguan-draw-companion/1` (docs/draw-companion.md): experts, and the steps after the draw.

The bundle's own format does not change: a program that knows only `anguan-draw/1` verifies a bundle as before. Whoever
also has the companion works out every expert, every replacement and every substitution from the bundle's seed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.inspections.draws.bundle import SURROGATE, TIME
from anguan.inspections.draws.experts import ExpertPlan, ExpertTeam, draw_experts
from anguan.inspections.draws.hashing import HASHES, named
from anguan.inspections.draws.replacing import PersonReason, TargetReason, Teams
from anguan.inspections.draws.words import MISSING, SkipReason, shown

COMPANION_FORMAT: Final = "anguan-draw-companion/1"


class CompanionStep(Labelled):
    """The steps of verifying what stands beside a bundle: its companion in this order, and its envelopes."""

    FORMAT = "format", N_("随附文件的格式")
    BUNDLE = "bundle", N_("随附文件与抽查包对应")
    EXPERTS = "experts", N_("专家")
    STEPS = "steps", N_("备选替换和换员")
    ENVELOPES = "envelopes", N_("信封")


class CompanionDiffers(Exception):
    """The companion is not what it says: where, what was expected and what was found."""

    words = N_("第一处不同（%(step)s）：%(path)s 应为 %(expected)s，文件里是 %(found)s。")

    def __init__(self, step: CompanionStep, path: str, expected: Any, found: Any) -> None:
        self.step = step
        self.path = path
        self.expected = expected
        self.found = found
        super().__init__(step, path, expected, found)

    def __str__(self) -> str:
        return self.words % {
            "step": self.step.label,
            "path": self.path or N_("整个文件"),
            "expected": self.expected if isinstance(self.expected, Shape) else shown(self.expected),
            "found": repr(MISSING) if self.found is MISSING else shown(self.found),
        }


class Shape(str):
    """What a field should have been, in words."""

    __slots__ = ()


@dataclass(frozen=True)
class CompanionVerification:
    """核对结果: a companion that follows from its bundle; `experts_digest` is to be compared with the promise's."""

    targets_replaced: int
    targets_lost: int
    people_replaced: int
    experts: int
    experts_digest: str | None


def experts_digest(plan: ExpertPlan, hash_name: str = "sha256") -> str:
    """专家名册摘要: the digest of the plan's canonical JSON, published with the commitments."""
    return named(hash_name).value(plan)


def expert_teams(bundle: Mapping[str, Any], plan: ExpertPlan | None) -> list[ExpertTeam]:
    """The experts of every staffed target of a drawn bundle, in the order of the draw."""
    if plan is None:
        return []
    targets = [row["id"] for row in bundle["result"]["targets"] if not row["unstaffed"]]
    return draw_experts(named(bundle["hash"]), bundle["result"]["seed"], plan, targets)


def companion_of(
    bundle: Mapping[str, Any],
    plan: ExpertPlan | None,
    steps: list[dict[str, Any]],
) -> dict[str, Any]:
    """The companion of a bundle: `steps` as `Teams` gave them, each with `asked_at` and `decided_at`."""
    return {
        "format": COMPANION_FORMAT,
        "hash": bundle["hash"],
        "batch": bundle["spec"]["batch"],
        "bundle_digest": named(bundle["hash"]).value(bundle),
        "experts": plan,
        "expert_teams": expert_teams(bundle, plan),
        "steps": steps,
    }


def verify_companion(raw: Any, bundle: Mapping[str, Any]) -> CompanionVerification:
    """Verify a companion against its bundle, which must have been verified; raises `CompanionDiffers`."""
    _check_whole(raw)
    for field, expected in (("hash", bundle["hash"]), ("batch", bundle["spec"]["batch"])):
        if raw[field] != expected:
            raise CompanionDiffers(CompanionStep.BUNDLE, field, expected, raw[field])
    digest = named(bundle["hash"]).value(bundle)
    if raw["bundle_digest"] != digest:
        raise CompanionDiffers(CompanionStep.BUNDLE, "bundle_digest", digest, raw["bundle_digest"])
    plan: ExpertPlan | None = raw["experts"]
    teams = expert_teams(bundle, plan)
    compare(CompanionStep.EXPERTS, "expert_teams", teams, raw["expert_teams"])
    course = Teams(bundle, plan, teams)
    before = ""
    for place, step in enumerate(raw["steps"]):
        path = f"steps[{place}]"
        # All times have one form with fixed widths and one zone, so the texts compare as the moments do.
        if not max(before, step["asked_at"]) <= step["decided_at"]:
            raise CompanionDiffers(
                CompanionStep.STEPS, f"{path}.decided_at", Shape(N_("不早于提出和上一步")), step["decided_at"]
            )
        before = step["decided_at"]
        try:
            expected = {**course.take(step), "asked_at": step["asked_at"], "decided_at": step["decided_at"]}
        except (KeyError, ValueError):
            raise CompanionDiffers(
                CompanionStep.STEPS, path, Shape(N_("抽取结果和前面各步之后可以有的一步")), step
            ) from None
        compare(CompanionStep.STEPS, path, expected, step)
    replaced = [step for step in raw["steps"] if step["kind"] == "target"]
    return CompanionVerification(
        targets_replaced=sum(step["replacement"] is not None for step in replaced),
        targets_lost=sum(step["replacement"] is None for step in replaced),
        people_replaced=sum(step["kind"] != "target" and step["replacement"] is not None for step in raw["steps"]),
        experts=sum(len(team["experts"]) for team in teams),
        experts_digest=experts_digest(plan, bundle["hash"]) if plan is not None else None,
    )


def compare(step: CompanionStep, path: str, expected: Any, found: Any) -> None:
    """Raise at the first place where two values of the same shape differ."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in {**expected, **found}:
            compare(step, f"{path}.{key}", expected.get(key, MISSING), found.get(key, MISSING))
    elif isinstance(expected, list) and isinstance(found, list):
        for place in range(max(len(expected), len(found))):
            pair = (rows[place] if place < len(rows) else MISSING for rows in (expected, found))
            compare(step, f"{path}[{place}]", *pair)
    elif type(expected) is not type(found) or expected != found:
        raise CompanionDiffers(step, path, Shape(N_("不出现")) if expected is MISSING else expected, found)


_SKIPS: Final = {SkipReason.CONFLICT, SkipReason.SPECIALITY, SkipReason.CAPACITY, "absent", "recusal"}
_OFFICER_SKIP: Final = {"officer": str, "reason": _SKIPS}
_EXPERT_SKIP: Final = {"expert": str, "reason": _SKIPS}
_MAYBE: Final = (str, None)
_TIMES: Final = {"asked_at": TIME, "decided_at": TIME}
_STEPS: Final[Mapping[str, Mapping[str, Any]]] = {
    "target": {
        "number": int, "kind": {"target"}, "target": str, "reason": set(TargetReason), "replacement": _MAYBE,
        "officers": [str], "skipped": [_OFFICER_SKIP], "unstaffed": bool, "experts": [str],
        "experts_skipped": [_EXPERT_SKIP], **_TIMES,
    },
    "officer": {
        "number": int, "kind": {"officer"}, "target": str, "officer": str, "reason": set(PersonReason),
        "replacement": _MAYBE, "officers": [str], "skipped": [_OFFICER_SKIP], **_TIMES,
    },
    "expert": {
        "number": int, "kind": {"expert"}, "target": str, "expert": str, "reason": set(PersonReason),
        "replacement": _MAYBE, "experts": [str], "skipped": [_EXPERT_SKIP], **_TIMES,
    },
}  # fmt: skip
_PLAN: Final = {
    "per_target": int,
    "speciality": _MAYBE,
    "experts": [{"id": str, "capacity": int, "specialities": [str]}],
    "recusals": [{"expert": str, "target": str, "reason": {"declared"}}],
}
_TEAM: Final = {"target": str, "experts": [str], "skipped": [_EXPERT_SKIP]}
_WHOLE: Final = {
    "format": {COMPANION_FORMAT}, "hash": set(HASHES), "batch": str, "bundle_digest": str, "experts": object,
    "expert_teams": [_TEAM], "steps": [object],
}  # fmt: skip


def _check_whole(raw: Any) -> None:
    check_shape(raw, _WHOLE, "")
    if raw["experts"] is not None:
        check_shape(raw["experts"], _PLAN, "experts")
        plan = raw["experts"]
        for place, expert in enumerate(plan["experts"]):
            if expert["capacity"] < 1:
                wrong(f"experts.experts[{place}].capacity", N_("不小于 1 的整数"), expert["capacity"])
        if plan["per_target"] < 1:
            wrong("experts.per_target", N_("不小于 1 的整数"), plan["per_target"])
        ascending([expert["id"] for expert in plan["experts"]], "experts.experts")
        ascending([(row["expert"], row["target"]) for row in plan["recusals"]], "experts.recusals")
    for place, step in enumerate(raw["steps"]):
        kind: Any = step.get("kind") if type(step) is dict else None
        if type(kind) is not str or kind not in _STEPS:
            wrong(f"steps[{place}]", N_("target、officer 或 expert 的一步"), step)
        check_shape(step, _STEPS[kind], f"steps[{place}]")


def ascending(keys: list[Any], path: str) -> None:
    if any(not before < after for before, after in pairwise(keys)):
        wrong(path, N_("按码位升序、互不重复"), keys)


def check_shape(value: Any, shape: Any, path: str) -> None:
    """Compare a value with a shape: type, text or null, set of texts, pattern, list of one shape, or object."""
    if isinstance(shape, dict):
        if type(value) is not dict:
            wrong(path, N_("一个对象"), value)
        for key in {**shape, **value}:
            inner = f"{path}.{key}" if path else str(key)
            if key not in value:
                wrong(inner, N_("填写的字段"), MISSING)
            if key not in shape:
                wrong(inner, N_("不出现"), value[key])
            check_shape(value[key], shape[key], inner)
    elif isinstance(shape, list):
        if type(value) is not list:
            wrong(path, N_("一个列表"), value)
        for place, one in enumerate(value):
            check_shape(one, shape[0], f"{path}[{place}]")
    elif isinstance(shape, set):
        if type(value) is not str or value not in shape:
            wrong(path, "、".join(sorted(shape)), value)
    elif isinstance(shape, tuple):
        if value is not None:
            check_shape(value, str, path)
    elif shape is TIME:
        if type(value) is not str or not TIME.fullmatch(value):
            wrong(path, N_("形如 2026-04-20T00:00:00Z 的时刻"), value)
    elif shape is not object and (type(value) is not shape or (type(value) is str and SURROGATE.search(value))):
        wrong(path, {int: N_("整数"), str: N_("文字"), bool: N_("true 或 false")}[shape], value)


def wrong(path: str, wanted: str, found: Any) -> None:
    raise CompanionDiffers(CompanionStep.FORMAT, path, Shape(wanted), found)
