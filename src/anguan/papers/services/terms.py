"""文书期限: what a paper asks for by when, from its issue to whatever meets it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from anguan.core import periods
from anguan.core.periods import Due, Unit
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.calendars.selectors import current_calendar
from anguan.ground.rules.records import Rule
from anguan.ground.rules.selectors import rule
from anguan.papers.models import Paper, PaperTerm
from anguan.papers.rules import FormCode, PaperState, TermKind, moment_of
from anguan.papers.services.limits import moment_in


@dataclass(frozen=True)
class Term:
    """A term that begins with the issue of a paper."""

    kind: TermKind
    since: date
    rule: Rule
    due: Due


# Whose issue meets which open term of the papers it answers, directly or through an approval.
_MEETS: Final[Mapping[FormCode, frozenset[TermKind]]] = {
    FormCode.PRESERVATION_DISPOSAL: frozenset({TermKind.HANDLE}),
    FormCode.SEIZURE_EXTENSION: frozenset({TermKind.SEIZURE_END}),
    FormCode.SEIZURE_DISPOSAL: frozenset({TermKind.SEIZURE_END}),
    FormCode.COERCION_APPROVAL: frozenset({TermKind.REPORT}),
}


def terms_of_issue(paper: Paper, now: datetime) -> list[Term]:
    """The terms that begin when `paper` is issued at `now`."""
    form, body, today = FormCode(paper.form), paper.body, clock.local_day(now)
    terms = []
    if paper.spec.goes_to_party and paper.spec.tells_remedies:
        terms.append(_counted(TermKind.SERVE, "D05", now, today))
    if form is FormCode.PRESERVATION_NOTICE:
        terms.append(_counted(TermKind.HANDLE, "D01", moment_in(body, "registered_at") or now, today))
    if form in {FormCode.SEIZURE_DECISION, FormCode.SEIZURE_EXTENSION}:
        # The day stands on the paper; the rule only caps it, which was checked.
        until = moment_of(body["until"])
        assert until is not None
        due = Due(until.date(), (), (), provisional=False, calendar=current_calendar().version)
        terms.append(Term(TermKind.SEIZURE_END, today, rule("D17", today), due))
    if form is FormCode.SEIZURE_DECISION and body.get("on_the_spot") is True:
        terms.append(_counted(TermKind.REPORT, "D18", moment_in(body, "taken_at") or now, today))
    return terms


def _counted(kind: TermKind, rule_id: str, start: datetime, today: date) -> Term:
    found = rule(rule_id, today)
    local = start.astimezone(clock.CHINA)
    return Term(kind, local.date(), found, periods.due(local, found.period, current_calendar()))


def printed(terms: Sequence[Term]) -> dict[str, Any]:
    """The terms as a paper says them."""
    return {
        term.kind.value: {
            "due": term.due.due.isoformat(timespec="minutes")
            if isinstance(term.due.due, datetime)
            else term.due.due.isoformat(),
            "rule": term.rule.id,
            "version": term.rule.version,
            "provisional": term.due.provisional,
        }
        for term in terms
    }


def start_terms(paper: Paper, terms: Sequence[Term]) -> None:
    """Store the terms of a paper that has just been issued."""
    PaperTerm.objects.bulk_create(
        PaperTerm(
            paper=paper,
            kind=term.kind,
            since=term.since,
            due_on=term.due.day,
            due_at=term.due.due if isinstance(term.due.due, datetime) else None,
            rule_id=term.rule.id,
            rule_version=term.rule.version,
            calendar=term.due.calendar,
            is_provisional=term.due.provisional,
        )
        for term in terms
    )


def meet_terms(paper: Paper, now: datetime) -> None:
    """Close the terms that this issue was asked for, on the papers it rests on."""
    kinds = _MEETS.get(FormCode(paper.form))
    if not kinds or paper.answers_id is None:
        return
    earlier = [paper.answers_id]
    parents = Paper.objects.filter(pk=paper.answers_id).exclude(answers=None).values_list("answers_id", flat=True)
    earlier += [pk for pk in parents if pk is not None]
    PaperTerm.objects.filter(paper__in=earlier, kind__in=kinds, met_at=None).update(met_at=now, met_by=paper)


@transaction.atomic
def count_terms_again(*, year: int, actor: Actor, now: datetime) -> int:
    """期限重算: count the provisional terms that touch a year whose holiday notice has come; returns how many."""
    open_terms = (
        PaperTerm.objects.select_for_update(of=("self",))
        .filter(is_provisional=True, met_at=None, due_on__year__gte=year - 1, due_on__year__lte=year + 1)
        .exclude(paper__state=PaperState.VOID)
        .select_related("paper")
    )
    calendar = current_calendar()
    count = 0
    for term in open_terms.order_by("pk"):
        found = rule(term.rule_id, term.since)
        if found.period.unit is not Unit.WORKING_DAYS:
            continue
        due = periods.due(term.since, found.period, calendar)
        before = audit.snapshot(term, "due_on", "is_provisional", "calendar")
        term.due_on, term.is_provisional, term.calendar = due.day, due.provisional, due.calendar
        term.save(update_fields=["due_on", "is_provisional", "calendar"])
        audit.record(
            actor=actor,
            action="papers.count_again",
            subject=term.paper,
            now=now,
            before=before,
            after=audit.snapshot(term, "due_on", "is_provisional", "calendar"),
        )
        count += 1
    return count
