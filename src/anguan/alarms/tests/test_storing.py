"""取流: a batch is stored once however often it comes, and numbers have no gap however it comes."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from anguan.alarms.intake import Arrival, parameters, resend_key
from anguan.alarms.intake.arrivals import microseconds
from anguan.alarms.intake.batches import Batch, Origin
from anguan.alarms.intake.checking import check
from anguan.alarms.intake.storing import Store, without_resends
from anguan.alarms.models import Frame, IntakeStart, Pending, ResendKey, UnreadableBatch
from anguan.alarms.rules.signals import Observation, PointKey, SignalKind
from anguan.alarms.tests.committed import committed  # noqa: F401 a fixture

NOW = datetime(2026, 11, 23, 14, 15, 30, tzinfo=UTC)
FIRE = Observation(PointKey(1, 1, 40, 7), frozenset({SignalKind.FIRE}), state=2, text="三层走道")


@pytest.mark.django_db
def test_the_test_database_is_there() -> None:
    """Tells pytest-django to make it when this file runs alone."""
    assert not Frame.objects.exists()


def an_arrival(serial: int, seconds: float = 0, *, text: str = "三层走道", source: str = "0b") -> Arrival:
    raw = b"@@" + serial.to_bytes(2, "little")
    return Arrival(
        at=microseconds(NOW + timedelta(seconds=seconds)),
        transport=1,
        source=source,
        raw=raw,
        key=resend_key(source.encode(), raw),
        settled=lambda _arrival: None,
        observations=(Observation(FIRE.point, FIRE.kinds, 2, text=text),),
        device_id=1,
        serial=serial,
        command=2,
    )


def a_batch(number: int, *arrivals: Arrival, start: int = 1) -> Batch:
    return Batch(Origin(UUID(int=start), f"网关{start}", microseconds(NOW)), number, arrivals)


def play(*acts: Callable[[Store], Awaitable[None]]) -> list[Store]:
    """Let workers act beside each other, each with a connection of its own."""

    async def one(act: Callable[[Store], Awaitable[None]]) -> Store:
        store = Store(lambda: parameters("test ingest"), 60)
        try:
            await act(store)
        finally:
            await store.close()
        return store

    async def whole() -> list[Store]:
        return await asyncio.gather(*[one(act) for act in acts])

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, whole()).result()


def write(*groups: list[Batch]) -> Store:
    async def act(store: Store) -> None:
        for group in groups:
            await store.write(group)

    return play(act)[0]


def numbers(start: int = 1) -> list[int]:
    ours = IntakeStart.objects.filter(token=UUID(int=start)).values("pk")
    return list(Frame.objects.filter(start_id__in=ours).order_by("number").values_list("number", flat=True))


# Resends, by the time at which gateways received them: without a database.


@pytest.mark.parametrize(
    ("known_since", "came", "new"),
    [
        pytest.param(None, [0, 59.9], [0], id="一分钟以内是重发"),
        pytest.param(None, [0, 60], [0, 60], id="一分钟以后是新信号"),
        pytest.param(None, [0, 50, 100], [0, 100], id="重发不延长窗口"),
        pytest.param(None, [3600, 0, 59], [3600, 0], id="积压中先后颠倒"),
        pytest.param(0, [59.9], [], id="先前已入库"),
        pytest.param(0, [60, 119], [60], id="先前已入库, 窗口已过"),
        pytest.param(10, [0], [], id="另一网关的同一信号先入库"),
        pytest.param(60, [0], [0], id="早一分钟的是另一个信号"),
        pytest.param(7200, [0, 10], [0], id="积压两小时的信号不因后来者丢失"),
    ],
)
def test_a_resend_is_told_by_when_it_was_received(
    known_since: float | None, came: list[float], new: list[float]
) -> None:
    arrivals = [an_arrival(1, seconds) for seconds in came]
    known = {} if known_since is None else {arrivals[0].key: microseconds(NOW + timedelta(seconds=known_since + 60))}
    found, ends = without_resends(arrivals, 60, known)
    assert {each.at for each in found} == {microseconds(NOW + timedelta(seconds=each)) for each in new}
    assert ends[arrivals[0].key] >= max(known.values(), default=0)


# In the database.


@pytest.mark.usefixtures("committed")
def test_a_batch_that_comes_again_adds_nothing_and_leaves_no_gap() -> None:
    first = a_batch(1, an_arrival(1), an_arrival(2))
    store = write([first], [first, a_batch(3, an_arrival(4))], [a_batch(2, an_arrival(3)), first, first])
    assert (store.stored, store.repeated) == (4, 3)
    assert numbers() == [1, 2, 3, 4]
    assert list(Frame.objects.order_by("number").values_list("serial", flat=True)) == [1, 2, 4, 3]
    start = IntakeStart.objects.get()
    assert (start.gateway, start.number, start.started_at, start.last_number) == ("网关1", 1, NOW, 4)
    assert Pending.objects.count() == 4
    assert check().is_sound


@pytest.mark.usefixtures("committed")
def test_a_resend_at_another_gateway_adds_nothing_and_a_later_one_does() -> None:
    resend = a_batch(1, an_arrival(1, 59), an_arrival(2, 59), start=2)
    later = a_batch(2, an_arrival(1, 60), start=2)
    store = write([a_batch(1, an_arrival(1))], [resend, later])
    assert (store.stored, store.resends) == (3, 1)
    assert (numbers(1), numbers(2)) == ([1], [1, 2])
    assert set(ResendKey.objects.values_list("until", flat=True)) == {
        NOW + timedelta(seconds=119),
        NOW + timedelta(seconds=120),
    }
    # Six minutes later another node brings what a third gateway had received long before.
    assert write([a_batch(1, an_arrival(1, -3600), start=3)]).stored == 1
    assert check().is_sound


@pytest.mark.usefixtures("committed")
def test_workers_beside_each_other_store_each_signal_once() -> None:
    """Each batch comes to three workers, in another order; some signals came to both gateways."""

    def batches(start: int) -> list[Batch]:
        return [a_batch(n, *[an_arrival(5 * n + i, start) for i in range(7)], start=start) for n in range(1, 21)]

    def worker(number: int) -> Callable[[Store], Awaitable[None]]:
        async def act(store: Store) -> None:
            mine = [batch for pair in zip(batches(1), batches(2), strict=True) for batch in pair]
            mine = mine[number * 9 :] + mine[: number * 9]
            while mine:
                group, mine = mine[:3], mine[3:]
                while True:
                    with contextlib.suppress(psycopg.OperationalError):
                        await store.write(group)
                        break
                    await store.close()

        return act

    stores = play(*[worker(number) for number in range(3)])
    assert (
        sum(store.stored for store in stores)
        == Frame.objects.count()
        == len({5 * n + i for n in range(1, 21) for i in range(7)})
    )
    for start in (1, 2):
        assert numbers(start) == list(range(1, len(numbers(start)) + 1))
    assert check().is_sound


@pytest.mark.usefixtures("committed")
def test_what_the_database_refuses_is_kept_without_what_it_says_and_spoils_nobody_else() -> None:
    """Its device was answered long ago: unlike the gateway, nobody can refuse it any more."""
    bad = an_arrival(2, text="坏\0的", source="0\0b")
    write([a_batch(1, an_arrival(1), bad, an_arrival(3)), a_batch(2, an_arrival(4))])
    assert numbers() == [1, 2, 3, 4]
    kept = Frame.objects.exclude(problem="").get()
    assert (kept.serial, kept.source, bytes(kept.raw)) == (2, "0b", b"@@\x02\0")
    assert "can't be stored" in kept.problem
    assert Pending.objects.count() == 3
    assert check().is_sound


@pytest.mark.usefixtures("committed")
def test_a_backlog_finds_its_partitions_also_where_they_were_dropped_meanwhile() -> None:
    def backlog(number: int) -> Batch:
        return a_batch(number, *[an_arrival(10 * number + n, -86400 * 40 * n) for n in range(3)])

    async def act(store: Store) -> None:
        await store.write([backlog(1)])
        async with await psycopg.AsyncConnection.connect(**parameters("test"), autocommit=True) as other:
            await other.execute("DROP TABLE alarms_frame_kept_202609")
        await store.write([backlog(2)])

    play(act)
    assert numbers() == [1, 2, 4, 5, 6]


@pytest.mark.usefixtures("committed")
def test_a_message_that_is_no_batch_is_kept_once() -> None:
    async def act(store: Store) -> None:
        for _ in range(2):
            await store.keep_unreadable("anguan-intake", 7, NOW, "no batch\0", b"?")

    play(act)
    kept = UnreadableBatch.objects.get()
    assert (kept.sequence, kept.problem, bytes(kept.raw)) == (7, "no batch", b"?")
