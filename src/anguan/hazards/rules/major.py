"""重大事故隐患的规则: what a major hazard needs besides the path of every hazard, and in which order.

A major hazard is not put right by an order alone. The enterprise makes a plan with the five fixes (五落实) and has it
approved; what keeps people safe meanwhile is decided at once (interim measures); the case is hung (挂牌督办) at a level
with a leader, a day and a notice; after the treatment experts or an agency assess it, the enterprise applies, two
officers accept on the spot; stopped production goes on only after review and consent; the closure is proposed by one
person and approved by a leader who did not find it. Each of these is a thing of its own with a table of its own.

Sources: 安全生产法 art. 41 (system of supervision of major hazards), 65(1)(3) (evacuate, stop, resume), 70 (power cut),
113 (closure); 总局令16号 arts. 15, 18 as remembered (five fixes, assessment, review in ten days), not verified.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.hazards.rules.general import Level
from anguan.hazards.rules.refusals import NotAllowed
from anguan.hazards.rules.tracks import Track

SUPERVISION: Final = N_("《安全生产法》第四十一条第三款")
STOP: Final = N_("《安全生产法》第六十五条第一款第三项")
POWER_CUT: Final = N_("《安全生产法》第七十条")
CLOSURE: Final = N_("《安全生产法》第一百一十三条")
FIVE_FIXES: Final = N_("《安全生产事故隐患排查治理暂行规定》第十五条")
TREATED: Final = N_("《安全生产事故隐患排查治理暂行规定》第十八条")


class Fix(Labelled):
    """五落实: the five things that a governing plan settles."""

    RESPONSIBILITY = "responsibility", N_("责任")
    MEASURES = "measures", N_("措施")
    FUNDS = "funds", N_("资金")
    TIME_LIMIT = "time_limit", N_("时限")
    CONTINGENCY = "contingency", N_("预案")


class PlanState(Labelled):
    """治理方案状态."""

    SUBMITTED = "submitted", N_("待审")
    APPROVED = "approved", N_("已同意")
    RETURNED = "returned", N_("退回修改")


class PlanAction(Labelled):
    """治理方案动作."""

    APPROVE = "approve", N_("同意方案")
    RETURN = "return", N_("退回方案")


PLAN: Final = Track(
    thing=N_("治理方案"),
    start=PlanState.SUBMITTED,
    table=MappingProxyType(
        {
            (PlanState.SUBMITTED, PlanAction.APPROVE): PlanState.APPROVED,
            (PlanState.SUBMITTED, PlanAction.RETURN): PlanState.RETURNED,
        }
    ),
    following=MappingProxyType(
        {
            PlanState.SUBMITTED: N_("应先审方案"),
            PlanState.APPROVED: N_("方案有变的，应由企业另报一份"),
            PlanState.RETURNED: N_("应由企业修改后另报一份"),
        }
    ),
    basis=MappingProxyType({PlanAction.APPROVE: SUPERVISION, PlanAction.RETURN: SUPERVISION}),
)


class MeasureKind(Labelled):
    """现场处理措施: what keeps people safe while a major hazard is open."""

    EVACUATE = "evacuate", N_("责令从危险区域内撤出作业人员")
    STOP_PRODUCTION = "stop_production", N_("责令暂时停产停业")
    STOP_USE = "stop_use", N_("责令停止使用相关设施设备")
    GUARD = "guard", N_("能保证安全的，专人看护监控")


STOPS: Final = frozenset({MeasureKind.EVACUATE, MeasureKind.STOP_PRODUCTION, MeasureKind.STOP_USE})


class MeasureState(Labelled):
    """临时安全措施状态."""

    IN_FORCE = "in_force", N_("执行中")
    ASKED = "asked", N_("已申请恢复")
    LIFTED = "lifted", N_("已解除")


class MeasureAction(Labelled):
    """临时安全措施动作."""

    ASK = "ask", N_("申请恢复")
    CONSENT = "consent", N_("审查同意恢复")
    REFUSE = "refuse", N_("不同意恢复")


MEASURE: Final = Track(
    thing=N_("临时安全措施"),
    start=MeasureState.IN_FORCE,
    table=MappingProxyType(
        {
            (MeasureState.IN_FORCE, MeasureAction.ASK): MeasureState.ASKED,
            (MeasureState.ASKED, MeasureAction.CONSENT): MeasureState.LIFTED,
            (MeasureState.ASKED, MeasureAction.REFUSE): MeasureState.IN_FORCE,
        }
    ),
    following=MappingProxyType(
        {
            MeasureState.IN_FORCE: N_("应在隐患排除后由企业申请，审查同意才能恢复"),
            MeasureState.ASKED: N_("应先审查恢复申请"),
            MeasureState.LIFTED: N_("需要再次停产停用的应另行决定"),
        }
    ),
    basis=MappingProxyType({MeasureAction.ASK: STOP, MeasureAction.CONSENT: STOP, MeasureAction.REFUSE: STOP}),
)


class ListingLevel(Labelled):
    """挂牌层级: whose notice board a major hazard hangs on."""

    COUNTY = "county", N_("县级挂牌")
    CITY = "city", N_("市级挂牌")
    PROVINCE = "province", N_("省级挂牌")


class ListingState(Labelled):
    """挂牌督办状态."""

    HUNG = "hung", N_("挂牌督办中")
    REMOVED = "removed", N_("已摘牌")
    WITHDRAWN = "withdrawn", N_("已撤回")


class ListingAction(Labelled):
    """挂牌督办动作."""

    REMOVE = "remove", N_("摘牌")
    WITHDRAW = "withdraw", N_("撤回挂牌")


LISTING: Final = Track(
    thing=N_("挂牌督办"),
    start=ListingState.HUNG,
    table=MappingProxyType(
        {
            (ListingState.HUNG, ListingAction.REMOVE): ListingState.REMOVED,
            (ListingState.HUNG, ListingAction.WITHDRAW): ListingState.WITHDRAWN,
        }
    ),
    following=MappingProxyType(
        {
            ListingState.HUNG: N_("应督办到隐患销号"),
            ListingState.REMOVED: N_("隐患反复的应重新挂牌"),
            ListingState.WITHDRAWN: N_("仍须督办的应重新挂牌"),
        }
    ),
    basis=MappingProxyType({ListingAction.REMOVE: SUPERVISION, ListingAction.WITHDRAW: SUPERVISION}),
)


class Assessor(Labelled):
    """评估人: who assessed the treated hazard."""

    EXPERTS = "experts", N_("专家组")
    AGENCY = "agency", N_("安全评价机构")


class AcceptanceState(Labelled):
    """验收状态."""

    APPLIED = "applied", N_("待现场验收")
    PASSED = "passed", N_("验收合格")
    FAILED = "failed", N_("验收不合格")


class AcceptanceAction(Labelled):
    """验收动作."""

    PASS = "pass", N_("现场验收合格")
    FAIL = "fail", N_("现场验收不合格")


ACCEPTANCE: Final = Track(
    thing=N_("验收申请"),
    start=AcceptanceState.APPLIED,
    table=MappingProxyType(
        {
            (AcceptanceState.APPLIED, AcceptanceAction.PASS): AcceptanceState.PASSED,
            (AcceptanceState.APPLIED, AcceptanceAction.FAIL): AcceptanceState.FAILED,
        }
    ),
    following=MappingProxyType(
        {
            AcceptanceState.APPLIED: N_("应由两名执法人员到现场验收"),
            AcceptanceState.PASSED: N_("应办理销号"),
            AcceptanceState.FAILED: N_("应继续治理后重新评估、重新申请"),
        }
    ),
    basis=MappingProxyType({AcceptanceAction.PASS: TREATED, AcceptanceAction.FAIL: TREATED}),
)


class ClosureState(Labelled):
    """销号结论状态."""

    PROPOSED = "proposed", N_("待批准")
    APPROVED = "approved", N_("已批准")
    RETURNED = "returned", N_("退回")


class ClosureAction(Labelled):
    """销号结论动作."""

    APPROVE = "approve", N_("批准销号")
    RETURN = "return", N_("退回销号结论")


CONCLUSION: Final = Track(
    thing=N_("销号结论"),
    start=ClosureState.PROPOSED,
    table=MappingProxyType(
        {
            (ClosureState.PROPOSED, ClosureAction.APPROVE): ClosureState.APPROVED,
            (ClosureState.PROPOSED, ClosureAction.RETURN): ClosureState.RETURNED,
        }
    ),
    following=MappingProxyType(
        {
            ClosureState.PROPOSED: N_("应由负责人审批"),
            ClosureState.APPROVED: N_("隐患已销号"),
            ClosureState.RETURNED: N_("应另拟结论报批"),
        }
    ),
    basis=MappingProxyType({ClosureAction.APPROVE: SUPERVISION, ClosureAction.RETURN: SUPERVISION}),
)


class EscalationKind(Labelled):
    """升级处置: what is proposed upward when a term runs out."""

    PENALTY = "penalty", N_("逾期未改，提请立案")
    STOP = "stop", N_("提请责令暂时停产停业、停止使用")
    POWER_CUT = "power_cut", N_("提请停止供电")
    CLOSURE = "closure", N_("提请予以关闭")


ESCALATION_BASIS: Final = MappingProxyType(
    {
        EscalationKind.PENALTY: N_("《安全生产法》第一百零二条"),
        EscalationKind.STOP: STOP,
        EscalationKind.POWER_CUT: POWER_CUT,
        EscalationKind.CLOSURE: CLOSURE,
    }
)


class EscalationState(Labelled):
    """升级处置状态."""

    PROPOSED = "proposed", N_("待负责人决定")
    ADOPTED = "adopted", N_("已采纳")
    REJECTED = "rejected", N_("未采纳")


class EscalationAction(Labelled):
    """升级处置动作."""

    ADOPT = "adopt", N_("采纳")
    REJECT = "reject", N_("不采纳")


ESCALATION: Final = Track(
    thing=N_("升级处置建议"),
    start=EscalationState.PROPOSED,
    table=MappingProxyType(
        {
            (EscalationState.PROPOSED, EscalationAction.ADOPT): EscalationState.ADOPTED,
            (EscalationState.PROPOSED, EscalationAction.REJECT): EscalationState.REJECTED,
        }
    ),
    following=MappingProxyType(
        {
            EscalationState.PROPOSED: N_("应由机关负责人决定"),
            EscalationState.ADOPTED: N_("应按采纳的意见办理文书"),
            EscalationState.REJECTED: N_("情况有变的可以另提建议"),
        }
    ),
    basis=MappingProxyType({EscalationAction.ADOPT: STOP, EscalationAction.REJECT: STOP}),
)


@dataclass(frozen=True)
class Standing:
    """重大隐患办到哪一步: what of the path of a major hazard is there, as far as the gates ask."""

    plan_approved: bool = False
    measures_decided: bool = False
    measures_in_force: bool = False
    acceptance_applied: bool = False
    closure_proposed: bool = False
    stops_in_force: bool = False


def check_major(level: str) -> None:
    """Refuse an act of the path of major hazards for a general one."""
    if level != Level.MAJOR:
        raise NotAllowed(N_("这一步只适用于重大事故隐患；一般事故隐患限期整改、复查、销号即可。"), basis=SUPERVISION)


def check_report(standing: Standing) -> None:
    """Refuse a report of treatment without an approved plan and without decided interim measures."""
    if not standing.plan_approved:
        raise NotAllowed(
            N_("重大事故隐患要按“五落实”治理方案治理；请先报送方案，审定后再报告治理完成。"), basis=FIVE_FIXES
        )
    if not standing.measures_decided:
        raise NotAllowed(
            N_("还没有决定治理期间的临时安全措施；应由承办机构先决定撤人、停产、停用或者看护，再报告治理完成。"),
            basis=STOP,
        )


def check_acceptance(standing: Standing) -> None:
    """Refuse to accept a treated major hazard before the enterprise applied with an assessment."""
    if not standing.acceptance_applied:
        raise NotAllowed(
            N_("重大事故隐患治理后应先由专家或者安全评价机构评估，再由企业申请验收；现在还没有验收申请。"),
            basis=TREATED,
        )


def check_closing(standing: Standing) -> None:
    """Refuse to close a major hazard while production is still stopped, or without a proposed conclusion."""
    if standing.measures_in_force:
        raise NotAllowed(N_("临时安全措施还没有解除；应先由企业申请恢复、审查同意，再销号。"), basis=STOP)
    if not standing.closure_proposed:
        raise NotAllowed(N_("重大事故隐患销号须有销号结论；请先由承办人拟写结论报负责人批准。"), basis=SUPERVISION)


def check_resumption(*, hazard_is_verified: bool) -> None:
    """Refuse consent to resume while the hazard isn't removed."""
    if not hazard_is_verified:
        raise NotAllowed(N_("隐患还没有验收合格，不能同意恢复生产经营或者使用；请先完成现场验收。"), basis=STOP)


