"""查岗 from the secret plan to the verdict."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db import IntegrityError, transaction

from anguan.alarms.models import Command, DutyCheck
from anguan.alarms.rules.duty_checks import DutyCheckState as S
from anguan.alarms.rules.refusals import NotAllowed
from anguan.alarms.rules.signals import SignalKind as K
from anguan.alarms.selectors import truth
from anguan.alarms.selectors.settings import duty_checks_visible_to
from anguan.alarms.services import duty_checks
from anguan.alarms.tests import builders as b

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> b.Cast:
    return b.cast(1)


def asked(people: b.Cast, after: float = 0) -> DutyCheck:
    """A question that the device has confirmed."""
    check = duty_checks.check_now(device=people.device, actor=b.actor(people.first), now=b.at(after))
    Command.objects.filter(duty_check=check).update(state="confirmed", ended_at=b.at(after))
    return check


def answer(people: b.Cast, after: float) -> None:
    b.tell(b.pending(people.device, None, K.CHECK_ANSWERED, after=after))


def state_of(check: DutyCheck) -> S:
    check.refresh_from_db()
    return S(check.state)


def test_a_day_is_planned_once_and_nobody_reads_the_plan(people: b.Cast) -> None:
    day, now = date(2026, 11, 28), b.at(0)
    assert duty_checks.plan_day(day=day, now=now, random=Random(7)) == 5
    assert duty_checks.plan_day(day=day, now=now, random=Random(8)) == 0
    assert not duty_checks_visible_to(b.viewer(people.first)).exists()


@pytest.mark.parametrize("source", ["mqtt:panel-1", "fire-host-1"])
def test_who_only_sends_messages_can_not_be_asked(people: b.Cast, source: str) -> None:
    people.device.source = source
    people.device.save()
    assert duty_checks.plan_day(day=date(2026, 11, 28), now=b.at(0), random=Random(7)) == 0
    with pytest.raises(NotAllowed, match="收不到命令"):
        duty_checks.check_now(device=people.device, actor=b.actor(people.first), now=b.at(0))
    # Planned by an earlier version.
    check = DutyCheck.objects.create(device=people.device, planned_at=b.at(10), minutes=2, rule_version=1)
    assert duty_checks.send_due(b.at(30)) == 0
    assert state_of(check) is S.CANCELLED


def test_what_is_due_is_sent_as_a_command_to_the_gateway(people: b.Cast) -> None:
    for after in (10, 20, -600):
        DutyCheck.objects.create(device=people.device, planned_at=b.at(after), minutes=2, rule_version=1)
    assert duty_checks.send_due(b.at(30)) == 1
    command = Command.objects.get()
    assert (command.kind, command.arguments) == ("duty_check", {"minutes": 2})
    # The one that nobody sent in time is not sent late, and the second does not come on top of the first.
    assert sorted(DutyCheck.objects.values_list("state", flat=True)) == ["cancelled", "cancelled", "sent"]


def test_an_answer_in_time_a_late_one_and_none(people: b.Cast) -> None:
    first = asked(people)
    answer(people, 119)
    assert state_of(first) is S.ANSWERED
    second = asked(people, 1000)
    assert duty_checks.run_out_due(b.at(1120)) == 0
    assert duty_checks.run_out_due(b.at(1121)) == 1
    answer(people, 1130)
    assert state_of(second) is S.LATE
    third = asked(people, 3000)
    duty_checks.run_out_due(b.at(3121))
    # After the time of waiting a key answers nothing.
    answer(people, 3000 + 120 + 601)
    assert state_of(third) is S.MISSED


def test_an_answer_in_time_that_was_worked_in_late_still_counts(people: b.Cast) -> None:
    check = asked(people)
    duty_checks.run_out_due(b.at(121))
    answer(people, 100)
    assert state_of(check) is S.ANSWERED


@pytest.mark.parametrize(("outcome", "ended"), [("not_connected", b.at(5)), ("waiting", None)])
def test_who_never_had_the_question_did_not_miss_it(people: b.Cast, outcome: str, ended: datetime | None) -> None:
    check = asked(people)
    Command.objects.update(state=outcome, ended_at=ended)
    duty_checks.run_out_due(b.at(121))
    assert state_of(check) is S.CANCELLED
    assert duty_checks_visible_to(b.viewer(people.first)).get() == check
    assert truth.duty_check_score(b.viewer(people.first), b.at(-1), b.at(200)) == (None, 0)


def test_a_missed_check_is_called_about_and_settled_by_the_duty_room(people: b.Cast) -> None:
    check = asked(people)
    duty_checks.run_out_due(b.at(121))
    first, stranger = b.actor(people.first), b.actor(people.stranger)
    with pytest.raises(NotAllowed, match="应电话查问原因"):
        duty_checks.settle(check=check, is_violation=True, reason="无人", actor=first, now=b.at(130))
    with pytest.raises(NotAllowed, match="值班人员办理"):
        duty_checks.call(check=check, heard="在巡查", actor=stranger, now=b.at(130))
    duty_checks.call(check=check, heard="保安接听，值班员离岗吃饭", actor=first, now=b.at(130))
    duty_checks.settle(check=check, is_violation=True, reason="一人离岗", actor=first, now=b.at(140))
    check.refresh_from_db()
    assert (check.state, check.settled_by_name) == (S.VIOLATION, "示例值班甲")


def test_one_question_at_a_time(people: b.Cast) -> None:
    check = asked(people)
    with pytest.raises(NotAllowed, match="还没有到应答时限"):
        asked(people, 10)
    with pytest.raises(IntegrityError, match="one_thing_at_a_time"), transaction.atomic():
        DutyCheck.objects.create(
            device=people.device,
            state=S.SENT,
            planned_at=b.at(0),
            sent_at=b.at(0),
            due_at=b.at(0) + timedelta(minutes=2),
            minutes=check.minutes,
            rule_version=1,
        )
