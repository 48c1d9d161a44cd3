"""联合, 密封, 检查码, 评价, 指导 and 空查, with the database."""

from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.exceptions import PermissionDenied
from uuid_utils.compat import uuid7

from anguan.ground.models import AuditRecord
from anguan.inspections import panels, selectors
from anguan.inspections.models import Concern, EmptyChecksExplained, JointParticipant, OrganArea, Rating, Visit
from anguan.inspections.rules import (
    Ban,
    ConcernKind,
    CountClass,
    Exclusion,
    JointAnswer,
    JointState,
    NotAllowed,
    ResultCategory,
    Trigger,
    VisitKind,
    VisitState,
    envelope_hash,
)
from anguan.inspections.rules.codes import split
from anguan.inspections.selectors import caps, oversight
from anguan.inspections.selectors.ratings import rating_summaries, rating_texts
from anguan.inspections.services import batches, guidance, joint, ratings, visits
from anguan.inspections.services.signing import published_keys, read_card
from anguan.inspections.services.visits import explaining
from anguan.inspections.tests.builders import (
    BEACON,
    MONDAY,
    Cast,
    actor_of,
    answered,
    begun,
    drawn,
    planned,
    signed,
    viewer,
)
from anguan.inspections.tests.visit_builders import TODAY, a_district, applied, approved_visit, arrived, checked
from anguan.papers.models import Paper
from anguan.papers.tests.builders import signature_image
from anguan.people.models import Competence, Officer, Organ, RoleGrant, User
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, an_officer, an_organ

pytestmark = pytest.mark.django_db
TOMORROW = MONDAY + timedelta(days=1)
DEPARTS = MONDAY + timedelta(hours=24)


def test_approval_draws_up_the_papers_and_keeps_the_use_of_the_cap() -> None:
    cast = a_district()
    visit = approved_visit(cast)
    assert visit.approval is not None
    assert visit.approval.is_issued
    assert visit.approval.body["clue"] == "12345-2026-001"
    assert [one["role"] for one in visit.approval.body["opinions"]] == ["reviewer", "approver"]
    actor = actor_of(cast.user_of(cast.officers[0]))
    started = begun(cast, visit, TOMORROW)
    with pytest.raises(NotAllowed, match="通知书"):
        visits.draft_record(visit=started, actor=actor, now=TOMORROW)
    visit = approved_visit(cast, enterprise=cast.enterprises[1], clue="2")
    visit = arrived(cast, visit, TOMORROW)
    assert visit.notice is not None
    assert visit.notice.was_served
    assert (visit.notice.body["cap_used"], visit.notice.body["cap_limit"]) == (0, 2)
    assert visits.approve_visit(visit=visit, actor=actor_of(cast.leader), now=TOMORROW).approved_at == MONDAY


def test_measures_on_the_spot_are_served_and_the_order_still_follows() -> None:
    cast = a_district()
    visit = arrived(cast, approved_visit(cast), TOMORROW)
    actor = actor_of(cast.user_of(cast.officers[0]))
    answered(cast, visit, TOMORROW, {1: "配电箱带电裸露，随时可能触电"})
    visits.draft_record(visit=visit, actor=actor, now=TOMORROW)
    signed(cast, visit, TOMORROW)
    visit = visits.issue_record(visit=visit, actor=actor, now=TOMORROW)
    with pytest.raises(NotAllowed, match="具体要求"):
        visits.draft_measures(visit=visit, measure="stop_use", requirements=[" "], actor=actor, now=TOMORROW)
    visit = visits.draft_measures(
        visit=visit, measure="stop_use", requirements=["停用一层配电箱"], actor=actor, now=TOMORROW
    )
    assert visit.paper == visit.measures
    with pytest.raises(NotAllowed, match="先出具"):
        visits.draft_order(visit=visit, actor=actor, now=TOMORROW)
    signed(cast, visit, TOMORROW)
    visits.issue_measures(visit=visit, actor=actor, now=TOMORROW)
    visit = visits.serve(
        visit=visit, method="direct", receiver="示例经理", place="现场", uid=uuid7(), image=signature_image(50),
        actor=actor, now=TOMORROW,
    )  # fmt: skip
    assert (visit.state, visit.finished_at) == (VisitState.RECORD_ISSUED, None)
    assert visit.measures is not None
    assert visits.draft_order(visit=visit, actor=actor, now=TOMORROW).state == VisitState.ORDER_DRAFTED


