"""What must be true of the alarm path when all is judged, found by other means than those that did it.

Fires are read from the stored bytes by the codec alone; incidents are counted by plain statements.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg

from anguan.wire.gbt26875 import ComponentState, Received, read_frame

FIRE = 0x0002


def incident_faults(connection: "psycopg.Connection[Any]") -> Iterator[str]:
    """Each fire of an admitted device is in one incident; each device that burns has one, with all its signals."""
    stored = connection.execute(
        "SELECT f.start_id, f.number, f.client_id IS NOT NULL, f.raw, d.id FROM alarms_frame f"
        " JOIN alarms_device d ON d.source = f.source AND d.state = 'admitted' WHERE NOT f.is_routine"
    )
    fires = {
        (start, number): device
        for start, number, is_post, raw, device in stored
        if (_post_tells_fire if is_post else _frame_tells_fire)(bytes(raw))
    }
    if not fires:
        yield "no fire was stored"
    judged: Counter[tuple[int, int]] = Counter()
    incidents: dict[int, set[int]] = {}
    signals = connection.execute(
        "SELECT s.start_id, s.number, i.device_id, i.id FROM alarms_incidentsignal s"
        " JOIN alarms_incident i ON i.id = s.incident_id WHERE i.kind = 'fire' AND 'fire' = ANY(s.kinds)"
    )
    for start, number, device, incident in signals:
        judged[start, number] += 1
        incidents.setdefault(device, set()).add(incident)
    # One cause: nobody gives a verdict here, so what burns goes on burning.
    torn = {device for device, found in incidents.items() if len(found) > 1}
    for what, found in (
        ("in no incident", [ref for ref in fires if not judged[ref]]),
        ("in several incidents", [ref for ref in fires if judged[ref] > 1]),
        ("in an incident and not in the store", [ref for ref in judged if ref not in fires]),
        ("of a device with several incidents", [ref for ref, device in fires.items() if device in torn]),
    ):
        if found:
            yield f"{len(found)} fires are {what}, as {found[0]}"
    miscounted = connection.execute(
        "SELECT i.id, i.signals_count, count(DISTINCT (s.start_id, s.number, s.index)) FROM alarms_incident i"
        " LEFT JOIN alarms_incidentsignal s ON s.incident_id = i.id GROUP BY i.id"
        " HAVING i.signals_count <> count(DISTINCT (s.start_id, s.number, s.index))"
    ).fetchall()
    if miscounted:
        yield f"{len(miscounted)} incidents count other signals than they have, as {miscounted[0]}"
    doubled = connection.execute(
        "SELECT incident_id, count(*) FROM alarms_incidentstep WHERE action = 'opened' GROUP BY 1 HAVING count(*) > 1"
    ).fetchall()
    if doubled:
        yield f"{len(doubled)} incidents were opened twice, as {doubled[0]}"


def _frame_tells_fire(raw: bytes) -> bool:
    found = read_frame(raw)
    return isinstance(found, Received) and any(
        isinstance(each, ComponentState) and each.state & FIRE for each in found.unit.objects
    )


def _post_tells_fire(raw: bytes) -> bool:
    return "fire" in json.loads(raw)["kinds"]
