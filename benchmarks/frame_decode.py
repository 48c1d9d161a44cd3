"""`frame-decode`: a frame of two component states with text and time, all fields read, against bare `struct`."""
# ruff: noqa: F841, RUF059   the fields are read, which is the work; nothing is done with them

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from struct import Struct

from anguan.wire.gbt26875 import (
    ComponentState,
    Frame,
    FrameStream,
    Received,
    address,
    encode,
    encode_unit,
    read_frame,
    text_bytes,
    time_bytes,
)
from anguan.wire.gbt26875.codes import Command, TypeFlag
from benchmarks.report import report

FRAMES = 2_000
ROUNDS = 60
PLACES = ("三层东走廊感烟探测器", "地下二层车库手动报警按钮", "裙房一层中庭水流指示器", "B座12层电梯前室感烟")
STATES = (0x0001, 0x0002, 0x0004, 0x0021, 0x0060, 0x0102)
HEADER = Struct("<2sHBB6s6s6sHB")
OBJECT = Struct("<BBBIH31s6s")


def make_frames() -> list[bytes]:
    """Frames that all differ: serial, device, point, state, text and both times."""
    chance = random.Random(26875)
    start = datetime.fromisoformat("2026-11-27T00:00:00")

    def moment() -> bytes:
        return time_bytes(start + timedelta(seconds=chance.randrange(86_400)))

    def state() -> ComponentState:
        return ComponentState(
            1,
            chance.randrange(1, 9),
            chance.choice((23, 40, 42, 96)),
            chance.getrandbits(32),
            chance.choice(STATES),
            text_bytes(f"{chance.choice(PLACES)}{chance.randrange(1000)}"),
            moment(),
        )

    return [
        encode(
            Frame(
                serial,
                1,
                1,
                moment(),
                address(70_000 + serial),
                address(88_888),
                Command.SEND,
                encode_unit(TypeFlag.COMPONENT_STATE, [state(), state()]),
            )
        )
        for serial in range(FRAMES)
    ]


def read_fields(received: Received) -> None:
    """Every field of a frame and its two objects, texts and times and bits as words, dates and names."""
    frame = received.frame
    serial, main, user, _, source, destination, command, _ = frame
    sent_at = frame.time
    for item in received.unit.objects:
        system_type, system_address, component_type, component_address, state, _, _ = item
        text, moment, bits = item.text, item.time, item.bits


def decode_each(frames: list[bytes]) -> None:
    for raw in frames:
        read_fields(read_frame(raw))


def decode_stream(frames: list[bytes]) -> None:
    """The same frames as a socket delivers them, 64 KiB at a time."""
    stream = FrameStream()
    joined = b"".join(frames)
    for at in range(0, len(joined), 65_536):
        for received in stream.feed(joined[at : at + 65_536]):
            read_fields(received)


def unpack_and_check_each(frames: list[bytes]) -> None:
    """The floor: ends, length and sum checked, header and objects in tuples of numbers and bytes, and nothing else."""
    for raw in frames:
        header = HEADER.unpack_from(raw)
        assert (header[0], raw[-2:], len(raw)) == (b"@@", b"##", 30 + header[7])
        assert sum(raw[2:-3]) & 0xFF == raw[-3]
        OBJECT.unpack_from(raw, 29)
        OBJECT.unpack_from(raw, 75)


def unpack_each(frames: list[bytes]) -> None:
    """Less than the floor: the three calls of `unpack_from` alone."""
    for raw in frames:
        HEADER.unpack_from(raw)
        OBJECT.unpack_from(raw, 29)
        OBJECT.unpack_from(raw, 75)


def rate_of(work: Callable[[list[bytes]], None], frames: list[bytes]) -> float:
    """Frames a second of processor time."""
    start = time.process_time()
    work(frames)
    return len(frames) / (time.process_time() - start)


def main() -> None:
    """Short rounds in turn, so that each side meets the same disturbance; the best of each counts."""
    frames = make_frames()
    sides = (unpack_each, unpack_and_check_each, decode_each, decode_stream)
    rounds = [[rate_of(side, frames) for side in sides] for _ in range(ROUNDS)]
    unpack, floor, each, stream = (max(rates) for rates in zip(*rounds, strict=True))
    report("frame-decode", each, "frames/s", floor, FRAMES, stream=stream, unpack_alone=unpack)


if __name__ == "__main__":
    main()
