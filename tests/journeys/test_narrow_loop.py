"""The narrow loop as people live it: from the bureau's Excel file to the public result, in real browsers."""

import json
import re
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from anguan.cli.shipped import load as load_shipped
from anguan.demo.people import BRANCH, plant_organs, plant_people
from anguan.ground import audit
from anguan.ground.clock import CHINA
from anguan.hazards.models import Hazard
from anguan.inspections.models import Batch, Visit
from anguan.papers.models import Paper
from anguan.papers.selectors import pdf_of
from anguan.papers.services import verify_papers
from anguan.people.models import Organ, User
from anguan.people.tests.builders import an_officer
from anguan.registry.models import Enterprise
from anguan.registry.services import invite_member

from .acts import (
    SETUP,
    account_of,
    arrive,
    check_items,
    confirm,
    enter,
    fill,
    join,
    remember_printed_codes,
    says,
    shoot,
    sign,
    sign_by_all,
)
from .stage import Stage, a_jpeg, a_stage
from .workbook import PARTY_FIRM, WRONG_CELL, the_ledger

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# Monday, 2 March 2026, nine o'clock in China.
OPENS = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
BEACON = datetime(2026, 3, 2, 14, 0, tzinfo=CHINA)
VISIT = datetime(2026, 3, 3, 9, 30, tzinfo=CHINA)
TITLE = "三月商场双随机抽查"
SEEN = "二层东侧安全出口用铁链锁住"
FAILED_ITEM = 2


# --- the acts of the story


def import_the_ledger(stage: Stage, clerk: Page, folder: Path) -> None:
    """Upload, match, preview; a wrong code is shown at its cell; the corrected file goes into the ledger."""
    program = folder / "台账.xlsx"
    program.write_bytes(b"MZ" + bytes(500))
    clerk.goto("/ledger/import/?kind=enterprise")
    clerk.locator("input[name=file]").set_input_files(program)
    clerk.get_by_role("button", name="上传并对应列").click()
    expect(clerk.locator("[aria-invalid=true]")).to_be_visible()

    def preview(file: Path) -> None:
        clerk.goto("/ledger/import/?kind=enterprise")
        clerk.locator("input[name=file]").set_input_files(file)
        clerk.get_by_role("button", name="上传并对应列").click()
        expect(clerk.locator("tr", has_text="统一社会 信用代码").locator("select")).to_have_value("credit_code")
        clerk.get_by_role("button", name="核对并预览").click()

    preview(the_ledger(folder / "企业台账2026.xlsx", is_corrected=False))
    wrong = clerk.locator("tr", has=clerk.get_by_role("rowheader", name=WRONG_CELL, exact=True))
    expect(wrong).to_contain_text("校验不通过")
    expect(clerk.locator("tbody tr")).to_have_count(1)
    stage.picture(clerk, "01-import-preview")
    assert not Enterprise.objects.exists()

    corrected = the_ledger(folder / "企业台账2026-更正.xlsx", is_corrected=True)
    preview(corrected)
    clerk.get_by_role("button", name="写入 12 行").click()
    says(clerk, "已入账")
    assert Enterprise.objects.count() == 12
    # The blanks and the full-width letters of the codes are gone.
    assert {len(code) for code in Enterprise.objects.values_list("credit_code", flat=True)} == {18}
    preview(corrected)
    says(clerk, "没有要写的")
    clerk.get_by_role("link", name="企业", exact=True).first.click()
    clerk.locator("main input[type=search]").fill("slwh")
    clerk.keyboard.press("Enter")
    expect(clerk.locator("tbody tr")).to_have_count(1)
    says(clerk, "示例万汇商业管理有限公司")


