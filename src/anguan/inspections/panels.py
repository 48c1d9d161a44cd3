"""What this room shows elsewhere: an enterprise's visits and its own places in draws, and rows for the desk."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anguan.ground import clock
from anguan.ground.access import Viewer
from anguan.inspections import offline_panel, selectors, showing, visit_panels
from anguan.inspections.before_visits import before_visits
from anguan.inspections.models import Batch
from anguan.inspections.rules import BatchState, VisitKind, VisitState
from anguan.people.rules import Role
from anguan.registry.models import Enterprise
from anguan.ui.desk import DeskRow, Group, desk_source
from anguan.ui.panels import reader_of, register_panel

__all__ = ["offline_panel", "visit_panels"]  # imported so that their panels are entered

SHOWN = 5
DESK_ROWS = 10
TOLD_FOR_DAYS = 3


def visits_of_enterprise(request: HttpRequest, subject: object) -> SafeString | None:
    """检查 of an enterprise as the reader may see them, and for its own members its places in draws."""
    assert isinstance(subject, Enterprise)
    viewer = reader_of(request)
    found = list(selectors.visits_visible_to(viewer).filter(enterprise=subject)[:SHOWN])
    places = [
        place
        for entry in selectors.own_batches(viewer, subject)
        if (place := selectors.own_place(viewer, entry.batch, subject)) is not None
    ]
    if not found and not places:
        return None
    return SafeString(
        render_to_string(
            "inspections/panel_enterprise.html",
            {
                "visits": [
                    (
                        visit,
                        _(VisitKind(visit.kind).label),
                        showing.visit_pill(visit),
                        showing.category_word(visit.category),
                    )
                    for visit in found
                ],
                "opens": viewer.has(Role.CLERK, Role.LEADER, Role.OFFICER),
                "places": places,
                "enterprise": subject,
            },
            request=request,
        )
    )


register_panel("registry.enterprise", order=30, render=visits_of_enterprise)


@desk_source
def due_for_viewer(viewer: Viewer, today: date) -> Iterator[DeskRow]:
    """What a draw or a visit asks of somebody today."""
    if viewer.officer_id is not None:
        yield from _visits(viewer)
        yield from _called_off(viewer, today)
    if viewer.expert_id is not None:
        yield from _seats(viewer)
    if viewer.has(*selectors.PLANNERS):
        yield from _batches(viewer)
        yield from _results(viewer)
        yield from _withdrawals(viewer)
    if viewer.has(Role.LEADER, Role.SUPERVISOR, Role.PRINCIPAL):
        yield from _parties(viewer, today)
    yield from before_visits(viewer, today)


def _visits(viewer: Viewer) -> Iterator[DeskRow]:
    for visit in selectors.visits_in_hand(viewer)[:DESK_ROWS]:
        is_recheck = visit.kind == VisitKind.RECHECK
        yield DeskRow(
            group=Group.DUE,
            subject=visit.enterprise.name,
            asked=_("复查整改情况") if is_recheck else f"{_(VisitKind(visit.kind).label)}：{visit.item.matter}",
            url=reverse("inspections_phone:visit", args=[visit.uid]),
            button=_("去复查") if is_recheck else _("去检查"),
            due_on=visit.due_on,
            is_provisional=visit.due_is_provisional,
        )


def _seats(viewer: Viewer) -> Iterator[DeskRow]:
    for seat in selectors.seats_of_expert(viewer).filter(visit__state=VisitState.ON_SITE)[:DESK_ROWS]:
        yield DeskRow(
            group=Group.DUE,
            subject=seat.visit.enterprise.name,
            asked=_("现场检查中，写专家检查意见"),
            url=reverse("inspections_phone:expert_visit", args=[seat.visit.uid]),
            button=_("写意见"),
        )


def _called_off(viewer: Viewer, today: date) -> Iterator[DeskRow]:
    since = datetime.combine(today - timedelta(days=TOLD_FOR_DAYS), time.min, clock.CHINA)
    for visit in selectors.rechecks_called_off(viewer, since)[:DESK_ROWS]:
        yield DeskRow(
            group=Group.CHANGED, subject=visit.enterprise.name, asked=_("复查已经终止，不用再去"),
            url=reverse("inspections_phone:visit", args=[visit.uid]), button=_("看原因"), due_on=None,
        )  # fmt: skip


def _batches(viewer: Viewer) -> Iterator[DeskRow]:
    asks = {
        BatchState.PLANNED: (_("冻结名录，收各方承诺"), _("办理")),
        BatchState.POOL_FROZEN: (_("收齐承诺后公布"), _("办理")),
        BatchState.INSPECTED: (_("公开抽查包"), _("去公开")),
    }
    if viewer.has(Role.LEADER):
        asks[BatchState.DRAWN] = (_("批准检查"), _("去批准"))
    waiting = Batch.objects.filter(organ__in=viewer.organ_ids, state__in=list(asks)).order_by("window_from", "pk")
    for batch in waiting[:DESK_ROWS]:
        asked, button = asks[BatchState(batch.state)]
        before_beacon = batch.state in {BatchState.PLANNED, BatchState.POOL_FROZEN}
        yield DeskRow(
            group=Group.DUE,
            subject=batch.title,
            asked=asked,
            url=reverse("inspections:batch", args=[batch.code]),
            button=button,
            due_on=clock.local_day(batch.not_before) if before_beacon else None,
        )


def _results(viewer: Viewer) -> Iterator[DeskRow]:
    for result in selectors.results_to_publish(viewer)[:DESK_ROWS]:
        yield DeskRow(
            group=Group.DUE,
            subject=result.visit.enterprise.name,
            asked=_("公示检查结果：%(category)s") % {"category": showing.category_word(result.category)},
            url=reverse("inspections:visit", args=[result.visit.uid]),
            button=_("去公示"),
            due_on=result.due_on,
            is_provisional=result.due_is_provisional,
        )


def _withdrawals(viewer: Viewer) -> Iterator[DeskRow]:
    for result in selectors.results_to_withdraw(viewer)[:DESK_ROWS]:
        yield DeskRow(
            group=Group.DUE,
            subject=result.visit.enterprise.name,
            asked=_("撤回已公示的结果：%(reason)s") % {"reason": result.withdraw_reason},
            url=reverse("inspections:withdraw", args=[result.visit.uid]),
            button=_("去撤回"),
            due_on=result.withdraw_by,
            is_provisional=result.withdraw_by_is_provisional,
        )


def _parties(viewer: Viewer, today: date) -> Iterator[DeskRow]:
    # Opening is asked for from the day on which the randomness exists; the page itself knows the minute.
    tonight = datetime.combine(today, time.max, clock.CHINA)
    open_parties = selectors.parties_of(viewer).filter(
        batch__state__in=[BatchState.PLANNED, BatchState.POOL_FROZEN, BatchState.COMMITTED]
    )
    for party in open_parties.order_by("batch__not_before", "pk")[:DESK_ROWS]:
        batch = party.batch
        url = reverse("inspections:party", args=[batch.code])
        if batch.state != BatchState.COMMITTED:
            if not party.commitment:
                yield DeskRow(
                    group=Group.DUE, subject=batch.title, asked=_("作为%(party)s作出承诺") % {"party": _(party.name)},
                    url=url, button=_("去承诺"), due_on=clock.local_day(batch.not_before),
                )  # fmt: skip
        elif party.sealed is None and batch.not_before <= tonight:
            yield DeskRow(
                group=Group.DUE, subject=batch.title, asked=_("开启您的秘密，逾期本批作废"), url=url,
                button=_("去开启"), due_on=clock.local_day(batch.reveal_by) if batch.reveal_by else None,
            )  # fmt: skip
