"""检查审批的规则: what an application must say before anybody may go (国办发〔2024〕54号).

Every check is approved by the head of the organ before it begins; in an emergency, afterwards within the period of the
rule `emergency-approval`. What counts how, why it was begun, why not from afar, and who may come along stand here.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.inspections.rules.refusals import NotAllowed
from anguan.inspections.rules.visits import VisitKind


class CountClass(Labelled):
    """计数类别: how a check counts to the yearly cap (国办发〔2024〕54号: daily, case and special checks do)."""

    DAILY = "daily", N_("日常检查")
    CASE = "case", N_("个案检查")
    SPECIAL = "special", N_("专项检查")
    ORDERED_FROM_ABOVE = "ordered_from_above", N_("上级部署的专项检查")
    NONE = "none", N_("不计次数")


COUNTED: Final = frozenset({CountClass.DAILY, CountClass.CASE, CountClass.SPECIAL})

# What a kind may count as; the first is filled in.
COUNTS_AS: Final[Mapping[VisitKind, tuple[CountClass, ...]]] = {
    VisitKind.DRAWN: (CountClass.DAILY,),
    VisitKind.KEY: (CountClass.DAILY,),
    VisitKind.CLUE: (CountClass.CASE,),
    VisitKind.SPECIAL: (CountClass.SPECIAL, CountClass.ORDERED_FROM_ABOVE),
    VisitKind.EMERGENCY: (CountClass.CASE,),
    VisitKind.RECHECK: (CountClass.NONE,),
}


class Mode(Labelled):
    """检查方式."""

    ON_SITE = "on_site", N_("现场检查")
    OFF_SITE = "off_site", N_("非现场检查")


class Trigger(Labelled):
    """检查来由: what began a check."""

    PLAN = "plan", N_("年度计划")
    RANDOM = "random", N_("随机抽取")
    CLUE = "clue", N_("投诉举报、移送等线索")
    REQUEST = "request", N_("企业自行申请")
    MONITORING = "monitoring", N_("数据监测预警")
    ORDERED = "ordered", N_("上级部署")
    ACCIDENT = "accident", N_("事故或重大险情")
    ORDER_ISSUED = "order_issued", N_("责令整改后的复查")


# These name the clue, letter, alarm or document that they rest on (优化营商环境条例 art. 54).
TRIGGERED: Final = frozenset({Trigger.CLUE, Trigger.REQUEST, Trigger.MONITORING, Trigger.ORDERED, Trigger.ACCIDENT})

BEGUN_BY: Final[Mapping[VisitKind, tuple[Trigger, ...]]] = {
    VisitKind.DRAWN: (Trigger.RANDOM,),
    VisitKind.KEY: (Trigger.PLAN,),
    VisitKind.CLUE: (Trigger.CLUE, Trigger.REQUEST, Trigger.MONITORING, Trigger.ACCIDENT),
    VisitKind.SPECIAL: (Trigger.PLAN, Trigger.ORDERED),
    VisitKind.EMERGENCY: (Trigger.ACCIDENT, Trigger.CLUE, Trigger.MONITORING),
    VisitKind.RECHECK: (Trigger.ORDER_ISSUED,),
}


class ExemptReason(Labelled):
    """超过上限的理由: counted, not blocked, and shown to the supervisor."""

    COMPLAINT = "complaint", N_("投诉举报")
    TRANSFER = "transfer", N_("移送、转办、交办")
    MONITORING = "monitoring", N_("数据监测指向明确线索")
    REQUEST = "request", N_("企业自行申请")
    ACCIDENT = "accident", N_("事故或重大险情")


# The trigger that an exempt reason needs: nobody goes past the cap on the plan's or the draw's account.
EXEMPTS: Final[Mapping[ExemptReason, frozenset[Trigger]]] = {
    ExemptReason.COMPLAINT: frozenset({Trigger.CLUE}),
    ExemptReason.TRANSFER: frozenset({Trigger.CLUE}),
    ExemptReason.MONITORING: frozenset({Trigger.MONITORING}),
    ExemptReason.REQUEST: frozenset({Trigger.REQUEST}),
    ExemptReason.ACCIDENT: frozenset({Trigger.ACCIDENT, Trigger.CLUE, Trigger.MONITORING}),
}


class AssistantKind(Labelled):
    """协助人员类别: they hold no power to inspect; they may help where the approval fixed their number."""

    TESTING_BODY = "testing_body", N_("检验检测机构、科研院所人员")
    INTERMEDIARY = "intermediary", N_("外包中介机构人员")
    COORDINATION = "coordination", N_("议事协调机构人员")
    UNCERTIFIED = "uncertified", N_("没有执法证的工作人员")
    GRID_WORKER = "grid_worker", N_("网格员")
    TEMPORARY = "temporary", N_("临时聘用人员")


def check_application(
    *,
    kind: VisitKind,
    count_class: CountClass,
    trigger: Trigger,
    mode: Mode,
    clue: str,
    why_on_site: str,
    reason: str,
) -> None:
    """Refuse an application that does not say what it has to say; the officer reads the first thing missing."""
    if kind not in APPLICATIONS:
        raise NotAllowed(N_("双随机抽查由抽取产生，复查由责令产生，不能另行申请。"))
    if trigger not in BEGUN_BY[kind]:
        raise NotAllowed(N_("这一类型的检查不能以此为由，请核对检查类型和来由。"))
    if count_class not in COUNTS_AS[kind]:
        raise NotAllowed(N_("这一类型的检查不能这样计数，请核对计数类别。"))
    if (count_class is CountClass.ORDERED_FROM_ABOVE) != (kind is VisitKind.SPECIAL and trigger is Trigger.ORDERED):
        raise NotAllowed(N_("只有上级部署的专项检查不计入上限，并写明部署文件（国办发〔2024〕54号）。"))
    if not reason.strip():
        raise NotAllowed(N_("请写明为什么检查、检查什么。"))
    if trigger in TRIGGERED and not clue.strip():
        raise NotAllowed(
            N_("由线索、申请、预警或部署引起的检查，请填写线索编号或文件号（优化营商环境条例第五十四条）。")
        )
    if mode is Mode.ON_SITE and not why_on_site.strip():
        raise NotAllowed(N_("能用非现场方式的不到现场；请写明为什么必须到现场（国办发〔2024〕54号）。"))


APPLICATIONS: Final = frozenset({VisitKind.KEY, VisitKind.CLUE, VisitKind.SPECIAL, VisitKind.EMERGENCY})


def check_exemption(reason: ExemptReason | None, trigger: Trigger) -> None:
    """Refuse a reason for going past the cap that the check's own origin does not bear out."""
    if reason is not None and trigger not in EXEMPTS[reason]:
        raise NotAllowed(N_("超过上限的理由与检查来由不符，请核对。"))


