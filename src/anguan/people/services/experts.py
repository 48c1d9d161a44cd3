"""专家库: who advises officers, on what, for how long and for how much a day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from anguan.ground.access import Actor
from anguan.people.models import Expert
from anguan.people.services.accounts import check_user
from anguan.people.services.organs import keep_row


@transaction.atomic
def keep_expert(*, expert: Expert | None, values: Mapping[str, Any], actor: Actor, now: datetime) -> Expert:
    """登记专家: a new one for None, else the changes to it. Raises `ValidationError` and `RolesClash`."""
    row = Expert() if expert is None else Expert.objects.select_for_update().get(pk=expert.pk)
    keep_row(row, values, "people.keep_expert", actor, now)
    if row.user is not None:
        check_user(row.user)
    return row
