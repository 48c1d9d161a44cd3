"""Results that wait to be public, and those that are."""

from datetime import date

from django.db.models import QuerySet

from anguan.ground.access import Viewer
from anguan.inspections.models import (
    Publication,
)
from anguan.inspections.selectors.batches import PLANNERS


def results_to_publish(viewer: Viewer) -> QuerySet[Publication]:
    """Results of the viewer's organs that are not public yet, the most urgent first."""
    if not viewer.has(*PLANNERS):
        return Publication.objects.none()
    return (
        Publication.objects.filter(published_at__isnull=True, visit__organ__in=viewer.organs_as(*PLANNERS))
        .select_related("visit__enterprise", "visit__organ", "visit__item")
        .order_by("due_on", "pk")
    )


def results_to_withdraw(viewer: Viewer) -> QuerySet[Publication]:
    """Public results of the viewer's organs whose ground has gone and that are still shown, the most urgent first."""
    if not viewer.has(*PLANNERS):
        return Publication.objects.none()
    return (
        Publication.objects.filter(
            withdraw_by__isnull=False, withdrawn_at__isnull=True, visit__organ__in=viewer.organs_as(*PLANNERS)
        )
        .select_related("visit__enterprise", "visit__organ", "visit__item")
        .order_by("withdraw_by", "pk")
    )


def public_results(since: date | None = None) -> QuerySet[Publication]:
    """Published results, newest first."""
    results = Publication.objects.filter(published_at__isnull=False)
    if since is not None:
        results = results.filter(published_at__date__gte=since)
    return results.select_related("visit__enterprise", "visit__organ", "visit__item", "visit__batch").order_by(
        "-published_at", "-pk"
    )
