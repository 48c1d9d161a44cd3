"""Reads. What is published everybody sees; drafts are seen by whoever works on them."""

from datetime import date
from typing import Final, TypeVar

from django.db.models import Count, Q, QuerySet

from anguan.checklists.models import (
    Checklist,
    ChecklistItem,
    Criterion,
    HazardPhrase,
    InspectionItem,
    ItemList,
    Standard,
    Versioned,
)
from anguan.checklists.rules import NEEDED, Stage
from anguan.ground.access import Viewer
from anguan.people.models import Organ
from anguan.people.rules import Role

V = TypeVar("V", Checklist, Criterion, ItemList)
_PUBLIC: Final = (Stage.PUBLISHED, Stage.WITHDRAWN)
_DRAFTERS: Final = (Role.CLERK, Role.LEADER)


def in_force(on: date) -> Q:
    """The condition that a version counts on a day, for any table of versions."""
    return Q(stage__in=_PUBLIC, effective_from__lte=on) & (Q(withdrawn_from__isnull=True) | Q(withdrawn_from__gt=on))


def checklists() -> QuerySet[Checklist]:
    """Every published checklist with `item_count`, newest version of each code first."""
    return Checklist.objects.filter(stage__in=_PUBLIC).annotate(item_count=Count("items")).order_by("code", "-version")


def checklist(checklist_id: int) -> Checklist:
    """One checklist with its questions; raises `Checklist.DoesNotExist`."""
    return Checklist.objects.prefetch_related("items").get(pk=checklist_id)


def current_checklist(code: str, on: date) -> Checklist | None:
    """The version of a checklist that a visit begun on the day uses: the newest in force; None when none is."""
    return Checklist.objects.filter(in_force(on), code=code).order_by("-effective_from", "-published_at", "-pk").first()


def checklist_for(item: InspectionItem, on: date) -> Checklist | None:
    """The checklist for a matter on a day: the newest version in force of the one its list names."""
    return current_checklist(item.checklist.code, on) if item.checklist is not None else None


def current_list(on: date) -> ItemList | None:
    """The item list in force on a day, with its items and their checklists; None when none is."""
    lists = ItemList.objects.filter(in_force(on)).prefetch_related("items__checklist")
    return lists.order_by("-effective_from", "-published_at", "-pk").first()


def items_with_checklist(on: date) -> QuerySet[InspectionItem]:
    """The matters of the list in force on a day that a visit can be made for, because a checklist belongs to them."""
    lists = ItemList.objects.filter(in_force(on))
    current = lists.order_by("-effective_from", "-published_at", "-pk").values("pk")[:1]
    return (
        InspectionItem.objects.filter(item_list__in=current, checklist__isnull=False)
        .select_related("item_list", "checklist")
        .order_by("code")
    )


def criteria(field: str = "", standard: str = "", *, on: date) -> QuerySet[Criterion]:
    """判定条款 in force on a day, of a field or a standard where one is named; the newest version of each clause."""
    found = (
        Criterion.objects.filter(in_force(on))
        .filter(Q(standard__valid_from__isnull=True) | Q(standard__valid_from__lte=on))
        .filter(Q(standard__valid_to__isnull=True) | Q(standard__valid_to__gte=on))
    )
    if field:
        found = found.filter(standard__field=field)
    if standard:
        found = found.filter(standard__number=standard)
    newest = found.order_by("standard_id", "clause", "-version").distinct("standard_id", "clause").values("pk")
    return (
        Criterion.objects.filter(pk__in=newest)
        .select_related("standard")
        .order_by("standard__field", "standard_id", "pk")
    )


def criterion_text(criterion: Criterion) -> str:
    """Standard and clause as a hazard cites them: “GB 35181-2025 附录A”."""
    return f"{criterion.standard_id} {criterion.clause}"


def phrases_for(item: ChecklistItem) -> QuerySet[HazardPhrase]:
    """隐患目录 of a question: what an officer may pick instead of typing, in order."""
    return HazardPhrase.objects.filter(checklist_code=item.checklist.code, item_key=item.key, is_offered=True)


def versions_visible_to(viewer: Viewer, model: type[V]) -> QuerySet[V]:
    """Every version of a kind that the viewer may read: what was published, and what their own organ drafted."""
    return model._default_manager.filter(Q(stage__in=_PUBLIC) | Q(organ__in=viewer.organ_ids))


def versions_of_own_organ(viewer: Viewer, model: type[V]) -> QuerySet[V]:
    """The versions that the viewer's organ drafted: only its clerks and leaders work on them."""
    return model._default_manager.filter(organ__in=viewer.organs_as(*_DRAFTERS))


def may_edit(viewer: Viewer, version: Versioned) -> bool:
    """Whether the viewer may work on a version: a draft of their own organ."""
    return version.is_draft and version.organ_id in viewer.organs_as(*_DRAFTERS)


def may_publish(viewer: Viewer, version: Versioned) -> bool:
    """Whether the viewer may publish a version: a draft of an organ they lead."""
    return version.is_draft and version.organ_id in viewer.organs_as(Role.LEADER)


def withdrawable_by(viewer: Viewer, model: type[V]) -> QuerySet[V]:
    """What the viewer may withdraw: their own organ's, and what shipped with the program."""
    led = viewer.organs_as(Role.LEADER)
    shipped = Q(organ__isnull=True) if led else Q(pk__in=[])
    return model._default_manager.filter(shipped | Q(organ__in=led)).filter(stage__in=_PUBLIC)


def drafting_organ(viewer: Viewer) -> Organ | None:
    """The organ for which the viewer drafts; None for who may not."""
    return Organ.objects.filter(pk__in=viewer.organs_as(*_DRAFTERS)).order_by("pk").first()


def previous_version(checklist: Checklist) -> Checklist | None:
    """What a checklist is compared with: the version it was drafted from, else the one published before it."""
    if checklist.based_on is not None:
        return checklist.based_on
    return (
        Checklist.objects.filter(code=checklist.code, stage__in=_PUBLIC, pk__lt=checklist.pk)
        .order_by("-effective_from", "-pk")
        .first()
    )


def may_inspect(item: InspectionItem, on: date) -> bool:
    """Whether a matter may be inspected on a day: the list in force on it names the matter (国办发〔2024〕54号)."""
    current = current_list(on)
    return current is not None and any(item.code == other.code for other in current.items.all())


def standards() -> QuerySet[Standard]:
    """Every standard with its published criteria counted."""
    return Standard.objects.annotate(
        criterion_count=Count("criteria", filter=Q(criteria__stage=Stage.PUBLISHED))
    ).order_by("field", "number")


def is_public(version: Versioned) -> bool:
    """Whether everybody may read a version: what was published, also when it was withdrawn since."""
    return version.stage in _PUBLIC


def published_lists() -> QuerySet[ItemList]:
    """Every item list that was published, newest first."""
    return ItemList.objects.filter(stage__in=_PUBLIC).order_by("-effective_from", "-pk")


def incomplete_questions(checklist: Checklist) -> QuerySet[ChecklistItem]:
    """Questions that lack a part, as a foreign form leaves them: a checklist with one isn't published."""
    lacks = Q()
    for name, _label, _longest in NEEDED:
        lacks |= Q(**{name: ""})
    return checklist.items.filter(lacks)
