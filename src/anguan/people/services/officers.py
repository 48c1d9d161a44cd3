"""执法人员: leave periods, which keep an officer out of a draw."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.people.models import Leave, Officer


class LeaveRefused(ValueError):
    """The period is not one; the message says why."""


@transaction.atomic
def record_leave(*, officer: Officer, since: date, until: date, reason: str, actor: Actor, now: datetime) -> Leave:
    """登记离岗: days, both included."""
    if until < since:
        raise LeaveRefused(_("离岗结束日期早于开始日期，请核对。"))
    leave = Leave.objects.create(officer=officer, since=since, until=until, reason=reason)
    audit.record(
        actor=actor,
        action="people.record_leave",
        subject=officer,
        now=now,
        after={"since": since, "until": until, "reason": reason},
    )
    return leave


@transaction.atomic
def end_leave(*, leave: Leave, actor: Actor, now: datetime) -> None:
    """取消离岗登记."""
    audit.record(
        actor=actor,
        action="people.end_leave",
        subject=leave.officer,
        now=now,
        before={"since": leave.since, "until": leave.until, "reason": leave.reason},
    )
    leave.delete()
