"""记录: drafted from the answers, signed by all, issued; what does not conform becomes a hazard."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.checklists.rules import HazardLevel
from anguan.ground import clock, evidence
from anguan.ground.access import Actor
from anguan.ground.photos import Photo
from anguan.hazards import services as hazards
from anguan.inspections.models import Answer, Visit
from anguan.inspections.rules import (
    NotAllowed,
    Outcome,
    VisitAction,
    VisitKind,
    VisitState,
    advance_visit,
    category_of,
    check_all_decided,
    check_all_seen,
    missing_numbers,
)
from anguan.inspections.rules.records import Finding, Picture, Recheck, recheck_opinion, site_record
from anguan.inspections.selectors import (
    answers_of,
    bases_of,
    hazards_to_recheck,
    revisits_left,
    team_of,
    undecided_opinions,
)
from anguan.inspections.services.visits.acting import check_approved, locked, officer_on, told
from anguan.inspections.services.visits.paperwork import check_notified
from anguan.inspections.services.visits.results import close, finish
from anguan.papers import services as papers
from anguan.papers.models import Paper
from anguan.people.models import Officer
from anguan.people.rules import Matter

# What a hazard's photo is called after: the same picture becomes evidence of the hazard under a second id.
_HAZARD_PHOTO = UUID("5b1f3a7e-3a51-4f0c-9b62-1d9a0f6c7e11")


@transaction.atomic
def draft_record(*, visit: Visit, actor: Actor, now: datetime) -> Visit:
    """生成记录: the 现场检查记录 from the answers, or on a recheck the 整改复查意见书; nothing is typed again."""
    visit = locked(visit)
    officer_on(visit, actor)
    check_approved(visit)
    state = advance_visit(VisitState(visit.state), VisitAction.DRAFT_RECORD)
    check_notified(visit)
    check_all_seen(revisits_left(visit))
    form, body = record_of(visit, now)
    visit.record = papers.draft_paper(
        form=form,
        enterprise=visit.enterprise,
        handling_organ=visit.organ,
        body=body,
        answers=visit.parent.order if visit.parent else None,
        actor=actor,
        now=now,
    )
    visit.state = state
    visit.save(update_fields=["record", "state"])
    told(visit, "inspections.draft_record", VisitState.ON_SITE, actor, now)
    return visit


def record_of(visit: Visit, ended_at: datetime) -> tuple[str, dict[str, Any]]:
    """The form of a visit's record and what it says as of now; refuses while an answer is missing."""
    answers = answers_of(visit)
    if visit.kind == VisitKind.RECHECK:
        form, body = "recheck_opinion", _recheck_body(visit, answers, ended_at)
    else:
        form, body = "site_record", _record_body(visit, answers, ended_at)
    bases = bases_of(visit.organ, Matter.INSPECT, clock.local_day(ended_at))
    # Only where the form's own basis does not suit.
    return form, {**body, "legal_basis": bases} if bases else body


def _record_body(visit: Visit, answers: list[Answer], ended_at: datetime) -> dict[str, Any]:
    numbers = visit.checklist.items.values_list("number", flat=True)
    missing = missing_numbers(numbers, [answer.item.number for answer in answers if answer.item])
    if missing:
        raise NotAllowed(
            _("还有 %(count)d 项没有检查（第 %(numbers)s 项），请逐项选择符合、不符合或不适用。")
            % {"count": len(missing), "numbers": "、".join(map(str, missing))}
        )
    assert visit.started_at is not None
    return site_record(
        checklist=visit.checklist.title,
        version=visit.checklist.version,
        place=visit.enterprise.address,
        attendant=visit.host,
        started_at=visit.started_at,
        ended_at=ended_at,
        findings=[
            Finding(
                number=answer.item.number,
                outcome=Outcome(answer.outcome),
                note=answer.note,
                place=answer.place,
                violation_basis=answer.item.violation_basis,
                pictures=[Picture(photo.taken_at, photo.sha256) for photo in evidence.of(answer)],
            )
            for answer in answers
            if answer.item is not None
        ],
    )


def _recheck_body(visit: Visit, answers: list[Answer], ended_at: datetime) -> dict[str, Any]:
    decided = {answer.hazard_id: answer for answer in answers}
    rows = []
    for hazard in hazards_to_recheck(visit):
        answer = decided.get(hazard.pk)
        if answer is None:
            raise NotAllowed(_("还有隐患没有复查：%(hazard)s") % {"hazard": hazard.description})
        is_rectified = answer.outcome == Outcome.CONFORMS
        if is_rectified and hazard.state != "reported":
            raise NotAllowed(
                _("企业还没有报告这条隐患整改完成，不能记为已整改：%(hazard)s") % {"hazard": hazard.description}
            )
        rows.append(Recheck(hazard.description, is_rectified, answer.note))
    if not rows:
        raise NotAllowed(_("这次复查的隐患都在移送其他机关，受理或退回之前没有可以复查的。"))
    return recheck_opinion(checked_at=ended_at, rows=rows)


