"""覆盖 and 入企负担: the rest of a year worked by hand, then counted over visits."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from uuid_utils.compat import uuid7

from anguan.ground import clock
from anguan.ground.calendars.holidays import shipped_calendar
from anguan.inspections.models import JointTask, Visit, VisitOfficer
from anguan.inspections.rules.coverage import Forecast, Month, forecast, months_left
from anguan.inspections.rules.plans import Capacity
from anguan.inspections.selectors import burden
from anguan.inspections.selectors.coverage import coverage, uncovered_key
from anguan.inspections.tests.builders import MONDAY, Cast, a_cast, an_enterprise
from anguan.inspections.tests.plan_builders import drafted, published
from anguan.inspections.tests.visit_builders import checked
from anguan.people.models import Department
from anguan.people.tests.builders import an_organ, logged_in


@dataclass
class WeekendsOnly:
    version: str = "weekends"

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5

    def has_notice(self, year: int) -> bool:
        return False


def test_the_months_left_count_today() -> None:
    """Thursday 26 November 2026: three working days (26, 27, 30), then 23 in December."""
    assert months_left(date(2026, 11, 26), WeekendsOnly()) == [Month(11, 3), Month(12, 23)]


# 200 working days × 5 staff, half of it for checks: 500 officer-days, 2.5 a day.
CAPACITY = Capacity(200, 5, Decimal(300), Decimal(200), Decimal(400), provisional=False)


def a_forecast(**changes: Any) -> Forecast:
    values: dict[str, Any] = {
        "needed_checks": 20, "days_per_check": Decimal(2), "capacity": CAPACITY, "made": 60, "working_days_gone": 180,
        "months": [Month(11, 5), Month(12, 15)], "provisional": False,
    }  # fmt: skip
    return forecast(**{**values, **changes})


def test_twenty_checks_of_two_days_fit_into_twenty_days_of_two_and_a_half() -> None:
    """20 days × 2.5 = 50 officer-days hold 40; 60 checks in 180 days are 6 in the 20 that are left."""
    found = a_forecast()
    assert (found.held_days, found.needed_days, found.fits) == (Decimal(50), Decimal(40), True)
    assert (found.by_pace, found.pace_suffices) == (6, False)
    # November holds 5×2.5/2 = 6 checks and gets a quarter of the twenty; December the rest.
    assert [(m.holds, m.takes, m.open_after) for m in found.months] == [(6, 5, 15), (18, 15, 0)]


def test_more_than_the_days_hold_stays_open_at_the_end() -> None:
    found = a_forecast(needed_checks=40)
    assert found.fits is False
    assert [(m.takes, m.open_after) for m in found.months] == [(6, 34), (18, 16)]


def test_without_a_plan_nobody_knows_and_without_days_gone_there_is_no_pace() -> None:
    found = a_forecast(capacity=None, working_days_gone=0)
    assert (found.fits, found.held_days, found.by_pace) == (None, None, 0)
    assert found.months[-1].open_after == 0


def test_on_the_last_day_nothing_is_divided_by_nothing() -> None:
    found = a_forecast(months=[Month(12, 0)])
    assert (found.fits, found.months[0].takes, found.months[0].open_after) == (False, 0, 20)


def a_visit(cast: Cast, firm: Any, **changes: Any) -> Visit:
    values: dict[str, Any] = {
        "uid": uuid7(), "kind": "special", "enterprise": firm, "organ": cast.organ, "item": cast.item,
        "checklist": cast.item.checklist, "due_on": date(2026, 3, 31), "approved_at": MONDAY,
        "approved_by_name": "示例负责人", "started_at": MONDAY + timedelta(hours=3), "why_on_site": "看现场",
        "trigger": "plan", "count_class": "daily", "state": "on_site",
    }  # fmt: skip
    return Visit.objects.create(**{**values, **changes})


@pytest.mark.django_db
def test_a_key_enterprise_is_covered_by_a_check_that_was_made_this_year() -> None:
    cast = a_cast(enterprises=4)
    keys = [an_enterprise(number, is_key=True) for number in range(20, 26)]
    visited, alias_of, alias, last_year, unreachable, other_organ = keys
    alias.merged_into = alias_of
    alias.save()
    a_visit(cast, visited)
    a_visit(cast, visited)
    a_visit(cast, alias)
    a_visit(cast, last_year, started_at=datetime(2025, 12, 31, 15, 59, tzinfo=UTC))
    a_visit(cast, unreachable, category="unreachable", finished_at=MONDAY)
    a_visit(cast, other_organ, organ=an_organ("邻区应急管理局"))
    a_visit(cast, cast.enterprises[0])
    an_enterprise(30, is_key=True, status="cancelled")
    found = coverage([cast.organ.pk], date(2026, 3, 2), shipped_calendar())
    # An alias is no firm of its own; what was checked under its name covers the firm it was merged into.
    assert (found.key.firms, found.key.checked, found.key.checks, found.key.percent) == (5, 2, 3, 40)
    assert (found.general.firms, found.general.checked) == (4, 1)
    firms = uncovered_key([cast.organ.pk], date(2026, 3, 2))
    assert firms == [last_year, unreachable, other_organ]
    assert uncovered_key([cast.organ.pk], date(2026, 3, 2), after=last_year.pk, limit=1) == [unreachable]
    assert found.forecast.fits is None
    published(cast, drafted(cast))
    assert coverage([cast.organ.pk], date(2026, 3, 2), shipped_calendar()).forecast.fits is True
    clerk = logged_in(cast.clerk)
    page = clerk.get(reverse("inspections:coverage")).content.decode()
    apply = f"{reverse('inspections:apply')}?enterprise={last_year.pk}"
    assert apply in page
    assert last_year.get_absolute_url() in page
    assert last_year.name in clerk.get(apply).content.decode()


@pytest.mark.django_db
def test_a_joint_visit_opens_the_door_once_and_counts_for_each_agency(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY + timedelta(hours=9))
    cast = a_cast(enterprises=3)
    first, second, _third = cast.enterprises
    fire = an_organ("示例消防救援大队", kind="fire")
    task = JointTask.objects.create(
        uid=uuid7(), title="联合检查", initiator=cast.organ, enterprise=first, visit_on=date(2026, 3, 2), reason="联合",
        created_at=MONDAY, created_by_name="示例",
    )  # fmt: skip
    done = a_visit(cast, first, joint=task, category="no_problem", finished_at=MONDAY, state="closed")
    a_visit(cast, first, joint=task, organ=fire)
    a_visit(cast, second)
    a_visit(cast, second, count_class="ordered_from_above")
    a_visit(cast, second, mode="off_site", why_on_site="")
    a_visit(cast, first, kind="recheck", parent=done)
    a_visit(cast, first, started_at=None, state="approved")
    VisitOfficer.objects.create(visit=done, officer=cast.officers[0], position=0)
    year = burden.burden_of_year(2026)
    assert (year.doors, year.agency_checks, year.joint_tasks, year.exempt, year.rechecks) == (2, 3, 1, 1, 1)
    assert (year.firms, year.most, year.off_site, year.off_site_percent) == (2, 1, 1, 25)
    assert year.by_times[0] == ("1", 2)
    assert year.by_organ == ((cast.organ.name, 3, 1, 1), (fire.name, 1, 0, 1))
    own = burden.burden_of_firm([first.pk], 2026)
    assert (own.doors, own.rechecks, own.by_organ) == (1, 1, ((cast.organ.name, 1, 0), (fire.name, 1, 0)))
    (share,) = burden.officers_of_year([cast.organ.pk], 2026)
    assert (share.name, share.checks, share.no_problem, share.no_problem_percent) == (cast.officers[0].name, 1, 1, 100)
    # The firm's own page, and the bureau's; no person's name on the supervisor's.
    mine = logged_in(cast.principal).get(reverse("inspections:own_burden"))
    assert (mine.status_code, fire.name in mine.content.decode()) == (200, True)
    seen = logged_in(cast.supervisor).get(reverse("inspections:burden")).content.decode()
    assert cast.officers[0].name not in seen
    assert cast.officers[0].name in logged_in(cast.leader).get(reverse("inspections:burden")).content.decode()
    clerk = logged_in(cast.clerk)
    with django_assert_max_num_queries(14):
        assert clerk.get(reverse("inspections:coverage")).status_code == 200
    assert clerk.get(reverse("inspections:registers"), {"on": "2099-01-01"}).status_code == 200
    assert clerk.get(reverse("inspections:registers"), {"on": "x"}).status_code == 200


@pytest.mark.django_db
def test_a_check_counts_once_for_the_department_of_whoever_led_it() -> None:
    cast = a_cast(enterprises=3)
    other = an_organ("示例区住建局", kind="construction")
    mine, neighbours = (Department.objects.create(organ=cast.organ, name=name) for name in ("执法一科", "执法二科"))
    for officer, department in zip(cast.officers, (mine, neighbours, neighbours, None), strict=True):
        officer.department = department
        officer.save()
    first, second, third, fourth = cast.officers
    one, two, _three = cast.enterprises
    checked(cast, one, MONDAY, officers=[first, second])
    checked(cast, one, MONDAY, officers=[first, third], count_class="ordered_from_above")
    checked(cast, two, MONDAY, officers=[second, first])
    checked(cast, two, MONDAY, officers=[fourth, first])
    checked(cast, two, MONDAY - timedelta(days=400), officers=[first])
    checked(cast, two, MONDAY, organ=other)
    rows = burden.departments_of_year([cast.organ.pk], 2026)
    assert sorted((row.name, row.checks, row.exempt, row.firms) for row in rows) == [
        ("", 1, 0, 1), ("执法一科", 1, 1, 1), ("执法二科", 1, 0, 1),
    ]  # fmt: skip
    assert len(burden.departments_of_year(None, 2026)) == 4
    page = logged_in(cast.leader).get(f"{reverse('inspections:burden')}?year=2026").content.decode()
    assert "执法一科" in page
    assert "未分科室" in page
    public = Client().get(f"{reverse('public_figures')}?year=2026").content.decode()
    assert "执法一科" not in public, "a department of one officer would be a person"
