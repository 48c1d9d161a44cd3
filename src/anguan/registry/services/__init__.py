"""Writes of the ledger."""

from anguan.registry.services.boundaries import load_boundary
from anguan.registry.services.conflicts import declare_conflict, end_conflict
from anguan.registry.services.importing import (
    ImportFailed,
    Outcome,
    RowOutcome,
    RowRefused,
    Status,
    create_row,
    import_rows,
    import_sheet,
)
from anguan.registry.services.memberships import (
    end_membership,
    end_shop_membership,
    invite_member,
    invite_to_shop,
)
from anguan.registry.services.merging import EnterpriseMerged, MergeRefused, merge_enterprises
from anguan.registry.services.plans import Picture, PlanRefused, add_plan, change_picture
from anguan.registry.services.recusals import RecusalRefused, declare_recusal, end_recusal
from anguan.registry.services.rows import change_row, make_findable

__all__ = [
    "EnterpriseMerged",
    "ImportFailed",
    "MergeRefused",
    "Outcome",
    "Picture",
    "PlanRefused",
    "RecusalRefused",
    "RowOutcome",
    "RowRefused",
    "Status",
    "add_plan",
    "change_picture",
    "change_row",
    "create_row",
    "declare_conflict",
    "declare_recusal",
    "end_conflict",
    "end_membership",
    "end_recusal",
    "end_shop_membership",
    "import_rows",
    "import_sheet",
    "invite_member",
    "invite_to_shop",
    "load_boundary",
    "make_findable",
    "merge_enterprises",
]
