"""厂商差异: how a device departs from the standard, chosen for each device and never guessed.

The standard is short, and makers read it differently. A `Profile` says how one device writes what the standard leaves
open or what its maker got wrong. Everything above it sees values in the standard's own form: conversions are one to
one, so that what was decoded encodes to the same bytes again. Which deviation was seen where stands in the README.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from anguan.wire.gbt26875.codes import Command

STANDARD_COMMANDS = frozenset(
    {Command.CONTROL, Command.SEND, Command.CONFIRM, Command.REQUEST, Command.REPLY, Command.DENY}
)
LONGEST_UNIT = 1024


def _bcd_tables() -> tuple[bytes, bytes]:
    """BCD to binary and back as tables for `bytes.translate`.

    The 100 bytes that are two decimal digits stand for 0 to 99. The others stand for 100 to 255 in their order: no
    part of a time reaches 100, so they stay recognisably wrong, and no two bytes become one.
    """
    digits = [high << 4 | low for high in range(10) for low in range(10)]
    others = [byte for byte in range(256) if byte not in set(digits)]
    to_bcd = bytes(digits + others)
    to_binary = bytearray(256)
    for binary, bcd in enumerate(to_bcd):
        to_binary[bcd] = binary
    return bytes(to_binary), to_bcd


_BCD_TO_BINARY, _BINARY_TO_BCD = _bcd_tables()


@dataclass(frozen=True)
class Profile:
    """How one kind of device writes its frames; the defaults are the standard."""

    name: str
    title: str = ""
    bcd_time: bool = False
    """Times are two decimal digits a byte."""
    year_first_time: bool = False
    """Times are yy MM dd HH mm ss instead of ss mm HH dd MM yy."""
    big_endian_serial: bool = False
    big_endian_length: bool = False
    big_endian_analog: bool = False
    """Analog values are unsigned with the high byte first."""
    point_first: bool = False
    """The low half of a component address is the point, the high half the loop."""
    longest_unit: int = LONGEST_UNIT
    commands: frozenset[int] = STANDARD_COMMANDS
    fewer_objects: bool = False
    """The object count may be larger than what follows; what follows is read."""
    without_time: frozenset[int] = frozenset()
    """Types whose objects lack the time that the standard puts at their end."""
    with_extra_time: frozenset[int] = frozenset()
    """Types whose objects carry a time at their end that the standard does not know."""
    one_byte_unit: Mapping[int, int] = field(default_factory=dict)
    """A unit of one byte (first number) is a handshake and is confirmed with a unit of one byte (second number)."""
    answers_clock: bool = False
    """The device asks for the time by a control command of type 90 and expects one back."""
    greeting: bytes = b""
    """A text that the device sends before its first frame starts with this."""
    greeting_answer: bytes = b""

    def __post_init__(self) -> None:
        swaps = self.big_endian_serial or self.big_endian_length
        object.__setattr__(self, "plain_time", not (self.bcd_time or self.year_first_time))
        object.__setattr__(self, "plain_header", not swaps and self.plain_time)

    # Worked out once, because they are asked for each frame.
    plain_time: bool = field(init=False, repr=False, compare=False)
    plain_header: bool = field(init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        return hash(self.name)

    def read_time(self, wire: bytes) -> bytes:
        """The six bytes of a time in the standard's order and coding."""
        if self.bcd_time:
            wire = wire.translate(_BCD_TO_BINARY)
        return wire[::-1] if self.year_first_time else wire

    def write_time(self, standard: bytes) -> bytes:
        """What `read_time` made, as the device writes it."""
        if self.year_first_time:
            standard = standard[::-1]
        return standard.translate(_BINARY_TO_BCD) if self.bcd_time else standard

    def component_parts(self, address: int) -> tuple[int, int]:
        """A component's address as (loop, point)."""
        low, high = address & 0xFFFF, address >> 16
        return (high, low) if self.point_first else (low, high)

    def component_address(self, loop: int, point: int) -> int:
        """The component's address that `component_parts` takes apart."""
        return loop << 16 | point if self.point_first else point << 16 | loop


STANDARD = Profile("standard")

PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in (STANDARD,)}
