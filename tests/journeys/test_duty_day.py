"""A day in the duty room: the simulator plays it over real sockets, somebody handles it in a real browser.

The chain runs as `anguan up` runs it: gateway, evaluator, pages. At the end the intake is compared with the simulator's
journal, and every incident has a verdict or says plainly what still stands.
"""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from benchmarks.running import free_port
from playwright.sync_api import Browser, Page, expect

from anguan.alarms.intake import checking
from anguan.alarms.models import Device, Incident
from anguan.alarms.rules.incidents import IncidentKind, IncidentState
from anguan.alarms.tests import builders
from anguan.alarms.tests.builders import Cast
from anguan.alarms.tests.committed import committed  # noqa: F401 a fixture
from anguan.demo.alarms import plan_of_cinema
from anguan.ground import clock
from anguan.people.models import DutyShift
from anguan.people.rules import DutyPost
from anguan.registry.tests.builders import a_building
from anguan.simulator.day import DAY, HOTEL, MALL, STORM_POINTS, STRANGER, TOWER, WORKS, Course, District
from anguan.simulator.devices import FIRST_ADDRESS, Journal
from anguan.wire.gbt26875 import address

from .duty_stage import Server, command, end, seat
from .stage import keep_picture, pictures_asked

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

DAY_S = 60.0


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[tuple[Server, int]]:
    """Pages, evaluator and gateway on the tests' database, and the port on which devices call."""
    with ExitStack() as stack:
        server = Server(tmp_path / "web")
        server.start()
        stack.callback(server.stop)
        port = free_port()
        for number, words in enumerate((("evaluator",), ("gateway", "--listen", f"127.0.0.1:{port}"))):
            process = command(*words, "--data", str(tmp_path / str(number)))
            stack.callback(end, process)
        yield server, port


def units(cast: Cast) -> None:
    """The four admitted devices of the day, each in a building of its own; somebody is on duty."""
    now = clock.now()
    DutyShift.objects.create(
        organ=cast.organ,
        user=cast.first,
        post=DutyPost.OPERATOR,
        since=now - timedelta(hours=1),
        until=now + timedelta(hours=7),
    )
    for unit in (MALL, TOWER, HOTEL, WORKS):
        building = a_building(name=f"示例{unit + 1}号楼", manager=cast.firm)
        device = builders.a_device(cast, source=source(unit), building=building)
        if unit == MALL:
            plan_of_cinema(device, now)


def played(port: int, journal: Path) -> threading.Thread:
    """The day but for its last scene: the fire is handled while it still burns."""

    def work() -> None:
        with journal.open("w", encoding="ascii") as file:
            asyncio.run(District(Course("127.0.0.1", port, DAY_S, 0.0), Journal(file), DAY[:-1]).run())

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    patience = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < patience, "it did not come"
        time.sleep(0.1)


def press(page: Page, key: str, heard: str = "", cause: str = "") -> None:
    """One act by its key; what it asks is filled in and sent."""
    page.keyboard.press(key)
    if cause:
        page.locator(f"#incident input[value={cause}]").check()
    if heard:
        page.locator("#incident textarea:visible").fill(heard)
        page.keyboard.press("Control+Enter")


