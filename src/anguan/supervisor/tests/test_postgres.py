"""The embedded database survives what kills its processes, and leaves none behind."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from anguan.supervisor import postgres
from anguan.supervisor.locks import FileLock, is_alive
from anguan.supervisor.processes import command_line

pytestmark = pytest.mark.slow


def keeper_of(root: Path) -> list[str]:
    return command_line("database", "--data", str(root))


def keeper_pid(root: Path) -> int:
    return int(json.loads((root / "database.json").read_text())["keeper"])


def postmaster_pid(root: Path) -> int:
    return int((root / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])


def within(seconds: float, what: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder whose table `note` holds what was confirmed so far."""
    root = tmp_path_factory.mktemp("data")
    with postgres.joined(root, keeper_of(root)) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE note (number integer PRIMARY KEY)")
    yield root
    with FileLock(root / "database.users") as users:
        users.take(seconds=20)
    assert within(10, lambda: not servers_of(root)), "no process of the data folder is left"


def servers_of(root: Path) -> list[int]:
    """Every living process that names the data folder in its command line, keepers and servers alike."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid():
            try:
                words = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(root) in words and is_alive(int(folder.name)):
                found.append(int(folder.name))
    return found


def write_some(url: str) -> set[int]:
    """Commit ten more notes, one by one, and return all that were confirmed by then."""
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(10):
            connection.execute("INSERT INTO note SELECT coalesce(max(number), 0) + 1 FROM note")
        return read_all(url)


def read_all(url: str) -> set[int]:
    with psycopg.connect(url) as connection:
        return {number for (number,) in connection.execute("SELECT number FROM note")}


def test_the_last_user_out_stops_the_server(root: Path) -> None:
    with postgres.joined(root, keeper_of(root)):
        with postgres.joined(root, keeper_of(root)) as url:
            read_all(url)
        assert servers_of(root), "the first user still works on it"
    assert within(10, lambda: not servers_of(root))


@pytest.mark.parametrize("victims", ["keeper", "server", "both"])
def test_what_was_confirmed_is_there_after_a_kill(root: Path, victims: str) -> None:
    with postgres.joined(root, keeper_of(root)) as url:
        confirmed = write_some(url)
        keeper, server = keeper_pid(root), postmaster_pid(root)
        if victims in {"server", "both"}:
            os.kill(server, signal.SIGKILL)
        if victims in {"keeper", "both"}:
            os.kill(keeper, signal.SIGKILL)
        assert within(10, lambda: not is_alive(server)), "the killed keeper's server goes with it"
    with postgres.joined(root, keeper_of(root)) as url:
        assert within(20, lambda: answers(url))
        assert read_all(url) == confirmed


def answers(url: str) -> bool:
    try:
        read_all(url)
    except psycopg.OperationalError:
        return False
    return True


def test_a_keeper_starts_a_killed_server_again_while_it_is_used(root: Path) -> None:
    with postgres.joined(root, keeper_of(root)) as url:
        confirmed = write_some(url)
        server = postmaster_pid(root)
        os.kill(server, signal.SIGKILL)
        assert within(20, lambda: answers(url))
        assert read_all(url) == confirmed


def test_a_killed_command_leaves_no_server_behind(root: Path) -> None:
    words = (
        "import sys, time; from pathlib import Path; from anguan.supervisor import postgres\n"
        "from anguan.supervisor.processes import command_line\n"
        "root = Path(sys.argv[1])\n"
        "with postgres.joined(root, command_line('database', '--data', str(root))):\n"
        "    print('in', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", words, str(root)], stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == "in\n"
        command.kill()
    assert within(10, lambda: not servers_of(root))


def test_a_standby_keeper_takes_over(root: Path) -> None:
    with postgres.joined(root, keeper_of(root)) as url:
        confirmed = write_some(url)
        first = keeper_pid(root)
        with subprocess.Popen([*keeper_of(root), "--stand-by"], stdout=subprocess.DEVNULL) as standby:
            os.kill(first, signal.SIGKILL)
            assert within(20, lambda: postgres.running_address(root) is not None and keeper_pid(root) == standby.pid)
            assert read_all(url) == confirmed
            standby.terminate()


def test_a_stale_file_of_a_stranger_does_not_stop_the_start(root: Path) -> None:
    """After a restart of a container the number in postmaster.pid may belong to any process."""
    with postgres.joined(root, keeper_of(root)) as url:
        confirmed = write_some(url)
    assert within(10, lambda: not servers_of(root))
    (root / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{root}\n0\n5432\n\n\n\nready\n")
    with postgres.joined(root, keeper_of(root)) as url:
        assert read_all(url) == confirmed


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    folder = postgres.DataFolder(tmp_path / ("x" * 100))
    assert len(os.fsencode(postgres.socket_folder(folder))) <= postgres.LONGEST_SOCKET_FOLDER


def test_data_of_another_version_is_never_opened(tmp_path: Path) -> None:
    folder = postgres.DataFolder(tmp_path).prepare()
    folder.pgdata.mkdir()
    (folder.pgdata / "PG_VERSION").write_text("9\n")
    with pytest.raises(postgres.Unstartable, match="written by version 9"):
        postgres.Server(folder).start()


NO_ROOM = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("outcomes", "status", "announced"),
    [
        pytest.param([postgres.Unstartable("wrong")], 1, ["error: wrong"], id="never ran"),
        pytest.param([NO_ROOM, None], 0, ["ready"], id="no room at first"),
        pytest.param([None, postgres.Unstartable("gone"), NO_ROOM, None], 0, ["ready", "ready"], id="has run"),
    ],
)
def test_only_what_may_come_back_is_tried_again(
    outcomes: list[Exception | None], status: int, announced: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use = postgres.Use(tmp_path)
    use.begin()
    coming = list(outcomes)
    said: list[str] = []

    def bring_up(_server: postgres.Server) -> None:
        outcome = coming.pop(0)
        if not coming:
            use.end()
        if outcome is not None:
            raise outcome

    monkeypatch.setattr(postgres, "_bring_up", bring_up)
    monkeypatch.setattr(postgres.Server, "is_running", lambda _self: False)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert postgres.keep(tmp_path, stand_by=False, announce=said.append) == status
    assert said == announced
