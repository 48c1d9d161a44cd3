"""Reads of the three legal chains of a hazard, and of who is competent to order."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from anguan.ground.access import Viewer
from anguan.hazards.models import Hazard, Transfer
from anguan.hazards.rules import (
    SHOWN_TO_RECEIVER,
    Basis,
    Chain,
    Competent,
    NotAllowed,
    State,
    TransferState,
    basis_of,
    covers,
    criterion_of,
)
from anguan.papers.models import Paper
from anguan.papers.rules import PaperState
from anguan.papers.selectors import approval_agrees
from anguan.people.models import Competence, Entrustment, Organ
from anguan.people.rules import BUREAU, Matter, Role

_MATTERS = {Chain.ORDER: Matter.ORDER, Chain.PENALTY: Matter.PENALISE}
_FIELDS = {
    Chain.VIOLATION: "violation_basis",
    Chain.ORDER: "order_basis",
    Chain.PENALTY: "penalty_basis",
}


@dataclass(frozen=True)
class ChainLine:
    """One chain as the page shows it: the provision, whether it was verified, and who may act on it."""

    chain: Chain
    basis: Basis
    verified: bool
    competent: list[Organ]
    verdict: Competent


def basis_for(hazard: Hazard, chain: Chain) -> tuple[Basis, bool]:
    """Statute and article of a chain, and whether they were verified: the row, else what the text says."""
    row = hazard.bases.filter(chain=chain).first()
    if row is not None:
        return Basis(row.statute, row.article), row.verified
    item = hazard.checklist_item
    return basis_of(getattr(hazard, _FIELDS[chain])), bool(item and item.verified)


def chains_of(hazard: Hazard, day: date) -> list[ChainLine]:
    """三条法律链条 of a hazard with who is competent on a day; nobody needs competence to be violated."""
    lines = []
    for chain in Chain:
        basis, verified = basis_for(hazard, chain)
        matter = _MATTERS.get(chain)
        organs = competent_organs(basis, matter, day) if matter else []
        verdict = _verdict(hazard.organ_id, organs, matter, day) if matter and basis.statute else Competent.UNKNOWN
        lines.append(ChainLine(chain, basis, verified, organs, verdict))
    return lines


def order_verdict(hazard: Hazard, day: date) -> Competent:
    """Whether the handling organ may order on the hazard's order basis: NO only where another organ is on record."""
    basis, _ = basis_for(hazard, Chain.ORDER)
    if not basis.statute:
        return Competent.UNKNOWN
    return _verdict(hazard.organ_id, competent_organs(basis, Matter.ORDER, day), Matter.ORDER, day)


