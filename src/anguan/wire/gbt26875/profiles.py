"""厂商差异: how a device departs from the standard, chosen for each device and never guessed.

The standard is short, and makers read it differently. A `Profile` says how one device writes what the standard leaves
open or what its maker got wrong. Everything above it sees values in the standard's own form: conversions are one to
one, so that what was decoded encodes to the same bytes again. Which deviation was seen where stands in the README.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from anguan.wire.gbt26875 import objects as o
from anguan.wire.gbt26875.codes import Bit, Command, ComponentBit, DahuaComponentBit, TypeFlag
from anguan.wire.gbt26875.layouts import LAYOUTS, Layout
from anguan.wire.gbt26875.times import read_time
from anguan.wire.words import N_

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
    bcd_where_no_date: bool = False
    """Some of the maker's devices write binary times and some BCD: `moment` reads as BCD what is no date otherwise."""
    year_first_time: bool = False
    """Times are yy MM dd HH mm ss instead of ss mm HH dd MM yy."""
    big_endian_serial: bool = False
    big_endian_length: bool = False
    big_endian_analog: bool = False
    """Analog values are unsigned with the high byte first."""
    point_first: bool = False
    """The low half of a component address is the point, the high half the loop."""
    component_bits: type[Bit] = ComponentBit
    """What the bits of a component's state (type 2) say; makers use those that the standard reserves."""
    longest_unit: int = LONGEST_UNIT
    commands: frozenset[int] = STANDARD_COMMANDS
    fewer_objects: bool = False
    """The object count may be larger than what follows; what follows is read."""
    layouts: Mapping[int, tuple[Layout, ...]] = field(default_factory=dict)
    """Rows that replace or join those of the standard; of several, the one counts whose size fits the object count."""
    private_types: Mapping[int, str] = field(default_factory=dict)
    """The maker's own types whose inside is not published: their bytes are kept."""
    handshake: tuple[int, int] | None = None
    """A unit that is only the first number is a handshake, and is confirmed with a unit that is the second."""
    asks_clock: bool = False
    """The device asks for the time by a control command of type 90 and expects one back."""
    greeting: bytes = b""
    """A text that the device sends before its first frame starts with this; `greeting_answer` is sent back."""
    greeting_answer: bytes = b""

    # Worked out once, because they are asked for each frame.
    plain_time: bool = field(init=False, repr=False, compare=False)
    plain_header: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        swaps = self.big_endian_serial or self.big_endian_length
        object.__setattr__(self, "plain_time", not (self.bcd_time or self.year_first_time))
        object.__setattr__(self, "plain_header", not swaps and self.plain_time)

    def __hash__(self) -> int:
        return hash(self.name)

    def layouts_of(self, type_flag: int) -> tuple[Layout, ...]:
        """The rows of a type, the standard's last; empty where neither knows it."""
        standard = LAYOUTS.get(type_flag)
        return self.layouts.get(type_flag) or (() if standard is None else (standard,))

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

    def moment(self, six: bytes) -> datetime | None:
        """The moment of a time in the standard's form, for showing; see `bcd_where_no_date`."""
        moment = read_time(six)
        if moment is None and self.bcd_where_no_date:
            moment = read_time(six.translate(_BCD_TO_BINARY))
        return moment

    def component_parts(self, address: int) -> tuple[int, int]:
        """A component's address as (loop, point)."""
        low, high = address & 0xFFFF, address >> 16
        return (high, low) if self.point_first else (low, high)

    def component_address(self, loop: int, point: int) -> int:
        """The component's address that `component_parts` takes apart."""
        return loop << 16 | point if self.point_first else point << 16 | loop


def looks_bcd(six: bytes) -> bool:
    """True for a time that is no date as it stands, and one when its bytes are read as decimal digits.

    The standard's times are binary. A device whose times all look like this belongs under a profile with `bcd_time`;
    that is for a person to decide, since 05 10 08 is a good time either way.
    """
    return read_time(six) is None and read_time(six.translate(_BCD_TO_BINARY)) is not None


T = TypeFlag
STANDARD = Profile("standard", N_("国标"))
DAHUA = Profile(
    "dahua",
    N_("大华（1.03 版）"),
    bcd_where_no_date=True,
    component_bits=DahuaComponentBit,
    longest_unit=512,
    commands=STANDARD_COMMANDS | {Command.RESERVED, Command.KEEP_ALIVE},
    layouts={0: (Layout(o.Registration, "<110s", 1),)},
    handshake=(0x16, 0x17),
    asks_clock=True,
)
_SWITCH = Layout(o.SwitchValue, "<BBBIBH6s", 63, timed=True)
_WITHOUT_TEXT = Layout(o.ComponentState, "<BBBIH6s", 22, timed=True, absent=("text_bytes",))
# 富贝 sends 0x86 to 0x88 when the state of types 1, 2 and 21 is over: same layouts, `state` is what has ended.
FB2018 = Profile(
    "fb2018",
    N_("富贝 2018"),
    point_first=True,
    layouts={
        T.COMPONENT_STATE: (LAYOUTS[T.COMPONENT_STATE], _WITHOUT_TEXT),
        0x86: (LAYOUTS[T.SYSTEM_STATE],),
        0x87: (LAYOUTS[T.COMPONENT_STATE], _WITHOUT_TEXT),
        0x88: (LAYOUTS[T.DEVICE_STATE],),
    },
)
FB2024 = Profile(
    "fb2024",
    N_("富贝 2024"),
    point_first=True,
    layouts={
        T.COMPONENT_STATE: (_SWITCH,),
        0x87: (_SWITCH,),
        0x88: (LAYOUTS[T.DEVICE_STATE],),
        0x96: (_SWITCH,),
        0x97: (_SWITCH,),
    },
)
EEI = Profile(
    "eei",
    N_("依爱"),
    private_types={0xCC: N_("气体灭火系统状态"), 0xCD: N_("传输装置开关量")},
    greeting=b"TD",
    greeting_answer=b"OK!",
)
FSCN = Profile("fscn", N_("赋安"), private_types={0xBE: N_("厂商自定信息")})

PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        STANDARD,
        DAHUA,
        replace(
            DAHUA, name="dahua-bcd", title=N_("大华（1.03 版，时间为 BCD 码）"), bcd_time=True, bcd_where_no_date=False
        ),
        FB2018,
        FB2024,
        EEI,
        FSCN,
    )
}
"""The profiles that have a name. A device that none fits gets one of its own: `replace(STANDARD, name=…, …)`."""
