"""Reads. What is published everybody sees; drafts are seen by whoever works on them."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from anguan.checklists.models import Checklist, ChecklistItem, Criterion, HazardPhrase, InspectionItem, ItemList
from anguan.checklists.rules import Stage

_PUBLIC = (Stage.PUBLISHED, Stage.WITHDRAWN)


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


def current_list(on: date | None = None) -> ItemList | None:
    """The item list in force on a day, with its items and their checklists; without a day, the last one published."""
    lists = ItemList.objects.prefetch_related("items__checklist")
    lists = lists.filter(stage=Stage.PUBLISHED) if on is None else lists.filter(in_force(on))
    return lists.order_by("-effective_from", "-published_at", "-pk").first()


def items_with_checklist(on: date | None = None) -> QuerySet[InspectionItem]:
    """The matters of the list in force that a visit can be made for, because a checklist belongs to them."""
    lists = ItemList.objects.filter(stage=Stage.PUBLISHED) if on is None else ItemList.objects.filter(in_force(on))
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
