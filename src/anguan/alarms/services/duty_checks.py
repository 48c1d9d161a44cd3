"""查岗: planned in secret for each device, sent as a command, answered by a key in the control room or followed up."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random, SystemRandom
from typing import Final

from django.db import connection, transaction

from anguan.alarms.models import Device, DutyCheck
from anguan.alarms.rules.devices import CommandKind, CommandState, DeviceState, takes_orders
from anguan.alarms.rules.duty_checks import DutyCheckAction, DutyCheckState, Plan, advance, answered, moments
from anguan.alarms.rules.incidents import check_reason
from anguan.alarms.rules.refusals import NotAllowed
from anguan.alarms.services.devices import send_command
from anguan.alarms.services.writing import is_operator, platform
from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.rules.selectors import rule

# Any number nobody else uses.
_PLAN_LOCK: Final = 0x616C6463
# The device never had the question: nobody was asked. What still waits was never sent, for no gateway ran.
_NOT_ASKED: Final = frozenset(CommandState) - {CommandState.SENT, CommandState.CONFIRMED, CommandState.ANSWERED}


def _plan(on: date) -> tuple[Plan, int]:
    found = rule("duty-check", on)
    return Plan.of(found.values), found.version


@transaction.atomic
def plan_day(*, day: date, now: datetime, random: Random | None = None) -> int:
    """排定一天的查岗 of every admitted device that can be asked and has none yet for the day; nothing in the past."""
    with connection.cursor() as cursor:
        # Workers that plan at the same time would each find no plan yet.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PLAN_LOCK])
    plan, version = _plan(day)
    begins = datetime.combine(day, datetime.min.time(), clock.CHINA)
    planned = DutyCheck.objects.filter(
        is_random=True, planned_at__gte=begins, planned_at__lt=begins + timedelta(days=1)
    )
    devices = Device.objects.filter(state=DeviceState.ADMITTED).exclude(pk__in=planned.values("device")).order_by("pk")
    chance = random or SystemRandom()
    rows = [
        DutyCheck(device=device, planned_at=moment, minutes=plan.minutes, rule_version=version)
        for device in devices
        if takes_orders(device.source)
        for moment in moments(plan, day, clock.CHINA, chance)
        if moment > now
    ]
    DutyCheck.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


@transaction.atomic
def check_now(*, device: Device, actor: Actor, now: datetime) -> DutyCheck:
    """立即查岗: an operator asks now. Raises `NotAllowed` while a question is open, or for a device not admitted."""
    device = Device.objects.select_for_update().get(pk=device.pk)
    if device.state != DeviceState.ADMITTED or not is_operator(actor, device.organ_id or 0):
        raise NotAllowed(N_("只有接警机构的值班人员可以向已接入的装置查岗；请联系值班室。"))
    if DutyCheck.objects.filter(device=device, state=DutyCheckState.SENT).exists():
        raise NotAllowed(N_("上一次查岗还没有到应答时限，请等结果出来再查。"))
    plan, version = _plan(clock.local_day(now))
    row = DutyCheck.objects.create(
        device=device, planned_at=now, minutes=plan.minutes, is_random=False, rule_version=version
    )
    _send(row, actor, now)
    return row


@transaction.atomic
def send_due(now: datetime, limit: int = 200) -> int:
    """发出查岗 whose moment has come; one whose device still has a question open, or that came late, is cancelled."""
    rows = list(
        DutyCheck.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("device")
        .filter(state=DutyCheckState.PLANNED, planned_at__lte=now)
        .order_by("planned_at", "pk")[:limit]
    )
    sent = 0
    open_now = set(
        DutyCheck.objects.filter(state=DutyCheckState.SENT, device__in=[row.device_id for row in rows]).values_list(
            "device", flat=True
        )
    )
    for row in rows:
        is_late = now - row.planned_at > timedelta(minutes=row.minutes)
        may_ask = row.device.state == DeviceState.ADMITTED and takes_orders(row.device.source)
        if row.device_id in open_now or is_late or not may_ask:
            _move(row, DutyCheckAction.CANCEL, platform(row.device.organ_id or 0), now)
            continue
        open_now.add(row.device_id)
        _send(row, platform(row.device.organ_id or 0), now)
        sent += 1
    return sent


def _send(row: DutyCheck, actor: Actor, now: datetime) -> None:
    row.command = send_command(
        device=row.device, kind=CommandKind.DUTY_CHECK, minutes=row.minutes, actor=actor, now=now
    )
    plan, _version = _plan(clock.local_day(now))
    row.sent_at, row.due_at = now, now + timedelta(minutes=row.minutes)
    row.give_up_at = row.due_at + plan.wait
    _move(row, DutyCheckAction.SEND, actor, now)


def take_answers(answers: Iterable[tuple[int, datetime]], *, now: datetime) -> int:
    """查岗应答: a key was pressed at these devices; answers what was asked and is open, or was missed lately."""
    taken = 0
    for device_id, at in answers:
        row = (
            DutyCheck.objects.select_for_update(of=("self",))
            .select_related("device")
            .filter(
                device_id=device_id,
                state__in=[DutyCheckState.SENT, DutyCheckState.MISSED],
                sent_at__lte=at,
                give_up_at__gte=at,
            )
            .order_by("-sent_at")
            .first()
        )
        if row is None or row.due_at is None:
            continue
        row.answered_at = at
        action = answered(due_at=row.due_at, at=at)
        # What the sweep took for missed may have been answered in time and worked in late.
        if row.state == DutyCheckState.MISSED and action is DutyCheckAction.ANSWER:
            row.state = DutyCheckState.SENT
        _move(row, action, platform(row.device.organ_id or 0), now)
        taken += 1
    return taken


@transaction.atomic
def run_out_due(now: datetime, limit: int = 500) -> int:
    """应答时限届满: nobody pressed the key in time; what never reached the device is cancelled instead."""
    rows = list(
        DutyCheck.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("device", "command")
        .filter(state=DutyCheckState.SENT, due_at__lt=now)
        .order_by("due_at", "pk")[:limit]
    )
    for row in rows:
        never = row.command is None or CommandState(row.command.state) in _NOT_ASKED
        action = DutyCheckAction.CANCEL if never else DutyCheckAction.RUN_OUT
        _move(row, action, platform(row.device.organ_id or 0), now)
    return len(rows)


@transaction.atomic
def call(*, check: DutyCheck, heard: str, actor: Actor, now: datetime) -> DutyCheck:
    """电话查问: who was asked by telephone and what they said. Raises `NotAllowed`."""
    check = _locked(check, actor)
    check.heard = check_reason(heard, N_("谁接的电话、怎么解释"))[:500]
    check.called_at = now
    _move(check, DutyCheckAction.CALL, actor, now)
    return check


@transaction.atomic
def settle(*, check: DutyCheck, is_violation: bool, reason: str, actor: Actor, now: datetime) -> DutyCheck:
    """认定: explained, or the post was left. Raises `NotAllowed`."""
    check = _locked(check, actor)
    check.reason = check_reason(reason, N_("认定的理由"))[:500]
    check.settled_at, check.settled_by_name = now, actor.name
    _move(check, DutyCheckAction.FIND_VIOLATION if is_violation else DutyCheckAction.EXPLAIN, actor, now)
    return check


def _locked(check: DutyCheck, actor: Actor) -> DutyCheck:
    row = DutyCheck.objects.select_for_update(of=("self",)).select_related("device").get(pk=check.pk)
    if not is_operator(actor, row.device.organ_id or 0):
        raise NotAllowed(N_("查岗由接警机构的值班人员办理，您的角色不能办理；请联系值班室。"))
    return row


def _move(row: DutyCheck, action: DutyCheckAction, actor: Actor, now: datetime) -> None:
    before = DutyCheckState(row.state)
    row.state = advance(before, action)
    row.save()
    audit.record(
        actor=actor,
        action=f"alarms.duty_check_{action.value}",
        subject=row,
        now=now,
        before={"state": before.value},
        after=audit.snapshot(row, "state", "device_id", "due_at", "answered_at"),
        cause=row.reason[:256] or row.heard[:256],
    )
