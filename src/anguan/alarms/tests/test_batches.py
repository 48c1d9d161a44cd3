"""批次: what is encoded comes back as it was, and what was damaged is told from what is whole."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anguan.alarms.intake import NO_COMPONENT, Arrival, resend_key
from anguan.alarms.intake.arrivals import microseconds
from anguan.alarms.intake.batches import (
    _KINDS,
    Batch,
    Origin,
    TooNew,
    Unreadable,
    decode,
    encode,
    encode_arrival,
)
from anguan.alarms.rules.signals import Observation, PointKey, SignalKind
from anguan.ground.clock import CHINA

NOW = datetime(2026, 11, 23, 14, 15, 30, 123456, tzinfo=UTC)
ORIGIN = Origin(UUID(int=7), "网关一", microseconds(NOW))
FIRE = Observation(
    PointKey(1, 1, 40, 0x00070001),
    frozenset({SignalKind.FIRE, SignalKind.FEEDBACK}),
    state=0x42,
    text="三层走道烟感",
    occurred_at=datetime(2026, 11, 23, 22, 15, 29, tzinfo=CHINA),
)
READING = Observation(PointKey(11, 1, 99, 1), frozenset({SignalKind.READING}), value=35.25, unit="kPa")


def an_arrival(**more: Any) -> Arrival:
    fields: dict[str, Any] = {
        "at": microseconds(NOW),
        "transport": 1,
        "source": "0b0000000000",
        "raw": b"@@\x01\0",
        "key": resend_key(b"a key"),
        "settled": lambda _arrival: None,
    }
    return Arrival(**fields | more)


def said(arrival: Arrival) -> dict[str, Any]:
    """All that outlives the stream."""
    lost = {"settled", "context", "number", "is_durable", "lost", "followers"}
    return {name: getattr(arrival, name) for name in Arrival.__slots__ if name not in lost}


def there_and_back(*arrivals: Arrival) -> Batch:
    return decode(encode(ORIGIN, 3, [encode_arrival(each) for each in arrivals]))


@pytest.mark.parametrize(
    "arrival",
    [
        pytest.param(an_arrival(), id="报文没有内容"),
        pytest.param(
            an_arrival(observations=(FIRE, READING), device_id=2**40, serial=65535, command=2, type=2), id="火警和读数"
        ),
        pytest.param(an_arrival(serial=0, command=0, type=0, device_id=0), id="零不是没有"),
        pytest.param(an_arrival(transport=4, client_id=UUID(int=2**127), window_s=30 * 86400), id="请求"),
        pytest.param(an_arrival(problem="校验和不符", is_routine=True, source="@10.0.0.5"), id="有问题"),
        pytest.param(an_arrival(observations=(Observation(PointKey(1, 0, NO_COMPONENT), frozenset()),)), id="系统"),
        pytest.param(an_arrival(observations=(READING,), is_routine=False), id="恢复在线"),
    ],
)
def test_an_arrival_comes_back_as_it_was(arrival: Arrival) -> None:
    batch = there_and_back(arrival, arrival)
    assert (batch.origin, batch.number) == (ORIGIN, 3)
    assert [said(each) for each in batch.arrivals] == [said(arrival)] * 2


def test_the_time_of_a_device_keeps_its_zone() -> None:
    (arrival,) = there_and_back(an_arrival(observations=(FIRE,))).arrivals
    at = arrival.observations[0].occurred_at
    assert at is not None
    assert at.isoformat() == "2026-11-23T22:15:29+08:00"


def test_every_kind_has_its_bit() -> None:
    assert set(_KINDS) == set(SignalKind)
    assert len(_KINDS) == len(SignalKind) <= 32
    for kind in SignalKind:
        (arrival,) = there_and_back(an_arrival(observations=(Observation(None, frozenset({kind})),))).arrivals
        assert arrival.observations[0].kinds == {kind}


points = st.builds(PointKey, st.integers(0, 255), st.integers(0, 255), st.integers(-1, 255), st.integers(0, 2**32 - 1))
observations = st.builds(
    Observation,
    st.none() | points,
    st.frozensets(st.sampled_from(SignalKind)),
    st.none() | st.integers(0, 65535),
    st.none() | st.floats(allow_nan=False),
    st.text(max_size=16),
    st.text(max_size=40),
    st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(CHINA)),  # noqa: DTZ001  # limits go without
)


@given(st.lists(st.tuples(st.binary(max_size=64), st.lists(observations, max_size=4)), max_size=5))
@settings(max_examples=25, deadline=None)
def test_whatever_is_said_comes_back(heard: list[tuple[bytes, list[Observation]]]) -> None:
    arrivals = [an_arrival(raw=raw, observations=tuple(each)) for raw, each in heard]
    assert [said(each) for each in there_and_back(*arrivals).arrivals] == [said(each) for each in arrivals]


WHOLE = encode(ORIGIN, 1, [encode_arrival(an_arrival(observations=(FIRE, READING), problem="?"))])


def test_no_byte_may_change_and_none_may_be_missing() -> None:
    for at in range(len(WHOLE)):
        with pytest.raises(Unreadable):
            decode(WHOLE[:at] + bytes([WHOLE[at] ^ 0x10]) + WHOLE[at + 1 :])
        with pytest.raises(Unreadable):
            decode(WHOLE[:at])


@given(st.binary(max_size=300))
@settings(max_examples=50, deadline=None)
def test_what_contradicts_itself_is_refused_in_a_sentence(inner: bytes) -> None:
    """A sound checksum around anything at all."""
    with suppress(Unreadable):
        assert decode(encode(ORIGIN, 1, [inner])).arrivals


def test_a_later_version_is_left_to_whoever_knows_it() -> None:
    with pytest.raises(TooNew):
        decode(WHOLE[:4] + b"\x02" + WHOLE[5:])


@pytest.mark.parametrize("more", [{"source": "\ud800"}, {"serial": 2**40}, {"raw": b"", "problem": "?" * 70_000}])
def test_what_no_batch_can_hold_is_refused_before_it_is_published(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        encode_arrival(an_arrival(**more))
