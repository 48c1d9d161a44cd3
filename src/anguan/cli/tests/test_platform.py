"""The processes together, as an operator meets them: start, kill, stop, back up, restore."""

import hashlib
import http.cookiejar
import io
import os
import re
import signal
import subprocess
import tarfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.running import free_port
from soak.kill_gateway import IN_TURN, play

from anguan.supervisor.locks import is_alive
from anguan.supervisor.processes import command_line

pytestmark = pytest.mark.slow
PROOF = b"before and after"


# A piece of evidence, its day in the chain, and then another file in its place: what an owner of the database can do.
EXCHANGED = """
from datetime import timedelta
from uuid import UUID
from django.db import connection
from anguan.ground import clock, evidence, evidence_days
from anguan.ground.models import Evidence
now = clock.now()
then = now - timedelta(days=2)
Evidence.objects.create(
    uid=UUID(int=1), sha256=evidence.write(b"then"), kind="photo", media_type="image/png", size=4, taken_at=then,
    taken_by_id="", taken_by_name="", owner_type="x", owner_id="1", stored_at=then,
)
evidence_days.record_days(now)
connection.cursor().execute("SET session_replication_role = replica")
Evidence.objects.update(sha256=evidence.write(b"now"))
"""


def environment() -> dict[str, str]:
    """Without what the test run itself set: a command finds its own database."""
    return {
        key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_URL", "ANGUAN_", "DJANGO_"))
    }


def anguan(*words: str) -> subprocess.CompletedProcess[str]:
    name, *rest = words
    return subprocess.run(command_line(name, *rest), capture_output=True, text=True, check=False, env=environment())


def processes_of(root: Path) -> dict[int, str]:
    """Number and command line of each living process that has to do with the data folder."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid():
            try:
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                inherited = (folder / "environ").read_bytes()
            except OSError:
                continue
            ours = str(root) in words or f"ANGUAN_DATA={root}".encode() in inherited.split(b"\0")
            if ours and is_alive(int(folder.name)):
                found[int(folder.name)] = words
    return found


def left(root: Path, seconds: float = 20) -> dict[int, str]:
    """What still runs after so long; empty as soon as nothing does."""
    end = time.monotonic() + seconds
    while (found := processes_of(root)) and time.monotonic() < end:
        time.sleep(0.1)
    return found


class Platform:
    """`anguan up` on a folder, from its first page on."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port = free_port()
        ports = ("--port", str(self.port), "--gateway", f"127.0.0.1:{free_port()}")
        words = command_line("up", "--data", str(root), *ports)
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment())
        self.lines: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if "ready: " in line:
                return
        raise AssertionError(f"it did not come up: {self.lines}")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        assert self.process.stdout is not None
        self.process.stdout.read()
        self.process.stdout.close()
        return self.process.wait(30)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("platform") / "data"
    yield root
    assert not left(root)


def a_page_a_form_and_a_script_come_through(address: str) -> None:
    """What a user meets of a fresh platform, over a real socket."""
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


def test_killed_processes_come_back_and_ctrl_c_leaves_none(root: Path) -> None:
    platform = Platform(root)
    a_page_a_form_and_a_script_come_through(platform.address)
    web = [pid for pid, words in processes_of(root).items() if "anguan web" in words]
    assert web
    for pid in web:
        os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + 20
    while not platform.answers():
        assert time.monotonic() < end
        time.sleep(0.1)
    second = anguan("up", "--data", str(root), "--port", str(free_port()), "--gateway", "off")
    assert (second.returncode, "runs already" in second.stderr) == (2, True)
    assert platform.end(signal.SIGINT) == 0
    assert not left(root)


def test_a_killed_platform_leaves_no_process_and_comes_up_again(root: Path) -> None:
    assert Platform(root).end(signal.SIGKILL) == -signal.SIGKILL
    assert not left(root)
    assert Platform(root).end(signal.SIGTERM) == 0


def test_a_process_that_outlives_the_database_ends_all_the_same(root: Path) -> None:
    platform = Platform(root)
    time.sleep(1)  # so that each has a connection to lose
    late = [pid for pid, words in processes_of(root).items() if re.search(r"anguan (worker|evaluator|gateway)", words)]
    assert len(late) == 3
    for pid in late:
        os.kill(pid, signal.SIGSTOP)
    platform.end(signal.SIGKILL)
    end = time.monotonic() + 20
    while set(processes_of(root)) - set(late):
        assert time.monotonic() < end
        time.sleep(0.1)
    for pid in late:
        os.kill(pid, signal.SIGCONT)
    assert not left(root, 15)


def test_a_restored_backup_has_the_same_root(root: Path, tmp_path: Path) -> None:
    digest = hashlib.sha256(PROOF).hexdigest()
    evidence = root / "evidence" / digest[:2] / digest[2:4]
    evidence.mkdir(parents=True, exist_ok=True)
    (evidence / digest).write_bytes(PROOF)
    file, other = tmp_path / "backup.tar", tmp_path / "other"
    made = anguan("backup", str(file), "--data", str(root))
    assert made.returncode == 0, made.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    back = anguan("restore", str(file), "--data", str(other))
    assert back.returncode == 0, back.stderr
    verified = [anguan("audit", "verify", "--data", str(folder)) for folder in (root, other)]
    assert [answer.returncode for answer in verified] == [0, 0]
    assert verified[0].stdout == verified[1].stdout
    assert verified[0].stdout.split()[-1] in made.stdout
    assert (other / evidence.relative_to(root) / digest).read_bytes() == PROOF
    again = anguan("restore", str(file), "--data", str(other))
    assert (again.returncode, "not empty" in again.stderr) == (2, True)

    forged = tmp_path / "forged.tar"
    with tarfile.open(file) as sound, tarfile.open(forged, "w") as tar:
        for entry in sound:
            content = sound.extractfile(entry)
            assert content is not None
            data = content.read()
            tar.addfile(entry, io.BytesIO(data.swapcase() if entry.name.startswith("evidence/") else data))
    refused = anguan("restore", str(forged), "--data", str(tmp_path / "third"))
    assert (refused.returncode, digest in refused.stderr) == (2, True)
    assert not (tmp_path / "third").exists()

    exchanged = anguan("manage", "--data", str(other), "shell", "-c", EXCHANGED)
    assert exchanged.returncode == 0, exchanged.stderr
    damaged = tmp_path / "damaged.tar"
    assert anguan("backup", str(damaged), "--data", str(other)).returncode == 0
    told = anguan("restore", str(damaged), "--data", str(tmp_path / "fourth"))
    assert (told.returncode, "the evidence is not what it was" in told.stdout) == (1, True), told.stderr


def test_fresh_throws_away_only_a_data_folder(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    refused = anguan("up", "--fresh", "--data", str(tmp_path), "--port", str(free_port()), "--gateway", "off")
    assert (refused.returncode, "not a data folder" in refused.stderr) == (2, True)
    assert (tmp_path / "letter.txt").exists()


def test_nothing_confirmed_is_lost_or_doubled_when_a_process_of_the_alarm_path_is_killed(root: Path) -> None:
    """Gateway, database, pages, evaluator and worker in turn; a hundred by `make soak ONLY=kill-gateway`."""
    faults, figures = play(len(IN_TURN), root)
    assert faults == []
    assert figures["stored"] >= figures["confirmed"] > figures["posts"] > 0
    assert figures["notices"] > 0
    # The pages died under the screen, which came back by itself.
    assert figures["screen_lines"] >= 2
