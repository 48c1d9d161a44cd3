"""自查自报: found and closed by the enterprise itself, counted by quarters, watched by the bureau; and the shops."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from uuid_utils.compat import uuid7

from anguan.hazards import services
from anguan.hazards.models import Hazard, Statement
from anguan.hazards.rules import Credibility, NotAllowed, Quarter, State, due_day, quarter_to_report, zero_streak
from anguan.hazards.selectors import credibility_rows, self_closed_hazards, tenant_hazards
from anguan.hazards.tests import builders as b
from anguan.people.models import User
from anguan.people.viewers import viewer_of
from anguan.registry.tests.builders import a_complex, a_shop, a_shopkeeper

DAYS = {"quarterly": ["01-15", "04-15", "07-15", "10-15"], "yearly": ["01-31"]}


@pytest.mark.parametrize(
    ("year", "number", "first", "last", "due"),
    [
        (2026, 1, "2026-01-01", "2026-03-31", "2026-04-15"),
        (2026, 3, "2026-07-01", "2026-09-30", "2026-10-15"),
        (2026, 4, "2026-10-01", "2026-12-31", "2027-01-15"),
        (2026, 0, "2026-01-01", "2026-12-31", "2027-01-31"),
    ],
)
def test_a_period_is_reported_by_the_first_day_of_the_rule_after_it(
    year: int, number: int, first: str, last: str, due: str
) -> None:
    quarter = Quarter(year, number)
    assert (quarter.first.isoformat(), quarter.last.isoformat()) == (first, last)
    assert due_day(quarter, **DAYS).isoformat() == due


@pytest.mark.parametrize(
    ("today", "quarter"),
    [("2026-01-01", Quarter(2025, 4)), ("2026-03-31", Quarter(2025, 4)), ("2026-04-01", Quarter(2026, 1))],
)
def test_the_last_quarter_that_is_over_is_reported(today: str, quarter: Quarter) -> None:
    assert quarter_to_report(date.fromisoformat(today)) == quarter


def test_figures_that_stand_out_are_told_as_hints() -> None:
    assert [zero_streak(found) for found in ([], [0], [3, 0, 0], [0, 0, 1])] == [0, 1, 2, 0]
    calm = Credibility(self_found=6, found_by_others=2, closed=4, reopened=1, reused_photos=0, zero_streak=0)
    assert (calm.self_share, calm.reopened_rate, calm.hints(streak_from=3)) == (0.75, 0.25, [])
    odd = Credibility(self_found=0, found_by_others=2, closed=0, reopened=0, reused_photos=1, zero_streak=3)
    assert odd.hints(streak_from=3) == ["用过重复的照片", "连续多期报零隐患，而检查发现过隐患"]
    assert (odd.self_share, odd.reopened_rate) == (0.0, None)


def _own(people: b.Cast, **fields: Any) -> Hazard:
    values: dict[str, Any] = {
        "uid": uuid7(),
        "enterprise": people.firm,
        "description": "三层应急照明不亮",
        "place": "三层",
        "photos": [b.a_photo(b.FOUND_AT)],
        "may_be_major": False,
        "actor": b.actor(people.manager),
        "now": b.FOUND_AT,
    }
    return services.report_own_hazard(**{**values, **fields})


def _closed(people: b.Cast, hazard: Hazard) -> Hazard:
    services.close_own_hazard(
        hazard=hazard, uid=uuid7(), description="已更换", photos=[b.a_photo(b.REPORTED_AT)],
        actor=b.actor(people.manager), now=b.REPORTED_AT,
    )  # fmt: skip
    hazard.refresh_from_db()
    return hazard


@pytest.mark.django_db
def test_what_the_enterprise_found_itself_it_closes_itself_and_a_sample_is_drawn_from_those() -> None:
    people = b.cast()
    b.a_hazard(people)
    uid = uuid7()
    hazard = _own(people, uid=uid)
    assert _own(people, uid=uid).pk == hazard.pk
    assert (hazard.state, hazard.organ) == (State.RECTIFYING, people.papers.branch)
    with pytest.raises(NotAllowed, match="至少拍一张"):
        _own(people, photos=[])
    with pytest.raises(NotAllowed, match="至少上传一张"):
        services.close_own_hazard(
            hazard=hazard,
            uid=uuid7(),
            description="已更换",
            photos=[],
            actor=b.actor(people.manager),
            now=b.REPORTED_AT,
        )
    closed = _closed(people, hazard)
    assert (closed.state, closed.self_closed) == (State.CLOSED, True)
    branch = people.papers.branch.pk
    day = date(2026, 3, 5)
    assert list(self_closed_hazards([branch], day, day)) == [closed]
    assert not self_closed_hazards([branch], day + timedelta(days=1), day + timedelta(days=9)).exists()
    assert not self_closed_hazards([people.papers.bureau.pk], day, day).exists()
    services.reopen_hazard(hazard=closed, reason="又不亮了", actor=b.actor(people.officer), now=b.CHECKED_AT)
    assert not self_closed_hazards([branch], day, day).exists()


@pytest.mark.django_db
def test_what_others_found_or_may_be_major_the_enterprise_does_not_close() -> None:
    people = b.cast()
    ordered = b.ordered(people)
    with pytest.raises(NotAllowed, match="不是企业自查发现"):
        _closed(people, ordered)
    assert _own(people, may_be_major=True).state == State.FOUND
    major = services.classify_hazard(
        hazard=_own(people, may_be_major=True, photos=[b.a_photo(b.FOUND_AT)]), level="major",
        criterion="GB 35181-2025 第6.2条", actor=b.actor(people.officer), now=b.FOUND_AT,
    )  # fmt: skip
    services.undertake_rectification(hazard=major, actor=b.actor(people.manager), now=b.FOUND_AT)
    with pytest.raises(NotAllowed, match="重大事故隐患不能自行销号"):
        _closed(people, major)
    with pytest.raises(IntegrityError, match="only_a_general_hazard"), transaction.atomic():
        Hazard.objects.filter(pk=major.pk).update(self_closed=True)


@pytest.mark.django_db
def test_the_quarter_is_handed_in_once_after_its_end_with_the_platforms_own_figures() -> None:
    people = b.cast()
    _closed(people, _own(people))
    _own(people, photos=[b.a_photo(b.FOUND_AT)])

    def submit(now: datetime) -> Statement:
        return services.submit_statement(
            enterprise=people.firm, year=2026, quarter=1, funds_yuan=Decimal("1200.50"), note_text="", now=now,
            actor=b.actor(people.manager),
        )  # fmt: skip

    with pytest.raises(NotAllowed, match="2026-03-31 才结束"):
        submit(b.REPORTED_AT)
    april = b.FOUND_AT + timedelta(days=40)
    row = submit(april)
    assert (row.found_general, row.found_major, row.rectified, row.open_count) == (2, 0, 1, 1)
    assert row.due_on == date(2026, 4, 15)
    with pytest.raises(NotAllowed, match="已经报送"):
        submit(april)
    (shown,) = credibility_rows(viewer_of(people.officer))
    assert (shown.enterprise, shown.figures.self_found, shown.figures.zero_streak) == (people.firm, 2, 0)
    assert credibility_rows(viewer_of(people.manager)) == []


@pytest.mark.django_db
def test_a_shop_sees_what_concerns_it_and_tells_the_mall() -> None:
    people = b.cast()
    mall = a_complex(people.firm)
    shop, neighbour = a_shop(mall), a_shop(mall, "L1-02", "隔壁店")
    keeper = User.objects.create_user(username="keeper", name="店长")
    a_shopkeeper(keeper, shop)
    hazard = b.a_hazard(people)
    with pytest.raises(NotAllowed, match="没有指明商户"):
        services.report_tenant_part(
            hazard=hazard, uid=uuid7(), description="已清", photos=[], actor=b.actor(keeper), now=b.REPORTED_AT
        )
    services.name_tenant(hazard=hazard, tenant=shop, actor=b.actor(people.manager), now=b.FOUND_AT)
    viewer = viewer_of(keeper)
    # Before the mall was told neither is its shop.
    assert not tenant_hazards(viewer).exists()
    b.ordered(people, hazard)
    assert tenant_hazards(viewer).get() == hazard
    uid = uuid7()
    for _ in range(2):
        services.report_tenant_part(
            hazard=hazard, uid=uid, description="本店已清走", photos=[b.a_photo(b.REPORTED_AT)],
            actor=b.actor(keeper), now=b.REPORTED_AT,
        )  # fmt: skip
    assert hazard.tenant_reports.get().tenant == shop
    hazard.refresh_from_db()
    assert hazard.state == State.RECTIFYING
    services.name_tenant(hazard=hazard, tenant=neighbour, actor=b.actor(people.manager), now=b.REPORTED_AT)
    assert not tenant_hazards(viewer).exists()
    elsewhere = a_shop(a_complex(people.stranger.memberships.get().enterprise, "别家广场"))
    with pytest.raises(NotAllowed, match="不在本单位的综合体"):
        services.name_tenant(hazard=hazard, tenant=elsewhere, actor=b.actor(people.manager), now=b.REPORTED_AT)
