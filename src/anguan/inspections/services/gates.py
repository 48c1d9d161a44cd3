"""审批前的核对: what 国办发〔2024〕54号 asks of organ, matter, firm and officers before a check, each with its article.

`objections` runs them all, so that whoever fills in the form reads every refusal before sending it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from anguan.checklists.models import Checklist, InspectionItem, ItemList
from anguan.checklists.selectors import checklist_for, in_force
from anguan.inspections.models import SubjectEntry, Visit
from anguan.inspections.rules import (
    CapUse,
    CountClass,
    ExemptReason,
    NotAllowed,
    Trigger,
    VisitKind,
    check_cap,
    is_within,
)
from anguan.inspections.rules.plans import SubjectState
from anguan.inspections.selectors.caps import areas_of, blocked_pairs, cap_use, checked_by_higher, guidance_need
from anguan.people.models import Competence, Entrustment, Officer, Organ
from anguan.people.rules import Matter
from anguan.registry.models import DeclaredConflict, Enterprise
from anguan.registry.rules import EnterpriseStatus

# A first check may go ahead without guidance where something calls for it.
_NEEDS_NO_GUIDANCE = frozenset({Trigger.CLUE, Trigger.MONITORING, Trigger.ACCIDENT, Trigger.REQUEST})


@dataclass(frozen=True)
class Proposal:
    """A check as it is proposed: all that the gates look at."""

    kind: VisitKind
    organ: Organ
    enterprise: Enterprise
    item: InspectionItem
    officers: Sequence[Officer]
    trigger: Trigger
    count_class: CountClass
    on: date
    exempt: ExemptReason | None = None
    besides: Visit | None = None


def check_subject(organ: Organ, on: date) -> None:
    """主体: the organ has the power, or its entrustment, and is on the published list where there is one."""
    in_force = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    can = Competence.objects.filter(in_force, matter=Matter.INSPECT)
    entrusting = Entrustment.objects.filter(
        entrusted=organ, matters__contains=[Matter.INSPECT], valid_from__lte=on, valid_to__gte=on
    ).values("entrusting")
    if not can.filter(Q(organ=organ) | Q(organ__in=entrusting)).exists():
        raise NotAllowed(
            _("%(organ)s没有行政检查的职权，也没有有效的委托，不能检查（国办发〔2024〕54号）。") % {"organ": organ.name}
        )
    listed = SubjectEntry.objects.filter(subject_list__state=SubjectState.PUBLISHED)
    if listed.exists() and not listed.filter(subject=organ).exists():
        raise NotAllowed(
            _("%(organ)s不在已公布的检查主体清单上，不能检查；请先列入清单并公布（国办发〔2024〕54号）。")
            % {"organ": organ.name}
        )


def check_item(item: InspectionItem, on: date) -> None:
    """事项: on a published list in force, with its legal basis, and a checklist whose every item names its clause."""
    lists = ItemList.objects.filter(in_force(on)).order_by("-effective_from", "-published_at", "-pk")
    newest = lists.first()
    if not lists.filter(pk=item.item_list_id).exists():
        if newest is None or not newest.items.filter(code=item.code).exists():
            raise NotAllowed(_("这个事项所在的清单还没有公布或者没有在施行，不能检查（国办发〔2024〕54号）。"))
    elif newest is not None and not newest.items.filter(code=item.code).exists():
        raise NotAllowed(_("这个事项在现行的检查事项清单上已经取消，不能检查。"))
    if not item.basis.strip():
        raise NotAllowed(_("这个事项没有写明法律依据，不能检查（国办发〔2024〕54号）。"))
    if item.checklist is None:
        raise NotAllowed(_("这个事项还没有检查表，不能安排检查。"))
    if item.checklist.items.filter(Q(clause="") | Q(statute="")).exists():
        raise NotAllowed(_("检查表里有没有写明条款的检查项，标准不明的不能检查；请先补上。"))


def checklist_of(item: InspectionItem, on: date) -> Checklist:
    """检查表 of a visit that is opened on a day: the version in force, whichever one the item list names."""
    found = checklist_for(item, on)
    if found is None:
        raise NotAllowed(_("这个事项的检查表没有施行中的版本，不能安排检查；请先公布检查表。"))
    return found


def check_place(organ: Organ, enterprise: Enterprise, on: date) -> None:
    """管辖: the firm lies where the organ works; checks elsewhere are barred."""
    areas = areas_of(organ, on)
    if not areas:
        raise NotAllowed(_("本机关的管辖区域还没有登记，不能确认这家企业归本机关检查；请负责人先登记。"))
    if not is_within(enterprise.address, [area.words for area in areas]):
        raise NotAllowed(
            _("%(address)s不在本机关的管辖区域（%(areas)s），不能异地检查；应由当地机关检查，或移送。")
            % {"address": enterprise.address or enterprise.name, "areas": "、".join(area.words for area in areas)}
        )


def check_firm(organ: Organ, enterprise: Enterprise, item: InspectionItem, trigger: Trigger, on: date) -> None:
    """对象: a firm that operates, and that no higher organ has checked for the same matter this year."""
    if enterprise.merged_into_id is not None:
        raise NotAllowed(_("这家企业已并入另一家，请对并入后的企业办理。"))
    if enterprise.status != EnterpriseStatus.OPERATING:
        raise NotAllowed(_("这家企业已停产、注销、吊销或迁出，没有可以检查的生产经营活动。"))
    higher = checked_by_higher(organ, enterprise, item.code, on)
    if higher is not None and trigger in {Trigger.PLAN, Trigger.RANDOM}:
        raise NotAllowed(
            _("上级机关%(organ)s今年已按同一事项检查过，不再重复检查（应急〔2025〕11号）。")
            % {"organ": higher.organ.name}
        )


def check_officers(organ: Organ, officers: Sequence[Officer], enterprise: Enterprise, on: date) -> None:
    """人员: two or more of the organ's, each certified on the day, without conflict, none blocked by empty checks."""
    if len({officer.pk for officer in officers}) < 2:
        raise NotAllowed(_("每家至少派两名执法人员（行政处罚法第四十二条）。"))
    for officer in officers:
        if officer.organ_id != organ.pk:
            raise NotAllowed(_("%(name)s不是本机关的执法人员，不能检查。") % {"name": officer.name})
        if not officer.is_certified_on(on):
            raise NotAllowed(
                _("%(name)s的执法证到%(day)s已经无效，没有执法证的只能协助（国办发〔2024〕54号）。")
                % {"name": officer.name, "day": on.isoformat()}
            )
    conflicted = (
        DeclaredConflict.objects.filter(
            Q(enterprise=enterprise.pk) | Q(enterprise__merged_into=enterprise.pk), officer__in=officers
        )
        .filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)
        .select_related("officer")
        .first()
    )
    if conflicted is not None:
        raise NotAllowed(_("%(name)s对这家企业应当回避（行政处罚法第四十三条）。") % {"name": conflicted.officer.name})
    check_blocked(organ, officers, enterprise, on)


