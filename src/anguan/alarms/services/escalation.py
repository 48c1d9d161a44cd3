"""超时升级: a timer that nobody met tells everybody on duty; the roster of `people` says who that is."""

from datetime import datetime

from django.db import transaction

from anguan.alarms.models import Incident, IncidentTimer
from anguan.alarms.rules.incidents import UNCLOSED, IncidentKind, Timer
from anguan.alarms.rules.steps import Told
from anguan.alarms.services.notices import announce
from anguan.alarms.services.writing import platform, step
from anguan.core.words import N_
from anguan.ground import audit, outbox
from anguan.people.models import RoleGrant, User
from anguan.people.rules import Role
from anguan.people.selectors import on_duty


@transaction.atomic
def escalate_due(now: datetime, limit: int = 200) -> int:
    """超时升级 of timers that ran out; each once. Returns how many."""
    due = list(
        IncidentTimer.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("incident__device", "incident__building")
        .filter(met_at__isnull=True, escalated_at__isnull=True, due_at__lte=now)
        .order_by("due_at", "pk")[:limit]
    )
    notices = []
    for row in due:
        row.escalated_at = now
        incident = row.incident
        if incident.state not in UNCLOSED:
            continue
        allowed = round((row.due_at - row.started_at).total_seconds())
        reason = f"{allowed} 秒内没有{Timer(row.timer).label}"
        told = call_for_help(incident, reason, row.timer, now)
        actor = platform(incident.organ_id)
        step(incident, Told.ESCALATED, actor, now, what=told)
        audit.record(
            actor=actor,
            action="alarms.escalate",
            subject=incident,
            now=now,
            after={"timer": row.timer, "due_at": row.due_at},
            cause=told[:256],
        )
        notices.append((incident.organ_id, incident.pk, Told.ESCALATED.value))
    IncidentTimer.objects.bulk_update(due, ["escalated_at"])
    announce(notices, now)
    return len(due)


def call_for_help(incident: Incident, reason: str, key: str, now: datetime) -> str:
    """Message everybody on duty, leaders of the organ where nobody is; returns the sentence for the story.

    Messages are Chinese whatever language a page was in: the receiver did not choose it.
    """
    shifts = on_duty([incident.organ_id], now)
    people = list({shift.user_id: shift.user for shift in shifts}.values())
    whom = "值班人员"
    if not people:
        grants = RoleGrant.objects.filter(role=Role.LEADER, organ=incident.organ_id, user__is_active=True)
        people = [grant.user for grant in grants.select_related("user").order_by("user")]
        whom = "机关负责人（无人排班）"
    place = incident.building or incident.device
    for user in people:
        _message(user, incident, f"{IncidentKind(incident.kind).label}：{place}，{reason}", key, now)
    names = "、".join(user.name for user in people) or N_("没有可通知的人")
    return f"{reason}，已通知{whom}：{names}"


def _message(user: User, incident: Incident, title: str, key: str, now: datetime) -> None:
    for channel, address in (("sms", user.phone), ("mail", user.email)):
        if address:
            outbox.post(
                channel=channel,
                address=address,
                recipient_id=str(user.pk),
                recipient_name=user.name,
                title=title[:256],
                link=f"/alarms/?incident={incident.pk}",
                key=f"incident/{incident.pk}/{key}/{channel}/{user.pk}",
                is_urgent=True,
                now=now,
            )
