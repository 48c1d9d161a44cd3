"""Reading an operation strictly, and believing a phone's clock as far as it can be believed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from anguan.core.canonical import canonical_json
from anguan.inspections.rules import NotAllowed
from anguan.inspections.rules.offline import Altered, Operation, OperationKind, digest_of, moment_of, read_operation

NINE = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
SIX = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def an_operation(**changes: Any) -> dict[str, Any]:
    value: dict[str, Any] = {
        "format": "anguan-offline/1",
        "id": "0192f0c1-2222-7000-8000-000000000001",
        "user": "7",
        "device": "0192f0c1-2222-7000-8000-000000000002",
        "visit": "0192f0c1-2222-7000-8000-000000000003",
        "position": 1,
        "previous": "",
        "kind": "note",
        "at": "2026-03-03T01:00:00.000Z",
        "device_at": "2026-03-03T01:00:00.000Z",
        "offset_ms": 0,
        "jump_ms": 0,
        "measured_at": "2026-03-03T00:00:00.000Z",
        "task": "0" * 64,
        "payload": {"text": "三层停电"},
    }
    return {**value, **changes}


def read(value: Any) -> Operation:
    text = canonical_json(value)
    return read_operation(text, digest_of(text))


def test_a_sound_operation_is_read() -> None:
    operation = read(an_operation())
    assert (operation.kind, operation.position, operation.at) == (OperationKind.NOTE, 1, NINE)
    assert operation.problem == ""


def test_another_text_than_the_hashed_one_is_altered() -> None:
    text = canonical_json(an_operation())
    with pytest.raises(Altered):
        read_operation(text.replace("停电", "送电"), digest_of(text))


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "anguan-offline/2"},
        {"id": "7"},
        {"position": 0},
        {"position": True},
        {"position": 2},
        {"previous": "0" * 64},
        {"previous": "G" * 64, "position": 2},
        {"kind": "issue"},
        {"at": "2026-03-03T01:00:00"},
        {"at": "2026-13-03T01:00:00.000Z"},
        {"offset_ms": 2**60},
        {"user": 7},
        {"task": ""},
    ],
    ids=str,
)
def test_what_has_no_place_in_a_chain_is_not_read(changes: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed, match="读不懂"):
        read(an_operation(**changes))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"a": 1}', "[" * 5000, '"\\ud800"'], ids=repr)
def test_no_operation_at_all_is_refused(text: str) -> None:
    with pytest.raises(NotAllowed, match="读不懂"):
        read_operation(text, digest_of(text))


def test_the_same_fields_in_another_spelling_are_not_read() -> None:
    text = canonical_json(an_operation()).replace('":', '": ')
    with pytest.raises(NotAllowed):
        read_operation(text, digest_of(text))


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("note", {"text": "长" * 2001}),
        ("note", {}),
        ("note", None),
        ("note", {"text": "a\0b"}),
        ("start", {"present": ["1"], "host": "", "lat": "", "lon": "", "accuracy": None}),
        ("start", {"present": [1], "host": "", "lat": "北", "lon": "", "accuracy": None}),
        ("answer", {"item": "1"}),
        ("ready", {"digest": "x"}),
        ("sign", {"digest": "0" * 64, "party": "officer"}),
        (
            "without",
            {"category": "unreachable", "note": "", "photos": [{"id": "0193b1f0-0000-7000-8000-000000000001"}]},
        ),
        ("without", {"category": "unreachable", "note": "", "photos": [{}] * 10}),
    ],
    ids=str,
)
def test_a_payload_that_cannot_be_used_keeps_its_place(kind: str, payload: Any) -> None:
    operation = read(an_operation(kind=kind, payload=payload))
    assert "读不懂或太长" in operation.problem
    assert operation.position == 1


def at(minutes: float, **changes: Any) -> Operation:
    moment = (NINE + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return read(an_operation(at=moment, device_at=changes.pop("device_at", moment), **changes))


def test_a_day_old_act_counts_at_its_own_moment() -> None:
    when = moment_of(at(5), received_at=SIX, not_before=NINE)
    assert (when.at, when.is_doubtful) == (NINE + timedelta(minutes=5), False)


def test_a_clock_that_is_wrong_but_measured_is_believed() -> None:
    # The phone is an hour fast, the offset says so, and the corrected moment is what counts.
    fast = at(5, device_at="2026-03-03T02:05:00.000Z", offset_ms=-3_600_000)
    assert not moment_of(fast, received_at=SIX, not_before=NINE).is_doubtful


def test_what_was_sent_at_once_may_seem_to_come_from_the_near_future() -> None:
    when = moment_of(at(1), received_at=NINE, not_before=None)
    assert (when.at, when.is_doubtful) == (NINE + timedelta(minutes=1), False)


@pytest.mark.parametrize(
    ("operation", "wanted"),
    [
        pytest.param(at(24 * 60), SIX, id="来自未来"),
        pytest.param(at(-24 * 60), NINE, id="早于前一步"),
        pytest.param(at(5, device_at="2026-03-03T09:00:00.000Z"), NINE + timedelta(minutes=5), id="与手机时钟对不上"),
        pytest.param(at(5, measured_at=""), NINE + timedelta(minutes=5), id="从未对时"),
    ],
)
def test_a_clock_in_doubt_is_bounded_and_told(operation: Operation, wanted: datetime) -> None:
    when = moment_of(operation, received_at=SIX, not_before=NINE)
    assert (when.at, when.is_doubtful) == (wanted, True)
