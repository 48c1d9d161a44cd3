"""上报: documents to whoever has to know of a fire, by the outbox, with the proof that they arrived."""

from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.db import transaction

from anguan.alarms.models import Forwarding, ForwardTarget, Incident, IncidentPoint
from anguan.alarms.rules import cap
from anguan.alarms.rules.forwarding import TAKES_DOCUMENT, Channel, Stage, earlier, stage_after
from anguan.alarms.rules.incidents import IncidentAction, IncidentKind, IncidentState, Timer
from anguan.alarms.rules.steps import Told
from anguan.alarms.services.notices import announce
from anguan.alarms.services.timers import seconds_on
from anguan.alarms.services.writing import asked, locked, make, platform, step
from anguan.core.words import N_
from anguan.ground import audit, clock, outbox

KEY: Final = "alarm-forward/"
_NAMED_POINTS: Final = 10
_TITLE: Final = {
    Stage.UNVERIFIED: "推定火警（未核实）",
    Stage.CONFIRMED: "确认火警",
    Stage.CANCELLED: "解除火警",
}


def forward_presumed(*, incident: Incident, now: datetime) -> int:
    """推定火警先行上报: at once, marked as not verified; returns to how many."""
    return _tell(incident, Stage.UNVERIFIED, now)


def forward_verdict(*, incident: Incident, action: IncidentAction, now: datetime) -> int:
    """What a verdict makes us tell: a confirmed fire to everybody, the end of an alarm to whoever was told of it."""
    told = {Stage(stage) for stage in incident.forwardings.values_list("stage", flat=True)}
    stage = stage_after(action, was_told=told)
    return 0 if stage is None else _tell(incident, stage, now)


def _tell(incident: Incident, stage: Stage, now: datetime) -> int:
    targets = ForwardTarget.objects.filter(organ=incident.organ_id, is_active=True).order_by("pk")
    if stage is Stage.UNVERIFIED:
        targets = targets.filter(takes_unverified=True)
    elif stage is Stage.CANCELLED:
        targets = ForwardTarget.objects.filter(forwardings__incident=incident).distinct().order_by("pk")
    allowed = seconds_on(now).of(IncidentKind(incident.kind), Timer.FORWARD) or 0
    rows = []
    for target in targets:
        document, text, identifier = _written(incident, target, stage, now)
        row = Forwarding.objects.create(
            incident=incident,
            target=target,
            stage=stage,
            identifier=identifier,
            document=document,
            sha256=sha256(document.encode()).hexdigest(),
            posted_at=now,
            due_at=now + timedelta(seconds=allowed),
        )
        rows.append(row)
        outbox.post(
            channel=target.channel,
            address=target.address,
            recipient_name=target.name,
            title=f"{_TITLE[stage]}：{_place(incident)}"[:256],
            body=document if Channel(target.channel) in TAKES_DOCUMENT else text,
            key=f"{KEY}{row.pk}",
            is_urgent=True,
            now=now,
        )
    actor = platform(incident.organ_id)
    names = "、".join(row.target.name for row in rows)
    what = f"{stage.label}：{names}" if rows else N_("没有登记上报对象，请立即电话上报 119")
    step(incident, Told.POSTED, actor, now, what=what)
    audit.record(
        actor=actor,
        action="alarms.post_forwarding",
        subject=incident,
        now=now,
        after={"stage": stage.value, "documents": [row.sha256 for row in rows]},
        cause=names[:256],
    )
    return len(rows)


def _place(incident: Incident) -> str:
    building = incident.building
    return f"{building.name}（{building.address}）" if building else str(incident.device)


def _written(incident: Incident, target: ForwardTarget, stage: Stage, now: datetime) -> tuple[str, str, str]:
    """The document for machines, the text for people, and the document's number."""
    identifier = f"anguan-{incident.pk}-{target.pk}-{stage.value}"
    points = list(
        IncidentPoint.objects.filter(incident=incident)
        .select_related("point")
        .order_by("first_at", "pk")[:_NAMED_POINTS]
    )
    names = "、".join(str(place.point) for place in points)
    at = incident.opened_at.astimezone(clock.CHINA)
    unverified = N_("还没有人在现场核实。") if stage is Stage.UNVERIFIED else ""
    text = (
        f"{at:%m月%d日 %H:%M:%S} {_place(incident)} {IncidentKind(incident.kind).label}，"
        f"报警部位{incident.points_count}处：{names}。{unverified}"
    )
    instruction = {
        Stage.UNVERIFIED: N_("请做好出动准备，等待确认或者解除。"),
        Stage.CONFIRMED: N_("请立即出动。"),
        Stage.CANCELLED: N_("已核实不是火警，不用出动。"),
    }[stage]
    before = list(Forwarding.objects.filter(incident=incident, target=target).order_by("pk"))
    told = {Stage(row.stage): row for row in before}
    building = incident.building
    message = cap.Message(
        identifier=identifier,
        sender="anguan",
        sent=now,
        stage=stage,
        is_exercise=settings.ANGUAN_DEMO,
        restriction="消防救援和应急管理部门",
        references=[cap.Reference(told[one].identifier, told[one].posted_at) for one in earlier(told, stage)],
        event=IncidentKind(incident.kind).label,
        headline=f"{_TITLE[stage]}：{_place(incident)}",
        description=text,
        instruction=instruction,
        contact=" ".join(part for part in (incident.organ.name, incident.organ.phone) if part),
        sender_name=incident.organ.name,
        onset=incident.opened_at,
        area=_place(incident),
        latitude=Decimal(building.latitude) if building and building.latitude is not None else None,
        longitude=Decimal(building.longitude) if building and building.longitude is not None else None,
        parameters=[
            ("incident", str(incident.pk)),
            ("verified", "no" if stage is Stage.UNVERIFIED else "yes"),
            ("points", str(incident.points_count)),
        ],
    )
    return cap.document(message), f"{text}{instruction}", identifier


@transaction.atomic
def keep_proof(*, forwarding_id: int, proof: str, sent_at: datetime) -> None:
    """上报送达: keep what the addressee answered; a confirmed fire is forwarded once one has. Repeats change nothing.

    A carrier that nobody answers over proves nothing, and the incident waits for somebody who does.
    """
    row = Forwarding.objects.select_for_update().select_related("incident", "target").get(pk=forwarding_id)
    if row.delivered_at is not None or not proof:
        return
    row.delivered_at, row.proof = sent_at, proof[:500]
    row.save(update_fields=["delivered_at", "proof"])
    incident = locked(row.incident)
    actor = platform(incident.organ_id)
    taken = f"{(sent_at - row.posted_at).total_seconds():.1f} 秒"
    what = f"{Stage(row.stage).label}，{row.target.name}，{taken}"
    if row.stage == Stage.CONFIRMED and incident.state == IncidentState.TRUE_FIRE:
        make(incident, asked(incident, IncidentAction.FORWARD, actor), actor, sent_at, what=what, heard=proof)
        return
    step(incident, Told.DELIVERED, actor, sent_at, what=what, heard=proof)
    audit.record(
        actor=actor,
        action="alarms.keep_proof",
        subject=row,
        now=sent_at,
        after={"sha256": row.sha256, "proof": row.proof},
    )
    announce([(incident.organ_id, incident.pk, Told.DELIVERED.value)], sent_at)
