"""What people of the demo do again and again: arrive, sign, take a picture, hand over."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from uuid_utils.compat import uuid7

from anguan.demo.pictures import photo, signature
from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.ground.photos import Photo
from anguan.inspections.models import Visit
from anguan.inspections.rules import Outcome
from anguan.inspections.selectors import team_of
from anguan.inspections.services import visits
from anguan.people.models import Officer, User
from anguan.people.viewers import viewer_of
from anguan.registry.models import Enterprise


def actor_of(user: User) -> Actor:
    """A user as the cause of a write."""
    return viewer_of(user).actor


def acting(username: str) -> Actor:
    """The same, of somebody of the cast."""
    return actor_of(User.objects.get(username=username))


def team(visit: Visit) -> tuple[list[Officer], Actor]:
    """The officers of a visit, and the first of them as the one who holds the phone."""
    officers = [row.officer for row in team_of(visit)]
    user = officers[0].user
    assert user is not None
    return officers, actor_of(user)


def begin(visit: Visit, at: datetime) -> Actor:
    """All officers arrive where the ledger says that the firm is."""
    officers, actor = team(visit)
    visits.start_visit(
        visit=visit,
        present=[officer.pk for officer in officers],
        host=visit.enterprise.principal,
        latitude=visit.enterprise.latitude,
        longitude=visit.enterprise.longitude,
        accuracy_m=12,
        actor=actor,
        now=at,
    )
    return actor


def notify(visit: Visit, actor: Actor, at: datetime) -> None:
    """交付行政检查通知书: the firm is told its rights before anything is looked at."""
    visits.hand_over_notice(
        visit=visit,
        receiver=visit.enterprise.principal,
        uid=uuid7(),
        image=signature(3000 + visit.pk),
        actor=actor,
        now=at,
    )


def answer(
    visit: Visit,
    at: datetime,
    seen: Mapping[int, str],
    *,
    major: Mapping[int, str] | None = None,
    days: int = 0,
    upto: int = 1000,
) -> None:
    """The items of the checklist up to a number: what was seen fails with a picture, the rest conforms.

    `major` names the criterion of what makes a major hazard, `days` the term where the checklist's is too short.
    """
    _, actor = team(visit)
    for item in visit.checklist.items.filter(number__lte=upto):
        note, criterion = seen.get(item.number, ""), (major or {}).get(item.number, "")
        visits.answer_item(
            visit=visit,
            item=item,
            uid=uuid7(),
            outcome=Outcome.FAILS if note else Outcome.CONFORMS,
            note=note,
            level="major" if criterion else "",
            criterion=criterion,
            due_on=clock.local_day(at + timedelta(days=days)) if note and days else None,
            photos=[taken("blocked", visit.pk * 100 + item.number, at, visit.enterprise)] if note else [],
            actor=actor,
            now=at + timedelta(minutes=2 * item.number),
        )


def sign(visit: Visit, at: datetime) -> None:
    """Both officers sign the paper that waits, then the firm."""
    officers, actor = team(visit)
    for officer in officers:
        visits.sign_as_officer(
            visit=visit, officer=officer, uid=uuid7(), image=signature(officer.pk), actor=actor, now=at
        )
    visits.sign_as_enterprise(
        visit=visit, uid=uuid7(), name=visit.enterprise.principal, image=signature(1000 + visit.pk), actor=actor, now=at
    )


def serve(visit: Visit, actor: Actor, at: datetime) -> None:
    """Hand over what was issued, against a signature."""
    visits.serve(
        visit=visit,
        method="direct",
        receiver=visit.enterprise.principal,
        place=visit.enterprise.address,
        uid=uuid7(),
        image=signature(2000 + visit.pk),
        actor=actor,
        now=at,
    )


def order(visit: Visit, actor: Actor, at: datetime) -> None:
    """责令限期整改: drafted, signed, issued and handed over."""
    visits.draft_order(visit=visit, actor=actor, now=at)
    sign(visit, at)
    visits.issue_order(visit=visit, actor=actor, now=at)
    serve(visit, actor, at + timedelta(minutes=5))


def taken(kind: str, seed: int, at: datetime, enterprise: Enterprise) -> Photo:
    """A picture taken at the firm."""
    return Photo(
        uid=uuid7(),
        data=photo(kind, seed),
        taken_at=at,
        latitude=enterprise.latitude,
        longitude=enterprise.longitude,
        accuracy_m=15,
    )
