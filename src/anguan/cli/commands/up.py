"""`anguan up`: all processes of the platform on this machine."""

import errno
import os
import shutil
import socket
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from anguan.cli import database, shipped
from anguan.cli.commands import gateway
from anguan.cli.errors import Unusable
from anguan.supervisor import lifeline, postgres
from anguan.supervisor.locks import FileLock
from anguan.supervisor.processes import Child, Supervisor, command_line

HELP = "run the platform: database, pages, worker; Ctrl-C stops all"
SECONDS_TO_BE_READY = 60
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def configure(parser: ArgumentParser) -> None:
    database.add_data_option(parser)
    parser.add_argument("--port", type=_port, default=8000, metavar="N", help="default: 8000")
    parser.add_argument("--bind", default="127.0.0.1", metavar="ADDR", help="default: 127.0.0.1")
    parser.add_argument("--fresh", action="store_true", help="throw the data folder's content away first")
    parser.add_argument(
        "--gateway",
        type=_gateway,
        default=gateway.DEFAULT,
        metavar="ADDR:PORT|off",
        help=f"where fire-alarm devices report (default: {gateway.DEFAULT})",
    )


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise ValueError(text)
    return number


def _gateway(text: str) -> tuple[str, int] | None:
    return None if text == "off" else gateway.address(text)


def run(args: Namespace) -> int:
    return run_platform(args, prepare=lambda: None, announce=first_log_ins)


def first_log_ins() -> list[str]:
    """On the very first start: the three administrators' one-time codes, shown this once."""
    from anguan.ground import clock
    from anguan.people.services import first_administrators

    made = first_administrators(clock.now())
    if not made:
        return []
    lines = ["", "One-time codes of the three administrators (enter at /enter/, within three days, once):"]
    lines += [f"  {username:<10} {code}   {role}" for username, role, code in made]
    return [*lines, "Lost one? `anguan recover USERNAME` prints another.", ""]


def run_platform(
    args: Namespace, *, prepare: Callable[[], None], announce: Callable[[], list[str]], demo: bool = False
) -> int:
    """Start everything, say where it is, keep it until Ctrl-C.

    `prepare` runs when the tables are there and before the first page is served; the lines of `announce` follow the
    address.
    """
    began = time.monotonic()
    if os.environ.get("ANGUAN_WITH_PARENT"):
        # `make` is our parent: killed, it takes us with it.
        lifeline.die_with_parent(os.getppid())

    def step(line: str) -> None:
        # A terminal that is gone must not end the platform.
        with suppress(OSError):
            print(f"[{time.monotonic() - began:5.1f} s] {line}", flush=True)

    folder = database.data_folder(args.data)
    if args.fresh:
        throw_away(folder, step)
    paths = database.postgres_folder(folder)
    with FileLock(folder / "platform.lock") as only_one:
        if not only_one.try_to_take():
            raise Unusable(f"the platform of {folder} runs already; stop it, or choose another folder with --data")
        _refuse_taken_port(args.bind, args.port, "PORT=8001, --port 8001")
        if gateway.broker() is not None and args.gateway is None:
            raise Unusable("ANGUAN_MQTT_URL names a broker, but --gateway off leaves nobody to listen to it")
        if args.gateway is not None:
            host, port = args.gateway
            _refuse_taken_port(host, port, "GATEWAY=127.0.0.1:26876, --gateway 127.0.0.1:26876, or off for none")
        os.environ["ANGUAN_DATA"] = str(folder)
        if demo:
            os.environ["ANGUAN_DEMO"] = "1"
        if args.bind not in LOOPBACK and demo:
            # Visitors of a demo come under whatever name the machine has in their network.
            os.environ.setdefault("ANGUAN_ALLOWED_HOSTS", "*")
        if args.bind in LOOPBACK:
            # Nobody comes from elsewhere, so this is what QR codes and mails must name.
            os.environ.setdefault("ANGUAN_ORIGIN", own_origin(args.bind, args.port))
        supervisor = Supervisor(step)
        supervisor.install_signal_handlers()
        use = postgres.Use(folder)
        try:
            if not os.environ.get("DATABASE_URL"):
                step("starting the database")
                use.begin()
                # Where another command keeps the server already, ours stands by and takes over when that ends.
                keeper = command_line("database", "--data", str(folder), "--stand-by")
                supervisor.start(Child("database", keeper, paths.log.with_name("keeper.log")))
                os.environ["DATABASE_URL"] = postgres.wait_for_address(
                    folder, is_lost=lambda: not supervisor.keep_alive()
                )
            database.set_up_django()
            database.bring_up_to_date(step)
            shipped.load()
            database.collect_static(step)
            prepare()
            lines = announce()
            # The children open their own connections; an idle one here would only be lost in a restart.
            database.close_connections()
            log = paths.log.parent
            web = command_line("web", "--bind", args.bind, "--port", str(args.port))
            devices = [] if args.gateway is None else ["gateway"]
            # What gateways publish there, nobody would store without it.
            draining = ["ingest"] if os.environ.get("NATS_URL") else []
            parts = ["worker", "evaluator", *draining, *devices]
            os.environ.setdefault("ANGUAN_PROCESSES", ",".join(parts))
            step(f"starting {', '.join(parts)} and pages")
            pool = {"ANGUAN_POOL": str(database.THREADS_A_PROCESS)}
            provider = simulated_provider() if demo and args.gateway is not None else []
            supervisor.start(Child("worker", command_line("worker"), log / "worker.log"))
            supervisor.start(Child("evaluator", command_line("evaluator"), log / "evaluator.log"))
            if draining:
                supervisor.start(Child("ingest", command_line("ingest"), log / "ingest.log"))
            if args.gateway is not None:
                host, port = args.gateway
                listen = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
                supervisor.start(Child("gateway", command_line("gateway", "--listen", listen), log / "gateway.log"))
                if demo:
                    devices_of_demo = command_line("simulate", "day", "--to", listen, *provider)
                    supervisor.start(Child("simulator", devices_of_demo, log / "simulator.log"))
            supervisor.start(Child("web", web, log / "web.log", pool))
            if not _wait_until_ready(args, supervisor):
                return 1
            shown = "127.0.0.1" if args.bind in {"0.0.0.0", "::"} else args.bind  # noqa: S104 compared, not bound
            step(f"ready: {own_origin(shown, args.port)}/")
            for line in lines:
                print(line, flush=True)
            print("Ctrl-C stops everything.", flush=True)
            return supervisor.run()
        except KeyboardInterrupt:
            step("stopping")
            return 0
        except postgres.Unstartable as error:
            raise Unusable(str(error)) from None
        finally:
            supervisor.asked_to_stop = True
            _stop(supervisor, use)
            step("stopped")


