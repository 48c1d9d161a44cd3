"""离线操作: what an officer did on a phone without network, as it arrives later, in any order and more than once.

Each operation is one canonical JSON text, made and hashed on the phone. The operations of one phone on one visit form a
chain: `position` counts from 1 and `previous` is the digest of the one before, so that a missing or altered one shows.
The server keeps the text as it came and applies a chain in its order, whatever order it arrived in.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from anguan.core.canonical import NotCanonical, canonical_json
from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.inspections.rules.refusals import NotAllowed

OPERATION_FORMAT: Final = "anguan-offline/1"
LONGEST_BODY: Final = 200_000
MOST_AT_ONCE: Final = 50
LONGEST: Final = {"note": 500, "place": 100, "criterion": 200, "host": 60, "name": 60, "text": 2000, "reason": 200}
MOST_PHOTOS: Final = 9
# A phone's clock is read to the second by most people; more than this between what it says and what follows is told.
CLOCK_TOLERANCE: Final = timedelta(minutes=2)

_HEX = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class OperationKind(Labelled):
    """离线操作的种类."""

    START = "start", N_("到场签到")
    ANSWER = "answer", N_("记录一项")
    RECHECK = "recheck", N_("复查一条隐患")
    WITHOUT = "without", N_("未能检查")
    NOTE = "note", N_("现场记事")
    OPINION = "opinion", N_("专家意见")
    READY = "ready", N_("生成记录")
    REOPEN = "reopen", N_("退回修改")
    SIGN = "sign", N_("签名")


class OperationState(Labelled):
    """离线操作到了平台之后的状态."""

    WAITING = "waiting", N_("等前面的到齐")
    DONE = "done", N_("已办")
    REFUSED = "refused", N_("未能照办")


class Altered(ValueError):
    """The text that arrived is not the one that was hashed on the phone; the phone sends it again."""


@dataclass(frozen=True)
class PhotoNote:
    """What an operation says of one of its pictures; the bytes travel on their own, by hash."""

    uid: UUID
    sha256: str
    taken_at: datetime
    latitude: Decimal | None
    longitude: Decimal | None
    accuracy_m: int | None
    name: str


@dataclass(frozen=True)
class Operation:
    """离线操作, as read: `at` is the phone's moment corrected by `offset_ms`, `device_at` what its clock showed.

    `jump_ms` is by how much the clock was moved by hand since the offset was measured, as far as the phone could tell.
    """

    uid: UUID
    user: str
    device: UUID
    visit: UUID
    position: int
    previous: str
    kind: OperationKind
    at: datetime
    device_at: datetime
    offset_ms: int
    jump_ms: int
    measured_at: datetime | None
    task: str
    payload: Mapping[str, Any]
    # Why the payload can't be used; the operation still takes its place in the chain, and is refused there.
    problem: str = ""

    @property
    def photos(self) -> list[PhotoNote]:
        """The pictures that have to be here before the operation can be applied."""
        return [_photo(row) for row in self.payload.get("photos", [])]

    @property
    def needs(self) -> list[str]:
        """The hashes of all files it needs: pictures, and the drawn signature."""
        image = self.payload.get("image") or ""
        return [photo.sha256 for photo in self.photos] + ([str(image)] if image else [])


def digest_of(text: str) -> str:
    """The SHA-256 of an operation's text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_operation(text: str, digest: str) -> Operation:
    """Read an operation strictly; a payload that can't be used is told in `problem`.

    Raises `Altered` when the text is not what was hashed, `NotAllowed` when not even its place in a chain can be read.
    """
    if digest_of(text) != digest:
        raise Altered(N_("内容与手机上算出的指纹不一致，传输中有变化，手机会重新发送。"))
    if len(text) > LONGEST_BODY:
        raise NotAllowed(N_("这条操作太大，请分开记录。"))
    try:
        value = json.loads(text)
        is_canonical = canonical_json(value) == text
    except (ValueError, NotCanonical, RecursionError):
        raise NotAllowed(N_("这条操作的格式读不懂，请更新手机上的页面后重新填写。")) from None
    try:
        if not is_canonical or value["format"] != OPERATION_FORMAT:
            raise ValueError
        kind = OperationKind(value["kind"])
        payload, problem = _payload_or_problem(kind, value["payload"])
        operation = Operation(
            uid=UUID(value["id"]),
            user=_text(value["user"], 20),
            device=UUID(value["device"]),
            visit=UUID(value["visit"]),
            position=_whole(value["position"], 1, 100_000),
            previous=_digest(value["previous"], or_empty=True),
            kind=kind,
            at=_moment(value["at"]),
            device_at=_moment(value["device_at"]),
            offset_ms=_whole(value["offset_ms"], -(2**52), 2**52),
            jump_ms=_whole(value["jump_ms"], -(2**52), 2**52),
            measured_at=_moment(value["measured_at"]) if value["measured_at"] else None,
            task=_digest(value["task"]),
            payload=payload,
            problem=problem,
        )
        if (operation.position == 1) != (operation.previous == ""):
            raise ValueError
    except (KeyError, TypeError, ValueError, AttributeError):
        raise NotAllowed(N_("这条操作的格式读不懂，请更新手机上的页面后重新填写。")) from None
    return operation