def draw_the_batch(stage: Stage, clerk: Page, principal: Page) -> None:
    """Plan, parties, pool, commitments, and after the beacon the secrets."""
    clerk.goto("/inspections/batches/plan/")
    clerk.get_by_role("button", name="列入计划").click()
    expect(clerk.locator("[aria-invalid=true]").first).to_be_visible()
    fill(
        clerk,
        title=TITLE,
        window_from="2026-03-02",
        window_to="2026-03-31",
        name_1="商业综合体",
        industries_1="F，H",
        targets_1="2",
        alternates_1="1",
        not_before="2026-03-02T14:00",
    )
    clerk.get_by_role("button", name="列入计划").click()
    clerk.wait_for_url(re.compile(r"/inspections/batches/SJ-"))
    url = clerk.url

    for role, name in (("organ", "负责人示例"), ("supervisor", "监督员示例"), ("enterprise", "周示例")):
        clerk.locator("select[name=role]").select_option(role)
        clerk.locator("select[name=user]").select_option(label=name)
        clerk.get_by_role("button", name="添加参与方").click()
        expect(clerk.locator("td", has_text=name)).to_be_visible()
    confirm(clerk, "冻结名录")
    says(clerk, "等参与方到齐并作出承诺")

    leader = enter(stage, "leader")
    supervisor = enter(stage, "supervisor")
    parties = [leader, supervisor, principal]
    for page in parties:
        page.goto(f"{url}party/")
        expect(page.get_by_role("button", name="提交承诺")).to_be_disabled()
        page.get_by_role("button", name="生成秘密").click()
        page.get_by_role("button", name="提交承诺").click()
        says(page, "承诺已收到")
    clerk.reload()
    stage.picture(clerk, "02-batch")
    confirm(clerk, "公布承诺")
    says(clerk, "承诺已公布")

    # What was promised is public at once, and the list of enterprises is not.
    visitor = stage.window()
    visitor.goto("/public/draws/")
    visitor.get_by_role("link", name=TITLE).click()
    expect(visitor.locator("td code")).to_have_count(3)
    assert visitor.request.get(visitor.url + "bundle.json").status == 404
    promise = visitor.request.get(visitor.url + "promise.json").json()
    assert len(promise["commitments"]) == 3
    assert not [firm for firm in Enterprise.objects.all() if firm.name in json.dumps(promise, ensure_ascii=False)]

    # Nobody opens a secret before the time.
    leader.goto(f"{url}party/")
    expect(leader.get_by_role("button", name="开启秘密")).to_have_count(0)
    stage.at(BEACON)
    for page in parties:
        page.goto(f"{url}party/")
        page.get_by_role("button", name="开启秘密").click()
        says(page, "秘密已封存")
    clerk.goto(url)
    says(clerk, "抽取结果")
    expect(clerk.locator("confirm-dialog summary", has_text="批准检查")).to_have_count(0)
    leader.goto(url)
    confirm(leader, "批准检查")
    says(leader, "检查已批准")


