"""The bundle's fields and every constraint that the page puts on them (section "Fields")."""

import json
import re
from datetime import datetime
from typing import Any, Final, Literal, NoReturn, NotRequired, TypedDict, cast
from unicodedata import is_normalized

from anguan.inspections.draws.hashing import FORMAT, HASHES
from anguan.inspections.draws.words import MISSING, BeaconKind, Differs, SkipReason, Step, Want


class Stratum(TypedDict):
    """分层: one list from which targets are drawn; `speciality` is what its officers must have."""

    id: str
    targets: int
    alternates: int
    speciality: str | None


class BeaconPlan(TypedDict):
    """Which randomness will be used, named before it exists."""

    kind: str
    round: int | str | None
    not_before: str


class Spec(TypedDict):
    """抽查规范: all that is fixed before the randomness exists."""

    batch: str
    title: str
    organ: str
    item_list: str
    strata: list[Stratum]
    weights: dict[str, int]
    officers_per_target: int
    pool_root: str
    officers_digest: str
    conflicts_digest: str
    beacon: BeaconPlan
    committed_at: str


class Commitment(TypedDict):
    """承诺: a party's promise of a secret."""

    party: str
    commitment: str


class Secret(TypedDict):
    """A party's secret, once it is opened: 32 bytes as 64 hex digits."""

    party: str
    secret: str


class Beacon(TypedDict):
    """The randomness that was drawn on, as text; `signature` where the kind has one, in hex."""

    value: str
    signature: NotRequired[str]
    source: NotRequired[str]


PoolRow = TypedDict("PoolRow", {"id": str, "stratum": str, "class": str, "salt": str})


class Officer(TypedDict):
    """执法人员 on the draw's roster."""

    id: str
    leader: bool
    capacity: int
    specialities: list[str]


class Conflict(TypedDict):
    """回避: this officer does not go to this target."""

    officer: str
    target: str
    reason: str


class Skip(TypedDict):
    """An officer who was passed over."""

    officer: str
    reason: str


class Target(TypedDict):
    """抽中的检查对象 with the officers who go there."""

    id: str
    stratum: str
    rank: int
    officers: list[str]
    skipped: list[Skip]
    unstaffed: bool


class Alternate(TypedDict):
    """备选对象."""

    id: str
    stratum: str
    rank: int


class Result(TypedDict):
    """What the draw gave."""

    seed: str
    targets: list[Target]
    alternates: list[Alternate]


class Bundle(TypedDict):
    """抽查包: one draw, whole; `result` is missing until it is drawn."""

    format: Literal["anguan-draw/1"]
    hash: str
    spec: Spec
    commitments: list[Commitment]
    beacon: Beacon
    secrets: list[Secret]
    pool: list[PoolRow]
    officers: list[Officer]
    conflicts: list[Conflict]
    result: NotRequired[Result]


class Unreadable(Exception):
    """The bytes are no JSON document; the message says in Chinese what is wrong."""


