"""A visit whose hazards were withdrawn or handed over is over: nobody waits for what nobody will do."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from uuid_utils.compat import uuid7

from anguan.ground.access import Actor
from anguan.ground.models import AuditRecord
from anguan.hazards import services as hazards
from anguan.hazards.models import Hazard, Transfer
from anguan.inspections.models import Publication, Visit
from anguan.inspections.panels import due_for_viewer
from anguan.inspections.rules import NotAllowed, ResultCategory, VisitState
from anguan.inspections.selectors import hazards_to_recheck, rechecks_called_off
from anguan.inspections.services import visits
from anguan.inspections.tests.builders import (
    BEACON,
    Cast,
    a_cast,
    a_photo,
    actor_of,
    answered,
    approved,
    begun,
    signed,
    team,
    viewer,
)
from anguan.papers.services import void_paper
from anguan.papers.tests.builders import signature_image
from anguan.people.models import Organ, User
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, an_organ, logged_in
from anguan.registry.models import Membership

pytestmark = pytest.mark.django_db

ON_SITE = BEACON + timedelta(days=1)
LATER = ON_SITE + timedelta(days=1)


def recorded(cast: Cast) -> tuple[Visit, Actor, Hazard, Hazard]:
    """A visit with its record issued, and the two hazards in it."""
    visit = begun(cast, approved(cast)[0], ON_SITE)
    _, actor = team(cast, visit)
    answered(cast, visit, ON_SITE, {2: "二层东侧安全出口用铁链锁住", 14: "两家餐饮没有可燃气体报警装置"})
    visits.draft_record(visit=visit, actor=actor, now=ON_SITE)
    signed(cast, visit, ON_SITE)
    visits.issue_record(visit=visit, actor=actor, now=ON_SITE)
    Membership.objects.get_or_create(
        user=cast.principal, enterprise=visit.enterprise, role="principal", defaults={"since": date(2026, 1, 1)}
    )
    first, second = Hazard.objects.filter(visit_uid=visit.uid).order_by("pk")
    return visit, actor, first, second


def ordered(cast: Cast, visit: Visit, actor: Actor) -> None:
    visits.draft_order(visit=visit, actor=actor, now=ON_SITE)
    signed(cast, visit, ON_SITE)
    visits.issue_order(visit=visit, actor=actor, now=ON_SITE)
    visits.serve(
        visit=visit, method="direct", receiver="示例经理", place="现场", uid=uuid7(), image=signature_image(50),
        actor=actor, now=ON_SITE,
    )  # fmt: skip


def reported(cast: Cast, hazard: Hazard) -> None:
    hazards.report_rectification(
        hazard=hazard, uid=uuid7(), description="已整改", photos=[a_photo(LATER, hazard.pk)],
        actor=actor_of(cast.principal), now=LATER,
    )  # fmt: skip


def withdrawn(cast: Cast, hazard: Hazard) -> None:
    objection = hazards.file_objection(
        hazard=hazard, uid=uuid7(), reason="当时正在检修", actor=actor_of(cast.principal), now=LATER
    )
    hazards.decide_objection(
        objection=objection, withdraw=True, decision="认定有误", actor=actor_of(cast.leader), now=LATER
    )


def a_brigade() -> tuple[Organ, User]:
    brigade = an_organ("示例区消防救援大队", kind="fire")
    return brigade, a_user("brigade", Role.LEADER, organ=brigade)


def sent(cast: Cast, hazard: Hazard, brigade: Organ, actor: Actor) -> Transfer:
    transfer = hazards.propose_transfer(
        hazard=hazard, uid=uuid7(), to_organ=brigade, reason="由消防救援机构处理", actor=actor, now=ON_SITE
    )
    return hazards.decide_transfer(transfer=transfer, approved=True, actor=actor_of(cast.leader), now=ON_SITE)


def accepted(cast: Cast, hazard: Hazard, brigade: tuple[Organ, User], actor: Actor) -> None:
    transfer = sent(cast, hazard, brigade[0], actor)
    theirs = actor_of(brigade[1])
    transfer = hazards.receive_transfer(transfer=transfer, actor=theirs, now=ON_SITE)
    hazards.answer_transfer(transfer=transfer, accepted=True, reason="", actor=theirs, now=ON_SITE)


def state_of(visit: Visit) -> str:
    return Visit.objects.get(pk=visit.pk).state


def test_a_visit_closes_when_its_last_finding_is_withdrawn_and_so_does_the_recheck_that_was_planned() -> None:
    cast = a_cast()
    visit, actor, first, second = recorded(cast)
    ordered(cast, visit, actor)
    reported(cast, first)
    recheck = Visit.objects.get(parent=visit)
    withdrawn(cast, second)
    assert hazards_to_recheck(recheck) == [first]
    assert state_of(visit) == VisitState.ORDERED
    officers, _ = team(cast, visit)
    hazards.verify_rectification(hazard=first, accepted=True, officers=officers, actor=actor, now=LATER)
    assert state_of(visit) == VisitState.ORDERED, "verified is not closed"
    hazards.close_hazard(hazard=first, actor=actor, now=LATER)
    assert state_of(visit) == state_of(recheck) == VisitState.CLOSED


def test_a_visit_closes_with_a_withdrawal_alone() -> None:
    cast = a_cast()
    visit, actor, first, second = recorded(cast)
    ordered(cast, visit, actor)
    withdrawn(cast, first)
    assert state_of(visit) == VisitState.ORDERED
    withdrawn(cast, second)
    assert state_of(visit) == VisitState.CLOSED
    # What was published of the check is decided on its own page, not here.
    assert Publication.objects.get(visit=visit).category == ResultCategory.ORDERED


def test_what_another_organ_accepted_is_neither_ordered_nor_seen_again_here() -> None:
    cast = a_cast()
    visit, actor, first, second = recorded(cast)
    brigade = a_brigade()
    accepted(cast, first, brigade, actor)
    assert state_of(visit) == VisitState.RECORD_ISSUED
    ordered(cast, visit, actor)
    order = Visit.objects.get(pk=visit.pk).order
    assert order is not None
    assert [row["hazard_uid"] for row in order.body["problems"]] == [str(second.uid)]
    reported(cast, second)
    assert hazards_to_recheck(Visit.objects.get(parent=visit)) == [second]
    officers, _ = team(cast, visit)
    hazards.verify_rectification(hazard=second, accepted=True, officers=officers, actor=actor, now=LATER)
    hazards.close_hazard(hazard=second, actor=actor, now=LATER)
    assert state_of(visit) == VisitState.CLOSED
    assert Hazard.objects.get(pk=first.pk).state == "classified", "the other organ goes on with it"


def test_a_visit_whose_hazards_were_all_handed_over_closes_without_an_order() -> None:
    cast = a_cast()
    visit, actor, first, second = recorded(cast)
    brigade = a_brigade()
    accepted(cast, first, brigade, actor)
    transfer = sent(cast, second, brigade[0], actor)
    assert state_of(visit) == VisitState.RECORD_ISSUED, "it may still come back"
    with pytest.raises(NotAllowed, match="没有需要责令整改"):
        visits.draft_order(visit=visit, actor=actor, now=ON_SITE)
    transfer = hazards.receive_transfer(transfer=transfer, actor=actor_of(brigade[1]), now=ON_SITE)
    hazards.answer_transfer(transfer=transfer, accepted=True, reason="", actor=actor_of(brigade[1]), now=ON_SITE)
    assert state_of(visit) == VisitState.CLOSED
    assert Publication.objects.get(visit=visit).category == ResultCategory.PENDING


def test_an_order_drafted_meanwhile_is_voided_and_the_visit_goes_on_without_it() -> None:
    cast = a_cast()
    visit, actor, first, second = recorded(cast)
    visit = visits.draft_order(visit=visit, actor=actor, now=ON_SITE)
    brigade = a_brigade()
    for hazard in (first, second):
        accepted(cast, hazard, brigade, actor)
    assert state_of(visit) == VisitState.ORDER_DRAFTED
    assert visit.order is not None
    void_paper(paper=visit.order, reason="隐患已全部移送", actor=actor_of(cast.leader), now=ON_SITE)
    assert state_of(visit) == VisitState.CLOSED


def test_what_the_other_organ_returns_after_the_order_is_ordered_by_the_same_visit() -> None:
    cast = a_cast()
    visit, actor, first, second = recorded(cast)
    brigade = a_brigade()
    transfer = sent(cast, first, brigade[0], actor)
    ordered(cast, visit, actor)
    assert state_of(visit) == VisitState.ORDERED
    theirs = actor_of(brigade[1])
    transfer = hazards.receive_transfer(transfer=transfer, actor=theirs, now=LATER)
    hazards.answer_transfer(transfer=transfer, accepted=False, reason="不属消防职责", actor=theirs, now=LATER)
    assert state_of(visit) == VisitState.RECORD_ISSUED
    again = visits.draft_order(visit=Visit.objects.get(pk=visit.pk), actor=actor, now=LATER)
    assert again.order is not None
    assert [row["hazard_uid"] for row in again.order.body["problems"]] == [str(first.uid)]
    assert Hazard.objects.get(pk=second.pk).state == "rectifying"


def rechecking(cast: Cast, visit: Visit, actor: Actor) -> Visit:
    """The recheck of the first hazard, its officers on the spot."""
    recheck = Visit.objects.get(parent=visit)
    officers, _ = team(cast, recheck)
    return visits.start_visit(visit=recheck, present=[one.pk for one in officers], actor=actor, now=LATER)


def test_a_recheck_under_way_is_called_off_when_its_last_hazard_is_withdrawn() -> None:
    cast = a_cast()
    visit, actor, first, second = recorded(cast)
    ordered(cast, visit, actor)
    reported(cast, first)
    recheck = rechecking(cast, visit, actor)
    visits.answer_hazard(visit=recheck, hazard=first, uid=uuid7(), is_rectified=True, actor=actor, now=LATER)
    visits.answer_hazard(
        visit=recheck, hazard=second, uid=uuid7(), is_rectified=False, note="还差报警装置", actor=actor, now=LATER
    )
    recheck = visits.draft_record(visit=recheck, actor=actor, now=LATER)
    officers, _ = team(cast, visit)
    hazards.verify_rectification(hazard=first, accepted=True, officers=officers, actor=actor, now=LATER)
    hazards.close_hazard(hazard=first, actor=actor, now=LATER)
    assert state_of(recheck) == VisitState.RECORD_DRAFTED, "one hazard is left to look at"
    withdrawn(cast, second)
    assert state_of(recheck) == state_of(visit) == VisitState.CLOSED
    ended = Visit.objects.get(pk=recheck.pk)
    assert ended.was_called_off
    assert ended.note == "没有可以复查的隐患，复查终止：1条已销号，1条认定已撤销"
    assert ended.category == "", "nothing was found, so nothing is a result"
    assert ended.record is not None
    assert ended.record.void_reason == ended.note
    told = AuditRecord.objects.get(action="inspections.call_off_recheck")
    assert told.after is not None
    assert (told.before, told.after["note"]) == ({"state": "record_drafted"}, ended.note)
    with pytest.raises(NotAllowed, match="已经办结"):
        visits.answer_hazard(visit=ended, hazard=first, uid=uuid7(), is_rectified=True, actor=actor, now=LATER)
    officer = viewer(cast.user_of(team(cast, recheck)[0][0]))
    assert list(rechecks_called_off(officer, LATER)) == [ended]
    assert not rechecks_called_off(officer, LATER + timedelta(seconds=1)).exists()
    rows = [row.asked for row in due_for_viewer(officer, LATER.date())]
    assert "复查已经终止，不用再去" in rows
    page = logged_in(cast.user_of(team(cast, recheck)[0][0])).get(
        reverse("inspections_phone:visit", args=[recheck.uid])
    )
    assert ended.note in page.content.decode()


def test_a_recheck_under_way_waits_for_a_transfer_to_be_answered_and_writes_nothing_meanwhile() -> None:
    cast = a_cast()
    visit, actor, first, second = recorded(cast)
    ordered(cast, visit, actor)
    reported(cast, first)
    withdrawn(cast, second)
    recheck = rechecking(cast, visit, actor)
    Hazard.objects.filter(pk=first.pk).update(state="transferred")
    with pytest.raises(NotAllowed, match="都在移送其他机关"):
        visits.draft_record(visit=recheck, actor=actor, now=LATER)
    visits.close_when_rectified(visit_uid=visit.uid, actor=actor, now=LATER)
    assert state_of(recheck) == VisitState.ON_SITE
    Hazard.objects.filter(pk=first.pk).update(state="classified", organ=a_brigade()[0])
    visits.close_when_rectified(visit_uid=visit.uid, actor=actor, now=LATER)
    assert state_of(recheck) == state_of(visit) == VisitState.CLOSED
    assert Visit.objects.get(pk=recheck.pk).note == "没有可以复查的隐患，复查终止：1条已由其他机关受理，1条认定已撤销"
