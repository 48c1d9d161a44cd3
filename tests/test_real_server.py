"""What a user starts: the server, the database and the worker of `anguan up`, over a real socket."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
# Generous: the suite shares two cores with this start. `make bench` measures it alone.
SECONDS_TO_COME_UP = 180


def a_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a fresh platform without the demo district."""
    port = a_free_port()
    environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "ANGUAN_DATA"}}
    command = [
        sys.executable,
        "-m",
        "anguan.cli",
        "up",
        "--data",
        str(tmp_path / "data"),
        "--port",
        str(port),
        "--gateway",
        "off",
    ]
    log = (tmp_path / "up.log").open("w")
    process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        end = time.monotonic() + SECONDS_TO_COME_UP
        while "ready: http" not in (tmp_path / "up.log").read_text():
            assert process.poll() is None, (tmp_path / "up.log").read_text()
            assert time.monotonic() < end, (tmp_path / "up.log").read_text()
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        log.close()


def test_a_page_a_form_and_a_script_come_through(address: str) -> None:
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{address}/enter/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = urllib.parse.urlencode({"csrfmiddlewaretoken": token.group(1), "code": "ABCDE-FGHJK-LMNPQ-RSTUV"})
    answer = browser.open(f"{address}/enter/", form.encode()).read().decode()
    assert "没有这个一次性码" in answer
    script = re.search(r'src="(/static/anguan/app[^"]+\.js)"', page)
    assert script is not None
    assert browser.open(address + script.group(1)).status == 200
    assert browser.open(f"{address}/readyz").status == 200
