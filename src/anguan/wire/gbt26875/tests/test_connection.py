"""Conversations: what is answered, sent again, given up and denied, and when."""

from datetime import datetime
from typing import Any

import pytest

from anguan.wire.gbt26875 import (
    PROFILES,
    Answered,
    Clock,
    ComponentState,
    Connection,
    Damaged,
    DeviceQuery,
    DeviceState,
    DutyCheck,
    Event,
    Failed,
    Fault,
    Frame,
    Greeted,
    LocalProtocolError,
    Reason,
    Received,
    Resend,
    Role,
    State,
    Stray,
    Timing,
    Unframed,
    address,
    encode,
    read_frame,
    time_bytes,
)
from anguan.wire.gbt26875.codes import Command, TypeFlag

AT = datetime.fromisoformat("2026-11-27T09:30:00")
CENTRE, DEVICE = address(88888), address(70001)
FIRE = ComponentState(1, 1, 40, 0x0002000A, 0x0002)


def centre(**more: Any) -> Connection:
    return Connection(Role.CENTRE, address=CENTRE, peer=DEVICE, **more)


def device(**more: Any) -> Connection:
    return Connection(Role.DEVICE, address=DEVICE, peer=CENTRE, **more)


def only(events: list[Event], kind: type) -> Any:
    (event,) = events
    assert isinstance(event, kind), event
    return event


def test_an_upload_is_confirmed_with_its_serial_and_swapped_addresses() -> None:
    ours, theirs = centre(), device(first_serial=513)
    fire = theirs.send(TypeFlag.COMPONENT_STATE, [FIRE], now=0.0, at=AT)
    received = only(ours.receive_data(fire.data, 0.1), Received)
    assert received.unit.objects == (FIRE,)
    answer = read_frame(ours.confirm(received, AT.replace(second=1)))
    assert isinstance(answer, Received)
    assert answer.frame == Frame(513, 1, 1, bytes([1, 30, 9, 27, 11, 26]), CENTRE, DEVICE, Command.CONFIRM)
    answered = only(theirs.receive_data(answer.raw, 0.2), Answered)
    assert answered.transaction is fire
    assert fire.state is State.DONE
    assert theirs.next_deadline() is None


def test_a_query_is_replied_and_an_order_is_confirmed() -> None:
    ours, theirs = centre(), device()
    query = ours.send(TypeFlag.READ_DEVICE_STATE, [DeviceQuery()], now=0.0, at=AT)
    asked = only(theirs.receive_data(query.data, 0.0), Received)
    reply = theirs.reply(asked, [DeviceState(1, time_bytes(AT))], AT)
    answered = only(ours.receive_data(reply, 0.0), Answered)
    assert answered.transaction is query
    assert (answered.unit.type_flag, answered.unit.objects[0].time) == (TypeFlag.DEVICE_STATE, AT)
    order = ours.send(TypeFlag.SET_DEVICE_CLOCK, [Clock(time_bytes(AT))], now=0.0, at=AT)
    ordered = only(theirs.receive_data(order.data, 0.0), Received)
    assert only(ours.receive_data(theirs.confirm(ordered, AT), 0.0), Answered).transaction is order


def test_serials_of_the_two_ends_collide_freely() -> None:
    ours, theirs = centre(), device()
    order = ours.send(TypeFlag.DUTY_CHECK, [DutyCheck(10)], now=0.0, at=AT)
    fire = theirs.send(TypeFlag.COMPONENT_STATE, [FIRE], now=0.0, at=AT)
    assert order.serial == fire.serial == 0
    received = only(ours.receive_data(fire.data, 0.0), Received)
    only(theirs.receive_data(ours.confirm(received, AT), 0.0), Answered)
    assert order.state is State.WAITING


def test_serials_count_up_and_wrap() -> None:
    theirs = device(first_serial=0xFFFF)
    assert [theirs.heartbeat(now=0.0, at=AT).serial for _ in range(3)] == [0xFFFF, 0, 1]


