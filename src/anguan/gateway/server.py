"""The gateway as a whole: its listeners, its sessions, one intake, and what it does besides every few seconds."""

import asyncio
import contextlib
import logging
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import psycopg

from anguan.alarms.intake import BACK, Arrival, IntakeSettings, StreamSettings, open_sink, resend_key
from anguan.alarms.intake.arrivals import microseconds, moment
from anguan.alarms.models import Transport
from anguan.alarms.rules.signals import Observation, SignalKind
from anguan.alarms.services.devices import COMMAND_CHANNEL, DEVICE_CHANNEL
from anguan.alarms.services.states import FORGET_THE_FUTURE
from anguan.gateway import orders, strangers
from anguan.gateway.directory import Directory, Known
from anguan.gateway.sessions import Datagrams, Session, TcpSession, UdpSession
from anguan.ground.clock import CHINA
from anguan.ground.complaints import Complaint
from anguan.ground.listening import beat
from anguan.wire.gbt26875 import time_bytes

if TYPE_CHECKING:
    from anguan.gateway.mqtt import Subscriber
    from anguan.ground.broker import Broker

log = logging.getLogger(__name__)

MOST_CONNECTIONS: Final = 20_000
MOST_DATAGRAM_PEERS: Final = 20_000
# A peer that has never framed anything gets so long, one that has, so long without a byte.
SECONDS_TO_FRAME: Final = 60.0
SECONDS_OF_SILENCE: Final = 900.0
# So long a peer may take none of its answers, and one that was hung up on may leave the last of them untaken.
SECONDS_CONGESTED: Final = 60.0
SECONDS_TO_PART: Final = 5.0
SEND_BUFFER: Final = 64 * 1024
SECONDS_TO_DRAIN: Final = 8.0
SECONDS_TO_STOP: Final = 0.5
# Longer than this between two looks and we were away; more than that between the two clocks and one of them jumped.
SECONDS_AWAY: Final = 15.0
SECONDS_A_CLOCK_MAY_DRIFT: Final = 5.0
_SECOND: Final = timedelta(seconds=1)
OFFLINE: Final = frozenset({SignalKind.OFFLINE})


@dataclass(frozen=True)
class Values:
    """What the rules say about talking to devices (`device-conversation`, `resend-window`)."""

    answer_s: float = 10.0
    resends: int = 3
    poll_every_s: int = 7200
    missed_heartbeats: int = 3
    clock_error_s: float = 5.0
    strangers: int = 1000
    window_s: int = 60
    message_window_s: int = 30 * 86_400


