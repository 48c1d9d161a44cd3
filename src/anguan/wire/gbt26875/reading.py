"""From bytes to frames: one frame alone, or a stream cut into its frames, with resynchronisation.

A frame is found by its start, cut by its length, and believed only with the right end, checksum and command. Of damaged
input nothing is lost: each byte of a stream comes back in exactly one event.

1. Bytes before a start are skipped.
2. A length over the limit, or a wrong end, says that this start was none: the search goes on one byte further.
3. A wrong checksum or an unknown command between right ends damages that frame alone: the next begins behind it.
"""

from typing import Any, Final

from anguan.wire.gbt26875.events import Damaged, Fault, Received
from anguan.wire.gbt26875.frames import END, HEADER, LONGEST, OVERHEAD, START, UNIT_AT, Frame, checksum, swapped
from anguan.wire.gbt26875.problems import Problem
from anguan.wire.gbt26875.profiles import STANDARD, Profile
from anguan.wire.gbt26875.units import decode_unit
from anguan.wire.words import N_

_NO_START = N_("没有起始符 4040。")
_TOO_SHORT = N_("应有 %(due)d 字节，只有 %(there)d 字节。")
_SILENCE = N_("收到 %(there)d 字节后没有下文。")
_TOO_LONG = N_("应用数据单元长度为 %(there)d，最长 %(most)d。")
_NO_END = N_("第 %(at)d 字节处没有结束符 2323。")
_MORE_BEHIND = N_("结束符之后还有 %(more)d 字节。")
_WRONG_SUM = N_("校验和应为 %(due)02x，实为 %(there)02x。")
_NO_COMMAND = N_("没有命令 %(command)d。")

_new = tuple.__new__
_unpack_header = HEADER.unpack_from


def read_frame(raw: bytes, profile: Profile = STANDARD) -> Received | Damaged:
    """One frame that stands alone, such as a datagram; what follows its end is a fault, too."""
    size = len(raw)
    if size >= OVERHEAD:
        header = _unpack_header(raw)
        length = swapped(header[7]) if profile.big_endian_length else header[7]
        if header[0] == START and length == size - OVERHEAD and length <= profile.longest_unit and raw.endswith(END):
            return _read_inside(raw, header, profile)
    return _damage(raw, profile)


def _damage(raw: bytes, profile: Profile) -> Damaged:
    """The first fault of bytes that don't have the ends of a frame at the places that its length says."""
    if not raw.startswith(START[: len(raw)]):
        return Damaged(Fault.START, Problem(_NO_START), raw)
    if len(raw) < UNIT_AT:
        return Damaged(Fault.INCOMPLETE, Problem(_TOO_SHORT, {"due": UNIT_AT, "there": len(raw)}), raw)
    length = _unpack_header(raw)[7]
    length = swapped(length) if profile.big_endian_length else length
    if length > profile.longest_unit:
        return Damaged(Fault.LENGTH, Problem(_TOO_LONG, {"there": length, "most": profile.longest_unit}), raw)
    size = OVERHEAD + length
    if len(raw) < size:
        return Damaged(Fault.INCOMPLETE, Problem(_TOO_SHORT, {"due": size, "there": len(raw)}), raw)
    if not raw.startswith(END, size - 2):
        return Damaged(Fault.END, Problem(_NO_END, {"at": size - 2}), raw)
    return Damaged(Fault.LENGTH, Problem(_MORE_BEHIND, {"more": len(raw) - size}), raw)


def _read_inside(raw: bytes, header: tuple[Any, ...], profile: Profile) -> Received | Damaged:
    """What stands between the right ends of a frame."""
    _, serial, main, user, time, source, destination, _, command = header
    if not profile.plain_header:
        serial = swapped(serial) if profile.big_endian_serial else serial
        time = profile.read_time(time)
    unit = raw[UNIT_AT:-3]
    frame = _new(Frame, (serial, main, user, time, source, destination, command, unit))
    summed = checksum(raw[2:-3])
    if summed != raw[-3]:
        return Damaged(Fault.CHECKSUM, Problem(_WRONG_SUM, {"due": summed, "there": raw[-3]}), raw, frame)
    if command not in profile.commands:
        return Damaged(Fault.COMMAND, Problem(_NO_COMMAND, {"command": command}), raw, frame)
    return _new(Received, (frame, decode_unit(unit, command, profile), raw, False))


