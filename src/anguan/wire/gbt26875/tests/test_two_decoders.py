"""The room's decoder against a second one that was written from the byte reference alone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from anguan.wire.gbt26875 import Frame, FrameStream, Received, encode, read_frame
from anguan.wire.gbt26875.plain import plain
from anguan.wire.gbt26875.tests import plain_decoder
from anguan.wire.gbt26875.tests.strategies import broken, frames, noise, units

UNSHARED = {"loop", "point", "unit"}


def assert_both_say_the_same(raw: bytes) -> None:
    ours = plain(read_frame(raw))
    fault = plain_decoder.fault(raw)
    assert ours.get("error") == fault
    if fault is not None:
        return
    header = plain_decoder.header(raw)
    assert ours["serial"] == plain_decoder.number(header["serial"])
    assert ours["version"] == [header["main_version"][0], header["user_version"][0]]
    assert ours["time"] == plain_decoder.moment(header["time_label"])
    assert (ours["source"], ours["destination"]) == (header["source"].hex(), header["destination"].hex())
    assert ours["command"] == header["command"][0]
    unit = raw[27:-3]
    if len(unit) < 2:
        assert (ours["type"], ours["objects"]) == (unit[0] if unit else None, [])
        return
    assert ours["type"] == unit[0]
    theirs = plain_decoder.objects(unit)
    assert (ours["problem"] is None) == (theirs is not None)
    shared = [{name: value for name, value in item.items() if name not in UNSHARED} for item in ours["objects"]]
    assert shared == (theirs or [])


@settings(max_examples=300, deadline=None)
@given(frames())
def test_both_read_the_same_in_sound_frames(frame: Frame) -> None:
    assert_both_say_the_same(encode(frame))


@settings(max_examples=300, deadline=None)
@given(frames(), st.data())
def test_both_find_the_same_fault_in_broken_ones(frame: Frame, data: st.DataObject) -> None:
    assert_both_say_the_same(data.draw(broken(encode(frame))))


@settings(max_examples=200, deadline=None)
@given(
    st.builds(Frame, *[st.just(1)] * 3, st.just(bytes(6)), *[st.just(bytes(6))] * 2, st.just(2), units(damaged=True))
)
def test_both_find_the_same_units_unreadable(frame: Frame) -> None:
    assert_both_say_the_same(encode(frame))


@settings(max_examples=200, deadline=None)
@given(st.lists(noise | frames().map(encode) | frames().map(encode).flatmap(broken), max_size=6).map(b"".join))
def test_both_find_the_same_frames_in_a_stream(stream: bytes) -> None:
    ours = FrameStream()
    events = ours.feed(stream) + ours.close()
    assert [event.raw for event in events if isinstance(event, Received)] == plain_decoder.frames_in(stream)