def competent_organs(basis: Basis, matter: str, day: date) -> list[Organ]:
    """The organs whose recorded competence for the matter covers the provision on a day; empty where none is known."""
    if not basis.statute:
        return []
    held = (
        Competence.objects.filter(matter=matter, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .select_related("organ")
        .order_by("organ__name")
    )
    found = {row.organ_id: row.organ for row in held if covers(Basis(row.statute, row.article), basis)}
    return list(found.values())


def _verdict(organ_id: int, competent: list[Organ], matter: str, day: date) -> Competent:
    if not competent:
        return Competent.UNKNOWN
    acting = {organ_id, *_entrusting(organ_id, matter, day)}
    return Competent.YES if acting & {organ.pk for organ in competent} else Competent.NO


def _entrusting(organ_id: int, matter: str, day: date) -> list[int]:
    """The organs in whose name this one acts in the matter on a day (行政处罚法 art. 20)."""
    letters = Entrustment.objects.filter(
        entrusted=organ_id, matters__contains=[matter], valid_from__lte=day, valid_to__gte=day
    )
    return list(letters.values_list("entrusting_id", flat=True))


def receivers_for(hazard: Hazard, day: date) -> list[Organ]:
    """To whom a hazard may be transferred: competent organs first, then every other one."""
    basis, _ = basis_for(hazard, Chain.ORDER)
    first = [organ for organ in competent_organs(basis, Matter.ORDER, day) if organ.pk != hazard.organ_id]
    known = {organ.pk for organ in first} | {hazard.organ_id}
    return [*first, *Organ.objects.exclude(pk__in=known).order_by("name")]


def transfers_visible_to(viewer: Viewer) -> QuerySet[Transfer]:
    """移送 that the viewer's organs sent, from the proposal on, or received, from the sending on."""
    organs = viewer.organs_as(*BUREAU, Role.DEPARTMENT)
    received = Q(to_organ__in=organs, state__in=sorted(SHOWN_TO_RECEIVER))
    return (
        Transfer.objects.filter(Q(from_organ__in=viewer.organs_as(*BUREAU)) | received)
        .select_related(
            "hazard__enterprise", "from_organ", "to_organ", "approval", "letter", "letter__service__receipt"
        )
        .order_by("-id")
    )


def received_by(viewer: Viewer, transfer: Transfer) -> bool:
    """Whether the viewer acts for the receiving organ."""
    return transfer.to_organ_id in viewer.organs_as(*BUREAU, Role.DEPARTMENT)


def transfers_asking(viewer: Viewer) -> QuerySet[Transfer]:
    """移送 that ask something of the viewer's organs now: to receive, to decide, to answer; most urgent first."""
    received = viewer.organs_as(*BUREAU, Role.DEPARTMENT)
    return (
        Transfer.objects.filter(
            to_organ__in=received,
            state__in=[TransferState.SENT, TransferState.RECEIVED, TransferState.ACCEPTED],
        )
        .select_related("hazard__enterprise")
        .order_by("due_on", "id")
    )


def transfers_to_approve(viewer: Viewer) -> QuerySet[Transfer]:
    """待批准的移送 of the organs that the viewer leads, oldest first."""
    return (
        Transfer.objects.filter(state=TransferState.PROPOSED, from_organ__in=viewer.organs_as(Role.LEADER))
        .select_related("hazard__enterprise")
        .order_by("proposed_at", "id")
    )


def transfers_returned(viewer: Viewer) -> QuerySet[Transfer]:
    """退回的移送 whose hazard the viewer's organs have to go on with: to order themselves or send elsewhere.

    A reopened hazard asks for another order anyhow and is not told twice.
    """
    later = Transfer.objects.filter(hazard=OuterRef("hazard"), pk__gt=OuterRef("pk")).exclude(
        state=TransferState.REFUSED
    )
    return (
        Transfer.objects.filter(
            state=TransferState.RETURNED,
            from_organ__in=viewer.organs_as(Role.OFFICER),
            hazard__state=State.CLASSIFIED,
            hazard__organ=F("from_organ"),
        )
        .exclude(Exists(later))
        .select_related("hazard__enterprise")
        .order_by("hazard__sort_due_on", "id")
    )


def transfer_papers(hazard: Hazard, form: str) -> list[Paper]:
    """移送审批表 or 移送书 that may carry a transfer of the hazard: issued, agreed, not used before; newest first."""
    used = Transfer.objects.exclude(state=TransferState.REFUSED)
    taken = set(used.filter(approval__isnull=False).values_list("approval", flat=True))
    taken |= set(used.filter(letter__isnull=False).values_list("letter", flat=True))
    found = Paper.objects.filter(
        form=form,
        enterprise=hazard.enterprise_id,
        handling_organ=hazard.organ_id,
        state__in=[PaperState.ISSUED, PaperState.SERVED],
    ).order_by("-pk")
    return [one for one in found if one.pk not in taken and (form == "transfer_letter" or approval_agrees(one))]


def is_criterion(text: str) -> bool:
    """Whether a text names standard and clause as a major hazard's 判定依据 does."""
    try:
        criterion_of(text)
    except NotAllowed:
        return False
    return True
