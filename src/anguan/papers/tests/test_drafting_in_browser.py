"""拟稿 in a browser: a table grows by a row, and what was typed in it arrives; a signature is drawn and kept."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from anguan.papers.models import Paper
from anguan.papers.rules import FormCode
from anguan.papers.tests.builders import Cast
from anguan.papers.tests.test_drafting import draft_url, people, user
from anguan.people.rules import Role
from anguan.people.tests.builders import logged_in

__all__ = ["people"]  # the cast and the check that papers are drafted from


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_officer_adds_a_row_saves_the_draft_and_signs_it(phone: Page, people: Cast, live_address: str) -> None:
    session = logged_in(user(people, Role.OFFICER, "officer")).cookies["sessionid"].value
    phone.context.add_cookies([{"name": "sessionid", "value": session, "url": live_address}])
    phone.goto(draft_url("sampling_voucher"))
    phone.get_by_label("抽样时间").fill("2026-03-02T09:40")
    phone.get_by_label("抽样目的").fill("送检")
    phone.get_by_role("button", name="加一行").click()
    expect(phone.get_by_label("第 3 行 样品名称")).to_be_focused()
    for place in (1, 3):
        phone.get_by_label(f"第 {place} 行 样品名称").fill(f"示例样品{place}")
        phone.get_by_label(f"第 {place} 行 数量").fill("1")
    phone.get_by_role("button", name="存为拟稿").click()
    expect(phone.get_by_text("拟稿已存。")).to_be_visible()
    paper = Paper.objects.get(form=FormCode.SAMPLING_VOUCHER)
    assert [row["name"] for row in paper.body["items"]] == ["示例样品1", "示例样品3"]

    phone.goto(reverse("papers:sign", args=[paper.uid]))
    pad = phone.locator("signature-pad canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    phone.mouse.move(box["x"] + 40, box["y"] + 60)
    phone.mouse.down()
    phone.mouse.move(box["x"] + 160, box["y"] + 110, steps=5)
    phone.mouse.up()
    phone.get_by_role("button", name="记下签名").click()
    expect(phone.get_by_text("已签名。")).to_be_visible()
    assert paper.signatures.get().party == "officer"
