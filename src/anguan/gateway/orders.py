"""下行命令: orders to devices, from the row that asks for one to its outcome.

An order is claimed by the gateway that holds the device's line, sent, sent again as often as the standard says, and
ends in one of `COMMAND_ENDS`. What nobody could send within ten seconds has found no line; what was sent and never
ended, because its gateway died, is unanswered.
"""

import logging
from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg.types.json import Jsonb

from anguan.alarms.intake import as_json
from anguan.alarms.rules.devices import CommandKind, CommandState
from anguan.gateway.observing import observe
from anguan.gateway.sessions import Session
from anguan.wire.gbt26875 import (
    Clock,
    ComponentQuery,
    DeviceOperationsQuery,
    DeviceQuery,
    DutyCheck,
    Object,
    SystemOperationsQuery,
    SystemQuery,
    time_bytes,
)
from anguan.wire.gbt26875.codes import Command, TypeFlag
from anguan.wire.gbt26875.connection import LocalProtocolError, Transaction
from anguan.wire.gbt26875.events import Answered, Failed, Reason, Resend

if TYPE_CHECKING:
    from anguan.gateway.server import Gateway

log = logging.getLogger(__name__)

NO_LINE_AFTER: Final = timedelta(seconds=10)
LOST_AFTER: Final = timedelta(seconds=90)


