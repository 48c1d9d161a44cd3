"""移送: a hazard on its way to the organ that is competent for it; both sides leave their record."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.ground.rules.selectors import rule
from anguan.hazards import rules
from anguan.hazards.events import HazardTransferred, TransferReturned
from anguan.hazards.models import Hazard, LegalBasis, Transfer
from anguan.hazards.rules import (
    OPEN_TRANSFERS,
    TAKES_BACK,
    TRANSFER,
    Action,
    Chain,
    NotAllowed,
    State,
    TransferAction,
    TransferState,
)
from anguan.hazards.services.writing import TOLD, check_told, leads, locked, note, save, working_days_after
from anguan.papers.models import Paper
from anguan.papers.rules import PaperState
from anguan.papers.selectors import approval_agrees
from anguan.people.models import Organ, RoleGrant
from anguan.people.rules import BUREAU, Role

TRANSFER_RULE = "hazard-transfer"
APPROVAL_FORM, LETTER_FORM = "transfer_approval", "transfer_letter"


@transaction.atomic
def set_basis(*, hazard: Hazard, chain: str, statute: str, article: str, actor: Actor, now: datetime) -> LegalBasis:
    """核改法律依据 of one chain; what a person writes counts as not verified. Before the order is served."""
    hazard = locked(hazard)
    if State(hazard.state) not in {State.FOUND, State.CLASSIFIED, State.REOPENED}:
        raise NotAllowed(N_("责令已经送达，法律依据写在文书上，不能再改；确有错误的应作废文书重新下达。"))
    row, _ = LegalBasis.objects.update_or_create(
        hazard=hazard,
        chain=Chain(chain),
        defaults={
            "statute": check_told(statute, "法律", N_("请写法律名称。"), most=100).strip("《》"),
            "article": check_told(article, "条款", N_("请写条款，例如“第六十五条”。"), most=100),
            "verified": False,
        },
    )
    note(hazard, "hazards.set_basis", actor, now, cause=f"{Chain(chain).label} {row}", chain=chain)
    return row


@transaction.atomic
def propose_transfer(
    *,
    hazard: Hazard,
    uid: UUID,
    to_organ: Organ,
    reason: str,
    actor: Actor,
    now: datetime,
    approval: Paper | None = None,
) -> Transfer:
    """提出移送 to the competent organ, for a leader to approve; idempotent on `uid`. Raises `NotAllowed`."""
    hazard = locked(hazard)
    known = Transfer.objects.filter(uid=uid, hazard=hazard).first()
    if known is not None:
        return known
    rules.advance(State(hazard.state), Action.TRANSFER)
    rules.check_receiver(from_organ=hazard.organ_id, to_organ=to_organ.pk)
    if hazard.transfers.filter(state__in=sorted(OPEN_TRANSFERS)).exists():
        raise NotAllowed(N_("这条隐患已有一份移送在办，请等结果。"), basis=rules.BASIS[Action.TRANSFER])
    if approval is not None:
        _check_paper(approval, APPROVAL_FORM, hazard, to_organ)
        if Transfer.objects.filter(approval=approval).exclude(state=TransferState.REFUSED).exists():
            raise NotAllowed(N_("这份移送审批表已经用于另一次移送，请另行报批。"), basis=rules.BASIS[Action.TRANSFER])
    row = Transfer.objects.create(
        hazard=hazard,
        uid=uid,
        from_organ_id=hazard.organ_id,
        to_organ=to_organ,
        reason=check_told(reason, "移送理由", N_("请写明为什么由对方办理。")),
        approval=approval,
        proposed_at=now,
        proposed_by_id=actor.id,
        proposed_by_name=actor.name,
    )
    note(hazard, "hazards.propose_transfer", actor, now, cause=row.reason, transfer=str(uid), to_organ_id=to_organ.pk)
    return row


def _check_paper(paper: Paper, form: str, hazard: Hazard, to_organ: Organ, approval: Paper | None = None) -> None:
    # Locked, so that it isn't voided while the transfer comes to rest on it.
    paper = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if paper.form != form or paper.enterprise_id != hazard.enterprise_id or paper.handling_organ_id != hazard.organ_id:
        raise NotAllowed(N_("选中的文书不是这家企业的移送文书，请重新选择。"), basis=rules.BASIS[Action.TRANSFER])
    is_letter = form == LETTER_FORM
    rules.check_papers(
        is_issued=paper.state in {PaperState.ISSUED, PaperState.SERVED},
        is_agreed=is_letter or approval_agrees(paper),
        named=str(paper.body.get("recipient" if is_letter else "receiver", "")),
        receiver=to_organ.name,
        letter_follows=paper.answers_id == approval.pk if approval else None,
        is_letter=is_letter,
    )


@transaction.atomic
def decide_transfer(
    *, transfer: Transfer, approved: bool, actor: Actor, now: datetime, reason: str = "", letter: Paper | None = None
) -> Transfer:
    """审批移送: a leader of the sending organ sends it off, or refuses with a reason. Raises `NotAllowed`."""
    hazard, transfer = _both(transfer)
    action = TransferAction.APPROVE if approved else TransferAction.REFUSE
    state = TRANSFER.advance(TransferState(transfer.state), action)
    rules.check_leader(leads(actor, transfer.from_organ_id), N_("移送"))
    transfer.state, transfer.approved_at, transfer.approved_by_name = state, now, actor.name
    if not approved:
        transfer.answer = check_told(reason, "不批准的理由")
        transfer.save()
        note(hazard, "hazards.refuse_transfer", actor, now, cause=transfer.answer, transfer=str(transfer.uid))
        return transfer
    rules.check_letter_given(has_approval=transfer.approval_id is not None, has_letter=letter is not None)
    if letter is not None:
        _check_paper(letter, LETTER_FORM, hazard, transfer.to_organ, transfer.approval)
    transfer.letter, transfer.stood_at = letter, hazard.state
    _due(transfer, "receive", now)
    transfer.save()
    _move(hazard, Action.TRANSFER, "hazards.send_transfer", transfer, actor, now, cause=transfer.reason)
    return transfer


@transaction.atomic
def receive_transfer(*, transfer: Transfer, actor: Actor, now: datetime) -> Transfer:
    """签收: the receiving organ has it; the receipt says who and when. Raises `NotAllowed`."""
    hazard, transfer = _both(transfer)
    _check_receiving(transfer, actor)
    transfer.state = TRANSFER.advance(TransferState(transfer.state), TransferAction.RECEIVE)
    transfer.received_at, transfer.received_by_name = now, actor.name
    _due(transfer, "decide", now)
    transfer.save()
    note(hazard, "hazards.receive_transfer", actor, now, transfer=str(transfer.uid))
    return transfer


@transaction.atomic
def answer_transfer(*, transfer: Transfer, accepted: bool, reason: str, actor: Actor, now: datetime) -> Transfer:
    """受理或者退回: an accepted hazard is the receiving organ's from now on; a returned one goes back with a reason."""
    hazard, transfer = _both(transfer)
    _check_receiving(transfer, actor)
    action = TransferAction.ACCEPT if accepted else TransferAction.RETURN
    transfer.state = TRANSFER.advance(TransferState(transfer.state), action)
    transfer.decided_at, transfer.decided_by_name = now, actor.name
    transfer.answer = reason.strip()[:500] if accepted else check_told(reason, "退回理由")
    if accepted:
        _due(transfer, "answer", now)
        hazard.organ_id = transfer.to_organ_id
    else:
        transfer.due_on = None
    transfer.save()
    name = "hazards.accept_transfer" if accepted else "hazards.return_transfer"
    back = Action.END_TRANSFER if accepted else TAKES_BACK[State(transfer.stood_at)]
    _move(hazard, back, name, transfer, actor, now, cause=transfer.answer)
    if accepted:
        publish(HazardTransferred(hazard.pk, hazard.enterprise_id, transfer.from_organ_id, transfer.to_organ_id))
    else:
        publish(TransferReturned(hazard.pk, hazard.enterprise_id, hazard.visit_uid, transfer.pk, transfer.answer, now))
    return transfer