@transaction.atomic
def correct_record(*, visit: Visit, reason: str, actor: Actor, now: datetime) -> Visit:
    """退回修改: the draft is voided with its reason, and answers can be changed again."""
    visit = locked(visit)
    officer_on(visit, actor)
    state = advance_visit(VisitState(visit.state), VisitAction.CORRECT_RECORD)
    assert visit.record is not None
    papers.void_paper(paper=visit.record, reason=reason, actor=actor, now=now)
    visit.record = None
    visit.state = state
    visit.save(update_fields=["record", "state"])
    told(visit, "inspections.correct_record", VisitState.RECORD_DRAFTED, actor, now)
    return visit


@transaction.atomic
def sign_as_officer(*, visit: Visit, officer: Officer, uid: UUID, image: bytes, actor: Actor, now: datetime) -> None:
    """执法人员签名 under the paper in hand: only the officers who were there."""
    visit = locked(visit)
    officer_on(visit, actor)
    if not visit.officers.filter(officer=officer, arrived_at__isnull=False).exists():
        raise NotAllowed(_("只有到场的执法人员可以签名。"))
    papers.sign_paper(
        paper=_paper_in_hand(visit),
        party="officer",
        name=officer.name,
        certificate_no=officer.certificate_no,
        image=image,
        uid=uid,
        actor=actor,
        now=now,
    )


@transaction.atomic
def sign_as_enterprise(
    *,
    visit: Visit,
    uid: UUID,
    name: str,
    image: bytes | None,
    actor: Actor,
    now: datetime,
    refused: bool = False,
    note: str = "",
) -> None:
    """被检查单位签名 under the paper in hand, or the note that it refused (安全生产法 art. 68)."""
    visit = locked(visit)
    officer_on(visit, actor)
    papers.sign_paper(
        paper=_paper_in_hand(visit),
        party="enterprise",
        name=name,
        image=image,
        refused=refused,
        note=note,
        uid=uid,
        actor=actor,
        now=now,
    )


def _paper_in_hand(visit: Visit) -> Paper:
    if visit.paper is None:
        raise NotAllowed(_("还没有可以签名的文书，请先生成记录。"))
    return visit.paper


@transaction.atomic
def issue_record(*, visit: Visit, actor: Actor, now: datetime) -> Visit:
    """出具记录: the record gets its number, and what does not conform becomes a hazard.

    Without a hazard the visit is over. On a recheck what was rectified is verified and closed, the rest goes back.
    """
    visit = locked(visit)
    officer_on(visit, actor)
    check_approved(visit)
    state = advance_visit(VisitState(visit.state), VisitAction.ISSUE_RECORD)
    check_all_decided(undecided_opinions(visit))
    assert visit.record is not None
    if not visit.record.is_issued:  # the office may have issued it meanwhile
        visit.record = papers.issue_paper(paper=visit.record, actor=actor, now=now)
    visit.state = state
    visit.save(update_fields=["state"])
    told(visit, "inspections.issue_record", VisitState.RECORD_DRAFTED, actor, now)
    answers = answers_of(visit)
    if visit.kind == VisitKind.RECHECK:
        _decide_hazards(visit, answers, actor, now)
        return visit
    failures = [answer for answer in answers if answer.outcome == Outcome.FAILS]
    for answer in failures:
        _make_hazard(visit, answer, actor, now)
    if not failures:
        close(visit, actor, now)
        finish(visit, category_of(Outcome(answer.outcome) for answer in answers), actor, now)
    return visit


def _make_hazard(visit: Visit, answer: Answer, actor: Actor, now: datetime) -> None:
    assert answer.item is not None
    photos = [
        Photo(
            uid=uuid5(_HAZARD_PHOTO, photo.uid.hex),
            data=evidence.read(photo.sha256),
            taken_at=photo.taken_at,
            clock_offset_ms=photo.clock_offset_ms,
            latitude=photo.latitude,
            longitude=photo.longitude,
            accuracy_m=photo.accuracy_m,
            name=photo.name,
        )
        for photo in evidence.of(answer)
    ]
    hazard = hazards.find_hazard(
        # The answer's own id: whatever is repeated, one answer makes one hazard.
        uid=answer.uid,
        enterprise=visit.enterprise,
        source="inspection",
        description=answer.note,
        place=answer.place,
        level=answer.level,
        criterion=answer.criterion,
        checklist_item=answer.item,
        visit_uid=visit.uid,
        organ=visit.organ,
        photos=photos,
        actor=actor,
        now=now,
    )
    if answer.due_on is not None and answer.due_on != hazard.due_on:
        hazard = hazards.set_deadline(hazard=hazard, due_on=answer.due_on, actor=actor, now=now)
    answer.hazard = hazard
    answer.save(update_fields=["hazard"])


def _decide_hazards(visit: Visit, answers: list[Answer], actor: Actor, now: datetime) -> None:
    team = [row.officer for row in team_of(visit) if row.arrived_at]
    for answer in answers:
        assert answer.hazard is not None
        hazard = answer.hazard
        if hazard.state != "reported":
            continue
        is_rectified = answer.outcome == Outcome.CONFORMS
        hazard = hazards.verify_rectification(
            hazard=hazard,
            accepted=is_rectified,
            officers=team,
            reason=answer.note,
            paper=visit.record,
            actor=actor,
            now=now,
        )
        if is_rectified and hazard.level != HazardLevel.MAJOR:
            # A major hazard is closed by somebody else than its finder, on the hazard's own page.
            hazards.close_hazard(hazard=hazard, reason=str(visit.record), actor=actor, now=now)
