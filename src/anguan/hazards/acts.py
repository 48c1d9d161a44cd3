"""办理: the acts on a hazard's office page, one row each: when it is offered, what it asks, what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from django.forms import Form
from django.http import QueryDict
from uuid_utils.compat import uuid7

from anguan.core.words import N_
from anguan.ground.access import Actor
from anguan.hazards import forms, selectors, services
from anguan.hazards.casefile import CaseFile
from anguan.hazards.rules import SITE_MEASURES, State
from anguan.papers.models import Paper

R = TypeVar("R")
Data = dict[str, Any]
Maker = Callable[[CaseFile, QueryDict | None], Form]
Doer = Callable[[CaseFile, Data, Actor, datetime], object]


@dataclass(frozen=True)
class Act:
    """One act: its words, whether the file offers it now, its form, and the service behind it."""

    title: str
    says: str
    said: str
    offered: Callable[[CaseFile], bool]
    form: Maker
    do: Doer
    is_prominent: bool = False


def _there(row: R | None) -> R:
    """What an act is about; `offered` has seen that it is there."""
    assert row is not None
    return row


def _plain(made: type[Form]) -> Maker:
    def make(_file: CaseFile, data: QueryDict | None) -> Form:
        return made(data, initial={"uid": uuid7()})

    return make


def _measure_form(file: CaseFile, data: QueryDict | None) -> Form:
    papers = Paper.objects.filter(
        enterprise=file.hazard.enterprise_id, form=SITE_MEASURES, effective_at__isnull=False, voided_at__isnull=True
    ).order_by("-id")
    return forms.MeasureForm(data, papers=papers, initial={"uid": uuid7()})


def _transfer_form(file: CaseFile, data: QueryDict | None) -> Form:
    organs = selectors.receivers_for(file.hazard, file.today)
    approvals = selectors.transfer_papers(file.hazard, services.APPROVAL_FORM)
    return forms.TransferForm(data, organs=organs, approvals=approvals, initial={"uid": uuid7()})


def _transfer_decision_form(file: CaseFile, data: QueryDict | None) -> Form:
    transfer = file.transfer_proposed
    letters = selectors.transfer_papers(file.hazard, services.LETTER_FORM)
    if transfer is not None and transfer.approval_id is not None:
        letters = [letter for letter in letters if letter.answers_id == transfer.approval_id]
    return forms.TransferDecisionForm(data, letters=letters)


def _escalate_form(file: CaseFile, data: QueryDict | None) -> Form:
    penalised = selectors.penalised_of(file.hazard, file.today)
    return forms.EscalateForm(data, known=selectors.penalties_in_words(penalised) if penalised else "")


def _tenant_form(file: CaseFile, data: QueryDict | None) -> Form:
    tenants = selectors.tenants_of([file.hazard.enterprise_id])
    return forms.TenantForm(data, tenants=tenants, initial={"tenant": file.hazard.tenant_id})


def _extension_form(file: CaseFile, data: QueryDict | None) -> Form:
    asked = file.extension_waiting
    return forms.ExtensionDecisionForm(data, initial={"granted_on": asked.proposed_on if asked else None})


def _hang_form(file: CaseFile, data: QueryDict | None) -> Form:
    return forms.HangForm(data, initial={"uid": uuid7(), "due_on": file.hazard.due_on})


def _before_order(file: CaseFile) -> bool:
    return file.state in {State.FOUND, State.CLASSIFIED, State.REOPENED}


def _may_transfer(file: CaseFile) -> bool:
    return file.state in {State.CLASSIFIED, State.REOPENED} and file.transfer_proposed is None


def _mall(file: CaseFile) -> bool:
    return file.is_open and selectors.tenants_of([file.hazard.enterprise_id]).exists()


ACTS: Final[Mapping[str, Act]] = {
    "decide_plan": Act(
        N_("审定治理方案"),
        N_("同意的按方案治理；退回的企业修改后再报。"),
        N_("治理方案已审定，企业会收到通知。"),
        lambda file: file.plan_waiting is not None,
        _plain(forms.PlanDecisionForm),
        lambda file, data, actor, now: services.decide_plan(
            plan=_there(file.plan_waiting),
            approved=data["accepted"],
            reason=data["reason"],
            actor=actor,
            now=now,
        ),
        is_prominent=True,
    ),
    "decide_measure": Act(
        N_("决定临时安全措施"),
        N_("隐患排除前和排除过程中不能保证安全的，应当撤人、停产或者停用。"),
        N_("临时安全措施已决定，企业会收到通知。"),
        lambda file: file.is_major and file.is_open,
        _measure_form,
        lambda file, data, actor, now: services.decide_measure(hazard=file.hazard, actor=actor, now=now, **data),
    ),
    "decide_resumption": Act(
        N_("审查恢复申请"),
        N_("隐患验收合格、审查同意后才能恢复生产经营和使用。"),
        N_("审查意见已记录，企业会收到通知。"),
        lambda file: file.leads and file.measure_asked is not None,
        _plain(forms.ResumptionForm),
        lambda file, data, actor, now: services.decide_resumption(
            measure=_there(file.measure_asked), consents=data["accepted"], review=data["reason"], actor=actor, now=now
        ),
        is_prominent=True,
    ),
    "hang": Act(
        N_("挂牌督办"),
        N_("登记督办通知、责任人和期限；之后在期限内公示。"),
        N_("已挂牌督办，请在期限内公示。"),
        lambda file: file.leads and file.is_major and file.is_open and file.listing_hung is None,
        _hang_form,
        lambda file, data, actor, now: services.hang_hazard(hazard=file.hazard, actor=actor, now=now, **data),
    ),
    "publish_listing": Act(
        N_("公示挂牌或者摘牌"),
        N_("公示页立即可见；只公布单位、隐患、期限和督办责任人职务，不公布任何人的姓名。"),
        N_("已公示。"),
        lambda file: file.listing_to_publish is not None,
        _plain(Form),
        lambda file, _data, actor, now: services.publish_listing(
            listing=_there(file.listing_to_publish), actor=actor, now=now
        ),
        is_prominent=True,
    ),
    "withdraw_listing": Act(
        N_("撤回挂牌"),
        N_("挂牌有误的撤回，公示页同时公布撤回理由。"),
        N_("挂牌已撤回。"),
        lambda file: file.leads and file.listing_hung is not None,
        _plain(forms.ReasonForm),
        lambda file, data, actor, now: services.withdraw_listing(
            listing=_there(file.listing_hung),
            reason=data["reason"],
            actor=actor,
            now=now,
        ),
    ),
    "propose_closure": Act(
        N_("拟写销号结论"),
        N_("报负责人批准；发现人和拟写人都不能自己批准。"),
        N_("销号结论已报负责人批准。"),
        lambda file: file.is_major and file.state is State.VERIFIED and file.closure_waiting is None,
        _plain(forms.ConclusionForm),
        lambda file, data, actor, now: services.propose_closure(hazard=file.hazard, actor=actor, now=now, **data),
        is_prominent=True,
    ),
    "return_closure": Act(
        N_("退回销号结论"),
        N_("写明还缺什么，由承办人重新拟写。"),
        N_("销号结论已退回。"),
        lambda file: file.leads and file.closure_waiting is not None,
        _plain(forms.ReasonForm),
        lambda file, data, actor, now: services.return_closure(
            closure=_there(file.closure_waiting),
            reason=data["reason"],
            actor=actor,
            now=now,
        ),
    ),
    "decide_extension": Act(
        N_("决定延期"),
        N_("准予的改变整改期限；期限届满以后不能再批准。"),
        N_("延期已决定，企业会收到通知。"),
        lambda file: file.extension_waiting is not None,
        _extension_form,
        lambda file, data, actor, now: services.decide_extension(
            extension=_there(file.extension_waiting),
            granted=data["accepted"],
            decision=data["reason"],
            granted_on=data["granted_on"],
            actor=actor,
            now=now,
        ),
        is_prominent=True,
    ),
    "decide_objection": Act(
        N_("答复异议"),
        N_("发现人不能自己答复；理由双方都能看到。"),
        N_("异议已答复，企业会收到通知。"),
        lambda file: file.objection_waiting is not None,
        _plain(forms.ObjectionDecisionForm),
        lambda file, data, actor, now: services.decide_objection(
            objection=_there(file.objection_waiting),
            withdraw=data["accepted"],
            decision=data["reason"],
            actor=actor,
            now=now,
        ),
        is_prominent=True,
    ),
    "decide_escalation": Act(
        N_("决定升级处置"),
        N_("对最早一条待决定的建议作出决定；采纳后按意见办理文书。"),
        N_("升级处置建议已决定。"),
        lambda file: file.leads and file.escalation_waiting is not None,
        _plain(forms.EscalationDecisionForm),
        lambda file, data, actor, now: services.decide_escalation(
            escalation=_there(file.escalation_waiting),
            adopted=data["accepted"],
            reason=data["reason"],
            actor=actor,
            now=now,
        ),
        is_prominent=True,
    ),
    "escalate": Act(
        N_("提请升级处置"),
        N_("停产停用、停止供电、立案或者关闭，由机关负责人决定。"),
        N_("已提请负责人决定。"),
        lambda file: file.is_major and file.is_open and file.state in {State.RECTIFYING, State.OVERDUE},
        _escalate_form,
        lambda file, data, actor, now: services.propose_escalation(hazard=file.hazard, actor=actor, now=now, **data),
    ),
    "transfer": Act(
        N_("移送有权机关"),
        N_("由本机关负责人批准后移送；对方签收、受理或者退回都会记在这里。"),
        N_("已提出移送，等负责人批准。"),
        _may_transfer,
        _transfer_form,
        lambda file, data, actor, now: services.propose_transfer(hazard=file.hazard, actor=actor, now=now, **data),
    ),
    "decide_transfer": Act(
        N_("审批移送"),
        N_("批准后对方机关即可看到这条隐患并签收。"),
        N_("移送已审批。"),
        lambda file: file.leads and file.transfer_proposed is not None,
        _transfer_decision_form,
        lambda file, data, actor, now: services.decide_transfer(
            transfer=_there(file.transfer_proposed),
            approved=data["accepted"],
            reason=data["reason"],
            letter=data["letter"],
            actor=actor,
            now=now,
        ),
        is_prominent=True,
    ),
    "set_basis": Act(
        N_("核改法律依据"),
        N_("手工填写的依据一律标“未核对”；送达以后不能再改。"),
        N_("法律依据已更新。"),
        _before_order,
        _plain(forms.BasisForm),
        lambda file, data, actor, now: services.set_basis(hazard=file.hazard, actor=actor, now=now, **data),
    ),
    "name_tenant": Act(
        N_("指明商户"),
        N_("商户能看到与本店有关的隐患，并向商场反馈整改。"),
        N_("商户已更新。"),
        _mall,
        _tenant_form,
        lambda file, data, actor, now: services.name_tenant(hazard=file.hazard, actor=actor, now=now, **data),
    ),
}
