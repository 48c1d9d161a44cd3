"""送达不成与公告送达: tries that failed, and making a paper known in public once nothing else reached its party."""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.core import periods
from anguan.ground import audit, clock, evidence
from anguan.ground.access import Actor
from anguan.ground.calendars.selectors import current_calendar
from anguan.ground.models import Evidence
from anguan.ground.rendering import check_drawable
from anguan.ground.rules.selectors import rule
from anguan.papers import rules
from anguan.papers.models import Announcement, Paper, ServiceAttempt
from anguan.papers.rules import Action, AttemptOutcome, NotAllowed, PaperState, ServiceMethod, day_in_words
from anguan.papers.services.gates import check_servers, locked
from anguan.papers.services.serving import Handing, check_terms, take_effect
from anguan.people.models import Officer

RULE = "announcement-service"


@transaction.atomic
def record_attempt(
    *,
    paper: Paper,
    method: ServiceMethod | str,
    outcome: AttemptOutcome | str,
    place: str,
    servers: Sequence[Officer],
    note: str,
    uid: UUID,
    actor: Actor,
    now: datetime,
    tried_at: datetime | None = None,
    photo: bytes | None = None,
) -> ServiceAttempt:
    """登记送达不成: when, where, by whom and how; the paper stays to be served. Idempotent on `uid`."""
    if known := ServiceAttempt.objects.filter(uid=uid).first():
        return known
    paper = locked(paper)
    rules.check_service(paper.spec)
    rules.advance(PaperState(paper.state), Action.SERVE)
    method, outcome, moment = ServiceMethod(method), AttemptOutcome(outcome), tried_at or now
    if method is ServiceMethod.ANNOUNCED:
        raise NotAllowed(_("公告送达没有不成一说，期满视为送达。"))
    if paper.issued_at is None or not paper.issued_at <= moment <= now:
        raise NotAllowed(_("送达时间须在文书出具之后，且不能晚于现在。"))
    if not place.strip() or not note.strip():
        raise NotAllowed(_("请写明在哪里、怎样没有送达成。"))
    check_servers(paper, servers, clock.local_day(moment))
    shot = None
    if photo:
        shot = evidence.keep(data=photo, uid=uid, kind=Evidence.Kind.SCAN, owner=paper, actor=actor, now=now)
    attempt = ServiceAttempt.objects.create(
        uid=uid,
        paper=paper,
        method=method,
        outcome=outcome,
        tried_at=moment,
        place=place.strip(),
        servers=_named(servers),
        note=note.strip()[:300],
        photo=shot,
    )
    audit.record(
        actor=actor,
        action="papers.attempt_service",
        subject=paper,
        now=now,
        after=audit.snapshot(attempt, "method", "outcome", "place", "servers", "note"),
    )
    return attempt


@transaction.atomic
def announce_paper(
    *,
    paper: Paper,
    announced_on: date,
    announced_in: str,
    reason: str,
    servers: Sequence[Officer],
    uid: UUID,
    actor: Actor,
    now: datetime,
) -> Announcement:
    """公告送达: begin the period after which a paper counts as served; idempotent on `uid`.

    Refused before the ways of the rule `announcement-service` were tried and failed, unless the party can't be found.
    """
    paper = locked(paper)
    if known := Announcement.objects.filter(paper=paper).first():
        if known.uid == uid:
            return known
        raise NotAllowed(_("这份文书已经公告，%(day)s 视为送达。") % {"day": day_in_words(known.deemed_on)})
    rules.check_service(paper.spec)
    rules.advance(PaperState(paper.state), Action.SERVE)
    found = rule(RULE, announced_on)
    tried = [
        (ServiceMethod(method), AttemptOutcome(outcome))
        for method, outcome in paper.attempts.values_list("method", "outcome")
    ]
    if fault := rules.announcement_fault(tried, found.values["first"]):
        raise NotAllowed(_(fault))
    last_try = max(attempt.tried_at for attempt in paper.attempts.all())
    if not clock.local_day(last_try) <= announced_on <= clock.local_day(now):
        raise NotAllowed(_("公告日期须在其他方式送达不成之后，且不能晚于今天。"))
    if not announced_in.strip() or not reason.strip():
        raise NotAllowed(_("请写明公告登在哪里和公告的理由。"))
    check_drawable([announced_in, reason])
    check_servers(paper, servers, announced_on)
    due = periods.due(announced_on, found.period, current_calendar())
    check_terms(paper, due.day)
    announcement = Announcement.objects.create(
        uid=uid,
        paper=paper,
        announced_on=announced_on,
        announced_in=announced_in.strip()[:200],
        reason=reason.strip()[:300],
        servers=_named(servers),
        deemed_on=due.day,
        rule_id=found.id,
        rule_version=found.version,
        calendar=due.calendar,
    )
    audit.record(
        actor=actor,
        action="papers.announce",
        subject=paper,
        now=now,
        after=audit.snapshot(announcement, "announced_on", "announced_in", "reason", "deemed_on"),
    )
    return announcement


@transaction.atomic
def serve_announced(*, announcement: Announcement, actor: Actor, now: datetime) -> bool:
    """公告期满: the paper counts as served at the end of its day; False where it is not due or no longer waits."""
    paper = locked(announcement.paper)
    if paper.state != PaperState.ISSUED or clock.local_day(now) <= announcement.deemed_on:
        return False
    end = datetime.combine(announcement.deemed_on, time(23, 59), tzinfo=clock.CHINA)
    take_effect(
        [paper],
        Handing(
            uid=announcement.uid,
            method=ServiceMethod.ANNOUNCED,
            receiver=paper.body.get("recipient") or paper.enterprise.name,
            place=announcement.announced_in,
            servers=announcement.servers,
            note=f"{day_in_words(announcement.announced_on)}公告，期满视为送达",
            moment=end,
        ),
        actor=actor,
        now=now,
    )
    return True


def serve_all_announced(*, actor: Actor, now: datetime) -> int:
    """Every announcement whose period is over; returns how many papers took effect."""
    waiting = Announcement.objects.filter(
        deemed_on__lt=clock.local_day(now), paper__state=PaperState.ISSUED
    ).select_related("paper")
    return sum(serve_announced(announcement=one, actor=actor, now=now) for one in waiting.order_by("pk"))


def _named(servers: Sequence[Officer]) -> list[dict[str, str]]:
    return [{"name": officer.name, "certificate_no": officer.certificate_no} for officer in servers]
