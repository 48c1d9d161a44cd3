"""One batch's life as a list of steps, for racing each of them and for killing a process in the middle of each.

`soak/commits.py` and `soak/kill_steps.py` do both in numbers, `test_step_races.py` in a few.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from uuid_utils.compat import uuid7

from anguan.ground.models import AuditRecord
from anguan.inspections import draws, selectors
from anguan.inspections.draws import TargetReason
from anguan.inspections.models import Assignment, Batch, BatchParty, Replacement, Visit, VisitOfficer
from anguan.inspections.rules import BatchState, NotAllowed, ReplacementKind, ResultCategory, VisitState
from anguan.inspections.services import batches, replacements, visits
from anguan.inspections.tests.builders import (
    BEACON,
    MONDAY,
    SECRETS,
    Cast,
    a_photo,
    actor_of,
    parties_of,
    planned,
    team,
)

LATER = BEACON + timedelta(days=1)
ALL_AT_ONCE = 50  # the server takes a hundred connections


@dataclass(frozen=True)
class Step:
    """One step of a batch: `take` does it, from any process; `leads_to` is the batch's state when it is done."""

    name: str
    take: Callable[[], object]
    leads_to: BatchState


def life_of_a_batch(cast: Cast) -> Iterator[tuple[Batch, Step]]:
    """The steps from plan to publication, each to be taken by whoever iterates before the next is asked for."""
    clerk, leader = actor_of(cast.clerk), actor_of(cast.leader)
    batch = planned(cast)
    parties = parties_of(cast, batch)
    for party, secret in zip(parties, SECRETS, strict=True):
        commitment = draws.commitment_of(party.name, secret)
        batches.submit_commitment(party=party, commitment=commitment, actor=actor_of(party.user), now=MONDAY)

    def at(minutes: int) -> Any:
        return MONDAY + timedelta(minutes=minutes)

    yield (
        batch,
        Step("freeze", lambda: batches.freeze_pool(batch=batch, actor=clerk, now=at(1)), BatchState.POOL_FROZEN),
    )
    yield (
        batch,
        Step("commit", lambda: batches.commit_batch(batch=batch, actor=clerk, now=at(2)), BatchState.COMMITTED),
    )
    for party, secret in zip(parties[:2], SECRETS[:2], strict=True):
        batches.submit_secret(party=party, secret=secret, actor=actor_of(party.user), now=BEACON)
    last = parties[2]
    opener = actor_of(last.user)
    yield (
        batch,
        Step(
            "draw",
            lambda: batches.submit_secret(party=last, secret=SECRETS[2], actor=opener, now=BEACON),
            BatchState.DRAWN,
        ),
    )
    yield (
        batch,
        Step("approve", lambda: batches.approve_batch(batch=batch, actor=leader, now=BEACON), BatchState.APPROVED),
    )
    target = batch.assignments.filter(is_alternate=False).first()
    assert target is not None
    replacement = replacements.ask_replacement(
        assignment=target,
        kind=ReplacementKind.TARGET,
        reason=TargetReason.CLOSED,
        note="门面已转让，招牌拆除",
        photos=[a_photo(LATER)],
        uid=uuid7(),
        actor=clerk,
        now=LATER,
    )
    yield (
        batch,
        Step(
            "replace",
            lambda: replacements.approve_replacement(replacement=replacement, actor=leader, now=LATER),
            BatchState.APPROVED,
        ),
    )
    for visit in Visit.objects.filter(batch=batch, state=VisitState.APPROVED):
        _, officer = team(cast, visit)
        visits.end_without_check(
            visit=visit,
            category=ResultCategory.UNREACHABLE,
            note="大门紧锁",
            photos=[a_photo(LATER)],
            actor=officer,
            now=LATER,
        )
    yield (
        batch,
        Step("publish", lambda: batches.publish_bundle(batch=batch, actor=clerk, now=LATER), BatchState.PUBLISHED),
    )


def race(take: Callable[[], object], calls: int, at_once: int = ALL_AT_ONCE) -> tuple[int, Counter[str], list[str]]:
    """How many of so many simultaneous calls did it, what the others were told, and what went wrong otherwise."""
    return race_of([take] * calls, at_once)


def race_of(takes: Sequence[Callable[[], object]], at_once: int = ALL_AT_ONCE) -> tuple[int, Counter[str], list[str]]:
    """The same for calls that are not all alike, dealt out in turn."""
    at_once = min(at_once, len(takes))
    done: list[object] = []
    told: Counter[str] = Counter()
    faults: list[str] = []
    start = threading.Barrier(at_once)

    def work(place: int) -> None:
        start.wait()
        for take in takes[place::at_once]:
            try:
                done.append(take())
            except NotAllowed as refusal:
                told[str(refusal)] += 1
            except Exception as error:
                faults.append(f"{type(error).__name__}: {error}")
        connection.close()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done), told, faults