class Gateway:
    """Start it with `start`, let it work in `run`, end it with `stop`."""

    def __init__(
        self,
        connect: Callable[[str], dict[str, Any]],
        name: str,
        clock: Callable[[], datetime],
        values: Values = Values(),
        *,
        stream: StreamSettings | None = None,
        housekeeping_s: float = 2.0,
        broker: "Broker | None" = None,
    ) -> None:
        """`connect` gives the parameters of a database connection of that name.

        `stream` is where it is to publish instead of writing into the database, `broker` who has signals by MQTT.
        """
        self.values: Final = values
        self.name: Final = name
        goes_by = IntakeSettings(window_s=values.window_s)
        self.intake: Final = open_sink(lambda: connect(f"anguan gateway {name}"), name, clock, goes_by, stream)
        self._forgets_keys: Final = stream is None
        self.intake.after_group = self._flush
        self.directory: Final = Directory(values.strangers)
        self.orders: Final = orders.Orders(self)
        self.sessions: Final[set[TcpSession]] = set()
        self.paused: Final[set[TcpSession]] = set()
        self.sessions_by_source: Final[dict[str, Session]] = {}
        self.to_flush: list[Session] = []
        self.something_ended = asyncio.Event()
        self.subscriber: Final = None if broker is None else _subscriber(self, broker)
        self.damaged = 0
        self.denied = 0
        self.tick: Final = time.monotonic
        self._datagrams: dict[Any, UdpSession] = {}
        self._connect: Final = connect
        self._clock: Final = clock
        self._housekeeping_s: Final = housekeeping_s
        self._servers: list[asyncio.Server] = []
        self._endpoints: list[asyncio.DatagramTransport] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._work: asyncio.Task[None] | None = None
        # Since when we have heard whoever spoke, and when we last looked after everything, by both clocks.
        self._listening_tick = self.tick()
        self._regular_at = clock(), self._listening_tick
        self._complaints: dict[str, Complaint] = {}
        self._stopping = asyncio.Event()
        self._wake = asyncio.Event()
        self._must_read = True
        self._read_at = 0.0
        # The time label of answers changes once a second.
        self._labelled = -1
        self._labelled_at = clock()
        self.time_label = b""
        self.now()

    # The clock, read once for whatever comes in together.

    def now(self) -> datetime:
        """The present moment; `microseconds`, `local` and `time_label` are the same one until the next call."""
        now = self._clock()
        self.microseconds = microseconds(now)
        self.local = now.astimezone(CHINA)
        if now.second != self._labelled or now - self._labelled_at >= _SECOND:
            self._labelled, self._labelled_at = now.second, now
            self.time_label = time_bytes(self.local)
        return now

    # Life.

    async def start(self, host: str, port: int) -> int:
        """Listen for TCP and UDP on one port (any free one for 0) and begin to work; returns the port."""
        loop = asyncio.get_running_loop()
        self._work = asyncio.create_task(self.intake.run())
        server = await loop.create_server(lambda: TcpSession(self), host, port, backlog=1024, reuse_address=True)
        self._servers.append(server)
        for listener in server.sockets:
            _watch_lines(listener)
        port = int(server.sockets[0].getsockname()[1])
        endpoint, _ = await loop.create_datagram_endpoint(lambda: Datagrams(self), (host, port))
        self._endpoints.append(endpoint)
        self._tasks = [
            asyncio.create_task(self._housekeeping()),
            asyncio.create_task(self._listening()),
            asyncio.create_task(self._watching()),
        ]
        if self.subscriber is not None:
            self._tasks.append(asyncio.create_task(self.subscriber.run()))
        return port

    async def run(self) -> None:
        """Until `stop` is asked for, or something of it ends by a fault of its own, which is raised.

        A gateway that stores and answers, and no longer notices who is silent, is worse than one that begins anew.
        """
        assert self._work is not None
        stopping = asyncio.create_task(self._stopping.wait())
        ended, _ = await asyncio.wait({self._work, stopping, *self._tasks}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        await self._close()
        for task in ended - {stopping}:
            task.result()

    def stop(self) -> None:
        """Take nothing more, answer what is durable, go."""
        self._stopping.set()

    async def _close(self) -> None:
        assert self._work is not None
        for server in self._servers:
            server.close()
        for session in list(self.sessions):
            session.pause()
        for endpoint in self._endpoints:
            endpoint.close()
        if self.subscriber is not None:
            self.subscriber.pause()
        self.intake.stop()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._work, SECONDS_TO_DRAIN)
        if self.subscriber is not None:
            self.subscriber.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for session in list(self.sessions):
            session.hang_up("the gateway stops")
        end = self.tick() + SECONDS_TO_STOP
        while self.sessions and self.tick() < end:
            await asyncio.sleep(0.01)
        for session in list(self.sessions):
            session.abort()

    # Sessions.

    def admit(self, session: TcpSession) -> bool:
        """False when there are too many already."""
        if len(self.sessions) >= MOST_CONNECTIONS or self._stopping.is_set():
            return False
        self.sessions.add(session)
        return True

    def datagram_session(self, address: Any, transport: asyncio.DatagramTransport) -> UdpSession | None:
        """The conversation with one address; None when there are too many."""
        session = self._datagrams.get(address)
        if session is None:
            if len(self._datagrams) >= MOST_DATAGRAM_PEERS:
                return None
            session = self._datagrams[address] = UdpSession(self, transport, address)
        return session

    def forget_datagrams(self, address: Any) -> None:
        """End the conversation with one address."""
        session = self._datagrams.pop(address, None)
        if session is not None:
            session.end(self.tick())

    def hear(self, known: Known, now: datetime) -> None:
        """Note that a device lives; the end of a silence is stored by itself, for the frame may be a resend."""
        known.heard_at = now
        if known.is_silent and known.is_admitted:
            known.is_silent = False
            self.intake.put(
                Arrival(
                    at=self.microseconds,
                    transport=Transport.INTERNAL.value,
                    source=known.source,
                    raw=b"",
                    key=resend_key(b"online", known.source.encode(), str(self.microseconds).encode()),
                    settled=self._came_back,
                    observations=(BACK,),
                    device_id=known.id,
                )
            )

    def _came_back(self, arrival: Arrival) -> None:
        known = self.directory.find(arrival.source)
        if known is not None and arrival.is_durable:
            known.is_back, known.heard_at = True, known.heard_at or moment(arrival.at)

    def _flush(self) -> None:
        self.now()
        sessions, self.to_flush = self.to_flush, []
        for session in sessions:
            session.flush()
        if self.paused and not self.intake.is_full:
            for paused in list(self.paused):
                paused.resume()

    # What it does besides.

    async def _watching(self) -> None:
        """Deadlines of conversations, and peers that say nothing."""
        while True:
            await asyncio.sleep(1)
            tick = self.tick()
            for session in list(self.sessions):
                session.check_deadlines(tick)
                quiet = tick - session.heard_tick
                if session.parting_tick is not None:
                    # A peer that is gone takes no farewell either.
                    if tick - session.parting_tick > SECONDS_TO_PART:
                        session.abort()
                elif session.congested_tick is not None and tick - session.congested_tick > SECONDS_CONGESTED:
                    log.info("hanging up on %s: it takes no answers", session.peer)
                    session.abort()
                elif quiet > self._patience_with(session, quiet) and not session.is_paused:
                    session.hang_up(f"nothing for {quiet:.0f} s")
                elif not session.framed and tick - session.began_tick > SECONDS_TO_FRAME:
                    session.hang_up("no frame within a minute")
            for address, datagrams in list(self._datagrams.items()):
                datagrams.check_deadlines(tick)
                framed_none = not datagrams.framed and tick - datagrams.began_tick > SECONDS_TO_FRAME
                if framed_none or tick - datagrams.heard_tick > SECONDS_OF_SILENCE:
                    self.forget_datagrams(address)

    def _patience_with(self, session: TcpSession, quiet: float) -> float:
        """Seconds without a byte. Where the device has called again, its earlier line is as good as none."""
        if quiet <= SECONDS_TO_FRAME:
            return SECONDS_TO_FRAME
        has_called_again = all(self.sessions_by_source.get(source) is not session for source in session.sources)
        return SECONDS_TO_FRAME if has_called_again else SECONDS_OF_SILENCE

    async def _listening(self) -> None:
        """Hear at once of changed devices and new orders."""

        async def listen(connection: psycopg.AsyncConnection[Any]) -> None:
            await connection.execute(f"LISTEN {DEVICE_CHANNEL}")
            await connection.execute(f"LISTEN {COMMAND_CHANNEL}")
            self._must_read = True
            self._wake.set()
            self._complaints["listener"].over()
            async for notice in connection.notifies():
                self._must_read = self._must_read or notice.channel == DEVICE_CHANNEL
                self._wake.set()

        await self._with_connection("listener", listen)

    async def _housekeeping(self) -> None:
        """Every few seconds, and whenever somebody asks for something."""

        async def keep(connection: psycopg.AsyncConnection[Any]) -> None:
            due_at = 0.0
            while True:
                tick = self.tick()
                if self._must_read or tick - self._read_at > 60:
                    self._must_read, self._read_at = False, tick
                    await self.directory.write_heard(connection)
                    await self.directory.read(connection)
                    await strangers.read_again(connection, self.directory)
                now = self._clock()
                await self.orders.send_waiting(connection, now)
                if tick >= due_at:
                    due_at = tick + self._housekeeping_s
                    await self._regular(connection, now)
                    self._complaints["housekeeping"].over()
                waits = [asyncio.create_task(self._wake.wait()), asyncio.create_task(self.something_ended.wait())]
                await asyncio.wait(waits, timeout=max(0.05, due_at - self.tick()), return_when="FIRST_COMPLETED")
                for wait in waits:
                    wait.cancel()
                self._wake.clear()
                self.something_ended.clear()

        await self._with_connection("housekeeping", keep)

    async def _with_connection(
        self, purpose: str, work: Callable[[psycopg.AsyncConnection[Any]], Awaitable[None]]
    ) -> None:
        """Do a work that goes on for ever, over a new connection whenever the last one was lost.

        The work says itself, by `over` of its complaint, that it succeeds: a connection alone proves little.
        """
        complaint = self._complaints[purpose] = Complaint(log, f"{purpose} of the gateway")
        while True:
            try:
                reach = self._connect(f"anguan gateway {self.name} {purpose}")
                async with await psycopg.AsyncConnection.connect(**reach, autocommit=True) as connection:
                    await work(connection)
            except (psycopg.Error, OSError) as error:
                complaint.about(error)
            await asyncio.sleep(1)

    async def _regular(self, connection: psycopg.AsyncConnection[Any], now: datetime) -> None:
        if self.intake.complaint.since is None:
            # A gateway that can't store is not ready, however well it can still write this one row.
            await beat(connection, "gateway", now)
        await self.directory.write_heard(connection)
        await self._mind_the_clock(connection, now)
        await strangers.claim(connection)
        await self._notice_silence(connection, now)
        if self._forgets_keys:
            # Of what comes through a stream only those who drain it know what can still be a resend.
            await connection.execute("DELETE FROM alarms_resendkey WHERE until < %s", (now,))
        await self._ask_regularly(connection, now)

    async def _mind_the_clock(self, connection: psycopg.AsyncConnection[Any], now: datetime) -> None:
        """Let silence count from now on where the time of day jumped, or where we could not listen for a while."""
        tick = self.tick()
        before, before_tick = self._regular_at
        jumped = (now - before).total_seconds() - (tick - before_tick)
        if self.intake.complaint.since is not None or tick - before_tick > SECONDS_AWAY:
            self._listening_tick = tick
        if abs(jumped) > SECONDS_A_CLOCK_MAY_DRIFT:
            log.warning("the clock jumped by %.0f s", jumped)
            self._listening_tick = tick
        if self._listening_tick == tick:
            ahead = {"now": now, "slack": timedelta(seconds=SECONDS_AWAY)}
            # Whoever was heard in what is now the future would never fall silent.
            await connection.execute(
                "UPDATE alarms_device SET last_heard_at = %(now)s WHERE last_heard_at > %(now)s + %(slack)s", ahead
            )
            await connection.execute(FORGET_THE_FUTURE.encode(), ahead)
        self._regular_at = now, tick

    async def _notice_silence(self, connection: psycopg.AsyncConnection[Any], now: datetime) -> None:
        """离线: a device that missed its heartbeats is a finding like any other, stored before it is believed.

        Silence counts from our own start at the earliest: a gateway that was away has heard nobody.
        """
        values = self.values
        listening = self.tick() - self._listening_tick
        cursor = await connection.execute(
            "SELECT id, source, last_heard_at FROM alarms_device WHERE state = 'admitted' AND is_online"
            " AND last_heard_at < %s - heartbeat_s * %s * interval '1 second' AND heartbeat_s * %s <= %s",
            (now, values.missed_heartbeats, values.missed_heartbeats, listening),
        )
        silent = await cursor.fetchall()
        if not silent:
            return
        done: asyncio.Queue[Arrival] = asyncio.Queue()
        at = microseconds(now)
        for id_, source, heard_at in silent:
            self.intake.put(
                Arrival(
                    at=at,
                    transport=Transport.INTERNAL.value,
                    source=source,
                    raw=b"",
                    key=resend_key(b"offline", source.encode(), heard_at.isoformat().encode()),
                    settled=done.put_nowait,
                    observations=(Observation(None, OFFLINE, occurred_at=heard_at),),
                    device_id=id_,
                    context=(id_, heard_at),
                )
            )
        for _ in silent:
            arrival = await done.get()
            id_, heard_at = arrival.context
            # Whoever else takes its signals has to know that the next one is news; also where it spoke meanwhile, for
            # its silence is stored and has to be ended. Where somebody else has stored it, that is theirs to say.
            await connection.execute(
                "WITH gone AS (UPDATE alarms_device SET is_online = false, silent_since = %s"
                " WHERE id = %s AND (%s OR last_heard_at = %s) RETURNING id) SELECT pg_notify(%s, id::text) FROM gone",
                (now, id_, arrival.number > 0, heard_at, DEVICE_CHANNEL),
            )
        self._must_read = True

    async def _ask_regularly(self, connection: psycopg.AsyncConnection[Any], now: datetime) -> None:
        """巡检 and 校时: each device within its period, and any whose clock is wrong, once an hour at most."""
        ours = [source for source in self.sessions_by_source if source in self.directory.devices]
        said = {"now": now, "ours": ours, "every": self.values.poll_every_s, "error": self.values.clock_error_s}
        await connection.execute(_POLL, said)
        await connection.execute(_SET_CLOCK, said)


