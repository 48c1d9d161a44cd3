"""用户信息传输装置: admitting one, blocking one, letting one send over HTTP, and orders to it."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.db import connection, transaction
from psycopg import AsyncConnection

from anguan.alarms.models import Command, Device, IncidentPoint, Pending, Point
from anguan.alarms.rules.devices import CommandKind, DeviceState, IdentifiedBy, Profile, identified_by, takes_orders
from anguan.alarms.rules.refusals import NotAllowed
from anguan.alarms.services import sets
from anguan.core.words import N_
from anguan.ground import audit
from anguan.ground.access import SYSTEM, Actor
from anguan.people.models import Organ
from anguan.registry.models import Building, Enterprise

# The gateway listens on the first two, and who takes signals by HTTP on the first; the evaluator on the third.
DEVICE_CHANNEL: Final = "alarms_device"
COMMAND_CHANNEL: Final = "alarms_command"
PENDING_CHANNEL: Final = "alarms_pending"
_AUDITED = ("state", "organ_id", "building_id", "enterprise_id", "place", "profile", "heartbeat_s")


@transaction.atomic
def admit_device(
    *,
    device: Device,
    organ: Organ,
    actor: Actor,
    now: datetime,
    building: Building | None = None,
    enterprise: Enterprise | None = None,
    place: str = "",
    profile: str = Profile.STANDARD.value,
    heartbeat_s: int | None = None,
) -> Device:
    """接入: from now on its signals are judged, and once those it sent while nobody knew it.

    Under a profile other than the standard the gateway reads the stored frames again before they are judged. One that
    comes from another duty room or building leaves nothing open there, nor its points on the plans.

    Raises `NotAllowed`.
    """
    device = Device.objects.select_for_update().get(pk=device.pk)
    if device.state == DeviceState.ADMITTED:
        raise NotAllowed(N_("该装置已经接入，不能重复接入；要改资料请用修改。"))
    before = audit.snapshot(device, *_AUDITED)
    was_unknown = device.state == DeviceState.UNKNOWN
    moves = (device.organ_id, device.building_id) != (organ.pk, building.pk if building else None)
    if moves and IncidentPoint.objects.filter(point__device=device, is_open=True).exists():
        raise NotAllowed(N_("该装置在原来的地方还有没作出结论的警情，请先在值班室处置，再接入到别处。"))
    Point.objects.filter(device=device, plan__isnull=False).exclude(plan__building=building).update(
        plan=None, x=None, y=None
    )
    device.state = DeviceState.ADMITTED.value
    device.organ, device.building, device.enterprise = organ, building, enterprise
    device.place = place or device.place
    device.profile = Profile(profile).value
    device.heartbeat_s = heartbeat_s or device.heartbeat_s
    is_framed = device.identified_by != IdentifiedBy.TOPIC
    device.needs_reading_again = was_unknown and is_framed and profile != Profile.STANDARD
    device.save()
    if device.needs_reading_again:
        Pending.objects.filter(device_id=None, source=device.source).delete()
    elif was_unknown:
        claim_waiting(device)
    else:
        # What was said while it was blocked was said to nobody.
        Pending.objects.filter(device_id=None, source=device.source).delete()
    audit.record(
        actor=actor,
        action="alarms.admit_device",
        subject=device,
        now=now,
        before=before,
        after=audit.snapshot(device, *_AUDITED),
    )
    _tell(DEVICE_CHANNEL, device.pk)
    return device


def claim_waiting(device: Device) -> int:
    """Give what waited for a device's admission to the evaluator; how many signals that were."""
    claimed = Pending.objects.filter(device_id=None, source=device.source).update(device_id=device.pk)
    if claimed:
        _tell(PENDING_CHANNEL, "")
    return claimed


@transaction.atomic
def block_device(*, device: Device, actor: Actor, now: datetime, reason: str) -> Device:
    """停用: its frames are still stored and acknowledged, but nobody is called for them."""
    if not reason.strip():
        raise NotAllowed(N_("停用装置要写明原因。"))
    device = Device.objects.select_for_update().get(pk=device.pk)
    if device.state == DeviceState.BLOCKED:
        raise NotAllowed(N_("该装置已经停用。"))
    before = audit.snapshot(device, *_AUDITED)
    device.state = DeviceState.BLOCKED.value
    device.token_hash = ""
    device.save(update_fields=["state", "token_hash"])
    Pending.objects.filter(device_id=None, source=device.source).delete()
    audit.record(
        actor=actor,
        action="alarms.block_device",
        subject=device,
        now=now,
        before=before,
        after=audit.snapshot(device, *_AUDITED),
        cause=reason,
    )
    _tell(DEVICE_CHANNEL, device.pk)
    return device