def test_a_serial_that_still_waits_is_not_used_again() -> None:
    theirs = device()
    theirs.heartbeat(now=0.0, at=AT)
    theirs._next_serial = 0
    assert theirs.heartbeat(now=0.0, at=AT).serial == 1


def test_silence_brings_the_same_bytes_three_times_and_then_failure() -> None:
    theirs = device()
    fire = theirs.send(TypeFlag.COMPONENT_STATE, [FIRE], now=100.0, at=AT)
    assert theirs.next_deadline() == 110.0
    assert theirs.check_deadlines(109.9) == []
    for due in (110.0, 120.0, 130.0):
        assert theirs.check_deadlines(due) == [Resend(fire, Reason.TIMED_OUT, fire.data)]
    assert theirs.check_deadlines(140.0) == [Failed(fire, Reason.TIMED_OUT)]
    assert fire.state is State.FAILED
    assert theirs.next_deadline() is None


def test_a_denial_brings_a_resend_at_once() -> None:
    ours, theirs = centre(), device(timing=Timing(resends=1))
    fire = theirs.send(TypeFlag.COMPONENT_STATE, [FIRE], now=0.0, at=AT)
    received = only(ours.receive_data(fire.data, 0.0), Received)
    denial = ours.deny(received, now=0.0, at=AT)
    assert theirs.receive_data(denial, 1.0) == [Resend(fire, Reason.DENIED, fire.data)]
    assert theirs.next_deadline() == 11.0
    assert theirs.receive_data(denial, 2.0) == [Failed(fire, Reason.DENIED)]


def test_a_resend_is_told_as_one_so_that_it_adds_nothing() -> None:
    ours, theirs = centre(), device()
    fire = theirs.send(TypeFlag.COMPONENT_STATE, [FIRE], now=0.0, at=AT)
    assert only(ours.receive_data(fire.data, 0.0), Received).repeated is False
    assert only(ours.receive_data(fire.data, 10.0), Received).repeated is True
    assert only(ours.receive_data(fire.data, 60.0), Received).repeated is True
    # The panel was switched off and on: it counts from 0 again, and its fire is news.
    assert only(ours.receive_data(fire.data, 60.1), Received).repeated is False


def test_the_resend_of_what_was_denied_is_news() -> None:
    ours, theirs = centre(), device()
    fire = theirs.send(TypeFlag.COMPONENT_STATE, [FIRE], now=0.0, at=AT)
    ours.deny(only(ours.receive_data(fire.data, 0.0), Received), now=0.0, at=AT)
    assert only(ours.receive_data(fire.data, 1.0), Received).repeated is False


def test_the_memory_of_frames_is_bounded_and_can_be_switched_off() -> None:
    ours = centre(timing=Timing(remembered=2))
    theirs = device()
    frames = [theirs.heartbeat(now=0.0, at=AT).data for _ in range(3)]
    for frame in frames:
        ours.receive_data(frame, 0.0)
    assert [only(ours.receive_data(frame, 0.0), Received).repeated for frame in (frames[2], frames[0])] == [True, False]
    deaf = centre(timing=Timing(resend_window=0.0))
    assert [only(deaf.receive_data(frames[0], 0.0), Received).repeated for _ in range(2)] == [False, False]


def test_an_answer_that_nobody_waits_for_is_a_stray() -> None:
    ours, theirs = centre(), device()
    fire = theirs.send(TypeFlag.COMPONENT_STATE, [FIRE], now=0.0, at=AT)
    confirmation = ours.confirm(only(ours.receive_data(fire.data, 0.0), Received), AT)
    only(theirs.receive_data(confirmation, 0.0), Answered)
    only(theirs.receive_data(confirmation, 0.0), Stray)


def test_a_confirmation_does_not_answer_a_query() -> None:
    ours = centre()
    query = ours.send(TypeFlag.READ_DEVICE_STATE, [DeviceQuery()], now=0.0, at=AT)
    confirmation = encode(Frame(query.serial, 1, 1, bytes(6), DEVICE, CENTRE, Command.CONFIRM))
    only(ours.receive_data(confirmation, 0.0), Stray)
    assert query.state is State.WAITING


