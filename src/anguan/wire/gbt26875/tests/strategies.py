"""Frames by chance: sound ones, broken ones, and streams of both."""

from hypothesis import strategies as st

from anguan.wire.gbt26875 import LAYOUTS, Frame
from anguan.wire.gbt26875.tests.test_units import SIZES

byte = st.integers(0, 255)
six = st.binary(min_size=6, max_size=6) | st.tuples(
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, 24),
    st.integers(0, 32),
    st.integers(0, 13),
    st.integers(0, 100),
).map(bytes)


@st.composite
def units(draw: st.DrawFn, *, damaged: bool = False) -> bytes:
    """A unit of any type of the standard with random contents; `damaged`: of another length than it should be."""
    type_flag = draw(st.sampled_from(sorted(LAYOUTS)))
    size, most = SIZES[type_flag]
    count = draw(st.integers(0, min(most, 4)))
    if type_flag in {6, 26}:
        texts = draw(st.lists(st.binary(max_size=60), min_size=count, max_size=count))
        bodies = [draw(st.binary(min_size=size - 1, max_size=size - 1)) + bytes([len(text)]) + text for text in texts]
    else:
        bodies = [draw(st.binary(min_size=size, max_size=size)) for _ in range(count)]
        if size >= 6:
            bodies = [body[:-6] + draw(six) for body in bodies]
    unit = bytes([type_flag, count]) + b"".join(bodies)
    if damaged:
        unit = draw(st.sampled_from([unit[:-1], unit + b"\0", bytes([draw(byte)]) + unit[1:], unit[:1]]))
    return unit


def frames() -> st.SearchStrategy[Frame]:
    """A sound frame: any header, a unit of the standard, random bytes, or none."""
    return st.builds(
        Frame,
        st.integers(0, 0xFFFF),
        byte,
        byte,
        six,
        st.binary(min_size=6, max_size=6),
        st.binary(min_size=6, max_size=6),
        st.integers(1, 6),
        units() | st.binary(max_size=80) | st.sampled_from([b"", b"@@" * 20, b"##" * 20, bytes(1024)]),
    )


@st.composite
def broken(draw: st.DrawFn, raw: bytes) -> bytes:
    """The bytes with one thing wrong: a byte changed, a piece cut out, doubled, or put before or behind."""
    at = draw(st.integers(0, len(raw) - 1))
    size = draw(st.integers(1, 8))
    how = draw(st.sampled_from(["change", "cut", "double", "before", "behind", "end"]))
    if how == "change":
        return raw[:at] + bytes([raw[at] ^ draw(st.integers(1, 255))]) + raw[at + 1 :]
    if how == "cut":
        return raw[:at] + raw[at + size :]
    if how == "double":
        return raw[: at + size] + raw[at:]
    if how == "before":
        return draw(st.binary(min_size=1, max_size=8)) + raw
    if how == "behind":
        return raw + draw(st.binary(min_size=1, max_size=8))
    return raw[:at]


noise = st.binary(max_size=40) | st.sampled_from([b"@", b"@@", b"##", b"@@" * 30, b"GET / HTTP/1.1\r\n\r\n", b"TD0001"])
