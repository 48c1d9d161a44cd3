"""`offline`: random days without network in a real Chromium, as the test plays twenty of them."""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from soak.report import report, rounds

# A fresh browser profile, server and database each time: a long count stays as quick at its end as at its start.
BATCH = 50
# Batches played side by side: a phone waits more than it works.
LANES = 2
FIGURES = ("operations", "lost", "doubled", "refused", "kills", "cuts", "dropped")


def play(count: int, seed: int, folder: Path) -> dict[str, Any]:
    """Some rounds through the test that the suite runs; its tally, or what it said where there is none."""
    told = folder / f"{seed}.json"
    environment = {
        **os.environ,
        "ANGUAN_OFFLINE_ROUNDS": str(count),
        "ANGUAN_OFFLINE_SEED": str(seed),
        "ANGUAN_OFFLINE_REPORT": str(told),
    }
    test = "tests/test_offline_in_browser.py::test_random_days_lose_nothing_and_double_nothing[1]"
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", test]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if told.exists():
        tally: dict[str, Any] = json.loads(told.read_text())
        return tally
    return {"rounds": 0, "faults": [f"seed {seed}: {done.stdout[-2000:]}{done.stderr[-500:]}"]}


def main() -> int:
    """Batches of rounds with seeds of their own; a fault names the seed that shows it again."""
    wanted, played, faults = rounds(1000), 0, []
    sums = dict.fromkeys(FIGURES, 0)
    firsts = range(0, wanted, BATCH)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(LANES) as lanes:
        batches = [lanes.submit(play, min(BATCH, wanted - first), 1_000_000 + first, Path(folder)) for first in firsts]
        for batch in as_completed(batches):
            tally = batch.result()
            played += tally["rounds"]
            faults += tally["faults"]
            # Told at once: a count of an hour may be ended before its end.
            for fault in tally["faults"]:
                print(f"offline: {fault}", file=sys.stderr, flush=True)
            for name in FIGURES:
                sums[name] += tally.get(name, 0)
            print(f"offline: {played} of {wanted}, {len(faults)} faults", file=sys.stderr, flush=True)
    if played < wanted:
        faults.append(f"only {played} of {wanted} rounds were played to their end")
    return report("offline", played, faults, **sums)


if __name__ == "__main__":
    sys.exit(main())
