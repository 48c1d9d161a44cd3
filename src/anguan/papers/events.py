"""What this room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PaperIssued:
    """文书出具: a paper got its number and can no longer change."""

    paper_id: int
    form: str
    enterprise_id: int
    number: str
    issued_at: datetime


@dataclass(frozen=True)
class PaperServed:
    """文书送达: the party received a paper; an order is in effect from `served_at`."""

    paper_id: int
    form: str
    enterprise_id: int
    served_at: datetime


@dataclass(frozen=True)
class PaperVoided:
    """文书作废: a paper no longer counts; `was_served` tells whether it had taken effect."""

    paper_id: int
    form: str
    enterprise_id: int
    was_served: bool
    reason: str
