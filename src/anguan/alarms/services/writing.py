"""Helpers of every act on an incident: lock, ask the table, write state, step, timers, record and notice."""

from datetime import datetime, timedelta
from typing import Final

from anguan.alarms.models import Incident, IncidentPoint, IncidentStep, IncidentTimer
from anguan.alarms.rules import incidents as rules
from anguan.alarms.rules.incidents import (
    JOINABLE,
    VERDICT_OF,
    IncidentAction,
    IncidentKind,
    IncidentState,
    Move,
    Timer,
    rank,
)
from anguan.alarms.services.notices import announce
from anguan.alarms.services.timers import seconds_on
from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.people.models import RoleGrant
from anguan.people.rules import Role

# Who sits in a duty room, or answers for it.
OPERATORS: Final = frozenset({Role.DUTY_OFFICER, Role.LEADER})
STEP: Final = {
    "incident_id": "bigint",
    "at": "timestamptz",
    "action": "varchar",
    "what": "varchar",
    "heard": "varchar",
    "by_id": "varchar",
    "by_name": "varchar",
    "before": "varchar",
    "after": "varchar",
}
"""The columns of a step in the story, for many at once (`sets.insert`)."""
_TOLD: Final = ("state", "handler_id", "verdict", "false_cause", "is_presumed", "closed_at")


def platform(organ_id: int) -> Actor:
    """The platform, on the chain of the organ that handles the incident."""
    return Actor(kind="system", id="", name="系统", organ_id=organ_id)


def locked(incident: Incident) -> Incident:
    """The row as it stands now, held until the transaction ends: lock, re-read, decide."""
    return (
        Incident.objects.select_for_update(no_key=True, of=("self",))
        .select_related("organ", "device", "building", "enterprise", "handler", "window")
        .get(pk=incident.pk)
    )


def is_operator(actor: Actor, organ_id: int) -> bool:
    """Whether the actor sits in the duty room of the organ, or leads it."""
    if actor.kind != "user" or not actor.id.isdigit():
        return False
    return RoleGrant.objects.filter(user_id=int(actor.id), role__in=sorted(OPERATORS), organ=organ_id).exists()


def asked(incident: Incident, action: IncidentAction, actor: Actor) -> Move:
    """The row of the table for this act by this actor. Raises `NotAllowed`."""
    move = rules.move_of(IncidentState(incident.state), action)
    rules.check_who(
        move,
        actor_id=actor.id,
        is_platform=actor.kind in {"system", "rule"},
        is_operator=is_operator(actor, incident.organ_id),
        handler_id=str(incident.handler_id or ""),
        handler_name=incident.handler.name if incident.handler else "",
    )
    return move


def make(
    incident: Incident,
    move: Move,
    actor: Actor,
    now: datetime,
    *,
    what: str = "",
    heard: str = "",
    false_cause: str = "",
) -> None:
    """Do what the row of the table says, and write all that follows from it; the last thing of a service."""
    before, audited = IncidentState(incident.state), audit.snapshot(incident, *_TOLD)
    state = move.after or before
    incident.state = state
    if move.action in VERDICT_OF:
        incident.verdict, incident.verdict_at = VERDICT_OF[move.action], now
        incident.verdict_by_name, incident.false_cause = actor.name, false_cause
    if state is IncidentState.CLOSED:
        incident.closed_at = now
    incident.rank = rank(IncidentKind(incident.kind), state, is_presumed=incident.is_presumed)
    incident.save()
    if before in JOINABLE and state not in JOINABLE:
        IncidentPoint.objects.filter(incident=incident, is_open=True).update(is_open=False)
    keep_timers(incident, move, now)
    audit.record(
        actor=actor,
        action=f"alarms.{move.action.value}",
        subject=incident,
        now=now,
        before=audited,
        after=audit.snapshot(incident, *_TOLD),
        cause=(heard or what)[:256],
    )
    step(incident, move.action.value, actor, now, what=what, heard=heard, before=before)
    announce([(incident.organ_id, incident.pk, move.action.value)], now)


def keep_timers(incident: Incident, move: Move, now: datetime) -> None:
    """End the timers that the act meets, start those that it starts."""
    if move.meets:
        IncidentTimer.objects.filter(incident=incident, timer__in=move.meets, met_at__isnull=True).update(met_at=now)
    if not move.starts:
        return
    seconds = seconds_on(now)
    IncidentTimer.objects.bulk_create(
        [
            IncidentTimer(
                incident=incident,
                timer=timer,
                started_at=now,
                due_at=now + timedelta(seconds=allowed),
                rule_version=seconds.version,
            )
            for timer in move.starts
            if (allowed := seconds.of(IncidentKind(incident.kind), Timer(timer))) is not None
        ],
        ignore_conflicts=True,
    )


def step(
    incident: Incident,
    action: str,
    actor: Actor,
    now: datetime,
    *,
    what: str = "",
    heard: str = "",
    before: IncidentState | None = None,
) -> None:
    """One line in the story of the incident."""
    IncidentStep.objects.create(
        incident=incident,
        at=now,
        action=action,
        what=what[:300],
        heard=heard[:500],
        by_id=actor.id,
        by_name=actor.name or "系统",
        before=before.value if before else "",
        after=incident.state,
    )
