"""A stream gives the same events however it is cut, loses no byte, and finds its way back after noise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anguan.wire.gbt26875 import Damaged, Fault, Frame, FrameStream, Received, checksum, encode, read_frame
from anguan.wire.gbt26875.frames import LONGEST
from anguan.wire.gbt26875.tests.strategies import broken, frames, noise

HEARTBEAT = Frame(7, 1, 1, bytes(6), b"device", b"centre", 2)
# Starts and ends everywhere: as serial, as addresses, in the unit.
TRICKY = Frame(0x2323, 0x40, 0x40, b"@@##@@", b"######", b"@@@@@@", 2, b"\x1c\x01##@@##" + b"@@" * 30 + b"##")


def read_in(pieces: list[bytes]) -> list[Received | Damaged]:
    stream = FrameStream()
    return [event for piece in pieces for event in stream.feed(piece)] + stream.close()


@pytest.mark.parametrize("frame", [HEARTBEAT, TRICKY], ids=["心跳", "内含起止符"])
def test_a_frame_is_the_same_byte_by_byte(frame: Frame) -> None:
    raw = encode(frame)
    stream = FrameStream()
    assert [stream.feed(raw[at : at + 1]) for at in range(len(raw) - 1)] == [[]] * (len(raw) - 1)
    (event,) = stream.feed(raw[-1:])
    assert isinstance(event, Received)
    assert event.frame == frame
    assert stream.held == 0


@settings(max_examples=200, deadline=None)
@given(st.lists(noise | frames().map(encode) | frames().map(encode).flatmap(broken), max_size=6), st.data())
def test_cuts_change_nothing_and_no_byte_is_lost(parts: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(parts)
    whole = read_in([stream])
    assert b"".join(event.raw for event in whole) == stream
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert read_in(pieces) == whole


def test_byte_by_byte_through_every_kind_of_damage() -> None:
    good = encode(HEARTBEAT)
    stream = b"\r\n" + good + good[:-3] + b"\0##" + good[:-1] + b"$" + good[:20] + good + b"@@@" + encode(TRICKY) + b"@"
    whole = read_in([stream])
    assert read_in([stream[at : at + 1] for at in range(len(stream))]) == whole
    sound = [event.frame for event in whole if isinstance(event, Received)]
    assert sound == [HEARTBEAT, HEARTBEAT, TRICKY]


@settings(max_examples=200, deadline=None)
@given(frames())
def test_what_is_read_is_written_to_the_same_bytes(frame: Frame) -> None:
    raw = encode(frame)
    event = read_frame(raw)
    assert isinstance(event, Received)
    assert event.frame == frame
    assert encode(event.frame) == event.raw == raw


@pytest.mark.parametrize(
    "junk",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"@",
        b"@@@",
        b"##",
        b"@@" + bytes(22) + b"\x01\x04\x02",
        b"@@" + bytes(22) + b"\x04\x00\x02unit+??",
    ],
    ids=["别的协议", "半个起始符", "一个半起始符", "结束符", "长度超限", "结束符不对"],
)
def test_the_frame_behind_noise_is_found_and_the_noise_told(junk: bytes) -> None:
    damaged, received = read_in([junk + encode(HEARTBEAT)])
    assert isinstance(damaged, Damaged)
    assert damaged.raw == junk
    assert isinstance(received, Received)
    assert received.frame == HEARTBEAT


def test_a_wrong_checksum_costs_one_frame_and_keeps_its_header() -> None:
    good = encode(HEARTBEAT)
    damaged, received = read_in([good[:-3] + bytes([good[-3] ^ 0xFF]) + b"##" + good])
    assert isinstance(damaged, Damaged)
    assert (damaged.fault, damaged.frame) == (Fault.CHECKSUM, HEARTBEAT)
    assert isinstance(received, Received)


def test_noise_without_end_comes_in_pieces_and_is_not_kept() -> None:
    stream = FrameStream()
    told = 0
    for _ in range(100):
        for event in stream.feed(bytes(1000)):
            assert len(event.raw) == LONGEST
            told += len(event.raw)
        assert stream.held < LONGEST
    assert told > 98_000


def test_the_longest_frame_is_taken_and_one_byte_more_is_not() -> None:
    longest = encode(Frame(1, 1, 1, bytes(6), bytes(6), bytes(6), 2, bytes(1024)))
    assert len(longest) == LONGEST
    assert isinstance(read_in([longest])[0], Received)
    header = b"@@" + bytes(22) + (1025).to_bytes(2, "little") + b"\x02"
    assert read_in([header + bytes(1025) + b"\0##"])[0][0] is Fault.LENGTH


@given(st.binary(max_size=600))
def test_the_checksum_is_the_sum_of_the_bytes(counted: bytes) -> None:
    assert checksum(counted) == sum(counted) % 256


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 258, 1051])
def test_the_checksum_of_the_largest_bytes(size: int) -> None:
    assert checksum(b"\xff" * size) == 255 * size % 256