def check_assistants(heads: int, present: int) -> None:
    """Refuse more helpers than the approval fixed; without a number in it, nobody comes along."""
    if present > heads:
        raise NotAllowed(
            N_("协助人员的人数须在审批时确定，到场的多于批准的人数；他们没有检查权，只能协助（国办发〔2024〕54号）。")
        )


def check_afterwards(*, is_approved: bool, is_overdue: bool) -> None:
    """Refuse to go on with an emergency check whose approval is overdue."""
    if not is_approved and is_overdue:
        raise NotAllowed(N_("紧急检查逾期未补办批准；先由负责人补办，再出具文书（国办发〔2024〕54号）。"))


# 五个严禁: what no check may be. The exact words were not seen (docs/statutes.md); these are ours and marked so.
class Ban(Labelled):
    """五个严禁."""

    PROFIT = "profit", N_("以检查谋取利益、变相收费")
    DISTURBANCE = "disturbance", N_("干扰正常生产经营")
    INSISTENCE = "insistence", N_("非要法定代表人到场不可")
    DISGUISE = "disguise", N_("以观摩、督导、服务等名义变相检查")
    ARBITRARY = "arbitrary", N_("没有批准、没有依据的任意检查")


def bans_text() -> Sequence[str]:
    """The five bans as lines for the notice, in Chinese."""
    return [f"严禁{ban.label}。" for ban in Ban]
