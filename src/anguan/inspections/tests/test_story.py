"""The narrow loop as services: from twelve enterprises to a public result, and what is refused on the way."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from uuid_utils.compat import uuid7

from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.ground.events import on
from anguan.ground.models import AuditRecord, Evidence
from anguan.hazards import services as hazard_rooms
from anguan.hazards.models import Hazard
from anguan.hazards.services import close_hazard, reopen_hazard, report_rectification, verify_rectification
from anguan.inspections import draws, selectors
from anguan.inspections.events import ResultPublished
from anguan.inspections.models import Answer, Batch, PoolEntry, Publication, Visit
from anguan.inspections.rules import BatchState, BreakReason, NotAllowed, Outcome, PartyRole, ResultCategory, VisitState
from anguan.inspections.services import batches, visits
from anguan.inspections.tests.builders import (
    BEACON,
    MONDAY,
    SECRETS,
    Cast,
    a_cast,
    a_photo,
    actor_of,
    an_enterprise,
    answered,
    approved,
    begun,
    committed,
    drawn,
    opened,
    parties_of,
    planned,
    signed,
    team,
    viewer,
)
from anguan.papers.services import serve_paper, verify_papers, void_paper
from anguan.papers.tests.builders import signature_image
from anguan.people.models import Leave, Officer, RoleGrant
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, an_organ
from anguan.registry.models import DeclaredConflict, Membership

pytestmark = pytest.mark.django_db

ON_SITE = BEACON + timedelta(days=1)
SEEN = {2: "二层东侧安全出口用铁链锁住", 14: "三层两家餐饮没有可燃气体报警装置"}


def test_the_loop_from_the_draw_to_the_public_result() -> None:
    cast = a_cast()
    batch = drawn(cast)
    assert batch.state == BatchState.DRAWN
    first, second = batches.approve_batch(batch=batch, actor=actor_of(cast.leader), now=BEACON)

    # The first visit finds two things: a record, an order, both served on the spot.
    officers, actor = team(cast, first)
    begun(cast, first, ON_SITE)
    answered(cast, first, ON_SITE, SEEN)
    visits.draft_record(visit=first, actor=actor, now=ON_SITE)
    signed(cast, first, ON_SITE)
    visits.issue_record(visit=first, actor=actor, now=ON_SITE)
    assert list(Hazard.objects.filter(visit_uid=first.uid).values_list("description", flat=True)) == list(SEEN.values())
    visits.draft_order(visit=first, actor=actor, now=ON_SITE)
    signed(cast, first, ON_SITE)
    visits.issue_order(visit=first, actor=actor, now=ON_SITE)
    visits.serve(
        visit=first, method="direct", receiver="示例经理", place="现场", uid=uuid7(), image=signature_image(50),
        actor=actor, now=ON_SITE,
    )  # fmt: skip
    first.refresh_from_db()
    assert first.state == VisitState.ORDERED
    assert first.category == ResultCategory.ORDERED
    assert first.order is not None
    assert first.order.number == "（示例）应急责改〔2026〕1号"
    # Item 2 suggests three days, item 14 seven; the day of the order is not counted.
    assert list(first.order.hazards.order_by("pk").values_list("due_on", flat=True)) == [
        date(2026, 3, 6),
        date(2026, 3, 10),
    ]

    # The second visit finds nothing; it is the last one of the batch.
    _, other = team(cast, second)
    begun(cast, second, ON_SITE)
    answered(cast, second, ON_SITE)
    visits.draft_record(visit=second, actor=other, now=ON_SITE)
    signed(cast, second, ON_SITE)
    with pytest.raises(NotAllowed, match="泄露"):
        batches.publish_bundle(batch=batch, actor=actor_of(cast.clerk), now=ON_SITE)
    visits.issue_record(visit=second, actor=other, now=ON_SITE)
    second.refresh_from_db()
    assert (second.state, second.category) == (VisitState.CLOSED, ResultCategory.NO_PROBLEM)

    # The bundle is public: it verifies, and names nobody.
    assert selectors.public_bundle(batch) is None
    batch = batches.publish_bundle(batch=batch, actor=actor_of(cast.clerk), now=ON_SITE)
    text = json.dumps(selectors.public_bundle(batch), ensure_ascii=False)
    verified = draws.verify(draws.parse(text.encode()))
    assert (verified.targets, verified.alternates, verified.unstaffed) == (2, 1, 0)
    names: list[str] = [officer.name for officer in cast.officers]
    names += [user.name for user in (cast.leader, cast.supervisor, cast.principal)]
    names += [firm.name for firm in cast.enterprises]
    for name in names:
        assert name not in text
    for firm in cast.enterprises:
        assert firm.credit_code not in text

    # The enterprise rectifies with proof; the officers come again and close.
    manager = cast.principal
    Membership.objects.get_or_create(
        user=manager, enterprise=first.enterprise, role="principal", defaults={"since": date(2026, 1, 1)}
    )
    reported_at = ON_SITE + timedelta(days=2)
    for number, hazard in enumerate(Hazard.objects.filter(visit_uid=first.uid).order_by("pk")):
        report_rectification(
            hazard=hazard, uid=uuid7(), description="已整改", photos=[a_photo(reported_at, 200 + number)],
            actor=actor_of(manager), now=reported_at,
        )  # fmt: skip
    recheck = Visit.objects.get(parent=first)
    # Ten calendar days after the first report (rule D22).
    assert recheck.due_on == date(2026, 3, 15)
    again = reported_at + timedelta(days=1)
    begun(cast, recheck, again)
    for hazard in visits.hazards_to_recheck(recheck):
        visits.answer_hazard(visit=recheck, hazard=hazard, uid=uuid7(), is_rectified=True, actor=actor, now=again)
    visits.draft_record(visit=recheck, actor=actor, now=again)
    signed(cast, recheck, again)
    visits.issue_record(visit=recheck, actor=actor, now=again)
    visits.serve(
        visit=recheck, method="direct", receiver="示例经理", place="现场", uid=uuid7(), image=signature_image(50),
        actor=actor, now=again,
    )  # fmt: skip
    assert set(Hazard.objects.filter(visit_uid=first.uid).values_list("state", flat=True)) == {"closed"}
    first.refresh_from_db()
    recheck.refresh_from_db()
    assert first.state == recheck.state == VisitState.CLOSED
    assert recheck.record is not None
    assert recheck.record.form == "recheck_opinion"
    assert recheck.record.answers == first.order

    # Twenty working days after Tuesday, 3 March, with no holiday between: Tuesday, 31 March 2026.
    assert first.publication.due_on == date(2026, 3, 31)
    assert not first.publication.due_is_provisional
    heard: list[ResultPublished] = []
    on(ResultPublished)(heard.append)
    visits.publish_result(visit=first, actor=actor_of(cast.clerk), now=again)
    visits.publish_result(visit=first, actor=actor_of(cast.clerk), now=again + timedelta(days=1))
    assert [event.visit_id for event in heard] == [first.pk]
    assert [result.visit for result in selectors.public_results()] == [first]

    assert verify_papers().faults == []
    assert audit.verify(again).fault is None
    assert len(officers) == 2


# --- the draw


def test_a_commitment_after_the_beacon_is_refused() -> None:
    cast = a_cast()
    batch = planned(cast)
    for party, secret in zip(parties_of(cast, batch), SECRETS, strict=True):
        batches.submit_commitment(
            party=party, commitment=draws.commitment_of(party.name, secret), actor=actor_of(party.user), now=MONDAY
        )
    batches.freeze_pool(batch=batch, actor=actor_of(cast.clerk), now=MONDAY)
    with pytest.raises(NotAllowed, match="不再可信"):
        batches.commit_batch(batch=batch, actor=actor_of(cast.clerk), now=BEACON)
    batches.commit_batch(batch=batch, actor=actor_of(cast.clerk), now=BEACON - timedelta(seconds=1))


def test_secrets_stay_closed_before_the_beacon_and_until_all_are_in() -> None:
    cast = a_cast()
    batch = committed(cast)
    first = batch.parties.select_related("user").first()
    assert first is not None
    with pytest.raises(NotAllowed, match="还没有到"):
        batches.submit_secret(
            party=first, secret=SECRETS[0], actor=actor_of(first.user), now=BEACON - timedelta(seconds=1)
        )
    batch = opened(batch, SECRETS[:2])
    assert batch.state == BatchState.COMMITTED
    with pytest.raises(NotAllowed, match="还在等企业代表"):
        batches.reveal(batch=batch, actor=actor_of(cast.clerk), now=BEACON)
    stored = json.dumps(
        [
            *(bytes(party.sealed).hex() for party in batch.parties.all() if party.sealed is not None),
            *batch.parties.values_list("secret", flat=True),
            *(str(row.after) for row in AuditRecord.objects.all()),
        ]
    )
    assert SECRETS[0] not in stored
    assert SECRETS[0].encode().hex() not in stored


def test_a_secret_that_does_not_fit_its_commitment_breaks_the_batch_for_good() -> None:
    cast = a_cast()
    batch = opened(committed(cast), [*SECRETS[:2], "44" * 32])
    assert (batch.state, batch.broken_reason) == (BatchState.BROKEN, BreakReason.WRONG_SECRET)
    assert batch.broken_note == "企业代表"
    assert batch in selectors.public_batches()
    assert not batch.parties.exclude(sealed=None).exists()
    with pytest.raises(NotAllowed, match="重抽须另立一批"):
        batches.reveal(batch=batch, actor=actor_of(cast.clerk), now=BEACON)
    assert planned(cast).code != batch.code


def test_a_party_that_refuses_breaks_the_batch_visibly() -> None:
    cast = a_cast()
    batch = committed(cast)
    party = batch.parties.select_related("user").last()
    assert party is not None
    batch = batches.refuse_secret(party=party, reason="不同意", actor=actor_of(party.user), now=BEACON)
    assert (batch.broken_reason, batch.broken_note) == (BreakReason.REFUSED, "企业代表：不同意")


def test_a_batch_that_nobody_opened_is_broken_after_three_days() -> None:
    batch = committed(a_cast())
    assert batches.break_unopened(BEACON + timedelta(days=3)) == 0
    assert batches.break_unopened(BEACON + timedelta(days=3, seconds=1)) == 1
    batch.refresh_from_db()
    assert batch.broken_reason == BreakReason.NOT_OPENED
    assert batch.broken_note == "检查机关、司法监督、企业代表"


def test_only_a_party_itself_commits_and_opens() -> None:
    cast = a_cast()
    batch = committed(cast)
    party = batch.parties.get(user=cast.supervisor)
    for person in (cast.clerk, cast.leader):
        with pytest.raises(PermissionDenied):
            batches.submit_secret(party=party, secret=SECRETS[1], actor=actor_of(person), now=BEACON)


def test_a_party_has_the_standing_its_part_asks_for() -> None:
    cast = a_cast()
    batch = planned(cast)
    for role, user, sentence in [
        ("organ", cast.clerk, "负责人"),
        ("supervisor", cast.leader, "司法监督员"),
        ("enterprise", cast.supervisor, "主要负责人"),
    ]:
        with pytest.raises(NotAllowed, match=sentence):
            batches.add_party(batch=batch, role=PartyRole(role), user=user, actor=actor_of(cast.clerk), now=MONDAY)


def test_the_pool_leaves_out_who_is_closed_or_was_visited_and_says_why() -> None:
    cast = a_cast()
    visited = [visit.enterprise for visit in approved(cast)]
    an_enterprise(90, status="suspended")
    batch = planned(cast)
    batches.freeze_pool(batch=batch, actor=actor_of(cast.clerk), now=BEACON)
    assert selectors.exclusion_counts(batch) == {"visited": 2, "closed": 1}
    assert set(batch.pool.filter(exclusion="visited").values_list("enterprise_id", flat=True)) == {
        firm.pk for firm in visited
    }


def test_the_roster_leaves_out_who_has_no_valid_certificate_or_is_away() -> None:
    cast = a_cast()
    Officer.objects.filter(pk=cast.officers[0].pk).update(valid_to=date(2026, 3, 30))
    Leave.objects.create(officer=cast.officers[1], since=date(2026, 2, 1), until=date(2026, 4, 1))
    batch = planned(cast)
    batches.freeze_pool(batch=batch, actor=actor_of(cast.clerk), now=MONDAY)
    assert list(batch.officers.order_by("pk").values_list("exclusion", flat=True)) == [
        "uncertified",
        "on_leave",
        "",
        "",
    ]


def test_a_declared_conflict_keeps_an_officer_away_and_its_grounds_inside() -> None:
    cast = a_cast(enterprises=3)
    for firm in cast.enterprises:
        DeclaredConflict.objects.create(
            officer=cast.officers[2], enterprise=firm, kind="relative", since=date(2026, 1, 1), source="本人申报",
            declared_at=MONDAY, declared_by_name="本人",
        )  # fmt: skip
    batch = drawn(cast)
    for assignment in batch.assignments.filter(is_alternate=False):
        assert cast.officers[2].pk not in assignment.officers.values_list("officer_id", flat=True)
    assert {row["reason"] for row in selectors.conflict_rows(batch)} == {"declared"}
    assert "本人申报" not in json.dumps(selectors.bundle_of(batch), ensure_ascii=False)


def test_an_enterprise_proves_its_own_place_and_sees_no_other() -> None:
    cast = a_cast()
    batch = committed(cast)
    own = selectors.own_place(viewer(cast.principal), batch, cast.enterprises[0])
    assert own is not None
    assert own.holds
    assert own.pseudonym == PoolEntry.objects.get(batch=batch, enterprise=cast.enterprises[0]).pseudonym
    assert selectors.own_place(viewer(cast.principal), batch, cast.enterprises[1]) is None


def test_who_sees_a_drawn_list() -> None:
    cast = a_cast()
    batch = drawn(cast)
    assert len(selectors.drawn_list(viewer(cast.leader), batch)) == 3
    for stranger in (cast.supervisor, cast.principal, cast.user_of(cast.officers[0])):
        assert selectors.drawn_list(viewer(stranger), batch) == []
    assert selectors.public_bundle(batch) is None
    promised = selectors.promise_of(batch)
    assert set(promised) == {"format", "hash", "spec", "commitments"}


# --- the visit


def test_an_officer_who_was_not_drawn_can_do_nothing_here() -> None:
    cast = a_cast()
    visit = approved(cast)[0]
    officers, _ = team(cast, visit)
    stranger = next(officer for officer in cast.officers if officer not in officers)
    everybody = [officer.pk for officer in officers]
    with pytest.raises(PermissionDenied, match="没有派给您"):
        visits.start_visit(visit=visit, present=everybody, actor=actor_of(cast.user_of(stranger)), now=ON_SITE)
    with pytest.raises(PermissionDenied):
        visits.start_visit(visit=visit, present=everybody, actor=actor_of(cast.leader), now=ON_SITE)
    assert not selectors.visits_visible_to(viewer(cast.user_of(stranger))).filter(pk=visit.pk).exists()


def test_a_check_starts_with_both_officers_and_valid_certificates() -> None:
    cast = a_cast()
    visit = approved(cast)[0]
    officers, actor = team(cast, visit)
    with pytest.raises(NotAllowed, match="两名以上"):
        visits.start_visit(visit=visit, present=[officers[0].pk], actor=actor, now=ON_SITE)
    Officer.objects.filter(pk=officers[1].pk).update(valid_to=date(2026, 3, 2))
    with pytest.raises(NotAllowed, match="执法证"):
        visits.start_visit(visit=visit, present=[officer.pk for officer in officers], actor=actor, now=ON_SITE)


def test_an_answer_that_comes_twice_counts_once() -> None:
    cast = a_cast()
    visit = begun(cast, approved(cast)[0], ON_SITE)
    _, actor = team(cast, visit)
    item = visit.checklist.items.get(number=2)
    photo = a_photo(ON_SITE)
    early, late = uuid7(), uuid7()

    def answer(uid: UUID, outcome: Outcome) -> Answer:
        return visits.answer_item(
            visit=visit, item=item, uid=uid, outcome=outcome, note="锁闭", photos=[photo], actor=actor, now=ON_SITE
        )  # fmt: skip

    first = answer(early, Outcome.FAILS)
    assert answer(early, Outcome.FAILS) == first
    answer(late, Outcome.CONFORMS)
    # The phone sends the old answer again: the newer one stands.
    assert answer(early, Outcome.FAILS).outcome == Outcome.CONFORMS
    assert visit.answers.count() == 1
    assert Evidence.objects.filter(owner_type="inspections.answer").count() == 1


def test_a_failure_without_a_word_is_refused_and_a_record_needs_every_item() -> None:
    cast = a_cast()
    visit = begun(cast, approved(cast)[0], ON_SITE)
    _, actor = team(cast, visit)
    item = visit.checklist.items.get(number=1)
    with pytest.raises(NotAllowed, match="写明看到了什么"):
        visits.answer_item(visit=visit, item=item, uid=uuid7(), outcome=Outcome.FAILS, actor=actor, now=ON_SITE)
    with pytest.raises(NotAllowed, match="还有 20 项"):
        visits.draft_record(visit=visit, actor=actor, now=ON_SITE)


def test_a_record_that_was_sent_back_can_be_corrected_and_drafted_again() -> None:
    cast = a_cast()
    visit = begun(cast, approved(cast)[0], ON_SITE)
    _, actor = team(cast, visit)
    answered(cast, visit, ON_SITE, {3: "应急照明不亮"})
    visits.draft_record(visit=visit, actor=actor, now=ON_SITE)
    item = visit.checklist.items.get(number=3)
    with pytest.raises(NotAllowed, match="退回修改"):
        visits.answer_item(visit=visit, item=item, uid=uuid7(), outcome=Outcome.CONFORMS, actor=actor, now=ON_SITE)
    visits.correct_record(visit=visit, reason="现场已核实", actor=actor, now=ON_SITE)
    visits.answer_item(visit=visit, item=item, uid=uuid7(), outcome=Outcome.CONFORMS, actor=actor, now=ON_SITE)
    visit = visits.draft_record(visit=visit, actor=actor, now=ON_SITE)
    assert visit.record is not None
    assert "未发现问题。" in visit.record.body["findings"]


def test_a_firm_that_refuses_to_sign_does_not_stop_the_record() -> None:
    cast = a_cast()
    visit = begun(cast, approved(cast)[0], ON_SITE)
    officers, actor = team(cast, visit)
    answered(cast, visit, ON_SITE)
    visits.draft_record(visit=visit, actor=actor, now=ON_SITE)
    for officer in officers:
        visits.sign_as_officer(
            visit=visit, officer=officer, uid=uuid7(), image=signature_image(), actor=actor, now=ON_SITE
        )
    visits.sign_as_enterprise(
        visit=visit,
        uid=uuid7(),
        name="",
        image=None,
        refused=True,
        note="负责人拒签，保安在场",
        actor=actor,
        now=ON_SITE,
    )
    visit = visits.issue_record(visit=visit, actor=actor, now=ON_SITE)
    assert visit.record is not None
    assert visit.record.number.startswith("（示例）应急检记〔2026〕")


def test_a_closed_door_is_a_result_with_a_photo() -> None:
    cast = a_cast()
    first, second = approved(cast)
    for visit in (first, second):
        _, actor = team(cast, visit)
        with pytest.raises(NotAllowed, match="现场照片"):
            visits.end_without_check(
                visit=visit, category=ResultCategory.UNREACHABLE, note="已搬离", photos=[], actor=actor, now=ON_SITE
            )
        visits.end_without_check(
            visit=visit, category=ResultCategory.UNREACHABLE, note="已搬离", photos=[a_photo(ON_SITE)], actor=actor,
            now=ON_SITE,
        )  # fmt: skip
    batch = Batch.objects.get()
    assert batch.state == BatchState.INSPECTED
    assert first.publication.category == ResultCategory.UNREACHABLE


def test_what_is_not_put_right_goes_back_and_the_visit_stays_open() -> None:
    cast = a_cast()
    visit = begun(cast, approved(cast)[0], ON_SITE)
    _, actor = team(cast, visit)
    answered(cast, visit, ON_SITE, {2: SEEN[2]})
    visits.draft_record(visit=visit, actor=actor, now=ON_SITE)
    signed(cast, visit, ON_SITE)
    visits.issue_record(visit=visit, actor=actor, now=ON_SITE)
    visits.draft_order(visit=visit, actor=actor, now=ON_SITE)
    signed(cast, visit, ON_SITE)
    visits.issue_order(visit=visit, actor=actor, now=ON_SITE)
    serve: dict[str, Any] = {
        "method": "direct",
        "receiver": "示例经理",
        "place": "现场",
        "image": signature_image(50),
        "actor": actor,
    }
    visits.serve(visit=visit, uid=uuid7(), now=ON_SITE, **serve)
    hazard = Hazard.objects.get(visit_uid=visit.uid)
    later = ON_SITE + timedelta(hours=5)
    report_rectification(
        hazard=hazard, uid=uuid7(), description="已整改", photos=[a_photo(later, 77)], actor=actor_of(cast.principal),
        now=later,
    )  # fmt: skip
    recheck = begun(cast, Visit.objects.get(parent=visit), later)
    with pytest.raises(NotAllowed, match="还差什么"):
        visits.answer_hazard(visit=recheck, hazard=hazard, uid=uuid7(), is_rectified=False, actor=actor, now=later)
    visits.answer_hazard(
        visit=recheck, hazard=hazard, uid=uuid7(), is_rectified=False, note="铁链还在", actor=actor, now=later
    )
    visits.draft_record(visit=recheck, actor=actor, now=later)
    signed(cast, recheck, later)
    visits.issue_record(visit=recheck, actor=actor, now=later)
    visits.serve(visit=recheck, uid=uuid7(), now=later, **serve)
    hazard.refresh_from_db()
    visit.refresh_from_db()
    assert hazard.state == "rectifying"
    assert visit.state == VisitState.ORDERED


def test_a_task_code_counts_for_half_a_day_and_cannot_be_made_up() -> None:
    cast = a_cast()
    visit = approved(cast)[0]
    code = visits.task_code(visit=visit, now=ON_SITE)
    read = visits.read_task_code(code)
    assert read is not None
    assert read.visit_uid == visit.uid
    assert read.is_valid(ON_SITE + timedelta(hours=12))
    assert not read.is_valid(ON_SITE + timedelta(hours=12, seconds=1))
    assert visits.read_task_code(code[:-1] + ("A" if code[-1] != "A" else "B")) is None
    assert visits.read_task_code("随便") is None


def test_the_database_refuses_a_commitment_that_is_not_earlier_than_the_beacon() -> None:
    batch = committed(a_cast())
    with pytest.raises(IntegrityError, match="committed_before_the_beacon_exists"), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(committed_at=batch.not_before)


def an_order_in_hand(cast: Cast, visit: Visit) -> tuple[list[Officer], Actor]:
    """The visit with its order issued and not yet served."""
    officers, actor = team(cast, visit)
    begun(cast, visit, ON_SITE)
    answered(cast, visit, ON_SITE, SEEN)
    visits.draft_record(visit=visit, actor=actor, now=ON_SITE)
    signed(cast, visit, ON_SITE)
    visits.issue_record(visit=visit, actor=actor, now=ON_SITE)
    return officers, ordered_again(cast, visit, actor)


def ordered_again(cast: Cast, visit: Visit, actor: Actor) -> Actor:
    """The visit after another order was drafted, signed and issued."""
    visits.draft_order(visit=visit, actor=actor, now=ON_SITE)
    signed(cast, visit, ON_SITE)
    visits.issue_order(visit=visit, actor=actor, now=ON_SITE)
    return actor


def served(visit: Visit, actor: Actor) -> Visit:
    """The visit after its papers were handed over on the spot."""
    visits.serve(
        visit=visit, method="direct", receiver="示例经理", place="现场", uid=uuid7(), image=signature_image(50),
        actor=actor, now=ON_SITE,
    )  # fmt: skip
    visit.refresh_from_db()
    return visit


def test_an_order_that_was_voided_is_followed_by_another_from_the_same_record() -> None:
    cast = a_cast()
    visit = approved(cast)[0]
    _, actor = an_order_in_hand(cast, visit)
    served(visit, actor)
    assert visit.order is not None
    void_paper(paper=visit.order, reason="期限写错", actor=actor_of(cast.leader), now=ON_SITE)
    visit.refresh_from_db()
    assert visit.state == VisitState.RECORD_ISSUED
    assert visit.order_id is None
    ordered_again(cast, visit, actor)
    assert served(visit, actor).state == VisitState.ORDERED
    assert visit.order is not None
    assert visit.order.number.endswith("2号")
    assert set(Hazard.objects.filter(visit_uid=visit.uid).values_list("state", flat=True)) == {"rectifying"}


def test_a_hazard_that_comes_back_is_ordered_again_though_its_visit_was_closed() -> None:
    cast = a_cast()
    visit = approved(cast)[0]
    officers, actor = an_order_in_hand(cast, visit)
    served(visit, actor)
    hazards = list(Hazard.objects.filter(visit_uid=visit.uid).order_by("pk"))
    Membership.objects.get_or_create(
        user=cast.principal, enterprise=visit.enterprise, role="principal", defaults={"since": date(2026, 1, 1)}
    )
    for shade, hazard in enumerate(hazards):
        report_rectification(
            hazard=hazard, uid=uuid7(), description="已整改", photos=[a_photo(ON_SITE, 100 + shade)],
            actor=actor_of(cast.principal), now=ON_SITE,
        )  # fmt: skip
        # In the office, without the recheck that the report asked for.
        verify_rectification(hazard=hazard, accepted=True, officers=officers, actor=actor, now=ON_SITE)
        close_hazard(hazard=hazard, actor=actor, now=ON_SITE)
    visit.refresh_from_db()
    assert visit.state == VisitState.CLOSED
    assert [recheck.state for recheck in visit.rechecks.all()] == [VisitState.CLOSED]
    reopen_hazard(hazard=hazards[0], reason="又锁上了", actor=actor, now=ON_SITE)
    visit.refresh_from_db()
    assert visit.state == VisitState.RECORD_ISSUED
    ordered_again(cast, visit, actor)
    assert served(visit, actor).state == VisitState.ORDERED
    assert Publication.objects.filter(visit=visit).count() == 1


def test_an_order_served_from_the_office_moves_its_visit_on() -> None:
    cast = a_cast()
    visit = approved(cast)[0]
    officers, actor = an_order_in_hand(cast, visit)
    visit.refresh_from_db()
    assert visit.order is not None
    serve_paper(
        paper=visit.order, method="mail", receiver="示例经理", place="河东新区", servers=officers, uid=uuid7(),
        note="邮件号 示例1", actor=actor, now=ON_SITE,
    )  # fmt: skip
    visit.refresh_from_db()
    assert (visit.state, visit.category) == (VisitState.ORDERED, ResultCategory.ORDERED)


def test_a_finding_that_could_not_become_a_hazard_is_refused_before_anybody_signs() -> None:
    cast = a_cast()
    visit = approved(cast)[0]
    _, actor = team(cast, visit)
    begun(cast, visit, ON_SITE)
    item = visit.checklist.items.get(number=2)
    good: dict[str, Any] = {"note": "锁住", "photos": [a_photo(ON_SITE)]}
    for bad, word in (
        ({"level": "major"}, "判定依据"),
        ({"due_on": date(2028, 1, 1)}, "超过一年"),
        ({"due_on": date(2026, 3, 1)}, "早于今天"),
        ({"place": "东" * 101}, "100"),
    ):
        with pytest.raises(hazard_rooms.NotAllowed, match=word):
            visits.answer_item(
                visit=visit, item=item, uid=uuid7(), outcome=Outcome.FAILS, actor=actor, now=ON_SITE, **{**good, **bad}
            )


def test_the_recheck_of_an_overdue_hazard_is_counted_from_the_end_of_its_term() -> None:
    cast = a_cast()
    visit = approved(cast)[0]
    _, actor = an_order_in_hand(cast, visit)
    served(visit, actor)
    # The worker slept for four days: item 2 was due on 6 March.
    hazard_rooms.mark_overdue(ON_SITE + timedelta(days=7))
    # Ten days after 6 March (rule D22), the first not counted.
    assert Visit.objects.get(parent=visit).due_on == date(2026, 3, 16)


def test_a_recheck_is_not_closed_as_impossible() -> None:
    cast = a_cast()
    visit = approved(cast)[0]
    _, actor = an_order_in_hand(cast, visit)
    served(visit, actor)
    hazard_rooms.mark_overdue(ON_SITE + timedelta(days=7))
    recheck = Visit.objects.get(parent=visit)
    with pytest.raises(NotAllowed, match="逐条"):
        visits.end_without_check(
            visit=recheck, category=ResultCategory.UNREACHABLE, note="没人", photos=[a_photo(ON_SITE)], actor=actor,
            now=ON_SITE,
        )  # fmt: skip


def test_the_inspecting_organ_does_not_draw_with_itself_alone() -> None:
    cast = a_cast()
    batch = planned(cast)
    second = a_user("deputy", Role.LEADER, organ=cast.organ)
    for user in (cast.leader, second):
        party = batches.add_party(batch=batch, role=PartyRole.ORGAN, user=user, actor=actor_of(cast.clerk), now=MONDAY)
        batches.submit_commitment(party=party, commitment="ab" * 32, actor=actor_of(user), now=MONDAY)
    batches.freeze_pool(batch=batch, actor=actor_of(cast.clerk), now=MONDAY)
    with pytest.raises(NotAllowed, match="一方说了算"):
        batches.commit_batch(batch=batch, actor=actor_of(cast.clerk), now=MONDAY)


def test_a_clerk_here_who_leads_elsewhere_does_not_approve_here() -> None:
    cast = a_cast()
    batch = drawn(cast)
    RoleGrant.objects.create(user=cast.clerk, role=Role.LEADER, organ=an_organ("示例区消防救援大队", kind="fire"))
    assert selectors.may_plan(viewer(cast.clerk), batch)
    assert not selectors.may_approve(viewer(cast.clerk), batch)
    assert selectors.may_approve(viewer(cast.leader), batch)
