"""What must hold for any bytes at all: the target of the fuzzer, and of its stored corpus in the tests.

The first byte of an input chooses the profile, the second how the rest is cut into pieces; the rest is the stream.
"""

import json
from datetime import datetime
from pathlib import Path

from anguan.wire.gbt26875 import (
    PROFILES,
    STANDARD,
    Connection,
    Damaged,
    FrameStream,
    Profile,
    Received,
    Resend,
    Role,
    Timing,
    encode,
    encode_unit,
    read_frame,
)
from anguan.wire.gbt26875.codes import Command
from anguan.wire.gbt26875.frames import LONGEST
from anguan.wire.gbt26875.plain import plain
from anguan.wire.gbt26875.tests import plain_decoder

CORPUS = Path(__file__).parent / "corpus.txt"
_AT = datetime.fromisoformat("2026-11-27T09:30:00")
_PROFILES = [PROFILES[name] for name in sorted(PROFILES)]


def corpus() -> list[bytes]:
    """The stored inputs, one a line in hex: each reaches something that the others don't."""
    return [bytes.fromhex(line) for line in CORPUS.read_text(encoding="ascii").split()]


def check(data: bytes) -> None:
    """AssertionError where a promise does not hold; any other error where the room does not stand these bytes."""
    if len(data) < 2:
        return
    profile = _PROFILES[data[0] % len(_PROFILES)]
    piece = 1 + data[1] % 64
    stream = data[2:]
    events = _stream(profile, stream, len(stream) or 1)
    assert b"".join(event.raw for event in events) == stream
    assert _stream(profile, stream, piece) == events
    for event in events:
        json.dumps(plain(event, profile), ensure_ascii=False).encode()
        if isinstance(event, Received):
            _lossless(event, profile)
    _second_decoder(stream)
    if profile is STANDARD:
        sound = [event.raw for event in events if isinstance(event, Received)]
        assert sound == plain_decoder.frames_in(stream)
    _conversations(profile, stream, piece)


def _stream(profile: Profile, data: bytes, piece: int) -> list[Received | Damaged]:
    stream = FrameStream(profile)
    events: list[Received | Damaged] = []
    for at in range(0, len(data), piece):
        events += stream.feed(data[at : at + piece])
        assert stream.held < 2 * LONGEST
    return events + stream.close()


def _lossless(event: Received, profile: Profile) -> None:
    assert encode(event.frame, profile) == event.raw
    unit = event.unit
    for item in unit.objects:
        for name in ("text", "time", "bits", "value", "unit"):
            getattr(item, name, None)
    if unit.problem is not None or unit.type_flag is None:
        assert unit.objects == ()
        return
    layouts = profile.layouts_of(unit.type_flag)
    if len(unit.objects) <= layouts[0].most:
        assert encode_unit(unit.type_flag, unit.objects, profile, unit.declared) == event.frame.unit


def _second_decoder(raw: bytes) -> None:
    ours = plain(read_frame(raw))
    assert ours.get("error") == plain_decoder.fault(raw)
    if ours["ok"] and len(raw) >= 32:
        theirs = plain_decoder.objects(raw[27:-3])
        assert (ours["problem"] is None) == (theirs is not None)
        assert len(ours["objects"]) == len(theirs or [])


def _conversations(profile: Profile, data: bytes, piece: int) -> None:
    for role in Role:
        ours = Connection(role, profile=profile, timing=Timing(answer_within=3.0, frame_within=2.0, most_unframed=4096))
        if role is Role.DEVICE:
            ours.heartbeat(now=0.0, at=_AT)
        now = 0.0
        for at in range(0, len(data), piece):
            now += 0.5
            for event in [*ours.receive_data(data[at : at + piece], now), *ours.check_deadlines(now)]:
                answer = b""
                if isinstance(event, Received | Damaged):
                    answer = ours.deny(event, now=now, at=_AT)
                if isinstance(event, Received):
                    assert isinstance(read_frame(ours.confirm(event, _AT), profile), Received)
                    assert event.frame.command not in {Command.CONFIRM, Command.REPLY, Command.DENY}
                if isinstance(event, Resend):
                    answer = event.data
                assert not answer or isinstance(read_frame(answer, profile), Received)
        for _ in range(6):
            due = ours.next_deadline()
            if due is None:
                break
            ours.check_deadlines(due)
        ours.receive_end(now)
        assert ours.next_deadline() is None