def test_a_refusal_has_its_reason_and_what_is_refused_never_begins() -> None:
    cast = a_district()
    visit = applied(cast)
    with pytest.raises(NotAllowed, match="理由"):
        visits.refuse_visit(visit=visit, note=" ", actor=actor_of(cast.leader), now=MONDAY)
    visit = visits.refuse_visit(visit=visit, note="已由上级检查", actor=actor_of(cast.leader), now=MONDAY)
    assert visit.state == VisitState.REFUSED
    with pytest.raises(NotAllowed):
        visits.approve_visit(visit=visit, actor=actor_of(cast.leader), now=MONDAY)
    assert not Paper.objects.exists()
    uid = uuid7()
    assert applied(cast, uid=uid).pk == applied(cast, uid=uid).pk, "the same click twice is one application"


def test_everything_that_stands_against_a_check_is_told_at_once() -> None:
    cast = a_district()
    firm = cast.enterprises[0]
    firm.address, firm.status = "外市", "cancelled"
    said = visits.objections(
        visits.Proposal(
            VisitKind.KEY, cast.organ, firm, cast.item, cast.officers[:1], Trigger.PLAN,
            CountClass.DAILY, TODAY,
        )
    )  # fmt: skip
    assert len(said) == 3
    assert "异地" in said[0]
    assert "停产" in said[1]
    assert "两名" in said[2]


def test_a_lower_organ_does_not_repeat_what_a_higher_one_checked() -> None:
    cast = a_district()
    above = an_organ("示例市应急管理局", kind="emergency")
    Organ.objects.filter(pk=cast.organ.pk).update(parent=above)
    cast.organ.refresh_from_db()
    checked(cast, cast.enterprises[0], MONDAY - timedelta(days=9), organ=above)
    with pytest.raises(NotAllowed, match="上级机关示例市应急管理局"):
        applied(cast, kind=VisitKind.KEY, trigger=Trigger.PLAN, clue="")
    assert applied(cast).state == VisitState.APPLIED, "a clue of its own is another matter"


def test_an_officer_who_keeps_finding_nothing_is_blocked_until_the_leader_explains() -> None:
    cast = a_district()
    firm, officer = cast.enterprises[0], cast.officers[0]
    for days in (90, 60, 30):
        checked(cast, firm, MONDAY - timedelta(days=days), officers=[officer], count_class="none")
    assert caps.blocked_pairs(cast.organ, TODAY) == {(officer.pk, firm.pk)}
    with pytest.raises(NotAllowed, match="负责人说明"):
        applied(cast)
    assert applied(cast, officers=cast.officers[2:4]).state == VisitState.APPLIED
    with pytest.raises(PermissionDenied):
        explaining.explain_empty_checks(
            officer=officer, enterprise=firm, reason="熟悉工艺", actor=actor_of(cast.clerk), now=MONDAY
        )
    for _again in range(2):
        explaining.explain_empty_checks(
            officer=officer, enterprise=firm, reason="熟悉工艺", actor=actor_of(cast.leader), now=MONDAY
        )
    assert EmptyChecksExplained.objects.count() == 1
    assert caps.blocked_pairs(cast.organ, TODAY) == set()
    checked(cast, firm, TOMORROW, officers=[officer], category=ResultCategory.ORDERED)
    assert caps.blocked_pairs(cast.organ, TODAY + timedelta(days=2)) == set()


def test_a_drawn_batch_is_not_approved_before_empty_checks_are_explained() -> None:
    cast = a_district(enterprises=4)
    batch = drawn(cast)
    target = batch.assignments.filter(is_alternate=False).order_by("pk")[0]
    officer = target.officers.order_by("pk")[0].officer
    for days in (90, 60, 30):
        checked(cast, target.target.enterprise, MONDAY - timedelta(days=days), officers=[officer], count_class="none")
    with pytest.raises(NotAllowed, match="负责人说明之前不能再派"):
        batches.approve_batch(batch=batch, actor=actor_of(cast.leader), now=BEACON)
    explaining.explain_empty_checks(
        officer=officer, enterprise=target.target.enterprise, reason="抽取结果", actor=actor_of(cast.leader), now=BEACON
    )
    found = batches.approve_batch(batch=batch, actor=actor_of(cast.leader), now=BEACON)
    assert all(visit.code_no and visit.cap_used == 1 for visit in found)


