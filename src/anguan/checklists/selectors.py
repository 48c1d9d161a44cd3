"""Reads. Item lists and checklists are published, so everybody sees all of them."""

from django.db.models import Count, QuerySet

from anguan.checklists.models import Checklist, InspectionItem, ItemList


def checklists() -> QuerySet[Checklist]:
    """Every checklist with `item_count`, newest version of each code first."""
    return Checklist.objects.annotate(item_count=Count("items")).order_by("code", "-version")


def checklist(checklist_id: int) -> Checklist:
    """One checklist with its questions; raises `Checklist.DoesNotExist`."""
    return Checklist.objects.prefetch_related("items").get(pk=checklist_id)


def current_list() -> ItemList | None:
    """The item list published last, with its items and their checklists."""
    return ItemList.objects.prefetch_related("items__checklist").order_by("-published_on", "-id").first()


def items_with_checklist() -> QuerySet[InspectionItem]:
    """The matters of the current list that a visit can be made for, because a checklist belongs to them."""
    current = ItemList.objects.order_by("-published_on", "-id").values("pk")[:1]
    return (
        InspectionItem.objects.filter(item_list__in=current, checklist__isnull=False)
        .select_related("item_list", "checklist")
        .order_by("code")
    )
