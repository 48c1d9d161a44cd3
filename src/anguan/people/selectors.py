"""Reads of `people`."""

from datetime import date

from django.db.models import Q, QuerySet

from anguan.ground.access import Viewer
from anguan.people.models import Entrustment, Expert, Officer, Organ, User
from anguan.people.rules import ADMINISTRATORS, BUREAU, Role


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
