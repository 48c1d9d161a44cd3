"""What this room announces."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class BatchCommitted:
    """承诺公布: the spec of a batch is fixed and public; its randomness does not exist yet."""

    batch_id: int
    code: str


@dataclass(frozen=True)
class BatchDrawn:
    """抽取完成: targets and officers are known inside; the public learns them after the last visit."""

    batch_id: int
    code: str
    targets: int


@dataclass(frozen=True)
class BatchBroken:
    """批次作废: a committed batch will never be drawn; it stays listed with the reason."""

    batch_id: int
    code: str
    reason: str


@dataclass(frozen=True)
class VisitFinished:
    """检查结束: the check itself is over; the result must be public by `publish_by` (None for a recheck)."""

    visit_id: int
    enterprise_id: int
    category: str
    finished_at: datetime
    publish_by: date | None


@dataclass(frozen=True)
class ResultPublished:
    """结果公示: the result of a drawn visit is public."""

    visit_id: int
    enterprise_id: int
    category: str


@dataclass(frozen=True)
class TargetReplaced:
    """备选替换: a drawn enterprise is not visited after all; the next alternate came instead, if one was left."""

    batch_id: int
    enterprise_id: int
    reason: str
