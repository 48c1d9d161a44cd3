"""往日底账: what we knew on a day, and what nobody can tell."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from anguan.ground.access import SYSTEM
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, logged_in
from anguan.registry import past
from anguan.registry.kinds import KINDS
from anguan.registry.models import Building, Enterprise
from anguan.registry.selectors import NotKnown
from anguan.registry.services import change_row, create_row, merge_enterprises

from .builders import a_code, a_member, an_enterprise

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def at(month: int, day: int = 1) -> datetime:
    return datetime(2026, month, day, 2, 0, tzinfo=UTC)


def registered(number: int = 1, month: int = 2, **values: Any) -> Enterprise:
    given = {"name": f"示例{number}号公司", "credit_code": a_code(number), "address": "示例路1号", "is_key": False}
    pk = create_row(kind="enterprise", values={**given, **values}, actor=SYSTEM, now=at(month))
    return Enterprise.objects.get(pk=pk)


def known(row: Any, day: date) -> dict[str, Any]:
    return {one.field.attname: one.then for one in past.row_as_of(row, day, TODAY).fields}


def test_a_row_is_told_as_it_stood_when_the_day_ended(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    firm = registered(risk_level="B")
    change_row(row=firm, values={"risk_level": "C", "address": "新路2号"}, actor=SYSTEM, now=at(3, 2))
    change_row(row=firm, values={"risk_level": "D"}, actor=SYSTEM, now=at(5))
    firm.refresh_from_db()
    told = {day: known(firm, day) for day in (date(2026, 3, 1), date(2026, 3, 2), date(2026, 4, 30), date(2026, 5, 1))}
    assert [each["risk_level"] for each in told.values()] == ["B", "C", "C", "D"]
    assert [each["address"] for each in told.values()] == ["示例路1号", "新路2号", "新路2号", "新路2号"]
    with django_assert_num_queries(1):
        past.row_as_of(firm, date(2026, 3, 1), TODAY)


def test_what_proves_a_value_is_the_last_record_that_named_it() -> None:
    firm = registered(risk_level="B")
    change_row(row=firm, values={"risk_level": "C"}, actor=SYSTEM, now=at(3), cause="专项检查")
    proof = {one.field.attname: one.record for one in past.row_as_of(firm, date(2026, 4, 1), TODAY).fields}
    assert (proof["risk_level"].cause, proof["risk_level"].action) == ("专项检查", "registry.change")
    assert proof["name"].action == "registry.create"


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        pytest.param(date(2026, 1, 31), "2026-02-01 才登记入账", id="入账之前"),
        pytest.param(date(2026, 11, 24), "还没有到", id="以后"),
    ],
)
def test_a_day_of_which_nothing_can_be_known_is_refused(day: date, sentence: str) -> None:
    firm = registered()
    with pytest.raises(NotKnown, match=sentence):
        past.row_as_of(firm, day, TODAY)


def test_today_is_no_proof_for_a_field_that_no_record_named() -> None:
    # Written without a record, as before there were any; the first one names the risk alone.
    firm = an_enterprise(risk_level="A", principal="张示例")
    with pytest.raises(NotKnown, match="没有留下任何变更记录"):
        past.row_as_of(firm, TODAY, TODAY)
    change_row(row=firm, values={"risk_level": "B"}, actor=SYSTEM, now=at(3))
    with pytest.raises(NotKnown, match="变更记录从 2026-03-01 开始"):
        past.row_as_of(firm, date(2026, 2, 1), TODAY)
    told = past.row_as_of(firm, date(2026, 4, 1), TODAY)
    assert [one.field.name for one in told.fields] == ["risk_level"]
    assert "principal" in {field.name for field in told.unrecorded}


def test_numbers_and_days_come_back_as_the_model_holds_them() -> None:
    values = {"name": "示例大厦", "address": "示例路1号", "height_m": Decimal("54.60"), "storeys_above": 18}
    pk = create_row(kind="building", values={**values, "use": "public"}, actor=SYSTEM, now=at(2))
    tower = Building.objects.get(pk=pk)
    change_row(row=tower, values={"height_m": Decimal(20)}, actor=SYSTEM, now=at(3))
    tower.refresh_from_db()
    told = known(tower, date(2026, 2, 1))
    assert (told["height_m"], told["is_high_rise"], tower.is_high_rise) == (Decimal("54.60"), True, False)


def test_a_list_is_filtered_by_what_held_then(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    firm, second, later = registered(1, is_key=True), registered(2), registered(3, 6, is_key=True)
    change_row(row=firm, values={"is_key": False, "name": "示例改名公司"}, actor=SYSTEM, now=at(4))
    change_row(row=second, values={"is_key": True}, actor=SYSTEM, now=at(4))
    merge_enterprises(loser=second, winner=later, reason="同一家", actor=SYSTEM, now=at(7))

    def listed(day: date, **params: str) -> list[str]:
        return [row["name"] for row in past.list_as_of(KINDS["enterprise"], params, day, TODAY).rows]

    assert listed(date(2026, 3, 1), is_key="1") == ["示例1号公司"]
    assert listed(date(2026, 5, 1), is_key="1", present="1") == ["示例2号公司"]
    assert listed(date(2026, 6, 30)) == ["示例2号公司", "示例3号公司", "示例改名公司"]
    assert listed(date(2026, 7, 2), is_key="1") == ["示例3号公司"]
    assert listed(date(2026, 3, 1), q="2号") == ["示例2号公司"]
    assert listed(date(2026, 1, 1)) == []
    with django_assert_max_num_queries(2):
        listed(date(2026, 3, 1))


def test_every_filter_of_a_list_is_asked_of_the_past_too() -> None:
    for kind in KINDS.values():
        for one in kind.filters():
            assert one.name in past._HOLDS[kind.slug], f"{kind.slug}: {one.name}"


def test_the_pages_tell_then_and_now_and_say_what_they_can_not() -> None:
    firm = registered(risk_level="B")
    change_row(row=firm, values={"address": "新路2号"}, actor=SYSTEM, now=at(3))
    office = logged_in(a_user("officer", Role.OFFICER))

    def page(url: str, status: int = 200) -> str:
        answer = office.get(url)
        assert answer.status_code == status, url
        return answer.content.decode()

    then = page(f"{firm.get_absolute_url()}?as_of=2026-02-28")
    assert "2026-02-28 结束时的底账" in then
    assert "示例路1号" in then
    assert "后来变了" in then
    assert "才登记入账" in page(f"{firm.get_absolute_url()}?as_of=2026-01-31", 422)
    assert "无法识别" in page(f"{firm.get_absolute_url()}?as_of=1. März", 422)
    assert "示例1号公司" in page("/ledger/enterprise/?as_of=2026-02-28&present=1")
    assert "还没有到" in page("/ledger/enterprise/?as_of=2999-01-01", 422)

    user = a_user("principal")
    a_member(user, firm)
    assert logged_in(user).get(f"{firm.get_absolute_url()}?as_of=2026-02-28").status_code == 403


def test_the_figures_of_a_day_open_to_the_rows_of_that_day() -> None:
    office = logged_in(a_user("officer", Role.OFFICER))
    assert "无从得知" in office.get("/ledger/figures/?as_of=2026-02-28").content.decode()
    an_enterprise()
    Enterprise.objects.update(created_at=at(2))
    shown = office.get("/ledger/figures/?as_of=2026-02-28").content.decode()
    assert "/ledger/enterprise/?present=1&amp;as_of=2026-02-28" in shown
    assert "as_of" not in office.get("/ledger/figures/").content.decode().replace('name="as_of"', "")