@transaction.atomic
def register_device(*, source: str, actor: Actor, now: datetime) -> Device:
    """登记: a device that is expected but was not heard yet; the one that is there already where it was."""
    device, is_new = Device.objects.get_or_create(
        source=source,
        defaults={
            "identified_by": identified_by(source).value,
            "state": DeviceState.UNKNOWN.value,
        },
    )
    if is_new:
        audit.record(actor=actor, action="alarms.register_device", subject=device, now=now, after={"source": source})
    return device


@transaction.atomic
def issue_token(*, device: Device, actor: Actor, now: datetime) -> str:
    """发放令牌: the secret by which a system sends to `/live/signals`, shown this once; an earlier one ends."""
    device = Device.objects.select_for_update().get(pk=device.pk)
    if device.state != DeviceState.ADMITTED:
        raise NotAllowed(N_("只有已接入的装置才能取得令牌；请先接入。"))
    token = secrets.token_urlsafe(32)
    device.token_hash = hash_of(token)
    device.save(update_fields=["token_hash"])
    audit.record(actor=actor, action="alarms.issue_token", subject=device, now=now)
    _tell(DEVICE_CHANNEL, device.pk)
    return token


def hash_of(token: str) -> str:
    """What is kept of a token; it has 256 bits of chance, so that a plain hash hides it."""
    return sha256(token.encode()).hexdigest()


async def devices_of_tokens(
    asking: AsyncConnection[tuple[Any, ...]], hashes: Iterable[str]
) -> dict[str, tuple[int, str, bool]]:
    """Number and source of the admitted devices that have these tokens, and whether their silence was noticed.

    Asked for every sender that a process does not know yet, so in one journey and by no thread.
    """
    cursor = await asking.execute(
        "SELECT token_hash, id, source, silent_since IS NOT NULL FROM alarms_device"
        " WHERE token_hash = ANY(%s) AND token_hash <> '' AND state = %s",
        (list(hashes), DeviceState.ADMITTED.value),
    )
    return {key: (number, source, is_silent) for key, number, source, is_silent in await cursor.fetchall()}


# In one order everywhere, so that two who note the same devices never wait for each other.
NOTE_HEARD: Final = """
    UPDATE alarms_device AS d SET last_heard_at = greatest(d.last_heard_at, n.beat, n.told),
        first_heard_at = coalesce(d.first_heard_at, n.beat, n.told),
        is_online = d.is_online OR (n.beat IS NOT NULL AND (n.is_back OR d.silent_since IS NULL)),
        silent_since = CASE WHEN n.is_back THEN NULL ELSE d.silent_since END,
        clock_offset = coalesce(n.skew, d.clock_offset)
    FROM (SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::float8[], %s::boolean[])
        AS t (id, beat, told, skew, is_back) ORDER BY id) AS n WHERE d.id = n.id
"""
"""When devices last spoke, by a heartbeat or otherwise, and how far their clocks were off; None where not.

Whoever sends heartbeats has promised to go on, so that silence is a finding; of others it is not. A silence that the
evaluator was told of ends with `is_back` alone, which says that it was told of the end, too: else nobody would end it.
"""


def note_heard(heard: Mapping[int, tuple[datetime, bool, bool]]) -> None:
    """Write down when these devices last spoke, whether by a heartbeat, and whether by one that ended a silence."""
    beats = [at if by_beat else None for at, by_beat, _is_back in heard.values()]
    told = [at for at, _by_beat, _is_back in heard.values()]
    back = [is_back for _at, _by_beat, is_back in heard.values()]
    sets.execute(NOTE_HEARD, (list(heard), beats, told, [None] * len(told), back))


def send_command(
    *, device: Device, kind: CommandKind, now: datetime, actor: Actor = SYSTEM, **arguments: Any
) -> Command:
    """下达: the gateway sends it within a second and writes down what came of it.

    `minutes` for a duty check; for a query `type` and, as it asks for them, `system_type`, `system_address`,
    `component_address`, `number`, `since`.
    """
    if device.state != DeviceState.ADMITTED:
        raise NotAllowed(N_("只能向已接入的装置下达命令；请先接入。"))
    if not takes_orders(device.source):
        raise NotAllowed(N_("该装置用 MQTT 或者 HTTP 报送，收不到命令；只能向按国标通信的装置下达。"))
    if kind == CommandKind.DUTY_CHECK and not 1 <= int(arguments.get("minutes", 0)) <= 255:
        raise NotAllowed(N_("查岗的应答时限是 1 至 255 分钟。"))
    command = Command.objects.create(
        device=device,
        kind=kind.value,
        arguments=arguments,
        asked_at=now,
        asked_by_id=actor.id,
        asked_by_name=actor.name,
    )
    audit.record(
        actor=actor,
        action="alarms.send_command",
        subject=command,
        now=now,
        after={"device": device.pk, "kind": kind.value, "arguments": arguments},
    )
    _tell(COMMAND_CHANNEL, command.pk)
    return command


def _tell(channel: str, what: object) -> None:
    """Wake whoever listens, when the transaction has committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, str(what)])
