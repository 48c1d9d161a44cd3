"""`alarm-to-screen`: from the last byte of a fire's frame to the fire on a screen of the duty room.

The whole platform as its users start it, background from the simulator, a real browser with the duty room open.
"""

import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from anguan.cli.database import set_up_django
from anguan.supervisor import postgres
from anguan.supervisor.processes import command_line
from benchmarks.report import report
from benchmarks.running import environment, free_port, running

UNITS = 100
RATES = (5_000, 20_000)
FIRES = 100
SECONDS_TO_WARM = 5.0
FIRST_FIRE_ADDRESS = 900_001
# Put on the page: when each fire was told by the stream, and when its row stood in the list.
WATCH = """() => {
    window.told = {}; window.shown = {};
    const now = () => performance.timeOrigin + performance.now();
    document.querySelector('duty-room').addEventListener('live-notice', (event) => {
        window.told[event.detail.incident] ??= now();
    });
    new MutationObserver((changes) => {
        for (const change of changes) for (const row of change.addedNodes)
            if (row.dataset?.incident && 'fire' in row.dataset) window.shown[row.dataset.incident] ??= now();
    }).observe(document.querySelector('#alarms'), {childList: true});
}"""


@dataclass
class Fire:
    """One device with a line of its own, and when the last byte of its fire had left."""

    device_id: int
    line: socket.socket
    frame: bytes
    sent_at: float = 0.0


def main() -> None:
    """One platform; each rate in turn, slower first."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        sys.exit("alarm-to-screen needs a Chromium")
    with tempfile.TemporaryDirectory(prefix="anguan-") as name:
        data, gateway = Path(name) / "data", f"127.0.0.1:{free_port()}"
        command = command_line("up", "--data", str(data), "--port", str(free_port()), "--gateway", gateway)
        with running(command) as platform, sync_playwright() as started:
            url = postgres.running_address(data)
            assert url is not None
            os.environ.update(ANGUAN_DATA=str(data), DATABASE_URL=url, DJANGO_ALLOW_ASYNC_UNSAFE="1")
            set_up_django()
            organ, key = a_duty_room()
            admit([source_of_simulated(number) for number in range(UNITS)], organ)
            browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
            page = browser.new_context(base_url=platform.address).new_page()
            page.context.add_cookies([{"name": "sessionid", "value": key, "url": platform.address}])
            page.goto("/alarms/")
            page.wait_for_selector("live-feed[data-state=live]")
            page.evaluate(WATCH)
            for place, rate in enumerate(RATES):
                measure(page, rate, place * FIRES, organ, gateway)
            browser.close()


def measure(page: Page, rate: int, first: int, organ: Any, gateway: str) -> None:
    """Fires at moments of chance under a background; prints the line of this rate."""
    fires = [a_fire(first + number, organ, gateway) for number in range(FIRES)]
    pauses = random.Random(rate)
    seconds = SECONDS_TO_WARM + FIRES * 0.35 + 5
    words = ["--units", str(UNITS), "--rate", str(rate), "--to", gateway, "--seconds", str(seconds)]
    background = subprocess.Popen(
        command_line("simulate", "devices", *words), env=environment(), stdout=subprocess.PIPE, text=True
    )
    time.sleep(SECONDS_TO_WARM)
    for fire in fires:
        fire.line.sendall(fire.frame)
        fire.sent_at = time.time() * 1000
        page.wait_for_timeout(pauses.uniform(150, 450))
    told, shown = seen(page, fires)
    received, judged = on_the_way(fires)
    said = background.communicate(timeout=300)[0].strip().splitlines()[-1]
    for fire in fires:
        fire.line.close()
    sent = int(json.loads(said)["sent"])
    report(
        "alarm-to-screen",
        percentile(told, 0.99),
        "ms",
        None,
        len(told),
        asked_rate=rate,
        sent_rate=sent / seconds,
        p50=statistics.median(told),
        received_p50=statistics.median(received),
        received_p99=percentile(received, 0.99),
        judged_p50=statistics.median(judged),
        judged_p99=percentile(judged, 0.99),
        shown_p50=statistics.median(shown),
        shown_p99=percentile(shown, 0.99),
        missing=FIRES - len(shown),
    )


def seen(page: Page, fires: list[Fire]) -> tuple[list[float], list[float]]:
    """Milliseconds of each fire to its event and to its row, once all are there or half a minute is over."""
    from anguan.alarms.models import Incident

    ids = [fire.device_id for fire in fires]
    end = time.monotonic() + 30
    while True:
        incidents = dict(Incident.objects.filter(kind="fire", device__in=ids).values_list("device_id", "pk"))
        told, shown = page.evaluate("[window.told, window.shown]")
        if all(str(incidents.get(one)) in shown for one in ids) or time.monotonic() > end:
            break
        page.wait_for_timeout(200)
    waits = [
        [times[number] - fire.sent_at for fire in fires if (number := str(incidents.get(fire.device_id))) in times]
        for times in (told, shown)
    ]
    return waits[0], waits[1]


def on_the_way(fires: list[Fire]) -> tuple[list[float], list[float]]:
    """Milliseconds of each fire to its reading by the gateway, and to the beginning of the batch that judged it."""
    from anguan.alarms.models import Incident, Notice

    opened = dict(Notice.objects.filter(what="opened").values_list("incident_id", "at"))
    received: list[float] = []
    judged: list[float] = []
    for fire in fires:
        for incident in Incident.objects.filter(kind="fire", device=fire.device_id):
            received.append(incident.opened_at.timestamp() * 1000 - fire.sent_at)
            judged.append(opened[incident.pk].timestamp() * 1000 - fire.sent_at)
    return received, judged


def percentile(values: list[float], part: float) -> float:
    """The value below which that part of them lies; infinite when there are none."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else float("inf")


