"""延期: asked before the term ends, granted or refused by a leader of the organ that issued the order."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from anguan.core.periods import Period, Unit, latest_start
from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import Actor, rule_actor
from anguan.ground.calendars.selectors import current_calendar
from anguan.ground.events import publish
from anguan.ground.rules.selectors import rule
from anguan.hazards import rules
from anguan.hazards.events import HazardExtended
from anguan.hazards.models import Extension, Hazard
from anguan.hazards.rules import (
    ASKS_ENTERPRISE,
    BASIS,
    EXTENSION,
    Action,
    ExtensionAction,
    ExtensionLimits,
    ExtensionState,
    Level,
    NotAllowed,
    State,
)
from anguan.hazards.services.writing import (
    TOLD,
    check_told,
    leads,
    locked,
    note,
    save,
    tell_enterprise,
    working_days_after,
)

EXTENSION_RULE = "rectification-extension"


def limits_for(hazard: Hazard, today: date) -> tuple[ExtensionLimits, int]:
    """How early, how far and how often a hazard's term may be moved, and the version of the rule that says so."""
    found = rule(EXTENSION_RULE, today)
    early = "apply_before_major" if hazard.level == Level.MAJOR else "apply_before_general"
    return (
        ExtensionLimits(
            most_times=int(found.values["most_times"]),
            most_days=int(found.values["most_days"]),
            apply_before=int(found.values[early]),
            decide_within=int(found.values["decide_within"]),
        ),
        found.version,
    )


def last_day_to_apply(due_on: date, working_days: int) -> date:
    """The last day on which one may ask: so many working days before the term ends."""
    if working_days == 0:
        return due_on
    return latest_start(due_on + timedelta(days=1), Period(working_days, Unit.WORKING_DAYS), current_calendar()).day


@transaction.atomic
def apply_for_extension(
    *,
    hazard: Hazard,
    uid: UUID,
    reason: str,
    measures: str,
    proposed_on: date,
    actor: Actor,
    now: datetime,
) -> Extension:
    """申请延期, with a reason, what is done meanwhile and a day; idempotent on `uid`. Raises `NotAllowed`."""
    hazard = locked(hazard)
    known = Extension.objects.filter(uid=uid, hazard=hazard).first()
    if known is not None:
        return known
    today = clock.local_day(now)
    limits, version = limits_for(hazard, today)
    if State(hazard.state) not in ASKS_ENTERPRISE:
        raise NotAllowed(N_("现在没有要求整改的期限，不用申请延期。"), basis=BASIS[Action.SERVE_ORDER])
    rules.check_application(
        proposed_on=proposed_on,
        due_on=hazard.due_on,
        last_day=last_day_to_apply(hazard.due_on, limits.apply_before) if hazard.due_on else None,
        today=today,
        granted_before=_of_this_term(hazard).filter(state=ExtensionState.GRANTED).count(),
        one_waits=hazard.extensions.filter(state=ExtensionState.APPLIED).exists(),
        limits=limits,
    )
    assert hazard.due_on is not None
    decide_by, provisional = working_days_after(today, limits.decide_within)
    if decide_by > hazard.due_on:
        # Whoever asks in time is answered in time: never after the term.
        decide_by, provisional = hazard.due_on, hazard.due_provisional
    row = Extension.objects.create(
        hazard=hazard,
        uid=uid,
        reason=check_told(reason, "延期理由", N_("请写明为什么不能按期完成。")),
        measures=check_told(measures, "延期期间的安全措施", N_("请写明延期期间怎样保证安全。")),
        before_on=hazard.due_on,
        proposed_on=proposed_on,
        applied_at=now,
        applied_by_id=actor.id,
        applied_by_name=actor.name,
        decide_by=decide_by,
        decide_provisional=provisional,
        rule_version=version,
    )
    note(
        hazard,
        "hazards.apply_for_extension",
        actor,
        now,
        cause=row.reason,
        extension=str(uid),
        before_on=row.before_on,
        proposed_on=proposed_on,
        decide_by=decide_by,
    )
    return row


