"""挂牌督办: hang a major hazard with a notice, a leader and a day; publish, remove, withdraw."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from anguan.core.words import N_
from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.hazards import rules
from anguan.hazards.models import Hazard, Listing
from anguan.hazards.rules import LISTING, ListingAction, ListingLevel, ListingState, NotAllowed, State
from anguan.hazards.services.writing import check_told, day_by_rule, leads, locked, note, tell_enterprise

PUBLISH_RULE = "hung-hazard-publication"


@transaction.atomic
def hang_hazard(
    *,
    hazard: Hazard,
    uid: UUID,
    level: str,
    notice_no: str,
    responsible: str,
    office: str,
    due_on: date,
    actor: Actor,
    now: datetime,
) -> Listing:
    """挂牌督办 of a major hazard by a leader, idempotent on `uid`; it has to be public by a day of its own."""
    hazard = locked(hazard)
    known = Listing.objects.filter(uid=uid, hazard=hazard).first()
    if known is not None:
        return known
    rules.check_major(hazard.level)
    rules.check_leader(leads(actor, hazard.organ_id), N_("挂牌督办"))
    if State(hazard.state) in rules.ENDED:
        raise NotAllowed(N_("这条隐患已经办结，不能再挂牌督办；隐患反复时应重新打开。"))
    if hazard.listings.filter(state=ListingState.HUNG).exists():
        raise NotAllowed(N_("这条隐患已经挂牌督办，不能重复挂牌。"))
    today = clock.local_day(now)
    rules.check_deadline(due_on, today)
    publish_by, provisional, version = day_by_rule(PUBLISH_RULE, today)
    try:
        with transaction.atomic():
            listing = Listing.objects.create(
                hazard=hazard,
                uid=uid,
                level=ListingLevel(level),
                notice_no=check_told(notice_no, "督办通知文号", N_("请写督办通知的文号。"), most=80),
                responsible=check_told(responsible, "督办责任人", N_("请写督办责任人。"), most=60),
                office=check_told(office, "督办责任人职务", N_("请写督办责任人的职务，公示只公布职务。"), most=100),
                due_on=due_on,
                hung_at=now,
                hung_by_id=actor.id,
                hung_by_name=actor.name,
                publish_by=publish_by,
                publish_provisional=provisional,
                publish_rule_version=version,
            )
    except IntegrityError:
        raise NotAllowed(N_("这个督办通知文号已经用于另一条隐患，请核对文号。")) from None
    note(
        hazard,
        "hazards.hang_hazard",
        actor,
        now,
        cause=f"{ListingLevel(level).label} {listing.notice_no}",
        listing=str(uid),
        level=listing.level,
        notice_no=listing.notice_no,
        responsible=listing.responsible,
        due_on=due_on,
        publish_by=publish_by,
    )
    tell_enterprise(hazard, "重大事故隐患已挂牌督办", listing.notice_no, f"hung/{uid}", now)
    return listing


@transaction.atomic
def publish_listing(*, listing: Listing, actor: Actor, now: datetime) -> Listing:
    """公示: put the hanging, or after it the removal, on the public page. Raises `NotAllowed` when nothing waits."""
    hazard = locked(listing.hazard)
    listing = Listing.objects.select_for_update().get(pk=listing.pk)
    if listing.state == ListingState.WITHDRAWN:
        raise NotAllowed(N_("挂牌已经撤回，不再公示。"))
    if listing.published_at is None:
        listing.published_at, what = now, "hung"
        if listing.state == ListingState.REMOVED:
            # Removed before it was ever shown: both facts become public together.
            listing.removal_published_at = now
    elif listing.state == ListingState.REMOVED and listing.removal_published_at is None:
        listing.removal_published_at, what = now, "removed"
    else:
        raise NotAllowed(N_("已经公示，不用再公示一次。"))
    listing.save()
    note(hazard, "hazards.publish_listing", actor, now, cause=listing.notice_no, listing=str(listing.uid), what=what)
    return listing


@transaction.atomic
def withdraw_listing(*, listing: Listing, reason: str, actor: Actor, now: datetime) -> Listing:
    """撤回挂牌 that should not have been: by a leader, with the reason that the public reads (D09: 3 working days)."""
    hazard = locked(listing.hazard)
    listing = Listing.objects.select_for_update().get(pk=listing.pk)
    state = LISTING.advance(ListingState(listing.state), ListingAction.WITHDRAW)
    rules.check_leader(leads(actor, hazard.organ_id), N_("撤回挂牌"))
    listing.state, listing.withdrawn_at = state, now
    listing.withdrawal_reason = check_told(reason, "撤回理由", N_("请写明撤回理由，公示页要同时公布。"), most=300)
    listing.save()
    note(hazard, "hazards.withdraw_listing", actor, now, cause=listing.withdrawal_reason, listing=str(listing.uid))
    return listing


def remove_listing(hazard: Hazard, actor: Actor, now: datetime) -> Listing | None:
    """摘牌 with the closing of the hazard, in its transaction; None where nothing hangs."""
    listing = hazard.listings.select_for_update().filter(state=ListingState.HUNG).first()
    if listing is None:
        return None
    listing.state = LISTING.advance(ListingState(listing.state), ListingAction.REMOVE)
    listing.removed_at = now
    listing.publish_removal_by, listing.removal_provisional, _ = day_by_rule(PUBLISH_RULE, clock.local_day(now))
    listing.save()
    note(hazard, "hazards.remove_listing", actor, now, cause=listing.notice_no, listing=str(listing.uid))
    return listing
