"""A day without network in a real browser: nothing lost, nothing doubled."""

import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import chromium
from django.conf import settings
from playwright.sync_api import expect

from anguan.checklists.models import HazardPhrase
from anguan.inspections.rules import VisitState
from anguan.inspections.tests.offline_rounds import Phone, a_field, an_officers_phone, forget, play_rounds

if TYPE_CHECKING:
    from playwright.sync_api import Playwright, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _forgets() -> Iterator[None]:
    """Nothing of a killed phone is at work when the next test begins."""
    yield
    forget()


# Twenty rounds in two halves, which two workers play side by side.
@pytest.mark.parametrize("half", [1, 2])
def test_random_days_lose_nothing_and_double_nothing(
    half: int, playwright: "Playwright", live_address: str, tmp_path: Path
) -> None:
    rounds = int(os.environ.get("ANGUAN_OFFLINE_ROUNDS", "10"))
    seed = int(os.environ.get("ANGUAN_OFFLINE_SEED") or secrets.randbelow(1_000_000_000))
    program = chromium()
    assert program is not None
    tally = play_rounds(playwright, program, tmp_path / "phone", live_address, rounds=rounds, first_seed=seed)
    if told := os.environ.get("ANGUAN_OFFLINE_REPORT"):
        Path(told).write_text(json.dumps(vars(tally)))
    assert not tally.faults, f"ANGUAN_OFFLINE_SEED={seed}\n" + "\n".join(tally.faults)
    assert (tally.rounds, tally.lost, tally.doubled, tally.refused) == (rounds, 0, 0, 0)


def test_the_phone_opens_without_network_and_forgets_who_logs_out(
    playwright: "Playwright", live_address: str, tmp_path: Path
) -> None:
    program = chromium()
    assert program is not None
    field = a_field()
    visit = field.new_visit()
    second = visit.checklist.items.get(number=2)
    HazardPhrase.objects.create(
        checklist_code=visit.checklist.code, item_key=second.key, text="出口封死", hazard_level="major", days=1
    )
    phone = an_officers_phone(playwright, program, tmp_path / "phone", live_address, field)
    phone.start()
    try:
        expect(phone.page.get_by_role("link", name=visit.enterprise.name)).to_be_visible()
        phone.cut(offline=True)
        # An address of the pages that need the network leads to the same visit on the phone.
        phone.page.goto(f"/m/visits/{visit.uid}/")
        expect(phone.page.get_by_role("link", name="到场签到")).to_be_visible()
        expect(phone.page.get_by_role("status").first).to_contain_text("离线")
        picture(phone, "visit")
        phone.go(f"#/visit/{visit.uid}/start")
        phone.page.get_by_label("被检查单位现场负责人").fill("示例经理")
        picture(phone, "start")
        phone.page.get_by_role("button", name="开始检查").click()
        phone.page.wait_for_selector(f'offline-desk[data-drawn="#/visit/{visit.uid}/items"]')
        phone.go(f"#/visit/{visit.uid}/items/1")
        phone.page.get_by_text("不符合", exact=True).click()
        phone.page.get_by_label("情况").fill("𠮷野家后厨软管老化")
        phone.page.get_by_role("button", name="记下，下一项").click()
        expect(phone.page.get_by_role("alert")).to_contain_text("“𠮷”这个字字库中没有")
        phone.page.get_by_label("情况").fill("后厨软管老化")
        phone.page.wait_for_timeout(600)
        # The battery is empty; what was typed is there again, still without network.
        phone.kill()
        phone.start()
        phone.go(f"#/visit/{visit.uid}/items/1")
        expect(phone.page.get_by_label("情况")).to_have_value("后厨软管老化")
        picture(phone, "item")
        phone.page.get_by_role("button", name="记下，下一项").click()
        # A phrase and a clause are tapped, not typed; another tap takes the phrase out again.
        phone.page.wait_for_selector(f'offline-desk[data-drawn="#/visit/{visit.uid}/items/2"]')
        phrase = phone.page.locator("quick-words label")
        phrase.click()
        expect(phone.page.get_by_label("情况")).to_have_value("出口封死")
        expect(phone.page.locator("[name=outcome][value=fails]")).to_be_checked()
        expect(phone.page.locator("[name=level][value=major]")).to_be_checked()
        # What fits the firm is in the first list; the others stay folded.
        phone.page.locator("criterion-picker summary").first.click()
        clause = phone.page.locator("criterion-picker button").first
        clause.click()
        expect(phone.page.locator("[name=criterion]")).to_have_value(clause.get_attribute("data-criterion") or "?")
        phrase.click()
        expect(phone.page.get_by_label("情况")).to_have_value("")
        phone.go("#/queue")
        expect(phone.page.locator("offline-desk li")).to_have_count(2)
        expect(phone.page.get_by_role("status").first).to_contain_text("待同步 2 条")
        picture(phone, "queue")
        phone.cut(offline=False)
        phone.send()
        expect(phone.page.get_by_role("status").first).to_have_text("已同步")
        phone.page.goto("/account/logout/")
        phone.page.get_by_role("button", name="退出登录").last.click()
        phone.page.wait_for_url("**/account/login/**")
        phone.cut(offline=True)
        phone.page.goto("/m/offline/")
        expect(phone.page.get_by_text("这部手机上还没有人登录")).to_be_visible()
        expect(phone.page.get_by_role("link", name=visit.enterprise.name)).to_have_count(0)
    finally:
        phone.kill(gently=True)
        forget()