class FrameStream:
    """Cuts a byte stream into frames; the only owner of bytes that are not yet understood.

    `feed` returns what the bytes complete, the same events however the stream is cut into pieces. What is no frame is
    held back until a frame follows it, so that one stretch is one event; a stretch longer than the longest frame comes
    in pieces of that length. So the stream never holds more than two longest frames and the piece just fed.
    """

    def __init__(self, profile: Profile = STANDARD) -> None:
        self.profile: Final = profile
        self._held = b""
        self._skipped = bytearray()
        # What was wrong first in the stretch that is being skipped; None while none is.
        self._why: tuple[Fault, Problem] | None = None

    @property
    def held(self) -> int:
        """How many bytes wait for more."""
        return len(self._held) + len(self._skipped)

    def feed(self, data: bytes) -> list[Received | Damaged]:
        """What these bytes complete, in the order of the stream."""
        if self._held:
            data = self._held + data
        found: list[Received | Damaged] = []
        profile = self.profile
        at = stretch = 0  # from `stretch` up to `at` stands what is no frame
        available = len(data)
        while available - at >= len(START):
            if not data.startswith(START, at):
                if self._why is None:
                    self._why = (Fault.START, Problem(_NO_START))
                start = data.find(START, at + 1)
                # Where there is no start at all, the last byte may still be the first half of one.
                at = start if start >= 0 else available - data.endswith(START[:1])
                continue
            if available - at < UNIT_AT:
                break
            header = _unpack_header(data, at)
            length = swapped(header[7]) if profile.big_endian_length else header[7]
            if length > profile.longest_unit:
                if self._why is None:
                    values = {"there": length, "most": profile.longest_unit}
                    self._why = (Fault.LENGTH, Problem(_TOO_LONG, values))
                at += 1
                continue
            size = OVERHEAD + length
            if available - at < size:
                break
            if not data.startswith(END, at + size - 2):
                if self._why is None:
                    self._why = (Fault.END, Problem(_NO_END, {"at": size - 2}))
                at += 1
                continue
            if self._why is not None:
                self._skip(data[stretch:at], found)
                self._flush(found)
            found.append(_read_inside(data[at : at + size], header, profile))
            at += size
            stretch = at
        if at > stretch:
            self._skip(data[stretch:at], found)
        self._held = data[at:]
        return found

    def give_up(self) -> list[Received | Damaged]:
        """Take the frame at the front for lost and search behind it: it did not become whole in time."""
        found: list[Received | Damaged] = []
        held, self._held = self._held, b""
        if held:
            if self._why is None:
                self._why = (Fault.INCOMPLETE, Problem(_SILENCE, {"there": len(held)}))
            self._skip(held[:1], found)
            found += self.feed(held[1:])
        if not self._held:
            self._flush(found)
        return found

    def close(self) -> list[Received | Damaged]:
        """The stream has ended: what is left is no frame any more."""
        found = self.give_up()
        while self._held:
            found += self.give_up()
        return found

    def take_text(self, start: bytes) -> list[Received | Damaged]:
        """What was skipped, at once, if it starts like this: some devices greet in text and wait for an answer."""
        found: list[Received | Damaged] = []
        if self._skipped.startswith(start):
            self._flush(found)
        return found

    def _skip(self, piece: bytes, found: list[Received | Damaged]) -> None:
        """Add to the stretch that is being skipped; what is longer than a frame is told at once."""
        self._skipped += piece
        while len(self._skipped) >= LONGEST:
            self._tell(bytes(self._skipped[:LONGEST]), found)
            del self._skipped[:LONGEST]

    def _flush(self, found: list[Received | Damaged]) -> None:
        """The stretch has ended."""
        if self._skipped:
            self._tell(bytes(self._skipped), found)
            self._skipped.clear()
        self._why = None

    def _tell(self, stretch: bytes, found: list[Received | Damaged]) -> None:
        assert self._why is not None, "a stretch begins with what is wrong"
        found.append(Damaged(*self._why, stretch))
