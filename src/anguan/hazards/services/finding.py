"""发现隐患, 定级 and 定整改期限: a hazard until an order is served."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from anguan.checklists.models import ChecklistItem
from anguan.core.search import clean_text
from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.events import publish
from anguan.ground.photos import Photo, keep_photos
from anguan.hazards import rules
from anguan.hazards.events import HazardFound
from anguan.hazards.models import Hazard, LegalBasis
from anguan.hazards.rules import Action, Chain, Level, NotAllowed, Source, State, basis_of
from anguan.hazards.services.photo_hashes import hash_photos
from anguan.hazards.services.writing import TOLD, compute_deadline, locked, save
from anguan.people.models import Organ
from anguan.registry.models import Enterprise, Tenant


@transaction.atomic
def find_hazard(
    *,
    uid: UUID,
    enterprise: Enterprise,
    source: str,
    description: str,
    organ: Organ,
    actor: Actor,
    now: datetime,
    place: str = "",
    level: str = "",
    criterion: str = "",
    checklist_item: ChecklistItem | None = None,
    visit_uid: UUID | None = None,
    photos: Sequence[Photo] = (),
    tenant: Tenant | None = None,
) -> Hazard:
    """发现隐患: record a hazard, idempotent on `uid`; with a `level` it is classified in the same act.

    The legal chains and the term come from the checklist item where there is one. Raises `NotAllowed`, `UnusableFile`.
    """
    known = Hazard.objects.filter(uid=uid).first()
    if known is not None:
        return known
    description = clean_text(description)
    if not description:
        raise NotAllowed(N_("请写明隐患情况：什么部位、哪里不符合。"))
    check_place(clean_text(place))
    hazard = Hazard(
        uid=uid,
        enterprise=enterprise,
        organ=organ,
        source=Source(source),
        visit_uid=visit_uid,
        checklist_item=checklist_item,
        tenant=tenant,
        place=clean_text(place),
        description=description,
        state=State.FOUND,
        found_at=now,
        found_by_id=actor.id,
        found_by_name=actor.name,
    )
    if checklist_item is not None:
        hazard.violation_basis = checklist_item.violation_basis
        hazard.order_basis = checklist_item.order_basis
        hazard.penalty_basis = checklist_item.penalty_basis
    hazard.index_words(enterprise.name)
    hazard.save(force_insert=True)
    _keep_bases(hazard)
    kept = keep_photos(photos, owner=hazard, actor=actor, now=now)
    hash_photos(kept, hazard=hazard, now=now)
    audit.record(
        actor=actor,
        action="hazards.find_hazard",
        subject=hazard,
        now=now,
        after={
            **audit.snapshot(hazard, "uid", "enterprise_id", "source", "visit_uid", "place", "description"),
            "photos": [item.sha256 for item in kept],
        },
    )
    publish(HazardFound(hazard.pk, enterprise.pk, visit_uid, now))
    if level:
        _classify(hazard, level, criterion, actor, now)
    return hazard


def _keep_bases(hazard: Hazard) -> None:
    """三条法律链条: what the checklist item cites, as statute and article."""
    verified = hazard.checklist_item is not None and hazard.checklist_item.verified
    texts = {
        Chain.VIOLATION: hazard.violation_basis,
        Chain.ORDER: hazard.order_basis,
        Chain.PENALTY: hazard.penalty_basis,
    }
    LegalBasis.objects.bulk_create(
        LegalBasis(
            hazard=hazard, chain=chain, statute=basis.statute[:100], article=basis.article[:100], verified=verified
        )
        for chain, basis in ((chain, basis_of(text)) for chain, text in texts.items() if text)
    )


def check_finding(*, level: str, criterion: str, due_on: date, place: str, now: datetime) -> None:
    """Refuse what `find_hazard` and `set_deadline` would refuse, while a finding is still being written."""
    rules.check_classification(before="", after=Level(level), criterion=criterion, by_id="", classified_by_id="")
    rules.check_deadline(due_on, clock.local_day(now))
    check_place(clean_text(place))


def check_place(place: str) -> None:
    longest = Hazard._meta.get_field("place").max_length or 0
    if len(place) > longest:
        raise NotAllowed(N_("部位最多写 100 个字，详细情况请写在隐患情况里。"))


@transaction.atomic
def classify_hazard(*, hazard: Hazard, level: str, actor: Actor, now: datetime, criterion: str = "") -> Hazard:
    """定级: general, or major by a published criterion; sets the term where none is set."""
    hazard = locked(hazard)
    _classify(hazard, level, criterion, actor, now)
    return hazard


def _classify(hazard: Hazard, level: str, criterion: str, actor: Actor, now: datetime) -> None:
    before = audit.snapshot(hazard, *TOLD)
    state = rules.advance(State(hazard.state), Action.CLASSIFY)
    rules.check_classification(
        before=hazard.level,
        after=Level(level),
        criterion=criterion,
        by_id=actor.id,
        classified_by_id=hazard.classified_by_id,
    )
    hazard.state, hazard.level, hazard.criterion = state, Level(level), criterion.strip()
    hazard.classified_by_id = actor.id
    if hazard.due_on is None:
        compute_deadline(hazard, None, now)
    save(hazard, "hazards.classify_hazard", before, actor, now, cause=criterion)


@transaction.atomic
def set_deadline(
    *, hazard: Hazard, actor: Actor, now: datetime, due_on: date | None = None, days: int | None = None
) -> Hazard:
    """定整改期限: a day, or a number of calendar days from today; before the order is served.

    Neither given: the checklist item's suggestion, else the rule's default. Raises `NotAllowed`.
    """
    hazard = locked(hazard)
    if State(hazard.state) not in {State.CLASSIFIED, State.REOPENED}:
        raise NotAllowed(
            N_("整改期限写在送达的文书上，送达后不能直接改；请另行办理延期。"), basis=rules.BASIS[Action.SERVE_ORDER]
        )
    before = audit.snapshot(hazard, *TOLD)
    if due_on is not None:
        rules.check_deadline(due_on, clock.local_day(now))
        hazard.due_on, hazard.due_rule, hazard.due_rule_version, hazard.due_provisional = due_on, "", None, False
    else:
        compute_deadline(hazard, days, now)
    save(hazard, "hazards.set_deadline", before, actor, now)
    return hazard
