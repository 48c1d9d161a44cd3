"""A year in the small, as a bureau, its neighbours and the public live it, in real browsers."""

import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from uuid_utils.compat import uuid7

from anguan.checklists.models import InspectionItem
from anguan.checklists.selectors import current_list
from anguan.cli.shipped import load as load_shipped
from anguan.demo.people import BRANCH, FIRE, plant_organs, plant_people
from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.ground.clock import CHINA
from anguan.hazards.models import Hazard
from anguan.inspections import draws
from anguan.inspections.draws import BeaconKind
from anguan.inspections.models import AnnualPlan, Batch, JointTask, Publication, Replacement, Visit
from anguan.inspections.rules import PartyRole, StratumPlan, VisitState
from anguan.inspections.services import areas, batches, guidance
from anguan.papers.models import Paper
from anguan.papers.services import verify_papers
from anguan.people.models import Officer, Organ, User
from anguan.people.tests.builders import an_officer
from anguan.people.viewers import viewer_of
from anguan.registry.models import Enterprise, Membership
from anguan.registry.services import invite_member, make_findable

from .acts import (
    SETUP,
    account_of,
    arrive,
    check_items,
    confirm,
    enter,
    fill,
    join,
    says,
    shoot,
    sign,
    sign_by_all,
)
from .stage import Stage, a_jpeg, a_stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# Monday, 19 January 2026, nine o'clock in China; the item list of the year is four days old.
OPENS = datetime(2026, 1, 19, 9, 0, tzinfo=CHINA)
SECRETS = {"leader": "11" * 32, "supervisor": "22" * 32, "principal": "33" * 32}
# What the page itself gives the server: ten seconds to greet it and sixty to take a day's operations at once.
SENT_WITHIN = 70_000
SEEN = "二层东侧安全出口用铁链锁住"


def actor_of(user: User) -> Actor:
    """A user as the cause of a write."""
    return viewer_of(user).actor


def the_town(now: datetime) -> dict[str, User]:
    """Organs with their areas, people, and a dozen firms, two of them key ones; all but the first were guided."""
    load_shipped()
    plant_people(plant_organs(now), now)
    users = {user.username: user for user in User.objects.all()}
    for organ_name, prefix in ((BRANCH, "officer"), (FIRE, "fireofficer")):
        organ = Organ.objects.get(name=organ_name)
        areas.declare_area(
            organ=organ, words="示例区", code="510903", valid_from=date(2026, 1, 1), actor=SETUP, now=now
        )
        for number, user in enumerate(User.objects.filter(username__startswith=prefix).order_by("pk")[:4]):
            an_officer(user.name, organ=organ, user=user, can_lead=number < 2, specialities=("消防",))
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
        for organ_name in (BRANCH, FIRE):
            organ = Organ.objects.get(name=organ_name)
            if number > 1 or organ_name == FIRE:
                guidance.record_guidance(
                    uid=uuid7(), organ=organ, enterprise=firm, officers=list(organ.officers.all()[:1]),
                    guided_on=now.date(), host="示例经理", explained="讲了安全要求", actor=SETUP, now=now,
                )  # fmt: skip
    # The enterprises' party of the draws speaks for a key firm, which no general draw takes.
    Membership.objects.create(
        user=users["principal"], enterprise=Enterprise.objects.get(name="示例商场1号有限公司"), role="principal",
        since=date(2025, 1, 1),
    )  # fmt: skip
    return users


