"""接收: acknowledged is durable, numbered without a gap, and a resend adds nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from anguan.alarms.intake import Arrival, Intake, IntakeSettings, parameters, resend_key, writing
from anguan.alarms.intake.arrivals import microseconds
from anguan.alarms.models import Frame, IntakeStart, Pending, Reading, ResendKey, Transport
from anguan.alarms.rules.signals import Observation, PointKey, SignalKind
from anguan.alarms.tests.committed import committed  # noqa: F401 a fixture

NOW = datetime(2026, 11, 23, 14, 15, 30, tzinfo=UTC)
FIRE = Observation(PointKey(1, 1, 40, 7), frozenset({SignalKind.FIRE}), state=2, text="三层走道")
FAULT = Observation(PointKey(1, 1, 40, 8), frozenset({SignalKind.FAULT}), state=5)


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Frame, Reading])
def test_tables_made_by_hand_are_those_of_their_models(model: type[Frame | Reading]) -> None:
    with connection.cursor() as cursor:
        there = {column.name: column.null_ok for column in description(cursor, model._meta.db_table)}
    assert there == {field.column: field.null for field in model._meta.local_concrete_fields}


def description(cursor: Any, table: str) -> Any:
    return connection.introspection.get_table_description(cursor, table)


class Bench:
    """An intake at work, and what became durable in which order."""

    def __init__(self, reach: dict[str, Any], settings: IntakeSettings) -> None:
        self.intake = Intake(lambda: reach, "test", lambda: NOW, settings, lambda: self.tick)
        self.settled: list[Arrival] = []
        self.tick = 0.0

    def put(
        self, serial: int, *observations: Observation, at: datetime = NOW, tick: float | None = None, source: str = "0b"
    ) -> Arrival:
        """Something that comes in at that moment; where the clock did not jump, as many seconds after the start."""
        self.tick = (at - NOW).total_seconds() if tick is None else tick
        raw = b"@@" + serial.to_bytes(2, "little")
        arrival = Arrival(
            at=microseconds(at),
            transport=Transport.TCP.value,
            source=source,
            raw=raw,
            key=resend_key(source.encode(), raw),
            settled=self.settled.append,
            observations=observations,
            device_id=1,
            serial=serial,
        )
        self.intake.put(arrival)
        return arrival

    async def until(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.settled) < count:
                await asyncio.sleep(0.002)


def play(script: Callable[[Bench], Awaitable[None]], **settings: int) -> Bench:
    """Run an intake on the test's database while the script plays."""
    reach = parameters("test intake")

    async def whole() -> Bench:
        bench = Bench(reach, IntakeSettings(**settings))
        work = asyncio.create_task(bench.intake.run())
        await script(bench)
        bench.intake.stop()
        await asyncio.wait_for(work, 10)
        return bench

    # In a thread of its own: where a browser is driven, its loop runs in this one.
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, whole()).result()


def numbers() -> list[int]:
    return list(Frame.objects.order_by("number").values_list("number", flat=True))


@pytest.mark.usefixtures("committed")
def test_what_is_settled_is_in_the_database_with_all_it_said() -> None:
    reading = Observation(PointKey(11, 1, 99, 1), frozenset({SignalKind.READING}), value=35.5, unit="kPa")

    async def script(bench: Bench) -> None:
        bench.put(1, FIRE)
        bench.put(2, reading)
        bench.put(3, Observation(None, frozenset({SignalKind.HEARTBEAT})))
        await bench.until(3)

    bench = play(script)
    assert [arrival.number for arrival in bench.settled] == numbers() == [1, 2, 3]
    fire, measured, heartbeat = Frame.objects.order_by("number")
    assert (fire.source, fire.serial, bytes(fire.raw), fire.received_at) == ("0b", 1, b"@@\x01\0", NOW)
    assert [fire.is_routine, measured.is_routine, heartbeat.is_routine] == [False, True, True]
    waiting = Pending.objects.get()
    assert (waiting.start_id, waiting.number, waiting.urgency, waiting.device_id) == (fire.start_id, 1, 0, 1)
    assert waiting.observations == [{"kinds": ["fire"], "point": [1, 1, 40, 7], "state": 2, "text": "三层走道"}]
    assert list(Reading.objects.values_list("number", "value", "unit")) == [(2, 35.5, "kPa")]
    assert IntakeStart.objects.get().gateway == "test"


