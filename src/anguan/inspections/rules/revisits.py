"""自查自改回访的规则: how many enterprises are seen again, and what comes of each hazard."""

from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.inspections.rules.batches import StratumPlan
from anguan.inspections.rules.refusals import NotAllowed

STRATUM: Final = "自查自改"


class BatchPurpose(Labelled):
    """批次用途: an ordinary random check, or a sample of what enterprises closed themselves."""

    RANDOM = "random", N_("双随机抽查")
    REVISIT = "revisit", N_("自查自改回访")


class RevisitOutcome(Labelled):
    """回访结果."""

    CONFIRMED = "confirmed", N_("确已整改")
    REOPENED = "reopened", N_("没有整改到位，重新打开")


def sample_size(enterprises: int, percent: int) -> int:
    """How many of so many enterprises are seen again: the share rounded up, so that there is always one."""
    if not 0 < percent <= 100:
        raise NotAllowed(N_("回访比例应在 1% 到 100% 之间。"))
    return -(-enterprises * percent // 100)


def revisit_stratum(enterprises: int, percent: int) -> StratumPlan:
    """The one stratum of a re-visit batch, with as many alternates as targets."""
    if not enterprises:
        raise NotAllowed(N_("这一时期没有企业自查并自行销号的隐患，不需要回访。"))
    targets = sample_size(enterprises, percent)
    return StratumPlan(STRATUM, targets=targets, alternates=min(targets, enterprises - targets))


def check_outcome(outcome: RevisitOutcome, *, note: str, photos: int, is_on_site: bool, is_decided: bool) -> None:
    """Refuse an outcome from afar, twice, or a reopening without a word and a photo."""
    if is_decided:
        raise NotAllowed(N_("这条隐患已经回访过，不能再改；情况有变请另立检查。"))
    if not is_on_site:
        raise NotAllowed(N_("到场签到之后、记录出具之前才能登记回访结果。"))
    if outcome is RevisitOutcome.REOPENED and (not note.strip() or not photos):
        raise NotAllowed(N_("重新打开隐患须写明看到了什么，并拍照。"))


def check_all_seen(left: int) -> None:
    """Refuse a record while a hazard of the re-visit was not looked at: it is what the visit is for."""
    if left:
        raise NotAllowed(N_("还有企业自行销号的隐患没有回访，请逐条核对之后再生成记录。"))
