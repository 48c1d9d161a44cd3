"""How the decisions on a hazard are shown: each as an entry with its state, its facts and its words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.ground.models import Evidence
from anguan.hazards.casefile import CaseFile
from anguan.hazards.models import Hazard
from anguan.hazards.rules import (
    AcceptanceState,
    Assessor,
    ClosureState,
    Competent,
    EscalationKind,
    EscalationState,
    ExtensionState,
    Fix,
    ListingLevel,
    ListingState,
    MeasureKind,
    MeasureState,
    ObjectionState,
    PlanState,
    TransferState,
)
from anguan.ui.templatetags.ui import day as day_tag
from anguan.ui.templatetags.ui import deadline, moment, pill

_DONE = {"approved", "lifted", "removed", "passed", "granted", "accepted", "answered", "upheld", "adopted"}
_OVER = {"returned", "failed", "refused", "rejected"}
_VOID = {"withdrawn", "lapsed"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision: a heading, its state, facts as label and value, and what was said."""

    title: str
    state: SafeString
    facts: list[tuple[str, object]] = field(default_factory=list)
    words: list[tuple[str, str]] = field(default_factory=list)


def _pill(state: Labelled) -> SafeString:
    tone = "waiting"
    if state.value in _DONE:
        tone = "done"
    elif state.value in _OVER:
        tone = "overdue"
    elif state.value in _VOID:
        tone = "void"
    return pill(tone, state.label)


def _who(name: str, at: datetime | None) -> SafeString | str:
    return format_html("{} · {}", name, moment(at)) if at else "—"


def _due(day: date | None, provisional: bool, done: bool) -> SafeString:
    return deadline(day, provisional=provisional, done=done)


def major_of(file: CaseFile) -> list[tuple[str, str, list[Entry]]]:
    """重大事故隐患的办理: heading, what it means that there is nothing, and the entries."""
    return [
        (_("治理方案（五落实）"), _("企业还没有报送治理方案。"), _plans(file)),
        (_("临时安全措施"), _("还没有决定临时安全措施。"), _measures(file)),
        (_("挂牌督办"), _("没有挂牌督办。"), _listings(file)),
        (_("验收"), _("企业还没有申请验收。"), _acceptances(file)),
        (_("销号结论"), _("还没有拟写销号结论。"), _closures(file)),
        (_("升级处置"), _("没有升级处置建议。"), _escalations(file)),
    ]


def _plans(file: CaseFile) -> list[Entry]:
    return [
        Entry(
            _("第 %(version)d 稿") % {"version": plan.version},
            _pill(PlanState(plan.state)),
            [
                (_("治理完成日"), day_tag(plan.finish_on)),
                (_("报送人"), _who(plan.submitted_by_name, plan.submitted_at)),
                (_("审定人"), _who(plan.decided_by_name, plan.decided_at)),
            ],
            [*((_(fix.label), getattr(plan, fix.value)) for fix in Fix), (_("意见"), plan.reason)],
        )
        for plan in file.plans
    ]


def _measures(file: CaseFile) -> list[Entry]:
    return [
        Entry(
            _(MeasureKind(row.kind).label),
            _pill(MeasureState(row.state)),
            [
                (_("范围"), row.scope),
                (_("执行自"), moment(row.since)),
                (_("现场处理措施决定书"), row.paper.number if row.paper else "—"),
                *(
                    [(_("审查期限"), _due(row.due_on, row.due_provisional, row.lifted_at is not None))]
                    if row.due_on
                    else []
                ),
                *([(_("同意人"), _who(row.lifted_by_name, row.lifted_at))] if row.lifted_at else []),
            ],
            [(_("理由"), row.reason), (_("申请说明"), row.asked_reason), (_("审查意见"), row.review)],
        )
        for row in file.measures
    ]


def _listings(file: CaseFile) -> list[Entry]:
    return [
        Entry(
            f"{_(ListingLevel(row.level).label)} {row.notice_no}",
            _pill(ListingState(row.state)),
            [
                (_("督办责任人"), f"{row.responsible}（{row.office}）"),
                (_("督办期限"), _due(row.due_on, False, row.state != ListingState.HUNG)),
                (_("挂牌时间"), moment(row.hung_at)),
                (
                    _("挂牌公示"),
                    moment(row.published_at)
                    if row.published_at
                    else _due(row.publish_by, row.publish_provisional, row.state == ListingState.WITHDRAWN),
                ),
                *(
                    [
                        (
                            _("摘牌公示"),
                            moment(row.removal_published_at)
                            if row.removal_published_at
                            else _due(row.publish_removal_by, row.removal_provisional, False),
                        )
                    ]
                    if row.removed_at
                    else []
                ),
            ],
            [(_("撤回理由"), row.withdrawal_reason)],
        )
        for row in file.listings
    ]


def _acceptances(file: CaseFile) -> list[Entry]:
    return [
        Entry(
            f"{_(Assessor(row.assessor).label)}：{row.assessed_by}",
            _pill(AcceptanceState(row.state)),
            [
                (_("评估日期"), day_tag(row.assessed_on)),
                (_("申请人"), _who(row.applied_by_name, row.applied_at)),
                (_("现场验收期限"), _due(row.due_on, row.due_provisional, row.decided_at is not None)),
            ],
            [(_("评估结论"), row.assessment)],
        )
        for row in file.acceptances
    ]


def _closures(file: CaseFile) -> list[Entry]:
    return [
        Entry(
            _("销号结论"),
            _pill(ClosureState(row.state)),
            [
                (_("拟写人"), _who(row.proposed_by_name, row.proposed_at)),
                (_("批准负责人"), _who(row.decided_by_name, row.decided_at)),
            ],
            [(_("结论"), row.conclusion), (_("意见"), row.reason)],
        )
        for row in file.closures
    ]


