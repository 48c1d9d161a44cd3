"""检查主体清单: who may inspect, entered, filed with the judicial body and published (国办发〔2024〕54号; rule D32)."""

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.rules.selectors import rule
from anguan.inspections.models import SubjectEntry, SubjectList
from anguan.inspections.rules import NotAllowed
from anguan.inspections.rules.plans import (
    SubjectAction,
    SubjectKind,
    SubjectState,
    advance_subject_list,
    check_subject,
    fixed_day,
)
from anguan.people.models import Entrustment, Organ
from anguan.people.rules import Matter

FILING_RULE: Final = "D32"
# The rule is the province's own; another province enters its record and its number here.
JURISDICTION: Final = "51"


@transaction.atomic
def draft_subject_list(*, organ: Organ, actor: Actor, now: datetime) -> SubjectList:
    """编制主体清单: a further version that begins with the entries of the one in force."""
    today = clock.local_day(now)
    if SubjectList.objects.select_for_update().filter(organ=organ, state__in=["draft", "filed"]).exists():
        raise NotAllowed(_("已经有一个版本在办，请在它上面修改。"))
    found = rule(FILING_RULE, today, JURISDICTION)
    latest = SubjectList.objects.filter(organ=organ, year=today.year).order_by("-version").first()
    made = SubjectList.objects.create(
        organ=organ,
        year=today.year,
        version=latest.version + 1 if latest else 1,
        due_on=fixed_day(today.year, found.values["subject_list"][0]),
        rule_version=f"{found.id} v{found.version}",
        rule_is_verified=found.verified,
        drafted_at=now,
        drafted_by_name=actor.name,
    )
    in_force = SubjectList.objects.filter(organ=organ, state=SubjectState.PUBLISHED).first()
    if in_force is not None:
        SubjectEntry.objects.bulk_create(
            SubjectEntry(
                subject_list=made,
                subject=entry.subject,
                kind=entry.kind,
                basis=entry.basis,
                scope=entry.scope,
                entrustment=entry.entrustment,
            )
            for entry in in_force.entries.select_related("subject", "entrustment")
        )
    _told(made, "inspections.draft_subject_list", actor, now, "year", "version", "due_on")
    return made


@transaction.atomic
def enter_subject(
    *,
    subject_list: SubjectList,
    subject: Organ,
    kind: SubjectKind,
    basis: str,
    scope: str,
    actor: Actor,
    now: datetime,
) -> SubjectEntry:
    """列入检查主体: refused for whom the law bars, and for power that is not on record; entering again corrects."""
    made = _editable(subject_list)
    today = clock.local_day(now)
    letter = (
        Entrustment.objects.filter(
            entrusted=subject, matters__contains=[Matter.INSPECT], valid_from__lte=today, valid_to__gte=today
        )
        .order_by("-valid_to")
        .first()
        if kind is SubjectKind.ENTRUSTED
        else None
    )
    check_subject(
        kind=kind,
        basis=basis,
        scope=scope,
        has_competence=_has_competence(subject, today),
        entrusted_on_day=letter is not None,
    )
    entry, _created = SubjectEntry.objects.update_or_create(
        subject_list=made,
        subject=subject,
        defaults={"kind": kind, "basis": basis.strip(), "scope": scope.strip(), "entrustment": letter},
    )
    audit.record(
        actor=actor,
        action="inspections.enter_subject",
        subject=made,
        now=now,
        after={"subject": subject.name, **audit.snapshot(entry, "kind", "basis", "scope")},
    )
    return entry


def _has_competence(subject: Organ, day: date) -> bool:
    in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    return subject.competences.filter(in_force, matter=Matter.INSPECT, valid_from__lte=day).exists()


@transaction.atomic
def remove_subject(*, subject_list: SubjectList, entry_id: int, actor: Actor, now: datetime) -> None:
    """移出检查主体 of a draft; safe to repeat."""
    made = _editable(subject_list)
    entry = made.entries.select_related("subject").filter(pk=entry_id).first()
    if entry is None:
        return
    name = entry.subject.name
    entry.delete()
    audit.record(
        actor=actor, action="inspections.remove_subject", subject=made, now=now, before={"subject": name}, after={}
    )


@transaction.atomic
def file_subject_list(
    *, subject_list: SubjectList, filed_with: str, filed_on: date, actor: Actor, now: datetime
) -> SubjectList:
    """报司法行政部门: by the day of rule D32, which says nothing about what comes later in the year."""
    made = _locked(subject_list)
    state = advance_subject_list(SubjectState(made.state), SubjectAction.FILE)
    if not made.entries.exists():
        raise NotAllowed(_("清单里还没有检查主体，不能报送。"))
    if not filed_with.strip():
        raise NotAllowed(_("请写明报送哪个司法行政部门。"))
    if filed_on > clock.local_day(now):
        raise NotAllowed(_("报送日期还没有到，请填写实际报送的日期。"))
    made.state, made.filed_with, made.filed_on = state, filed_with.strip(), filed_on
    made.save(update_fields=["state", "filed_with", "filed_on"])
    _told(made, "inspections.file_subject_list", actor, now, "state", "filed_with", "filed_on")
    return made


@transaction.atomic
def publish_subject_list(*, subject_list: SubjectList, actor: Actor, now: datetime) -> SubjectList:
    """公布: in force from now on; the version before it stays readable. Safe to repeat."""
    made = _locked(subject_list)
    if made.state == SubjectState.PUBLISHED:
        return made
    state = advance_subject_list(SubjectState(made.state), SubjectAction.PUBLISH)
    for earlier in SubjectList.objects.select_for_update().filter(organ=made.organ_id, state=SubjectState.PUBLISHED):
        earlier.state = advance_subject_list(SubjectState(earlier.state), SubjectAction.SUPERSEDE)
        earlier.save(update_fields=["state"])
        _told(earlier, "inspections.supersede_subject_list", actor, now, "state")
    made.state, made.published_at, made.published_by_name = state, now, actor.name
    made.save(update_fields=["state", "published_at", "published_by_name"])
    _told(made, "inspections.publish_subject_list", actor, now, "state", "published_at")
    return made


def _locked(subject_list: SubjectList) -> SubjectList:
    return SubjectList.objects.select_for_update(of=("self",)).select_related("organ").get(pk=subject_list.pk)


def _editable(subject_list: SubjectList) -> SubjectList:
    made = _locked(subject_list)
    if made.state != SubjectState.DRAFT:
        raise NotAllowed(_("已报送的主体清单不能再改，请另立新版本。"))
    return made


def _told(made: SubjectList, action: str, actor: Actor, now: datetime, *fields: str) -> None:
    audit.record(actor=actor, action=action, subject=made, now=now, after=audit.snapshot(made, *fields))