def simulated_provider() -> list[str]:
    """The option by which the simulator takes the demo's short messages; none where a provider is configured."""
    if os.environ.get("ANGUAN_SMS_URL"):
        return []
    with socket.create_server(("127.0.0.1", 0)) as chosen:
        port = chosen.getsockname()[1]
    os.environ["ANGUAN_SMS_URL"] = f"http://127.0.0.1:{port}/"
    return ["--sms", f"127.0.0.1:{port}"]


def own_origin(bind: str, port: int) -> str:
    """The address of pages that are served on this machine alone."""
    return f"http://{f'[{bind}]' if ':' in bind else bind}:{port}"


def _stop(supervisor: Supervisor, use: postgres.Use) -> None:
    """The children first; the database's keeper ends by itself with its last user, which may be another command."""
    keepers = [child for child in supervisor.children if child.name == "database"]
    supervisor.children = [child for child in supervisor.children if child.name != "database"]
    supervisor.stop()
    use.end()
    for keeper in keepers:
        end = time.monotonic() + 10
        while keeper.is_running() and time.monotonic() < end:
            time.sleep(0.05)
        if keeper.is_running():
            print("another command still uses the database, which stops with it", file=sys.stderr)


def throw_away(folder: Path, report: Callable[[str], None]) -> None:
    """Empty a data folder that is ours and that nobody uses; raises `Unusable`."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / "database.users").exists():
        raise Unusable(f"{folder} is not a data folder of this platform, so nothing in it is thrown away")
    with FileLock(folder / "database.users") as users:
        try:
            # The keeper of a command that has just ended needs a moment.
            users.take(seconds=5)
        except TimeoutError:
            raise Unusable(f"{folder} is in use; stop what runs on it first") from None
        report(f"throwing {folder} away")
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def _refuse_taken_port(bind: str, port: int, others: str) -> None:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    # The pages of a killed supervisor may take a moment to end.
    end = time.monotonic() + 5
    while True:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As the server does: a port that is only waiting after its last use is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((bind, port))
                return
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise Unusable(f"{bind}:{port} can't be used: {error.strerror}") from None
        if time.monotonic() > end:
            raise Unusable(f"port {port} is taken; choose another one ({others})")
        time.sleep(0.2)


def _wait_until_ready(args: Namespace, supervisor: Supervisor) -> bool:
    """False when a process dies too often; raises `Unusable` when the time is up."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(args.bind, args.bind)  # noqa: S104 compared, not bound
    url = f"http://{host}:{args.port}/readyz"
    end = time.monotonic() + SECONDS_TO_BE_READY
    answer = "no answer"
    while supervisor.keep_alive():
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except urllib.error.HTTPError as error:
            with suppress(OSError):
                answer = error.read(300).decode(errors="replace")
        except OSError as error:
            answer = str(error)
        if time.monotonic() > end:
            raise Unusable(f"the pages were not ready within {SECONDS_TO_BE_READY} s: {answer}")
        time.sleep(0.1)
    return False