def test_a_year(
    browser: Browser, live_address: str, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.ANGUAN_DEMO = True  # one-time codes may waive the second factor
    settings.ANGUAN_ORIGIN = live_address
    with a_stage(browser, live_address, OPENS, monkeypatch, tmp_path) as stage:
        play(stage, tmp_path)
        assert stage.faults == []
    assert verify_papers().faults == []
    assert audit.verify(stage.now).fault is None


def play(stage: Stage, folder: Path) -> None:
    """The whole year."""
    users = the_town(stage.now)
    clerk, leader, supervisor = enter(stage, "clerk"), enter(stage, "leader"), enter(stage, "supervisor")
    visitor = stage.window()
    plan_the_year(stage, clerk, leader)

    stage.at(datetime(2026, 2, 2, 9, 0, tzinfo=CHINA))
    guide_a_firm(stage, enter(stage, "officer1"))

    stage.at(datetime(2026, 3, 2, 9, 0, tzinfo=CHINA))
    break_a_batch(stage, supervisor, visitor, users)
    batch = draw_a_batch(stage, leader, users)
    replaced = replace_a_target(stage, clerk, leader, batch, folder)
    stage.at(datetime(2026, 3, 4, 9, 0, tzinfo=CHINA))
    for visit in Visit.objects.filter(batch=batch, state=VisitState.APPROVED).order_by("pk"):
        check_offline(stage, visit)
    assert replaced.batch == batch
    clerk.goto(f"/inspections/batches/{batch.code}/")
    confirm(clerk, "公开抽查包")
    says(clerk, "抽查包已公开")
    a_stranger_verifies(visitor, batch, folder)
    make_public(stage, clerk, clerk, batch, visitor)

    stage.at(datetime(2026, 4, 7, 9, 0, tzinfo=CHINA))
    sealed = apply_sealed(stage, clerk, leader, Enterprise.objects.get(name="示例商场2号有限公司"))
    hazard = visit_sealed(stage, sealed, folder)
    hang_and_remove(stage, hazard, folder)
    make_public(stage, clerk, clerk, batch, visitor)

    stage.at(datetime(2026, 6, 1, 9, 0, tzinfo=CHINA))
    check_jointly(stage, clerk, leader, Enterprise.objects.get(name="示例商场1号有限公司"))
    make_public(stage, clerk, enter(stage, "fireleader"), batch, visitor)


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
        clerk.locator("[name=item]").select_option(str(matter(stage).pk))
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
    fill(clerk, filed_with="示例区人民政府", number="示例备〔2026〕1号", filed_on="2026-01-20")
    clerk.get_by_role("button", name="登记备案").click()
    says(clerk, "备案已登记")
    confirm(clerk, "公布计划")
    says(clerk, "计划已公布")
    assert AnnualPlan.objects.get().state == "published"
    stage.picture(clerk, "11-annual-plan")


# --- guidance and the two batches


def guide_a_firm(stage: Stage, officer: Page) -> None:
    """首检指导 at one firm through the page; the others were guided before."""
    firm = Enterprise.objects.get(name="示例商场1号有限公司")
    officer.goto(f"/inspections/guidance/record/{firm.pk}/")
    officer.get_by_label(re.compile("执法员甲")).check()
    fill(officer, host="示例经理", explained="讲了疏散通道和用电安全的要求。", problems="2026-02-10 清理后门杂物")
    officer.get_by_role("button", name="记录指导服务").click()
    says(officer, "指导服务已记录")
    # A service visit can't turn into enforcement.
    says(officer, "国办发〔2024〕54号")


def matter(stage: Stage) -> InspectionItem:
    """The matter that malls are checked for, as the list of the day has it."""
    published = current_list(stage.now.date())
    assert published is not None
    return published.items.get(code="S01")


def a_committed_batch(stage: Stage, title: str, users: Mapping[str, User], alternates: int) -> Batch:
    """A batch up to its commitments; how parties make them in their browsers is told in the narrow loop."""
    clerk = actor_of(users["clerk"])
    batch = batches.plan_batch(
        title=title,
        organ=Organ.objects.get(name=BRANCH),
        item=matter(stage),
        window_from=stage.now.date(),
        window_to=stage.now.date() + timedelta(days=28),
        strata=[StratumPlan("人员密集场所", targets=2, alternates=alternates, key=False)],
        weights={"A": 1, "B": 2, "C": 4, "D": 8, "未评级": 2},
        beacon_kind=BeaconKind.PARTIES_ONLY,
        not_before=stage.now + timedelta(hours=1),
        actor=clerk,
        now=stage.now,
    )
    for role, name in (
        (PartyRole.ORGAN, "leader"),
        (PartyRole.SUPERVISOR, "supervisor"),
        (PartyRole.ENTERPRISE, "principal"),
    ):
        party = batches.add_party(batch=batch, role=role, user=users[name], actor=clerk, now=stage.now)
        commitment = draws.commitment_of(party.name, SECRETS[name])
        batches.submit_commitment(party=party, commitment=commitment, actor=actor_of(users[name]), now=stage.now)
    batches.freeze_pool(batch=batch, actor=clerk, now=stage.now)
    batch = batches.commit_batch(batch=batch, actor=clerk, now=stage.now)
    stage.later(hours=1, minutes=5)
    return batch


def break_a_batch(stage: Stage, supervisor: Page, visitor: Page, users: Mapping[str, User]) -> None:
    """A party refuses to open: the batch is broken for everybody to see, and stays so."""
    batch = a_committed_batch(stage, "三月第一批双随机抽查", users, 1)
    supervisor.goto(f"/inspections/batches/{batch.code}/party/")
    confirm(supervisor, "拒绝开启", {"reason": "名录里有一家已经搬走"})
    says(supervisor, "作废")
    visitor.goto("/public/draws/")
    row = visitor.locator("tr, li", has_text="三月第一批双随机抽查").first
    expect(row).to_contain_text("作废")
    batch.refresh_from_db()
    assert (batch.state, batch.broken_reason) == ("broken", "refused")


def draw_a_batch(stage: Stage, leader: Page, users: Mapping[str, User]) -> Batch:
    """The second batch is revealed and approved; two firms are drawn, with alternates behind them."""
    batch = a_committed_batch(stage, "三月第二批双随机抽查", users, 2)
    for party in batch.parties.select_related("user"):
        secret = SECRETS[party.user.username]
        batches.submit_secret(party=party, secret=secret, actor=actor_of(party.user), now=stage.now)
    leader.goto(f"/inspections/batches/{batch.code}/")
    confirm(leader, "批准检查")
    says(leader, "检查已批准")
    assert Visit.objects.filter(batch=batch).count() == 2
    return batch


def replace_a_target(stage: Stage, clerk: Page, leader: Page, batch: Batch, folder: Path) -> Visit:
    """备选替换: one drawn firm has closed; the next alternate in rank comes instead, decided by the leader."""
    gone = batch.assignments.filter(is_alternate=False).order_by("rank").last()
    assert gone is not None
    firm = gone.target.enterprise
    Enterprise.objects.filter(pk=firm.pk).update(status="cancelled")
    clerk.goto(f"/inspections/batches/{batch.code}/targets/{gone.pk}/replace/")
    clerk.locator("[name=reason]").select_option("target:closed")
    fill(clerk, note="营业执照已注销，门上贴有转租告示")
    clerk.locator("photo-capture input[type=file]").set_input_files(a_jpeg(folder, "shut", stage.now, (70, 70, 120)))
    expect(clerk.locator("photo-capture input[name=photo_sha256]")).to_have_count(1)
    clerk.get_by_role("button", name="提交申请").click()
    says(clerk, "替换申请已提交")
    leader.goto(f"/inspections/replacements/{Replacement.objects.get().uid}/")
    confirm(leader, "批准替换")
    first = batch.assignments.filter(is_alternate=True).order_by("rank").first()
    assert first is not None
    return Visit.objects.get(batch=batch, enterprise=first.target.enterprise)


# --- a day without network


def check_offline(stage: Stage, visit: Visit) -> None:
    """In a basement: the visit from arrival to signatures on a phone without network; sent in the evening."""
    officer = visit.officers.select_related("officer__user").order_by("-officer__can_lead").first()
    assert officer is not None
    page = enter(stage, account_of(officer.officer), phone=True)
    page.goto("/m/offline/")
    desk = page.locator("offline-desk[data-drawn]")
    expect(desk.get_by_role("link", name=visit.enterprise.name)).to_be_visible()
    home = f"#/visit/{visit.uid}"

    def shown(*parts: object) -> None:
        address = "/".join(map(str, [home, *parts]))
        page.wait_for_selector(f'offline-desk[data-drawn="{address}"]')

    def go(address: str) -> None:
        page.evaluate("hash => { location.hash = hash; }", address)
        page.wait_for_selector(f'offline-desk[data-drawn="{address}"]')

    def button() -> None:
        page.locator(".phone-bottom .primary").click()

    page.context.set_offline(True)
    go(f"{home}/start")
    page.get_by_label("被检查单位现场负责人").fill("示例经理")
    button()
    shown("items")
    items = visit.checklist.items.count()
    go(f"{home}/items/1")
    for number in range(1, items + 1):
        shown("items", number)
        page.locator(".verdict label", has_text=re.compile("^符合")).click()
        stage.later(minutes=1)
        button()
    shown("items")
    stage.picture(page, "12-offline-phone")
    go(f"{home}/record")
    page.get_by_role("button", name="生成记录").click()
    for signed in range(3):
        expect(page.locator("main .panel .pill", has_text=re.compile("^已签"))).to_have_count(signed)
        sign(page)
        button()
    go("#/queue")
    expect(page.get_by_role("status").first).to_contain_text("待同步")
    visit.refresh_from_db()
    assert visit.state == VisitState.APPROVED
    page.context.set_offline(False)
    # Nobody has to press anything: the phone sends when the network is back.
    expect(page.get_by_role("status").first).to_have_text("已同步", timeout=SENT_WITHIN)
    visit.refresh_from_db()
    assert visit.record is not None
    assert visit.record.signatures.count() == 3
    page.goto(f"/m/visits/{visit.uid}/paper/")
    page.get_by_role("button", name="出具文书").click()
    visit.refresh_from_db()
    assert (visit.state, visit.category) == ("closed", "no_problem")


# --- a sealed visit with an expert, a major hazard, an order refused


def apply_sealed(stage: Stage, clerk: Page, leader: Page, firm: Enterprise) -> Visit:
    """密封检查: applied for and closed; only the approver reads where it goes, calls an expert, and approves."""
    clerk.goto(f"/inspections/visits/apply/?enterprise={firm.pk}")
    clerk.locator("[name=kind]").select_option("key")
    clerk.locator("[name=trigger]").select_option("plan")
    fill(clerk, reason="重点单位全覆盖，看疏散和用电", why_on_site="疏散通道是否畅通只能在现场看")
    clerk.locator("[name=mode]").select_option("on_site")
    fill(clerk, visit_on="2026-04-08", due_on="2026-04-10", experts="1", departs_at="2026-04-08T08:30")
    for box in clerk.locator("[name=officers]").all()[:2]:
        box.check()
    clerk.locator("[name=sealed]").check()
    clerk.get_by_role("button", name="提交申请").click()
    says(clerk, "已提交并密封")
    expect(clerk.locator("main")).not_to_contain_text(firm.name)
    visit = Visit.objects.get(is_sealed=True)
    leader.goto(f"/inspections/visits/approvals/{visit.uid}/")
    expect(leader.locator("main")).not_to_contain_text(firm.name)
    leader.get_by_role("button", name="查看去哪一家").click()
    says(leader, firm.name)
    leader.locator("[name=expert]").select_option(label="专家甲示例")
    fill(leader, reason="用电安全是他的专业")
    leader.get_by_role("button", name="指定专家").click()
    says(leader, "随行专家已指定")
    leader.get_by_role("button", name="批准检查").click()
    says(leader, "检查已批准")
    return visit


def hand_notice(page: Page, visit: Visit) -> None:
    """行政检查通知书, handed over at the door and signed for."""
    page.goto(f"/m/visits/{visit.uid}/notice/")
    fill(page, receiver="钱示例")
    sign(page)
    page.get_by_role("button", name="交付通知书").click()
    says(page, "逐项检查")


def visit_sealed(stage: Stage, visit: Visit, folder: Path) -> Hazard:
    """Opened at departure; the expert's opinion is adopted; a major hazard is found; the order is refused."""
    officers = [row.officer for row in visit.officers.select_related("officer__user")]
    one = enter(stage, account_of(officers[0]), phone=True)
    expert = enter(stage, "expert", phone=True)
    expert.goto("/m/expert/")
    says(expert, "执法人员到场之后才显示")
    stage.at(datetime(2026, 4, 8, 8, 30, tzinfo=CHINA))
    one.goto("/inspections/visits/sealed/")
    confirm(one, "启封出发")
    says(one, visit.enterprise.name)
    stage.later(hours=1)
    arrive(one, visit)
    hand_notice(one, visit)

    expert.reload()
    expert.get_by_role("link", name="写意见").click()
    expert.locator("ol a").first.click()
    fill(expert, text="配电室与疏散楼梯之间没有防火分隔，建议停用该处。")
    expert.get_by_role("button", name="记下").click()
    expert.get_by_role("button", name=re.compile("提交")).click()
    says(expert, "已提交")

    stage.later(minutes=30)
    one.goto(f"/m/visits/{visit.uid}/items/")
    check_items(
        stage,
        one,
        {2: (SEEN, a_jpeg(folder, "major", stage.now, (150, 60, 40)))},
        major={2: "GB 35181-2025 第6.2条"},
    )
    # Nothing is issued while an opinion waits for its decision.
    office = enter(stage, account_of(officers[0]))
    office.goto(f"/inspections/visits/{visit.uid}/")
    office.locator("[name=verdict][value=adopt]").check()
    office.locator("form[action*=opinions] [name=reason]").fill("与现场一致")
    office.get_by_role("button", name="记录决定").click()
    says(office, "已采纳")
    one.reload()
    sign_by_all(stage, one)
    one.get_by_role("link", name=re.compile("先作现场处理措施决定")).click()
    one.locator("[name=measure]").first.check()
    one.locator("[name=requirements]").fill("二层停止营业，撤出全部人员")
    one.get_by_role("button", name="拟现场处理措施决定书").click()
    sign_by_all(stage, one)
    sign(one)
    one.get_by_role("button", name="送达").click()
    one.goto(f"/m/visits/{visit.uid}/paper/")
    one.get_by_role("button", name="责令限期整改").click()
    sign_by_all(stage, one, refusal="负责人看过后离开，商场保安在场见证")
    visit.refresh_from_db()
    assert visit.order is not None
    assert visit.order.state == "issued"

    # Nobody takes it on the spot; it takes effect by mail.
    office.goto(f"/papers/{visit.order.uid}/attempt/")
    fill(office, note="负责人离开，店员不愿代收")
    for box in office.locator("[name=servers]").all()[:2]:
        box.check()
    office.locator("main form button[type=submit]").last.click()
    stage.at(datetime(2026, 4, 10, 15, 0, tzinfo=CHINA))
    office.goto(f"/papers/{visit.order.uid}/serve/")
    office.locator("[name=method][value=mail]").check()
    fill(office, receiver="钱示例", mail_number="EMS1234567890CN", served_at="2026-04-10T11:20")
    for box in office.locator("[name=servers]").all()[:2]:
        box.check()
    fill(office, note="回执注明本人签收")
    office.locator("main form button[type=submit]").last.click()
    says(office, "送达")
    visit.refresh_from_db()
    assert visit.order is not None
    assert (visit.state, visit.order.service.method) == ("ordered", "mail")
    return Hazard.objects.get(visit_uid=visit.uid)


def hang_and_remove(stage: Stage, hazard: Hazard, folder: Path) -> None:
    """挂牌 to 摘牌: plan, stop, listing, proof, acceptance on the spot, resumption, conclusion, closing."""
    firm = hazard.enterprise
    leader = enter(stage, "leader")
    address = f"/hazards/{hazard.uid}/"
    leader.goto(address)
    confirm(
        leader,
        "挂牌督办",
        {"notice_no": "示安委督〔2026〕1号", "responsible": "周示例", "office": "示例区副区长", "due_on": "2026-05-31"},
        choose={"level": "county"},
    )
    says(leader, "请在期限内公示")
    officer = enter(stage, account_of(second_officer(hazard)))
    officer.goto(address)
    confirm(officer, "公示挂牌或者摘牌")
    decision = Paper.objects.get(form="site_measures", enterprise=firm)
    confirm(
        officer,
        "决定临时安全措施",
        {"scope": "二层营业区", "paper": str(decision.pk)},
        choose={"kind": "stop_production"},
    )
    says(officer, "临时安全措施已决定")
    visitor = stage.window()
    visitor.goto("/public/hazards/")
    expect(visitor.locator("main")).to_contain_text(firm.name)
    expect(visitor.locator("main")).not_to_contain_text("周示例")
    stage.picture(visitor, "13-listing")

    manager = stage.window(phone=True)
    code = invite_member(enterprise=firm, role="principal", actor=SETUP, now=stage.now)
    join(manager, code, "mallmanager", "赵示例")
    own = f"/m/enterprise/hazards/{hazard.uid}/"
    manager.goto(f"{own}ask/plan/")
    fill(
        manager,
        responsibility="总经理负责，工程部实施",
        measures="拆除锁具，加装推杆锁，增设防火分隔",
        funds="十二万元，从安全费用列支",
        time_limit="四月底前完成",
        contingency="治理期间二层停业，专人看守",
        finish_on=(hazard.due_on or stage.now.date()).isoformat(),
    )
    manager.get_by_role("button", name="报送治理方案").click()
    says(manager, "治理方案已报送")
    officer.goto(address)
    confirm(officer, "审定治理方案", choose={"accepted": "yes"})
    says(officer, "治理方案已审定")

    stage.later(days=2)
    manager.goto(f"{own}report/")
    shoot(manager, a_jpeg(folder, "mended", stage.now, (40, 130, 70)))
    fill(manager, description="已拆除铁链，防火分隔已完成。")
    manager.get_by_role("button", name="报告整改完成").click()
    says(manager, "已报告")
    manager.goto(f"{own}ask/acceptance/")
    manager.locator("[name=assessor]").first.check()
    fill(manager, assessed_by="示例安全评价机构", assessed_on=stage.now.date().isoformat(), assessment="治理到位")
    manager.get_by_role("button", name="申请验收").click()
    says(manager, "验收申请已提交")

    stage.later(hours=3)
    again = Visit.objects.get(kind="recheck", enterprise=firm)
    one = enter(stage, account_of(first_officer(again)), phone=True)
    one.goto(f"/m/visits/{again.uid}/start/")
    fill(one, host="钱示例")
    one.get_by_role("button", name="开始检查").click()
    one.get_by_role("link", name=re.compile(SEEN)).click()
    one.locator("[name=is_rectified][value=yes]").check()
    one.get_by_role("button", name="记下").click()
    one.get_by_role("button", name="生成记录").click()
    sign_by_all(stage, one)
    sign(one)
    one.get_by_role("button", name="送达").click()
    says(one, "这次检查已经办完")

    manager.goto(f"{own}ask/resume/")
    fill(manager, reason="隐患已排除，验收合格")
    manager.get_by_role("button", name=re.compile("申请恢复")).click()
    says(manager, "恢复申请已提交")
    leader.goto(address)
    confirm(leader, "审查恢复申请", {"reason": "验收合格"}, choose={"accepted": "yes"})
    officer.goto(address)
    confirm(officer, "拟写销号结论", {"conclusion": "防火分隔已完成，现场验收合格，建议销号。"})
    says(officer, "销号结论已报负责人批准")
    leader.goto(address)
    confirm(leader, "销号")
    hazard.refresh_from_db()
    assert (hazard.level, hazard.state) == ("major", "closed")
    officer.goto(address)
    confirm(officer, "公示挂牌或者摘牌")
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("已摘牌")


def first_officer(visit: Visit) -> Officer:
    """Whoever leads the team of a visit."""
    return visit.officers.select_related("officer__user").order_by("position")[0].officer


def second_officer(hazard: Hazard) -> Officer:
    """One of the team that found a hazard, but not who wrote it down."""
    assert hazard.visit_uid is not None
    visit = Visit.objects.get(uid=hazard.visit_uid)
    others = visit.officers.select_related("officer__user").order_by("position")
    return next(row.officer for row in others if str(row.officer.user_id) != hazard.found_by_id)


# --- one door, two organs


def check_jointly(stage: Stage, clerk: Page, leader: Page, firm: Enterprise) -> None:
    """联合检查: proposed, answered by both, approved by each head, checked on one day, recorded by each."""
    clerk.goto(f"/inspections/joint/propose/{firm.pk}/")
    fill(clerk, title="商场用电和消防联合检查", visit_on="2026-06-10", reason="迎峰度夏")
    clerk.locator("[name=item]").select_option(str(matter(stage).pk))
    clerk.locator("[name=organ_1]").select_option(label="示例区消防救援大队")
    clerk.locator("[name=item_1]").select_option(str(matter(stage).pk))
    clerk.locator("main form button[type=submit]").last.click()
    says(clerk, "请各部门答复")
    fire, fire_leader = enter(stage, "fire"), enter(stage, "fireleader")
    for page in (clerk, fire):
        page.goto(clerk.url)
        page.locator("[name=answer][value=accept]").check()
        for box in page.locator("[name=officers]").all()[:2]:
            box.check()
        page.get_by_role("button", name="答复").click()
        says(page, "答复已记录")
    task = JointTask.objects.get()
    for page, organ in ((leader, BRANCH), (fire_leader, "示例区消防救援大队")):
        visit = task.visits.get(organ__name=organ)
        page.goto(f"/inspections/visits/approvals/{visit.uid}/")
        page.get_by_role("button", name="批准检查").click()
        says(page, "检查已批准")
    stage.at(datetime(2026, 6, 10, 9, 30, tzinfo=CHINA))
    for visit in task.visits.order_by("pk"):
        one = enter(stage, account_of(first_officer(visit)), phone=True)
        arrive(one, visit)
        hand_notice(one, visit)
        one.goto(f"/m/visits/{visit.uid}/items/")
        check_items(stage, one, {})
        sign_by_all(stage, one)
        visit.refresh_from_db()
        assert visit.category == "no_problem"
    # The firm was visited once; each organ's own count stands for itself.
    assert {visit.cap_used for visit in task.visits.all()} == {1}
    records = Paper.objects.filter(form="site_record", enterprise=firm)
    assert records.values("issuing_organ").distinct().count() == 2


# --- the public


def make_public(stage: Stage, clerk: Page, fire_clerk: Page, batch: Batch, visitor: Page) -> None:
    """Every result is published within its days, by the page, and the bundle after its last visit."""
    for visit in Visit.objects.filter(publication__isnull=False, publication__published_at=None).order_by("pk"):
        page = clerk if visit.organ.name == BRANCH else fire_clerk
        page.goto(f"/inspections/visits/{visit.uid}/")
        confirm(page, "公示结果")
        says(page, "结果已公示")
    late = [one for one in Publication.objects.all() if one.published_at and one.published_at.date() > one.due_on]
    assert late == []
    visitor.goto("/public/results/")
    for visit in Visit.objects.filter(publication__isnull=False).select_related("enterprise"):
        expect(visitor.locator("td", has_text=visit.enterprise.name).first).to_be_visible()
    visitor.goto("/public/")
    expect(visitor.locator("main")).to_contain_text("年度")


def a_stranger_verifies(visitor: Page, batch: Batch, folder: Path) -> None:
    """The bundle, taken from the public page, by the thirty lines that the README prints and nothing else."""
    visitor.goto(f"/public/draws/{batch.code}/")
    with visitor.expect_download() as download:
        visitor.get_by_role("link", name="下载抽查包").click()
    bundle, script = folder / "bundle.json", folder / "check.py"
    download.value.save_as(bundle)
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    (printed,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    script.write_text(printed, encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", script, bundle], capture_output=True, text=True, check=False)
    assert done.stdout == "verified: 2 targets, 2 alternates\n", done.stderr
