"""抽查批次的规则: what may follow what, who is in the pool, what makes a plan drawable.

A batch is planned, its pool is frozen, it is committed before the randomness exists, drawn, approved, visited and
published. Whatever goes wrong between commitment and draw breaks it for good: it stays listed, and a second draw is a
new batch. Nothing is ever drawn again in place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.inspections.rules.refusals import NotAllowed


class BatchState(Labelled):
    """抽查批次状态 (国办发〔2015〕58号; steps of a draw)."""

    PLANNED = "planned", N_("已列入计划")
    POOL_FROZEN = "pool_frozen", N_("名录已冻结")
    COMMITTED = "committed", N_("已承诺，待抽取")
    DRAWN = "drawn", N_("已抽取，待批准")
    APPROVED = "approved", N_("已批准，检查中")
    INSPECTED = "inspected", N_("检查完毕，待公开")
    PUBLISHED = "published", N_("已公开")
    BROKEN = "broken", N_("作废（未能完成抽取）")


class BatchAction(Labelled):
    """抽查批次的步骤."""

    FREEZE = "freeze", N_("冻结名录")
    COMMIT = "commit", N_("公布承诺")
    DRAW = "draw", N_("同时开启并抽取")
    BREAK = "break", N_("作废")
    APPROVE = "approve", N_("批准检查")
    FINISH = "finish", N_("最后一家检查完毕")
    PUBLISH = "publish", N_("公开抽查包")


# 状态表: what may be done with a batch and where it leads. Nothing else changes its state.
BATCH_TABLE: Final[Mapping[tuple[BatchState, BatchAction], BatchState]] = {
    (BatchState.PLANNED, BatchAction.FREEZE): BatchState.POOL_FROZEN,
    (BatchState.POOL_FROZEN, BatchAction.COMMIT): BatchState.COMMITTED,
    (BatchState.COMMITTED, BatchAction.DRAW): BatchState.DRAWN,
    (BatchState.COMMITTED, BatchAction.BREAK): BatchState.BROKEN,
    (BatchState.DRAWN, BatchAction.APPROVE): BatchState.APPROVED,
    (BatchState.APPROVED, BatchAction.FINISH): BatchState.INSPECTED,
    (BatchState.INSPECTED, BatchAction.PUBLISH): BatchState.PUBLISHED,
}

COMMITTED_STATES: Final = frozenset(BatchState) - {BatchState.PLANNED, BatchState.POOL_FROZEN}
DRAWN_STATES: Final = COMMITTED_STATES - {BatchState.COMMITTED, BatchState.BROKEN}

_BATCH_REFUSALS: Final[Mapping[BatchAction, str]] = {
    BatchAction.FREEZE: N_("名录只能冻结一次；要用新的名录，请另立一批。"),
    BatchAction.COMMIT: N_("先冻结名录并收齐各方承诺，才能公布承诺；已公布的不能再改。"),
    BatchAction.DRAW: N_("只有已公布承诺、尚未抽取的批次才能抽取；抽取只有一次，重抽须另立一批。"),
    BatchAction.BREAK: N_("只有已公布承诺、尚未抽取的批次才会作废。"),
    BatchAction.APPROVE: N_("抽取完成之后才能批准检查，且只批准一次。"),
    BatchAction.FINISH: N_("批准之后才有检查可以完毕。"),
    BatchAction.PUBLISH: N_("最后一家检查完毕之后才能公开抽查包，此前公开会泄露检查名单。"),
}


def advance_batch(state: BatchState, action: BatchAction) -> BatchState:
    """The state an action leads to; raises `NotAllowed` with the sentence the clerk reads."""
    try:
        return BATCH_TABLE[state, action]
    except KeyError:
        raise NotAllowed(_BATCH_REFUSALS[action]) from None


class PartyRole(Labelled):
    """参与方: who brings a secret into the draw; two or more, so that no one of them steers it."""

    ORGAN = "organ", N_("检查机关")
    SUPERVISOR = "supervisor", N_("司法监督")
    ENTERPRISE = "enterprise", N_("企业代表")


MINIMUM_PARTIES: Final = 2
# 开启期限: our own setting. A party that has not opened its secret by then has refused, and the batch is broken.
REVEAL_WITHIN: Final = timedelta(days=3)


class BreakReason(Labelled):
    """作废原因: why a committed batch was not drawn."""

    REFUSED = "refused", N_("有参与方拒绝开启秘密")
    WRONG_SECRET = "wrong_secret", N_("开启的秘密与承诺不符")
    NOT_OPENED = "not_opened", N_("逾期未开启秘密")
    BEACON = "beacon", N_("公开随机值未通过核验")
    OTHER = "other", N_("抽取未能完成")


class Exclusion(Labelled):
    """不入名录的原因: why an enterprise is not in the pool of a batch."""

    CLOSED = "closed", N_("已停产、注销、吊销或迁出")
    VISITED = "visited", N_("本年度已按同一事项检查")
    AT_CAP = "at_cap", N_("本年度检查次数已达上限")
    NO_GUIDANCE = "no_guidance", N_("首次检查前尚未指导，暂不入名录")
    NO_STRATUM = "no_stratum", N_("不属于任何一层")
    NOT_SELF_CLOSED = "not_self_closed", N_("这一时期没有自查自行销号的隐患")


class OfficerExclusion(Labelled):
    """不参与派员的原因: why an officer is not on the roster of a batch."""

    UNCERTIFIED = "uncertified", N_("执法证在检查期内无效")
    ON_LEAVE = "on_leave", N_("检查期内离岗")


class ConflictKind(Labelled):
    """回避的缘由, kept inside."""

    DECLARED = "declared", N_("已申报的回避情形")
    EMPTY_CHECKS = "empty_checks", N_("连续空查，尚未说明")


UNRATED: Final = "未评级"


@dataclass(frozen=True)
class StratumPlan:
    """分层: which enterprises belong to a stratum and how many are drawn.

    `industries` are prefixes of the industry code, none meaning all. `key` None takes both key and other enterprises.
    """

    id: str
    targets: int
    alternates: int
    speciality: str = ""
    industries: tuple[str, ...] = ()
    key: bool | None = None

    def takes(self, *, industry_code: str, is_key: bool) -> bool:
        """Whether an enterprise belongs here."""
        if self.key is not None and self.key != is_key:
            return False
        return not self.industries or industry_code.startswith(self.industries)


def place(
    *,
    is_operating: bool,
    was_visited: bool,
    industry_code: str,
    is_key: bool,
    strata: Sequence[StratumPlan],
    is_at_cap: bool = False,
    lacks_guidance: bool = False,
) -> tuple[str, Exclusion | None]:
    """The stratum of an enterprise, or why it is left out: closed, visited, at its cap, no stratum, not yet guided.

    An enterprise belongs to the first stratum that takes it, so that nobody has two chances. Guidance is asked for
    last: its public count is of those who would be in the pool but for it.
    """
    if not is_operating:
        return "", Exclusion.CLOSED
    if was_visited:
        return "", Exclusion.VISITED
    if is_at_cap:
        return "", Exclusion.AT_CAP
    for stratum in strata:
        if stratum.takes(industry_code=industry_code, is_key=is_key):
            return ("", Exclusion.NO_GUIDANCE) if lacks_guidance else (stratum.id, None)
    return "", Exclusion.NO_STRATUM


def check_plan(strata: Sequence[StratumPlan], weights: Mapping[str, int], officers_per_target: int) -> None:
    """Refuse a plan that could not be drawn: no stratum, two of a name, no target, a weight below 1, one officer."""
    if not strata:
        raise NotAllowed(N_("至少要有一层，写明抽几家。"))
    if len({stratum.id for stratum in strata}) != len(strata):
        raise NotAllowed(N_("各层的名称不能相同。"))
    if any(stratum.targets < 1 or stratum.alternates < 0 for stratum in strata):
        raise NotAllowed(N_("每层至少抽一家，备选不少于零家。"))
    if any(weight < 1 for weight in weights.values()):
        raise NotAllowed(N_("每一类的签数至少为 1；签数为零等于事先排除。"))
    if officers_per_target < 2:
        raise NotAllowed(N_("每家至少派两名执法人员（行政处罚法第四十二条）。"))


def whole_second(moment: datetime) -> datetime:
    """A moment without fractions of a second, as the bundle's times are written."""
    return moment.replace(microsecond=0)