def test_a_wrong_checksum_is_denied_once_a_serial_and_not_too_often() -> None:
    ours, theirs = centre(), device(first_serial=7)
    good = [theirs.heartbeat(now=0.0, at=AT).data for _ in range(3)]
    bad = [frame[:-3] + bytes([frame[-3] ^ 1]) + frame[-2:] for frame in good]

    def denial(frame: bytes, now: float) -> bytes:
        damaged = only(ours.receive_data(frame, now), Damaged)
        assert damaged.fault is Fault.CHECKSUM
        return ours.deny(damaged, now=now, at=AT)

    answer = read_frame(denial(bad[0], 0.0))
    assert isinstance(answer, Received)
    assert (answer.frame.serial, answer.frame.command, answer.frame.unit) == (7, Command.DENY, b"")
    assert denial(bad[0], 5.0) == b""
    assert denial(bad[1], 0.5) == b""
    assert denial(bad[1], 6.0) != b""


def test_a_damaged_answer_is_never_denied() -> None:
    ours = centre()
    frame = encode(Frame(1, 1, 1, bytes(6), DEVICE, CENTRE, Command.DENY))
    damaged = only(ours.receive_data(frame[:-3] + b"\0##", 0.0), Damaged)
    assert ours.deny(damaged, now=0.0, at=AT) == b""


def test_an_unknown_command_is_damage_but_not_under_the_makers_profile() -> None:
    keep_alive = device().heartbeat(now=0.0, at=AT, command=Command.KEEP_ALIVE).data
    assert only(centre().receive_data(keep_alive, 0.0), Damaged).fault is Fault.COMMAND
    only(centre(profile=PROFILES["dahua"]).receive_data(keep_alive, 0.0), Received)


def test_a_frame_that_does_not_become_whole_gives_way_to_the_next() -> None:
    ours, theirs = centre(), device()
    liar = bytearray(theirs.heartbeat(now=0.0, at=AT).data)
    liar[24:26] = b"\xe8\x03"  # a length of 1000
    fire = theirs.send(TypeFlag.COMPONENT_STATE, [FIRE], now=0.0, at=AT).data
    assert ours.receive_data(bytes(liar) + fire, 0.0) == []
    assert ours.next_deadline() == 5.0
    assert ours.check_deadlines(4.9) == []
    damaged, received = ours.check_deadlines(5.0)
    assert isinstance(damaged, Damaged)
    assert (damaged.fault, damaged.raw) == (Fault.INCOMPLETE, bytes(liar))
    assert isinstance(received, Received)
    assert received.raw == fire
    assert ours.next_deadline() is None


def test_a_peer_that_never_frames_is_told_once_and_costs_no_memory() -> None:
    ours = centre()
    query = ours.send(TypeFlag.READ_DEVICE_STATE, [DeviceQuery()], now=0.0, at=AT)
    events: list[Event] = []
    for _ in range(1000):
        events += ours.receive_data(b"GET / HTTP/1.1\r\n" * 64, 0.0)
        assert ours._stream.held < 3 * 1054
    assert [event for event in events if isinstance(event, Unframed)] == events[-2:-1]
    assert events[-1] == Failed(query, Reason.CLOSED)
    assert ours.closed
    assert ours.next_deadline() is None
    assert sum(len(event.raw) for event in events if isinstance(event, Damaged)) < 70_000


@pytest.mark.parametrize("byte", [b"@", b"#", b"\0"])
def test_a_byte_a_second_for_half_an_hour_costs_no_memory_and_is_told(byte: bytes) -> None:
    ours = centre()
    told: list[Event] = []
    for second in range(1500):
        told += ours.receive_data(byte, float(second)) + ours.check_deadlines(float(second))
        assert ours._stream.held < 2 * 1054
    assert all(isinstance(event, Damaged) for event in told)
    assert sum(len(event.raw) for event in told if isinstance(event, Damaged)) > 1000


