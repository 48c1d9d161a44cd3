"""A second decoder, written from the byte reference alone: slow, without `struct`, without the room's own tables.

It shares no code with the room. What the two say about the same bytes is compared on random frames, so that one mistake
would have to be made twice.
"""

# Offsets in a frame: name → (first byte, bytes).
HEADER = {
    "start": (0, 2),
    "serial": (2, 2),
    "main_version": (4, 1),
    "user_version": (5, 1),
    "time_label": (6, 6),
    "source": (12, 6),
    "destination": (18, 6),
    "length": (24, 2),
    "command": (26, 1),
}
# Type → fields in order: n is a number of so many bytes, s a signed one, t a text, T a time, L a text with its length.
OBJECTS = {
    1: "system_type:n1 system_address:n1 state:n2 time:T",
    2: "system_type:n1 system_address:n1 component_type:n1 component_address:n4 state:n2 text:t31 time:T",
    3: "system_type:n1 system_address:n1 component_type:n1 component_address:n4 analog_type:n1 value:s2 time:T",
    4: "system_type:n1 system_address:n1 operation:n1 operator:n1 time:T",
    5: "system_type:n1 system_address:n1 major:n1 minor:n1",
    6: "system_type:n1 system_address:n1 text:L",
    7: "system_type:n1 system_address:n1 component_type:n1 component_address:n4 text:t31",
    8: "system_type:n1 system_address:n1 time:T",
    21: "state:n1 time:T",
    24: "operation:n1 operator:n1 time:T",
    25: "major:n1 minor:n1",
    26: "text:L",
    28: "time:T",
    61: "system_type:n1 system_address:n1",
    62: "system_type:n1 system_address:n1 component_address:n4",
    63: "system_type:n1 system_address:n1 component_address:n4",
    64: "system_type:n1 system_address:n1 number:n1 time:T",
    65: "system_type:n1 system_address:n1",
    66: "system_type:n1 system_address:n1",
    67: "system_type:n1 system_address:n1 component_address:n4",
    68: "system_type:n1 system_address:n1",
    81: "reserved:n1",
    84: "number:n1 time:T",
    85: "reserved:n1",
    86: "reserved:n1",
    88: "reserved:n1",
    89: "reserved:n1",
    90: "time:T",
    91: "minutes:n1",
}
# Unit of one step of an analog value, as a divisor.
STEPS = {2: 100, 3: 10, 4: 10, 5: 10, 6: 10, 8: 10, 9: 10, 10: 10, 11: 10}
BITS = {
    1: "normal fire fault shielded supervisory started feedback delayed main_power_fault standby_power_fault bus_fault"
    " manual configuration_changed reset",
    2: "normal fire fault shielded supervisory started feedback delayed power_fault",
    4: "reset silence manual_alarm alarm_cleared self_test acknowledge test",
    21: "normal fire fault main_power_fault standby_power_fault link_fault line_fault",
    24: "reset silence manual_alarm alarm_cleared self_test duty_check_answered test",
}


def number(some: bytes) -> int:
    """A number with its low byte first."""
    return sum(byte << 8 * place for place, byte in enumerate(some))


def moment(six: bytes) -> str | None:
    """A time as text, or None where the six bytes are no date."""
    second, minute, hour, day, month, year = six
    if not 1 <= month <= 12 or year > 99:
        return None
    leap = year % 4 == 0
    days = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    if not 1 <= day <= days or hour > 23 or minute > 59 or second > 59:
        return None
    return f"20{year:02d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}"


def text(some: bytes) -> str:
    """The words of a text field."""
    while some and some[0] in (0, 32):
        some = some[1:]
    while some and some[-1] in (0, 32):
        some = some[:-1]
    return str(some, "gb18030", "replace").replace("\0", " ")


def header(raw: bytes) -> dict[str, bytes]:
    return {name: raw[first : first + size] for name, (first, size) in HEADER.items()}


def fault(raw: bytes) -> str | None:
    """Why this is no frame, or None."""
    if len(raw) < 2 and raw == b"@@"[: len(raw)]:
        return "incomplete"
    if raw[0:2] != b"\x40\x40":
        return "start"
    if len(raw) < 27:
        return "incomplete"
    length = number(header(raw)["length"])
    if length > 1024:
        return "length"
    if len(raw) < 27 + length + 3:
        return "incomplete"
    if raw[28 + length : 30 + length] != b"\x23\x23":
        return "end"
    if len(raw) > 30 + length:
        return "length"
    if sum(raw[2 : 27 + length]) % 256 != raw[27 + length]:
        return "checksum"
    return None if 1 <= raw[26] <= 6 else "command"


def frames_in(stream: bytes) -> list[bytes]:
    """The sound frames of a stream that has ended, by the receiver's policy: one byte further where none begins."""
    found = []
    at = 0
    while at < len(stream):
        length = number(stream[at + 24 : at + 26])
        piece = stream[at : at + 30 + length]
        wrong = fault(piece)
        if wrong is None:
            found.append(piece)
        # With the right ends the frame is taken for one, and passed over whole when its inside is wrong.
        at += len(piece) if wrong in (None, "checksum", "command") else 1
    return found


def objects(unit: bytes) -> list[dict[str, object]] | None:
    """The objects of a unit of two bytes or more, or None where they can't be read."""
    kind, count, rest = unit[0], unit[1], unit[2:]
    if kind not in OBJECTS:
        return None
    found = []
    for _ in range(count):
        item: dict[str, object] = {}
        for field in OBJECTS[kind].split():
            name, form = field.split(":")
            if form == "T":
                size = 6
            elif form == "L":
                if not rest:
                    return None
                size, rest = rest[0], rest[1:]
            else:
                size = int(form[1:])
            if len(rest) < size:
                return None
            part, rest = rest[:size], rest[size:]
            if form == "T":
                item[name] = moment(part)
            elif form[0] in "tL":
                item[name] = text(part)
            elif form[0] == "s":
                unsigned = number(part)
                item[name] = unsigned - 65536 if unsigned >= 32768 else unsigned
            else:
                item[name] = number(part)
        if kind == 3:
            step = STEPS.get(int(str(item["analog_type"])), 1)
            item["value"] = int(str(item["value"])) / step
        if kind in BITS:
            state = int(str(item.get("state", item.get("operation"))))
            item["bits"] = [name for place, name in enumerate(BITS[kind].split()) if state >> place & 1]
        found.append(item)
    return None if rest else found
