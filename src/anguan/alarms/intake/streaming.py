"""The stream between gateways and the database: where it is, what it promises, how it is reached.

One JetStream stream holds batches until they are in the database (work queue), on so many nodes as `replicas` says,
and refuses new ones when it is full, so that nobody is confirmed whom it could not keep. Two subjects lie in it, with a
consumer each: fires are drained before everything else, however much waits. The nodes must write before they answer:
`jetstream { sync_interval: always }`.
"""

import json
import logging
import ssl
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from anguan.alarms.intake.opening import OTHER, URGENT, StreamSettings

log = logging.getLogger(__name__)

# What a worker holds comes back so soon after its death.
ACK_WAIT_S: Final = {URGENT: 3.0, OTHER: 10.0}
# A publish whose answer was lost is tried again within this time and stored once; later the database tells.
_DUPLICATE_WINDOW_S: Final = 120.0
_MOST_UNACKNOWLEDGED: Final = 2_000
LOST: Final = (NatsError, OSError, TimeoutError)


def reason(error: BaseException) -> str:
    """What went wrong, in a line."""
    return str(error).strip().partition("\n")[0] or type(error).__name__


async def connect(
    stream: StreamSettings, name: str, *, returned: Callable[[], None] = lambda: None, patient: bool = True
) -> Client:
    """A connection that comes back by itself, to another node where its own is gone; waits for the first one.

    `returned` is called when it came back. Where it is not `patient` it raises instead, and does not come back.
    """

    told = ""

    async def tell(error: Exception) -> None:
        nonlocal told
        # A node that is away is asked four times a second.
        if (why := reason(error)) != told:
            told = why
            log.warning("%s: a node of the stream: %s", name, why)

    async def came_back() -> None:
        nonlocal told
        told = ""
        log.warning("%s: connected again", name)
        returned()

    more: dict[str, Any] = {}
    first = urlsplit(stream.servers[0])
    if first.username and first.password:
        # The client would send them as they are written in an address.
        more |= {"user": unquote(first.username), "password": unquote(first.password)}
    if stream.credentials:
        more["user_credentials"] = stream.credentials
    if stream.authority:
        more["tls"] = ssl.create_default_context(cafile=stream.authority)
    return await nats.connect(
        list(stream.servers),
        name=name,
        error_cb=tell,
        reconnected_cb=came_back,
        connect_timeout=2,
        reconnect_time_wait=0.25,
        allow_reconnect=patient,
        max_reconnect_attempts=-1 if patient else 1,
        ping_interval=5,
        max_outstanding_pings=2,
        **more,
    )


async def prepare(client: Client, stream: StreamSettings) -> JetStreamContext:
    """Have the stream and its consumers; what is there already is left as its keeper has set it."""
    context = client.jetstream(timeout=3)
    try:
        await context.stream_info(stream.name)
    except NotFoundError:
        await context.add_stream(
            StreamConfig(
                name=stream.name,
                description="报警信号: batches of arrivals on their way into the database",
                subjects=[stream.subject(URGENT), stream.subject(OTHER)],
                retention=RetentionPolicy.WORK_QUEUE,
                storage=StorageType.FILE,
                num_replicas=stream.replicas,
                max_bytes=stream.most_bytes,
                discard=DiscardPolicy.NEW,
                duplicate_window=_DUPLICATE_WINDOW_S,
            )
        )
    for lane, seconds in ACK_WAIT_S.items():
        try:
            await context.consumer_info(stream.name, lane)
        except NotFoundError:
            await context.add_consumer(
                stream.name,
                ConsumerConfig(
                    durable_name=lane,
                    filter_subject=stream.subject(lane),
                    ack_policy=AckPolicy.EXPLICIT,
                    ack_wait=seconds,
                    max_deliver=-1,
                    max_ack_pending=_MOST_UNACKNOWLEDGED,
                ),
            )
    return context


async def look(stream: StreamSettings) -> tuple[int, bool, int] | None:
    """How many copies it keeps, whether it keeps them as `prepare` would, and how many batches wait; None without it.

    One attempt; raises one of `LOST`.
    """
    client = await connect(stream, "anguan check", patient=False)
    try:
        found = await client.jetstream(timeout=3).stream_info(stream.name)
    except NotFoundError:
        return None
    finally:
        await client.close()
    kept = (found.config.retention, found.config.storage, found.config.discard)
    is_kept_so = kept == (RetentionPolicy.WORK_QUEUE, StorageType.FILE, DiscardPolicy.NEW)
    return found.config.num_replicas or 1, is_kept_so, found.state.messages


async def oldest(client: Client, stream: StreamSettings) -> datetime | None:
    """When the oldest batch that is not in the database yet came into the stream; None where there is none."""
    answer = await client.request(f"$JS.API.STREAM.INFO.{stream.name}", timeout=3)
    state = json.loads(answer.data)["state"]
    return datetime.fromisoformat(_to_microseconds(state["first_ts"])) if state["messages"] else None


def _to_microseconds(stamp: str) -> str:
    """A time of ISO 8601 with as many digits as Python reads."""
    whole, _, fraction = stamp.removesuffix("Z").partition(".")
    return f"{whole}.{fraction[:6]:0<6}+00:00"
