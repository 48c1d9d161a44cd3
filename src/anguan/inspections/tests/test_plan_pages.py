"""年度计划 through the browser: from the first form to the published page, the sheet out and in again."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from anguan.ground import clock
from anguan.inspections.models import AnnualPlan
from anguan.inspections.rules.plans import PlanState
from anguan.inspections.tests.builders import MONDAY, Cast, a_cast
from anguan.people.tests.builders import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY + timedelta(hours=3))


def a_row_form(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "item": cast.item.pk,
        "target_kind": "named",
        "named": f"{cast.enterprises[0].name}\n{cast.enterprises[1].credit_code}",
        "mode": "on_site",
        "frequency": 1,
        "cap": 2,
        "months": ["3", "4", "9"],
        "joint": "none",
        "days_per_check": "0.5",
        "officers_per_check": 2,
        **changes,
    }


def test_a_clerk_makes_a_plan_and_the_leader_approves_it() -> None:
    cast = a_cast()
    clerk, leader = logged_in(cast.clerk), logged_in(cast.leader)
    assert clerk.post(reverse("inspections:annual_plan_new"), {"organ": cast.organ.pk, "year": 2019}).status_code == 422
    clerk.post(reverse("inspections:annual_plan_new"), {"organ": cast.organ.pk, "year": 2026})
    plan = AnnualPlan.objects.get()
    page = reverse("inspections:annual_plan", args=[plan.pk])

    def act(client: Client, name: str, **fields: Any) -> int:
        return client.post(reverse("inspections:annual_plan_act", args=[plan.pk, name]), fields).status_code

    assert act(clerk, "coordinate", coordinated_with="示例市局") == 422
    new = reverse("inspections:plan_row_new", args=[plan.pk])
    bad = clerk.post(new, a_row_form(cast, named="没有这家公司"))
    assert (bad.status_code, "底账里没有：没有这家公司" in bad.content.decode()) == (422, True)
    assert clerk.post(new, a_row_form(cast)).status_code == 302
    assert (
        clerk.post(new, a_row_form(cast, target_kind="pool", named="", pool_size=200, pool_count=20)).status_code == 302
    )
    shown = clerk.get(page).content.decode()
    assert "3–4、9月" in shown
    assert "双随机 20/200（10%）" in shown
    assert (
        clerk.post(
            reverse("inspections:plan_capacity", args=[plan.pk]), {"staff": 4, "other_licensing": 100}
        ).status_code
        == 302
    )
    assert act(clerk, "nothing") == 404
    assert act(clerk, "coordinate", coordinated_with="示例市局") == 302
    assert act(clerk, "approve") == 403
    assert act(leader, "approve") == 302
    assert act(clerk, "publish") == 302
    plan.refresh_from_db()
    assert plan.state == PlanState.APPROVED
    assert act(clerk, "file", filed_with="示例区人民政府", number="示例备〔2026〕1号", filed_on="2026-03-01") == 422
    assert act(clerk, "file", filed_with="示例区人民政府", number="示例备〔2026〕1号", filed_on="2026-03-02") == 302
    assert act(clerk, "publish") == 302
    assert act(clerk, "amend", why="新增一家") == 302
    further = AnnualPlan.objects.get(version=2)
    assert clerk.get(reverse("inspections:plan_changes", args=[further.pk])).status_code == 200
    assert "示例备〔2026〕1号" in clerk.get(reverse("inspections:plan_print", args=[plan.pk])).content.decode()


def test_a_plan_sheet_goes_out_and_comes_in_again_and_one_fault_stops_all() -> None:
    cast = a_cast()
    clerk = logged_in(cast.clerk)
    clerk.post(reverse("inspections:annual_plan_new"), {"organ": cast.organ.pk, "year": 2026})
    plan = AnnualPlan.objects.get()
    new = reverse("inspections:plan_row_new", args=[plan.pk])
    clerk.post(new, a_row_form(cast))
    clerk.post(new, a_row_form(cast, target_kind="pool", named="", pool_size=200, pool_count=20))
    exported = clerk.get(reverse("inspections:plan_export", args=[plan.pk])).content
    before = [(row.target_kind, row.months, row.days_per_check, row.named.count()) for row in plan.rows.all()]

    def send(data: bytes) -> Any:
        upload = SimpleUploadedFile("计划.xlsx", data)
        return clerk.post(reverse("inspections:plan_import", args=[plan.pk]), {"file": upload})

    assert send(exported).status_code == 302
    after = [(row.target_kind, row.months, row.days_per_check, row.named.count()) for row in plan.rows.all()]
    assert after == before
    book = openpyxl.load_workbook(BytesIO(exported))
    sheet = book[book.sheetnames[0]]
    headers = [cell.value for cell in sheet[1]]
    sheet.cell(3, headers.index("时间安排（月）*") + 1).value = "13"
    saved = BytesIO()
    book.save(saved)
    refused = send(saved.getvalue())
    assert (refused.status_code, "哪几个月" in refused.content.decode()) == (422, True)
    sheet.cell(2, headers.index("事项编号*") + 1).value = "X99"
    saved = BytesIO()
    book.save(saved)
    refused = send(saved.getvalue())
    assert (refused.status_code, "事项清单里没有编号“X99”" in refused.content.decode()) == (422, True)
    assert send(b"MZ\x90 no sheet").status_code == 422
    assert plan.rows.count() == 2
