"""`draw`: pool root, scores and selection over a million pool rows, against the bare hashing of as many texts."""

import gc
import hashlib
import random
import statistics
import time
from collections.abc import Iterator

from anguan.inspections import draws
from benchmarks.report import report

ROWS = 1_000_000
TARGETS = 100
WEIGHTS = {"A": 1, "B": 2, "C": 4, "D": 8}
ROUNDS = 3
BATCH = 250_000  # ready-made texts held in memory at a time
SEED = hashlib.sha256(b"benchmark").hexdigest()
STRATUM = "general"


def make_pool(rows: int) -> list[draws.PoolRow]:
    """Rows in id order, the classes in equal parts, salts of 16 hex digits."""
    chance = random.Random(20260420)
    classes = sorted(WEIGHTS)
    return [
        {
            "id": f"E{number:07d}",
            "stratum": STRATUM,
            "class": classes[number % len(classes)],
            "salt": f"{chance.getrandbits(64):016x}",
        }
        for number in range(rows)
    ]


def lengths(pool: list[draws.PoolRow]) -> Iterator[int]:
    """The length of every text that root and scores must hash, however it is done."""
    for row in pool:
        weight = WEIGHTS[row["class"]]
        fields = (row["salt"], row["id"], row["stratum"], str(weight))
        yield 1 + len("\x1f".join(fields).encode())
        for ticket in range(weight):
            yield len("\x1f".join((SEED, "T", STRATUM, row["id"], str(ticket))).encode())
    for _ in range(len(pool) - 1):
        yield 1 + 32 + 32


def ready_made(pool: list[draws.PoolRow]) -> Iterator[list[bytes]]:
    """Batches of distinct byte strings of those lengths."""
    batch: list[bytes] = []
    for number, length in enumerate(lengths(pool)):
        batch.append(b"%0*d" % (length, number))
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def time_floor(pool: list[draws.PoolRow]) -> float:
    """Seconds of a plain loop of `hashlib.sha256(x).digest()`; making the texts is not counted."""
    seconds = 0.0
    for texts in ready_made(pool):
        start = time.perf_counter()
        for x in texts:
            hashlib.sha256(x).digest()
        seconds += time.perf_counter() - start
    return seconds


def time_draw(pool: list[draws.PoolRow]) -> float:
    """Seconds from rows in memory to root and the ids of the winners."""
    start = time.perf_counter()
    function = draws.named("sha256")
    draws.pool_root(pool, WEIGHTS, function)
    candidates = [(row["id"], WEIGHTS[row["class"]]) for row in pool]
    winners = draws.pick(function, SEED, STRATUM, candidates, TARGETS)
    seconds = time.perf_counter() - start
    assert len(winners) == TARGETS
    return seconds


def main() -> None:
    """Alternate floor and draw, print the medians."""
    pool = make_pool(ROWS)
    gc.freeze()  # the rows live on both sides of the comparison and are no garbage
    pairs = [(time_floor(pool), time_draw(pool)) for _ in range(ROUNDS)]
    floor = statistics.median(pair[0] for pair in pairs)
    value = statistics.median(pair[1] for pair in pairs)
    report("draw", value, "s", floor, ROWS)


if __name__ == "__main__":
    main()