def picture_of(batch: Batch) -> dict[str, object]:
    """All that the steps of a batch write, so that a step half done shows."""
    batch = Batch.objects.get(pk=batch.pk)
    written = AuditRecord.objects.filter(action__startswith="inspections.")
    return {
        "state": batch.state,
        "times": [batch.frozen_at, batch.committed_at, batch.drawn_at, batch.approved_at, batch.published_at],
        "spec": batch.spec_digest,
        "result": batch.result is not None,
        "pool": batch.pool.count(),
        "roster": batch.officers.count(),
        "levels": batch.levels.count(),
        "sealed": BatchParty.objects.filter(batch=batch, sealed__isnull=False).count(),
        "opened": BatchParty.objects.filter(batch=batch).exclude(secret="").count(),
        "drawn": Assignment.objects.filter(batch=batch).count(),
        "visits": sorted(Visit.objects.filter(batch=batch).values_list("state", flat=True)),
        "officers": VisitOfficer.objects.filter(visit__batch=batch).count(),
        "replaced": list(Replacement.objects.filter(batch=batch).values_list("state", "number")),
        "records": written.count(),
    }


def faults_of(batch: Batch) -> list[str]:
    """What contradicts itself in a batch, whatever its state; empty for a sound one."""
    batch = Batch.objects.get(pk=batch.pk)
    state = BatchState(batch.state)
    faults = []

    def must(holds: bool, what: str) -> None:
        if not holds:
            faults.append(f"{state}: {what}")

    frozen = state is not BatchState.PLANNED
    must(bool(batch.pool.count()) == frozen, "a pool exactly from freezing on")
    committed = state not in {BatchState.PLANNED, BatchState.POOL_FROZEN}
    must((batch.spec is not None) == committed, "a spec exactly from the commitment on")
    must(batch.levels.exists() == committed, "a tree exactly from the commitment on")
    drawn = committed and state not in {BatchState.COMMITTED, BatchState.BROKEN}
    must((batch.result is not None) == drawn, "a result exactly from the draw on")
    must(batch.assignments.exists() == drawn, "drawn targets exactly from the draw on")
    if drawn:
        must(not batch.parties.filter(secret="").exists(), "every secret is open")
        must(not batch.parties.exclude(sealed=None).exists(), "nothing is sealed any more")
        draws.verify(selectors.bundle_of(batch))
    made = drawn and state is not BatchState.DRAWN
    must(batch.visits.exists() == made, "visits exactly from the approval on")
    for visit in batch.visits.exclude(state=VisitState.WITHDRAWN):
        must(visit.officers.count() == batch.officers_per_target, "each visit has its officers")
    steps = selectors.steps_of(batch)
    must([step["number"] for step in steps] == list(range(1, len(steps) + 1)), "steps are numbered without a gap")
    must(batch.visits.filter(state=VisitState.WITHDRAWN).count() == len(steps), "what was replaced is withdrawn")
    return faults


def killed_in(take: Callable[[], object], *, after_queries: int | None = None, after_s: float | None = None) -> bool:
    """Take a step in a process of its own that is killed after so many queries or seconds; True when it was."""
    connection.close()  # a connection can't be shared with a child
    child = os.fork()
    if child == 0:
        _die_in(take, after_queries)
    if after_s is not None:
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _die_in(take: Callable[[], object], after_queries: int | None) -> None:
    """The child: never returns into the parent's code, whatever happens."""
    try:
        left = [after_queries]

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            done = execute(sql, params, many, context)
            if left[0] is not None:
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return done

        with connection.execute_wrapper(count):
            take()
    except BaseException:
        os._exit(1)
    os._exit(0)


def kill_through(batch: Batch, step: Step, every: int = 1, timed: int = 0, seed: int = 0) -> tuple[int, list[str]]:
    """Kill the step after each `every`-th query, then `timed` times at a random moment, until it is done.

    How often it was killed, and what did not hold: before the step is done everything is as it was, afterwards the
    step is done whole.
    """
    before = picture_of(batch)
    chance = random.Random(seed)
    kills, faults = 0, []

    def looked(where: str) -> bool:
        """Whether the step is done now."""
        after = picture_of(batch)
        if after == before:
            return False
        if after["state"] != step.leads_to:
            faults.append(f"{step.name}, {where}: {before} became {after}")
        faults.extend(f"{step.name}, {where}: {fault}" for fault in faults_of(batch))
        return True

    for _ in range(timed):
        killed_in(step.take, after_s=chance.uniform(0.0, 0.08))
        kills += 1
        if looked("at a random moment"):
            return kills, faults
    queries = 0
    while killed_in(step.take, after_queries=queries):
        kills += 1
        if looked(f"after {queries} queries"):
            return kills, faults
        queries += every
    if not looked("unharmed"):
        faults.append(f"{step.name}: refused after {kills} kills")
    return kills, faults
