"""`document`: an order issued with number, hash, PDF and audit record, against the bare typst compile of its page."""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from anguan.supervisor import postgres
from benchmarks.report import report

ORDERS = 150
WARM_UP = 5


def main() -> None:
    """One server, one database, one evidence store, all gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        server = postgres.Server(postgres.DataFolder(Path(folder) / "data").prepare())
        server.start()
        try:
            server.create_database()
            os.environ["DATABASE_URL"] = postgres.address_of(server.socket)
            os.environ["DJANGO_SETTINGS_MODULE"] = "anguan.settings"
            measure(Path(folder) / "evidence")
        finally:
            server.stop()


def measure(evidence: Path) -> None:
    """Signed drafts first; then each is issued, and its page compiled once more by typst alone."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.EVIDENCE_ROOT = evidence
    call_command("migrate", verbosity=0)

    from anguan.ground import rendering
    from anguan.papers import services
    from anguan.papers.rules import FormCode
    from anguan.papers.services import issue
    from anguan.papers.tests import builders

    people = builders.cast()
    record = builders.issued(people)
    drafts = [
        builders.sign_by_all(people, builders.draft(people, FormCode.RECTIFY_ORDER, answers=record))
        for _ in range(ORDERS + WARM_UP)
    ]
    drawn: list[tuple[Path, str]] = []

    def watched(*, template: Path, values: Mapping[str, Any], moment: datetime) -> bytes:
        faces = {"body": rendering._press().body, "title": rendering._press().title}
        drawn.append((template, json.dumps({**values, "faces": faces}, ensure_ascii=False)))
        return rendering.render_pdf(template=template, values=values, moment=moment)

    issue.render_pdf = watched  # type: ignore[attr-defined]  # for the count of this process
    product, floor = [], []
    for number, paper in enumerate(drafts):
        start = time.perf_counter()
        services.issue_paper(paper=paper, actor=people.actor, now=builders.NOW)
        seconds = time.perf_counter() - start
        template, values = drawn.pop()
        start = time.perf_counter()
        rendering._press().compiler.compile(
            input=str(template), root=str(template.parent), format="pdf", sys_inputs={"values": values}
        )
        bare = time.perf_counter() - start
        if number >= WARM_UP:
            product.append(seconds * 1000)
            floor.append(bare * 1000)
    p50 = statistics.median(product)
    report(
        "document",
        p50,
        "ms",
        statistics.median(floor),
        ORDERS,
        p99_ms=statistics.quantiles(product, n=100)[98],
        per_second=1000 * ORDERS / sum(product),
    )
    check = services.verify_papers()
    assert not check.faults, check.faults


if __name__ == "__main__":
    main()