def parse(data: bytes) -> Any:
    """The value of a JSON document in UTF-8, with or without byte order mark.

    Raises `Unreadable` when it is none, and `Differs` for what other programs would read in their own way: a key that
    occurs twice in one object, a number with point or exponent.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("文件不是 UTF-8 编码的文字，应是一份抽查包 JSON 文件。") from None
    try:
        return json.loads(text, object_pairs_hook=_object, parse_float=_no_float, parse_constant=_no_float)
    except json.JSONDecodeError as error:
        raise Unreadable(f"文件不是 JSON：第 {error.lineno} 行第 {error.colno} 列读不懂。") from None
    except RecursionError:
        raise Unreadable("文件里的括号嵌套过深，不是一份抽查包。") from None
    except ValueError:
        # Python refuses to read an integer of more than 4300 digits.
        raise Unreadable("文件里有一个长得无法读取的数字。") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise Differs(Step.FORMAT, key, Want.ONCE, value[key])
            seen.add(key)
    return value


def _no_float(text: str) -> NoReturn:
    raise Differs(Step.FORMAT, text, Want.NO_FLOAT, text)


NAME: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,64}")
PARTY: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
HEX: Final = re.compile(r"(?:[0-9a-f]{2})+")
HEX_64: Final = re.compile(r"[0-9a-f]{64}")
HEX_96: Final = re.compile(r"[0-9a-f]{96}")
SALT: Final = re.compile(r"[0-9a-f]{16,}")
TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def _wrong(path: str, want: Want, found: Any) -> NoReturn:
    raise Differs(Step.FORMAT, path, want, found)


def _fields(value: Any, path: str, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    """An object with the needed fields, and no other than those and the optional ones."""
    _needed(value, path, needed)
    for name in value:
        if name not in needed and name not in optional:
            _wrong(_join(path, name), Want.ABSENT, value[name])


def _needed(value: Any, path: str, needed: tuple[str, ...]) -> None:
    if type(value) is not dict:
        _wrong(path, Want.OBJECT, value)
    for name in needed:
        if name not in value:
            _wrong(_join(path, name), Want.PRESENT, MISSING)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _list(value: Any, path: str) -> None:
    if type(value) is not list:
        _wrong(path, Want.LIST, value)


def _is_text(value: Any) -> bool:
    return type(value) is str and (value.isascii() or (is_normalized("NFC", value) and not SURROGATE.search(value)))


def _text(value: Any, path: str, want: Want = Want.TEXT) -> None:
    if not _is_text(value) or (want is Want.SPEAKING_TEXT and not value):
        _wrong(path, want, value)


def _name(value: Any, path: str) -> None:
    if not (_is_text(value) and NAME.fullmatch(value)):
        _wrong(path, Want.NAME, value)


def _party(value: Any, path: str) -> None:
    if not (_is_text(value) and PARTY.fullmatch(value)):
        _wrong(path, Want.PARTY, value)


def _pattern(value: Any, path: str, pattern: re.Pattern[str], want: Want) -> None:
    if not (type(value) is str and pattern.fullmatch(value)):
        _wrong(path, want, value)


def _integer(value: Any, path: str, least: int) -> None:
    # `type` and not `isinstance`: true is no number here.
    if type(value) is not int or value < least:
        _wrong(path, (Want.NATURAL, Want.POSITIVE, Want.TWO_OR_MORE)[least], value)


def _flag(value: Any, path: str) -> None:
    if type(value) is not bool:
        _wrong(path, Want.FLAG, value)


def _time(value: Any, path: str) -> None:
    _pattern(value, path, TIME, Want.TIME)
    try:
        datetime.fromisoformat(value)
    except ValueError:
        _wrong(path, Want.TIME, value)


def check_format(raw: Any, *, with_result: bool = True) -> Bundle:
    """The bundle as typed, or `Differs` at the first field, in the order of the page, that breaks the format.

    With `with_result=False` the result must be missing or null.
    """
    needed = ("format", "hash", "spec", "commitments", "beacon", "secrets", "pool", "officers", "conflicts")
    if with_result:
        _fields(raw, "", (*needed, "result"))
    else:
        _fields(raw, "", needed, ("result",))
        if raw.get("result") is not None:
            _wrong("result", Want.ABSENT, raw["result"])
    if raw["format"] != FORMAT:
        _wrong("format", Want.FORMAT, raw["format"])
    if type(raw["hash"]) is not str or raw["hash"] not in HASHES:
        _wrong("hash", Want.HASH, raw["hash"])
    _check_spec(raw["spec"])
    _check_parties(raw["commitments"], raw["secrets"], raw["beacon"], raw["spec"]["beacon"]["kind"])
    _check_pool(raw["pool"], raw["spec"])
    _check_officers(raw["officers"])
    _check_conflicts(raw["conflicts"])
    if with_result:
        _check_result_shape(raw["result"])
    return cast(Bundle, raw)


def _check_spec(spec: Any) -> None:
    _fields(spec, "spec", tuple(Spec.__annotations__))
    _name(spec["batch"], "spec.batch")
    for name in ("title", "organ", "item_list"):
        _text(spec[name], f"spec.{name}")
    strata = spec["strata"]
    _list(strata, "spec.strata")
    seen = set()
    for place, stratum in enumerate(strata):
        path = f"spec.strata[{place}]"
        _fields(stratum, path, tuple(Stratum.__annotations__))
        _name(stratum["id"], f"{path}.id")
        if stratum["id"] in seen:
            _wrong(f"{path}.id", Want.NEW, stratum["id"])
        seen.add(stratum["id"])
        _integer(stratum["targets"], f"{path}.targets", 1)
        _integer(stratum["alternates"], f"{path}.alternates", 0)
        if stratum["speciality"] is not None:
            _text(stratum["speciality"], f"{path}.speciality", Want.SPEAKING_TEXT)
    if type(spec["weights"]) is not dict:
        _wrong("spec.weights", Want.OBJECT, spec["weights"])
    for name, weight in spec["weights"].items():
        _name(name, f"spec.weights.{name}")
        _integer(weight, f"spec.weights.{name}", 1)
    _integer(spec["officers_per_target"], "spec.officers_per_target", 2)
    for name in ("pool_root", "officers_digest", "conflicts_digest"):
        _pattern(spec[name], f"spec.{name}", HEX_64, Want.HEX_64)
    _check_beacon_plan(spec["beacon"])
    _time(spec["committed_at"], "spec.committed_at")


def _check_beacon_plan(plan: Any) -> None:
    path = "spec.beacon"
    _fields(plan, path, tuple(BeaconPlan.__annotations__))
    kinds = {kind.value for kind in BeaconKind}
    if type(plan["kind"]) is not str or plan["kind"] not in kinds:
        _wrong(f"{path}.kind", Want.BEACON_KIND, plan["kind"])
    if plan["kind"] == BeaconKind.DRAND_QUICKNET:
        _integer(plan["round"], f"{path}.round", 1)
    elif plan["kind"] == BeaconKind.PUBLIC_VALUE:
        _text(plan["round"], f"{path}.round", Want.SPEAKING_TEXT)
    elif plan["round"] is not None:
        _wrong(f"{path}.round", Want.NULL, plan["round"])
    _time(plan["not_before"], f"{path}.not_before")


def _check_parties(commitments: Any, secrets: Any, beacon: Any, kind: str) -> None:
    _list(commitments, "commitments")
    parties: list[str] = []
    for place, entry in enumerate(commitments):
        path = f"commitments[{place}]"
        _fields(entry, path, ("party", "commitment"))
        _party(entry["party"], f"{path}.party")
        if entry["party"] in parties:
            _wrong(f"{path}.party", Want.NEW, entry["party"])
        parties.append(entry["party"])
        _pattern(entry["commitment"], f"{path}.commitment", HEX_64, Want.HEX_64)
    if len(parties) < 2:
        _wrong("commitments", Want.TWO_PARTIES, parties)
    _check_beacon_shape(beacon, kind)
    _list(secrets, "secrets")
    for place, entry in enumerate(secrets):
        path = f"secrets[{place}]"
        _fields(entry, path, ("party", "secret"))
        if place >= len(parties) or entry["party"] != parties[place]:
            _wrong(f"{path}.party", Want.SAME_PARTIES, entry["party"])
        _pattern(entry["secret"], f"{path}.secret", HEX_64, Want.HEX_64)
    if len(secrets) < len(parties):
        _wrong("secrets", Want.SAME_PARTIES, [entry["party"] for entry in secrets])


def _check_beacon_shape(beacon: Any, kind: str) -> None:
    needed = ("value", "signature") if kind == BeaconKind.DRAND_QUICKNET else ("value",)
    _fields(beacon, "beacon", needed, ("signature", "source"))
    value = beacon["value"]
    if kind == BeaconKind.DRAND_QUICKNET:
        _pattern(value, "beacon.value", HEX_64, Want.HEX_64)
        _pattern(beacon["signature"], "beacon.signature", HEX_96, Want.HEX_96)
    elif kind == BeaconKind.PUBLIC_VALUE:
        # A US inside the value would let the fields of the seed be read in two ways.
        if not _is_text(value) or not value or "\x1f" in value:
            _wrong("beacon.value", Want.VALUE, value)
    elif value != "":
        _wrong("beacon.value", Want.NOTHING, value)
    if "signature" in beacon and kind != BeaconKind.DRAND_QUICKNET:
        _pattern(beacon["signature"], "beacon.signature", HEX, Want.HEX)
    if "source" in beacon:
        _text(beacon["source"], "beacon.source")


def _check_pool(pool: Any, spec: Spec) -> None:
    if type(pool) is not list or not pool:
        _wrong("pool", Want.FILLED_LIST, pool)
    fields = ("id", "stratum", "class", "salt")
    strata = {stratum["id"] for stratum in spec["strata"]}
    weights = spec["weights"]
    before = ""
    # A pool has up to a million rows: the paths are only written out for a row that is wrong.
    for place, row in enumerate(pool):
        if type(row) is not dict or row.keys() != set(fields):
            _fields(row, f"pool[{place}]", fields)
        name, stratum, group, salt = row["id"], row["stratum"], row["class"], row["salt"]
        if not (_is_text(name) and NAME.fullmatch(name)):
            _wrong(f"pool[{place}].id", Want.NAME, name)
        if name <= before:
            _wrong(f"pool[{place}].id", Want.ASCENDING, name)
        before = name
        if type(stratum) is not str or stratum not in strata:
            _wrong(f"pool[{place}].stratum", Want.KNOWN_STRATUM, stratum)
        if type(group) is not str or group not in weights:
            _wrong(f"pool[{place}].class", Want.KNOWN_CLASS, group)
        if type(salt) is not str or not SALT.fullmatch(salt):
            _wrong(f"pool[{place}].salt", Want.SALT, salt)


def _check_officers(officers: Any) -> None:
    _list(officers, "officers")
    before = ""
    for place, officer in enumerate(officers):
        path = f"officers[{place}]"
        _fields(officer, path, tuple(Officer.__annotations__))
        _name(officer["id"], f"{path}.id")
        if officer["id"] <= before:
            _wrong(f"{path}.id", Want.ASCENDING, officer["id"])
        before = officer["id"]
        _flag(officer["leader"], f"{path}.leader")
        _integer(officer["capacity"], f"{path}.capacity", 1)
        _list(officer["specialities"], f"{path}.specialities")
        for number, speciality in enumerate(officer["specialities"]):
            _text(speciality, f"{path}.specialities[{number}]", Want.SPEAKING_TEXT)


def _check_conflicts(conflicts: Any) -> None:
    _list(conflicts, "conflicts")
    before = ("", "")
    for place, conflict in enumerate(conflicts):
        path = f"conflicts[{place}]"
        _fields(conflict, path, tuple(Conflict.__annotations__))
        _name(conflict["officer"], f"{path}.officer")
        _name(conflict["target"], f"{path}.target")
        pair = (conflict["officer"], conflict["target"])
        if pair <= before:
            _wrong(path, Want.ASCENDING, list(pair))
        before = pair
        _text(conflict["reason"], f"{path}.reason")


def _check_result_shape(result: Any) -> None:
    """All that the page names is there and of its type; what is there too many is found at the end."""
    _needed(result, "result", tuple(Result.__annotations__))
    _pattern(result["seed"], "result.seed", HEX_64, Want.HEX_64)
    reasons = {reason.value for reason in SkipReason}
    _list(result["targets"], "result.targets")
    for place, target in enumerate(result["targets"]):
        path = f"result.targets[{place}]"
        _needed(target, path, tuple(Target.__annotations__))
        _check_place(target, path)
        _list(target["officers"], f"{path}.officers")
        for number, officer in enumerate(target["officers"]):
            _name(officer, f"{path}.officers[{number}]")
        _list(target["skipped"], f"{path}.skipped")
        for number, skip in enumerate(target["skipped"]):
            _needed(skip, f"{path}.skipped[{number}]", tuple(Skip.__annotations__))
            _name(skip["officer"], f"{path}.skipped[{number}].officer")
            if type(skip["reason"]) is not str or skip["reason"] not in reasons:
                _wrong(f"{path}.skipped[{number}].reason", Want.SKIP_REASON, skip["reason"])
        _flag(target["unstaffed"], f"{path}.unstaffed")
    _list(result["alternates"], "result.alternates")
    for place, alternate in enumerate(result["alternates"]):
        path = f"result.alternates[{place}]"
        _needed(alternate, path, tuple(Alternate.__annotations__))
        _check_place(alternate, path)


def _check_place(entry: Any, path: str) -> None:
    _name(entry["id"], f"{path}.id")
    _name(entry["stratum"], f"{path}.stratum")
    _integer(entry["rank"], f"{path}.rank", 1)
