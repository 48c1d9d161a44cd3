"""What every step of a batch needs: the row held, and whether a party is itself."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from anguan.ground.access import Actor
from anguan.inspections.models import (
    Batch,
    BatchParty,
)
from anguan.inspections.rules import (
    StratumPlan,
)

HEX_64 = re.compile(r"[0-9a-f]{64}")


def locked(batch: Batch) -> Batch:
    return (
        Batch.objects.select_for_update(of=("self",))
        .select_related("organ", "item__item_list", "item__checklist")
        .get(pk=batch.pk)
    )


def must_be(party: BatchParty, actor: Actor) -> None:
    if actor.id != str(party.user_id):
        raise PermissionDenied(_("只有这一方本人可以办理。"))


def stratum_plan(row: Mapping[str, Any]) -> StratumPlan:
    return StratumPlan(**{**row, "industries": tuple(row["industries"])})