def test_from_the_bureaus_excel_file_to_the_public_result(
    browser: Browser,
    live_address: str,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.ANGUAN_DEMO = True  # one-time codes may waive the second factor
    settings.ANGUAN_ORIGIN = live_address
    with a_stage(browser, live_address, OPENS, monkeypatch, tmp_path) as stage:
        play(stage, tmp_path, monkeypatch)
        assert stage.faults == []


def play(stage: Stage, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole story."""
    load_shipped()
    organs = plant_organs(OPENS)
    plant_people(organs, OPENS)
    branch = Organ.objects.get(name=BRANCH)
    for number, user in enumerate(User.objects.filter(username__startswith="officer").order_by("pk")[:4]):
        an_officer(user.name, organ=branch, user=user, can_lead=number < 2)

    # --- the ledger
    clerk = enter(stage, "clerk")
    import_the_ledger(stage, clerk, folder)

    # The principal of a firm that can't be drawn opens an account with an invitation and takes part in the draw.
    host = Enterprise.objects.get(name=PARTY_FIRM)
    principal = stage.window()
    join(principal, invite_member(enterprise=host, role="principal", actor=SETUP, now=stage.now), "party", "周示例")

    # --- the draw
    draw_the_batch(stage, clerk, principal)
    batch = Batch.objects.get()
    assert Visit.objects.count() == 2
    first, second = Visit.objects.order_by("pk")

    # --- the visit
    codes: list[str] = []
    remember_printed_codes(monkeypatch, codes)
    stage.at(VISIT)
    officers = [row.officer for row in first.officers.select_related("officer__user").order_by("-officer__can_lead")]
    one, two = (enter(stage, account_of(officer), phone=True) for officer in officers)
    arrive(one, first)
    two.goto("/m/")
    says(two, first.enterprise.name)
    stage.later(minutes=20)
    check_items(
        stage, one, {FAILED_ITEM: (SEEN, a_jpeg(folder, "before", stage.now, (150, 60, 40)))}, picture="04-visit-phone"
    )
    stage.later(minutes=40)
    sign_by_all(stage, one, "05-record-phone")
    one.get_by_role("button", name="责令限期整改").click()
    sign_by_all(stage, one)
    expect(one.locator("[name=receiver]")).to_have_value("钱示例")
    expect(one.locator("[name=place]")).to_have_value(first.enterprise.address)
    sign(one)
    one.get_by_role("button", name="送达").click()
    says(one, "这次检查已经办完")

    order = Paper.objects.get(form="rectify_order")
    # Nothing was typed twice: the party of the order is the row of the ledger.
    assert order.content is not None
    party = order.content["party"]
    assert (party["name"], party["credit_code"], party["address"]) == (
        first.enterprise.name,
        first.enterprise.credit_code,
        first.enterprise.address,
    )
    assert order.number == "（示例）应急责改〔2026〕1号"
    clerk.goto(f"/papers/{order.uid}/")
    says(clerk, order.number)
    stage.sheet(pdf_of(order), "06-order")

    # The other firm has moved away: nobody is there.
    stage.later(hours=1)
    other = second.officers.select_related("officer__user").first()
    assert other is not None
    three = enter(stage, account_of(other.officer), phone=True)
    three.goto(f"/m/visits/{second.uid}/")
    three.get_by_role("link", name="找不到人、没有这家或拒绝检查").click()
    three.locator("[name=category]").first.check()
    fill(three, note="大门紧锁，门上贴有转租告示。")
    shoot(three, a_jpeg(folder, "closed", stage.now, (60, 60, 120)))
    three.get_by_role("button", name="记下并办结").click()
    says(three, "已记录未能检查的情况")

    # --- the enterprise
    assert codes, "an order to a firm without an account carries a code"
    stage.later(hours=2)
    firm = stage.window(phone=True)
    join(firm, codes[0], "firm", "孙示例")
    hazard = Hazard.objects.get()
    firm.goto("/m/enterprise/hazards/")
    says(firm, SEEN)
    stage.picture(firm, "07-enterprise-phone")
    firm.get_by_role("link", name=re.compile(SEEN)).click()
    firm.get_by_role("link", name="报告整改完成").click()
    # Proof that is older than the order is no proof.
    shoot(firm, a_jpeg(folder, "old", VISIT - timedelta(days=30), (40, 40, 40)))
    fill(firm, description="已拆除铁链，改装推杆锁。")
    firm.get_by_role("button", name="报告整改完成").click()
    expect(firm.locator(".error-summary, [role=alert]").first).to_be_visible()
    stage.later(minutes=5)
    shoot(firm, a_jpeg(folder, "after", stage.now, (40, 130, 70)))
    fill(firm, description="已拆除铁链，改装推杆锁。")
    firm.get_by_role("button", name="报告整改完成").click()
    says(firm, "等两名执法人员来复查")
    hazard.refresh_from_db()
    assert hazard.state == "reported"

    # --- the recheck
    stage.at(VISIT + timedelta(days=2))
    one.goto("/m/")
    one.locator("li", has_text="复查").get_by_role("link", name="办理").click()
    one.get_by_role("link", name="到场签到").click()
    fill(one, host="钱示例")
    expect(one.locator("geo-position input[name=position_lat]")).to_have_count(1)
    one.get_by_role("button", name="开始检查").click()
    one.get_by_role("link", name=re.compile(SEEN)).click()
    one.locator("[name=is_rectified][value=yes]").check()
    stage.picture(one, "08-recheck")
    one.get_by_role("button", name="记下").click()
    one.get_by_role("button", name="生成记录").click()
    sign_by_all(stage, one)
    sign(one)
    one.get_by_role("button", name="送达").click()
    says(one, "这次检查已经办完")
    hazard.refresh_from_db()
    assert hazard.state == "closed"
    opinion = Paper.objects.get(form="recheck_opinion")
    assert opinion.answers == order

    # --- the public
    first.refresh_from_db()
    stage.later(hours=3)
    clerk.goto("/")
    stage.picture(clerk, "10-desk")
    clerk.goto(f"/inspections/visits/{first.uid}/")
    # Twenty working days after Tuesday, 3 March 2026; no holiday lies between.
    assert first.publication.due_on == date(2026, 3, 31)
    confirm(clerk, "公示结果")
    says(clerk, "结果已公示")
    first.publication.refresh_from_db()
    assert first.publication.published_at is not None
    assert first.publication.published_at.astimezone(CHINA).date() <= first.publication.due_on
    clerk.goto(f"/inspections/batches/{batch.code}/")
    confirm(clerk, "公开抽查包")
    says(clerk, "抽查包已公开")

    visitor = stage.window()
    visitor.goto("/public/results/")
    expect(visitor.locator("td", has_text=first.enterprise.name)).to_be_visible()
    stage.picture(visitor, "09-result")
    verify_the_draw(stage, visitor, batch, folder)
    confirm_the_papers(visitor, folder)

    assert verify_papers().faults == []
    assert audit.verify(stage.now).fault is None


def verify_the_draw(stage: Stage, visitor: Page, batch: Batch, folder: Path) -> None:
    """In the visitor's browser and on the command line; one digit changed is found by both."""
    visitor.goto(f"/public/draws/{batch.code}/")
    visitor.get_by_role("button", name="在本浏览器里重新计算").click()
    expect(visitor.locator("draw-verifier")).to_have_attribute("data-state", "passed")
    visitor.locator("draw-verifier").evaluate("element => element.scrollIntoView()")
    stage.picture(visitor, "03-public-draw")
    with visitor.expect_download() as download:
        visitor.get_by_role("link", name="下载抽查包").click()
    honest = folder / "bundle.json"
    download.value.save_as(honest)
    text = honest.read_text(encoding="utf-8")
    seed = json.loads(text)["result"]["seed"]
    changed = folder / "changed.json"
    changed.write_text(text.replace(seed, seed[:-1] + ("0" if seed[-1] != "0" else "1")), encoding="utf-8")
    for file, state, code in ((honest, "passed", 0), (changed, "failed", 1)):
        visitor.goto("/public/draws/verify/")
        visitor.locator("draw-verifier #bundle").set_input_files(file)
        expect(visitor.locator("draw-verifier")).to_have_attribute("data-state", state)
        told = subprocess.run([sys.executable, "-m", "anguan.cli", "draw", "verify", file], capture_output=True)
        assert told.returncode == code, told.stderr.decode()


def confirm_the_papers(visitor: Page, folder: Path) -> None:
    """Every document's code confirms number, date and hash; an edited file is not confirmed."""
    papers = list(Paper.objects.exclude(number="").order_by("pk"))
    assert [paper.form for paper in papers].count("service_receipt") == 2
    assert {"site_record", "rectify_order", "recheck_opinion"} < {paper.form for paper in papers}
    for paper in papers:
        data = pdf_of(paper)
        edited = folder / f"{paper.pk}-edited.pdf"
        edited.write_bytes(data.replace(b"%PDF", b"%PDf", 1))
        true = folder / f"{paper.pk}.pdf"
        true.write_bytes(data)
        visitor.goto("/public/papers/")
        visitor.locator("main [name=code]").fill(paper.confirm_code)
        visitor.locator("main form button[type=submit]").click()
        says(visitor, paper.number)
        says(visitor, paper.pdf_sha256)
        assert paper.issued_at is not None
        issued_on = paper.issued_at.astimezone(CHINA)
        says(visitor, f"{issued_on.year}年{issued_on.month}月{issued_on.day}日")
        assert paper.enterprise.name not in visitor.content()
        for file, answer in ((true, "一致：这个文件"), (edited, "不一致：这个文件")):
            visitor.locator("file-hash input[type=file]").set_input_files(file)
            says(visitor, answer)