def check_blocked(organ: Organ, officers: Sequence[Officer], enterprise: Enterprise, on: date) -> None:
    """空查: nobody is sent again to a firm where they kept finding nothing, until the leader has explained."""
    blocked = blocked_pairs(organ, on)
    for officer in officers:
        if (officer.pk, enterprise.pk) in blocked:
            raise NotAllowed(
                _("%(name)s一年内连续几次检查这家企业都没有发现问题，负责人说明之前不能再派；请先说明，或换人。")
                % {"name": officer.name}
            )


def check_guided(proposal: Proposal) -> None:
    """首检指导: the first check of a firm on the plan's account comes after guidance, or with a stated exception."""
    need = guidance_need(proposal.organ, proposal.enterprise, proposal.on, proposal.besides)
    if need.blocks and proposal.trigger not in _NEEDS_NO_GUIDANCE:
        raise NotAllowed(
            _("这是本机关第一次检查这家企业，本地要求先做一次指导服务；请先指导并记录，或由负责人说明例外。")
        )


def check_count(proposal: Proposal) -> tuple[CapUse, bool]:
    """上限: how much of the cap is used, and whether this check goes past it with its reason."""
    use = cap_use(proposal.organ, proposal.enterprise, proposal.on, proposal.besides)
    return use, check_cap(use, proposal.count_class, proposal.exempt)


def gates_of(proposal: Proposal, *, with_officers: bool = True) -> list[Callable[[], object]]:
    """Every gate of a proposal, in the order in which they are asked."""
    organ, enterprise, on = proposal.organ, proposal.enterprise, proposal.on
    gates: list[Callable[[], object]] = [
        lambda: check_subject(organ, on),
        lambda: check_item(proposal.item, on),
        lambda: check_place(organ, enterprise, on),
        lambda: check_firm(organ, enterprise, proposal.item, proposal.trigger, on),
        lambda: check_guided(proposal),
        lambda: check_count(proposal),
    ]
    if with_officers:
        gates.insert(4, lambda: check_officers(organ, proposal.officers, enterprise, on))
    return gates


def objections(proposal: Proposal, *, with_officers: bool = True) -> list[str]:
    """What stands against a check, every sentence of it; empty where nothing does."""
    found = []
    for gate in gates_of(proposal, with_officers=with_officers):
        try:
            gate()
        except NotAllowed as refusal:
            found.append(_(str(refusal)))
    return found
