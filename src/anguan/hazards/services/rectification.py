"""整改 and 复查: the enterprise reports with proof, two officers look."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from anguan.core.search import clean_text
from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.ground.models import Evidence
from anguan.ground.photos import Photo, keep_photos
from anguan.ground.rules.selectors import rule
from anguan.hazards import rules
from anguan.hazards.events import HazardVerified, RectificationReported, RectificationReturned
from anguan.hazards.models import Hazard, Rectification
from anguan.hazards.rules import Action, Level, NotAllowed, Outcome, Position, State
from anguan.hazards.selectors import standing_of
from anguan.hazards.services.acceptance import decide_acceptance
from anguan.hazards.services.photo_hashes import hash_photos, refuse_reused_photos
from anguan.hazards.services.writing import TOLD, locked, save, tell_enterprise
from anguan.papers.models import Paper
from anguan.people.models import Officer
from anguan.registry.models import DeclaredConflict, Membership

DISTANCE_RULE: Final = "proof-distance"


@transaction.atomic
def report_rectification(
    *,
    hazard: Hazard,
    uid: UUID,
    description: str,
    photos: Sequence[Photo],
    actor: Actor,
    now: datetime,
    place_reason: str = "",
) -> Rectification:
    """报告整改完成: what was done, with pictures taken after the order was served; idempotent on `uid`.

    Raises `NotAllowed` without a picture, with an older, future or reused one (`PhotoReused`), one taken elsewhere
    without a `place_reason`, or when nothing is asked of the enterprise now; `UnusableFile` for a picture that is none.
    """
    hazard = locked(hazard)
    known = Rectification.objects.filter(uid=uid).first()
    if known is not None:
        if known.hazard_id != hazard.pk:
            raise NotAllowed(N_("这份整改报告已经用于另一条隐患，请重新填写。"))
        return known
    state = rules.advance(State(hazard.state), Action.REPORT)
    if hazard.level == Level.MAJOR:
        rules.check_report(standing_of(hazard))
    description = clean_text(description, multiline=True)
    if not description:
        raise NotAllowed(N_("请写明怎么整改的。"))
    if not photos:
        raise NotAllowed(N_("请至少上传一张整改后的现场照片。"), basis=rules.BASIS[Action.REPORT])
    used = used_pictures(hazard)
    for photo in photos:
        rules.check_proof(taken_at=photo.taken_at, effective_at=hazard.effective_at or hazard.found_at, now=now)
        rules.check_fresh(photo.sha256, used)
    refuse_reused_photos(photos, hazard=hazard, now=now)
    far_m, far_reason = check_place(hazard, photos, place_reason, now)
    before = audit.snapshot(hazard, *TOLD)
    report = Rectification.objects.create(
        hazard=hazard,
        uid=uid,
        attempt=hazard.rectifications.count() + 1,
        order=hazard.order,
        description=description,
        reported_by_id=actor.id,
        reported_by_name=actor.name,
        reported_at=now,
        far_m=far_m,
        far_reason=far_reason,
    )
    kept = keep_photos(photos, owner=report, actor=actor, now=now)
    hash_photos(kept, hazard=hazard, now=now)
    hazard.state, hazard.reported_at = state, now
    save(
        hazard,
        "hazards.report_rectification",
        before,
        actor,
        now,
        cause=description[:250],
        more={"report": str(uid), "attempt": report.attempt, "photos": [item.sha256 for item in kept], "far_m": far_m},
    )
    publish(RectificationReported(hazard.pk, hazard.enterprise_id, report.pk, now))
    return report


def check_place(hazard: Hazard, photos: Sequence[Photo], reason: str, now: datetime) -> tuple[int | None, str]:
    """How far the proof was taken from the finding and why, (None, "") where it is near or nobody knows."""
    seen = Evidence.objects.filter(
        owner_type="hazards.hazard", owner_id=str(hazard.pk), latitude__isnull=False, longitude__isnull=False
    )
    allowed = float(rule(DISTANCE_RULE, clock.local_day(now)).values["metres"])
    far = rules.metres_too_far(
        [_position(item.latitude, item.longitude, item.accuracy_m) for item in seen],
        [
            _position(photo.latitude, photo.longitude, photo.accuracy_m)
            for photo in photos
            if photo.latitude is not None and photo.longitude is not None
        ],
        allowed,
    )
    kept = rules.check_place(far, allowed_m=allowed, reason=reason)[:300]
    return (round(far), kept) if far is not None else (None, "")


def _position(latitude: Decimal | None, longitude: Decimal | None, accuracy_m: int | None) -> Position:
    assert latitude is not None
    assert longitude is not None
    return Position(float(latitude), float(longitude), float(accuracy_m or 0))


def used_pictures(hazard: Hazard) -> set[str]:
    """Hashes of every picture that already belongs to the hazard or to one of its reports."""
    of_hazard = Evidence.objects.filter(owner_type="hazards.hazard", owner_id=str(hazard.pk))
    reports = [str(pk) for pk in hazard.rectifications.values_list("pk", flat=True)]
    of_reports = Evidence.objects.filter(owner_type="hazards.rectification", owner_id__in=reports)
    return set(of_hazard.values_list("sha256", flat=True)) | set(of_reports.values_list("sha256", flat=True))


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
    hazard = locked(hazard)
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
    check_conflicts(hazard, officers, clock.local_day(now))
    if paper is not None and paper.enterprise_id != hazard.enterprise_id:
        raise NotAllowed(N_("这份整改复查意见书的当事人不是隐患所在的企业，请选这家企业的文书。"))
    if not accepted:
        reason = rules.check_reason(reason)
    elif hazard.level == Level.MAJOR:
        rules.check_acceptance(standing_of(hazard))
    before = audit.snapshot(hazard, *TOLD)
    report.outcome = Outcome.ACCEPTED if accepted else Outcome.RETURNED
    report.reason, report.decided_at, report.opinion = reason.strip(), now, paper
    report.decided_by_id, report.decided_by_name = actor.id, actor.name
    report.checkers = [{"name": officer.name, "certificate_no": officer.certificate_no} for officer in officers]
    report.save()
    decide_acceptance(hazard, accepted=accepted, actor=actor, now=now)
    hazard.state = state
    if accepted:
        hazard.verified_at = now
    else:
        hazard.reported_at = None
    save(
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
        tell_enterprise(hazard, "整改被退回，请继续整改", report.reason, f"returned/{report.uid}", now)
    return hazard


def check_conflicts(hazard: Hazard, officers: Sequence[Officer], today: date) -> None:
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
