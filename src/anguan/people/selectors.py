"""Reads of `people`."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Q, QuerySet

from anguan.ground.access import Viewer
from anguan.people.models import DutyShift, Entrustment, Expert, Officer, Organ, User
from anguan.people.rules import ADMINISTRATORS, BUREAU, POST_ROLES, DutyPost, Role


def users_visible_to(viewer: Viewer) -> QuerySet[User]:
    """All accounts for administrators, one's own for everybody else."""
    users = User.objects.prefetch_related("grants__organ").order_by("username")
    return users if viewer.has(*ADMINISTRATORS) else users.filter(pk=viewer.user_id or 0)


def organs_served_by(viewer: Viewer) -> QuerySet[Organ]:
    """The viewer's organs with the organs in whose name they act."""
    return Organ.objects.filter(
        Q(pk__in=viewer.organ_ids) | Q(entrustments_given__entrusted__in=viewer.organ_ids)
    ).distinct()


def officers_visible_to(viewer: Viewer) -> QuerySet[Officer]:
    """The officers' register for the bureau and the judicial supervisor; nobody else reads it here."""
    officers = Officer.objects.select_related("organ", "department").order_by("organ__name", "name")
    if viewer.has(*BUREAU, Role.SUPERVISOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        return officers
    return officers.none()


def officers_managed_by(viewer: Viewer) -> QuerySet[Officer]:
    """The officers of the viewer's own organs: whose leave one may record, for leave decides who is drawn."""
    return officers_visible_to(viewer).filter(organ__in=viewer.organs_as(Role.CLERK, Role.LEADER))


def experts_visible_to(viewer: Viewer) -> QuerySet[Expert]:
    """专家库 for the bureau, the legal reviewer and the judicial supervisor; experts see themselves."""
    experts = Expert.objects.select_related("organ", "user").order_by("name", "pk")
    if viewer.has(*BUREAU, Role.LEGAL_REVIEWER, Role.SUPERVISOR):
        return experts
    return experts.filter(pk=viewer.expert_id or 0)


def experts_managed_by(viewer: Viewer) -> QuerySet[Expert]:
    """The experts that the viewer's own organs appointed, and those of no organ."""
    if not viewer.has(Role.CLERK, Role.LEADER):
        return Expert.objects.none()
    organs = viewer.organs_as(Role.CLERK, Role.LEADER)
    return experts_visible_to(viewer).filter(Q(organ__in=organs) | Q(organ__isnull=True))


def experts_serving(day: date, speciality: str = "") -> QuerySet[Expert]:
    """Experts whose term covers a day, of one speciality when given; what they keep away from is the ledger's."""
    experts = Expert.objects.filter(Q(term_to__isnull=True) | Q(term_to__gte=day)).order_by("pk")
    return experts.filter(specialities__contains=[speciality]) if speciality else experts


def officers_on_duty(day: date, organ_ids: frozenset[int] | None = None) -> QuerySet[Officer]:
    """Officers who may enforce on a day: certificate valid, not on leave, of the organs when given."""
    officers = Officer.objects.filter(valid_to__gte=day).exclude(leaves__since__lte=day, leaves__until__gte=day)
    if organ_ids is not None:
        officers = officers.filter(organ__in=organ_ids)
    return officers.order_by("pk")


def entrustment_for(*, handling: Organ, issuing: Organ, matter: str, day: date) -> Entrustment | None:
    """The letter that lets `handling` act in the name of `issuing` in a matter on a day, if there is one."""
    return (
        Entrustment.objects.filter(
            entrusted=handling,
            entrusting=issuing,
            matters__contains=[matter],
            valid_from__lte=day,
            valid_to__gte=day,
        )
        .order_by("-valid_to")
        .first()
    )


def on_duty(organ_ids: Collection[int], now: datetime) -> QuerySet[DutyShift]:
    """Who is on duty for these organs at a moment: operators first, then leaders; disabled accounts are left out."""
    running = DutyShift.objects.filter(organ__in=organ_ids, since__lte=now, until__gt=now, user__is_active=True)
    return running.select_related("user", "organ").order_by("-post", "since", "pk")


def rosters_visible_to(viewer: Viewer) -> QuerySet[Organ]:
    """The organs whose duty roster (值班表) the viewer reads: their own."""
    organs = viewer.organs_as(Role.CLERK, Role.LEADER, Role.DUTY_OFFICER, Role.OFFICER)
    return Organ.objects.filter(pk__in=organs).order_by("name")


def rosters_managed_by(viewer: Viewer) -> QuerySet[Organ]:
    """The organs whose duty roster the viewer plans."""
    return rosters_visible_to(viewer).filter(pk__in=viewer.organs_as(Role.CLERK, Role.LEADER))


def shifts_between(organ: Organ, since: datetime, until: datetime) -> QuerySet[DutyShift]:
    """An organ's shifts that begin in a stretch of time, in their order."""
    shifts = DutyShift.objects.filter(organ=organ, since__gte=since, since__lt=until)
    return shifts.select_related("user").order_by("since", "-post", "user__name", "pk")


def people_for(organ: Organ, post: DutyPost | None = None) -> QuerySet[User]:
    """Who may hold a post of an organ, or any: the role that the post asks for, granted for this organ."""
    roles = [POST_ROLES[post]] if post else list(POST_ROLES.values())
    return (
        User.objects.filter(is_active=True, grants__role__in=roles, grants__organ=organ)
        .distinct()
        .order_by("name", "pk")
    )
