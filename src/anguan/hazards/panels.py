"""What this room shows on other rooms' pages: the enterprise's hazards, and rows for the desk."""

from collections.abc import Iterator
from datetime import date

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anguan.core.words import N_
from anguan.ground.access import Viewer
from anguan.hazards import selectors, showing
from anguan.hazards.models import Hazard
from anguan.hazards.paper_origin import KIND, hazard_origin
from anguan.hazards.rules import ASKS_ENTERPRISE, UNCLOSED, EscalationKind, State, TransferState
from anguan.hazards.selectors import desk
from anguan.papers.origins import register_origin
from anguan.people.rules import BUREAU, ENTERPRISE, Role
from anguan.registry.models import Enterprise
from anguan.registry.selectors import family_ids
from anguan.ui.desk import DeskRow, Group, desk_source
from anguan.ui.panels import reader_of, register_panel

N_OVERDUE = N_("期限已过，企业还没有报告整改")
N_RECTIFYING = N_("等企业整改并报告")
SHOWN = 5
DESK_ROWS = 10


def hazards_of_enterprise(request: HttpRequest, subject: object) -> SafeString | None:
    """隐患 of an enterprise that are not closed, most urgent first; None where the reader sees none."""
    assert isinstance(subject, Enterprise)
    viewer = reader_of(request)
    if not viewer.has(*BUREAU):
        return None
    of_it = selectors.hazards_visible_to(viewer).filter(enterprise__in=family_ids(subject))
    if not of_it.exists():
        return None
    unclosed = of_it.filter(state__in=sorted(UNCLOSED))
    count = unclosed.count()
    return SafeString(
        render_to_string(
            "hazards/panel_enterprise.html",
            {
                "title": _("隐患"),
                "note": _("未销号 %(count)d 条") % {"count": count},
                "rows": showing.items_of(unclosed.order_by("sort_due_on", "id").values(*showing.ROW_FIELDS)[:SHOWN]),
                "all_url": f"{reverse('hazards:list')}?enterprise={subject.pk}",
            },
            request=request,
        )
    )


register_panel("registry.enterprise", order=20, render=hazards_of_enterprise)
register_origin(KIND, N_("隐患"), hazard_origin)


@desk_source
def due_for_viewer(viewer: Viewer, _today: date) -> Iterator[DeskRow]:
    """What a hazard asks of somebody: rectify, recheck, close, order; and how many terms ran out."""
    if viewer.has(*ENTERPRISE):
        yield from _asked_of_enterprise(viewer)
    if viewer.has(*BUREAU):
        yield from _asked_of_bureau(viewer)
    if viewer.has(*BUREAU, Role.DEPARTMENT):
        yield from _asked_of_receiver(viewer)
    if viewer.has(Role.TENANT):
        yield from _asked_of_shop(viewer)


def _asked_of_enterprise(viewer: Viewer) -> Iterator[DeskRow]:
    own = selectors.own_hazards(viewer)
    for hazard in own.filter(state__in=sorted(ASKS_ENTERPRISE)).order_by("sort_due_on", "id")[:DESK_ROWS]:
        yield DeskRow(
            Group.DUE,
            hazard.description,
            _("整改并报告"),
            reverse("hazards_phone:detail", args=[hazard.uid]),
            _("去整改"),
            due_on=hazard.due_on,
            is_provisional=hazard.due_provisional,
        )
    for hazard in own.filter(state=State.REPORTED).order_by("-reported_at")[:DESK_ROWS]:
        yield DeskRow(
            Group.WAITING,
            hazard.description,
            _("等执法人员复查"),
            reverse("hazards_phone:detail", args=[hazard.uid]),
            _("查看"),
        )


def _asked_of_bureau(viewer: Viewer) -> Iterator[DeskRow]:
    asks = {
        State.REPORTED: (_("企业已报整改，应复查"), _("复查")),
        State.FOUND: (_("应定级"), _("定级")),
        State.REOPENED: (_("应重新下达责令限期整改指令书"), _("查看")),
        State.VERIFIED: (_("复查合格，应销号"), _("销号")),
    }
    if not viewer.has(Role.OFFICER):
        asks = {State.VERIFIED: asks[State.VERIFIED]} if viewer.has(Role.LEADER) else {}
    for hazard in desk.first_of_each(viewer, asks, DESK_ROWS):
        state = State(hazard["state"])
        asked, button = asks[state]
        yield DeskRow(
            Group.DUE,
            f"{hazard['firm']}：{hazard['description']}",
            asked,
            reverse("hazards:detail", args=[hazard["uid"]]),
            button,
            due_on=hazard["due_on"] if state in ASKS_ENTERPRISE else None,
        )
    yield from _returned_to_sender(viewer)
    yield from _asked_of_leader(viewer)
    waiting = {State.OVERDUE: N_OVERDUE, State.RECTIFYING: N_RECTIFYING}
    for state, held in desk.held_by_state(viewer, waiting).items():
        yield DeskRow(
            Group.WAITING,
            _(state.label),
            _(waiting[state]),
            f"{reverse('hazards:list')}?state={state.value}&sort=due",
            _("打开清单"),
            due_on=held.first,
            count=held.count,
            is_more=held.is_more,
        )