def test_the_end_of_the_line_ends_what_we_waited_for() -> None:
    ours = centre()
    query = ours.send(TypeFlag.READ_DEVICE_STATE, [DeviceQuery()], now=0.0, at=AT)
    assert ours.receive_data(b"@@half", 0.0) == []
    damaged, failed = ours.receive_end(1.0)
    assert isinstance(damaged, Damaged)
    assert failed == Failed(query, Reason.CLOSED)
    assert ours.receive_data(b"more", 2.0) == ours.receive_end(2.0) == []
    with pytest.raises(LocalProtocolError):
        ours.send(TypeFlag.READ_DEVICE_STATE, [DeviceQuery()], now=0.0, at=AT)


def test_a_datagram_is_one_frame_and_leaves_nothing_behind() -> None:
    ours = centre()
    frame = device().heartbeat(now=0.0, at=AT).data
    only(ours.receive_datagram(frame, 0.0), Received)
    assert only(ours.receive_datagram(frame[:-1], 0.0), Damaged).fault is Fault.INCOMPLETE
    assert only(ours.receive_datagram(frame + b"\0", 0.0), Damaged).fault is Fault.LENGTH
    assert ours.next_deadline() is None


@pytest.mark.parametrize(
    ("role", "type_flag", "objects"),
    [
        (Role.DEVICE, TypeFlag.DUTY_CHECK, [DutyCheck(5)]),
        (Role.CENTRE, TypeFlag.COMPONENT_STATE, [FIRE]),
        (Role.CENTRE, 200, []),
    ],
)
def test_what_is_not_ours_to_send_is_refused(role: Role, type_flag: int, objects: list[Any]) -> None:
    with pytest.raises(LocalProtocolError):
        Connection(role).send(type_flag, objects, now=0.0, at=AT)


def test_only_a_query_of_the_standard_has_a_reply() -> None:
    theirs = device()
    for command, unit in ((Command.REQUEST, b"\xc8\x01\0"), (Command.REQUEST, b""), (Command.CONTROL, b"\x59\x01\0")):
        asked = only(
            theirs.receive_data(encode(Frame(1, 1, 1, bytes(6), CENTRE, DEVICE, command, unit)), 0.0), Received
        )
        with pytest.raises(LocalProtocolError):
            theirs.reply(asked, [], AT)


def test_a_greeting_in_plain_text_is_answered_under_the_makers_profile_only() -> None:
    frame = device().heartbeat(now=0.0, at=AT).data
    ours = centre(profile=PROFILES["eei"])
    assert ours.receive_data(b"TD0001", 0.0) == [Greeted(b"TD0001", b"OK!")]
    only(ours.receive_data(frame, 0.0), Received)
    assert isinstance(centre().receive_data(b"TD0001" + frame, 0.0)[0], Damaged)


def test_the_one_byte_handshake_is_confirmed_with_its_one_byte() -> None:
    ours = centre(profile=PROFILES["dahua"])
    hello = encode(Frame(1, 1, 3, bytes(6), DEVICE, CENTRE, Command.SEND, b"\x16"))
    received = only(ours.receive_data(hello, 0.0), Received)
    assert received.unit.problem is None
    answer = read_frame(ours.confirm(received, AT), PROFILES["dahua"])
    assert isinstance(answer, Received)
    assert answer.frame.unit == b"\x17"


def test_a_device_that_asks_for_the_time_gets_it_as_an_order_with_its_serial() -> None:
    ours = centre(profile=PROFILES["dahua"])
    question = encode(Frame(9, 1, 3, bytes(6), DEVICE, CENTRE, Command.CONTROL, b"\x5a\x01" + bytes(6)))
    answer = read_frame(ours.give_clock(only(ours.receive_data(question, 0.0), Received), AT))
    assert isinstance(answer, Received)
    assert (answer.frame.serial, answer.frame.command, answer.unit.objects) == (9, 1, (Clock(time_bytes(AT)),))
    plain = centre()
    with pytest.raises(LocalProtocolError):
        plain.give_clock(only(plain.receive_data(question, 0.0), Received), AT)
