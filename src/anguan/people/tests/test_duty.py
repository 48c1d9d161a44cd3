"""值班: who is on duty when, and what a roster refuses."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from anguan.ground import clock
from anguan.ground.access import SYSTEM
from anguan.ground.models import AuditRecord
from anguan.people import services
from anguan.people.models import DutyShift, User
from anguan.people.rules import DutyPost, Role, ShiftRefused, check_shift
from anguan.people.selectors import on_duty
from anguan.people.services.duty import shift_times
from anguan.people.sessions import keep_open_while_on_duty, viewer_of_session

from .builders import a_user, an_organ, logged_in

# A Monday, ten in the morning in China.
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("until", "others", "says"),
    [
        pytest.param(NOW, [], "交班时间不晚于接班时间", id="交班不晚于接班"),
        pytest.param(NOW + 25 * HOUR, [], "不能超过 24 小时", id="超过一昼夜"),
        pytest.param(NOW + 8 * HOUR, [(NOW + 7 * HOUR, NOW + 9 * HOUR)], "已经排了班", id="与后一班重叠一小时"),
        pytest.param(NOW + 8 * HOUR, [(NOW - HOUR, NOW + 9 * HOUR)], "已经排了班", id="在另一班之内"),
        pytest.param(NOW + 24 * HOUR, [(NOW - HOUR, NOW), (NOW + 24 * HOUR, NOW + 25 * HOUR)], "", id="首尾相接"),
    ],
)
def test_a_shift_is_a_stretch_of_time_of_its_own(
    until: datetime, others: list[tuple[datetime, datetime]], says: str
) -> None:
    if says:
        with pytest.raises(ShiftRefused, match=says):
            check_shift(NOW, until, others)
    else:
        check_shift(NOW, until, others)


def test_a_night_shift_ends_on_the_next_day_in_china() -> None:
    since, until = shift_times(MONDAY, time(20), time(8))
    assert since.astimezone(UTC) == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert until - since == 12 * HOUR


def _planned(user: User, *days: date, starts: time = time(8), ends: time = time(20)) -> list[DutyShift]:
    return services.plan_shifts(
        organ=an_organ(), user=user, post=DutyPost.OPERATOR, days=days, starts=starts, ends=ends, actor=SYSTEM, now=NOW
    )


@pytest.mark.django_db
def test_on_duty_is_whose_shift_has_begun_and_not_ended() -> None:
    day, night = a_user("day", Role.DUTY_OFFICER), a_user("night", Role.DUTY_OFFICER)
    _planned(day, MONDAY)
    _planned(night, MONDAY, starts=time(20), ends=time(8))
    organ = an_organ()

    def there(now: datetime) -> list[User]:
        return [shift.user for shift in on_duty([organ.pk], now)]

    change = NOW + 10 * HOUR
    assert there(NOW) == [day]
    assert there(change - timedelta(seconds=1)) == [day]
    assert there(change) == [night]
    assert there(change + 12 * HOUR) == []
    assert on_duty([organ.pk + 1], NOW).count() == 0


@pytest.mark.django_db
def test_planning_again_adds_nothing_and_a_clash_plans_none_of_the_days() -> None:
    user = a_user("watch", Role.DUTY_OFFICER)
    assert len(_planned(user, MONDAY, MONDAY + timedelta(days=1))) == 2
    assert _planned(user, MONDAY) == []
    with pytest.raises(ShiftRefused, match="已经排了班"):
        _planned(user, MONDAY + timedelta(days=2), MONDAY, starts=time(19), ends=time(23))
    assert DutyShift.objects.count() == 2
    with pytest.raises(ShiftRefused, match="已经过去"):
        _planned(user, MONDAY - timedelta(days=3))
    with pytest.raises(ShiftRefused, match="值班员"):
        _planned(a_user("clerk", Role.CLERK), MONDAY)


@pytest.mark.django_db
def test_a_week_is_planned_again_without_whoever_lost_the_role() -> None:
    stays, leaves = a_user("stays", Role.DUTY_OFFICER), a_user("leaves", Role.DUTY_OFFICER)
    _planned(stays, MONDAY, MONDAY + timedelta(days=6), starts=time(20), ends=time(8))
    _planned(leaves, MONDAY)
    leaves.grants.all().delete()
    next_monday = MONDAY + timedelta(days=7)
    assert services.repeat_week(organ=an_organ(), monday=next_monday, actor=SYSTEM, now=NOW) == (2, 1)
    assert services.repeat_week(organ=an_organ(), monday=next_monday, actor=SYSTEM, now=NOW) == (0, 1)


@pytest.mark.django_db
def test_a_shift_that_runs_is_ended_and_one_that_is_over_stays() -> None:
    running, later = _planned(a_user("watch", Role.DUTY_OFFICER), MONDAY, MONDAY + timedelta(days=1))
    services.remove_shift(shift=running, actor=SYSTEM, now=NOW)
    services.remove_shift(shift=later, actor=SYSTEM, now=NOW)
    assert DutyShift.objects.get().until == NOW
    with pytest.raises(ShiftRefused, match="已经结束"):
        services.remove_shift(shift=running, actor=SYSTEM, now=NOW + HOUR)
    assert set(AuditRecord.objects.filter(subject_type="people.organ").values_list("action", flat=True)) == {
        "people.plan_shift",
        "people.end_shift",
        "people.remove_shift",
    }


@pytest.mark.django_db
def test_a_clerk_plans_a_week_and_a_duty_officer_reads_it() -> None:
    watch = a_user("watch", Role.DUTY_OFFICER)
    clerk, reader = logged_in(a_user("clerk", Role.CLERK)), logged_in(watch)
    url = reverse("people:roster", args=[an_organ().pk])
    today = clock.local_day(clock.now())
    monday = today + timedelta(days=7 - today.weekday())
    row = {"user": watch.pk, "post": "operator", "starts": "20:00", "ends": "08:00", "days": [f"{monday}"]}
    week = f"{url}?week={monday}"
    plan = reverse("people:roster_plan", args=[an_organ().pk]) + f"?week={monday}"
    assert clerk.post(plan, row).status_code == 302
    assert "20:00–08:00" in reader.get(week).content.decode()
    assert reader.post(plan, row).status_code == 403
    assert "请至少选一天" in clerk.post(plan, {**row, "days": []}).content.decode()
    assert clerk.get(f"{url}?week=nonsense").status_code == 200
    elsewhere = an_organ("邻区应急管理局")
    assert clerk.get(reverse("people:roster", args=[elsewhere.pk])).status_code == 404
    assert reader.get(reverse("people:my_roster")).headers["Location"] == url


@pytest.mark.django_db
def test_a_session_lives_on_during_a_shift_and_no_longer() -> None:
    watch = a_user("watch", Role.DUTY_OFFICER)
    key = logged_in(watch).cookies["sessionid"].value
    now = clock.now()
    viewer = viewer_of_session(key)
    assert viewer.user_id == watch.pk
    Session.objects.update(expire_date=now + timedelta(minutes=5))
    assert not keep_open_while_on_duty(key, viewer, now)
    DutyShift.objects.create(organ=an_organ(), user=watch, since=now - HOUR, until=now + HOUR)
    assert keep_open_while_on_duty(key, viewer, now)
    assert Session.objects.get().expire_date > now + 7 * HOUR
    assert not keep_open_while_on_duty(key, viewer, now + 2 * HOUR)


@pytest.mark.django_db
@pytest.mark.parametrize("why", ["停用", "没有密码", "没有第二步验证", "会话已过期"])
def test_a_session_that_the_pages_would_not_let_in_is_nobody_s(why: str) -> None:
    watch = a_user("watch", Role.DUTY_OFFICER)
    client = logged_in(watch)
    key = client.cookies["sessionid"].value
    session = client.session
    if why == "停用":
        User.objects.update(is_active=False)
    elif why == "会话已过期":
        Session.objects.update(expire_date=clock.now())
    else:
        del session["second_factor_waived"]
        session.save()
    if why == "没有密码":
        watch.set_unusable_password()
        watch.save()
    assert viewer_of_session(key).user_id is None
