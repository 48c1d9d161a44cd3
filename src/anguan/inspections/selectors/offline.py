"""今天的任务 as data: everything an officer needs on the spot, to be carried where there is no network."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from django.db.models import Q, QuerySet

from anguan.core.canonical import canonical_json
from anguan.ground import clock, evidence
from anguan.ground.access import Viewer
from anguan.ground.rendering import drawable_characters
from anguan.hazards.models import Hazard
from anguan.inspections.models import Answer, OfflineOperation, Visit
from anguan.inspections.rules import VisitKind, VisitState
from anguan.inspections.selectors.bases import bases_of
from anguan.inspections.selectors.visits import answers_of, hazards_to_recheck, team_of, visits_of_officer
from anguan.inspections.selectors.wordings import wordings_of
from anguan.people.rules import Matter

TASKS_FORMAT: Final = "anguan-tasks/1"
# What can be worked on without network: what has not begun, what goes on, and a record that waits for signatures.
_CARRIED: Final = (VisitState.APPROVED, VisitState.ON_SITE, VisitState.RECORD_DRAFTED)
_MOST: Final = 30


def stamp(moment: datetime | None) -> str:
    """A moment as phone and server exchange it: UTC to the millisecond; empty for none."""
    if moment is None:
        return ""
    at = moment.astimezone(UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def offline_visits(viewer: Viewer) -> QuerySet[Visit]:
    """The viewer's own visits that can be carried along; a sealed one only once it was opened."""
    opened = Q(is_sealed=False) | Q(opened_at__isnull=False)
    return visits_of_officer(viewer).filter(opened, state__in=_CARRIED).order_by("due_on", "pk")[:_MOST]


def offline_tasks(viewer: Viewer, now: datetime) -> dict[str, Any]:
    """今天的任务: each visit with the digest of its canonical JSON; `version` is that of all of them."""
    tasks = [_task(visit, viewer, now) for visit in offline_visits(viewer)]
    visits = [{"digest": digest_of(task), "task": task} for task in tasks]
    return {
        "format": TASKS_FORMAT,
        "user": str(viewer.user_id),
        "name": viewer.name,
        "made_at": stamp(now),
        "version": digest_of([visit["digest"] for visit in visits]),
        "visits": visits,
        "letters": _letters(),
    }


@lru_cache(maxsize=1)
def _letters() -> list[int]:
    """The characters that a paper can show, as pairs of a first code point and how many follow it.

    A name with a character that no face has would otherwise be refused a day later, when everybody has signed.
    """
    runs: list[int] = []
    for code in sorted(drawable_characters()):
        if runs and code == runs[-2] + runs[-1] + 1:
            runs[-1] += 1
        else:
            runs += [code, 0]
    return runs


def digest_of(value: Any) -> str:
    """The SHA-256 of a value's canonical JSON."""
    return sha256(canonical_json(value).encode()).hexdigest()


def _task(visit: Visit, viewer: Viewer, now: datetime) -> dict[str, Any]:
    today = clock.local_day(now)
    firm, is_recheck = visit.enterprise, visit.kind == VisitKind.RECHECK
    questions = [] if is_recheck else list(visit.checklist.items.all())
    wordings = wordings_of(visit.checklist, questions, today, firm.industry_code)
    return {
        "visit": str(visit.uid),
        "kind": VisitKind(visit.kind).value,
        "form": "recheck_opinion" if is_recheck else "site_record",
        "state": VisitState(visit.state).value,
        "due_on": visit.due_on.isoformat(),
        "organ": visit.organ.name,
        "matter": visit.item.matter,
        "basis": visit.item.basis,
        # What the record will name; it is part of what is signed.
        "legal_basis": bases_of(visit.organ, Matter.INSPECT, today),
        "enterprise": {
            "name": firm.name,
            "credit_code": firm.credit_code,
            "address": firm.address,
            "principal": firm.principal,
            "phone": firm.phone,
        },
        "officers": [
            {
                "id": row.officer_id,
                "name": row.officer.name,
                "certificate_no": row.officer.certificate_no,
                "certified": row.officer.is_certified_on(today),
                "present": row.arrived_at is not None,
            }
            for row in team_of(visit)
        ],
        "me": viewer.officer_id,
        "checklist": {"title": visit.checklist.title, "version": visit.checklist.version},
        "items": [
            {
                "number": item.number,
                "question": item.question,
                "look_for": item.look_for,
                "violation_basis": item.violation_basis,
                "hazard_level": item.hazard_level,
                "suggested_days": item.suggested_days,
                "verified": item.verified,
                "criterion": wordings.own.get(item.number, ""),
                "phrases": [
                    {"text": phrase.text, "level": phrase.hazard_level, "days": phrase.days}
                    for phrase in wordings.phrases_of(item)
                ],
            }
            for item in questions
        ],
        "criteria": [asdict(offer) for offer in wordings.offers] if questions else [],
        "hazards": [_hazard(hazard) for hazard in hazards_to_recheck(visit)],
        "started_at": stamp(visit.started_at),
        "host": visit.host,
        "answers": [_answer(answer) for answer in answers_of(visit)],
    }


def _hazard(hazard: Hazard) -> dict[str, Any]:
    return {
        "uid": str(hazard.uid),
        "description": hazard.description,
        "place": hazard.place,
        "violation_basis": hazard.violation_basis,
        "due_on": hazard.due_on.isoformat() if hazard.due_on else "",
        "is_reported": hazard.state == "reported",
        "reports": [
            {"at": stamp(report.reported_at), "description": report.description}
            for report in hazard.rectifications.order_by("attempt")
        ],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "item": answer.item.number if answer.item and answer.hazard is None else 0,
        "hazard": str(answer.hazard.uid) if answer.hazard else "",
        "outcome": answer.outcome,
        "note": answer.note,
        "place": answer.place,
        "level": answer.level,
        "criterion": answer.criterion,
        "due_on": answer.due_on.isoformat() if answer.due_on else "",
        "at": stamp(answer.answered_at),
        "photos": [
            {"id": str(photo.uid), "sha256": photo.sha256, "taken_at": stamp(photo.taken_at)}
            for photo in evidence.of(answer)
        ],
    }


def operations_of(visit: Visit) -> Iterable[OfflineOperation]:
    """What phones sent about a visit, in the order it was done."""
    return visit.offline_operations.select_related("user").order_by("acted_at", "position")
