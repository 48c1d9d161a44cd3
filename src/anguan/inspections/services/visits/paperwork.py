"""审批表 and 通知书: drawn up from what the visit knows, nothing typed again."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.inspections.models import Visit
from anguan.inspections.rules import (
    NEVER_MADE,
    NOT_BEGUN,
    CountClass,
    ExemptReason,
    NotAllowed,
    Trigger,
    VisitState,
    bans_text,
)
from anguan.inspections.selectors import bases_of, team_of
from anguan.inspections.services.visits.acting import locked, officer_on, told
from anguan.papers import services as papers
from anguan.people.rules import Matter

PAPER_KIND: Final[Mapping[CountClass, str]] = {
    CountClass.DAILY: "routine",
    CountClass.CASE: "case",
    CountClass.SPECIAL: "special",
    CountClass.ORDERED_FROM_ABOVE: "special",
    CountClass.NONE: "routine",
}


def _common(visit: Visit, today: date) -> dict[str, Any]:
    planned = visit.visit_on or visit.due_on
    counts = visit.count_class != CountClass.NONE
    return {
        "items": [{"name": visit.item.matter, "basis": visit.item.basis}],
        "kind": PAPER_KIND[CountClass(visit.count_class)],
        "mode": visit.mode,
        "planned_from": min(planned, clock.local_day(visit.started_at) if visit.started_at else planned).isoformat(),
        "planned_to": visit.due_on.isoformat(),
        "officers": [
            {"name": row.officer.name, "certificate_no": row.officer.certificate_no} for row in team_of(visit)
        ],
        "experts": visit.experts_allowed,
        "cap_used": max((visit.cap_used or 0) - counts, 0),
        "cap_limit": visit.cap or 0,
        "legal_basis": bases_of(visit.organ, Matter.INSPECT, today),
    }


def draw_up_approval(visit: Visit, actor: Actor, now: datetime) -> None:
    """行政检查审批表 of an approved visit; of a sealed one when it is opened, for the paper names the firm."""
    if visit.approval_id is not None or visit.is_closed_envelope or visit.batch_id is not None or visit.is_recheck:
        return
    assert visit.approved_at is not None
    today = clock.local_day(now)
    decided_on = clock.local_day(visit.approved_at).isoformat()
    exempt = ExemptReason(visit.exempt_reason).label if visit.exempt_reason else ""
    if visit.count_class == CountClass.ORDERED_FROM_ABOVE:
        exempt = "上级部署的专项检查，不计次数"
    body = {
        **_common(visit, today),
        "units": [{"name": visit.enterprise.name, "address": visit.enterprise.address}],
        "why_on_site": visit.why_on_site,
        "trigger": f"{Trigger(visit.trigger).label}：{visit.reason}"[:200],
        "clue": visit.clue,
        "assistants": visit.assistants_allowed,
        "exempt_reason": exempt,
        "is_emergency": visit.approve_by is not None,
        "opinions": [
            {
                "role": "reviewer",
                "name": visit.applied_by_name,
                "opinion": "已核对主体、事项、管辖、人员和频次，未见不得检查的情形。",
                "on": decided_on,
            },
            {
                "role": "approver",
                "name": visit.approved_by_name,
                "opinion": visit.decided_note or "同意。",
                "on": decided_on,
                "agrees": True,
            },
        ],
    }
    draft = papers.draft_paper(
        form="inspection_approval",
        enterprise=visit.enterprise,
        handling_organ=visit.organ,
        body=body,
        actor=actor,
        now=now,
    )
    visit.approval = papers.issue_paper(paper=draft, actor=actor, now=now)
    visit.save(update_fields=["approval"])


@transaction.atomic
def hand_over_notice(
    *,
    visit: Visit,
    receiver: str,
    uid: UUID,
    actor: Actor,
    now: datetime,
    method: str = "direct",
    image: bytes | None = None,
    note: str = "",
) -> Visit:
    """交付行政检查通知书 on arrival: matter, officers, cap, bans and the firm's rights; idempotent on `uid`."""
    visit = locked(visit)
    officer_on(visit, actor)
    if visit.state in NOT_BEGUN | NEVER_MADE:
        raise NotAllowed(_("到场签到之后才交付通知书，此前不事先告知。"))
    if visit.is_recheck:
        raise NotAllowed(_("复查由责令引起，不另发检查通知书。"))
    if visit.notice is not None and visit.notice.was_served:
        return visit
    today = clock.local_day(now)
    if visit.notice is None:
        draft = papers.draft_paper(
            form="inspection_notice",
            enterprise=visit.enterprise,
            handling_organ=visit.organ,
            body={
                **_common(visit, today),
                "place": visit.enterprise.address,
                "on_arrival": True,
                "complaint": f"{visit.organ.phone or '本机关'}；" + "".join(bans_text()),
            },
            answers=visit.approval,
            actor=actor,
            now=now,
        )
        visit.notice = papers.issue_paper(paper=draft, actor=actor, now=now)
        visit.save(update_fields=["notice"])
    papers.serve_papers(
        papers=[visit.notice],
        method=method,
        receiver=receiver,
        place=visit.enterprise.address,
        servers=[row.officer for row in team_of(visit) if row.arrived_at],
        image=image,
        note=note,
        uid=uid,
        actor=actor,
        now=now,
    )
    visit.notice.refresh_from_db()
    told(visit, "inspections.hand_over_notice", VisitState(visit.state), actor, now)
    return visit


def check_notified(visit: Visit) -> None:
    """Refuse a record before the firm has been told its rights, where the check was applied for or an emergency."""
    if visit.batch_id is None and not visit.is_recheck and (visit.notice is None or not visit.notice.was_served):
        raise NotAllowed(_("先把行政检查通知书交给企业，告知权利，再生成记录（国办发〔2024〕54号）。"))
