"""超时升级: a timer that nobody met tells everybody on duty; the roster of `people` says who that is.

In a storm a thousand timers run out in one second. They are escalated as a set, and whoever is on duty gets one message
with the counts instead of a thousand, which would bury the one that matters.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.db import transaction

from anguan.alarms.models import Incident
from anguan.alarms.rules.incidents import UNCLOSED, IncidentKind, IncidentState, Timer
from anguan.alarms.rules.steps import Told
from anguan.alarms.services import sets
from anguan.alarms.services.notices import announce
from anguan.alarms.services.timers import start_timers
from anguan.alarms.services.writing import STEP, platform
from anguan.core.words import N_
from anguan.ground import audit
from anguan.people.models import RoleGrant, User
from anguan.people.rules import Role
from anguan.people.selectors import on_duty
from anguan.people.services.telling import tell

# So many that ran out in one sweep are told one by one; more come as one message with their counts.
SINGLY: Final = 3
_RUN_OUT: Final = """
    WITH due AS (
        SELECT id FROM alarms_incidenttimer
        WHERE met_at IS NULL AND escalated_at IS NULL AND due_at <= %(now)s
        ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    )
    UPDATE alarms_incidenttimer AS t SET escalated_at = %(now)s
    FROM due JOIN alarms_incidenttimer AS d USING (id) JOIN alarms_incident AS i ON i.id = d.incident_id
    WHERE t.id = due.id
    RETURNING t.due_at, t.id, t.started_at, t.timer, i.id, i.organ_id, i.kind, i.state
"""


class _RunOut(NamedTuple):
    """A timer that ran out, with its incident; sorts as it fell due."""

    due_at: datetime
    id: int
    started_at: datetime
    timer: str
    incident_id: int
    organ_id: int
    kind: str
    state: str

    @property
    def reason(self) -> str:
        """What was not done in time."""
        return f"{round((self.due_at - self.started_at).total_seconds())} 秒内没有{Timer(self.timer).label}"


class _OnCall(NamedTuple):
    """Who is told, and as what."""

    people: Sequence[User]
    whom: str

    def sentence(self, reason: str) -> str:
        """For the story of the incident."""
        names = "、".join(user.name for user in self.people) or N_("没有可通知的人")
        return f"{reason}，已通知{self.whom}：{names}"


@transaction.atomic
def escalate_due(now: datetime, limit: int = 1000) -> int:
    """超时升级 of timers that ran out, the longest overdue first; each once. Returns how many.

    What no screen showed in time has to be taken all the same: that time runs from here.
    """
    rows = sorted(_RunOut._make(row) for row in sets.fetch(_RUN_OUT, {"now": now, "limit": limit}))
    of_organ: dict[int, list[_RunOut]] = defaultdict(list)
    for row in rows:
        if row.state in UNCLOSED:
            of_organ[row.organ_id].append(row)
    start_timers(
        [
            (row.incident_id, IncidentKind(row.kind), Timer.ACKNOWLEDGE, now)
            for row in rows
            if row.timer == Timer.PRESENT and row.state == IncidentState.RECEIVED
        ],
        now,
    )
    for organ_id, some in of_organ.items():
        on_call = _on_call(organ_id, now)
        _tell(on_call, some, now)
        _write(on_call, organ_id, some, now)
    announce([(row.organ_id, row.incident_id, Told.ESCALATED.value) for some in of_organ.values() for row in some], now)
    return len(rows)


def call_for_help(incident: Incident, reason: str, key: str, now: datetime) -> str:
    """Message everybody on duty, leaders of the organ where nobody is; returns the sentence for the story."""
    on_call = _on_call(incident.organ_id, now)
    _message(on_call.people, _title(incident, reason), _link(incident.pk), f"incident/{incident.pk}/{key}", now)
    return on_call.sentence(reason)


def _on_call(organ_id: int, now: datetime) -> _OnCall:
    people = list({shift.user_id: shift.user for shift in on_duty([organ_id], now)}.values())
    if people:
        return _OnCall(people, "值班人员")
    grants = RoleGrant.objects.filter(role=Role.LEADER, organ=organ_id, user__is_active=True)
    return _OnCall([grant.user for grant in grants.select_related("user").order_by("user")], "机关负责人（无人排班）")


def _tell(on_call: _OnCall, rows: Sequence[_RunOut], now: datetime) -> None:
    if len(rows) > SINGLY:
        counts = Counter(IncidentKind(row.kind) for row in rows)
        told = "、".join(f"{kind.label} {counts[kind]} 项" for kind in IncidentKind if kind in counts)
        _message(on_call.people, f"警情超时未处理：{told}，请立即查看", "/alarms/", f"escalation/{rows[0].id}", now)
        return
    found = Incident.objects.select_related("device", "building").in_bulk([row.incident_id for row in rows])
    for row in rows:
        title, key = _title(found[row.incident_id], row.reason), f"incident/{row.incident_id}/{row.timer}"
        _message(on_call.people, title, _link(row.incident_id), key, now)


def _write(on_call: _OnCall, organ_id: int, rows: Sequence[_RunOut], now: datetime) -> None:
    actor = platform(organ_id)
    of_reason: dict[str, list[_RunOut]] = defaultdict(list)
    for row in rows:
        of_reason[row.reason].append(row)
    for reason, some in of_reason.items():
        told = on_call.sentence(reason)
        sets.insert(
            "alarms_incidentstep",
            STEP,
            (
                (row.incident_id, now, Told.ESCALATED.value, told[:300], "", actor.id, actor.name, "", row.state)
                for row in some
            ),
        )
        audit.record_many(
            actor=actor,
            subject_type=Incident,
            entries=[
                audit.Entry(
                    action="alarms.escalate",
                    subject_id=str(row.incident_id),
                    after={"timer": row.timer, "due_at": row.due_at.isoformat()},
                )
                for row in some
            ],
            now=now,
            cause=told[:256],
        )


def _title(incident: Incident, reason: str) -> str:
    return f"{IncidentKind(incident.kind).label}：{incident.building or incident.device}，{reason}"


def _link(incident_id: int) -> str:
    return f"/alarms/?incident={incident_id}"


def _message(people: Iterable[User], title: str, link: str, key: str, now: datetime) -> None:
    for user in people:
        tell(user=user, title=title, link=link, key=key, is_urgent=True, now=now)