def test_what_is_too_often_is_marked_over_all_organs_and_a_joint_check_is_one_door() -> None:
    cast = a_district()
    other = an_organ("示例消防机构", kind="fire")
    firm = cast.enterprises[0]
    checked(cast, firm, TOMORROW, organ=other, count_class="none")
    visit = arrived(cast, approved_visit(cast), TOMORROW)
    assert visit.marks == ["day"]
    assert Concern.objects.get(visit=visit, kind=ConcernKind.TOO_OFTEN).text == "一天多于一次"


# --- 密封


def sealed(cast: Cast, **changes: Any) -> Visit:
    return approved_visit(cast, sealed=True, departs_at=DEPARTS, **changes)


def test_a_sealed_target_is_in_no_answer_until_its_team_opens_it() -> None:
    cast = a_district()
    firm = cast.enterprises[0]
    visit = sealed(cast)
    officer = cast.user_of(cast.officers[0])
    everybody = [cast.clerk, cast.leader, cast.supervisor, cast.principal, officer, cast.user_of(cast.officers[3])]

    def named() -> list[str]:
        """Where the target comes up: the lists of visits, the desk, proposals, concerns, the audit chain, papers."""
        found = []
        for user in everybody:
            who = viewer(user)
            for question in (selectors.visits_visible_to, selectors.visits_of_officer):
                found += [f"{question.__name__} {user}" for one in question(who) if one.enterprise_id == firm.pk]
            found += [f"desk {user}" for row in panels.due_for_viewer(who, TODAY) if firm.name in str(row)]
            found += [f"merge {user}" for pair in oversight.merge_proposals(who, TODAY) if visit in pair]
            found += [f"sealed {user}" for one in oversight.sealed_visits(who) if firm.name in str(one)]
            found += [f"concern {user}" for one in oversight.concerns_visible_to(who) if firm.name in one.text]
        found += [
            f"audit {record.action}"
            for record in AuditRecord.objects.filter(subject_type="inspections.visit")
            if f'"enterprise_id": {firm.pk}' in str(record.after).replace("'", '"')
            or firm.name in str(record.after)
            or firm.credit_code in str(record.after)
        ]
        return found + [f"paper {paper}" for paper in Paper.objects.filter(enterprise=firm)]

    assert named() == []
    assert firm.name not in str(visit)
    assert visit.target_hash == envelope_hash(visit.uid.hex, firm.credit_code, visit.target_salt)
    assert visit.target_hash not in {envelope_hash(visit.uid.hex, one.credit_code, "") for one in cast.enterprises}
    for early in (visits.task_code,):
        with pytest.raises(NotAllowed, match="密封"):
            early(visit=visit, now=MONDAY)
    visits.open_seal(visit=visit, actor=actor_of(officer), now=DEPARTS)
    assert [word.split()[0] for word in named() if word.startswith("visits_of_officer")] == ["visits_of_officer"]
    assert any(word.startswith("paper") for word in named()), "the approval is drawn up now"


def test_whoever_reads_or_opens_a_seal_is_listed_and_an_early_opening_is_told() -> None:
    cast = a_district()
    visit = sealed(cast)
    team, stranger = cast.user_of(cast.officers[0]), cast.user_of(cast.officers[3])
    visits.read_sealed(visit=visit, actor=actor_of(cast.leader), now=MONDAY)
    for outsider in (cast.clerk, stranger, team):
        with pytest.raises(PermissionDenied):
            visits.read_sealed(visit=visit, actor=actor_of(outsider), now=MONDAY)
    with pytest.raises(PermissionDenied):
        visits.open_seal(visit=visit, actor=actor_of(cast.leader), now=DEPARTS)
    with pytest.raises(NotAllowed, match="密封着"):
        begun(cast, visit, DEPARTS)
    with pytest.raises(NotAllowed, match="写明理由"):
        visits.open_seal(visit=visit, actor=actor_of(team), now=DEPARTS - timedelta(minutes=1))
    visits.open_seal(visit=visit, actor=actor_of(team), now=DEPARTS - timedelta(minutes=1), reason="路远")
    visits.open_seal(visit=visit, actor=actor_of(team), now=DEPARTS)
    assert [(row.kind, row.name, row.is_early) for row in visit.openings.all()] == [
        ("read", cast.leader.name, True),
        ("opened", team.name, True),
    ]
    assert Concern.objects.get(visit=visit).kind == ConcernKind.EARLY_OPENING
    visit.refresh_from_db()
    assert begun(cast, visit, DEPARTS).state == VisitState.ON_SITE


