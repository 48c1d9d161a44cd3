"""`draw`: random bundles, drawn by the product and by the program that was written from the format's page alone."""

import json
import sys
from typing import Any

from hypothesis import HealthCheck, given, seed, settings

from anguan.inspections import draws
from anguan.inspections.tests import plain_draw
from anguan.inspections.tests.test_draws import bundles
from soak.report import report, rounds

BATCH = 500


def main() -> int:
    """Batches of hypothesis examples, so that a long count stays as varied at its end as at its start."""
    wanted = rounds(5000)
    faults: list[str] = []
    compared = 0
    for number in range(-(-wanted // BATCH)):
        drawn: list[str] = []

        @seed(number)
        @settings(
            max_examples=min(BATCH, wanted - compared),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(bundles())
        def compare(bundle: dict[str, Any]) -> None:
            completed = draws.complete(bundle)
            assert completed["result"] == plain_draw.result(bundle)
            again = draws.parse(json.dumps(completed, ensure_ascii=False).encode())
            assert draws.verify(again).targets == len(completed["result"]["targets"])
            drawn.append(completed["result"]["seed"])  # noqa: B023 called within this round

        try:
            compare()
        except Exception as error:
            faults.append(f"batch {number}: {type(error).__name__}: {error}")
        compared += len(drawn)
        if not drawn:
            break
    return report("draw", compared, faults)


if __name__ == "__main__":
    sys.exit(main())