@pytest.mark.usefixtures("committed")
def test_a_day_is_handled_and_nothing_of_it_is_lost_or_doubled(
    browser: Browser,
    chain: tuple[Server, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> None:
    server, port = chain
    # What the test uploads is where the pages look for it.
    settings.EVIDENCE_ROOT = server.data / "evidence"
    monkeypatch.setattr(builders, "T0", clock.now() - timedelta(seconds=5))
    cast = builders.cast()
    units(cast)
    context, page = seat(browser, server, cast.first)
    journal = tmp_path / "journal.jsonl"
    day = played(port, journal)
    rows, next_step = page.locator("li.alarm"), page.locator("#incident .next")

    # Steam in a kitchen: heard, judged, ended, before anything burns.
    kitchen = rows.filter(has_text="三层后厨感烟")
    expect(kitchen).to_have_count(1, timeout=60_000)
    kitchen.locator("a").first.click()
    expect(page.locator("#incident .point").first).to_contain_text("三层后厨感烟")
    press(page, "s")
    expect(next_step).to_contain_text("应先联系现场核实")
    press(page, "h", heard="值班室称后厨揭锅，无明火")
    expect(next_step).to_contain_text("应核实后作出结论")
    press(page, "w", heard="蒸汽", cause="steam")
    expect(next_step).to_contain_text("应办结")
    press(page, "j")
    expect(kitchen).to_have_count(0)

    # A loop of sixty detectors fails at once, and is one row.
    storm = rows.filter(has_text=f"示例{TOWER + 1}号楼").filter(has_text="故障")
    expect(storm).to_have_count(1, timeout=60_000)

    # The fire: two detectors and a call point, forwarded before anybody has verified it.
    fire = page.locator("li.alarm.fire")
    expect(fire).to_contain_text("推定火警", timeout=60_000)
    fire.locator("a").first.click()
    expect(page.locator("#incident").get_by_text("四层影院出口手报").first).to_be_visible()
    keep_picture(page, pictures_asked(), "14-duty-room")
    press(page, "s")
    expect(next_step).to_contain_text("应先联系现场核实")
    press(page, "h", heard="影院有明火，正在疏散")
    expect(next_step).to_contain_text("应核实后作出结论")
    press(page, "z", heard="二号厅座椅起火")
    expect(next_step).to_contain_text("应立即上报")
    press(page, "b", heard="119 接警员已记录，两个中队出动")
    expect(next_step).to_contain_text("应跟进到处置完毕")
    press(page, "x", heard="明火已扑灭，无人员伤亡")
    expect(next_step).to_contain_text("应办结")
    press(page, "j")
    expect(page.locator("li.alarm.fire")).to_have_count(0)
    day.join(90)
    assert not day.is_alive()
    assert page.evaluate("window.mark") == "same page"

    # What nobody has admitted calls nobody, until one click; then what it said is judged once.
    stranger = Device.objects.get(source=source(STRANGER))
    assert not Incident.objects.filter(device=stranger).exists()
    leader_context, desk = seat(browser, server, cast.leader)
    desk.goto("/alarms/devices/")
    desk.get_by_role("link", name="接入", exact=True).click()
    desk.get_by_role("searchbox", name="建筑或者单位的名称、地址").fill(cast.building.name)
    desk.get_by_role("button", name="查找").click()
    desk.get_by_role("button", name="接入到这里").first.click()
    desk.get_by_text("已接入").first.wait_for()
    expect(page.locator("li.alarm").filter(has_text="一层锅炉房感温")).to_have_count(1)
    leader_context.close()

    # Four causes that are over, each once; two that stand.
    until(lambda: Incident.objects.filter(kind=IncidentKind.FAULT, device__source=source(TOWER)).exists())
    told = Counter(Incident.objects.values_list("kind", "device__source"))
    assert told[IncidentKind.FIRE, source(MALL)] == 2
    assert told[IncidentKind.FAULT, source(TOWER)] == 1
    assert told[IncidentKind.MANUAL, source(TOWER)] == 1
    assert told[IncidentKind.SHIELDED, source(WORKS)] == 1
    fires = Incident.objects.filter(kind=IncidentKind.FIRE).order_by("pk")
    assert [(one.state, one.verdict) for one in fires] == [
        (IncidentState.CLOSED, "false"),
        (IncidentState.CLOSED, "true"),
    ]
    assert fires[1].points.count() >= 3
    loop = Incident.objects.get(kind=IncidentKind.FAULT, device__source=source(TOWER))
    assert loop.points.count() >= STORM_POINTS

    found = checking.check(journal)
    assert found.is_sound, found
    # Heartbeats and measured values come on top.
    assert found.stored >= found.journal > sum(len(scene.lines) for scene in DAY[:-1])
    context.close()


def source(unit: int) -> str:
    return address(FIRST_ADDRESS + unit).hex()