@pytest.mark.usefixtures("committed")
def test_a_few_in_one_statement_are_stored_exactly_as_many_by_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(bench: Bench) -> None:
        bench.put(1, FIRE)
        bench.put(2, Observation(None, frozenset({SignalKind.HEARTBEAT})))
        bench.put(3)
        bench.put(4, FAULT, FIRE, at=NOW + timedelta(microseconds=123_457))
        await bench.until(4)

    def stored() -> list[list[Any]]:
        rows = [
            list(Frame.objects.order_by("number").values_list(*without_start(Frame))),
            list(ResendKey.objects.order_by("key").values_list()),
            list(Pending.objects.order_by("number").values_list(*without_start(Pending))),
        ]
        Pending.objects.all().delete()
        ResendKey.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM alarms_frame")
        return rows

    play(script)
    at_once = stored()
    monkeypatch.setattr(writing, "FEW", 0)
    play(script)
    assert at_once == stored()
    assert [len(rows) for rows in at_once] == [4, 4, 2]


def without_start(model: type[Frame | Pending]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.name not in {"id", "start_id"}]


@pytest.mark.usefixtures("committed")
def test_each_start_of_a_gateway_numbers_from_one() -> None:
    async def script(bench: Bench) -> None:
        bench.put(len(numbers_of_starts), FIRE, at=NOW + timedelta(hours=len(numbers_of_starts)))
        await bench.until(1)
        numbers_of_starts.append(bench.settled[0].number)

    numbers_of_starts: list[int] = []
    play(script)
    play(script)
    assert numbers_of_starts == [1, 1]
    assert list(IntakeStart.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


@pytest.mark.usefixtures("committed")
def test_a_resend_in_flight_later_and_at_another_gateway_is_confirmed_and_adds_nothing() -> None:
    async def script(bench: Bench) -> None:
        bench.put(1, FIRE)
        bench.put(1, FIRE)
        await bench.until(2)
        bench.put(1, FIRE, at=NOW + timedelta(seconds=59))
        await bench.until(3)

    assert [arrival.number for arrival in play(script).settled] == [1, 0, 0]

    async def elsewhere(bench: Bench) -> None:
        bench.put(1, FIRE, at=NOW + timedelta(seconds=59))
        bench.put(2, FIRE)
        await bench.until(2)

    assert [arrival.number for arrival in play(elsewhere).settled] == [0, 1]
    assert Frame.objects.count() == Pending.objects.count() == 2


@pytest.mark.usefixtures("committed")
def test_the_same_bytes_after_the_window_are_a_new_signal() -> None:
    """A panel that was switched on again starts with serial 0 and the same fire."""

    async def script(bench: Bench) -> None:
        bench.put(0, FIRE)
        await bench.until(1)
        bench.put(0, FIRE, at=NOW + timedelta(seconds=60))
        await bench.until(2)
        bench.put(0, FIRE, at=NOW + timedelta(seconds=100))
        await bench.until(3)

    assert [arrival.number for arrival in play(script).settled] == [1, 2, 0]

    async def elsewhere(bench: Bench) -> None:
        bench.put(0, FIRE, at=NOW + timedelta(seconds=120))
        await bench.until(1)

    assert play(elsewhere).settled[0].number == 1
    assert ResendKey.objects.get().until == NOW + timedelta(seconds=180)


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_makes_no_resend_a_signal_and_no_signal_a_resend(hours: int) -> None:
    jump = timedelta(hours=hours)

    async def script(bench: Bench) -> None:
        bench.put(1, FIRE, tick=0)
        await bench.until(1)
        bench.put(1, FIRE, at=NOW + jump, tick=10)
        bench.put(2, FIRE, at=NOW + jump, tick=10)
        await bench.until(3)
        bench.put(1, FIRE, at=NOW + jump, tick=70)
        await bench.until(4)
        bench.put(1, FIRE, at=NOW + jump, tick=80)
        await bench.until(5)

    assert [arrival.number for arrival in play(script).settled] == [1, 0, 2, 3, 0]
    assert numbers() == [1, 2, 3]


@pytest.mark.usefixtures("committed")
def test_a_partition_that_was_dropped_behind_its_back_is_made_again(other: psycopg.Connection[Any]) -> None:
    long_ago = NOW.replace(year=2019)

    async def script(bench: Bench) -> None:
        bench.put(1, FAULT, at=long_ago)
        await bench.until(1)
        name = f"alarms_frame_kept_{long_ago:%Y%m}"
        await asyncio.to_thread(other.execute, f"DROP TABLE {name}")
        bench.put(2, FAULT, at=long_ago)
        bench.put(3, FAULT)
        await bench.until(3)
        made.append(name)

    made: list[str] = []
    bench = play(script)
    assert [arrival.number for arrival in bench.settled] == [1, 2, 3]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {made[0]}")


def test_resends_of_what_is_on_its_way_take_room_like_anything_else() -> None:
    """While nothing can be stored, devices call again and again; their resends must not gather without end."""
    intake = Bench({}, IntakeSettings(high=5)).intake

    def again() -> Arrival:
        return Arrival(at=0, transport=1, source="0b", raw=b"", key=b"k" * 16, settled=lambda _arrival: None)

    for _ in range(4):
        intake.put(again())
        assert not intake.is_full
    intake.put(again())
    assert (intake.waiting, intake.is_full) == (1, True)
    intake._settle(intake._take())
    assert not intake.is_full


def test_one_who_can_not_be_told_keeps_nobody_else_from_it(caplog: pytest.LogCaptureFixture) -> None:
    intake = Bench({}, IntakeSettings()).intake
    told: list[str] = []

    def fails(_arrival: Arrival) -> None:
        raise RuntimeError("gone")

    for source, settled in (("a", fails), ("b", fails), ("c", lambda arrival: told.append(arrival.source))):
        intake.put(Arrival(at=0, transport=1, source=source, raw=b"", key=b"k" * 16, settled=settled))
    intake.put(Arrival(at=0, transport=1, source="d", raw=b"", key=b"l" * 16, settled=lambda a: told.append(a.source)))
    intake._settle(intake._take())
    assert told == ["c", "d"]
    assert caplog.text.count("is settled failed") == 2


@pytest.mark.usefixtures("committed")
def test_a_fire_goes_before_what_waits() -> None:
    async def script(bench: Bench) -> None:
        for serial in range(30):
            bench.put(serial, FAULT)
        bench.put(99, FIRE)
        await bench.until(31)

    bench = play(script, most_in_a_group=10)
    assert bench.settled[0].serial == 99
    assert numbers() == list(range(1, 32))


@pytest.mark.usefixtures("committed")
def test_it_says_when_it_is_full_and_when_it_has_room_again() -> None:
    async def script(bench: Bench) -> None:
        for serial in range(30):
            bench.put(serial, FAULT)
        assert bench.intake.is_full
        await asyncio.wait_for(bench.intake.until_low(), 5)
        assert bench.intake.waiting <= 10

    play(script, most_in_a_group=5, high=30, low=10)
    assert Frame.objects.count() == 30


@pytest.fixture
def other() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(**parameters("test killer"), autocommit=True) as opened:
        yield opened


@pytest.mark.usefixtures("committed")
def test_a_lost_connection_confirms_nothing_and_loses_and_doubles_nothing(other: psycopg.Connection[Any]) -> None:
    kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'test intake'"

    async def script(bench: Bench) -> None:
        for serial in range(2000):
            bench.put(serial, FAULT)
            if serial % 200 == 199:
                await asyncio.to_thread(other.execute, kill)
                await asyncio.sleep(serial % 7 / 1000)
        await bench.until(2000)

    bench = play(script, most_in_a_group=50)
    assert sorted(arrival.number for arrival in bench.settled) == numbers() == list(range(1, 2001))
    assert IntakeStart.objects.count() == 1


@pytest.mark.usefixtures("committed")
def test_a_commit_that_was_done_but_not_answered_is_not_done_again(other: psycopg.Connection[Any]) -> None:
    async def script(bench: Bench) -> None:
        bench.put(1, FAULT)
        await bench.until(1)
        intake = bench.intake
        write_once = intake._write_once

        async def commits_and_breaks(group: list[Arrival]) -> None:
            await write_once(group)
            intake.last_number -= len(group)
            intake._write_once = write_once  # type: ignore[method-assign]  # as it was
            raise psycopg.OperationalError("server closed the connection unexpectedly")

        intake._write_once = commits_and_breaks  # type: ignore[method-assign]  # once
        bench.put(2, FAULT)
        bench.put(3, FAULT)
        await bench.until(3)
        bench.put(4, FAULT)
        await bench.until(4)

    bench = play(script)
    assert [arrival.number for arrival in bench.settled] == numbers() == [1, 2, 3, 4]


@pytest.mark.usefixtures("committed")
def test_what_the_database_refuses_is_not_confirmed_and_spoils_nobody_else() -> None:
    async def script(bench: Bench) -> None:
        for serial in range(5):
            bench.put(serial, Observation(None, frozenset({SignalKind.FIRE}), text="坏\0的" if serial == 2 else "好"))
        await bench.until(5)

    bench = play(script)
    assert [arrival.serial for arrival in bench.settled if arrival.lost] == [2]
    assert numbers() == [1, 2, 3, 4]


@pytest.mark.usefixtures("committed")
def test_a_clock_that_jumps_finds_its_partitions() -> None:
    async def script(bench: Bench) -> None:
        for years in (0, 20, -1):
            bench.put(years + 1, FAULT, at=NOW.replace(year=2026 + years))
            bench.put(100 + years, at=NOW.replace(year=2026 + years))
        await bench.until(6)

    play(script)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM alarms_frame_kept_204611")
        assert cursor.fetchone() == (2,)