def a_duty_room() -> tuple[Any, str]:
    """An organ with an operator on duty, and the cookie of their session."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils import timezone

    from anguan.people.middleware import WAIVED
    from anguan.people.models import DutyShift, Organ, RoleGrant, User

    organ = Organ.objects.create(name="示例消防救援大队", short_name="示消", kind="fire")
    user = User.objects.create_user(username="bench", name="示例值班员")
    user.set_password("not-a-secret-in-a-benchmark")
    user.save()
    RoleGrant.objects.create(user=user, role="duty_officer", organ=organ)
    now = timezone.now()
    DutyShift.objects.create(organ=organ, user=user, since=now, until=now + timedelta(hours=8))
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[WAIVED] = True
    session.create()
    return organ, session.session_key


def source_of_simulated(number: int) -> str:
    """The source under which a device of the simulator reports."""
    from anguan.simulator.devices import FIRST_ADDRESS
    from anguan.wire.gbt26875 import address

    return address(FIRST_ADDRESS + number).hex()


def admit(sources: list[str], organ: Any) -> list[int]:
    """Devices of these sources, admitted; their ids."""
    from django.utils import timezone

    from anguan.alarms.services.devices import admit_device, register_device
    from anguan.ground.access import SYSTEM

    now = timezone.now()
    devices = [register_device(source=source, actor=SYSTEM, now=now) for source in sources]
    return [admit_device(device=one, organ=organ, place=one.source, actor=SYSTEM, now=now).pk for one in devices]


def a_fire(number: int, organ: Any, gateway: str) -> Fire:
    """A device of its own place, connected and known, with the frame that it is about to send."""
    from anguan.ground.clock import CHINA
    from anguan.simulator.devices import CENTRE
    from anguan.wire.gbt26875 import ComponentState, Connection, Role, Timing, address, text_bytes, time_bytes
    from anguan.wire.gbt26875.codes import ComponentType, SystemType, TypeFlag

    six = address(FIRST_FIRE_ADDRESS + number)
    (device_id,) = admit([six.hex()], organ)
    host, _, port = gateway.rpartition(":")
    line = socket.create_connection((host, int(port)))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    now = datetime.now(CHINA)
    state = ComponentState(
        SystemType.FIRE_ALARM,
        1,
        ComponentType.POINT_PHOTOELECTRIC_SMOKE_DETECTOR,
        1 << 16 | 1,
        0x0002,
        text_bytes("三层走道感烟探测器"),
        time_bytes(now),
    )
    talk = Connection(Role.DEVICE, address=six, peer=CENTRE, timing=Timing())
    return Fire(device_id, line, talk.send(TypeFlag.COMPONENT_STATE, [state], now=time.monotonic(), at=now).data)


if __name__ == "__main__":
    main()