# --- 检查码


def test_a_stranger_checks_a_code_with_the_published_key_alone() -> None:
    cast = a_district()
    visit = approved_visit(cast)
    code = visits.task_code(visit=visit, now=MONDAY)
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(published_keys()[0]["public"]))
    part, card, signature = split(code)
    key.verify(signature, part)
    assert card["cap"] == "1/2"
    assert card["organ"] == cast.organ.name
    assert {certificate for _name, certificate in card["officers"]} == {
        officer.certificate_no for officer in cast.officers[:2]
    }
    assert read_card(code[:-2] + ("AA" if code[-2:] != "AA" else "BB")) is None
    for nonsense in ("", "A1", "A1.e30.", "A1.e30.AAAA", code.replace("A1.", "A2."), "A1." + "[" * 3000, "密" * 9):
        assert read_card(nonsense) is None
    firm_code = visits.enterprise_code(enterprise=cast.enterprises[0])
    assert visits.read_task_code(firm_code) is None, "one kind of code is not another"
    assert visits.read_enterprise_code(firm_code) == cast.enterprises[0]


def test_officers_scan_the_code_of_the_firm_they_go_to() -> None:
    cast = a_district()
    visit = approved_visit(cast)
    actor = actor_of(cast.user_of(cast.officers[0]))
    with pytest.raises(NotAllowed, match="另一家"):
        visits.scan_in(
            visit=visit, code=visits.enterprise_code(enterprise=cast.enterprises[1]), actor=actor, now=MONDAY
        )
    with pytest.raises(NotAllowed, match="不是本平台"):
        visits.scan_in(visit=visit, code="A1.x.y", actor=actor, now=MONDAY)
    code = visits.enterprise_code(enterprise=cast.enterprises[0])
    assert visits.scan_in(visit=visit, code=code, actor=actor, now=MONDAY).scanned_at == MONDAY
    assert visits.scan_in(visit=visit, code=code, actor=actor, now=TOMORROW).scanned_at == MONDAY


# --- 评价


def test_a_firm_rates_once_and_nothing_leads_from_the_rating_to_the_firm() -> None:
    cast = a_district()
    visit = approved_visit(cast)
    assert ratings.code_for(visit) == "", "nothing to rate yet"
    visit = arrived(cast, visit, TOMORROW)
    code = ratings.code_for(visit)
    assert ratings.code_for(visit) == code, "one visit has one code, however often somebody asks"
    ratings.rate(code=code.upper(), score=2, bans=[Ban.PROFIT], text="要求买器材", now=TOMORROW)
    with pytest.raises(NotAllowed, match="用过"):
        ratings.rate(code=code, score=5, bans=[], text="", now=TOMORROW)
    for wrong in ("", code[:-1] + ("a" if code[-1] != "a" else "b"), code.replace("-2026", "-2025"), "9" + code):
        with pytest.raises(NotAllowed, match="评价码"):
            ratings.rate(code=wrong, score=5, bans=[], text="", now=TOMORROW)
    with pytest.raises(NotAllowed, match="过期"):
        ratings.rate(code=code, score=5, bans=[], text="", now=MONDAY + timedelta(days=62))
    rating = Rating.objects.get()
    assert rating.month == date(2026, 3, 1)
    assert {field.name for field in Rating._meta.get_fields()} == {"uid", "organ", "month", "score", "bans", "text"}
    assert str(rating.uid)[14] == "4", "an id that tells no time"
    told = AuditRecord.objects.get(action="inspections.rate")
    assert (told.subject_id, told.actor_id, told.after) == ("", "", {"organ": cast.organ.pk})
    concern = Concern.objects.get()
    assert (concern.kind, concern.visit, concern.organ) == (ConcernKind.RATING, None, cast.organ)


def test_ratings_are_shown_from_five_on() -> None:
    cast = a_district()
    for number in range(4):
        Rating.objects.create(
            uid=uuid7(), organ=cast.organ, month=date(2026, 3, 1), score=4, text=f"话{number}", bans=["profit"]
        )
    assert rating_summaries(TODAY) == []
    assert rating_texts(viewer(cast.supervisor), TODAY) == []
    Rating.objects.create(uid=uuid7(), organ=cast.organ, month=date(2026, 3, 1), score=5)
    [summary] = rating_summaries(TODAY)
    assert (summary.count, summary.mean, summary.bans[0][1]) == (5, "4.2", 4)
    assert len(rating_texts(viewer(cast.supervisor), TODAY)) == 4
    assert rating_texts(viewer(cast.leader), TODAY) == []