class Orders:
    """The orders that this gateway has sent and whose end it waits for."""

    def __init__(self, gateway: "Gateway") -> None:
        self._gateway: Final = gateway
        self._sent: dict[Transaction, int] = {}
        self._news: deque[tuple[str, dict[str, Any], datetime | None, int, int]] = deque()

    async def send_waiting(self, connection: psycopg.AsyncConnection[Any], now: datetime) -> None:
        """Send what waits for devices whose line we hold, and write down what came of earlier ones."""
        await self.write_news(connection)
        cursor = await connection.execute(
            "SELECT c.id, d.source FROM alarms_command c JOIN alarms_device d ON d.id = c.device_id"
            " WHERE c.state = 'waiting' ORDER BY c.id LIMIT 500"
        )
        for id_, source in await cursor.fetchall():
            session = self._gateway.sessions_by_source.get(source)
            if session is None or session.connection is None or session.connection.closed:
                continue
            claimed = await connection.execute(
                "UPDATE alarms_command SET state = 'sent', sent_at = %s, times_sent = 1"
                " WHERE id = %s AND state = 'waiting' RETURNING kind, arguments",
                (now, id_),
            )
            if row := await claimed.fetchone():
                self._send(session, source, id_, row[0], row[1])
        await self.write_news(connection)
        await connection.execute(
            "UPDATE alarms_command SET state = 'not_connected', ended_at = %s"
            " WHERE state = 'waiting' AND asked_at < %s",
            (now, now - NO_LINE_AFTER),
        )
        await connection.execute(
            "UPDATE alarms_command SET state = 'unanswered', ended_at = %s WHERE state = 'sent' AND sent_at < %s",
            (now, now - LOST_AFTER),
        )

    def _send(self, session: Session, source: str, id_: int, kind: str, arguments: dict[str, Any]) -> None:
        gateway = self._gateway
        connection = session.connection
        assert connection is not None
        try:
            type_flag, objects = order(CommandKind(kind), arguments, gateway.local)
            if session.centre_address:
                connection.address = session.centre_address
            destination = session.source_bytes if source.startswith("@") else bytes.fromhex(source)
            transaction = connection.send(
                type_flag, objects, now=gateway.tick(), at=gateway.local, destination=destination
            )
        except (ValueError, LookupError, TypeError, LocalProtocolError) as error:
            self._end(id_, CommandState.UNUSABLE, {"problem": str(error)}, 0)
            return
        self._sent[transaction] = id_
        session.write(transaction.data)

    # What the conversation tells.

    def answered(self, event: Answered) -> None:
        """The device has confirmed, or replied."""
        if (id_ := self._done(event.transaction)) is not None:
            is_reply = event.frame.command == Command.REPLY
            said = [as_json(each) for each in observe(event.unit, event.frame.command)] if is_reply else []
            state = CommandState.ANSWERED if is_reply else CommandState.CONFIRMED
            outcome: dict[str, Any] = {"observations": said} if said else {}
            if is_reply and event.unit.problem is not None:
                outcome["problem"] = str(event.unit.problem)
            self._end(id_, state, outcome, event.transaction.sent_count)

    def sent_again(self, event: Resend) -> None:
        """Nothing to write: the count of sendings stands in the outcome."""

    def failed(self, event: Failed) -> None:
        """The device has denied each time, was silent, or has gone."""
        if (id_ := self._done(event.transaction)) is not None:
            states = {
                Reason.DENIED: CommandState.DENIED,
                Reason.TIMED_OUT: CommandState.UNANSWERED,
                Reason.CLOSED: CommandState.UNANSWERED,
            }
            self._end(id_, states[event.reason], {"reason": event.reason.value}, event.transaction.sent_count)

    def _done(self, transaction: Transaction) -> int | None:
        return self._sent.pop(transaction, None)

    def _end(self, id_: int, state: CommandState, outcome: dict[str, Any], times: int) -> None:
        self._news.append((state.value, outcome, self._gateway.now(), times, id_))
        self._gateway.something_ended.set()

    async def write_news(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Write the outcomes that have come since the last time."""
        while self._news:
            state, outcome, at, times, id_ = self._news[0]
            await connection.execute(
                "UPDATE alarms_command SET state = %s, outcome = %s, ended_at = %s,"
                " times_sent = greatest(times_sent, %s) WHERE id = %s AND state = 'sent'",
                (state, Jsonb(outcome), at, times, id_),
            )
            self._news.popleft()


def order(kind: CommandKind, arguments: dict[str, Any], local: datetime) -> tuple[int, list[Object]]:
    """Type and objects of an order; LookupError or ValueError where its arguments are none."""
    match kind:
        case CommandKind.SET_CLOCK:
            return TypeFlag.SET_DEVICE_CLOCK, [Clock(time_bytes(local))]
        case CommandKind.POLL:
            return TypeFlag.READ_DEVICE_STATE, [DeviceQuery()]
        case CommandKind.DUTY_CHECK:
            return TypeFlag.DUTY_CHECK, [DutyCheck(int(arguments["minutes"]))]
        case CommandKind.QUERY:
            return _query(int(arguments["type"]), arguments)


_OF_DEVICE: Final = frozenset({81, 85, 86, 88})
_OF_SYSTEM: Final = frozenset({61, 65, 66, 68})
_OF_COMPONENT: Final = frozenset({62, 63, 67})


def _query(type_flag: int, arguments: dict[str, Any]) -> tuple[int, list[Object]]:
    def number(name: str) -> int:
        return int(arguments[name])

    if type_flag in _OF_DEVICE:
        return type_flag, [DeviceQuery()]
    if type_flag in _OF_SYSTEM:
        return type_flag, [SystemQuery(number("system_type"), number("system_address"))]
    if type_flag in _OF_COMPONENT:
        place = (number("system_type"), number("system_address"), number("component_address"))
        return type_flag, [ComponentQuery(*place)]
    if type_flag in {TypeFlag.READ_SYSTEM_OPERATIONS, TypeFlag.READ_DEVICE_OPERATIONS}:
        since = time_bytes(datetime.fromisoformat(arguments["since"]))
        count = number("number")
        if not 1 <= count <= 102:
            raise ValueError("一次最多读 102 条操作记录。")
        if type_flag == TypeFlag.READ_DEVICE_OPERATIONS:
            return type_flag, [DeviceOperationsQuery(count, since)]
        return type_flag, [SystemOperationsQuery(number("system_type"), number("system_address"), count, since)]
    raise ValueError(f"类型标志 {type_flag} 不是查询。")
