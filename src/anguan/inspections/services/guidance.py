"""指导服务: what was explained to a firm, coded like every visit, and behind a wall from enforcement."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.numbering import allocate
from anguan.inspections.models import Guidance, GuidanceException
from anguan.inspections.rules import NotAllowed
from anguan.people.models import Officer, Organ
from anguan.registry.models import Enterprise


@transaction.atomic
def record_guidance(
    *,
    uid: UUID,
    organ: Organ,
    enterprise: Enterprise,
    officers: Sequence[Officer],
    guided_on: date,
    host: str,
    explained: str,
    actor: Actor,
    now: datetime,
    problems: Sequence[tuple[str, date | None]] = (),
    others: str = "",
) -> Guidance:
    """记录指导服务: when, who, what was explained, what was noted with the day agreed; idempotent on `uid`.

    Nothing follows from it: no paper, no hazard, no case.
    """
    if known := Guidance.objects.filter(uid=uid).first():
        return known
    if guided_on > clock.local_day(now):
        raise NotAllowed(_("指导之后才能记录，日期不能在将来。"))
    if not officers or any(officer.organ_id != organ.pk for officer in officers):
        raise NotAllowed(_("请选择本机关参加指导的人员。"))
    if not explained.strip() or not host.strip():
        raise NotAllowed(_("请写明讲了什么，企业谁在场。"))
    year = guided_on.year
    guidance = Guidance.objects.create(
        uid=uid,
        code_no=f"FW-{organ.pk}-{year}-{allocate(organ_id=organ.pk, prefix='服务编号', year=year):05d}",
        organ=organ,
        enterprise=enterprise.merged_into or enterprise,
        guided_on=guided_on,
        others=others.strip()[:200],
        host=host.strip()[:60],
        explained=explained.strip()[:2000],
        problems=[
            {"text": text.strip()[:300], "agreed_on": agreed_on.isoformat() if agreed_on else ""}
            for text, agreed_on in problems
            if text.strip()
        ],
        recorded_at=now,
        recorded_by_id=actor.id,
        recorded_by_name=actor.name,
    )
    guidance.officers.set(officers)
    audit.record(
        actor=actor,
        action="inspections.record_guidance",
        subject=guidance,
        now=now,
        # Its findings stay behind the wall, out of a chain that enforcement reads.
        after={**audit.snapshot(guidance, "code_no", "organ_id", "enterprise_id", "guided_on")},
    )
    return guidance


@transaction.atomic
def refer_guidance(*, guidance: Guidance, reason: str, actor: Actor, now: datetime) -> Guidance:
    """转为线索: the one door through the wall, for a major hazard or an imminent danger, with its reason.

    It makes a clue's number and nothing else; a check of its own has to be applied for and approved.
    """
    guidance = Guidance.objects.select_for_update().get(pk=guidance.pk)
    if guidance.referred_at is not None:
        return guidance
    if not reason.strip():
        raise NotAllowed(_("只有重大隐患或者现实危险可以从服务转为线索，请写明是什么。"))
    guidance.referred_at, guidance.referred_by_name = now, actor.name
    guidance.referred_reason = reason.strip()[:500]
    guidance.clue = f"{guidance.code_no}-转"
    guidance.save(update_fields=["referred_at", "referred_by_name", "referred_reason", "clue"])
    audit.record(
        actor=actor,
        action="inspections.refer_guidance",
        subject=guidance,
        now=now,
        after=audit.snapshot(guidance, "referred_reason", "clue"),
    )
    return guidance


@transaction.atomic
def except_from_guidance(
    *, organ: Organ, enterprise: Enterprise, reason: str, until: date, actor: Actor, now: datetime
) -> GuidanceException:
    """首检指导例外: the leader states why a firm is checked without guidance, and until when that holds."""
    today = clock.local_day(now)
    if not reason.strip():
        raise NotAllowed(_("请写明为什么不先指导。"))
    if until < today:
        raise NotAllowed(_("例外的有效期须在今天之后。"))
    exception = GuidanceException.objects.create(
        organ=organ, enterprise=enterprise, reason=reason.strip()[:300], since=today, until=until,
        decided_by_name=actor.name, decided_at=now,
    )  # fmt: skip
    audit.record(
        actor=actor,
        action="inspections.except_from_guidance",
        subject=exception,
        now=now,
        after=audit.snapshot(exception, "organ_id", "enterprise_id", "reason", "until"),
    )
    return exception
