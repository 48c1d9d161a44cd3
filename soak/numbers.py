"""`numbers`: many documents numbered at once, some of them rolled back; the series has no gap and no number twice."""

import random
import sys
import tempfile
import threading
from pathlib import Path

from anguan.cli.database import opened
from soak.report import report, rounds

ISSUES = 200
# The server takes a hundred connections.
AT_ONCE = 50
ROLLED_BACK = 0.15


class Changed(Exception):
    """Somebody thought better of a document after its number was taken."""


def issue_at_once(prefix: str, seed: int) -> tuple[list[int], list[str]]:
    """The numbers that were committed in this round, and what else went wrong."""
    from django.db import connection, transaction

    from anguan.ground import numbering

    numbers: list[int] = []
    faults: list[str] = []
    start = threading.Barrier(AT_ONCE)

    def work(place: int) -> None:
        chance = random.Random(seed * AT_ONCE + place)
        start.wait()
        for _ in range(ISSUES // AT_ONCE):
            # Who thinks better of it tries again, so that every issue ends with a number.
            while True:
                try:
                    with transaction.atomic():
                        number = numbering.allocate(organ_id=1, prefix=prefix, year=2026)
                        if chance.random() < ROLLED_BACK:
                            raise Changed
                except Changed:
                    continue
                except Exception as error:
                    faults.append(f"{type(error).__name__}: {error}")
                else:
                    numbers.append(number)
                break
        connection.close()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return numbers, faults


def main() -> int:
    """Each round numbers one new series."""
    n = rounds(20)
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="anguan-") as folder, opened(Path(folder) / "data"):
        for number in range(n):
            given, wrong = issue_at_once(f"第{number}轮", number)
            faults += wrong
            if sorted(given) != list(range(1, ISSUES + 1)):
                faults.append(f"round {number}: {sorted(given)}")
    return report("numbers", n, faults, issues=n * ISSUES, at_once=AT_ONCE)


if __name__ == "__main__":
    sys.exit(main())
