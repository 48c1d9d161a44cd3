"""Reads of replacements, and who may ask for one and decide on it."""

from typing import Final

from django.db.models import QuerySet

from anguan.ground.access import Viewer
from anguan.inspections.models import Assignment, Batch, Replacement, VisitOfficer
from anguan.inspections.rules import BatchState, ReplacementKind, ReplacementState
from anguan.inspections.selectors.batches import PLANNERS, may_approve, may_plan
from anguan.people.rules import Role

# What names the target of a request, or the envelope that it is still in.
_SUBJECT: Final = (
    "assignment__batch", "assignment__target__enterprise", "assignment__visit", "assignment__envelope",
)  # fmt: skip


def may_ask_replacement(viewer: Viewer, assignment: Assignment) -> bool:
    """Whoever works on the batch for its organ, or goes to this target as an officer."""
    if may_plan(viewer, assignment.batch):
        return True
    return (
        viewer.officer_id is not None
        and VisitOfficer.objects.filter(visit__assignment=assignment, officer=viewer.officer_id).exists()
    )


def may_decide(viewer: Viewer, replacement: Replacement) -> bool:
    """The heads of the organ, but for whoever asked."""
    return may_approve(viewer, replacement.batch) and replacement.asked_by_id != str(viewer.user_id)


def replacements_of(viewer: Viewer, batch: Batch) -> list[Replacement]:
    """Everything that was asked for in a batch, for those who work on it; empty for everybody else."""
    if not may_plan(viewer, batch):
        return []
    return list(
        batch.replacements.select_related(
            *_SUBJECT, "alternate__target__enterprise", "alternate__envelope", "officer__officer", "expert__expert"
        )
    )


def open_replacements(viewer: Viewer) -> QuerySet[Replacement]:
    """Requests that wait for the viewer's decision as head of an organ."""
    return (
        Replacement.objects.filter(state=ReplacementState.ASKED, batch__organ__in=viewer.organs_as(Role.LEADER))
        .exclude(asked_by_id=str(viewer.user_id))
        .select_related("batch", *_SUBJECT)
        .order_by("asked_at", "pk")
    )


def replacement_visible_to(viewer: Viewer) -> QuerySet[Replacement]:
    """The replacements of one's organs' batches."""
    return Replacement.objects.filter(batch__organ__in=viewer.organs_as(*PLANNERS)).select_related("batch", *_SUBJECT)


def public_replacements(batch: Batch) -> list[Replacement]:
    """Every request of a published batch, refused ones included, for everybody: pseudonyms, reasons and times only."""
    if batch.state != BatchState.PUBLISHED:
        return []
    return list(
        batch.replacements.exclude(state=ReplacementState.ASKED)
        .select_related("assignment__target", "alternate__target", "officer", "expert")
        .order_by("decided_at", "pk")
    )


def replacement_word(replacement: Replacement) -> str:
    """The pseudonym of what was to be replaced."""
    entry = replacement.officer or replacement.expert
    if replacement.kind == ReplacementKind.TARGET or entry is None:
        return replacement.assignment.target.pseudonym
    return entry.pseudonym
