"""处置: what operators do with an incident, from taking it to closing it.

Every act is one sentence in the story: who, when, what was done and what was heard. `actor` is the person; the acts of
the platform itself (presented by a page, restored by signals, delivered to an addressee) go the same way.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from anguan.alarms.events import IncidentJudged
from anguan.alarms.models import Incident, IncidentPoint
from anguan.alarms.rules import incidents as rules
from anguan.alarms.rules.incidents import (
    JOINABLE,
    FalseCause,
    IncidentAction,
    IncidentKind,
    IncidentState,
    Verdict,
)
from anguan.alarms.rules.refusals import NotAllowed
from anguan.alarms.services.escalation import call_for_help
from anguan.alarms.services.forwarding import forward_verdict
from anguan.alarms.services.repairs import count_false_alarms, request_repairs
from anguan.alarms.services.windows import end_test_window
from anguan.alarms.services.writing import asked, is_operator, locked, make, platform
from anguan.core.words import N_
from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.ground.events import publish

_LONGEST = 500


@transaction.atomic
def present(*, incident_ids: Iterable[int], actor: Actor, now: datetime) -> int:
    """呈现: a screen of the duty room shows these; returns how many were not shown before. Repeats change nothing."""
    shown = 0
    rows = Incident.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__in=list(incident_ids), state=IncidentState.RECEIVED
    )
    for incident in rows.select_related("handler").order_by("pk"):
        if is_operator(actor, incident.organ_id):
            incident.presented_at = now
            make(incident, asked(incident, IncidentAction.PRESENT, actor), actor, now)
            shown += 1
    return shown


@transaction.atomic
def acknowledge(*, incident: Incident, actor: Actor, now: datetime) -> Incident:
    """受理: the first operator takes it and handles it from now on; the same one again changes nothing.

    Raises `NotAllowed`, which names who took it and when.
    """
    incident = locked(incident)
    state = IncidentState(incident.state)
    if state not in rules.UNTAKEN and str(incident.handler_id) == actor.id:
        return incident
    rules.check_not_taken(
        state=state,
        actor_id=actor.id,
        handler_id=str(incident.handler_id or ""),
        handler_name=incident.handler.name if incident.handler else "",
        at=_clock_time(incident.acknowledged_at),
    )
    move = asked(incident, IncidentAction.ACKNOWLEDGE, actor)
    incident.handler_id, incident.acknowledged_at = int(actor.id), now
    incident.presented_at = incident.presented_at or now
    make(incident, move, actor, now)
    return incident


def _clock_time(at: datetime | None) -> str:
    return at.astimezone(clock.CHINA).strftime("%H:%M") if at else "—"


@transaction.atomic
def take_over(*, incident: Incident, reason: str, actor: Actor, now: datetime) -> Incident:
    """接手: another operator goes on with it, and says why. Raises `NotAllowed`."""
    incident = locked(incident)
    move = asked(incident, IncidentAction.TAKE_OVER, actor)
    if str(incident.handler_id) == actor.id:
        return incident
    reason = _said(reason, N_("接手的理由"))
    incident.handler_id = int(actor.id)
    make(incident, move, actor, now, what=reason)
    return incident


@transaction.atomic
def verify(*, incident: Incident, actor: Actor, now: datetime, what: str = "", heard: str = "") -> Incident:
    """核实: a call, a look at the video, a runner sent; each one is a step of its own. Raises `NotAllowed`."""
    incident = locked(incident)
    make(incident, asked(incident, IncidentAction.VERIFY, actor), actor, now, what=_short(what), heard=_short(heard))
    return incident


@transaction.atomic
def arrive(*, incident: Incident, actor: Actor, now: datetime, heard: str = "") -> Incident:
    """登记到场: somebody of the unit or its micro station is on the spot. Raises `NotAllowed`."""
    incident = locked(incident)
    make(incident, asked(incident, IncidentAction.ARRIVE, actor), actor, now, heard=_short(heard))
    return incident


@transaction.atomic
def report_unreachable(*, incident: Incident, actor: Actor, now: datetime, heard: str = "") -> Incident:
    """登记联系不上: nobody answers; everybody on duty is told at once. Raises `NotAllowed`."""
    incident = locked(incident)
    move = asked(incident, IncidentAction.REPORT_UNREACHABLE, actor)
    what = call_for_help(incident, N_("联系不上现场"), f"unreachable/{now.isoformat()}", now)
    make(incident, move, actor, now, what=what, heard=_short(heard))
    return incident


@transaction.atomic
def judge_true(*, incident: Incident, actor: Actor, now: datetime, heard: str = "") -> Incident:
    """判定为真实火警: forwarded at once to everybody who has to know; a test during which it burns is over.

    Raises `NotAllowed`.
    """
    incident = locked(incident)
    move = asked(incident, IncidentAction.JUDGE_TRUE, actor)
    _take_points(incident)
    if incident.window is not None:
        end_test_window(window=incident.window, actor=actor, now=now)
    if incident.handler_id is None:
        # Nobody took the test; whoever judges it handles the fire.
        incident.handler_id = int(actor.id)
    make(incident, move, actor, now, heard=_short(heard))
    forward_verdict(incident=incident, action=move.action, now=now)
    _judged(incident, now)
    return incident


def _take_points(incident: Incident) -> None:
    """Whatever told of it, it is a fire now, and its points are those of the fire, unless they stand in another one."""
    kind, others = IncidentKind.FIRE, Incident.objects.filter(state__in=sorted(JOINABLE)).exclude(pk=incident.pk)
    if incident.window_id is None:
        key = f"{kind.value}:{incident.cause_key.partition(':')[2]}"
        if others.filter(cause_key=key).exists():
            raise NotAllowed(N_("同一部位又报了警，已经另立警情；请在那一起里判定为真实火警。"))
        incident.cause_key = key
    incident.kind = kind
    mine = IncidentPoint.objects.filter(incident=incident)
    taken = IncidentPoint.objects.filter(is_open=True, kind=kind).exclude(incident=incident)
    elsewhere = taken.filter(point__in=mine.values("point")).values("point")
    mine.filter(point__in=elsewhere).update(kind=kind, is_open=False)
    mine.exclude(point__in=elsewhere).update(kind=kind, is_open=True)


@transaction.atomic
def judge_false(*, incident: Incident, cause: str, actor: Actor, now: datetime, heard: str = "") -> Incident:
    """判定为误报, with its cause: counted for the point and the unit, and taken back where it was forwarded.

    Raises `NotAllowed`.
    """
    incident = _judge(incident, IncidentAction.JUDGE_FALSE, actor, now, heard=heard, cause=cause)
    count_false_alarms(incident=incident, now=now)
    return incident


@transaction.atomic
def judge_test(*, incident: Incident, actor: Actor, now: datetime, heard: str = "") -> Incident:
    """判定为测试: somebody tests without a window of time. Raises `NotAllowed`."""
    return _judge(incident, IncidentAction.JUDGE_TEST, actor, now, heard=heard)


@transaction.atomic
def judge_fault(*, incident: Incident, actor: Actor, now: datetime, heard: str = "") -> Incident:
    """判定为设备故障: asks for a repair. Raises `NotAllowed`."""
    incident = _judge(incident, IncidentAction.JUDGE_FAULT, actor, now, heard=heard)
    request_repairs(incident=incident, actor=actor, now=now, text=_short(heard))
    return incident


def _judge(
    incident: Incident, action: IncidentAction, actor: Actor, now: datetime, *, heard: str, cause: str = ""
) -> Incident:
    incident = locked(incident)
    move = asked(incident, action, actor)
    heard = _short(heard)
    rules.check_verdict(
        kind=IncidentKind(incident.kind),
        state=IncidentState(incident.state),
        action=action,
        heard=heard,
        cause=cause,
    )
    what = FalseCause(cause).label if cause else ""
    make(incident, move, actor, now, what=what, heard=heard, false_cause=cause)
    forward_verdict(incident=incident, action=action, now=now)
    _judged(incident, now)
    return incident


def _judged(incident: Incident, now: datetime) -> None:
    publish(IncidentJudged(incident.pk, incident.enterprise_id, incident.kind, Verdict(incident.verdict).value, now))


@transaction.atomic
def forward(*, incident: Incident, actor: Actor, now: datetime, heard: str = "") -> Incident:
    """上报: by telephone, with who answered and what they said. Raises `NotAllowed`.

    The platform itself forwards by messages, and does this when an addressee confirmed one.
    """
    incident = locked(incident)
    move = asked(incident, IncidentAction.FORWARD, actor)
    make(incident, move, actor, now, heard=_said(heard, N_("谁接的电话、怎么答复")))
    return incident


@transaction.atomic
def handle(*, incident: Incident, actor: Actor, now: datetime, heard: str = "") -> Incident:
    """登记处置完毕: the fire is out; what was done stands in the story. Raises `NotAllowed`."""
    incident = locked(incident)
    move = asked(incident, IncidentAction.HANDLE, actor)
    make(incident, move, actor, now, heard=_said(heard, N_("现场处置的结果")))
    return incident


@transaction.atomic
def close(*, incident: Incident, actor: Actor, now: datetime, heard: str = "") -> Incident:
    """办结; again changes nothing. Raises `NotAllowed`."""
    incident = locked(incident)
    if incident.state == IncidentState.CLOSED and is_operator(actor, incident.organ_id):
        return incident
    make(incident, asked(incident, IncidentAction.CLOSE, actor), actor, now, heard=_short(heard))
    return incident


@transaction.atomic
def note(*, incident: Incident, actor: Actor, now: datetime, heard: str = "") -> Incident:
    """附记: something heard or seen that moves nothing, by whoever of the duty room heard it. Raises `NotAllowed`."""
    incident = locked(incident)
    move = asked(incident, IncidentAction.NOTE, actor)
    make(incident, move, actor, now, heard=_said(heard, N_("听到看到了什么")))
    return incident


@transaction.atomic
def close_restored(now: datetime, settle_s: int, limit: int = 500) -> int:
    """自行恢复: what is no fire and has been normal for long enough is closed by the platform; returns how many."""
    settled = Incident.objects.select_for_update(no_key=True, of=("self",), skip_locked=True).filter(
        state__in=sorted(rules.OPEN), restored_at__lte=now - timedelta(seconds=settle_s)
    )
    rows = list(
        settled.exclude(kind__in=sorted(rules.NEEDS_VERDICT)).select_related("handler").order_by("restored_at")[:limit]
    )
    for incident in rows:
        actor = platform(incident.organ_id)
        make(incident, asked(incident, IncidentAction.RESTORE, actor), actor, now)
    return len(rows)


def _said(text: str, what: str) -> str:
    return _short(rules.check_reason(text, what))


def _short(text: str) -> str:
    plain = text.replace("\0", "").strip()
    if len(plain) > _LONGEST:
        raise NotAllowed(N_("最多写 %(most)s 个字，请精简。"), most=str(_LONGEST))
    return plain
