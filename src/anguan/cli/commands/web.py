"""`anguan web`: the pages, on one port."""

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from anguan.cli.database import (
    THREADS_A_PROCESS,
    add_data_option,
    close_connections,
    collect_static,
    data_folder,
    opened,
)
from anguan.supervisor import lifeline

HELP = "serve the pages (part of `anguan up`)"
PROCESSES = max(1, min(4, os.cpu_count() or 1))


def configure(parser: ArgumentParser) -> None:
    add_data_option(parser)
    parser.add_argument("--bind", default="127.0.0.1", metavar="ADDR")
    parser.add_argument("--port", type=int, default=8000, metavar="N")
    parser.add_argument("--processes", type=int, default=PROCESSES, metavar="N", help=f"default: {PROCESSES}")


def run(args: Namespace) -> int:
    os.environ.setdefault("ANGUAN_POOL", str(THREADS_A_PROCESS))
    if lifeline.is_supervised():
        # The supervisor has migrated and collected; only the server's own worker processes need Django.
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anguan.settings")
        serve(args.bind, args.port, args.processes, data_folder(args.data))
        return 0
    with opened(args.data) as folder:
        collect_static()
        # The server's workers are forks of this process; two that share a connection would read each other's answers.
        close_connections()
        serve(args.bind, args.port, args.processes, folder)
    return 0


def serve(bind: str, port: int, processes: int, folder: Path) -> None:
    """Until SIGTERM or SIGINT."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    static = folder / "static"
    Granian(
        "anguan.cli.asgi:application",
        address=bind,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes,
        websockets=False,
        log_level=LogLevels.warning,
        # The others serve on meanwhile; one that dies again within seconds ends all, and the supervisor begins anew.
        respawn_failed_workers=True,
        # A worker that hangs in its shutdown was seen; it is ended after five seconds.
        workers_kill_timeout=5,
        static_path_route=["/static"] if static.is_dir() else None,
        static_path_mount=[static] if static.is_dir() else None,
    ).serve()
