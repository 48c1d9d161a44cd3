"""上报对象: whom an organ's fires go to; changed by its leader, with a record."""

from datetime import datetime

from django.db import transaction

from anguan.alarms.models import ForwardTarget
from anguan.alarms.rules.forwarding import Channel, check_address
from anguan.alarms.rules.incidents import check_reason
from anguan.alarms.rules.refusals import NotAllowed
from anguan.core.words import N_
from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.people.models import Organ


@transaction.atomic
def add_target(
    *, organ: Organ, name: str, channel: str, address: str, takes_unverified: bool, actor: Actor, now: datetime
) -> ForwardTarget:
    """登记上报对象; one that stood there before is taken into use again. Raises `NotAllowed`."""
    chosen = Channel(channel)
    address = check_address(chosen, address)
    name = check_reason(name, N_("上报对象的名称"))[:100]
    Organ.objects.select_for_update().get(pk=organ.pk)
    row = ForwardTarget.objects.filter(organ=organ, channel=chosen, address=address).first()
    if row is not None and row.is_active:
        raise NotAllowed(N_("这个地址已经登记过，不用再登记。"))
    before = audit.snapshot(row) if row is not None else None
    row = row or ForwardTarget(organ=organ, channel=chosen, address=address)
    row.name, row.takes_unverified, row.is_active = name, takes_unverified, True
    row.save()
    audit.record(
        actor=actor, action="alarms.add_target", subject=row, now=now, before=before, after=audit.snapshot(row)
    )
    return row


@transaction.atomic
def switch_target(*, target: ForwardTarget, is_active: bool, actor: Actor, now: datetime) -> ForwardTarget:
    """停用 or 启用; what it is already changes nothing."""
    target = ForwardTarget.objects.select_for_update().get(pk=target.pk)
    if target.is_active != is_active:
        before = audit.snapshot(target, "is_active")
        target.is_active = is_active
        target.save(update_fields=["is_active"])
        audit.record(
            actor=actor,
            action="alarms.switch_target",
            subject=target,
            now=now,
            before=before,
            after=audit.snapshot(target, "is_active"),
        )
    return target
