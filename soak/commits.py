"""`commits`: 200 simultaneous calls of each step of a batch; exactly one does it, the others are told why not."""

import sys
import tempfile
from pathlib import Path

from anguan.cli.database import opened
from soak.report import report, rounds

CALLS = 200


def main() -> int:
    """Each round leads two batches through their lives: one is published, over the other two parties quarrel."""
    n = rounds(5)
    faults: list[str] = []
    steps = 0
    with tempfile.TemporaryDirectory(prefix="anguan-") as folder, opened(Path(folder) / "data"):
        from anguan.inspections.services import batches
        from anguan.inspections.tests import step_races
        from anguan.inspections.tests.builders import BEACON, SECRETS, a_cast, actor_of, committed

        cast = a_cast()
        for number in range(n):
            for batch, step in step_races.life_of_a_batch(cast):
                winners, told, wrong = step_races.race(step.take, CALLS)
                faults += wrong
                if (winners, sum(told.values())) != (1, CALLS - 1):
                    faults.append(f"round {number}, {step.name}: {winners} won, {dict(told)}")
                faults += step_races.faults_of(batch)
                steps += 1
            batch = committed(cast)
            parties = list(batch.parties.select_related("user"))
            for party, secret in zip(parties[:2], SECRETS[:2], strict=True):
                batches.submit_secret(party=party, secret=secret, actor=actor_of(party.user), now=BEACON)
            first, last = parties[0], parties[2]
            quarrel = [
                lambda last=last: batches.submit_secret(
                    party=last, secret=SECRETS[2], actor=actor_of(last.user), now=BEACON
                ),
                lambda first=first: batches.refuse_secret(
                    party=first, reason="", actor=actor_of(first.user), now=BEACON
                ),
            ]
            winners, _told, wrong = step_races.race_of(quarrel * (CALLS // 2))
            faults += wrong
            if winners != 1:
                faults.append(f"round {number}, drawn or broken: {winners} won")
            faults += step_races.faults_of(batch)
            steps += 1
    return report("commits", n, faults, steps=steps, calls=steps * CALLS, at_once=step_races.ALL_AT_ONCE)


if __name__ == "__main__":
    sys.exit(main())