def check_fixes(fixes: dict[str, str]) -> dict[str, str]:
    """The five fixes without blanks around; `NotAllowed` for the first that says nothing."""
    plain = {fix.value: fixes.get(fix.value, "").strip() for fix in Fix}
    for fix in Fix:
        if not plain[fix.value]:
            raise NotAllowed(N_("治理方案缺少“%(fix)s”；五项都要写明才能报送。"), basis=FIVE_FIXES, fix=fix.label)
    return plain


def check_plan_term(finish_on: date, *, today: date, due_on: date | None) -> None:
    """Refuse a plan that ends before it begins or after the term of the order."""
    if finish_on < today:
        raise NotAllowed(N_("治理完成日 %(day)s 早于今天，请改为今天或以后。"), day=finish_on.isoformat())
    if due_on is not None and finish_on > due_on:
        raise NotAllowed(
            N_("治理完成日 %(day)s 晚于整改期限 %(due)s；请提前完成，或者先申请延期。"),
            basis=SUPERVISION,
            day=finish_on.isoformat(),
            due=due_on.isoformat(),
        )


SITE_MEASURES: Final = "site_measures"


def check_measure(*, kind: MeasureKind, paper_form: str, paper_in_effect: bool, reason: str) -> None:
    """Refuse a stop without its decision in effect, and mere guarding without the reason why that is safe."""
    if kind in STOPS:
        if paper_form != SITE_MEASURES:
            raise NotAllowed(N_("撤人、停产、停用须有《现场处理措施决定书》；请先出具并选中这份文书。"), basis=STOP)
        if not paper_in_effect:
            raise NotAllowed(N_("《现场处理措施决定书》还没有送达，送达后才生效；请先送达。"), basis=STOP)
    elif not reason.strip():
        raise NotAllowed(N_("不停产、只看护的，须写明为什么能保证安全。"), basis=STOP)


