"""What people do in every story: enter, answer questions, sign, take pictures."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from anguan.ground.access import Actor
from anguan.inspections.models import Visit
from anguan.papers.services import issue
from anguan.people.models import Officer, OneTimeCode, User
from anguan.people.services import issue_code
from anguan.registry.models import Membership
from anguan.registry.services import invite_member

from .stage import Stage

SETUP = Actor(kind="system", id="set-up", name="示例")


def enter(stage: Stage, username: str, *, phone: bool = False) -> Page:
    """Somebody opens a window and enters by a one-time code, as visitors of the demo do."""
    user = User.objects.get(username=username)
    code = issue_code(
        user=user,
        purpose=OneTimeCode.Purpose.FIRST_LOGIN,
        actor=SETUP,
        now=stage.now,
        skips_second_factor=True,
    )
    page = stage.window(phone=phone)
    page.goto(f"/enter/{code}/")
    page.get_by_role("button", name="进入").click()
    page.wait_for_url("**/")
    return page


def account_of(officer: Officer) -> str:
    """The name under which an officer logs in."""
    assert officer.user is not None
    return officer.user.username


def confirm(
    page: Page, label: str, answers: dict[str, str] | None = None, *, choose: dict[str, str] | None = None
) -> None:
    """Press a button that asks back, read the question, fill in what it wants, and mean it."""
    page.locator("confirm-dialog summary", has_text=re.compile(f"^{re.escape(label)}$")).click()
    dialog = page.locator("dialog[open]")
    for name, value in (choose or {}).items():
        dialog.locator(f"[name={name}][value={value}]").check()
    for name, value in (answers or {}).items():
        field = dialog.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    dialog.locator("button[type=submit]").click()
    expect(page.locator("dialog[open]")).to_have_count(0)


def sign(page: Page) -> None:
    """Draw a signature on the sheet with the mouse."""
    canvas = page.locator("signature-pad canvas")
    # Clear of the bar at the bottom.
    canvas.evaluate("canvas => canvas.scrollIntoView({block: 'center'})")
    box = canvas.bounding_box()
    assert box is not None
    points = [(0.15, 0.7), (0.3, 0.25), (0.4, 0.8), (0.55, 0.3), (0.7, 0.75), (0.85, 0.35)]
    at = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in points]
    page.mouse.move(*at[0])
    page.mouse.down()
    for x, y in at[1:]:
        page.mouse.move(x, y, steps=4)
    page.mouse.up()
    expect(page.locator("signature-pad")).to_have_attribute("data-signed", "")


def fill(page: Page, **values: str) -> None:
    """Fill the fields of a form by their names."""
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)


def says(page: Page, text: str) -> None:
    """The page shows this sentence."""
    expect(page.locator("body")).to_contain_text(text)


def shoot(page: Page, file: Path) -> None:
    """Take a picture with the phone; it is there when its fingerprint is."""
    page.locator("photo-capture input[type=file]").set_input_files(file)
    expect(page.locator("photo-capture input[name=photo_sha256]")).to_have_count(1)


def remember_printed_codes(monkeypatch: pytest.MonkeyPatch, codes: list[str]) -> None:
    """Read what is printed on the first document: the code is kept nowhere else than on the paper."""

    def remembering(**words: Any) -> str:
        codes.append(invite_member(**words))
        return codes[-1]

    monkeypatch.setattr(issue, "invite_member", remembering)


def join(page: Page, code: str, username: str, name: str) -> None:
    """The enterprise opens its account with the code that it holds in its hand."""
    page.goto("/join/")
    fill(page, code="AAAAA-AAAAA-AAAAA-AAAAA")
    page.locator("main button[type=submit]").click()
    says(page, "没有这个一次性码")
    fill(page, code=code.lower())
    page.locator("main button[type=submit]").click()
    fill(page, name=name, username=username, phone="13900000000", password="liang-chi-bai-hua-24")
    page.locator("main button[type=submit]").click()
    says(page, "账号已开通")
    assert Membership.objects.filter(user__username=username).exists()


def arrive(page: Page, visit: Visit) -> None:
    """Today's list, the task code that the firm scans, and both officers there."""
    page.goto("/m/")
    page.locator("li", has_text=visit.enterprise.name).get_by_role("link", name="办理").click()
    page.get_by_role("link", name="任务码").click()
    expect(page.locator(".qr svg")).to_be_visible()
    shown = page.get_by_role("link", name="看被检查单位看到的页面").get_attribute("href")
    assert shown is not None
    page.get_by_role("link", name="已出示").click()
    page.get_by_role("link", name="到场签到").click()
    # Who does not say who received them is told.
    page.get_by_role("button", name="开始检查").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    fill(page, host="钱示例")
    expect(page.locator("geo-position input[name=position_lat]")).to_have_count(1)
    page.get_by_role("button", name="开始检查").click()
    page.wait_for_url("**/items/")


def check_items(
    stage: Stage,
    page: Page,
    failures: Mapping[int, tuple[str, Path]],
    *,
    picture: str = "",
    major: Mapping[int, str] = {},
) -> None:
    """One card after the other; what fails has words and a photo, and a major one its criterion."""
    page.get_by_role("link", name="下一项").click()
    total = int(page.locator(".steps progress").first.get_attribute("max") or 0)
    for number in range(1, total + 1):
        expect(page.locator("h1")).to_contain_text(f"第 {number} 项")
        if number in failures:
            seen, photo = failures[number]
            page.locator(".verdict label", has_text="不符合").click()
            # Without a word about what was seen it is not taken.
            page.get_by_role("button", name="记下，下一项").click()
            says(page, "写明看到了什么")
            page.locator(".verdict label", has_text="不符合").click()
            shoot(page, photo)
            fill(page, note=seen, place="二层东侧")
            if number in major:
                page.locator("details summary", has_text="级别").click()
                page.locator("[name=level]").select_option("major")
                page.locator("[name=criterion]").fill(major[number])
            if picture:
                stage.picture(page, picture)
        else:
            page.locator(".verdict label", has_text=re.compile("^符合")).click()
        page.get_by_role("button", name="记下，下一项").click()
    page.wait_for_url("**/items/")
    page.get_by_role("button", name="生成记录").click()
    page.wait_for_url(re.compile(r"/paper/"))


def sign_by_all(stage: Stage, page: Page, picture: str = "", *, refusal: str = "") -> None:
    """Two officers and the firm sign on the same phone, one after the other; the firm may refuse."""
    for who in range(3):
        expect(page.locator("signature-pad")).to_be_visible()
        if who == 0:
            # An empty sheet is no signature.
            page.get_by_role("button", name="签名").click()
            says(page, "签名")
        if who == 2 and refusal:
            page.locator("details.instead summary").click()
            page.get_by_label("拒绝签字").check()
            page.get_by_label("拒签或代签说明").fill(refusal)
        else:
            sign(page)
        if picture and who == 2:
            stage.picture(page, picture)
        page.get_by_role("button", name="签名").click()
        if who < 2 or not refusal:
            expect(page.locator(".pill", has_text="已签")).to_have_count(who + 1)
    page.get_by_role("button", name="出具文书").click()
