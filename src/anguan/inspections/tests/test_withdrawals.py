"""撤回公示: a public result goes within three working days, with its reason, and what was published stays told."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from uuid_utils.compat import uuid7

from anguan.ground import clock
from anguan.inspections.models import Publication, Visit, VisitOfficer
from anguan.inspections.rules import NotAllowed
from anguan.inspections.services import withdrawals
from anguan.inspections.tests.builders import MONDAY, Cast, a_cast, actor_of
from anguan.people.tests.builders import logged_in

pytestmark = pytest.mark.django_db

# Friday, 6 March 2026.
FRIDAY = MONDAY + timedelta(days=4)


@pytest.fixture(autouse=True)
def _on_friday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: FRIDAY)


def a_visit(cast: Cast, number: int = 0, **changes: object) -> Visit:
    values: dict[str, object] = {
        "uid": uuid7(), "kind": "key", "trigger": "plan", "why_on_site": "看现场", "organ": cast.organ,
        "item": cast.item,
        "enterprise": cast.enterprises[number], "checklist": cast.item.checklist, "due_on": date(2026, 3, 31),
        "approved_at": MONDAY, "approved_by_name": "示例负责人", "state": "closed", "started_at": MONDAY,
        "finished_at": MONDAY, "category": "ordered",
    }  # fmt: skip
    return Visit.objects.create(**{**values, **changes})


def a_result(cast: Cast) -> Publication:
    return Publication.objects.create(
        visit=a_visit(cast), due_on=date(2026, 3, 30), due_is_provisional=False, rule_version="D21 v1",
        calendar_version="test", category="ordered", published_at=MONDAY, published_by_name="示例",
    )  # fmt: skip


def test_a_changed_decision_leaves_the_public_page_within_three_working_days_and_says_why() -> None:
    cast = a_cast(enterprises=2)
    visit = a_result(cast).visit
    clerk = actor_of(cast.clerk)
    with pytest.raises(NotAllowed, match="不能无故撤下"):
        withdrawals.withdraw_result(visit=visit, actor=clerk, now=FRIDAY)
    with pytest.raises(NotAllowed, match="早于公示日期"):
        withdrawals.note_change(visit=visit, changed_on=date(2026, 3, 1), reason="责令被撤销", actor=clerk, now=FRIDAY)
    result = withdrawals.note_change(
        visit=visit, changed_on=date(2026, 3, 6), reason="责令被撤销", actor=clerk, now=FRIDAY
    )
    # Friday is not counted; Monday, Tuesday, Wednesday are.
    assert (result.withdraw_by, result.withdraw_rule_version) == (date(2026, 3, 11), "D09 v1")
    assert "撤回已公示的结果：责令被撤销" in logged_in(cast.clerk).get("/").content.decode()
    shown = Client().get(reverse("inspections_public:results")).content.decode()
    assert "发现问题已责令改正" in shown
    page = reverse("inspections:withdraw", args=[visit.uid])
    assert logged_in(cast.clerk).post(page, {"act": "withdraw"}).status_code == 302
    first = withdrawals.withdraw_result(visit=visit, actor=clerk, now=FRIDAY + timedelta(days=9)).withdrawn_at
    assert first == FRIDAY
    shown = Client().get(reverse("inspections_public:results")).content.decode()
    assert "发现问题已责令改正" not in shown
    assert "责令被撤销" in shown


def test_nothing_is_withdrawn_that_was_not_public() -> None:
    cast = a_cast(enterprises=2)
    visit = a_visit(cast)
    with pytest.raises(NotAllowed, match="还没有结束"):
        withdrawals.note_change(
            visit=visit, changed_on=date(2026, 3, 6), reason="x", actor=actor_of(cast.clerk), now=FRIDAY
        )


def test_the_desk_asks_the_same_number_of_questions_however_much_there_is(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    cast = a_cast(enterprises=3)
    officer, user = cast.officers[0], cast.user_of(cast.officers[0])
    client = logged_in(user)

    def in_hand() -> None:
        visit = a_visit(cast, state="approved", started_at=None, finished_at=None, category="")
        VisitOfficer.objects.create(visit=visit, officer=officer, position=0)

    in_hand()
    client.get("/")
    with CaptureQueriesContext(connection) as first:
        client.get("/")
    for _ in range(8):
        in_hand()
    with django_assert_num_queries(len(first)):
        shown = client.get("/").content.decode()
    assert shown.count(cast.enterprises[0].name) >= 9
