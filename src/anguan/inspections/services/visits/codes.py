"""任务码: what officers show at the door; anybody can check it without asking us."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core import signing

from anguan.ground import clock
from anguan.inspections.models import Visit
from anguan.inspections.rules import (
    TASK_CODE_VALID_FOR,
)

_SIGNER = "anguan.inspections.task-code"


@dataclass(frozen=True)
class TaskCode:
    """任务码, as read: the visit it names and until when it counts."""

    visit_uid: UUID
    valid_until: datetime

    def is_valid(self, now: datetime) -> bool:
        """Whether it still counts."""
        return now <= self.valid_until


def task_code(*, visit: Visit, now: datetime) -> str:
    """任务码: a signed text that names the visit and lapses; it can be checked without asking anybody."""
    until = int((now + TASK_CODE_VALID_FOR).timestamp())
    return signing.Signer(salt=_SIGNER, sep="~").sign_object([visit.uid.hex, until])


def read_task_code(code: str) -> TaskCode | None:
    """What a task code says; None for anything that we did not sign."""
    try:
        visit_uid, until = signing.Signer(salt=_SIGNER, sep="~").unsign_object(code)
        return TaskCode(UUID(hex=visit_uid), datetime.fromtimestamp(until, clock.CHINA))
    except (signing.BadSignature, ValueError, TypeError):
        return None
