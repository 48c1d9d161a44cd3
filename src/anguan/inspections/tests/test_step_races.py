"""The steps of a batch raced and killed, a few times; soaks `commits` and `kill-steps` do it in numbers."""

import pytest

from anguan.inspections.models import Batch
from anguan.inspections.rules import BatchState
from anguan.inspections.services import batches
from anguan.inspections.tests import step_races
from anguan.inspections.tests.builders import BEACON, SECRETS, a_cast, actor_of, committed


@pytest.mark.django_db(transaction=True)
def test_of_simultaneous_calls_of_each_step_one_wins_and_a_killed_one_leaves_nothing_behind() -> None:
    cast = a_cast(enterprises=4)
    for batch, step in step_races.life_of_a_batch(cast):
        # Killed at some of its queries first; it may be done then, or be raced for afterwards.
        if step.name in {"commit", "replace"}:
            kills, faults = step_races.kill_through(batch, step, every=11)
            assert faults == []
            assert kills > 0
        else:
            winners, told, faults = step_races.race(step.take, calls=8, at_once=4)
            assert faults == []
            assert (winners, sum(told.values())) == (1, 7)
        assert step_races.faults_of(batch) == []
        batch.refresh_from_db()
        assert batch.state == step.leads_to

    # One opens its secret while others break the batch: one of the two happens, whole.
    batch = committed(cast)
    parties = list(batch.parties.select_related("user"))
    for party, secret in zip(parties[:2], SECRETS[:2], strict=True):
        batches.submit_secret(party=party, secret=secret, actor=actor_of(party.user), now=BEACON)
    last = parties[2]
    winners, _told, faults = step_races.race_of(
        [
            lambda: batches.submit_secret(party=last, secret=SECRETS[2], actor=actor_of(last.user), now=BEACON),
            lambda: batches.refuse_secret(party=parties[0], reason="", actor=actor_of(parties[0].user), now=BEACON),
        ]
        * 3,
        at_once=6,
    )
    assert (winners, faults) == (1, [])
    assert Batch.objects.get(pk=batch.pk).state in {BatchState.DRAWN, BatchState.BROKEN}
    assert step_races.faults_of(batch) == []
