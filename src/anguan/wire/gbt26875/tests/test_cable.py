"""Two ends joined by a cable that loses, doubles, spoils and cuts: what must hold however bad it is."""

import random
from datetime import datetime, timedelta
from typing import Final

import pytest

from anguan.wire.gbt26875 import (
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
    Received,
    Resend,
    Role,
    State,
    Timing,
    Transaction,
    address,
    time_bytes,
)
from anguan.wire.gbt26875.codes import Command, TypeFlag

START = datetime.fromisoformat("2026-11-27T00:00:00")
CENTRE, DEVICE = address(88888), address(70001)


class Cable:
    """What is written at one end arrives at the other, worse: lost, spoilt, twice, in pieces or out of order."""

    def __init__(self, chance: random.Random, loss: float, noise: float, *, datagrams: bool = False) -> None:
        self.chance: Final = chance
        self.loss = loss
        self.noise = noise
        self.datagrams: Final = datagrams

    def carry(self, data: bytes) -> list[bytes]:
        """The pieces that arrive."""
        luck = self.chance.random()
        if luck < self.loss:
            return []
        if luck < self.loss + self.noise:
            at = self.chance.randrange(len(data))
            data = data[:at] + bytes([data[at] ^ (1 << self.chance.randrange(8))]) + data[at + 1 :]
        elif luck < self.loss + 2 * self.noise:
            return [data, data] if self.datagrams else [data + data]
        if self.datagrams:
            return [data]
        at = self.chance.randrange(len(data) + 1)
        return [data[:at], data[at:]]


class End:
    """One end: answers as the standard wants, and counts what it did for good."""

    def __init__(self, role: Role, cable: Cable) -> None:
        ours, theirs = (CENTRE, DEVICE) if role is Role.CENTRE else (DEVICE, CENTRE)
        timing = Timing(answer_within=10.0, resends=50, frame_within=5.0, deny_every=0.0, resend_window=10_000.0)
        self.connection = Connection(role, address=ours, peer=theirs, timing=timing)
        self.cable = cable
        self.done: list[bytes] = []
        self.answered: list[Transaction] = []
        self.failed: list[Transaction] = []
        self.outbox: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.outbox += self.cable.carry(data) if data else []

    def handle(self, events: list[Event], now: float) -> None:
        at = START + timedelta(seconds=now)
        for event in events:
            if isinstance(event, Received):
                if not event.repeated:
                    self.done.append(event.frame.unit)
                if event.frame.command == Command.REQUEST:
                    self.write(self.connection.reply(event, [DeviceState(1, time_bytes(at))], at))
                else:
                    self.write(self.connection.confirm(event, at))
            elif isinstance(event, Damaged):
                self.write(self.connection.deny(event, now=now, at=at))
            elif isinstance(event, Resend):
                self.write(event.data)
            elif isinstance(event, Answered):
                self.answered.append(event.transaction)
            elif isinstance(event, Failed):
                self.failed.append(event.transaction)


def run(ends: tuple[End, End], seconds: float) -> float:
    """Carry pieces and let time pass until nothing waits."""
    now = 0.0
    while now < seconds:
        for end, other in (ends, ends[::-1]):
            pieces, end.outbox = end.outbox, []
            if end.cable.datagrams:
                end.cable.chance.shuffle(pieces)
            for piece in pieces:
                receive = other.connection.receive_datagram if end.cable.datagrams else other.connection.receive_data
                other.handle(receive(piece, now), now)
        if ends[0].outbox or ends[1].outbox:
            continue
        deadlines = [due for end in ends if (due := end.connection.next_deadline()) is not None]
        if not deadlines:
            return now
        now = max(now, min(deadlines))
        for end in ends:
            end.handle(end.connection.check_deadlines(now), now)
    raise AssertionError("they never came to rest")


@pytest.mark.parametrize("datagrams", [False, True], ids=["stream", "datagrams"])
@pytest.mark.parametrize("seed", range(8))
def test_everything_arrives_once_over_a_cable_that_loses_and_spoils(seed: int, datagrams: bool) -> None:
    chance = random.Random(seed)
    cable = Cable(chance, loss=0.3, noise=0.1, datagrams=datagrams)
    centre, device = End(Role.CENTRE, cable), End(Role.DEVICE, cable)
    fires = [ComponentState(1, 1, 40, point, 2, bytes(31), time_bytes(START)) for point in range(20)]
    uploads = [device.connection.send(TypeFlag.COMPONENT_STATE, [fire], now=0.0, at=START) for fire in fires]
    orders = [
        centre.connection.send(TypeFlag.DUTY_CHECK, [DutyCheck(10)], now=0.0, at=START),
        centre.connection.send(TypeFlag.SET_DEVICE_CLOCK, [Clock(time_bytes(START))], now=0.0, at=START),
        centre.connection.send(TypeFlag.READ_DEVICE_STATE, [DeviceQuery()], now=0.0, at=START),
    ]
    for transaction in uploads:
        device.write(transaction.data)
    for transaction in orders:
        centre.write(transaction.data)
    run((centre, device), 100_000.0)
    assert {transaction.state for transaction in uploads + orders} == {State.DONE}
    # A spoilt byte that the sum does not see is possible in principle, with one flipped bit it is not.
    assert sorted(centre.done) == sorted(unit_of(transaction) for transaction in uploads)
    assert sorted(device.done) == sorted(unit_of(transaction) for transaction in orders)


def unit_of(transaction: Transaction) -> bytes:
    return transaction.data[27:-3]


def test_a_dead_line_ends_each_transaction_after_its_resends() -> None:
    cable = Cable(random.Random(0), loss=1.0, noise=0.0)
    centre, device = End(Role.CENTRE, cable), End(Role.DEVICE, cable)
    device.connection = Connection(Role.DEVICE, address=DEVICE, peer=CENTRE)
    fire = device.connection.heartbeat(now=0.0, at=START)
    device.write(fire.data)
    assert run((centre, device), 1000.0) == 40.0
    assert device.failed == [fire]
    assert fire.sent_count == 4


def test_a_perfect_line_needs_one_round() -> None:
    cable = Cable(random.Random(0), loss=0.0, noise=0.0)
    centre, device = End(Role.CENTRE, cable), End(Role.DEVICE, cable)
    fire = device.connection.heartbeat(now=0.0, at=START)
    device.write(fire.data)
    assert run((centre, device), 1000.0) == 0.0
    assert device.answered == [fire]
