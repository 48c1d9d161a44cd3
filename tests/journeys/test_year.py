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


# --- guidance and the two batches


def guide_a_firm(stage: Stage, officer: Page) -> None:
    """首检指导 at one firm through the page; the others were guided before."""
    firm = Enterprise.objects.get(name="示例商场1号有限公司")
    officer.goto(f"/inspections/guidance/record/{firm.pk}/")
    officer.locator("[name=officers]").first.check()
    fill(officer, host="示例经理", explained="讲了疏散通道和用电安全的要求。", problems="2026-02-10 清理后门杂物")
    officer.get_by_role("button", name="记录指导服务").click()
    says(officer, "指导服务已记录")
    # A service visit can't turn into enforcement.
    says(officer, "国办发〔2024〕54号")


def a_committed_batch(stage: Stage, title: str, users: Mapping[str, User], alternates: int) -> Batch:
    """A batch up to its commitments; how parties make them in their browsers is told in the narrow loop."""
    clerk = actor_of(users["clerk"])
    batch = batches.plan_batch(
        title=title,
        organ=Organ.objects.get(name=BRANCH),
        item=current_list().items.get(code="S01"),
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
    clerk.locator("[name=reason]").first.check()
    fill(clerk, note="营业执照已注销，门上贴有转租告示")
    clerk.locator("photo-capture input[type=file]").set_input_files(a_jpeg(folder, "shut", stage.now, (70, 70, 120)))
    expect(clerk.locator("photo-capture input[name=photo_sha256]")).to_have_count(1)
    clerk.locator("main form button[type=submit]").last.click()
    clerk.wait_for_url("**/replacements/**")
    leader.goto(clerk.url)
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
    expect(desk).to_be_visible()
    home = f"#/visit/{visit.uid}"

    def go(address: str) -> None:
        page.evaluate("hash => { location.hash = hash; }", address)
        page.wait_for_selector(f'offline-desk[data-drawn="{address}"]')

    def button() -> None:
        page.locator(".phone-bottom .primary").click()

    page.context.set_offline(True)
    go(f"{home}/start")
    page.get_by_label("被检查单位现场负责人").fill("示例经理")
    button()
    for number in range(1, visit.checklist.items.count() + 1):
        go(f"{home}/items/{number}")
        page.locator(".verdict label", has_text=re.compile("^符合")).click()
        stage.later(minutes=1)
        button()
    go(f"{home}/items")
    stage.picture(page, "12-offline-phone")
    button()
    for _signer in range(3):
        sign(page)
        button()
    go("#/queue")
    expect(page.get_by_role("status").first).to_contain_text("待同步")
    visit.refresh_from_db()
    assert visit.state == VisitState.APPROVED
    page.context.set_offline(False)
    page.get_by_role("button", name="现在同步").click()
    expect(page.get_by_role("status").first).to_have_text("已同步")
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
    one.goto(f"/m/visits/{visit.uid}/notice/")
    fill(one, receiver="钱示例")
    sign(one)
    one.get_by_role("button", name="交付通知书").click()
    says(one, "通知书已交付")

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

    # Refused on the spot; it takes effect by mail.
    office.goto(f"/papers/{visit.order.uid}/attempt/")
    office.locator("[name=outcome][value=refused]").check()
    fill(office, note="负责人拒绝签收，随后离开")
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
