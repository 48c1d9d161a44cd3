"""What this room announces."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class HazardFound:
    """发现隐患: a hazard was recorded."""

    hazard_id: int
    enterprise_id: int
    visit_uid: UUID | None
    found_at: datetime


@dataclass(frozen=True)
class HazardOrdered:
    """责令限期整改: the order was served, so the enterprise has to rectify by `due_on`."""

    hazard_id: int
    enterprise_id: int
    paper_id: int
    due_on: date
    effective_at: datetime


@dataclass(frozen=True)
class RectificationReported:
    """报告整改完成: the enterprise says it is put right and asks for the recheck."""

    hazard_id: int
    enterprise_id: int
    rectification_id: int
    reported_at: datetime


@dataclass(frozen=True)
class RectificationReturned:
    """退回继续整改: two officers found that it is not put right yet."""

    hazard_id: int
    enterprise_id: int
    rectification_id: int
    reason: str


@dataclass(frozen=True)
class HazardVerified:
    """复查合格: two officers saw that it is put right."""

    hazard_id: int
    enterprise_id: int
    rectification_id: int
    verified_at: datetime


@dataclass(frozen=True)
class HazardClosed:
    """销号: the hazard is done with."""

    hazard_id: int
    enterprise_id: int
    visit_uid: UUID | None
    closed_at: datetime


@dataclass(frozen=True)
class HazardOverdue:
    """逾期未改: the term ran out and nothing was reported (安全生产法 art. 102)."""

    hazard_id: int
    enterprise_id: int
    due_on: date


@dataclass(frozen=True)
class HazardReopened:
    """重新打开: what was put right is wrong again."""

    hazard_id: int
    enterprise_id: int
    reason: str


@dataclass(frozen=True)
class HazardExtended:
    """准予延期: the last day of the term moved."""

    hazard_id: int
    enterprise_id: int
    before_on: date
    due_on: date


@dataclass(frozen=True)
class FindingWithdrawn:
    """撤销认定: the enterprise contested the finding with success; nothing is asked of it any more."""

    hazard_id: int
    enterprise_id: int
    visit_uid: UUID | None
    withdrawn_at: datetime


@dataclass(frozen=True)
class HazardTransferred:
    """移送受理: another organ accepted the hazard and handles it from now on."""

    hazard_id: int
    enterprise_id: int
    from_organ_id: int
    to_organ_id: int


@dataclass(frozen=True)
class TransferReturned:
    """移送退回: the other organ returned the hazard; it stands where it stood and its organ has to go on with it."""

    hazard_id: int
    enterprise_id: int
    visit_uid: UUID | None
    transfer_id: int
    reason: str
    returned_at: datetime


@dataclass(frozen=True)
class HazardEscalated:
    """升级处置: a leader adopted a proposal (penalty, stop, power cut, closure) about an overdue major hazard."""

    hazard_id: int
    enterprise_id: int
    kind: str
