"""全区地图: points drawn with the network closed, and a table for whoever can't see them."""

from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, logged_in
from anguan.registry.models import Enterprise, KeyUnit

from .builders import NOW, a_building, a_complex, a_site, an_enterprise


def a_district() -> Enterprise:
    """An enterprise, its mall, building, site and key unit with a position each, and one enterprise without."""
    firm = an_enterprise(longitude=Decimal("105.571"), latitude=Decimal("30.512"))
    tower, mall, site = a_building(manager=firm), a_complex(firm), a_site(firm)
    for row, east, north in ((tower, "105.61", "30.50"), (mall, "105.65", "30.52"), (site, "105.69", "30.54")):
        type(row)._default_manager.filter(pk=row.pk).update(longitude=Decimal(east), latitude=Decimal(north))
    KeyUnit.objects.create(
        enterprise=firm, building=tower, name="示例重点单位", category="公众聚集场所", address="示例路1号",
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    an_enterprise("示例没有坐标公司", 2)
    an_enterprise("示例已注销公司", 3, status="cancelled", longitude=Decimal("105.6"), latitude=Decimal("30.5"))
    return firm


@pytest.mark.django_db
def test_the_points_are_what_is_still_there_and_has_a_position() -> None:
    a_district()
    client = logged_in(a_user("officer", Role.OFFICER))
    told = client.get("/ledger/map/points/").json()
    places = {one["properties"]["kind"]: one["geometry"]["coordinates"] for one in told["features"]}
    assert places == {
        "enterprise": [105.571, 30.512],
        "building": [105.61, 30.5],
        "complex": [105.65, 30.52],
        "site": [105.69, 30.54],
        # A key unit stands where its building does.
        "key-unit": [105.61, 30.5],
    }
    only = client.get("/ledger/map/points/?kind=site&kind=nothing").json()
    assert [one["properties"]["kind"] for one in only["features"]] == ["site"]


@pytest.mark.django_db
def test_the_page_says_what_is_missing_and_asks_nobody_without_a_key(settings: Any) -> None:
    a_district()
    client = logged_in(a_user("officer", Role.OFFICER))
    page = client.get("/ledger/map/")
    shown = page.content.decode()
    assert "另有 1 条没有坐标" in shown
    assert "示例已注销公司" not in shown
    assert "tianditu" not in shown + page["Content-Security-Policy"]

    settings.TIANDITU_KEY = "示例"
    with_tiles = client.get("/ledger/map/")
    policy = with_tiles["Content-Security-Policy"]
    assert "T=vec_w" in with_tiles.content.decode()
    assert "script-src 'self';" in policy
    assert "connect-src 'self' https://t0.tianditu.gov.cn" in policy
    assert "tianditu" not in client.get("/ledger/figures/")["Content-Security-Policy"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_points_are_drawn_without_a_network_and_keyboard_users_reach_the_table(
    drawing_page: Page, live_address: str
) -> None:
    firm = a_district()
    user = a_user("officer", Role.OFFICER)
    page = drawing_page
    session = logged_in(user).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_address}])
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto("/ledger/map/")
    place = page.locator("district-map")
    expect(place).to_have_attribute("data-state", "ready")
    expect(place).to_have_attribute("data-drawn", "4")
    assert faults == []
    assert {url for url in asked if not url.startswith((live_address, "data:"))} == set()

    page.get_by_label("建筑工地").uncheck()
    expect(place).to_have_attribute("data-drawn", "3")
    expect(page.get_by_role("row", name="示例花园二期")).to_be_hidden()

    page.get_by_role("link", name="跳到同样内容的表格").press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("region", name="图上的内容").get_by_role("link").first).to_be_focused()
    assert page.get_by_role("link", name=firm.name).first.get_attribute("href") == firm.get_absolute_url()

    page.goto("/ledger/map/?kind=site")
    expect(place).to_have_attribute("data-drawn", "1")
    # The only point stands in the middle.
    place.click()
    expect(place.get_by_role("link", name="示例花园二期")).to_be_visible()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_without_webgl_the_page_says_so_and_keeps_the_table(page: Page, live_address: str) -> None:
    a_district()
    value = logged_in(a_user("officer", Role.OFFICER)).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_address}])
    page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        " return kind.startsWith('webgl') ? null : get.call(this, kind, ...rest); };"
    )
    page.goto("/ledger/map/")
    expect(page.get_by_text("这台设备不能画地图")).to_be_visible()
    expect(page.get_by_role("row", name="示例花园二期")).to_be_visible()