# --- 联合


def a_partner(cast: Cast) -> tuple[Organ, User, User, list[Officer]]:
    """The fire body with its own power, area, handler, head and officers."""
    organ = an_organ("示例消防机构", kind="fire", short_name="示消")
    Competence.objects.create(
        organ=organ,
        matter="inspect",
        statute="中华人民共和国消防法",
        article="第五十三条",
        valid_from=date(2021, 4, 29),
    )
    OrganArea.objects.create(organ=organ, words="河东新区", valid_from=date(2026, 1, 1))
    handler, head = a_user("handler"), a_user("firehead", Role.LEADER, organ=organ)
    RoleGrant.objects.create(user=handler, role=Role.DEPARTMENT, organ=organ)
    officers = []
    for name in "戊己":
        user = a_user(f"fire{name}", Role.OFFICER, organ=organ)
        officers.append(an_officer(f"消防{name}", organ=organ, user=user, can_lead=True))
        cast.users[officers[-1].pk] = user
    return organ, handler, head, officers


def test_two_organs_go_through_one_door_each_with_its_own_approval_record_and_count() -> None:
    cast = a_district()
    fire, handler, head, officers = a_partner(cast)
    firm, day = cast.enterprises[0], TODAY + timedelta(days=1)
    task = joint.propose_joint(
        uid=uuid7(), title="综合体联合检查", initiator=cast.organ, enterprise=firm, visit_on=day, reason="节前联合检查",
        parts=[(cast.organ, cast.item), (fire, cast.item)], actor=actor_of(cast.clerk), now=MONDAY,
    )  # fmt: skip
    ours, theirs = task.participants.all()
    assert list(oversight.joint_parts_of(viewer(handler))) == [theirs]
    joint.accept_joint(part=ours, officers=cast.officers[:2], actor=actor_of(cast.clerk), now=MONDAY)
    mine = visits.approve_visit(visit=task.visits.get(organ=cast.organ), actor=actor_of(cast.leader), now=MONDAY)
    with pytest.raises(NotAllowed, match="等其他部门答复"):
        begun(cast, mine, TOMORROW)
    with pytest.raises(NotAllowed, match="不是本机关"):
        joint.accept_joint(part=theirs, officers=cast.officers[2:4], actor=actor_of(handler), now=MONDAY)
    joint.accept_joint(part=theirs, officers=officers, actor=actor_of(handler), now=MONDAY)
    task.refresh_from_db()
    assert task.state == JointState.SETTLED
    second = visits.approve_visit(visit=task.visits.get(organ=fire), actor=actor_of(head), now=MONDAY)
    assert (mine.cap_used, second.cap_used) == (1, 1), "each organ's own cap counts"
    with pytest.raises(NotAllowed, match="同一天"):
        begun(cast, mine, TOMORROW + timedelta(days=1))
    mine, second = arrived(cast, mine, TOMORROW), arrived(cast, second, TOMORROW)
    assert mine.marks == second.marks == [], "one door"
    assert len(caps.doors_at(firm, day)) == 1
    assert second.notice is not None
    assert second.notice.issuing_organ == fire
    assert second.notice.content is not None
    assert "消防法" in str(second.notice.content["basis"])
    with pytest.raises(NotAllowed, match="到场"):
        joint.cancel_joint(task=task, note="改期", actor=actor_of(cast.clerk), now=TOMORROW)
    category = ResultCategory.NO_PROBLEM
    for one in (mine, second):
        Visit.objects.filter(pk=one.pk).update(state=VisitState.CLOSED, category=category, finished_at=TOMORROW)
        one.refresh_from_db()
        joint.finish_joint_when_done(one, actor_of(cast.clerk), TOMORROW)
    task.refresh_from_db()
    assert task.state == JointState.DONE


