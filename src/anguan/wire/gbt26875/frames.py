"""数据包: one frame of GB/T 26875.3, apart from the stream it came in.

    0        2        4      5      6       12       18        24      26     27       27+L      28+L
    +--------+--------+------+------+--------+--------+--------+-------+------+---------+---------+--------+
    | 40 40  | serial | main | user | time   | source | destin.| L     | cmd  | unit    | sum of  | 23 23  |
    |        | 2 LE   |version      | 6      | 6      | 6      | 2 LE  | 1    | L bytes | 2..26+L | end    |
    +--------+--------+------+------+--------+--------+--------+-------+------+---------+---------+--------+

There is no byte stuffing: 40 40 and 23 23 occur inside as well. A frame ends where its length says, and nowhere else.
"""

from datetime import datetime
from struct import Struct
from typing import NamedTuple
from zlib import adler32

from anguan.wire.gbt26875.profiles import LONGEST_UNIT, STANDARD, Profile
from anguan.wire.gbt26875.times import read_time

START = b"@@"
END = b"##"
OVERHEAD = 30
UNIT_AT = 27
LONGEST = OVERHEAD + LONGEST_UNIT
NO_ADDRESS = bytes(6)
# Seen as "unset" or "to all": such a device is known by its session.
UNSET_ADDRESSES = frozenset({bytes(6), b"\xff" * 6})

HEADER = Struct("<2sHBB6s6s6sHB")
assert HEADER.size == UNIT_AT


class Frame(NamedTuple):
    """One frame, with every value in the standard's form; `encode` gives its bytes.

    `unit` is the application data unit as it stands on the wire, `time_bytes` the time label in the standard's order.
    """

    serial: int
    main_version: int
    user_version: int
    time_bytes: bytes
    source: bytes
    destination: bytes
    command: int
    unit: bytes = b""

    @property
    def time(self) -> datetime | None:
        """时间标签: when the sender says that it sent, by its own wall clock; None where that is no date."""
        return read_time(self.time_bytes)

    @property
    def resend_key(self) -> bytes:
        """Equal for a frame and its resends: source, serial, command and unit, not the time label."""
        return b"%b%b%c%b" % (self.source, self.serial.to_bytes(2, "little"), self.command, self.unit)


def encode(frame: Frame, profile: Profile = STANDARD) -> bytes:
    """The bytes of a frame; ValueError where a field does not fit."""
    if len(frame.unit) > profile.longest_unit:
        raise ValueError(f"应用数据单元最长 {profile.longest_unit} 字节，这里有 {len(frame.unit)} 字节。")
    if not len(frame.time_bytes) == len(frame.source) == len(frame.destination) == 6:
        raise ValueError("时间标签、源地址和目的地址各为 6 字节。")
    serial, time, length = frame.serial, frame.time_bytes, len(frame.unit)
    if not (0 <= serial <= 0xFFFF and 0 <= frame.main_version <= 0xFF and 0 <= frame.user_version <= 0xFF):
        raise ValueError("业务流水号为两字节，版本号各为一字节。")
    if not 0 <= frame.command <= 0xFF:
        raise ValueError("命令字节为 0 至 255。")
    if not profile.plain_header:
        serial, time, length = _as_written(profile, serial, time, length)
    counted = (
        HEADER.pack(
            START,
            serial,
            frame.main_version,
            frame.user_version,
            time,
            frame.source,
            frame.destination,
            length,
            frame.command,
        )[2:]
        + frame.unit
    )
    return b"@@%b%c##" % (counted, checksum(counted))


def confirmation(asked: Frame, time: bytes) -> bytes:
    """`Connection.confirm` for the plain case, a header in the standard's order: what a gateway writes most.

    `time` is the six bytes of the moment, which many confirmations share.
    """
    header = HEADER.pack(
        START, asked.serial, asked.main_version, asked.user_version, time, asked.destination, asked.source, 0, 3
    )
    return b"%b%c##" % (header, checksum(header[2:]))


def _as_written(profile: Profile, serial: int, time: bytes, length: int) -> tuple[int, bytes, int]:
    """Serial, time and length of a header for a profile that writes them in another order."""
    return (
        swapped(serial) if profile.big_endian_serial else serial,
        profile.write_time(time),
        swapped(length) if profile.big_endian_length else length,
    )


def swapped(number: int) -> int:
    """A two-byte number with its bytes the other way round."""
    return number >> 8 | (number & 0xFF) << 8


# Up to here the sum of so many bytes of 255 stays below Adler-32's modulus, 65521.
_SUMMED_BY_ADLER = 256


def checksum(counted: bytes) -> int:
    """校验和: the sum of the bytes, modulo 256.

    The low half of Adler-32 is one more than the sum of the bytes as long as that is below 65521; zlib adds them up
    eight times as fast as `sum`.
    """
    if len(counted) <= _SUMMED_BY_ADLER:
        return adler32(counted) - 1 & 0xFF
    return sum(counted) & 0xFF


def address(number: int) -> bytes:
    """The six bytes of an address that is known as a number (low byte first)."""
    return number.to_bytes(6, "little")


def address_number(six: bytes) -> int:
    """An address as the number that makers print on their devices."""
    return int.from_bytes(six, "little")
