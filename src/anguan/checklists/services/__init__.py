"""Writes, by subject."""

from anguan.checklists.services.criteria import add_standard, change_criterion, draft_criterion
from anguan.checklists.services.drafting import (
    add_question,
    change_question,
    draft_checklist,
    draft_from_sheet,
    move_question,
    remove_question,
    rename_draft,
)
from anguan.checklists.services.lists import draft_item_list, keep_matter, remove_matter, rename_item_list
from anguan.checklists.services.phrases import keep_phrase, retire_phrase
from anguan.checklists.services.shipped import load_shipped
from anguan.checklists.services.versions import discard_version, publish_version, withdraw_version

__all__ = [
    "add_question",
    "add_standard",
    "change_criterion",
    "change_question",
    "discard_version",
    "draft_checklist",
    "draft_criterion",
    "draft_from_sheet",
    "draft_item_list",
    "keep_matter",
    "keep_phrase",
    "load_shipped",
    "move_question",
    "publish_version",
    "remove_matter",
    "remove_question",
    "rename_draft",
    "rename_item_list",
    "retire_phrase",
    "withdraw_version",
]