def stamp(moment: datetime) -> str:
    """A moment as the bundle writes it: `YYYY-MM-DDThh:mm:ssZ`; `moment` must be in UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def check_commit(
    *, now: datetime, not_before: datetime, commitments: Iterable[str], pool_size: int, officers: int, per_target: int
) -> None:
    """Refuse to fix the spec when the randomness may exist already, a party is missing, or nothing could be drawn."""
    made = list(commitments)
    if len(made) < MINIMUM_PARTIES:
        raise NotAllowed(N_("至少要有两个参与方，请先添加。"))
    if not all(made):
        raise NotAllowed(N_("还有参与方没有作出承诺，收齐之后才能公布。"))
    if pool_size == 0:
        raise NotAllowed(N_("名录为空，没有可以抽的企业。"))
    if officers < per_target:
        raise NotAllowed(N_("有效的执法人员不够一组，请先核对执法证和离岗登记。"))
    if whole_second(now) >= not_before:
        raise NotAllowed(N_("约定的随机值时间已到，此时公布承诺不再可信；请另立一批，重新约定时间。"))


def check_reveal(*, now: datetime, not_before: datetime) -> None:
    """Refuse to open a secret before the randomness exists."""
    if now < not_before:
        raise NotAllowed(N_("约定的随机值时间还没有到，现在不能开启秘密。"))
