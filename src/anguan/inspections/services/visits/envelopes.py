"""密封检查: where a surprise check goes is fixed by a hash and opened at departure; who opened it, and when, stays."""

import secrets
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.inspections.models import SealOpening, Visit
from anguan.inspections.rules import ConcernKind, NotAllowed, OpeningKind, VisitState, envelope_hash
from anguan.inspections.services.concerns import raise_concern
from anguan.inspections.services.visits.acting import leads, locked, officer_on
from anguan.inspections.services.visits.paperwork import draw_up_approval


def close_envelope(visit: Visit, *, departs_at: datetime | None) -> None:
    """封: fix the target by a salted hash; without the salt nobody finds it by trying every firm's code."""
    visit.is_sealed = True
    visit.departs_at = departs_at
    visit.target_salt = secrets.token_hex(32)
    visit.target_hash = envelope_hash(visit.uid.hex, visit.enterprise.credit_code, visit.target_salt)


@transaction.atomic
def open_seal(*, visit: Visit, actor: Actor, now: datetime, reason: str = "") -> Visit:
    """启封: the team opens it at departure. Earlier is possible with a reason, is marked, and the supervisor is told.

    Safe to repeat: an opened one stays opened, and who looks at it after that is one of the team anyway.
    """
    visit = locked(visit)
    officer_on(visit, actor)
    if not visit.is_sealed or visit.opened_at is not None:
        return visit
    if visit.state != VisitState.APPROVED:
        raise NotAllowed(_("批准之后才能启封。"))
    assert visit.departs_at is not None
    is_early = now < visit.departs_at
    if is_early and not reason.strip():
        raise NotAllowed(_("还没有到出发时间；提前启封须写明理由，并会显示给监督员。"))
    visit.opened_at = now
    visit.save(update_fields=["opened_at"])
    _note(visit, OpeningKind.OPENED, actor, now, is_early=is_early, reason=reason)
    draw_up_approval(visit, actor, now)
    audit.record(
        actor=actor,
        action="inspections.open_seal",
        subject=visit,
        now=now,
        after={"opened_at": now, "is_early": is_early, "target_hash": visit.target_hash},
    )
    if is_early:
        raise_concern(
            kind=ConcernKind.EARLY_OPENING, visit=visit, text=f"{actor.name}提前启封：{reason.strip()}", actor=actor,
            now=now,
        )  # fmt: skip
    return visit


@transaction.atomic
def read_sealed(*, visit: Visit, actor: Actor, now: datetime) -> Visit:
    """查看: the approver reads where a sealed visit goes; every reading is kept."""
    visit = locked(visit)
    if not visit.is_closed_envelope:
        return visit
    if not leads(actor, visit.organ_id):
        raise PermissionDenied(_("只有批准人可以查看密封的检查对象。"))
    _note(visit, OpeningKind.READ, actor, now, is_early=visit.departs_at is not None and now < visit.departs_at)
    audit.record(
        actor=actor, action="inspections.read_sealed", subject=visit, now=now, after={"target_hash": visit.target_hash}
    )
    return visit


def _note(visit: Visit, kind: OpeningKind, actor: Actor, now: datetime, *, is_early: bool, reason: str = "") -> None:
    SealOpening.objects.create(
        visit=visit, kind=kind, user_id=int(actor.id), name=actor.name, at=now, is_early=is_early,
        reason=reason.strip()[:200],
    )  # fmt: skip


def check_open(visit: Visit) -> None:
    """Refuse to begin a visit whose envelope is closed."""
    if visit.is_closed_envelope:
        raise NotAllowed(_("这次检查还密封着，出发时先启封。"))
