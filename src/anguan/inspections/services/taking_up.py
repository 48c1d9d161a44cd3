"""编号入账: what every approved check goes through, drawn, applied for or begun in an emergency."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.ground.numbering import allocate
from anguan.inspections.models import Visit
from anguan.inspections.rules import (
    ConcernKind,
    CountClass,
    ExemptReason,
    JointState,
    Mark,
    NotAllowed,
    PastCap,
    Trigger,
    VisitKind,
)
from anguan.inspections.selectors import team_of
from anguan.inspections.selectors.caps import marks_at
from anguan.inspections.services.concerns import raise_concern
from anguan.inspections.services.gates import Proposal, check_blocked, check_count


def proposal_of(visit: Visit) -> Proposal:
    """An application as the gates see it."""
    return Proposal(
        kind=VisitKind(visit.kind),
        organ=visit.organ,
        enterprise=visit.enterprise,
        item=visit.item,
        officers=[row.officer for row in team_of(visit)],
        trigger=Trigger(visit.trigger),
        count_class=CountClass(visit.count_class),
        on=visit.visit_on or visit.due_on,
        exempt=ExemptReason(visit.exempt_reason) if visit.exempt_reason else None,
        besides=visit,
    )


def take_up(visit: Visit, *, actor: Actor, now: datetime) -> None:
    """编号入账: number the visit, keep how much of the cap it uses, mark what is too often, tell the supervisor."""
    on = visit.visit_on or clock.local_day(now)
    proposal = proposal_of(visit)
    if visit.batch_id is not None:
        # A draw knows no empty checks: whoever approves explains them first, or has the officer replaced.
        check_blocked(visit.organ, proposal.officers, visit.enterprise, clock.local_day(now))
    try:
        use, is_past = check_count(proposal)
    except PastCap:
        # What was drawn is not dropped in silence: it can't begin and gives way to the next (`check_room`). An
        # emergency is not stopped by a number, and shows.
        use, is_past = check_count(_let_past(proposal))
    ensure_code(visit, now)
    visit.cap_used, visit.cap = use.used + (visit.count_class != CountClass.NONE), use.cap
    visit.cap_rule = use.rule_version[:60]
    visit.marks = [mark.value for mark in marks_at(visit.organ, visit.enterprise, on, visit)] if visit.visit_on else []
    visit.save(update_fields=["cap_used", "cap", "cap_rule", "marks"])
    if is_past:
        raise_concern(
            kind=ConcernKind.PAST_CAP,
            visit=visit,
            text=f"本年第{visit.cap_used}次，上限{visit.cap}次；"
            + (f"理由：{ExemptReason(visit.exempt_reason).label}" if visit.exempt_reason else "没有理由，不能开始"),
            actor=actor,
            now=now,
        )
    tell_marks(visit, actor=actor, now=now)


def _let_past(proposal: Proposal) -> Proposal:
    return Proposal(
        proposal.kind, proposal.organ, proposal.enterprise, proposal.item, proposal.officers, proposal.trigger,
        proposal.count_class, proposal.on, ExemptReason.ACCIDENT, proposal.besides,
    )  # fmt: skip


def tell_marks(visit: Visit, *, actor: Actor, now: datetime) -> None:
    """频次异常: tell the supervisor once what a visit was marked with."""
    if visit.marks:
        words = "、".join(Mark(mark).label for mark in visit.marks)
        raise_concern(kind=ConcernKind.TOO_OFTEN, visit=visit, text=words, actor=actor, now=now)


def ensure_code(visit: Visit, now: datetime) -> None:
    """检查编号 by which the visit is known at the door; given once, whatever kind it is (扫码入企)."""
    if not visit.code_no:
        year = clock.local_day(now).year
        number = allocate(organ_id=visit.organ_id, prefix="检查编号", year=year)
        visit.code_no = f"JC-{visit.organ_id}-{year}-{number:05d}"
        visit.save(update_fields=["code_no"])


def check_room(visit: Visit) -> None:
    """Refuse to begin a drawn check that came to stand past the cap between the draw and its approval."""
    if visit.batch_id is not None and visit.cap is not None and (visit.cap_used or 0) > visit.cap:
        raise NotAllowed(_("这家企业在抽中之后已达到年度上限，这次检查不能开始；请按备选替换办理，原结果照样公开。"))


def check_common_day(visit: Visit, today: date) -> None:
    """Refuse to begin a joint check before all have answered or on another day: one door, one day."""
    task = visit.joint
    if task is None or task.state == JointState.CANCELLED:
        return
    if task.state == JointState.INVITING:
        raise NotAllowed(_("联合检查还在等其他部门答复，不能单独进门。"))
    if today != task.visit_on:
        raise NotAllowed(_("联合检查约定在%(day)s同一天进门，请到那天再开始。") % {"day": task.visit_on.isoformat()})
