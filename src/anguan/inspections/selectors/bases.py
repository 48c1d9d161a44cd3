"""职权依据: on what law an organ acts on the spot."""

from datetime import date

from django.db.models import Q

from anguan.papers.selectors import is_work_safety_law
from anguan.people.models import Competence, Entrustment, Organ
from anguan.people.rules import Matter


def bases_of(organ: Organ, matter: Matter, on: date) -> list[dict[str, str]]:
    """On what an organ without power under 安全生产法 acts; empty where the forms' own basis suits."""
    in_force = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    entrusting = Entrustment.objects.filter(
        entrusted=organ, matters__contains=[matter], valid_from__lte=on, valid_to__gte=on
    ).values("entrusting")
    held = Competence.objects.filter(in_force, matter=matter).filter(Q(organ=organ) | Q(organ__in=entrusting))
    rows = list(held.order_by("pk").values_list("statute", "article"))
    if any(is_work_safety_law(statute) for statute, _article in rows):
        return []
    return [{"statute": statute, "article": article} for statute, article in rows[:1]]
