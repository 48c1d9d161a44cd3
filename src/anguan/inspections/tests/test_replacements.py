"""备选替换 and 换员 as services: what comes instead, what is refused, and that a stranger can work it out."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from uuid_utils.compat import uuid7

from anguan.ground import audit
from anguan.inspections import draws, selectors
from anguan.inspections.draws import PersonReason, TargetReason
from anguan.inspections.models import Assignment, Batch, Replacement, Visit, VisitExpert
from anguan.inspections.rules import BatchState, NotAllowed, ReplacementKind, ResultCategory, StratumPlan, VisitState
from anguan.inspections.services import batches, replacements, visits
from anguan.inspections.tests.builders import (
    BEACON,
    MONDAY,
    Cast,
    a_cast,
    a_photo,
    actor_of,
    begun,
    committed,
    opened,
    planned,
    team,
    viewer,
)
from anguan.people.models import Expert, Leave, Officer, User
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, an_officer
from anguan.registry.models import ExpertRecusal

pytestmark = pytest.mark.django_db

LATER = BEACON + timedelta(days=1)


def an_expert(number: int, **fields: Any) -> Expert:
    values = {
        "name": f"专家{number}",
        "employer": "示例安全技术中心",
        "specialities": ["消防"],
        "term_to": date(2027, 1, 1),
        "fee_yuan": 800,
    }
    return Expert.objects.create(**{**values, **fields})


def with_experts(cast: Cast, count: int = 3) -> Batch:
    """A drawn and approved batch with an expert for each visit; the first expert may not go to the first firm."""
    for number in range(1, count + 1):
        an_expert(number)
    ExpertRecusal.objects.create(
        expert=Expert.objects.get(name="专家1"), enterprise=cast.enterprises[0], source="受聘", since=date(2025, 1, 1)
    )
    batch = opened(committed(cast, experts_per_target=1, expert_speciality="消防", expert_capacity=2))
    batches.approve_batch(batch=batch, actor=actor_of(cast.leader), now=BEACON)
    batch.refresh_from_db()
    return batch


def ask(user: User, assignment: Assignment, **changes: Any) -> Replacement:
    values: dict[str, Any] = {
        "assignment": assignment,
        "kind": ReplacementKind.TARGET,
        "reason": TargetReason.CLOSED,
        "note": "门面已转让，招牌拆除，邻铺证实",
        "photos": [a_photo(LATER)],
        "uid": uuid7(),
    }
    return replacements.ask_replacement(**{**values, **changes}, actor=actor_of(user), now=LATER)


def drawn_targets(batch: Batch) -> list[Assignment]:
    return list(batch.assignments.filter(is_alternate=False))


def finish(cast: Cast, visit: Visit) -> None:
    _, actor = team(cast, visit)
    visits.end_without_check(
        visit=visit,
        category=ResultCategory.UNREACHABLE,
        note="大门紧锁",
        photos=[a_photo(LATER)],
        actor=actor,
        now=LATER,
    )


def test_a_target_that_is_closed_gives_way_to_the_next_alternate_and_everybody_can_work_it_out() -> None:
    cast = a_cast()
    batch = with_experts(cast)
    first, second = drawn_targets(batch)
    alternate = batch.assignments.get(is_alternate=True)
    once = uuid7()
    replacement = ask(cast.clerk, first, uid=once)
    assert ask(cast.clerk, first, uid=once) == replacement
    replacement = replacements.approve_replacement(replacement=replacement, actor=actor_of(cast.leader), now=LATER)
    assert replacement.alternate == alternate
    gone, new = Visit.objects.get(assignment=first), Visit.objects.get(assignment=alternate)
    assert (gone.state, new.state) == (VisitState.WITHDRAWN, VisitState.APPROVED)
    assert new.officers.count() == 2
    assert new.experts.count() == new.experts_allowed == 1

    # No alternate is left: the second one falls away, and that is said.
    other = replacements.approve_replacement(
        replacement=ask(cast.clerk, second), actor=actor_of(cast.leader), now=LATER
    )
    assert (other.alternate, other.number) == (None, 2)
    finish(cast, new)
    batch.refresh_from_db()
    assert batch.state == BatchState.INSPECTED
    assert selectors.public_companion(batch) is None
    batch = batches.publish_bundle(batch=batch, actor=actor_of(cast.clerk), now=LATER)

    bundle = json.loads(json.dumps(selectors.public_bundle(batch)))
    companion = json.loads(json.dumps(selectors.public_companion(batch)))
    # The draw itself is as it was.
    assert draws.verify(bundle).targets == 2
    verified = draws.verify_companion(companion, bundle)
    assert (verified.targets_replaced, verified.targets_lost, verified.experts) == (1, 1, 2)
    assert verified.experts_digest == selectors.promise_of(batch)["experts_digest"]
    text = json.dumps(companion, ensure_ascii=False)
    for name in ("专家1", cast.enterprises[0].name, "门面已转让", cast.clerk.name, cast.leader.name):
        assert name not in text
    assert audit.verify(LATER).fault is None


def test_whoever_asked_does_not_decide_and_nobody_decides_twice() -> None:
    cast = a_cast()
    batch = with_experts(cast)
    replacement = ask(cast.leader, drawn_targets(batch)[0])
    with pytest.raises(NotAllowed, match="不能自己批准"):
        replacements.approve_replacement(replacement=replacement, actor=actor_of(cast.leader), now=LATER)
    other = actor_of(a_user("deputy", Role.LEADER, organ=cast.organ))
    with pytest.raises(NotAllowed, match="写明不批准的理由"):
        replacements.refuse_replacement(replacement=replacement, note=" ", actor=other, now=LATER)
    replacements.refuse_replacement(replacement=replacement, note="只是临时歇业", actor=other, now=LATER)
    with pytest.raises(NotAllowed, match="已经办结"):
        replacements.approve_replacement(replacement=replacement, actor=other, now=LATER)
    assert selectors.steps_of(batch) == []
    # The batch does not end over an open request, and ends with its refusal.
    last, first = drawn_targets(batch)[1], drawn_targets(batch)[0]
    finish(cast, Visit.objects.get(assignment=first))
    waits = ask(cast.clerk, last)
    Visit.objects.filter(assignment=last).update(state=VisitState.WITHDRAWN)
    assert not batches.finish_batch_when_done(batch=batch, actor=other, now=LATER)
    replacements.refuse_replacement(replacement=waits, note="已撤回", actor=other, now=LATER)
    batch.refresh_from_db()
    assert batch.state == BatchState.INSPECTED
    with pytest.raises(IntegrityError), transaction.atomic():
        Replacement.objects.filter(pk=replacement.pk).update(decided_by_id=replacement.asked_by_id)


def test_what_can_not_be_replaced_says_why() -> None:
    cast = a_cast()
    batch = with_experts(cast)
    first, second = drawn_targets(batch)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"note": "关了"}, "写明情况和依据"),
        ({"photos": []}, "附现场照片"),
        ({"reason": TargetReason.CHECKED_JOINTLY}, "没有规定天数内"),
        ({"reason": TargetReason.CAP_REACHED}, "还没有达到上限"),
        ({"reason": TargetReason.UNSTAFFED}, "已派有检查组"),
        ({"reason": PersonReason.ILL}, "不适用于这种替换"),
        ({"kind": ReplacementKind.OFFICER, "reason": PersonReason.ILL}, "选择派往这一家的一名执法人员"),
        ({"kind": ReplacementKind.EXPERT, "reason": PersonReason.ILL}, "选择派往这一家的一名专家"),
        ({"assignment": batch.assignments.get(is_alternate=True)}, "还没有递补"),
    ]
    for changes, sentence in cases:
        with pytest.raises(NotAllowed, match=sentence):
            ask(cast.clerk, changes.pop("assignment", first), **changes)
    # The ledger says it already: no photo is asked for.
    firm = first.target.enterprise
    firm.status = "suspended"
    firm.save(update_fields=["status"])
    replacement = ask(cast.clerk, first, photos=[])
    with pytest.raises(NotAllowed, match="已有一份"):
        ask(cast.clerk, first)
    # The officers arrive before the leader decides: it is too late.
    begun(cast, Visit.objects.get(assignment=first), LATER)
    with pytest.raises(NotAllowed, match="检查已经开始"):
        replacements.approve_replacement(replacement=replacement, actor=actor_of(cast.leader), now=LATER)
    replacements.approve_replacement(replacement=ask(cast.clerk, second), actor=actor_of(cast.leader), now=LATER)
    with pytest.raises(NotAllowed, match="已被替换"):
        ask(cast.clerk, second)
    assert selectors.steps_of(batch)[0]["number"] == 1


def test_a_drawn_list_changes_only_after_approval() -> None:
    cast = a_cast()
    batch = opened(committed(cast))
    with pytest.raises(NotAllowed, match="批准检查之后"):
        ask(cast.clerk, drawn_targets(batch)[0])


def test_an_officer_who_falls_ill_is_followed_by_the_next_of_the_ranking() -> None:
    cast = a_cast()
    batch = with_experts(cast)
    first, _second = drawn_targets(batch)
    ill = first.officers.get(leader=False) if first.officers.filter(leader=False).exists() else first.officers.last()
    assert ill is not None
    asked = ask(
        cast.clerk, first, kind=ReplacementKind.OFFICER, reason=PersonReason.ILL, officer=ill, photos=[]
    )  # fmt: skip
    done = replacements.approve_replacement(replacement=asked, actor=actor_of(cast.leader), now=LATER)
    visit = Visit.objects.get(assignment=first)
    assert done.step is not None
    assert ill.officer_id not in visit.officers.values_list("officer_id", flat=True)
    names = {
        row.pseudonym
        for row in batch.officers.all()
        if row.officer_id in visit.officers.values_list("officer_id", flat=True)
    }
    assert names == set(done.step["officers"])
    assert visit.officers.count() == 2
    assert visit.officers.earliest("position").officer.can_lead

    # One after another falls ill, until nobody is left: the target has no team, and may give way for that reason only.
    while (entry := first.officers.order_by("pk").first()) is not None:
        asked = ask(cast.clerk, first, kind=ReplacementKind.OFFICER, reason=PersonReason.LEFT, officer=entry, photos=[])
        replacements.approve_replacement(replacement=asked, actor=actor_of(cast.leader), now=LATER)
    with pytest.raises(NotAllowed, match="只能是派不出检查组"):
        ask(cast.clerk, first)
    asked = ask(cast.clerk, first, reason=TargetReason.UNSTAFFED, photos=[])
    last = replacements.approve_replacement(replacement=asked, actor=actor_of(cast.leader), now=LATER)
    assert last.alternate is not None
    assert last.alternate.is_unstaffed
    assert not Visit.objects.filter(assignment=last.alternate).exists()


def test_an_expert_who_can_not_come_is_followed_by_the_next() -> None:
    cast = a_cast()
    batch = with_experts(cast)
    first = drawn_targets(batch)[0]
    seat = VisitExpert.objects.select_related("entry").get(visit__assignment=first)
    assert seat.daily_fee_yuan == 800
    asked = ask(
        cast.clerk, first, kind=ReplacementKind.EXPERT, reason=PersonReason.ILL, expert=seat.entry, photos=[]
    )  # fmt: skip
    done = replacements.approve_replacement(replacement=asked, actor=actor_of(cast.leader), now=LATER)
    assert done.step is not None
    new = VisitExpert.objects.select_related("entry").get(visit__assignment=first)
    assert new.entry is not None
    assert new.entry != seat.entry
    assert done.step["replacement"] == new.entry.pseudonym


def test_experts_who_do_not_serve_long_enough_or_are_officers_are_not_on_the_roster() -> None:
    cast = a_cast()
    an_expert(1)
    an_expert(2, term_to=date(2026, 3, 15))
    an_expert(3, specialities=["电气"])
    an_expert(4, user=cast.user_of(cast.officers[0]))
    batch = committed(cast, experts_per_target=1, expert_speciality="消防")
    assert list(batch.experts.order_by("expert__name").values_list("exclusion", flat=True)) == [
        "",
        "not_serving",
        "speciality",
        "officer",
    ]


def test_a_batch_that_asks_for_experts_nobody_is_can_not_be_committed() -> None:
    with pytest.raises(NotAllowed, match="没有聘期和专业都符合的专家"):
        committed(a_cast(), experts_per_target=1, expert_speciality="消防")


def test_proof_of_ones_own_place_comes_from_the_levels_that_were_kept() -> None:
    cast = a_cast()
    batch = committed(cast)
    assert batch.spec is not None
    for entry in batch.pool.filter(exclusion=""):
        kept = selectors.bundles._kept_proof(batch, entry)
        assert kept == draws.prove_membership(selectors.pool_rows(batch), batch.weights, entry.pseudonym)
        assert draws.verify_membership(kept, batch.spec["pool_root"])
    assert [len(row.hashes) // 32 for row in batch.levels.order_by("level")] == [12, 6, 3, 2, 1]


def test_who_is_away_is_not_on_the_roster() -> None:
    cast = a_cast(enterprises=1)
    leaves = [
        (date(2026, 3, 2), date(2026, 3, 2), True),  # away on the day on which the roster is frozen
        (date(2026, 3, 2), date(2026, 3, 31), True),  # away for the whole window
        (date(2026, 2, 1), date(2026, 4, 30), True),
        (date(2026, 3, 3), date(2026, 3, 31), False),  # there on the first day of the window
        (date(2026, 2, 1), date(2026, 3, 1), False),
        (date(2026, 4, 1), date(2026, 4, 9), False),
    ]
    officers = [an_officer(f"执法员{number}", organ=cast.organ) for number in range(len(leaves))]
    for officer, (since, until, _is_out) in zip(officers, leaves, strict=True):
        Leave.objects.create(officer=officer, since=since, until=until)
    batch = planned(cast)
    batches.freeze_pool(batch=batch, actor=actor_of(cast.clerk), now=MONDAY)
    roster = {entry.officer_id: entry for entry in batch.officers.all()}
    for officer, (since, until, is_out) in zip(officers, leaves, strict=True):
        entry = roster[officer.pk]
        assert (entry.exclusion == "on_leave", entry.pseudonym == "") == (is_out, is_out), (since, until)


def test_a_stratum_that_names_a_speciality_gets_only_officers_who_have_it() -> None:
    cast = a_cast()
    skilled = {cast.officers[0].pk, cast.officers[2].pk}
    Officer.objects.filter(pk__in=skilled).update(specialities=["危化"])
    batch = opened(committed(cast, strata=[StratumPlan("危化", targets=2, alternates=1, speciality="危化")]))
    for assignment in drawn_targets(batch):
        assert set(assignment.officers.values_list("officer_id", flat=True)) == skilled
    # The same rule for who comes instead: nobody else has the speciality.
    batches.approve_batch(batch=batch, actor=actor_of(cast.leader), now=BEACON)
    first = drawn_targets(batch)[0]
    gone = first.officers.first()
    asked = ask(cast.clerk, first, kind=ReplacementKind.OFFICER, reason=PersonReason.ILL, officer=gone, photos=[])
    done = replacements.approve_replacement(replacement=asked, actor=actor_of(cast.leader), now=LATER)
    assert done.step is not None
    assert done.step["replacement"] is None
    assert {skip["reason"] for skip in done.step["skipped"]} == {"absent", "speciality"}


def test_pseudonyms_link_no_two_batches_and_each_sees_only_its_own() -> None:
    cast = a_cast()
    first, second = committed(cast), committed(cast)
    names = [set(batch.pool.exclude(pseudonym="").values_list("pseudonym", flat=True)) for batch in (first, second)]
    names += [
        set(batch.officers.exclude(pseudonym="").values_list("pseudonym", flat=True)) for batch in (first, second)
    ]
    assert len(set.union(*names)) == sum(map(len, names))
    salts = [set(batch.pool.exclude(salt="").values_list("salt", flat=True)) for batch in (first, second)]
    assert not salts[0] & salts[1]
    officer = viewer(cast.user_of(cast.officers[1]))
    own = selectors.own_roster_place(officer, first)
    assert own is not None
    assert own.officer == cast.officers[1]
    assert selectors.own_roster_place(viewer(cast.leader), first) is None
