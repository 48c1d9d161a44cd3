"""What a source said before anybody admitted it is judged once, when somebody does.

`admit_device` hands over what waits. Two things are left to the gateway: signals that were on their way at that moment,
and frames of a device whose profile is not the standard by which they were read.
"""

from typing import Any, Final

import psycopg

from anguan.alarms.intake import as_text, urgency
from anguan.alarms.rules.signals import ROUTINE
from anguan.gateway.directory import Directory
from anguan.gateway.observing import observe
from anguan.wire.gbt26875 import Received, read_frame

_LATE: Final = """
WITH late AS (
    UPDATE alarms_pending p SET device_id = d.id FROM alarms_device d
    WHERE p.device_id IS NULL AND d.source = p.source AND d.state = 'admitted' AND NOT d.needs_reading_again
    RETURNING p.id)
SELECT count(*) FROM late
"""


async def claim(connection: psycopg.AsyncConnection[Any]) -> None:
    """Give signals that came while their device was being admitted to the evaluator."""
    cursor = await connection.execute(_LATE)
    row = await cursor.fetchone()
    if row and row[0]:
        await connection.execute("NOTIFY alarms_pending")


async def read_again(connection: psycopg.AsyncConnection[Any], directory: Directory) -> None:
    """Read the stored frames of newly admitted devices by their own profile; each device once, whole or not at all."""
    cursor = await connection.execute("SELECT source FROM alarms_device WHERE needs_reading_again")
    for (source,) in await cursor.fetchall():
        known = directory.find(source)
        if known is None:
            continue
        async with connection.transaction():
            claimed = await connection.execute(
                "UPDATE alarms_device SET needs_reading_again = false WHERE id = %s AND needs_reading_again"
                " RETURNING id",
                (known.id,),
            )
            if await claimed.fetchone() is None:
                continue
            await connection.execute("DELETE FROM alarms_pending WHERE device_id IS NULL AND source = %s", (source,))
            frames = await connection.execute(
                "SELECT start_id, number, received_at, raw FROM alarms_frame"
                " WHERE source = %s AND device_id IS NULL ORDER BY received_at, start_id, number",
                (source,),
            )
            for start_id, number, received_at, raw in await frames.fetchall():
                found = read_frame(bytes(raw), known.profile)
                said = observe(found.unit, found.frame.command, known.profile) if isinstance(found, Received) else ()
                if said and not all(each.kinds <= ROUTINE for each in said):
                    await connection.execute(
                        "INSERT INTO alarms_pending (start_id, number, received_at, urgency, source, device_id,"
                        " observations) VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb)",
                        (start_id, number, received_at, urgency(said), source, known.id, as_text(said)),
                    )
            await connection.execute("NOTIFY alarms_pending")