def _subscriber(gateway: Gateway, broker: "Broker") -> "Subscriber":
    # What speaks MQTT takes a while to load, and most gateways have no broker.
    from anguan.gateway.mqtt import Subscriber

    return Subscriber(gateway, broker)


def _watch_lines(listener: Any) -> None:
    """Let the kernel find lines whose other end is gone without a word; what is accepted inherits it.

    An idle line is probed after a minute and given up after two; one that has answers on the way, after one.
    """
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # Answers are short. A peer that takes none is noticed after some thousand, not after what the system has room for.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    # Not every system has all of them; what it has helps.
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4), ("TCP_USER_TIMEOUT", 60_000)):
        if (option := getattr(socket, name, None)) is not None:
            listener.setsockopt(socket.IPPROTO_TCP, option, value)


_POLL: Final = """
WITH due AS (
    UPDATE alarms_device SET last_polled_at = %(now)s WHERE id IN (
        SELECT id FROM alarms_device WHERE source = ANY(%(ours)s) AND state = 'admitted' AND (last_polled_at IS NULL
            OR last_polled_at > %(now)s + interval '1 minute'
            OR last_polled_at <= %(now)s - coalesce(poll_every_s, %(every)s) * interval '1 second')
        FOR UPDATE SKIP LOCKED) RETURNING id)
INSERT INTO alarms_command (device_id, kind, arguments, state, outcome, asked_at, asked_by_id, asked_by_name,
    times_sent)
SELECT id, 'poll', '{}', 'waiting', '{}', %(now)s, '', '系统', 0 FROM due
"""
_SET_CLOCK: Final = """
INSERT INTO alarms_command (device_id, kind, arguments, state, outcome, asked_at, asked_by_id, asked_by_name,
    times_sent)
SELECT d.id, 'set_clock', '{}', 'waiting', '{}', %(now)s, '', '系统', 0 FROM alarms_device d
WHERE source = ANY(%(ours)s) AND state = 'admitted' AND abs(clock_offset) > %(error)s AND NOT EXISTS (
    SELECT FROM alarms_command c
    WHERE c.device_id = d.id AND c.kind = 'set_clock'
        AND c.asked_at BETWEEN %(now)s - interval '1 hour' AND %(now)s + interval '1 minute')
"""
