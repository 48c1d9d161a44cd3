"""Batches and applications carry out rows of the plan in force, and the plan counts what is done."""

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from uuid_utils.compat import uuid7

from anguan.ground import clock
from anguan.inspections.draws import BeaconKind
from anguan.inspections.models import Batch, PlanRow, Visit
from anguan.inspections.rules import NotAllowed, ResultCategory, Trigger, VisitKind
from anguan.inspections.rules.plans import TargetKind, check_row_used
from anguan.inspections.selectors.plan_use import progress_of
from anguan.inspections.services import batches, plans
from anguan.inspections.tests.builders import MONDAY, STRATA, WEIGHTS, actor_of, committed, opened, planned
from anguan.inspections.tests.plan_builders import a_row, a_subject_list, drafted, published
from anguan.inspections.tests.visit_builders import a_district, applied, checked
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, an_organ, logged_in

NOW = MONDAY + timedelta(hours=2)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"is_own": False}, "别的机关"),
        ({"is_in_force": False}, "没有公布"),
        ({"checked_in": 2027}, "2026 年的计划，检查却在 2027 年"),
        ({"is_same_item": False}, "检查事项与所选的不同"),
    ],
)
def test_a_check_is_counted_only_for_a_row_that_it_carries_out(wrong: dict[str, Any], sentence: str) -> None:
    right: dict[str, Any] = {
        "is_own": True,
        "is_in_force": True,
        "year": 2026,
        "checked_in": 2026,
        "is_same_item": True,
    }
    check_row_used(**right)
    with pytest.raises(NotAllowed, match=sentence):
        check_row_used(**{**right, **wrong})


@pytest.mark.django_db
def test_what_is_done_of_a_row_is_counted_through_its_versions() -> None:
    cast = a_district()
    a_subject_list(cast)
    pool = a_row(
        cast, target_kind=TargetKind.POOL, named=(), targets="一般商场", pool_size=3, pool_count=2, frequency=1, cap=2
    )
    draft = drafted(cast, a_row(cast), pool)
    named, drawn = draft.rows.order_by("number")
    with pytest.raises(NotAllowed, match="没有公布"):
        planned(cast, plan_row=drawn)
    plan = published(cast, draft)
    other = an_organ("示例区消防救援大队", kind="fire")
    with pytest.raises(NotAllowed, match="别的机关"):
        batches.plan_batch(
            title="抽查", organ=other, item=cast.item, window_from=date(2026, 3, 2), window_to=date(2026, 3, 31),
            strata=STRATA, weights=WEIGHTS, beacon_kind=BeaconKind.PARTIES_ONLY, not_before=NOW, plan_row=drawn,
            actor=actor_of(a_user("fire", Role.CLERK, organ=other)), now=MONDAY,
        )  # fmt: skip
    batch = opened(committed(cast, plan_row=drawn))
    made = batches.approve_batch(batch=batch, actor=actor_of(cast.leader), now=NOW)
    assert {visit.plan_row for visit in made} == {drawn}
    Visit.objects.filter(pk=made[0].pk).update(started_at=NOW)
    checked(cast, cast.enterprises[0], MONDAY, plan_row=named)
    checked(cast, cast.enterprises[1], MONDAY, plan_row=named, category=ResultCategory.UNREACHABLE)
    assert [(one.planned, one.done, one.percent) for one in progress_of(plan)] == [(2, 1, 50), (2, 1, 50)]
    # A further version takes the place of the plan: what was done of the same row stays done.
    further = plans.amend_plan(plan=plan, why="增加一家", actor=actor_of(cast.clerk), now=NOW)
    further = published(cast, further)
    assert [one.done for one in progress_of(further)] == [1, 1]
    with pytest.raises(NotAllowed, match="新版本"):
        applied(cast, kind=VisitKind.KEY, trigger=Trigger.PLAN, clue="", plan_row=named)
    page = unescape(logged_in(cast.clerk).get(reverse("inspections:annual_plan", args=[further.pk])).content.decode())
    assert "已完成 1/2 次" in page


@pytest.mark.django_db
def test_the_pages_take_the_row_that_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cast = a_district()
    a_subject_list(cast)
    published(cast, drafted(cast, a_row(cast)))
    row, clerk, today = PlanRow.objects.get(), logged_in(cast.clerk), clock.local_day(NOW)
    named, unnamed = (f"{reverse('inspections:apply')}?enterprise={cast.enterprises[n].pk}" for n in (0, 2))
    assert "第 1 行" in unescape(clerk.get(named).content.decode())
    sent = {
        "organ": cast.organ.pk, "kind": "key", "trigger": "plan", "item": cast.item.pk, "reason": "年度计划",
        "mode": "on_site", "why_on_site": "看现场", "visit_on": today.isoformat(), "due_on": today.isoformat(),
        "officers": [one.pk for one in cast.officers[:2]], "assistants": 0, "experts": 0,
    }  # fmt: skip

    def apply(url: str, **values: object) -> PlanRow | None:
        uid = uuid7()
        assert clerk.post(url, {**sent, "uid": str(uid), **values}).status_code == 302
        return Visit.objects.get(uid=uid).plan_row

    assert apply(named) == row
    assert apply(unnamed) is None, "a firm that the row does not name"
    assert apply(unnamed, plan_row=row.pk) == row
    assert apply(named, plan_row="none") is None
    forged = clerk.post(named, {**sent, "uid": str(uuid7()), "plan_row": row.pk + 1})
    assert forged.status_code == 422
    assert "不在本机关现行公布的计划里" in unescape(forged.content.decode())
    assert "计划各行的完成情况" in unescape(clerk.get(reverse("inspections:coverage")).content.decode())
    assert not Batch.objects.exists()
