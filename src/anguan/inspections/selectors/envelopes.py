"""信封 of sealed draws: what everybody may count, what the file holds, what stands for a name until it is opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anguan.inspections import draws
from anguan.inspections.models import Assignment, Batch, Envelope, Visit
from anguan.inspections.rules import DRAWN_STATES, BatchState, OpeningKind
from anguan.inspections.selectors.bundles import public_bundle, stamp_of


def is_closed(assignment: Assignment) -> bool:
    """Whether nobody should know which firm this is: drawn sealed, not opened by its team, nothing public yet."""
    if not assignment.batch.is_sealed or assignment.batch.state == BatchState.PUBLISHED:
        return False
    visit: Visit | None = getattr(assignment, "visit", None)
    return visit is None or visit.is_closed_envelope


def target_word(assignment: Assignment) -> str:
    """The firm's name, or the number of the envelope that it is in."""
    return str(assignment.envelope) if is_closed(assignment) else assignment.target.enterprise_name


@dataclass(frozen=True)
class PublicEnvelope:
    """What everybody sees of an envelope from the day of the draw: that it exists, and when it was looked into."""

    number: int
    commitment: str
    pseudonym: str
    opened_at: datetime | None
    is_early: bool
    readings: int


def public_envelopes(batch: Batch) -> list[PublicEnvelope]:
    """The envelopes of a sealed draw for everybody; the pseudonym inside only with the bundle."""
    if not batch.is_sealed or batch.state not in DRAWN_STATES:
        return []
    is_public = batch.state == BatchState.PUBLISHED
    rows = []
    for envelope in _envelopes(batch):
        openings = list(envelope.assignment.visit.openings.all()) if hasattr(envelope.assignment, "visit") else []
        opened = next((one for one in openings if one.kind == OpeningKind.OPENED), None)
        rows.append(
            PublicEnvelope(
                number=envelope.number,
                commitment=envelope.commitment,
                pseudonym=envelope.assignment.target.pseudonym if is_public else "",
                opened_at=opened.at if opened else None,
                is_early=opened is not None and opened.is_early,
                readings=sum(one.kind == OpeningKind.READ for one in openings),
            )
        )
    return rows


def envelopes_file(batch: Batch) -> dict[str, Any] | None:
    """信封文件 for everybody: commitments from the draw on, with the bundle what was inside; None of no sealed draw."""
    if not batch.is_sealed or batch.state not in DRAWN_STATES:
        return None
    envelopes = _envelopes(batch)
    bundle = public_bundle(batch)
    commitments = [envelope.commitment for envelope in envelopes]
    opened = _opened(batch, envelopes) if bundle is not None else []
    return draws.envelopes_of(batch.code, commitments, bundle, opened)


def _envelopes(batch: Batch) -> Sequence[Envelope]:
    found = batch.envelopes.select_related("assignment__target", "assignment__visit")
    return list(found.prefetch_related("assignment__visit__openings"))


def _opened(batch: Batch, envelopes: Sequence[Envelope]) -> list[draws.OpenedEnvelope]:
    officers = dict(batch.officers.exclude(pseudonym="").values_list("officer__user_id", "pseudonym"))
    rows: list[draws.OpenedEnvelope] = []
    for envelope in envelopes:
        visit: Visit | None = getattr(envelope.assignment, "visit", None)
        openings: list[draws.Opening] = [
            {
                "kind": "read" if one.kind == OpeningKind.READ else "opened",
                "by": draws.APPROVER if one.kind == OpeningKind.READ else officers[one.user_id],
                "at": stamp_of(one.at),
                "early": one.is_early,
            }
            for one in (sorted(visit.openings.all(), key=lambda one: (one.at, one.pk)) if visit is not None else [])
        ]
        rows.append(
            {
                "number": envelope.number,
                "target": envelope.assignment.target.pseudonym,
                "name": envelope.name_hash,
                "salt": envelope.salt,
                "openings": openings,
            }
        )
    return rows
