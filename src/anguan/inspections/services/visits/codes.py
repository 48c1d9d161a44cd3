"""任务码 and 企业码: what officers show at the door and what hangs on the firm's wall; both are checked without us."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.inspections.models import Guidance, Visit
from anguan.inspections.rules import TASK_CODE_VALID_FOR, NotAllowed, VisitKind
from anguan.inspections.selectors import team_of
from anguan.inspections.services.signing import read_card, sign_card
from anguan.inspections.services.visits.acting import locked, officer_on
from anguan.inspections.services.visits.envelopes import check_open
from anguan.registry.models import Enterprise


@dataclass(frozen=True)
class TaskCode:
    """任务码, as read: the visit it names, until when it counts, and all that stands on it."""

    visit_uid: UUID
    valid_until: datetime
    card: dict[str, Any] = field(default_factory=dict)

    def is_valid(self, now: datetime) -> bool:
        """Whether it still counts."""
        return now <= self.valid_until


def task_code(*, visit: Visit, now: datetime) -> str:
    """任务码: organ, officers, matter, basis and cap use under our signature, good for a day's work.

    Whoever has the published key reads it without network. A closed envelope shows none.
    """
    check_open(visit)
    until = int((now + TASK_CODE_VALID_FOR).timestamp())
    return sign_card(
        {
            "t": "task",
            "id": visit.uid.hex,
            "no": visit.code_no,
            "organ": visit.organ.name,
            "officers": [[row.officer.name, row.officer.certificate_no] for row in team_of(visit)],
            "matter": visit.item.matter[:60],
            "basis": visit.item.basis[:60],
            "kind": VisitKind(visit.kind).label,
            "firm": visit.enterprise.name[:60],
            "cap": f"{visit.cap_used}/{visit.cap}" if visit.cap is not None else "",
            "until": until,
        }
    )


def read_task_code(code: str) -> TaskCode | None:
    """What a task code says; None for anything that we did not sign."""
    card = read_card(code)
    if card is None or card.get("t") != "task":
        return None
    try:
        return TaskCode(UUID(hex=card["id"]), datetime.fromtimestamp(card["until"], clock.CHINA), card)
    except (KeyError, ValueError, TypeError, OverflowError, OSError):
        return None


def enterprise_code(*, enterprise: Enterprise) -> str:
    """企业码: static, printed for the firm's wall; officers scan it when they enter."""
    return sign_card({"t": "firm", "id": enterprise.credit_code, "firm": enterprise.name[:60]})


def read_enterprise_code(code: str) -> Enterprise | None:
    """The firm of an enterprise code, merged ones followed; None for anything else."""
    card = read_card(code)
    if card is None or card.get("t") != "firm":
        return None
    firm = Enterprise.objects.filter(credit_code=str(card.get("id", ""))).select_related("merged_into").first()
    return firm and (firm.merged_into or firm)


def service_code(*, guidance: Guidance) -> str:
    """服务码: a guidance visit is coded like every other; the card says that it is a service."""
    return sign_card(
        {
            "t": "service",
            "no": guidance.code_no,
            "organ": guidance.organ.name,
            "firm": guidance.enterprise.name[:60],
            "on": guidance.guided_on.isoformat(),
        }
    )


@transaction.atomic
def scan_in(*, visit: Visit, code: str, actor: Actor, now: datetime) -> Visit:
    """扫码入企: the firm's own code, scanned at its door by an officer of the visit; the first scan stays."""
    visit = locked(visit)
    officer_on(visit, actor)
    check_open(visit)
    firm = read_enterprise_code(code)
    if firm is None:
        raise NotAllowed(_("这不是本平台的企业码，请重新扫描。"))
    if firm.pk not in {visit.enterprise_id, visit.enterprise.merged_into_id}:
        raise NotAllowed(_("这是另一家企业的码，请核对是否走错了地方。"))
    if visit.scanned_at is None:
        visit.scanned_at = now
        visit.save(update_fields=["scanned_at"])
        audit.record(actor=actor, action="inspections.scan_in", subject=visit, now=now, after={"scanned_at": now})
    return visit
