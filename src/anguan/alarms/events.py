"""What this room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class IncidentJudged:
    """警情有了结论: true, false, test or fault."""

    incident_id: int
    enterprise_id: int | None
    kind: str
    verdict: str
    judged_at: datetime


@dataclass(frozen=True)
class RepairRequested:
    """维修申请: somebody has to look at a point, because it is faulty or was false too often."""

    repair_request_id: int
    point_id: int
    enterprise_id: int | None
    building_id: int | None
    reason: str
    requested_at: datetime


@dataclass(frozen=True)
class PointShieldedTooLong:
    """长期屏蔽: a point has protected nobody for longer than the rule allows."""

    outage_id: int
    point_id: int
    enterprise_id: int | None
    building_id: int | None
    organ_id: int
    place: str
    since: datetime
    noticed_at: datetime