def test_a_token_that_changed_between_greeting_and_message_is_asked_for_again(
    playwright: "Playwright", live_address: str, tmp_path: Path
) -> None:
    program = chromium()
    assert program is not None
    field = a_field()
    visit = field.new_visit()
    phone = an_officers_phone(playwright, program, tmp_path / "phone", live_address, field)
    phone.start()
    try:
        expect(phone.page.get_by_role("link", name=visit.enterprise.name)).to_be_visible()
        phone.cut(offline=True)
        phone.go(f"#/visit/{visit.uid}/start")
        phone.page.get_by_label("被检查单位现场负责人").fill("示例经理")
        phone.page.get_by_role("button", name="开始检查").click()
        phone.page.wait_for_selector(f'offline-desk[data-drawn="#/visit/{visit.uid}/items"]')
        greetings: list[str] = []

        def greet(route: "Route") -> None:
            told = route.fetch().json()
            greetings.append(told["csrf"])
            if len(greetings) == 1:
                other = {"name": settings.CSRF_COOKIE_NAME, "value": "x" * 32, "url": live_address}
                phone.page.context.add_cookies([other])  # type: ignore[list-item]  # a SetCookieParam, told as a dict
            route.fulfill(json=told)

        phone.page.route("**/m/offline/contact", greet)
        phone.page.evaluate(
            """() => {
                const state = document.querySelector("[data-offline-state]");
                window.said = [];
                new MutationObserver(() => window.said.push(state.textContent)).observe(state, { childList: true });
            }"""
        )
        phone.cut(offline=False)
        phone.send()
        expect(phone.page.get_by_role("status").first).to_have_text("已同步")
        visit.refresh_from_db()
        assert visit.state == VisitState.ON_SITE
        assert len(greetings) >= 2
        assert not [word for word in phone.page.evaluate("window.said") if "登录" in word]
    finally:
        phone.kill(gently=True)
        forget()


def test_whoever_went_elsewhere_while_an_act_was_put_down_stays_there(
    playwright: "Playwright", live_address: str, tmp_path: Path
) -> None:
    program = chromium()
    assert program is not None
    field = a_field()
    visit = field.new_visit()
    phone = an_officers_phone(playwright, program, tmp_path / "phone", live_address, field)
    phone.start()
    try:
        expect(phone.page.get_by_role("link", name=visit.enterprise.name)).to_be_visible()
        phone.cut(offline=True)
        phone.go(f"#/visit/{visit.uid}/start")
        phone.page.get_by_label("被检查单位现场负责人").fill("示例经理")
        # The very moment after the button, before the store has answered.
        phone.page.evaluate(
            """() => {
                document.querySelector(".phone-bottom .primary").click();
                location.hash = "#/queue";
            }"""
        )
        expect(phone.page.locator("offline-desk li")).to_have_count(1)
        phone.page.wait_for_timeout(500)
        assert phone.page.evaluate("location.hash") == "#/queue"
    finally:
        phone.kill(gently=True)
        forget()


def picture(phone: Phone, name: str) -> None:
    """Keep what the phone shows, where somebody wants to look at it."""
    if folder := os.environ.get("ANGUAN_PICTURES"):
        phone.page.screenshot(path=Path(folder) / f"offline-{name}.png", full_page=True)