def _asked_of_leader(viewer: Viewer) -> Iterator[DeskRow]:
    """What waits for a decision or has a day of its own; what only a leader decides is on a leader's desk only."""
    for listing in selectors.listings_to_publish(viewer)[:DESK_ROWS]:
        due_on = listing.publish_by if listing.published_at is None else listing.publish_removal_by
        yield _dated(listing.hazard, _("挂牌督办应公示"), _("公示"), due_on)
    for acceptance in selectors.acceptances_due(viewer)[:DESK_ROWS]:
        yield _dated(acceptance.hazard, _("重大事故隐患应现场验收"), _("验收"), acceptance.due_on)
    for plan in selectors.plans_waiting(viewer)[:DESK_ROWS]:
        yield _dated(plan.hazard, _("治理方案应审定"), _("审定"), None)
    for objection in selectors.objections_waiting(viewer)[:DESK_ROWS]:
        yield _dated(objection.hazard, _("异议应答复"), _("答复"), objection.answer_by)
    for extension in selectors.extensions_waiting(viewer)[:DESK_ROWS]:
        yield _dated(extension.hazard, _("延期应决定"), _("决定"), extension.decide_by)
    for measure in selectors.resumptions_due(viewer)[:DESK_ROWS]:
        yield _dated(measure.hazard, _("恢复申请应审查"), _("审查"), measure.due_on)
    for escalation in selectors.escalations_for(viewer)[:DESK_ROWS]:
        yield _dated(escalation.hazard, _(EscalationKind(escalation.kind).label), _("决定"), None)
    for closure in selectors.closures_waiting(viewer)[:DESK_ROWS]:
        yield _dated(closure.hazard, _("销号结论应审批"), _("审批"), None)
    for transfer in selectors.transfers_to_approve(viewer)[:DESK_ROWS]:
        yield _dated(transfer.hazard, _("移送应审批"), _("审批"), None)


def _returned_to_sender(viewer: Viewer) -> Iterator[DeskRow]:
    """移送被退回: the hazard is the sender's again, with its term."""
    for transfer in selectors.transfers_returned(viewer)[:DESK_ROWS]:
        yield DeskRow(
            Group.DUE,
            f"{transfer.hazard.enterprise.name}：{transfer.hazard.description}",
            _("移送被退回：%(why)s") % {"why": transfer.answer},
            reverse("hazards:detail", args=[transfer.hazard.uid]),
            _("继续办理"),
            due_on=transfer.hazard.due_on,
            is_provisional=transfer.hazard.due_provisional,
        )


def _asked_of_receiver(viewer: Viewer) -> Iterator[DeskRow]:
    """移送 that the viewer's organs have to receive, decide and answer."""
    for transfer in selectors.transfers_asking(viewer)[:DESK_ROWS]:
        yield DeskRow(
            Group.DUE,
            f"{transfer.hazard.enterprise.name}：{transfer.hazard.description}",
            _(TransferState(transfer.state).label),
            reverse("hazards:transfer", args=[transfer.uid]),
            _("办理移送"),
            due_on=transfer.due_on,
            is_provisional=transfer.due_provisional,
        )


def _asked_of_shop(viewer: Viewer) -> Iterator[DeskRow]:
    for hazard in selectors.open_tenant_hazards(viewer).order_by("sort_due_on", "id")[:DESK_ROWS]:
        yield DeskRow(
            Group.DUE,
            hazard.description,
            _("本店整改后告诉商场"),
            reverse("hazards_phone:shop_hazard", args=[hazard.uid]),
            _("查看"),
            due_on=hazard.due_on,
            is_provisional=hazard.due_provisional,
        )


def _dated(hazard: Hazard, asked: str, button: str, due_on: date | None) -> DeskRow:
    return DeskRow(
        Group.DUE,
        f"{hazard.enterprise.name}：{hazard.description}",
        asked,
        reverse("hazards:detail", args=[hazard.uid]),
        button,
        due_on=due_on,
    )
