"""维修申请 and 约定处理: what follows from faults, and from points and units that are false again and again."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from anguan.alarms.events import PointShieldedTooLong, RepairRequested
from anguan.alarms.models import HandlingAgreement, Incident, IncidentPoint, Outage, Point, RepairRequest
from anguan.alarms.rules.incidents import IncidentKind, Verdict, check_reason
from anguan.alarms.rules.refusals import NotAllowed
from anguan.alarms.rules.steps import Told
from anguan.alarms.rules.truth import OutageKind, RepairReason, is_repeated
from anguan.alarms.services.writing import is_operator, platform, step
from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.ground.rules.selectors import rule

# A bus that broke leaves hundreds of points; one look at the panel finds them all.
_MOST_EACH: Final = 20


@transaction.atomic
def request_repair(
    *,
    point: Point,
    reason: RepairReason,
    actor: Actor,
    now: datetime,
    text: str = "",
    incident: Incident | None = None,
) -> RepairRequest:
    """维修申请 for a point, announced to whoever makes tickets of it; one that is open stays the one."""
    Point.objects.select_for_update().get(pk=point.pk)
    known = RepairRequest.objects.filter(point=point, closed_at__isnull=True).first()
    if known is not None:
        return known
    row = RepairRequest.objects.create(
        point=point,
        incident=incident,
        reason=reason,
        text=text[:300],
        opened_at=now,
        opened_by_name=actor.name,
    )
    audit.record(
        actor=actor,
        action="alarms.request_repair",
        subject=row,
        now=now,
        after=audit.snapshot(row, "point_id", "incident_id", "reason", "text"),
    )
    if incident is not None:
        step(incident, Told.REPAIR, actor, now, what=f"{point}：{reason.label}")
    device = point.device
    publish(RepairRequested(row.pk, point.pk, device.enterprise_id, device.building_id, reason.value, now))
    return row


@transaction.atomic
def close_repair(*, request: RepairRequest, outcome: str, actor: Actor, now: datetime) -> RepairRequest:
    """维修完成: what was done; again changes nothing. Raises `NotAllowed`."""
    request = RepairRequest.objects.select_for_update().get(pk=request.pk)
    if request.closed_at is not None:
        return request
    request.outcome = check_reason(outcome, N_("维修的结果"))[:300]
    request.closed_at, request.closed_by_name = now, actor.name
    request.save(update_fields=["outcome", "closed_at", "closed_by_name"])
    audit.record(
        actor=actor, action="alarms.close_repair", subject=request, now=now, after=audit.snapshot(request, "outcome")
    )
    return request


def request_repairs(*, incident: Incident, actor: Actor, now: datetime, text: str) -> None:
    """Repairs of what an incident is about; of very many points only the first, which stands for all of them."""
    places = list(IncidentPoint.objects.filter(incident=incident).select_related("point__device").order_by("pk"))
    if len(places) > _MOST_EACH:
        text = f"共 {len(places)} 个部位。{text}"
        places = places[:1]
    for place in places:
        request_repair(point=place.point, reason=RepairReason.FAULT, actor=actor, now=now, text=text, incident=incident)


def count_false_alarms(*, incident: Incident, now: datetime) -> None:
    """What one false fire alarm too many means: for its points a repair, for its unit an agreement."""
    if incident.kind != IncidentKind.FIRE:
        return
    today = clock.local_day(now)
    found = rule("repeated-false-alarms", today)
    within, times = timedelta(days=found.values["days"]), int(found.values["times"])
    places = list(IncidentPoint.objects.filter(incident=incident).select_related("point__device").order_by("pk"))
    judged: dict[int, list[datetime]] = {}
    for point_id, at in IncidentPoint.objects.filter(
        point__in=[place.point_id for place in places],
        kind=IncidentKind.FIRE,
        incident__verdict=Verdict.FALSE,
        incident__verdict_at__gt=now - within,
    ).values_list("point", "incident__verdict_at"):
        judged.setdefault(point_id, []).append(at or now)
    actor = platform(incident.organ_id)
    for place in places:
        if is_repeated(judged.get(place.point_id, ()), at=now, times=times, within=within):
            request_repair(
                point=place.point,
                reason=RepairReason.FALSE_ALARMS,
                actor=actor,
                now=now,
                text=f"{found.values['days']} 天内误报 {len(judged[place.point_id])} 次",
                incident=incident,
            )
    _count_for_unit(incident, actor, now)


def _count_for_unit(incident: Incident, actor: Actor, now: datetime) -> None:
    today = clock.local_day(now)
    found = rule("daily-false-alarms", today)
    unit = {"enterprise": incident.enterprise_id} if incident.enterprise_id else {"device": incident.device_id}
    # The day in China, as an interval that the index answers.
    midnight = now.astimezone(clock.CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    count = Incident.objects.filter(
        kind=IncidentKind.FIRE, verdict=Verdict.FALSE, verdict_at__gte=midnight, verdict_at__lte=now, **unit
    ).count()
    if count <= int(found.values["more_than"]):
        return
    same_unit = {"enterprise": incident.enterprise_id} if incident.enterprise_id else {"device": incident.device_id}
    row = HandlingAgreement.objects.filter(day=today, **same_unit).first()
    if row is not None:
        HandlingAgreement.objects.filter(pk=row.pk).update(false_alarms=count)
        return
    row = HandlingAgreement.objects.create(
        organ_id=incident.organ_id,
        enterprise_id=incident.enterprise_id,
        building_id=incident.building_id,
        device_id=incident.device_id,
        day=today,
        false_alarms=count,
        opened_at=now,
        rule_version=found.version,
    )
    audit.record(
        actor=actor,
        action="alarms.ask_agreement",
        subject=row,
        now=now,
        after=audit.snapshot(row, "enterprise_id", "device_id", "day", "false_alarms"),
    )


@transaction.atomic
def record_agreement(
    *, agreement: HandlingAgreement, agreed: str, with_whom: str, actor: Actor, now: datetime
) -> HandlingAgreement:
    """约定处理: what unit and centre agreed on, and with whom. Raises `NotAllowed`."""
    agreement = HandlingAgreement.objects.select_for_update().get(pk=agreement.pk)
    if not is_operator(actor, agreement.organ_id):
        raise NotAllowed(N_("约定由接警机构的值班人员登记，您的角色不能办理；请联系值班室。"))
    before = audit.snapshot(agreement, "agreed", "with_whom")
    agreement.agreed = check_reason(agreement_text(agreed), N_("约定的内容"))
    agreement.with_whom = check_reason(with_whom, N_("对方的人员"))[:60]
    agreement.agreed_at, agreement.agreed_by_name = now, actor.name
    agreement.save()
    audit.record(
        actor=actor,
        action="alarms.record_agreement",
        subject=agreement,
        now=now,
        before=before,
        after=audit.snapshot(agreement, "agreed", "with_whom"),
    )
    return agreement


def agreement_text(text: str) -> str:
    """The text as it is kept; `NotAllowed` for a too long one."""
    if len(text) > 500:
        raise NotAllowed(N_("最多写 %(most)s 个字，请精简。"), most="500")
    return text


@transaction.atomic
def announce_long_shields(now: datetime, limit: int = 200) -> int:
    """长期屏蔽: points that stayed shielded for longer than the rule allows, each announced once; returns how many."""
    hours = int(rule("shielded-point", clock.local_day(now)).values["hours"])
    rows = list(
        Outage.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("point__device__building")
        .filter(
            kind=OutageKind.SHIELDED,
            until__isnull=True,
            announced_at__isnull=True,
            since__lte=now - timedelta(hours=hours),
            point__device__organ__isnull=False,
        )
        .order_by("since", "pk")[:limit]
    )
    for row in rows:
        row.announced_at = now
        device = row.point.device
        building = device.building
        publish(
            PointShieldedTooLong(
                outage_id=row.pk,
                point_id=row.point_id,
                enterprise_id=device.enterprise_id or (building.manager_id if building else None),
                building_id=device.building_id,
                organ_id=int(device.organ_id or 0),
                place="".join(part for part in (building.name if building else device.place, str(row.point)) if part),
                since=row.since,
                noticed_at=now,
            )
        )
    Outage.objects.bulk_update(rows, ["announced_at"])
    return len(rows)
