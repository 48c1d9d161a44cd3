"""How versions and questions are shown: prepared here, printed by the templates."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anguan.checklists.models import Checklist, ChecklistItem, InspectionItem, ItemList, Versioned
from anguan.checklists.rules import Change, Difference, HazardLevel, Importance, Stage, SubjectKind, differences
from anguan.core.words import N_
from anguan.ground import audit
from anguan.people.rules import OrganKind
from anguan.ui.templatetags.ui import pill

TONES: Final[Mapping[Stage, str]] = {
    Stage.DRAFT: "open",
    Stage.PUBLISHED: "done",
    Stage.WITHDRAWN: "void",
    Stage.DISCARDED: "void",
}
CHANGE_TONES: Final[Mapping[Change, str]] = {
    Change.ADDED: "done",
    Change.REMOVED: "void",
    Change.CHANGED: "open",
    Change.MOVED: "waiting",
}


def stage_pill(version: Versioned) -> SafeString:
    """The stage of a version, the same everywhere."""
    stage = Stage(version.stage)
    return pill(TONES[stage], stage.label)


_ACTS: Final[Mapping[str, str]] = {
    "load": N_("随程序载入"),
    "draft": N_("起草"),
    "rename": N_("改名称"),
    "add_question": N_("增加检查项"),
    "change_question": N_("修改检查项"),
    "move_question": N_("移动检查项"),
    "remove_question": N_("取消检查项"),
    "draft_list": N_("起草"),
    "rename_list": N_("改名称"),
    "draft_criterion": N_("起草"),
    "change_criterion": N_("修改"),
    "publish": N_("公布"),
    "withdraw": N_("停用"),
    "discard": N_("作废"),
}
_STEPS_SHOWN: Final = 30


def story_of(version: Versioned) -> list[dict[str, Any]]:
    """What was done to a version, newest first."""
    return [
        {
            "title": _(_ACTS.get(record.action.partition(".")[2], record.action)),
            "at": record.at,
            "by": record.actor_name,
        }
        for record in audit.history(version)[:_STEPS_SHOWN]
    ]


def organ_words(kinds: Iterable[str]) -> str:
    """Kinds of organ as words; empty for none named."""
    return "、".join(_(OrganKind(kind).label) for kind in kinds)


def question_rows(items: Iterable[ChecklistItem]) -> list[dict[str, Any]]:
    """Questions as the pages print them."""
    return [
        {
            "item": item,
            "order_by": organ_words(item.order_organs),
            "penalty_by": organ_words(item.penalty_organs),
            "criterion": f"{item.criterion.standard_id} {item.criterion.clause}" if item.criterion else "",
        }
        for item in items
    ]


def matter_rows(items: Iterable[InspectionItem]) -> list[dict[str, Any]]:
    """Matters as the pages print them."""
    return [
        {
            "item": item,
            "importance": _(Importance(item.importance).label),
            "partners": organ_words(item.partners),
            "kinds": "、".join(_(SubjectKind(kind).label) for kind in item.subject_kinds),
        }
        for item in items
    ]


_LABELS: Final = (
    "question", "look_for", "statute", "clause", "violation_basis", "order_basis", "order_organs", "penalty_basis",
    "penalty_organs", "hazard_level", "suggested_days", "criterion", "verified",
)  # fmt: skip


def _question_texts(item: ChecklistItem) -> dict[str, str]:
    criterion = item.criterion
    return {
        **{name: str(getattr(item, name)) for name in _LABELS[:6]},
        "order_organs": organ_words(item.order_organs),
        "penalty_basis": item.penalty_basis,
        "penalty_organs": organ_words(item.penalty_organs),
        "hazard_level": _(HazardLevel(item.hazard_level).label),
        "suggested_days": str(item.suggested_days),
        "criterion": f"{criterion.standard_id} {criterion.clause}" if criterion else "",
        "verified": _("是") if item.verified else _("否"),
    }


def _matter_texts(item: InspectionItem) -> dict[str, str]:
    names = ("matter", "basis", "targets", "base", "ratio", "cycle", "method", "subject")
    return {
        **{name: str(getattr(item, name)) for name in names},
        "importance": _(Importance(item.importance).label),
        "partners": organ_words(item.partners),
        "subject_kinds": "、".join(_(SubjectKind(kind).label) for kind in item.subject_kinds),
        "checklist": f"{item.checklist.title} {item.checklist.version}" if item.checklist else "",
    }


def checklist_differences(before: Checklist, after: Checklist) -> list[dict[str, Any]]:
    """What differs between two versions of a checklist, ready to print."""
    old = {item.key: item for item in before.items.select_related("criterion")}
    new = {item.key: item for item in after.items.select_related("criterion")}
    found = differences(
        {key: _question_texts(item) for key, item in old.items()},
        {key: _question_texts(item) for key, item in new.items()},
    )
    return [
        _printed(
            difference,
            (new.get(difference.key) or old[difference.key]).question,
            old[difference.key].number if difference.key in old else None,
            new[difference.key].number if difference.key in new else None,
            ChecklistItem,
        )
        for difference in found
    ]


def list_differences(before: ItemList, after: ItemList) -> list[dict[str, Any]]:
    """What differs between two versions of the item list, ready to print."""
    old = {item.code: item for item in before.items.select_related("checklist").order_by("code")}
    new = {item.code: item for item in after.items.select_related("checklist").order_by("code")}
    found = differences(
        {code: _matter_texts(item) for code, item in old.items()},
        {code: _matter_texts(item) for code, item in new.items()},
    )
    return [
        _printed(difference, (new.get(difference.key) or old[difference.key]).matter, None, None, InspectionItem)
        for difference in found
    ]


def _printed(
    difference: Difference,
    title: str,
    before: int | None,
    after: int | None,
    model: type[ChecklistItem] | type[InspectionItem],
) -> dict[str, Any]:
    return {
        "pill": pill(CHANGE_TONES[difference.change], difference.change.label),
        "title": title,
        "key": difference.key,
        "before": before,
        "after": after,
        # Of what came or went whole, its title says enough.
        "fields": [
            (model._meta.get_field(name).verbose_name, old, new)  # type: ignore[union-attr]  # columns all, no relation from elsewhere
            for name, old, new in difference.fields
        ]
        if difference.change is Change.CHANGED
        else [],
    }
