"""`photo-hash`: was this picture, or one almost like it, used before, among a million?

Timed is what a report of rectification asks before it counts: `hazards.selectors.earlier_alike`. The floor is the same
question by a sequential scan with a popcount, in the same database and the same run; both answers are compared.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from PIL import Image, ImageDraw

from anguan.supervisor import postgres
from benchmarks.report import report

if TYPE_CHECKING:
    from anguan.ground.likeness import Likeness

ROWS, QUESTIONS, SCANS = 1_000_000, 200, 20
WITHIN_PERCEPTUAL, WITHIN_GRADIENT = 8, 10
_SCAN = (
    "SELECT evidence_id FROM hazards_photohash WHERE bit_count((perceptual # %s)::bit(64)) <= %s"
    " AND bit_count((gradient # %s)::bit(64)) <= %s ORDER BY evidence_id"
)


def _rows(rng: random.Random) -> Iterator[tuple[int, int]]:
    """Pairs of numbers: most by chance, every tenth near an earlier one, as series of pictures of one place are."""
    earlier: list[tuple[int, int]] = []
    for number in range(ROWS):
        if number % 10 == 9:
            first, second = earlier[rng.randrange(len(earlier))]
            pair = _changed(rng, first, rng.randrange(14)), _changed(rng, second, rng.randrange(14))
        else:
            pair = rng.getrandbits(64), rng.getrandbits(64)
        if len(earlier) < 2_000:
            earlier.append(pair)
        yield pair


def _changed(rng: random.Random, number: int, bits: int) -> int:
    for place in rng.sample(range(64), bits):
        number ^= 1 << place
    return number


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number


def _load(connection: psycopg.Connection[tuple[object, ...]], rng: random.Random) -> list[tuple[int, int]]:
    """A million rows by COPY; whose pictures they are doesn't matter here, so the keys aren't checked."""
    kept = []
    connection.execute("ALTER TABLE hazards_photohash DISABLE TRIGGER ALL")
    columns = "evidence_id, enterprise_id, hazard_id, algorithm, perceptual, gradient, made_at"
    with connection.cursor() as cursor, cursor.copy(f"COPY hazards_photohash ({columns}) FROM STDIN") as copy:
        for number, pair in enumerate(_rows(rng), start=1):
            first, second = (_signed(one) for one in pair)
            copy.write_row((number, 1, 1, 1, first, second, "2026-03-02 00:00:00+08"))
            if number % 997 == 0:
                kept.append(pair)
    connection.execute("ANALYZE hazards_photohash")
    return kept


def _questions(rng: random.Random, kept: list[tuple[int, int]]) -> list["Likeness"]:
    """Half of them new pictures, half a re-encoded one that is there."""
    from anguan.ground.likeness import Likeness

    asked = []
    for number in range(QUESTIONS):
        if number % 2:
            first, second = rng.getrandbits(64), rng.getrandbits(64)
        else:
            first, second = rng.choice(kept)
            first, second = _changed(rng, first, rng.randrange(9)), _changed(rng, second, rng.randrange(11))
        asked.append(Likeness(_signed(first), _signed(second)))
    return asked


def _a_photo() -> bytes:
    """Twelve million pixels, as a phone takes them."""
    rng = random.Random(3)  # a drawing
    picture = Image.new("RGB", (4000, 3000), (120, 130, 125))
    pen = ImageDraw.Draw(picture)
    for _ in range(300):
        x, y = rng.randrange(4000), rng.randrange(3000)
        colour = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
        pen.rectangle((x, y, x + rng.randrange(40, 700), y + rng.randrange(40, 700)), fill=colour)
    saved = BytesIO()
    picture.save(saved, "JPEG", quality=85)
    return saved.getvalue()


def main() -> None:
    """Load, ask both ways, compare the answers, print the line."""
    rng = random.Random(20260302)  # numbers to compare
    with tempfile.TemporaryDirectory(prefix="anguan-bench") as folder:
        server = postgres.Server(postgres.DataFolder(Path(folder)).prepare())
        server.start()
        try:
            url = postgres.address_of(server.socket, "photos")
            with psycopg.connect(postgres.address_of(server.socket, "postgres"), autocommit=True) as admin:
                admin.execute("CREATE DATABASE photos")
            os.environ.update(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="anguan.settings")
            _measure(url, rng)
        finally:
            server.stop()


def _measure(url: str, rng: random.Random) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection as ours

    from anguan.ground.likeness import likeness_of
    from anguan.hazards.selectors import earlier_alike

    call_command("migrate", verbosity=0)
    print(f"loading {ROWS} photo hashes", file=sys.stderr)
    with psycopg.connect(url, autocommit=True) as connection:
        asked = _questions(rng, _load(connection, rng))
        scans, quick, found = [], [], 0
        for number, question in enumerate(asked):
            start = time.perf_counter()
            alike = earlier_alike(question, perceptual=WITHIN_PERCEPTUAL, gradient=WITHIN_GRADIENT, limit=1_000_000)
            quick.append((time.perf_counter() - start) * 1000)
            if number % (QUESTIONS // SCANS) > 1:
                continue
            values = (question.perceptual, WITHIN_PERCEPTUAL, question.gradient, WITHIN_GRADIENT)
            start = time.perf_counter()
            scanned = [row[0] for row in connection.execute(_SCAN, values).fetchall()]
            scans.append((time.perf_counter() - start) * 1000)
            assert sorted(row.evidence_id for row in alike) == scanned, question
            found += len(scanned)
    ours.close()
    assert found >= SCANS, "the questions about pictures that are there found too few"
    photo = _a_photo()
    start = time.perf_counter()
    for _ in range(5):
        likeness_of(photo)
    hashing = (time.perf_counter() - start) * 200
    quick.sort()
    report(
        "photo-hash",
        statistics.median(quick),
        "ms",
        statistics.median(scans),
        ROWS,
        p95_ms=quick[int(len(quick) * 0.95)],
        hash_ms=hashing,
    )


if __name__ == "__main__":
    main()