def test_one_that_stays_alone_is_cancelled_and_its_check_withdrawn() -> None:
    cast = a_district()
    fire, handler, _head, _officers = a_partner(cast)
    task = joint.propose_joint(
        uid=uuid7(), title="联合检查", initiator=cast.organ, enterprise=cast.enterprises[0],
        visit_on=TODAY + timedelta(days=1), reason="节前", parts=[(cast.organ, cast.item), (fire, cast.item)],
        actor=actor_of(cast.clerk), now=MONDAY,
    )  # fmt: skip
    ours, theirs = task.participants.all()
    joint.accept_joint(part=ours, officers=cast.officers[:2], actor=actor_of(cast.clerk), now=MONDAY)
    joint.decline_joint(part=theirs, note="当天有火灾调查", actor=actor_of(handler), now=MONDAY)
    task.refresh_from_db()
    assert (task.state, task.visits.get().state) == (JointState.CANCELLED, VisitState.WITHDRAWN)
    with pytest.raises(NotAllowed, match="不再等"):
        joint.accept_joint(part=theirs, officers=[], actor=actor_of(handler), now=MONDAY)


def test_two_checks_close_together_are_proposed_to_merge_and_move_to_one_day() -> None:
    cast = a_district()
    fire, handler, head, officers = a_partner(cast)
    own = approved_visit(cast)
    other = visits.approve_visit(
        visit=applied(
            cast, organ=fire, officers=officers, visit_on=TODAY + timedelta(days=4), clue="119-1",
            actor=actor_of(handler),
        ),
        actor=actor_of(head), now=MONDAY,
    )  # fmt: skip
    assert oversight.merge_proposals(viewer(cast.clerk), TODAY) == [(own, other)]
    assert oversight.merge_proposals(viewer(handler), TODAY) == [(other, own)]
    task = joint.propose_merge(
        uid=uuid7(), own=own, other=other, visit_on=TODAY + timedelta(days=3), actor=actor_of(cast.clerk), now=MONDAY
    )
    assert oversight.merge_proposals(viewer(cast.clerk), TODAY) == [], "one is in a joint check already"
    theirs = JointParticipant.objects.get(task=task, organ=fire)
    joint.accept_joint(part=theirs, officers=[], visit=other, actor=actor_of(handler), now=MONDAY)
    assert theirs.task_id == task.pk
    assert {visit.visit_on for visit in task.visits.all()} == {TODAY + timedelta(days=3)}
    assert set(task.participants.values_list("answer", flat=True)) == {JointAnswer.ACCEPTED}


# --- 首检指导


def test_where_the_place_asks_for_guidance_the_first_check_waits_for_it() -> None:
    cast = a_district(code="510903")
    firm, second = cast.enterprises[:2]
    plan: dict[str, Any] = {"kind": VisitKind.KEY, "trigger": Trigger.PLAN, "clue": ""}
    with pytest.raises(NotAllowed, match="先做一次指导"):
        applied(cast, **plan)
    assert applied(cast).state == VisitState.APPLIED, "a clue does not wait"
    record: dict[str, Any] = {
        "organ": cast.organ, "officers": cast.officers[:1], "host": "示例经理", "explained": "讲解",
        "actor": actor_of(cast.clerk), "now": MONDAY,
    }  # fmt: skip
    with pytest.raises(NotAllowed, match="将来"):
        guidance.record_guidance(uid=uuid7(), enterprise=firm, guided_on=TODAY + timedelta(days=1), **record)
    guidance.record_guidance(uid=uuid7(), enterprise=firm, guided_on=TODAY, **record)
    assert applied(cast, **plan).state == VisitState.APPLIED
    guidance.except_from_guidance(
        organ=cast.organ, enterprise=second, reason="企业书面表示不需要", until=TODAY, actor=actor_of(cast.leader),
        now=MONDAY,
    )  # fmt: skip
    assert caps.lacking_guidance(cast.organ, TODAY) == {cast.enterprises[2].pk}
    assert applied(cast, enterprise=second, visit_on=TODAY, **plan).state == VisitState.APPLIED


def test_a_pool_leaves_out_who_was_not_guided_for_some_months_and_no_longer() -> None:
    from anguan.inspections.services import batches

    cast = a_district(code="510903")
    batch = batches.freeze_pool(batch=planned(cast), actor=actor_of(cast.clerk), now=MONDAY)
    assert set(batch.pool.values_list("exclusion", flat=True)) == {Exclusion.NO_GUIDANCE}
    assert selectors.exclusion_counts(batch) == {Exclusion.NO_GUIDANCE: 3}
    assert len(caps.lacking_guidance(cast.organ, date(2026, 9, 1))) == 3
    assert caps.lacking_guidance(cast.organ, date(2026, 9, 2)) == set(), "six months later they are drawn all the same"
