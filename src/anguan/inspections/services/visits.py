"""检查, from the task code to the published result. Papers and hazards are their own rooms; this one says when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from anguan.checklists.models import ChecklistItem
from anguan.checklists.rules import HazardLevel
from anguan.core import periods
from anguan.core.periods import Period
from anguan.ground import audit, clock, evidence
from anguan.ground.access import Actor
from anguan.ground.calendars.selectors import current_calendar
from anguan.ground.events import publish
from anguan.ground.photos import Photo, keep_photos
from anguan.ground.rules.selectors import rule
from anguan.hazards import services as hazards
from anguan.hazards.models import Hazard
from anguan.inspections.events import ResultPublished, VisitFinished
from anguan.inspections.models import Answer, Publication, Visit, VisitOfficer
from anguan.inspections.rules import (
    TASK_CODE_VALID_FOR,
    WITHOUT_CHECK,
    NotAllowed,
    Outcome,
    ResultCategory,
    VisitAction,
    VisitKind,
    VisitState,
    advance_visit,
    category_of,
    check_on_site,
    check_present_certified,
    check_team,
    missing_numbers,
    suggested_due,
)
from anguan.inspections.selectors import answers_of, team_of
from anguan.inspections.services.batches import finish_batch_when_done
from anguan.papers import services as papers
from anguan.papers.models import Paper
from anguan.people.models import Officer

_SIGNER = "anguan.inspections.task-code"
# What a hazard's photo is called after: the same picture becomes evidence of the hazard under a second id.
_HAZARD_PHOTO = UUID("5b1f3a7e-3a51-4f0c-9b62-1d9a0f6c7e11")
RESULT_RULE = "D21"
RECHECK_RULE = "D22"


# --- 任务码


@dataclass(frozen=True)
class TaskCode:
    """任务码, as read: the visit it names and until when it counts."""

    visit_uid: UUID
    valid_until: datetime

    def is_valid(self, now: datetime) -> bool:
        """Whether it still counts."""
        return now <= self.valid_until


def task_code(*, visit: Visit, now: datetime) -> str:
    """任务码: a signed text that names the visit and lapses; it can be checked without asking anybody."""
    until = int((now + TASK_CODE_VALID_FOR).timestamp())
    return signing.Signer(salt=_SIGNER, sep="~").sign_object([visit.uid.hex, until])


def read_task_code(code: str) -> TaskCode | None:
    """What a task code says; None for anything that we did not sign."""
    try:
        visit_uid, until = signing.Signer(salt=_SIGNER, sep="~").unsign_object(code)
        return TaskCode(UUID(hex=visit_uid), datetime.fromtimestamp(until, clock.CHINA))
    except (signing.BadSignature, ValueError, TypeError):
        return None


# --- 到场


@transaction.atomic
def start_visit(
    *,
    visit: Visit,
    present: Collection[int],
    actor: Actor,
    now: datetime,
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
    accuracy_m: int | None = None,
    host: str = "",
) -> Visit:
    """到场签到: the drawn officers are there, two or more, each certified today. `present` are ids of officers.

    Safe to repeat: a visit that has begun stays as it began. Without a position it is recorded as without one.
    """
    visit = _locked(visit)
    me = _officer_on(visit, actor)
    if visit.state == VisitState.ON_SITE:
        return visit
    state = advance_visit(VisitState(visit.state), VisitAction.START)
    team = team_of(visit)
    today = clock.local_day(now)
    if me.pk not in present:
        raise NotAllowed(_("签到的人自己须在现场。"))
    check_team(
        assigned=[row.officer_id for row in team],
        present=present,
        certified=[row.officer_id for row in team if row.officer.is_certified_on(today)],
    )
    visit.state = state
    visit.started_at = now
    visit.latitude, visit.longitude, visit.accuracy_m = latitude, longitude, accuracy_m
    visit.host = host.strip()[:60]
    visit.save(update_fields=["state", "started_at", "latitude", "longitude", "accuracy_m", "host"])
    visit.officers.filter(officer__in=present).update(arrived_at=now)
    audit.record(
        actor=actor,
        action="inspections.start_visit",
        subject=visit,
        now=now,
        before={"state": VisitState.APPROVED},
        after={
            **audit.snapshot(visit, "state", "started_at", "latitude", "longitude", "accuracy_m"),
            "present": sorted(present),
        },
    )
    return visit


@transaction.atomic
def end_without_check(
    *, visit: Visit, category: ResultCategory, note: str, photos: Sequence[Photo], actor: Actor, now: datetime
) -> Visit:
    """未能检查: nobody to be found, no such business, or entry refused; told with a note and a photo."""
    visit = _locked(visit)
    me = _officer_on(visit, actor)
    state = advance_visit(VisitState(visit.state), VisitAction.CLOSE)
    if visit.kind != VisitKind.DRAWN:
        raise NotAllowed(_("复查要逐条看隐患，不能按未能检查办结。"))
    check_present_certified(is_certified=me.is_certified_on(clock.local_day(now)))
    if visit.state != VisitState.APPROVED or category not in WITHOUT_CHECK:
        raise NotAllowed(_("已经到场开始的检查要检查完，不能按未能检查办结。"))
    if not note.strip() or not photos:
        raise NotAllowed(_("请写明情况并拍一张现场照片，作为未能检查的凭据。"))
    keep_photos(photos, owner=visit, actor=actor, now=now)
    visit.note = note.strip()[:500]
    visit.state, visit.closed_at = state, now
    visit.save(update_fields=["note", "state", "closed_at"])
    _finish(visit, category, actor, now)
    return visit


# --- 逐项检查


@transaction.atomic
def answer_item(
    *,
    visit: Visit,
    item: ChecklistItem,
    uid: UUID,
    outcome: Outcome,
    actor: Actor,
    now: datetime,
    note: str = "",
    place: str = "",
    level: str = "",
    criterion: str = "",
    due_on: date | None = None,
    photos: Sequence[Photo] = (),
) -> Answer:
    """记录检查项结果: idempotent on `uid`; another answer to the same item takes the place of the earlier one.

    A failure says what was seen; level and term are filled in from the checklist where the officer left them.
    """
    visit = _locked(visit)
    _officer_on(visit, actor)
    known = _known_answer(visit, uid)
    if known is not None:
        keep_photos(photos, owner=known, actor=actor, now=now)
        return known
    check_on_site(VisitState(visit.state))
    if visit.kind != VisitKind.DRAWN or item.checklist_id != visit.checklist_id:
        raise NotAllowed(_("这一项不在本次检查的检查表里。"))
    note, place = note.strip(), place.strip()
    if outcome is Outcome.FAILS:
        if not note:
            raise NotAllowed(_("不符合的，请写明看到了什么。"))
        level = level or item.hazard_level
        due_on = due_on or suggested_due(clock.local_day(now), item.suggested_days)
        # Refused here and not when the record is issued: by then everybody has signed.
        hazards.check_finding(level=level, criterion=criterion, due_on=due_on, place=place, now=now)
    else:
        level, criterion, due_on = "", "", None
    answer = visit.answers.filter(item=item).first() or Answer(visit=visit, item=item)
    return _keep_answer(
        answer,
        {
            "outcome": outcome,
            "note": note,
            "place": place,
            "level": HazardLevel(level) if level else "",
            "criterion": criterion.strip(),
            "due_on": due_on,
        },
        uid,
        photos,
        actor,
        now,
    )


@transaction.atomic
def answer_hazard(
    *,
    visit: Visit,
    hazard: Hazard,
    uid: UUID,
    is_rectified: bool,
    actor: Actor,
    now: datetime,
    note: str = "",
    photos: Sequence[Photo] = (),
) -> Answer:
    """复查一条隐患: what two officers see of it now; it takes effect when the 整改复查意见书 is issued."""
    visit = _locked(visit)
    _officer_on(visit, actor)
    known = _known_answer(visit, uid)
    if known is not None:
        keep_photos(photos, owner=known, actor=actor, now=now)
        return known
    check_on_site(VisitState(visit.state))
    if visit.parent is None or hazard.visit_uid != visit.parent.uid:
        raise NotAllowed(_("这条隐患不是本次复查的对象。"))
    note = note.strip()
    if not is_rectified and not note:
        raise NotAllowed(_("没有整改到位的，请写明还差什么。"))
    answer = visit.answers.filter(hazard=hazard).first() or Answer(visit=visit, hazard=hazard)
    outcome = Outcome.CONFORMS if is_rectified else Outcome.FAILS
    return _keep_answer(answer, {"outcome": outcome, "note": note}, uid, photos, actor, now)


def _known_answer(visit: Visit, uid: UUID) -> Answer | None:
    answer = Answer.objects.filter(uid=uid).first()
    if answer is None:
        # An answer that was replaced meanwhile: the phone sent it twice, and the newer one stands.
        return visit.answers.filter(replaced__contains=[uid]).first()
    if answer.visit_id != visit.pk:
        raise NotAllowed(_("这个编号已经用在另一次检查上，请重新填写。"))
    return answer


def _keep_answer(
    answer: Answer, values: dict[str, Any], uid: UUID, photos: Sequence[Photo], actor: Actor, now: datetime
) -> Answer:
    before = audit.snapshot(answer, *values) if answer.pk else None
    if answer.pk:
        answer.replaced = [*answer.replaced, answer.uid]
    for name, value in values.items():
        setattr(answer, name, value)
    answer.uid = uid
    answer.answered_at = now
    answer.answered_by_id = actor.id
    answer.answered_by_name = actor.name
    answer.save()
    kept = keep_photos(photos, owner=answer, actor=actor, now=now)
    audit.record(
        actor=actor,
        action="inspections.answer",
        subject=answer,
        now=now,
        before=before,
        after={**audit.snapshot(answer, "item_id", "hazard_id", *values), "photos": [photo.sha256 for photo in kept]},
    )
    return answer


# --- 记录


@transaction.atomic
def draft_record(*, visit: Visit, actor: Actor, now: datetime) -> Visit:
    """生成记录: the 现场检查记录 from the answers, or on a recheck the 整改复查意见书; nothing is typed again."""
    visit = _locked(visit)
    _officer_on(visit, actor)
    state = advance_visit(VisitState(visit.state), VisitAction.DRAFT_RECORD)
    answers = answers_of(visit)
    if visit.kind == VisitKind.RECHECK:
        form, body = "recheck_opinion", _recheck_body(visit, answers, now)
    else:
        form, body = "site_record", _record_body(visit, answers, now)
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
    _told(visit, "inspections.draft_record", VisitState.ON_SITE, actor, now)
    return visit


def _record_body(visit: Visit, answers: list[Answer], now: datetime) -> dict[str, Any]:
    numbers = visit.checklist.items.values_list("number", flat=True)
    missing = missing_numbers(numbers, [answer.item.number for answer in answers if answer.item])
    if missing:
        raise NotAllowed(
            _("还有 %(count)d 项没有检查（第 %(numbers)s 项），请逐项选择符合、不符合或不适用。")
            % {"count": len(missing), "numbers": "、".join(map(str, missing))}
        )
    assert visit.started_at is not None
    counts = {outcome: sum(answer.outcome == outcome for answer in answers) for outcome in Outcome}
    # The paper speaks Chinese whatever language the officer's page is in.
    findings = [
        f"按《{visit.checklist.title}》（{visit.checklist.version}）检查 {len(answers)} 项："
        f"符合 {counts[Outcome.CONFORMS]} 项，不符合 {counts[Outcome.FAILS]} 项，"
        f"不适用 {counts[Outcome.NOT_APPLICABLE]} 项。"
    ]
    for answer in answers:
        if answer.outcome == Outcome.FAILS:
            assert answer.item is not None
            findings.append(f"{answer.item.number}. {_where(answer)}（{answer.item.violation_basis}）")
    if not counts[Outcome.FAILS]:
        findings.append("未发现问题。")
    return {
        "place": visit.enterprise.address,
        "attendant": visit.host,
        "started_at": _local(visit.started_at),
        "ended_at": _local(now),
        "findings": findings,
        "photos": [
            {"taken_at": _local(photo.taken_at), "sha256": photo.sha256}
            for answer in answers
            for photo in evidence.of(answer)
        ],
    }


def _recheck_body(visit: Visit, answers: list[Answer], now: datetime) -> dict[str, Any]:
    decided = {answer.hazard_id: answer for answer in answers}
    items = []
    for number, hazard in enumerate(hazards_to_recheck(visit), start=1):
        answer = decided.get(hazard.pk)
        if answer is None:
            raise NotAllowed(_("还有隐患没有复查：%(hazard)s") % {"hazard": hazard.description})
        is_rectified = answer.outcome == Outcome.CONFORMS
        if is_rectified and hazard.state != "reported":
            raise NotAllowed(
                _("企业还没有报告这条隐患整改完成，不能记为已整改：%(hazard)s") % {"hazard": hazard.description}
            )
        items.append(
            {
                "no": number,
                "text": hazard.description,
                "result": "rectified" if is_rectified else "not_rectified",
                "note": answer.note,
            }
        )
    remaining = sum(item["result"] == "not_rectified" for item in items)
    return {
        "checked_at": _local(now),
        "items": items,
        "opinion": f"所列 {len(items)} 项问题均已整改。"
        if not remaining
        else f"{remaining} 项问题尚未整改到位，应继续整改。",
    }


def hazards_to_recheck(visit: Visit) -> list[Hazard]:
    """The hazards of the order that a recheck is about: all that are not closed."""
    if visit.parent is None:
        return []
    return list(Hazard.objects.filter(visit_uid=visit.parent.uid).exclude(state="closed").order_by("pk"))


@transaction.atomic
def correct_record(*, visit: Visit, reason: str, actor: Actor, now: datetime) -> Visit:
    """退回修改: the draft is voided with its reason, and answers can be changed again."""
    visit = _locked(visit)
    _officer_on(visit, actor)
    state = advance_visit(VisitState(visit.state), VisitAction.CORRECT_RECORD)
    assert visit.record is not None
    papers.void_paper(paper=visit.record, reason=reason, actor=actor, now=now)
    visit.record = None
    visit.state = state
    visit.save(update_fields=["record", "state"])
    _told(visit, "inspections.correct_record", VisitState.RECORD_DRAFTED, actor, now)
    return visit


@transaction.atomic
def sign_as_officer(*, visit: Visit, officer: Officer, uid: UUID, image: bytes, actor: Actor, now: datetime) -> None:
    """执法人员签名 under the paper in hand: only the officers who were there."""
    visit = _locked(visit)
    _officer_on(visit, actor)
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
    visit = _locked(visit)
    _officer_on(visit, actor)
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
    visit = _locked(visit)
    _officer_on(visit, actor)
    state = advance_visit(VisitState(visit.state), VisitAction.ISSUE_RECORD)
    assert visit.record is not None
    if not visit.record.is_issued:  # the office may have issued it meanwhile
        visit.record = papers.issue_paper(paper=visit.record, actor=actor, now=now)
    visit.state = state
    visit.save(update_fields=["state"])
    _told(visit, "inspections.issue_record", VisitState.RECORD_DRAFTED, actor, now)
    answers = answers_of(visit)
    if visit.kind == VisitKind.RECHECK:
        _decide_hazards(visit, answers, actor, now)
        return visit
    failures = [answer for answer in answers if answer.outcome == Outcome.FAILS]
    for answer in failures:
        _make_hazard(visit, answer, actor, now)
    if not failures:
        _close(visit, actor, now)
        _finish(visit, category_of(Outcome(answer.outcome) for answer in answers), actor, now)
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


# --- 责令与送达


@transaction.atomic
def draft_order(*, visit: Visit, actor: Actor, now: datetime) -> Visit:
    """拟责令限期整改指令书: one order for all hazards of the visit, each with its day."""
    visit = _locked(visit)
    _officer_on(visit, actor)
    found = list(_to_be_ordered(visit).select_related("checklist_item").order_by("pk"))
    if visit.kind != VisitKind.DRAWN or not found:
        raise NotAllowed(_("这次检查没有需要责令整改的隐患。"))
    state = advance_visit(VisitState(visit.state), VisitAction.DRAFT_ORDER)
    assert visit.started_at is not None
    visit.order = papers.draft_paper(
        form="rectify_order",
        enterprise=visit.enterprise,
        handling_organ=visit.organ,
        body={
            "checked_at": _local(visit.started_at),
            "place": visit.enterprise.address,
            "problems": [
                {
                    "no": number,
                    "text": f"{hazard.place}：{hazard.description}" if hazard.place else hazard.description,
                    "basis": hazard.violation_basis,
                    "due_on": hazard.due_on.isoformat() if hazard.due_on else "",
                    "hazard_uid": str(hazard.uid),
                }
                for number, hazard in enumerate(found, start=1)
            ],
        },
        answers=visit.record,
        actor=actor,
        now=now,
    )
    hazards.attach_order(hazards=found, paper=visit.order, actor=actor, now=now)
    visit.state = state
    visit.save(update_fields=["order", "state"])
    _told(visit, "inspections.draft_order", VisitState.RECORD_ISSUED, actor, now)
    return visit


@transaction.atomic
def issue_order(*, visit: Visit, actor: Actor, now: datetime) -> Visit:
    """出具指令书: it gets its number; it takes effect by service."""
    visit = _locked(visit)
    _officer_on(visit, actor)
    if visit.state != VisitState.ORDER_DRAFTED or visit.order is None:
        raise NotAllowed(_("先拟好责令限期整改指令书，才能出具。"))
    visit.order = papers.issue_paper(paper=visit.order, actor=actor, now=now)
    return visit


@transaction.atomic
def serve(
    *,
    visit: Visit,
    method: str,
    receiver: str,
    place: str,
    uid: UUID,
    actor: Actor,
    now: datetime,
    image: bytes | None = None,
    note: str = "",
) -> Visit:
    """送达: hand over whatever was issued and not served, on the spot; an order takes effect, and the check is over.

    Idempotent on `uid`.
    """
    visit = _locked(visit)
    _officer_on(visit, actor)
    if visit.state in {VisitState.ORDERED, VisitState.CLOSED}:
        return visit
    is_recheck = visit.kind == VisitKind.RECHECK
    action = VisitAction.CLOSE if is_recheck else VisitAction.SERVE_ORDER
    state = advance_visit(VisitState(visit.state), action)
    waiting = [paper for paper in (visit.record, visit.order) if paper is not None and not paper.was_served]
    before = VisitState(visit.state)
    # Written first: `paper_served` then finds nothing left to do.
    visit.state = state
    visit.save(update_fields=["state"])
    papers.serve_papers(
        papers=waiting,
        method=method,
        receiver=receiver,
        place=place,
        servers=[row.officer for row in team_of(visit) if row.arrived_at],
        image=image,
        note=note,
        uid=uid,
        actor=actor,
        now=now,
    )
    _told(visit, "inspections.serve", before, actor, now)
    _after_service(visit, actor, now)
    return visit


def _after_service(visit: Visit, actor: Actor, now: datetime) -> None:
    if visit.kind == VisitKind.RECHECK:
        _finish_recheck(visit, actor, now)
        return
    answers = answers_of(visit)
    _finish(visit, category_of(Outcome(answer.outcome) for answer in answers), actor, now)
    _recheck_what_waits(visit, actor, now)


@transaction.atomic
def paper_served(*, paper_id: int, actor: Actor, now: datetime) -> Visit | None:
    """送达 from the office, by mail or left: the visit goes on as if it had been served on the spot."""
    visit = (
        Visit.objects.filter(order=paper_id, state=VisitState.ORDER_DRAFTED).first()
        or Visit.objects.filter(record=paper_id, kind=VisitKind.RECHECK, state=VisitState.RECORD_ISSUED).first()
    )
    if visit is None:
        return None
    visit = _locked(visit)
    before = VisitState(visit.state)
    is_recheck = visit.kind == VisitKind.RECHECK
    visit.state = advance_visit(before, VisitAction.CLOSE if is_recheck else VisitAction.SERVE_ORDER)
    visit.save(update_fields=["state"])
    _told(visit, "inspections.serve", before, actor, now)
    _after_service(visit, actor, now)
    return visit


@transaction.atomic
def order_again(*, visit_uid: UUID, actor: Actor, now: datetime) -> Visit | None:
    """另行责令: an order was voided, or a hazard came back; the officers draft another order from the same record."""
    visit = Visit.objects.filter(uid=visit_uid, kind=VisitKind.DRAWN).exclude(state=VisitState.RECORD_ISSUED).first()
    if visit is None or not _to_be_ordered(visit).exists():
        return None
    visit = _locked(visit)
    before = VisitState(visit.state)
    visit.state = advance_visit(before, VisitAction.ORDER_AGAIN)
    visit.order = visit.closed_at = None
    visit.save(update_fields=["state", "order", "closed_at"])
    _told(visit, "inspections.order_again", before, actor, now)
    return visit


def _to_be_ordered(visit: Visit) -> QuerySet[Hazard]:
    return Hazard.objects.filter(visit_uid=visit.uid, state__in=["classified", "reopened"])


# --- 复查


@transaction.atomic
def plan_recheck(*, parent: Visit, asked_at: datetime, actor: Actor, now: datetime) -> Visit | None:
    """安排复查: the officers of the visit come again, within the period of rule D22 after `asked_at`.

    It needs no approval of its own: it follows from the order. None when one is planned already or nothing is ordered.
    """
    parent = _locked(parent)
    if parent.state != VisitState.ORDERED or parent.rechecks.exclude(state=VisitState.CLOSED).exists():
        return None
    asked_on = clock.local_day(asked_at)
    found = rule(RECHECK_RULE, asked_on)
    assert found.count is not None
    assert found.unit is not None
    due = periods.due(asked_on, Period(found.count, found.unit, found.roll_forward), current_calendar())
    visit = Visit.objects.create(
        uid=uuid7(),
        kind=VisitKind.RECHECK,
        parent=parent,
        enterprise=parent.enterprise,
        organ=parent.organ,
        item=parent.item,
        checklist=parent.checklist,
        due_on=due.day,
        due_is_provisional=due.provisional,
        approved_at=now,
        approved_by_name=parent.approved_by_name,
    )
    VisitOfficer.objects.bulk_create(
        VisitOfficer(visit=visit, officer=row.officer, position=row.position) for row in team_of(parent)
    )
    audit.record(
        actor=actor,
        action="inspections.plan_recheck",
        subject=visit,
        now=now,
        after=audit.snapshot(visit, "parent_id", "due_on", "state"),
    )
    return visit


def _finish_recheck(visit: Visit, actor: Actor, now: datetime) -> None:
    assert visit.parent is not None
    left = any(answer.outcome == Outcome.FAILS for answer in answers_of(visit))
    visit.closed_at = now
    visit.finished_at = now
    visit.category = ResultCategory.PENDING if left else ResultCategory.NO_PROBLEM
    visit.save(update_fields=["closed_at", "finished_at", "category"])
    publish(VisitFinished(visit.pk, visit.enterprise_id, visit.category, now, None))
    if not close_when_rectified(visit_uid=visit.parent.uid, actor=actor, now=now):
        _recheck_what_waits(visit.parent, actor, now)


def _recheck_what_waits(visit: Visit, actor: Actor, now: datetime) -> None:
    """What was reported while a recheck went on, or while another order was drafted, still waits for its own."""
    waiting = Hazard.objects.filter(visit_uid=visit.uid, state="reported").order_by("reported_at").first()
    if waiting is not None and waiting.reported_at is not None:
        plan_recheck(parent=visit, asked_at=waiting.reported_at, actor=actor, now=now)


@transaction.atomic
def close_when_rectified(*, visit_uid: UUID, actor: Actor, now: datetime) -> bool:
    """办结: a visit is closed with its last hazard; True when that is now."""
    visit = Visit.objects.filter(uid=visit_uid, state=VisitState.ORDERED).first()
    if visit is None or Hazard.objects.filter(visit_uid=visit_uid).exclude(state="closed").exists():
        return False
    # A recheck that has not begun has nothing left to look at: its hazards were closed in the office.
    for idle in visit.rechecks.filter(state=VisitState.APPROVED).order_by("pk"):
        idle = _locked(idle)
        if idle.state == VisitState.APPROVED:
            idle.category, idle.finished_at = ResultCategory.NO_PROBLEM, now
            idle.save(update_fields=["category", "finished_at"])
            _close(idle, actor, now)
    # Hazards are closed before the opinion on them is served: the recheck has to be over as well.
    if visit.rechecks.exclude(state=VisitState.CLOSED).exists():
        return False
    visit = _locked(visit)
    visit.state = advance_visit(VisitState(visit.state), VisitAction.CLOSE)
    visit.closed_at = now
    visit.save(update_fields=["state", "closed_at"])
    _told(visit, "inspections.close_visit", VisitState.ORDERED, actor, now)
    return True


# --- 结果


def _close(visit: Visit, actor: Actor, now: datetime) -> None:
    before = VisitState(visit.state)
    visit.state = advance_visit(before, VisitAction.CLOSE)
    visit.closed_at = now
    visit.save(update_fields=["state", "closed_at"])
    _told(visit, "inspections.close_visit", before, actor, now)


def _finish(visit: Visit, category: ResultCategory, actor: Actor, now: datetime) -> None:
    """检查结束: set the result and the day by which it must be public (rule D21); once, whatever is ordered again."""
    if Publication.objects.filter(visit=visit).exists():
        return
    ended_on = clock.local_day(now)
    found = rule(RESULT_RULE, ended_on)
    due = periods.due(ended_on, found.period, current_calendar())
    visit.category = category
    visit.finished_at = now
    visit.save(update_fields=["category", "finished_at"])
    Publication.objects.create(
        visit=visit,
        due_on=due.day,
        due_is_provisional=due.provisional,
        rule_version=f"{found.id} v{found.version}",
        rule_is_verified=found.verified,
        calendar_version=due.calendar,
        category=category,
    )
    audit.record(
        actor=actor,
        action="inspections.finish_visit",
        subject=visit,
        now=now,
        after={"category": category, "publish_by": due.day},
    )
    publish(VisitFinished(visit.pk, visit.enterprise_id, category, now, due.day))
    if visit.batch is not None:
        finish_batch_when_done(batch=visit.batch, actor=actor, now=now)


@transaction.atomic
def publish_result(*, visit: Visit, actor: Actor, now: datetime) -> Publication:
    """公示检查结果: category, enterprise, organ and matter; nothing about people.

    Safe to repeat.
    """
    result = Publication.objects.select_for_update().filter(visit=visit).first()
    if result is None:
        raise NotAllowed(_("检查还没有结束，没有可以公示的结果。"))
    if result.published_at is not None:
        return result
    result.published_at = now
    result.published_by_name = actor.name
    result.save(update_fields=["published_at", "published_by_name"])
    audit.record(
        actor=actor,
        action="inspections.publish_result",
        subject=visit,
        now=now,
        after={"category": result.category, "due_on": result.due_on, "in_time": clock.local_day(now) <= result.due_on},
    )
    publish(ResultPublished(visit.pk, visit.enterprise_id, result.category))
    return result


@transaction.atomic
def count_again(*, actor: Actor, now: datetime) -> int:
    """公示期限重新计算: provisional days are counted again after a holiday notice was loaded; returns how many."""
    calendar = current_calendar()
    count = 0
    open_results = Publication.objects.select_for_update(of=("self",)).filter(
        due_is_provisional=True, published_at__isnull=True
    )
    for result in open_results.select_related("visit").order_by("pk"):
        assert result.visit.finished_at is not None
        ended_on = clock.local_day(result.visit.finished_at)
        due = periods.due(ended_on, rule(RESULT_RULE, ended_on).period, calendar)
        before = audit.snapshot(result, "due_on", "due_is_provisional")
        result.due_on, result.due_is_provisional, result.calendar_version = due.day, due.provisional, due.calendar
        result.save(update_fields=["due_on", "due_is_provisional", "calendar_version"])
        audit.record(
            actor=actor,
            action="inspections.count_again",
            subject=result,
            now=now,
            before=before,
            after=audit.snapshot(result, "due_on", "due_is_provisional"),
        )
        count += 1
    return count


# --- help


def _locked(visit: Visit) -> Visit:
    return (
        Visit.objects.select_for_update(of=("self",))
        .select_related("enterprise", "organ", "checklist", "batch", "record", "order", "parent__order")
        .get(pk=visit.pk)
    )


def _officer_on(visit: Visit, actor: Actor) -> Officer:
    """The officer who acts, who must be one of those assigned."""
    row = visit.officers.filter(officer__user_id=actor.id).select_related("officer").first() if actor.id else None
    if row is None:
        raise PermissionDenied(_("这次检查没有派给您，不能办理。"))
    return row.officer


def _told(visit: Visit, action: str, before: VisitState, actor: Actor, now: datetime) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=visit,
        now=now,
        before={"state": before},
        after=audit.snapshot(visit, "state", "record_id", "order_id"),
    )


def _where(answer: Answer) -> str:
    return f"{answer.place}：{answer.note}" if answer.place else answer.note


def _local(moment: datetime) -> str:
    return moment.astimezone(clock.CHINA).strftime("%Y-%m-%dT%H:%M")