def _escalations(file: CaseFile) -> list[Entry]:
    return [
        Entry(
            _(EscalationKind(row.kind).label),
            _pill(EscalationState(row.state)),
            [
                (_("提请人"), _who(row.proposed_by_name, row.proposed_at)),
                (_("决定人"), _who(row.decided_by_name, row.decided_at)),
            ],
            [(_("事实和理由"), row.ground), (_("决定理由"), row.reason)],
        )
        for row in file.escalations
    ]


def asked_of(file: CaseFile) -> list[Entry]:
    """企业的申请: extensions and objections, as both sides read them."""
    extensions = [
        Entry(
            _("延期"),
            _pill(ExtensionState(row.state)),
            [
                (_("原期限"), day_tag(row.before_on)),
                (_("申请延期至"), day_tag(row.proposed_on)),
                *([(_("延期至"), day_tag(row.granted_on))] if row.granted_on else []),
                (_("申请人"), _who(row.applied_by_name, row.applied_at)),
                (_("决定期限"), _due(row.decide_by, row.decide_provisional, row.state != ExtensionState.APPLIED)),
                (_("决定人"), _who(row.decided_by_name, row.decided_at)),
            ],
            [(_("延期理由"), row.reason), (_("安全措施"), row.measures), (_("决定理由"), row.decision)],
        )
        for row in file.extensions
    ]
    objections = [
        Entry(
            _("异议"),
            _pill(ObjectionState(row.state)),
            [
                (_("提出人"), _who(row.filed_by_name, row.filed_at)),
                (_("答复期限"), _due(row.answer_by, row.answer_provisional, row.decided_at is not None)),
                (_("答复人"), _who(row.decided_by_name, row.decided_at)),
            ],
            [(_("异议理由"), row.reason), (_("答复理由"), row.decision)],
        )
        for row in file.objections
    ]
    return [*extensions, *objections]


def transfers_of(file: CaseFile) -> list[Entry]:
    """移送 of the hazard, newest first."""
    return [transfer_entry(row, links=True) for row in file.transfers]


def _paper(paper: Any, links: bool) -> Any:
    if paper is None or not links:
        return str(paper or "")
    return format_html('<a href="{}">{}</a>', reverse("papers:detail", args=[paper.uid]), str(paper))


def _receipt(letter: Any, links: bool) -> Any:
    """送达回执 of the letter, or that it still has to be served."""
    if letter is None:
        return ""
    service = getattr(letter, "service", None)
    if service is None:
        return _("移送书还没有送达")
    return _paper(service.receipt, links)


def transfer_entry(row: Any, *, links: bool = False) -> Entry:
    """One transfer with the record of both sides; papers as links for whoever reads them."""
    return Entry(
        f"{row.from_organ.name} → {row.to_organ.name}",
        _pill(TransferState(row.state)),
        [
            (_("提出人"), _who(row.proposed_by_name, row.proposed_at)),
            (_("审批人"), _who(row.approved_by_name, row.approved_at)),
            (_("签收人"), _who(row.received_by_name, row.received_at)),
            (_("受理或退回人"), _who(row.decided_by_name, row.decided_at)),
            *([(_("期限"), _due(row.due_on, row.due_provisional, False))] if row.due_on else []),
            *([(_("移送审批表"), _paper(row.approval, links))] if row.approval else []),
            *([(_("案件移送书"), _paper(row.letter, links))] if row.letter else []),
            *([(_("送达回执"), _receipt(row.letter, links))] if row.letter else []),
        ],
        [(_("移送理由"), row.reason), (_("受理、退回意见"), row.answer), (_("办理结果"), row.result)],
    )


N_VERDICTS = {
    Competent.YES: (N_("本机构有权"), "done"),
    Competent.NO: (N_("本机构无权，应移送"), "overdue"),
    Competent.UNKNOWN: (N_("职权没有登记"), "open"),
}


@dataclass(frozen=True, slots=True)
class ChainShown:
    """One legal chain as words."""

    label: str
    basis: str
    verified: bool
    verdict: SafeString
    organs: str


def chains_of(file: CaseFile) -> list[ChainShown]:
    """三条法律链条; the verdict on competence stands where an organ acts on the basis."""
    lines = []
    for line in file.chains:
        word, tone = N_VERDICTS[line.verdict]
        acts = line.chain != "violation" and str(line.basis)
        lines.append(
            ChainShown(
                _(line.chain.label),
                str(line.basis) or "—",
                line.verified,
                pill(tone, word) if acts else SafeString(""),
                "、".join(organ.name for organ in line.competent),
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class TenantPart:
    """What a shop told its mall, with its pictures."""

    tenant: str
    description: str
    by: SafeString | str
    photos: list[Evidence]


def tenant_reports_of(hazard: Hazard) -> list[TenantPart]:
    """商户反馈, newest first; two queries."""
    rows = list(hazard.tenant_reports.select_related("tenant"))
    if not rows:
        return []
    photos: dict[str, list[Evidence]] = {}
    owned = Evidence.objects.filter(owner_type="hazards.tenantreport", owner_id__in=[str(row.pk) for row in rows])
    for photo in _in_order(owned):
        photos.setdefault(photo.owner_id, []).append(photo)
    return [
        TenantPart(
            row.tenant.name, row.description, _who(row.reported_by_name, row.reported_at), photos.get(str(row.pk), [])
        )
        for row in rows
    ]


def _in_order(photos: Iterable[Evidence]) -> list[Evidence]:
    return sorted(photos, key=lambda photo: (photo.taken_at, photo.pk))
