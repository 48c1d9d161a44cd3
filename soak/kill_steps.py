"""`kill-steps`: a process is killed after each query of each step of a batch, and at random moments.

Afterwards the batch is as it was before the step, or the step is done whole; nothing lies between.
"""

import sys
import tempfile
from pathlib import Path

from anguan.cli.database import opened
from soak.report import report, rounds

AT_RANDOM = 30


def main() -> int:
    """Each round leads one batch through its life, killing every step on the way."""
    n = rounds(5)
    faults: list[str] = []
    kills = steps = 0
    with tempfile.TemporaryDirectory(prefix="anguan-") as folder, opened(Path(folder) / "data"):
        from anguan.inspections.tests import step_races
        from anguan.inspections.tests.builders import a_cast

        cast = a_cast()
        for number in range(n):
            for batch, step in step_races.life_of_a_batch(cast):
                # The first round dies after every query; later ones mostly at moments that no query marks.
                timed = AT_RANDOM if number else 0
                killed, wrong = step_races.kill_through(batch, step, timed=timed, seed=number)
                kills += killed
                faults += wrong
                steps += 1
    return report("kill-steps", n, faults, kills=kills, steps=steps)


if __name__ == "__main__":
    sys.exit(main())