def _of_this_term(hazard: Hazard) -> QuerySet[Extension]:
    """Extensions since the hazard was last reopened: a new order has a new term."""
    rows = hazard.extensions.all()
    return rows.filter(applied_at__gte=hazard.reopened_at) if hazard.reopened_at else rows


@transaction.atomic
def decide_extension(
    *,
    extension: Extension,
    granted: bool,
    decision: str,
    actor: Actor,
    now: datetime,
    granted_on: date | None = None,
) -> Extension:
    """决定延期: a leader of the organ that issued the order (or handles the hazard in its name) says yes or no.

    Grants `granted_on`, else the day asked for; the term moves and is recounted, the old day stays on the row. Raises
    `NotAllowed`, always after the term.
    """
    hazard = locked(extension.hazard)
    extension = Extension.objects.select_for_update().get(pk=extension.pk)
    state = EXTENSION.advance(
        ExtensionState(extension.state), ExtensionAction.GRANT if granted else ExtensionAction.REFUSE
    )
    order = hazard.order
    deciding = [hazard.organ_id, order.issuing_organ_id, order.handling_organ_id] if order else [hazard.organ_id]
    rules.check_leader(leads(actor, *deciding), N_("延期"))
    today = clock.local_day(now)
    extension.decision = check_told(decision, "决定理由")
    extension.state, extension.decided_at = state, now
    extension.decided_by_id, extension.decided_by_name = actor.id, actor.name
    if granted:
        rules.check_grant(today=today, due_on=hazard.due_on)
        if State(hazard.state) not in {State.RECTIFYING, State.REPORTED}:
            raise NotAllowed(N_("这条隐患现在没有在走的整改期限，不用延期。"), basis=BASIS[Action.SERVE_ORDER])
        assert hazard.due_on is not None
        new = granted_on or extension.proposed_on
        limits, _ = limits_for(hazard, today)
        rules.check_new_term(proposed_on=new, due_on=hazard.due_on, limits=limits)
        before, extension.granted_on = audit.snapshot(hazard, *TOLD), new
        extension.save()
        was = hazard.due_on
        # The day is named by a person, so it is certain whatever the holiday notice will say.
        hazard.due_on, hazard.due_provisional = new, False
        hazard.due_rule, hazard.due_rule_version = EXTENSION_RULE, extension.rule_version
        save(
            hazard,
            "hazards.grant_extension",
            before,
            actor,
            now,
            cause=extension.decision,
            more={"extension": str(extension.uid)},
        )
        publish(HazardExtended(hazard.pk, hazard.enterprise_id, was, new))
    else:
        extension.save()
        note(hazard, "hazards.refuse_extension", actor, now, cause=extension.decision, extension=str(extension.uid))
    title = f"已准予延期至 {extension.granted_on}" if granted else "不予延期，请按期整改"
    tell_enterprise(hazard, title, extension.decision, f"extension/{extension.uid}", now)
    return extension


def lapse_extensions(now: datetime, limit: int = 500) -> int:
    """期满未决定: applications whose term ended without an answer lapse with it; returns how many."""
    today = clock.local_day(now)
    late = Extension.objects.filter(state=ExtensionState.APPLIED, before_on__lt=today).order_by("before_on", "pk")
    lapsed = 0
    for pk in list(late.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            row = Extension.objects.select_related("hazard").get(pk=pk)
            hazard = locked(row.hazard)
            changed = Extension.objects.filter(pk=pk, state=ExtensionState.APPLIED, before_on__lt=today).update(
                state=EXTENSION.advance(ExtensionState.APPLIED, ExtensionAction.LAPSE)
            )
            if not changed:
                continue
            note(hazard, "hazards.lapse_extension", rule_actor(EXTENSION_RULE), now, extension=str(row.uid))
            lapsed += 1
    return lapsed
