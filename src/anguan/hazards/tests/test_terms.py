"""延期 and 异议, with a database: in time, by the right person, with a reason, and never after the term."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from uuid_utils.compat import uuid7

from anguan.ground.calendars import shipped_calendar
from anguan.hazards import services
from anguan.hazards.models import Extension, Hazard, Objection
from anguan.hazards.rules import ExtensionLimits, NotAllowed, State, check_application
from anguan.hazards.services.extensions import last_day_to_apply
from anguan.hazards.tests import builders as b
from anguan.people.models import RoleGrant
from anguan.people.rules import Role

LIMITS = ExtensionLimits(most_times=1, most_days=90, apply_before=5, decide_within=10)
DUE = date(2026, 4, 1)


@pytest.mark.parametrize(
    ("proposed", "today", "granted", "waits", "refusal"),
    [
        pytest.param("2026-04-15", "2026-03-20", 0, False, "", id="在期限内申请"),
        pytest.param("2026-04-15", "2026-04-02", 0, False, "已过", id="期限过后"),
        pytest.param("2026-04-15", "2026-03-27", 0, False, "5 个工作日以前", id="提前不够"),
        pytest.param("2026-04-01", "2026-03-20", 0, False, "应晚于", id="没有延长"),
        pytest.param("2026-07-01", "2026-03-20", 0, False, "最晚到 2026-06-30", id="延得太长"),
        pytest.param("2026-04-15", "2026-03-20", 1, False, "达到上限", id="已经延过"),
        pytest.param("2026-04-15", "2026-03-20", 0, True, "待决定", id="已有申请"),
    ],
)
def test_an_application_is_in_time_modest_and_the_only_one(
    proposed: str, today: str, granted: int, waits: bool, refusal: str
) -> None:
    def check() -> None:
        check_application(
            proposed_on=date.fromisoformat(proposed),
            due_on=DUE,
            last_day=date(2026, 3, 25),
            today=date.fromisoformat(today),
            granted_before=granted,
            one_waits=waits,
            limits=LIMITS,
        )

    if refusal:
        with pytest.raises(NotAllowed, match=refusal):
            check()
    else:
        check()


def test_the_last_day_to_apply_leaves_the_working_days_within_the_term(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anguan.hazards.services.extensions.current_calendar", shipped_calendar)
    assert last_day_to_apply(date(2026, 3, 20), 0) == date(2026, 3, 20)
    # Monday 16 to Friday 20 March are five working days: whoever asks on Sunday 15 still leaves them all.
    assert last_day_to_apply(date(2026, 3, 20), 5) == date(2026, 3, 15)


@pytest.mark.django_db
def test_a_leader_of_the_organ_moves_the_term_with_a_reason_and_the_old_day_stays() -> None:
    people = b.cast()
    hazard = b.ordered(people)
    asked = b.an_extension(people, hazard)
    # Ten working days after Thursday 5 March 2026.
    assert asked.decide_by == date(2026, 3, 19)
    with pytest.raises(NotAllowed, match="须由机关负责人决定"):
        services.decide_extension(
            extension=asked, granted=True, decision="同意", actor=b.actor(people.officer), now=b.CHECKED_AT
        )
    leader = b.actor(people.leader)
    with pytest.raises(NotAllowed, match="写明理由"):
        services.decide_extension(extension=asked, granted=True, decision=" ", actor=leader, now=b.CHECKED_AT)
    granted = services.decide_extension(
        extension=asked, granted=True, decision="情况属实", granted_on=date(2026, 4, 10), actor=leader, now=b.CHECKED_AT
    )
    hazard.refresh_from_db()
    assert (granted.before_on, granted.granted_on, hazard.due_on) == (DUE, date(2026, 4, 10), date(2026, 4, 10))
    assert services.mark_overdue(b.SERVED_AT + timedelta(days=32)) == 0
    with pytest.raises(NotAllowed, match="达到上限"):
        b.an_extension(people, hazard, proposed_on=date(2026, 4, 20))
    with pytest.raises(NotAllowed, match="应按新的期限整改"):
        services.decide_extension(extension=granted, granted=False, decision="改主意", actor=leader, now=b.CHECKED_AT)
    with pytest.raises(IntegrityError, match="a_granted_extension_moves_the_day"), transaction.atomic():
        Extension.objects.update(granted_on=None)


@pytest.mark.django_db
def test_nothing_is_granted_after_the_term_and_what_nobody_decided_lapses() -> None:
    people = b.cast()
    hazard = b.ordered(people)
    asked = b.an_extension(people, hazard, now=b.SERVED_AT + timedelta(days=29))
    assert asked.decide_by == DUE
    late = b.SERVED_AT + timedelta(days=31)
    with pytest.raises(NotAllowed, match="期限已过，不能再准予延期"):
        services.decide_extension(
            extension=asked, granted=True, decision="同意", actor=b.actor(people.leader), now=late
        )
    assert services.lapse_extensions(b.SERVED_AT + timedelta(days=30)) == 0
    assert services.lapse_extensions(late) == 1
    assert services.lapse_extensions(late) == 0
    asked.refresh_from_db()
    assert asked.state == "lapsed"
    with pytest.raises(NotAllowed, match="已过，不能再申请延期"):
        b.an_extension(people, hazard, now=late)


@pytest.mark.django_db
def test_the_leader_of_the_organ_that_issued_the_order_decides_too_and_another_leader_not() -> None:
    people = b.cast()
    hazard = b.ordered(people)
    asked = b.an_extension(people, hazard)
    with pytest.raises(NotAllowed, match="须由机关负责人决定"):
        services.decide_extension(
            extension=asked, granted=False, decision="不同意", actor=b.actor(people.outsider), now=b.CHECKED_AT
        )
    RoleGrant.objects.create(user=people.outsider, role=Role.LEADER, organ=people.papers.bureau)
    refused = services.decide_extension(
        extension=asked, granted=False, decision="没有必要", actor=b.actor(people.outsider), now=b.CHECKED_AT
    )
    assert (refused.state, Hazard.objects.get().due_on) == ("refused", DUE)


@pytest.mark.django_db
def test_an_objection_is_decided_by_somebody_else_and_may_end_the_hazard() -> None:
    people = b.cast()
    hazard = b.a_hazard(people)
    manager = b.actor(people.manager)

    def file(reason: str = "净宽实测 1.4 米，符合规范。") -> Objection:
        return services.file_objection(hazard=hazard, uid=uuid7(), reason=reason, actor=manager, now=b.REPORTED_AT)

    with pytest.raises(NotAllowed, match="责令整改送达之后"):
        file()
    b.ordered(people, hazard)
    with pytest.raises(NotAllowed, match="哪里认定得不对"):
        file(" ")
    objection = file()
    assert objection.answer_by == date(2026, 3, 12)
    with pytest.raises(NotAllowed, match="待答复"):
        file()
    with pytest.raises(NotAllowed, match="不能由发现人自己答复"):
        services.decide_objection(
            objection=objection, withdraw=False, decision="无误", actor=b.actor(people.officer), now=b.CHECKED_AT
        )
    services.decide_objection(
        objection=objection,
        withdraw=True,
        decision="复测合格，认定有误",
        actor=b.actor(people.leader),
        now=b.CHECKED_AT,
    )
    hazard.refresh_from_db()
    assert hazard.state == State.WITHDRAWN
    with pytest.raises(NotAllowed, match="认定已撤销"):
        b.report(people, hazard)
    assert services.mark_overdue(b.SERVED_AT + timedelta(days=60)) == 0


@pytest.mark.django_db
def test_an_upheld_finding_stands_and_is_not_contested_twice() -> None:
    people = b.cast()
    hazard = b.ordered(people)
    objection = services.file_objection(
        hazard=hazard, uid=uuid7(), reason="不属于疏散通道", actor=b.actor(people.manager), now=b.REPORTED_AT
    )
    services.decide_objection(
        objection=objection, withdraw=False, decision="属于", actor=b.actor(people.leader), now=b.CHECKED_AT
    )
    with pytest.raises(NotAllowed, match="已经答复过"):
        services.file_objection(
            hazard=hazard, uid=uuid7(), reason="再看", actor=b.actor(people.manager), now=b.CHECKED_AT
        )
    late = b.SERVED_AT + timedelta(days=40)
    with pytest.raises(NotAllowed, match="行政复议"):
        services.file_objection(
            hazard=b.ordered(people, b.a_hazard(people), number=2),
            uid=uuid7(), reason="晚了", actor=b.actor(people.manager), now=late,
        )  # fmt: skip
    b.report(people, hazard)
    hazard.refresh_from_db()
    assert hazard.state == State.REPORTED
