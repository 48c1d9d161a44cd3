"""检查审批: nobody goes without the head's approval; in an emergency it follows within a day (国办发〔2024〕54号)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from anguan.checklists.models import InspectionItem
from anguan.core import periods
from anguan.ground import audit, clock
from anguan.ground.access import Actor, rule_actor
from anguan.ground.calendars.selectors import current_calendar
from anguan.ground.rules.selectors import rule
from anguan.inspections.models import JointTask, PlanRow, Visit, VisitOfficer
from anguan.inspections.rules import (
    BEGUN_BY,
    NEVER_MADE,
    ConcernKind,
    CountClass,
    ExemptReason,
    Mode,
    NotAllowed,
    Trigger,
    VisitAction,
    VisitKind,
    VisitState,
    advance_visit,
    check_application,
    check_exemption,
)
from anguan.inspections.services.concerns import raise_concern
from anguan.inspections.services.gates import (
    Proposal,
    check_item,
    check_place,
    check_subject,
    checklist_of,
    gates_of,
)
from anguan.inspections.services.plan_use import check_plan_row
from anguan.inspections.services.taking_up import proposal_of, take_up
from anguan.inspections.services.visits.acting import locked, told
from anguan.inspections.services.visits.envelopes import close_envelope
from anguan.inspections.services.visits.paperwork import draw_up_approval
from anguan.people.models import Officer, Organ
from anguan.registry.models import Enterprise

EMERGENCY_RULE = "emergency-approval"


@transaction.atomic
def apply_visit(
    *,
    uid: UUID,
    kind: VisitKind,
    organ: Organ,
    enterprise: Enterprise,
    item: InspectionItem,
    officers: Sequence[Officer],
    due_on: date,
    trigger: Trigger,
    reason: str,
    actor: Actor,
    now: datetime,
    count_class: CountClass | None = None,
    mode: Mode = Mode.ON_SITE,
    why_on_site: str = "",
    clue: str = "",
    exempt: ExemptReason | None = None,
    visit_on: date | None = None,
    assistants: int = 0,
    experts: int = 0,
    sealed: bool = False,
    departs_at: datetime | None = None,
    plan_row: PlanRow | None = None,
    joint: JointTask | None = None,
) -> Visit:
    """申请检查: everything that the approval needs to know; what 54号 forbids is refused here already.

    Idempotent on `uid`. A sealed visit is closed at once: from then on only the approver reads where it goes.
    """
    if known := Visit.objects.filter(uid=uid).first():
        return known
    count_class = count_class or (
        CountClass.ORDERED_FROM_ABOVE if (kind, trigger) == (VisitKind.SPECIAL, Trigger.ORDERED) else _counts(kind)
    )
    check_application(
        kind=kind, count_class=count_class, trigger=trigger, mode=mode, clue=clue, why_on_site=why_on_site,
        reason=reason,
    )  # fmt: skip
    check_exemption(exempt, trigger)
    if kind is VisitKind.EMERGENCY:
        raise NotAllowed(_("紧急检查不必事先申请，到场开始即可，二十四小时内补办批准。"))
    today = clock.local_day(now)
    if due_on < today or (visit_on is not None and not today <= visit_on <= due_on):
        raise NotAllowed(_("检查日期须在今天之后、期限之前，请核对。"))
    check_plan_row(plan_row, organ=organ, item=item, year=(visit_on or due_on).year)
    if sealed and (departs_at is None or departs_at <= now):
        raise NotAllowed(_("密封检查须写明出发时间，且在将来。"))
    proposal = Proposal(
        kind, organ, _held(enterprise), item, officers, trigger, count_class, visit_on or due_on, exempt
    )
    for gate in gates_of(proposal):
        gate()
    visit = Visit(
        uid=uid, kind=kind, state=VisitState.APPLIED, organ=organ, enterprise=enterprise, item=item,
        checklist=checklist_of(item, today), due_on=due_on, count_class=count_class, mode=mode, trigger=trigger,
        clue=clue.strip()[:100], why_on_site=why_on_site.strip()[:300], reason=reason.strip()[:500],
        exempt_reason=exempt or "", visit_on=visit_on, assistants_allowed=assistants, experts_allowed=experts,
        plan_row=plan_row, joint=joint, applied_at=now, applied_by_id=actor.id, applied_by_name=actor.name,
    )  # fmt: skip
    if sealed:
        close_envelope(visit, departs_at=departs_at)
    visit.save()
    _assign(visit, officers)
    audit.record(
        actor=actor,
        action="inspections.apply_visit",
        subject=visit,
        now=now,
        after={
            **audit.snapshot(visit, "uid", "kind", "state", "count_class", "mode", "trigger", "due_on", "target_hash"),
            # The chain is read by others: a sealed visit shows no target in it.
            **({} if visit.is_sealed else audit.snapshot(visit, "enterprise_id", "plan_row_id", "reason", "clue")),
        },
    )
    return visit


def _counts(kind: VisitKind) -> CountClass:
    return {VisitKind.CLUE: CountClass.CASE, VisitKind.SPECIAL: CountClass.SPECIAL}.get(kind, CountClass.DAILY)


def _held(enterprise: Enterprise) -> Enterprise:
    """The enterprise, held: two applications at once would both find room under the cap."""
    return Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)


def _assign(visit: Visit, officers: Sequence[Officer]) -> None:
    ordered = sorted(officers, key=lambda officer: (not officer.can_lead, officer.pk))
    VisitOfficer.objects.bulk_create(
        VisitOfficer(visit=visit, officer=officer, position=position) for position, officer in enumerate(ordered, 1)
    )


@transaction.atomic
def approve_visit(*, visit: Visit, actor: Actor, now: datetime, note: str = "") -> Visit:
    """批准检查: the head of the organ; what 54号 asks is looked at again, for days have passed since the application.

    An emergency check is approved afterwards and stays where it is. Safe to repeat.
    """
    visit = locked(visit)
    if visit.approved_at is not None and visit.state not in NEVER_MADE:
        return visit
    before = VisitState(visit.state)
    if visit.applied_by_id and visit.applied_by_id == actor.id:
        raise PermissionDenied(_("自己申请的检查要由另一位负责人批准。"))
    if visit.awaits_approval:
        # What had to be done at once was done; whether it should have been is said here, not undone.
        if before in NEVER_MADE:
            raise NotAllowed(_("这次紧急检查已经不予批准，不能再批准。"))
    else:
        visit.state = advance_visit(before, VisitAction.APPROVE)
        _held(visit.enterprise)
        for gate in gates_of(proposal_of(visit)):
            gate()
    visit.approved_at = now
    visit.approved_by_name = actor.name
    visit.decided_note = note.strip()[:300]
    visit.save(update_fields=["state", "approved_at", "approved_by_name", "decided_note"])
    take_up(visit, actor=actor, now=now)
    draw_up_approval(visit, actor, now)
    told(visit, "inspections.approve_visit", before, actor, now)
    return visit


@transaction.atomic
def refuse_visit(*, visit: Visit, note: str, actor: Actor, now: datetime) -> Visit:
    """不予批准: with the reason. An emergency check that is refused afterwards ends where it is, without a paper."""
    visit = locked(visit)
    before = VisitState(visit.state)
    if not note.strip():
        raise NotAllowed(_("不予批准的，请写明理由。"))
    if before is VisitState.ON_SITE and not visit.awaits_approval:
        raise NotAllowed(_("已经批准的检查不能再不予批准。"))
    visit.state = advance_visit(before, VisitAction.REFUSE)
    visit.decided_note = note.strip()[:300]
    visit.closed_at = now
    visit.save(update_fields=["state", "decided_note", "closed_at"])
    told(visit, "inspections.refuse_visit", before, actor, now)
    return visit


@transaction.atomic
def withdraw_visit(*, visit: Visit, note: str, actor: Actor, now: datetime) -> Visit:
    """撤回: a check that nobody has begun and that is not needed; a drawn one stays, for nothing drawn is dropped."""
    visit = locked(visit)
    before = VisitState(visit.state)
    if visit.batch_id is not None or visit.is_recheck:
        raise NotAllowed(_("抽中的检查不能撤回，只能按备选替换的规则替换；复查由责令产生，也不能撤回。"))
    if not note.strip():
        raise NotAllowed(_("请写明为什么撤回。"))
    visit.state = advance_visit(before, VisitAction.WITHDRAW)
    visit.decided_note = note.strip()[:300]
    visit.closed_at = now
    visit.save(update_fields=["state", "decided_note", "closed_at"])
    told(visit, "inspections.withdraw_visit", before, actor, now)
    return visit


@transaction.atomic
def start_emergency(
    *,
    uid: UUID,
    organ: Organ,
    enterprise: Enterprise,
    item: InspectionItem,
    officers: Sequence[Officer],
    trigger: Trigger,
    clue: str,
    reason: str,
    actor: Actor,
    now: datetime,
    host: str = "",
) -> Visit:
    """紧急检查: begins on the spot; the head approves afterwards, within the rule's hours. Idempotent on `uid`.

    Power, matter, place and certificates are asked for as always; guidance and cap are not.
    """
    if known := Visit.objects.filter(uid=uid).first():
        return known
    if trigger not in BEGUN_BY[VisitKind.EMERGENCY]:
        raise NotAllowed(_("只有事故、险情或明确的危险线索才能不经事先批准检查（国办发〔2024〕54号）。"))
    check_application(
        kind=VisitKind.EMERGENCY, count_class=CountClass.CASE, trigger=trigger, mode=Mode.ON_SITE, clue=clue,
        why_on_site=reason, reason=reason,
    )  # fmt: skip
    today = clock.local_day(now)
    check_subject(organ, today)
    check_item(item, today)
    check_place(organ, enterprise, today)
    _check_emergency_team(organ, officers, actor, today)
    found = rule(EMERGENCY_RULE, today)
    due = periods.due(now, found.period, current_calendar()).due
    assert isinstance(due, datetime)
    visit = Visit.objects.create(
        uid=uid, kind=VisitKind.EMERGENCY, state=VisitState.ON_SITE, organ=organ, enterprise=enterprise, item=item,
        checklist=checklist_of(item, today), due_on=today, visit_on=today, count_class=CountClass.CASE, trigger=trigger,
        clue=clue.strip()[:100], why_on_site=reason.strip()[:300], reason=reason.strip()[:500],
        exempt_reason=ExemptReason.ACCIDENT, applied_at=now, applied_by_id=actor.id, applied_by_name=actor.name,
        approve_by=due, started_at=now, host=host.strip()[:60],
    )  # fmt: skip
    _assign(visit, officers)
    visit.officers.update(arrived_at=now)
    take_up(visit, actor=actor, now=now)
    audit.record(
        actor=actor,
        action="inspections.start_emergency",
        subject=visit,
        now=now,
        after={
            **audit.snapshot(visit, "uid", "state", "enterprise_id", "reason", "clue", "approve_by"),
            "rule": f"{found.id} v{found.version}",
        },
    )
    return visit


def _check_emergency_team(organ: Organ, officers: Sequence[Officer], actor: Actor, today: date) -> None:
    if actor.id not in {str(officer.user_id) for officer in officers}:
        raise PermissionDenied(_("紧急检查由到场的执法人员自己登记。"))
    if len({officer.pk for officer in officers}) < 2:
        raise NotAllowed(_("现场须有两名以上执法人员（行政处罚法第四十二条）。"))
    if any(officer.organ_id != organ.pk or not officer.is_certified_on(today) for officer in officers):
        raise NotAllowed(_("有执法人员不属于本机关，或者执法证今天无效，不能检查。"))


def note_unapproved(now: datetime) -> int:
    """逾期未补办批准: tell the supervisor of every emergency check whose hours are over; returns how many."""
    count = 0
    late = Visit.objects.filter(approved_at__isnull=True, approve_by__lt=now, approval_overdue_at__isnull=True)
    for found in late.exclude(state__in=NEVER_MADE).order_by("pk"):
        with transaction.atomic():
            visit = locked(found)
            if visit.approved_at is not None or visit.approval_overdue_at is not None or visit.state in NEVER_MADE:
                continue
            visit.approval_overdue_at = now
            visit.save(update_fields=["approval_overdue_at"])
            assert visit.approve_by is not None
            raise_concern(
                kind=ConcernKind.UNAPPROVED,
                visit=visit,
                text=f"应在{visit.approve_by.astimezone(clock.CHINA):%Y-%m-%d %H:%M}前补办批准，至今没有。",
                actor=rule_actor(EMERGENCY_RULE),
                now=now,
            )
            count += 1
    return count


def soon_due(visit: Visit, now: datetime) -> bool:
    """Whether an emergency check's approval is due within six hours."""
    return visit.awaits_approval and visit.approve_by is not None and visit.approve_by - now < timedelta(hours=6)
