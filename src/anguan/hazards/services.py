"""Writes of 隐患: every act locks the hazard, reads it again, asks the rules, and leaves an audit record."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from anguan.checklists.models import ChecklistItem
from anguan.core.search import clean_text
from anguan.core.words import N_
from anguan.ground import audit, clock, outbox
from anguan.ground.access import Actor, rule_actor
from anguan.ground.calendars.selectors import current_calendar
from anguan.ground.events import publish
from anguan.ground.models import Evidence
from anguan.ground.photos import Photo, keep_photos
from anguan.ground.rules.selectors import rule
from anguan.hazards import rules
from anguan.hazards.events import (
    HazardClosed,
    HazardFound,
    HazardOrdered,
    HazardOverdue,
    HazardReopened,
    HazardVerified,
    RectificationReported,
    RectificationReturned,
)
from anguan.hazards.models import Hazard, Rectification
from anguan.hazards.rules import Action, Level, NotAllowed, Outcome, Source, State
from anguan.papers.models import Paper
from anguan.people.models import Officer, Organ
from anguan.registry.models import DeclaredConflict, Enterprise, Membership

__all__ = [
    "NotAllowed",
    "Photo",
    "attach_order",
    "check_finding",
    "classify_hazard",
    "close_hazard",
    "count_again",
    "find_hazard",
    "mark_overdue",
    "reopen_hazard",
    "report_rectification",
    "set_deadline",
    "start_term",
    "undertake_rectification",
    "verify_rectification",
    "withdraw_order",
]

DEFAULT_TERM = "rectification-default"
_TOLD = (
    "state",
    "level",
    "criterion",
    "due_on",
    "overdue_on",
    "order_id",
    "effective_at",
    "reported_at",
    "verified_at",
    "closed_at",
)


@transaction.atomic
def find_hazard(
    *,
    uid: UUID,
    enterprise: Enterprise,
    source: str,
    description: str,
    organ: Organ,
    actor: Actor,
    now: datetime,
    place: str = "",
    level: str = "",
    criterion: str = "",
    checklist_item: ChecklistItem | None = None,
    visit_uid: UUID | None = None,
    photos: Sequence[Photo] = (),
) -> Hazard:
    """发现隐患: record a hazard, idempotent on `uid`; with a `level` it is classified in the same act.

    The legal chains and the term come from the checklist item where there is one. Raises `NotAllowed`, `UnusableFile`.
    """
    known = Hazard.objects.filter(uid=uid).first()
    if known is not None:
        return known
    description = clean_text(description)
    if not description:
        raise NotAllowed(N_("请写明隐患情况：什么部位、哪里不符合。"))
    _check_place(clean_text(place))
    hazard = Hazard(
        uid=uid,
        enterprise=enterprise,
        organ=organ,
        source=Source(source),
        visit_uid=visit_uid,
        checklist_item=checklist_item,
        place=clean_text(place),
        description=description,
        state=State.FOUND,
        found_at=now,
        found_by_id=actor.id,
        found_by_name=actor.name,
    )
    if checklist_item is not None:
        hazard.violation_basis = checklist_item.violation_basis
        hazard.order_basis = checklist_item.order_basis
        hazard.penalty_basis = checklist_item.penalty_basis
    hazard.index_words(enterprise.name)
    hazard.save(force_insert=True)
    kept = keep_photos(photos, owner=hazard, actor=actor, now=now)
    audit.record(
        actor=actor,
        action="hazards.find_hazard",
        subject=hazard,
        now=now,
        after={
            **audit.snapshot(hazard, "uid", "enterprise_id", "source", "visit_uid", "place", "description"),
            "photos": [item.sha256 for item in kept],
        },
    )
    publish(HazardFound(hazard.pk, enterprise.pk, visit_uid, now))
    if level:
        _classify(hazard, level, criterion, actor, now)
    return hazard


def check_finding(*, level: str, criterion: str, due_on: date, place: str, now: datetime) -> None:
    """Refuse what `find_hazard` and `set_deadline` would refuse, while a finding is still being written."""
    rules.check_classification(before="", after=Level(level), criterion=criterion, by_id="", classified_by_id="")
    rules.check_deadline(due_on, clock.local_day(now))
    _check_place(clean_text(place))


def _check_place(place: str) -> None:
    longest = Hazard._meta.get_field("place").max_length or 0
    if len(place) > longest:
        raise NotAllowed(N_("部位最多写 100 个字，详细情况请写在隐患情况里。"))


@transaction.atomic
def classify_hazard(*, hazard: Hazard, level: str, actor: Actor, now: datetime, criterion: str = "") -> Hazard:
    """定级: general, or major by a published criterion; sets the term where none is set."""
    hazard = _locked(hazard)
    _classify(hazard, level, criterion, actor, now)
    return hazard


def _classify(hazard: Hazard, level: str, criterion: str, actor: Actor, now: datetime) -> None:
    before = audit.snapshot(hazard, *_TOLD)
    state = rules.advance(State(hazard.state), Action.CLASSIFY)
    rules.check_classification(
        before=hazard.level,
        after=Level(level),
        criterion=criterion,
        by_id=actor.id,
        classified_by_id=hazard.classified_by_id,
    )
    hazard.state, hazard.level, hazard.criterion = state, Level(level), criterion.strip()
    hazard.classified_by_id = actor.id
    if hazard.due_on is None:
        _compute_deadline(hazard, None, now)
    _save(hazard, "hazards.classify_hazard", before, actor, now, cause=criterion)


@transaction.atomic
def set_deadline(
    *, hazard: Hazard, actor: Actor, now: datetime, due_on: date | None = None, days: int | None = None
) -> Hazard:
    """定整改期限: a day, or a number of calendar days from today; before the order is served.

    Neither given: the checklist item's suggestion, else the rule's default. Raises `NotAllowed`.
    """
    hazard = _locked(hazard)
    if State(hazard.state) not in {State.CLASSIFIED, State.REOPENED}:
        raise NotAllowed(
            N_("整改期限写在送达的文书上，送达后不能直接改；请另行办理延期。"), basis=rules.BASIS[Action.SERVE_ORDER]
        )
    before = audit.snapshot(hazard, *_TOLD)
    if due_on is not None:
        rules.check_deadline(due_on, clock.local_day(now))
        hazard.due_on, hazard.due_rule, hazard.due_rule_version, hazard.due_provisional = due_on, "", None, False
    else:
        _compute_deadline(hazard, days, now)
    _save(hazard, "hazards.set_deadline", before, actor, now)
    return hazard


def _compute_deadline(hazard: Hazard, days: int | None, now: datetime) -> None:
    today = clock.local_day(now)
    found = rule(DEFAULT_TERM, today)
    if days is None and hazard.checklist_item is not None:
        days = hazard.checklist_item.suggested_days
    end = rules.deadline(today, days or found.period.count, current_calendar())
    hazard.due_on, hazard.due_provisional = end.day, end.provisional
    # The version is kept also where the officer chose the number: the rule tells the unit and how it is counted.
    hazard.due_rule, hazard.due_rule_version = found.id, found.version
    rules.check_deadline(end.day, today)


@transaction.atomic
def attach_order(*, hazards: Iterable[Hazard], paper: Paper, actor: Actor, now: datetime) -> list[Hazard]:
    """列入责令文书: name the order that these hazards stand on, before it is served. Raises `NotAllowed`."""
    attached = []
    for given in sorted(hazards, key=lambda one: one.pk):
        hazard = _locked(given)
        rules.advance(State(hazard.state), Action.SERVE_ORDER)
        if paper.enterprise_id != hazard.enterprise_id:
            raise NotAllowed(N_("这份文书的当事人不是隐患所在的企业，请选这家企业的文书。"))
        before = audit.snapshot(hazard, *_TOLD)
        hazard.order = paper
        _save(hazard, "hazards.attach_order", before, actor, now, cause=str(paper))
        attached.append(hazard)
    if paper.effective_at is not None:
        start_term(paper=paper, actor=actor, now=now)
        attached = list(Hazard.objects.filter(pk__in=[hazard.pk for hazard in attached]).order_by("pk"))
    return attached


@transaction.atomic
def start_term(*, paper: Paper, actor: Actor, now: datetime) -> list[Hazard]:
    """责令生效: the order was served, so its hazards are being rectified from then on; safe to repeat.

    Its hazards are those attached to it and those its problems name (`hazard_uid`).
    """
    if paper.effective_at is None:
        raise NotAllowed(N_("责令文书还没有送达，送达后才生效。"))
    written = _days_on(paper)
    started = []
    waiting = Hazard.objects.select_for_update(of=("self",)).filter(
        Q(order=paper) | Q(uid__in=written),
        enterprise_id=paper.enterprise_id,
        state__in=[State.CLASSIFIED, State.REOPENED],
    )
    for hazard in waiting.order_by("pk"):
        before = audit.snapshot(hazard, *_TOLD)
        hazard.state = rules.advance(State(hazard.state), Action.SERVE_ORDER)
        hazard.order, hazard.effective_at = paper, paper.effective_at
        if str(hazard.uid) in written:
            # The day that stands on the paper is the one that counts.
            hazard.due_on, hazard.due_provisional = written[str(hazard.uid)], False
        elif hazard.due_on is None:
            _compute_deadline(hazard, None, now)
        assert hazard.due_on is not None
        _save(hazard, "hazards.start_term", before, actor, now, cause=str(paper))
        publish(HazardOrdered(hazard.pk, hazard.enterprise_id, paper.pk, hazard.due_on, paper.effective_at))
        started.append(hazard)
    return started


def _days_on(paper: Paper) -> dict[str, date]:
    """The days that an order names for its problems, by the uid of the hazard."""
    days = {}
    for problem in paper.body.get("problems", []) if isinstance(paper.body, dict) else []:
        with suppress(KeyError, TypeError, ValueError):
            days[str(UUID(problem["hazard_uid"]))] = date.fromisoformat(problem["due_on"])
    return days


@transaction.atomic
def withdraw_order(*, paper: Paper, actor: Actor, now: datetime, reason: str = "") -> list[Hazard]:
    """责令作废: hazards that stood on this order need another one; what was reported already is still rechecked."""
    withdrawn = []
    held = Hazard.objects.select_for_update(of=("self",)).filter(order=paper)
    for hazard in held.order_by("pk"):
        state = State(hazard.state)
        if state in rules.ASKS_ENTERPRISE:
            state = rules.advance(state, Action.VOID_ORDER)
        elif state not in {State.CLASSIFIED, State.REOPENED}:
            continue
        before = audit.snapshot(hazard, *_TOLD)
        hazard.state, hazard.order, hazard.effective_at, hazard.overdue_on = state, None, None, None
        _save(hazard, "hazards.withdraw_order", before, actor, now, cause=reason)
        withdrawn.append(hazard)
    return withdrawn


@transaction.atomic
def count_again(*, year: int, now: datetime, actor: Actor) -> int:
    """期限不再暂定: terms that end in a year whose holiday notice has come are certain now; returns how many."""
    uncertain = Hazard.objects.select_for_update(of=("self",)).filter(due_provisional=True, due_on__year=year)
    count = 0
    for hazard in uncertain.order_by("pk"):
        # A term of calendar days that does not roll ends on the same day whatever the notice says.
        hazard.due_provisional = False
        hazard.save(update_fields=["due_provisional"])
        audit.record(
            actor=actor,
            action="hazards.count_again",
            subject=hazard,
            now=now,
            before={"due_provisional": True},
            after={"due_provisional": False},
        )
        count += 1
    return count


@transaction.atomic
def undertake_rectification(*, hazard: Hazard, actor: Actor, now: datetime) -> Hazard:
    """自行整改: the enterprise puts right what it found itself, without an order."""
    hazard = _locked(hazard)
    state = rules.advance(State(hazard.state), Action.UNDERTAKE)
    if hazard.source != Source.SELF:
        raise NotAllowed(
            N_("这条隐患不是企业自查发现的，应先送达责令限期整改指令书。"), basis=rules.BASIS[Action.SERVE_ORDER]
        )
    before = audit.snapshot(hazard, *_TOLD)
    hazard.state = state
    if hazard.due_on is None:
        _compute_deadline(hazard, None, now)
    _save(hazard, "hazards.undertake_rectification", before, actor, now)
    return hazard


@transaction.atomic
def report_rectification(
    *, hazard: Hazard, uid: UUID, description: str, photos: Sequence[Photo], actor: Actor, now: datetime
) -> Rectification:
    """报告整改完成: what was done, with pictures taken after the order was served; idempotent on `uid`.

    Raises `NotAllowed` without a picture, with an older, future or reused one, or when nothing is asked of the
    enterprise now; `UnusableFile` for a picture that is none.
    """
    hazard = _locked(hazard)
    known = Rectification.objects.filter(uid=uid).first()
    if known is not None:
        if known.hazard_id != hazard.pk:
            raise NotAllowed(N_("这份整改报告已经用于另一条隐患，请重新填写。"))
        return known
    state = rules.advance(State(hazard.state), Action.REPORT)
    description = clean_text(description, multiline=True)
    if not description:
        raise NotAllowed(N_("请写明怎么整改的。"))
    if not photos:
        raise NotAllowed(N_("请至少上传一张整改后的现场照片。"), basis=rules.BASIS[Action.REPORT])
    used = _used_pictures(hazard)
    for photo in photos:
        rules.check_proof(taken_at=photo.taken_at, effective_at=hazard.effective_at or hazard.found_at, now=now)
        rules.check_fresh(photo.sha256, used)
    before = audit.snapshot(hazard, *_TOLD)
    report = Rectification.objects.create(
        hazard=hazard,
        uid=uid,
        attempt=hazard.rectifications.count() + 1,
        order=hazard.order,
        description=description,
        reported_by_id=actor.id,
        reported_by_name=actor.name,
        reported_at=now,
    )
    kept = keep_photos(photos, owner=report, actor=actor, now=now)
    hazard.state, hazard.reported_at = state, now
    _save(
        hazard,
        "hazards.report_rectification",
        before,
        actor,
        now,
        cause=description[:250],
        more={"report": str(uid), "attempt": report.attempt, "photos": [item.sha256 for item in kept]},
    )
    publish(RectificationReported(hazard.pk, hazard.enterprise_id, report.pk, now))
    return report


@transaction.atomic
def verify_rectification(
    *,
    hazard: Hazard,
    accepted: bool,
    officers: Sequence[Officer],
    actor: Actor,
    now: datetime,
    reason: str = "",
    paper: Paper | None = None,
) -> Hazard:
    """复查: two certified officers accept the rectification or return it with a reason (行政处罚法 art. 42).

    Whoever reported it can't be one of them, and the one who writes it down is. `paper` is the 整改复查意见书.
    Raises `NotAllowed`.
    """
    hazard = _locked(hazard)
    state = rules.advance(State(hazard.state), Action.ACCEPT if accepted else Action.RETURN)
    report = hazard.rectifications.select_for_update().get(outcome=Outcome.PENDING)
    minimum = int(rule("officers-minimum", clock.local_day(now)).values["officers"])
    rules.check_checkers(
        [
            rules.Checker(officer.name, officer.certificate_no, officer.valid_to, str(officer.user_id or ""))
            for officer in officers
        ],
        reporter_id=report.reported_by_id,
        today=clock.local_day(now),
        minimum=minimum,
    )
    if actor.id == report.reported_by_id:
        raise NotAllowed(N_("报告整改的人不能再来复查，请换一名执法人员。"))
    if actor.kind == "user" and actor.id not in {str(officer.user_id) for officer in officers}:
        raise NotAllowed(N_("复查结果应由参加复查的执法人员本人记录。"), basis=rules.BASIS[Action.ACCEPT])
    _check_conflicts(hazard, officers, clock.local_day(now))
    if paper is not None and paper.enterprise_id != hazard.enterprise_id:
        raise NotAllowed(N_("这份整改复查意见书的当事人不是隐患所在的企业，请选这家企业的文书。"))
    if not accepted:
        reason = rules.check_reason(reason)
    before = audit.snapshot(hazard, *_TOLD)
    report.outcome = Outcome.ACCEPTED if accepted else Outcome.RETURNED
    report.reason, report.decided_at, report.opinion = reason.strip(), now, paper
    report.decided_by_id, report.decided_by_name = actor.id, actor.name
    report.checkers = [{"name": officer.name, "certificate_no": officer.certificate_no} for officer in officers]
    report.save()
    hazard.state = state
    if accepted:
        hazard.verified_at = now
    else:
        hazard.reported_at = None
    _save(
        hazard,
        "hazards.verify_rectification",
        before,
        actor,
        now,
        cause=report.reason[:250],
        more={"attempt": report.attempt, "outcome": report.outcome, "checkers": report.checkers},
    )
    if accepted:
        publish(HazardVerified(hazard.pk, hazard.enterprise_id, report.pk, now))
    else:
        publish(RectificationReturned(hazard.pk, hazard.enterprise_id, report.pk, report.reason))
        _tell_enterprise(hazard, "整改被退回，请继续整改", report.reason, f"returned/{report.uid}", now)
    return hazard


def _check_conflicts(hazard: Hazard, officers: Sequence[Officer], today: date) -> None:
    """回避 (行政处罚法 art. 43): no declared conflict, no enterprise that the officer speaks for."""
    declared = DeclaredConflict.objects.filter(enterprise=hazard.enterprise_id, since__lte=today)
    conflicted = set(declared.filter(Q(until__isnull=True) | Q(until__gte=today)).values_list("officer_id", flat=True))
    members = set(
        Membership.objects.filter(enterprise=hazard.enterprise_id, until__isnull=True).values_list("user_id", flat=True)
    )
    for officer in officers:
        if officer.pk in conflicted or officer.user_id in members:
            raise NotAllowed(
                N_("%(name)s 对这家单位应当回避，不能参加复查；请换一名执法人员。"),
                basis="《行政处罚法》第四十三条",
                name=officer.name,
            )


@transaction.atomic
def close_hazard(*, hazard: Hazard, actor: Actor, now: datetime, reason: str = "") -> Hazard:
    """销号: close what was verified; a major hazard is not closed by whoever found it. Raises `NotAllowed`."""
    hazard = _locked(hazard)
    state = rules.advance(State(hazard.state), Action.CLOSE)
    rules.check_closer(level=hazard.level, found_by_id=hazard.found_by_id, by_id=actor.id)
    before = audit.snapshot(hazard, *_TOLD)
    hazard.state, hazard.closed_at, hazard.closed_by_name = state, now, actor.name
    _save(hazard, "hazards.close_hazard", before, actor, now, cause=reason)
    publish(HazardClosed(hazard.pk, hazard.enterprise_id, hazard.visit_uid, now))
    _tell_enterprise(hazard, "隐患已复查合格并销号", reason, f"closed/{hazard.times_reopened}", now)
    return hazard


@transaction.atomic
def reopen_hazard(*, hazard: Hazard, reason: str, actor: Actor, now: datetime) -> Hazard:
    """重新打开: what was put right is wrong again; it needs a new order and a new term. Raises `NotAllowed`."""
    hazard = _locked(hazard)
    state = rules.advance(State(hazard.state), Action.REOPEN)
    reason = rules.check_reason(reason)
    before = audit.snapshot(hazard, *_TOLD)
    hazard.state, hazard.order, hazard.effective_at = state, None, None
    hazard.reported_at = hazard.verified_at = hazard.closed_at = hazard.overdue_on = None
    hazard.closed_by_name = ""
    hazard.times_reopened += 1
    _compute_deadline(hazard, None, now)
    _save(hazard, "hazards.reopen_hazard", before, actor, now, cause=reason)
    publish(HazardReopened(hazard.pk, hazard.enterprise_id, reason))
    _tell_enterprise(hazard, "隐患反复，已重新打开", reason, f"reopened/{hazard.times_reopened}", now)
    return hazard


def mark_overdue(now: datetime, limit: int = 500) -> int:
    """逾期: every term that ran out without a report, one hazard at a time; returns how many became overdue."""
    today = clock.local_day(now)
    late = Hazard.objects.filter(state=State.RECTIFYING, due_on__lt=today).order_by("sort_due_on", "pk")
    marked = 0
    for hazard_id in list(late.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            hazard = Hazard.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=hazard_id).first()
            if hazard is None or not rules.has_run_out(State(hazard.state), hazard.due_on, today):
                continue
            assert hazard.due_on is not None
            before = audit.snapshot(hazard, *_TOLD)
            hazard.state = rules.advance(State(hazard.state), Action.RUN_OUT)
            hazard.overdue_on = hazard.overdue_on or hazard.due_on + timedelta(days=1)
            _save(hazard, "hazards.mark_overdue", before, rule_actor(hazard.due_rule or DEFAULT_TERM), now)
            publish(HazardOverdue(hazard.pk, hazard.enterprise_id, hazard.due_on))
            _tell_enterprise(hazard, "整改期限已过，请立即整改并报告", "", f"overdue/{hazard.due_on.isoformat()}", now)
            marked += 1
    return marked


def _locked(hazard: Hazard) -> Hazard:
    """The row as it stands now, held until the transaction ends: lock, re-read, decide."""
    return (
        Hazard.objects.select_for_update(of=("self",)).select_related("enterprise", "checklist_item").get(pk=hazard.pk)
    )


def _save(
    hazard: Hazard,
    action: str,
    before: dict[str, Any],
    actor: Actor,
    now: datetime,
    *,
    cause: str = "",
    more: dict[str, Any] | None = None,
) -> None:
    hazard.save()
    audit.record(
        actor=actor,
        action=action,
        subject=hazard,
        now=now,
        before=before,
        after={**audit.snapshot(hazard, *_TOLD), **(more or {})},
        cause=cause[:256],
    )


def _used_pictures(hazard: Hazard) -> set[str]:
    """Hashes of every picture that already belongs to the hazard or to one of its reports."""
    of_hazard = Evidence.objects.filter(owner_type="hazards.hazard", owner_id=str(hazard.pk))
    reports = [str(pk) for pk in hazard.rectifications.values_list("pk", flat=True)]
    of_reports = Evidence.objects.filter(owner_type="hazards.rectification", owner_id__in=reports)
    return set(of_hazard.values_list("sha256", flat=True)) | set(of_reports.values_list("sha256", flat=True))


def _tell_enterprise(hazard: Hazard, title: str, body: str, key: str, now: datetime) -> None:
    """Post a message to everybody who speaks for the enterprise, by mail and SMS where they have them.

    Messages are Chinese whatever language the page was in that caused them: the receiver did not choose it.
    """
    members = Membership.objects.filter(enterprise_id=hazard.enterprise_id, until__isnull=True)
    for user in {membership.user for membership in members.select_related("user")}:
        for channel, address in (("mail", user.email), ("sms", user.phone)):
            if address:
                outbox.post(
                    channel=channel,
                    address=address,
                    recipient_id=str(user.pk),
                    recipient_name=user.name,
                    title=f"{title}：{hazard.description}"[:256],
                    body=body,
                    link=f"/m/enterprise/hazards/{hazard.uid}/",
                    key=f"hazard/{hazard.uid}/{key}/{channel}/{user.pk}",
                    now=now,
                )