@transaction.atomic
def report_result(*, transfer: Transfer, result: str, actor: Actor, now: datetime) -> Transfer:
    """反馈结果: what the receiving organ made of it, for the sender to read. Raises `NotAllowed`."""
    hazard, transfer = _both(transfer)
    _check_receiving(transfer, actor)
    transfer.state = TRANSFER.advance(TransferState(transfer.state), TransferAction.ANSWER)
    transfer.result = check_told(result, "办理结果", N_("请写明怎么处理的、结果如何。"), most=1000)
    transfer.answered_at, transfer.due_on = now, None
    transfer.save()
    note(hazard, "hazards.answer_transfer", actor, now, cause=transfer.result, transfer=str(transfer.uid))
    return transfer


def _both(transfer: Transfer) -> tuple[Hazard, Transfer]:
    hazard = locked(transfer.hazard)
    return hazard, Transfer.objects.select_for_update(of=("self",)).get(pk=transfer.pk)


def _check_receiving(transfer: Transfer, actor: Actor) -> None:
    acts = (
        actor.kind == "user"
        and actor.id.isdigit()
        and RoleGrant.objects.filter(
            user_id=int(actor.id), organ=transfer.to_organ_id, role__in=[*BUREAU, Role.DEPARTMENT]
        ).exists()
    )
    if not acts:
        raise NotAllowed(
            N_("这份移送由%(organ)s办理，请联系该机关。"),
            basis=rules.BASIS[Action.TRANSFER],
            organ=transfer.to_organ.name,
        )


def _due(transfer: Transfer, step: str, now: datetime) -> None:
    today = clock.local_day(now)
    found = rule(TRANSFER_RULE, today)
    transfer.due_on, transfer.due_provisional = working_days_after(today, int(found.values[step]))
    transfer.rule_version = found.version


def _move(
    hazard: Hazard, action: Action, name: str, transfer: Transfer, actor: Actor, now: datetime, *, cause: str
) -> None:
    before = audit.snapshot(hazard, *TOLD)
    hazard.state = rules.advance(State(hazard.state), action)
    save(
        hazard,
        name,
        before,
        actor,
        now,
        cause=cause,
        more={"transfer": str(transfer.uid), "organ_id": hazard.organ_id},
    )
