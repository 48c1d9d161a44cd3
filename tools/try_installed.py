"""Run inside an environment that holds nothing but the wheel: the platform starts, serves a page, draws a document."""

import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

PATIENCE_S = 90
DOCUMENT = """#let d = json(bytes(sys.inputs.values))
#set text(font: d.faces.body, lang: "zh")
= #d.title
"""


def main(data: Path) -> None:
    import anguan

    assert Path(anguan.__file__).is_relative_to(sys.prefix), f"{anguan.__file__} is not the installed one"
    assert shutil.which("node") is None, "Node is to be seen; this try would prove nothing"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    log = data.with_name("up.log")
    with log.open("wb") as out:
        platform = subprocess.Popen(
            [Path(sys.prefix) / "bin" / "anguan", "up", "--data", data, "--port", str(port), "--gateway", "off"],
            stdout=out,
            stderr=out,
        )
    try:
        page = wait_for(f"{origin}/public/", platform, log).decode()
        assert "安关" in page, "the page is not ours"
        style = page.split('rel="stylesheet" href="', 1)[1].split('"', 1)[0]
        assert len(wait_for(origin + style, platform, log)) > 5000, "the style sheet is missing"
    finally:
        platform.send_signal(signal.SIGINT)
        platform.wait(timeout=60)
    draw(data.with_name("document"))
    print("wheel: 2 passed, 0 failed")


def wait_for(address: str, platform: "subprocess.Popen[bytes]", log: Path) -> bytes:
    """What an address answers, as soon as it does."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return bytes(answer.read())
        except (urllib.error.URLError, ConnectionError):
            if platform.poll() is not None or time.monotonic() > until:
                sys.exit(f"{address} does not answer:\n{log.read_text(encoding='utf-8')}")
            time.sleep(0.2)


def draw(folder: Path) -> None:
    """A document with Chinese type from the wheel's own faces."""
    import os
    from datetime import UTC, datetime

    os.environ["DJANGO_SETTINGS_MODULE"] = "anguan.settings"
    import django

    django.setup()
    from anguan.ground.rendering import render_pdf

    folder.mkdir()
    template = folder / "sample.typ"
    template.write_text(DOCUMENT, encoding="utf-8")
    pdf = render_pdf(template=template, values={"title": "责令限期整改指令书"}, moment=datetime.now(UTC))
    assert pdf.startswith(b"%PDF"), "no document"
    assert b"NotoSerifSC" in pdf, "the document has no Chinese face inside"


main(Path(sys.argv[1]))