def check_approver(*, found_by_id: str, proposed_by_id: str, by_id: str) -> None:
    """Refuse an approval by whoever found the major hazard, or by whoever wrote the conclusion."""
    if found_by_id and found_by_id == by_id:
        raise NotAllowed(N_("重大事故隐患不能由发现人自己销号；请由其他负责人办理。"), basis=SUPERVISION)
    if proposed_by_id and proposed_by_id == by_id:
        raise NotAllowed(N_("拟写销号结论的人不能自己批准；请由其他负责人办理。"), basis=SUPERVISION)


def check_leader(leads: bool, what: str) -> None:
    """Refuse what only a leader of the organ decides."""
    if not leads:
        raise NotAllowed(N_("%(what)s须由机关负责人决定；请报负责人办理。"), basis=SUPERVISION, what=what)


def check_escalation(
    *, kind: EscalationKind, standing: Standing, overdue: bool, reason: str, is_repeated: bool = False
) -> str:
    """The reason without blanks; `NotAllowed` for a proposal whose ground isn't there."""
    if kind is EscalationKind.POWER_CUT and not standing.stops_in_force:
        raise NotAllowed(
            N_("停止供电的前提是已经责令停产、停用而企业拒不执行；现在没有生效的停产停用决定，请先提请责令停产停用。"),
            basis=POWER_CUT,
        )
    # 安全生产法 art. 113: who was penalised often enough is proposed for closure whatever the term.
    waits = not (kind is EscalationKind.CLOSURE and is_repeated)
    if kind in {EscalationKind.PENALTY, EscalationKind.CLOSURE} and not overdue and waits:
        raise NotAllowed(N_("整改期限还没有届满，不能以逾期为由提请；请待期限届满。"), basis=ESCALATION_BASIS[kind])
    if not reason.strip():
        raise NotAllowed(N_("请写明提请的事实和理由，负责人要据此决定。"), basis=ESCALATION_BASIS[kind])
    return reason.strip()


def proposals_when_overdue(standing: Standing, open_kinds: Collection[str]) -> Sequence[EscalationKind]:
    """What the platform itself puts on the leader's desk when a major hazard's term ran out; nothing twice."""
    wanted = [EscalationKind.PENALTY, EscalationKind.POWER_CUT if standing.stops_in_force else EscalationKind.STOP]
    return [kind for kind in wanted if kind not in open_kinds]
