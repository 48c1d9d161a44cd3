"""责令: the paper that a hazard stands on, from when its term runs, and what happens when the paper is void."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.hazards import rules
from anguan.hazards.events import HazardOrdered
from anguan.hazards.models import Hazard
from anguan.hazards.rules import Action, Chain, NotAllowed, Source, State
from anguan.hazards.selectors import basis_for, order_verdict
from anguan.hazards.services.writing import TOLD, compute_deadline, locked, save
from anguan.papers.models import Paper


@transaction.atomic
def attach_order(*, hazards: Iterable[Hazard], paper: Paper, actor: Actor, now: datetime) -> list[Hazard]:
    """列入责令文书: name the order that these hazards stand on, before it is served. Raises `NotAllowed`."""
    attached = []
    for given in sorted(hazards, key=lambda one: one.pk):
        hazard = locked(given)
        rules.advance(State(hazard.state), Action.SERVE_ORDER)
        if paper.enterprise_id != hazard.enterprise_id:
            raise NotAllowed(N_("这份文书的当事人不是隐患所在的企业，请选这家企业的文书。"))
        check_may_order(hazard, clock.local_day(now))
        before = audit.snapshot(hazard, *TOLD)
        hazard.order = paper
        save(hazard, "hazards.attach_order", before, actor, now, cause=str(paper))
        attached.append(hazard)
    if paper.effective_at is not None:
        start_term(paper=paper, actor=actor, now=now)
        attached = list(Hazard.objects.filter(pk__in=[hazard.pk for hazard in attached]).order_by("pk"))
    return attached


def check_may_order(hazard: Hazard, day: date) -> None:
    """Refuse an order where, by the records, another organ and not the handling one is competent for its basis."""
    basis, _ = basis_for(hazard, Chain.ORDER)
    rules.check_competence(order_verdict(hazard, day), organ=hazard.organ.name, basis=str(basis))


@transaction.atomic
def start_term(*, paper: Paper, actor: Actor, now: datetime) -> list[Hazard]:
    """责令生效: the order was served, so its hazards are being rectified from then on; safe to repeat.

    Its hazards are those attached to it and those its problems name (`hazard_uid`).
    """
    if paper.effective_at is None:
        raise NotAllowed(N_("责令文书还没有送达，送达后才生效。"))
    written = _days_on(paper)
    started = []
    waiting = Hazard.objects.select_for_update(of=("self",)).filter(
        Q(order=paper) | Q(uid__in=written),
        enterprise_id=paper.enterprise_id,
        state__in=[State.CLASSIFIED, State.REOPENED],
    )
    for hazard in waiting.order_by("pk"):
        before = audit.snapshot(hazard, *TOLD)
        hazard.state = rules.advance(State(hazard.state), Action.SERVE_ORDER)
        hazard.order, hazard.effective_at = paper, paper.effective_at
        if str(hazard.uid) in written:
            # The day that stands on the paper is the one that counts.
            hazard.due_on, hazard.due_provisional = written[str(hazard.uid)], False
        elif hazard.due_on is None:
            compute_deadline(hazard, None, now)
        assert hazard.due_on is not None
        save(hazard, "hazards.start_term", before, actor, now, cause=str(paper))
        publish(HazardOrdered(hazard.pk, hazard.enterprise_id, paper.pk, hazard.due_on, paper.effective_at))
        started.append(hazard)
    return started


def _days_on(paper: Paper) -> dict[str, date]:
    """The days that an order names for its problems, by the uid of the hazard."""
    days = {}
    for problem in paper.body.get("problems", []) if isinstance(paper.body, dict) else []:
        with suppress(KeyError, TypeError, ValueError):
            days[str(UUID(problem["hazard_uid"]))] = date.fromisoformat(problem["due_on"])
    return days


@transaction.atomic
def withdraw_order(*, paper: Paper, actor: Actor, now: datetime, reason: str = "") -> list[Hazard]:
    """责令作废: hazards that stood on this order need another one; what was reported already is still rechecked."""
    withdrawn = []
    held = Hazard.objects.select_for_update(of=("self",)).filter(order=paper)
    for hazard in held.order_by("pk"):
        state = State(hazard.state)
        if state in rules.ASKS_ENTERPRISE:
            state = rules.advance(state, Action.VOID_ORDER)
        elif state not in {State.CLASSIFIED, State.REOPENED}:
            continue
        before = audit.snapshot(hazard, *TOLD)
        hazard.state, hazard.order, hazard.effective_at, hazard.overdue_on = state, None, None, None
        save(hazard, "hazards.withdraw_order", before, actor, now, cause=reason)
        withdrawn.append(hazard)
    return withdrawn


@transaction.atomic
def count_again(*, year: int, now: datetime, actor: Actor) -> int:
    """期限不再暂定: terms that end in a year whose holiday notice has come are certain now; returns how many."""
    uncertain = Hazard.objects.select_for_update(of=("self",)).filter(due_provisional=True, due_on__year=year)
    count = 0
    for hazard in uncertain.order_by("pk"):
        # A term of calendar days that does not roll ends on the same day whatever the notice says.
        hazard.due_provisional = False
        hazard.save(update_fields=["due_provisional"])
        audit.record(
            actor=actor,
            action="hazards.count_again",
            subject=hazard,
            now=now,
            before={"due_provisional": True},
            after={"due_provisional": False},
        )
        count += 1
    return count


@transaction.atomic
def undertake_rectification(*, hazard: Hazard, actor: Actor, now: datetime) -> Hazard:
    """自行整改: the enterprise puts right what it found itself, without an order."""
    hazard = locked(hazard)
    state = rules.advance(State(hazard.state), Action.UNDERTAKE)
    if hazard.source != Source.SELF:
        raise NotAllowed(
            N_("这条隐患不是企业自查发现的，应先送达责令限期整改指令书。"), basis=rules.BASIS[Action.SERVE_ORDER]
        )
    before = audit.snapshot(hazard, *TOLD)
    hazard.state = state
    if hazard.due_on is None:
        compute_deadline(hazard, None, now)
    save(hazard, "hazards.undertake_rectification", before, actor, now)
    return hazard
