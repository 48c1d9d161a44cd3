"""Helpers of every act: lock and re-read, count the term, save with its audit record, tell the enterprise."""

from datetime import date, datetime
from typing import Any, Final

from anguan.core.periods import Period, Unit, due
from anguan.core.words import N_
from anguan.ground import audit, clock
from anguan.ground.access import Actor
from anguan.ground.calendars.selectors import current_calendar
from anguan.ground.rules.selectors import rule
from anguan.hazards import rules
from anguan.hazards.models import Hazard
from anguan.hazards.rules import NotAllowed
from anguan.people.models import RoleGrant
from anguan.people.rules import Role
from anguan.people.services.telling import tell
from anguan.registry.models import Membership

DEFAULT_TERM: Final = "rectification-default"
# What an audit record of an act on a hazard holds, before and after.
TOLD: Final = (
    "state",
    "level",
    "criterion",
    "due_on",
    "overdue_on",
    "order_id",
    "effective_at",
    "reported_at",
    "verified_at",
    "closed_at",
)


def locked(hazard: Hazard) -> Hazard:
    """The row as it stands now, held until the transaction ends: lock, re-read, decide."""
    return (
        Hazard.objects.select_for_update(of=("self",)).select_related("enterprise", "checklist_item").get(pk=hazard.pk)
    )


def save(
    hazard: Hazard,
    action: str,
    before: dict[str, Any],
    actor: Actor,
    now: datetime,
    *,
    cause: str = "",
    more: dict[str, Any] | None = None,
) -> None:
    """Save the hazard with the audit record of the act."""
    hazard.save()
    audit.record(
        actor=actor,
        action=action,
        subject=hazard,
        now=now,
        before=before,
        after={**audit.snapshot(hazard, *TOLD), **(more or {})},
        cause=cause[:256],
    )


def note(hazard: Hazard, action: str, actor: Actor, now: datetime, *, cause: str = "", **after: Any) -> None:
    """The audit record of an act that adds a fact to a hazard and leaves its state as it is."""
    audit.record(actor=actor, action=action, subject=hazard, now=now, after=after, cause=cause[:256])


def compute_deadline(hazard: Hazard, days: int | None, now: datetime) -> None:
    """Set the term from a number of days, the checklist item's suggestion or the rule's default."""
    today = clock.local_day(now)
    found = rule(DEFAULT_TERM, today)
    if days is None and hazard.checklist_item is not None:
        days = hazard.checklist_item.suggested_days
    end = rules.deadline(today, days or found.period.count, current_calendar())
    hazard.due_on, hazard.due_provisional = end.day, end.provisional
    # The version is kept also where the officer chose the number: the rule tells the unit and how it is counted.
    hazard.due_rule, hazard.due_rule_version = found.id, found.version
    rules.check_deadline(end.day, today)


def day_by_rule(rule_id: str, start: date) -> tuple[date, bool, int]:
    """The last day of a rule's period from `start`, whether it is provisional, and the rule's version."""
    found = rule(rule_id, start)
    end = due(start, found.period, current_calendar())
    return end.day, end.provisional, found.version


def working_days_after(start: date, count: int) -> tuple[date, bool]:
    """The last of `count` working days after `start`, and whether it is provisional."""
    end = due(start, Period(count, Unit.WORKING_DAYS), current_calendar())
    return end.day, end.provisional


def check_told(text: str, field: str, refusal: str = N_("请写明理由，企业和档案里都要看到。"), most: int = 500) -> str:
    """A text as it is kept; `NotAllowed` for an empty or a too long one."""
    plain = text.strip()
    if not plain:
        raise NotAllowed(refusal)
    if len(plain) > most:
        raise NotAllowed(N_("“%(field)s”最多写 %(most)s 个字，请精简。"), field=field, most=str(most))
    return plain


def leads(actor: Actor, *organ_ids: int | None) -> bool:
    """Whether the actor is a leader of one of the organs."""
    if actor.kind != "user" or not actor.id.isdigit():
        return False
    wanted = [organ_id for organ_id in organ_ids if organ_id is not None]
    return RoleGrant.objects.filter(user_id=int(actor.id), role=Role.LEADER, organ__in=wanted).exists()


def tell_enterprise(hazard: Hazard, title: str, body: str, key: str, now: datetime) -> None:
    """Post a message to everybody who speaks for the enterprise."""
    members = Membership.objects.filter(enterprise_id=hazard.enterprise_id, until__isnull=True)
    for user in {membership.user for membership in members.select_related("user")}:
        tell(
            user=user,
            title=f"{title}：{hazard.description}",
            body=body,
            link=f"/m/enterprise/hazards/{hazard.uid}/",
            key=f"hazard/{hazard.uid}/{key}",
            now=now,
        )
