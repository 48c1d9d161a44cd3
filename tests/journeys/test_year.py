"""A year in the small, as a bureau, its neighbours and the public live it, in real browsers."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from anguan.cli.shipped import load as load_shipped
from anguan.demo.people import BRANCH, plant_organs, plant_people
from anguan.ground.clock import CHINA
from anguan.inspections.models import AnnualPlan
from anguan.people.models import Organ, User
from anguan.people.tests.builders import an_officer
from anguan.registry.models import Enterprise
from anguan.registry.services import make_findable

from .acts import confirm, enter, fill, says
from .stage import Stage, a_stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# Monday, 5 January 2026, nine o'clock in China.
OPENS = datetime(2026, 1, 5, 9, 0, tzinfo=CHINA)


def the_town(now: datetime) -> None:
    """Organs, people and a dozen firms, two of them key ones."""
    load_shipped()
    plant_people(plant_organs(now), now)
    for organ_name, prefix in ((BRANCH, "officer"), ("示例区消防救援大队", "fireofficer")):
        organ = Organ.objects.get(name=organ_name)
        for number, user in enumerate(User.objects.filter(username__startswith=prefix).order_by("pk")[:4]):
            an_officer(user.name, organ=organ, user=user, can_lead=number < 2, specialities=["消防"])
    for number in range(1, 13):
        firm = Enterprise(
            name=f"示例商场{number}号有限公司",
            credit_code=f"91510900MA60{number:05}X",
            address=f"示例市示例区河东路{number}号",
            industry_code="F5211",
            risk_level="ABCD"[number % 4],
            is_key=number in (1, 2),
            principal="示例负责人",
            phone=f"1990000{number:04}",
            created_at=now,
            updated_at=now,
        )
        make_findable(firm)
        firm.save()


def test_a_year(
    browser: Browser, live_address: str, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.ANGUAN_DEMO = True  # one-time codes may waive the second factor
    settings.ANGUAN_ORIGIN = live_address
    with a_stage(browser, live_address, OPENS, monkeypatch, tmp_path) as stage:
        the_town(stage.now)
        clerk, leader = enter(stage, "clerk"), enter(stage, "leader")
        plan_the_year(stage, clerk, leader)
        assert stage.faults == []


def plan_the_year(stage: Stage, clerk: Page, leader: Page) -> None:
    """年度计划: key firms by name, the others at random; capacity, approval, filing, publication."""
    clerk.goto("/inspections/plans/new/")
    fill(clerk, year="2026")
    clerk.get_by_role("button", name="开始编制").click()
    clerk.wait_for_url(re.compile(r"/inspections/plans/\d+/$"))
    url = clerk.url
    clerk.get_by_role("link", name="填写测算表").click()
    fill(clerk, staff="4", other_accidents="120", other_joint_checks="40", non_study="60", non_leave="80")
    clerk.get_by_role("button", name="保存测算表").click()
    says(clerk, "测算表已保存")
    rows: list[dict[str, Any]] = [
        {"kind": "named", "all_key": True, "months": range(2, 12), "frequency": "1", "cap": "2"},
        {"kind": "pool", "pool_size": "10", "pool_count": "4", "months": (3, 6), "frequency": "1", "cap": "2"},
    ]
    for row in rows:
        clerk.goto(url)
        clerk.get_by_role("link", name="列入一行").click()
        clerk.locator(f"[name=target_kind][value={row['kind']}]").check()
        if row.get("all_key"):
            clerk.locator("[name=all_key]").check()
        else:
            fill(clerk, pool_size=row["pool_size"], pool_count=row["pool_count"])
        clerk.locator("[name=mode]").first.check()
        fill(clerk, frequency=row["frequency"], cap=row["cap"])
        for month in row["months"]:
            clerk.locator(f"[name=months][value='{month}']").check()
        clerk.get_by_role("button", name="保存这一行").click()
        says(clerk, "这一行已保存")
    fill(clerk, coordinated_with="示例市应急管理局")
    clerk.get_by_role("button", name="登记衔接").click()
    says(clerk, "衔接已登记")
    # Only the head approves; a clerk sees what is waited for.
    expect(clerk.get_by_role("button", name="批准计划")).to_have_count(0)
    leader.goto(url)
    stage.later(days=1)
    confirm(leader, "批准计划")
    says(leader, "计划已批准")
    clerk.reload()
    fill(clerk, filed_with="示例区人民政府", number="示例备〔2026〕1号", filed_on="2026-01-06")
    clerk.get_by_role("button", name="登记备案").click()
    says(clerk, "备案已登记")
    confirm(clerk, "公布计划")
    says(clerk, "计划已公布")
    assert AnnualPlan.objects.get().state == "published"
    stage.picture(clerk, "11-annual-plan")