def _payload_or_problem(kind: OperationKind, value: Any) -> tuple[Mapping[str, Any], str]:
    try:
        return _payload(kind, value), ""
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        return {}, N_("这条操作里有读不懂或太长的内容，没有照办；请在手机上重新填写这一步。")


def _payload(kind: OperationKind, value: Any) -> Mapping[str, Any]:
    """The payload with every field checked for kind and length; what it means is judged when it is applied."""
    if not isinstance(value, dict):
        raise TypeError
    for name, longest in LONGEST.items():
        if name in value:
            _text(value[name], longest)
    photos = value.get("photos", [])
    if not isinstance(photos, list) or len(photos) > MOST_PHOTOS:
        raise ValueError
    for row in photos:
        _photo(row)
    match kind:
        case OperationKind.START:
            if not all(isinstance(one, int) and not isinstance(one, bool) for one in value["present"]):
                raise TypeError
            _text(value["host"], LONGEST["host"])
            degrees(value["lat"], 90)
            degrees(value["lon"], 180)
            if value["accuracy"] is not None:
                _whole(value["accuracy"], 0, 10_000_000)
        case OperationKind.ANSWER:
            _whole(value["item"], 1, 32_000)
            for name in ("outcome", "note", "place", "level", "criterion", "due_on"):
                _text(value[name], LONGEST.get(name, 20))
        case OperationKind.RECHECK:
            UUID(value["hazard"])
            _text(value["note"], LONGEST["note"])
            if not isinstance(value["rectified"], bool):
                raise TypeError
        case OperationKind.WITHOUT:
            _text(value["category"], 20)
            _text(value["note"], LONGEST["note"])
        case OperationKind.NOTE | OperationKind.OPINION:
            _text(value["text"], LONGEST["text"])
        case OperationKind.READY:
            _digest(value["digest"])
        case OperationKind.REOPEN:
            _text(value["reason"], LONGEST["reason"])
        case OperationKind.SIGN:
            _digest(value["digest"])
            _text(value["party"], 12)
            _digest(value["image"], or_empty=True)
            _text(value["name"], LONGEST["name"])
            _text(value["note"], LONGEST["reason"])
            if not isinstance(value["refused"], bool) or not isinstance(value["officer"], int):
                raise TypeError
    return value


def _photo(row: Mapping[str, Any]) -> PhotoNote:
    return PhotoNote(
        uid=UUID(row["id"]),
        sha256=_digest(row["sha256"]),
        taken_at=_moment(row["taken_at"]),
        latitude=degrees(row["lat"], 90),
        longitude=degrees(row["lon"], 180),
        accuracy_m=None if row["accuracy"] is None else _whole(row["accuracy"], 0, 10_000_000),
        name=_text(row["name"], 200),
    )


def degrees(text: Any, most: int) -> Decimal | None:
    """A coordinate from its text; None for none, or for one that is no place on earth."""
    if _text(text, 20) == "":
        return None
    value = Decimal(text)
    return round(value, 6) if value.is_finite() and abs(value) <= most else None


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise ValueError
    return value


def _whole(value: Any, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError
    return value


def _digest(value: Any, *, or_empty: bool = False) -> str:
    if or_empty and value == "":
        return ""
    if not isinstance(value, str) or _HEX.fullmatch(value) is None:
        raise ValueError
    return value


def _moment(value: Any) -> datetime:
    if not isinstance(value, str) or _MOMENT.fullmatch(value) is None:
        raise ValueError
    return datetime.fromisoformat(value).astimezone(UTC)


@dataclass(frozen=True)
class Moment:
    """When something was done, and whether the phone's clock can be believed in it."""

    at: datetime
    is_doubtful: bool


def moment_of(operation: Operation, *, received_at: datetime, not_before: datetime | None) -> Moment:
    """When an operation was done: the phone's corrected moment, kept between what must lie before and its arrival.

    `not_before` is the operation before it on the same phone, else the approval of the visit; an emergency has none.
    """
    corrected = operation.device_at + timedelta(milliseconds=operation.offset_ms - operation.jump_ms)
    # An offset is measured to a fraction of a second: what was sent at once may seem to come from the near future.
    at = operation.at if operation.at <= received_at + CLOCK_TOLERANCE else received_at
    at = max(not_before, at) if not_before else at
    is_doubtful = (
        abs(corrected - operation.at) > CLOCK_TOLERANCE
        or abs(at - operation.at) > CLOCK_TOLERANCE
        or operation.measured_at is None
    )
    return Moment(at, is_doubtful)
