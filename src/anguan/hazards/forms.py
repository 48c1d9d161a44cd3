"""What people fill in about a hazard."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anguan.hazards.models import Hazard
from anguan.hazards.rules import (
    STANDARDS,
    Assessor,
    Chain,
    EscalationKind,
    Level,
    ListingLevel,
    MeasureKind,
    NotAllowed,
)
from anguan.papers.models import Paper
from anguan.people.fields import OfficersField
from anguan.people.models import Officer, Organ
from anguan.registry.models import Enterprise, Tenant


def sentence(error: NotAllowed) -> str:
    """The refusal in the reader's language."""
    if not error.params:
        return gettext(error.template)
    return gettext(error.template) % {name: gettext(value) if value else "" for name, value in error.params.items()}


class ClassifyForm(forms.Form):
    """定级."""

    level = forms.ChoiceField(label=_("等级"), widget=forms.RadioSelect)
    criterion = forms.CharField(
        label=_("判定依据"),
        required=False,
        max_length=200,
        help_text=_("重大事故隐患须写判定标准的编号和条款，例如“GB 35181-2025 第6.2条”。"),
        widget=forms.TextInput(attrs={"list": "standards"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(level.value, gettext(level.label)) for level in Level]

    @property
    def standards(self) -> list[tuple[str, str]]:
        """Number and title of each published standard, for the suggestions."""
        return [(number, gettext(title)) for number, title in STANDARDS.items()]


class DeadlineForm(forms.Form):
    """定整改期限."""

    due_on = forms.DateField(label=_("整改期限"), widget=forms.DateInput(attrs={"type": "date"}))


class RecheckForm(forms.Form):
    """复查."""

    accepted = forms.TypedChoiceField(
        label=_("复查结论"),
        choices=[("yes", _("复查合格")), ("no", _("退回继续整改"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    officers = OfficersField(
        Officer.objects.none(),
        label=_("复查人员"),
        help_text=_("至少两名持有效执法证的人员，其中一名是您本人。"),
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("复查意见"),
        required=False,
        max_length=500,
        help_text=_("退回时必须写明哪里还不符合。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, hazard: Hazard, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["officers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Officer.objects.filter(organ=hazard.organ_id).order_by("name")


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


def _words(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


class OnceForm(forms.Form):
    """A form with an id of its own, made when the page is: sending it twice does it once."""

    uid = forms.UUIDField(widget=forms.HiddenInput)

    def _choose(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(value, gettext(label)) for value, label in choices]


class ReportForm(forms.Form):
    """报告整改完成; the pictures are read by `ui.photos`. `uid` is made once, so that sending twice reports once."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    description = forms.CharField(
        label=_("怎么整改的"),
        max_length=1000,
        help_text=_("做了什么、什么时候完成的。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    place_reason = forms.CharField(
        label=_("不在原地拍摄的原因"),
        required=False,
        max_length=300,
        help_text=_("照片在别处拍的才要写，例如设备送修；复查时会重点核对。"),
    )


class YesNoForm(forms.Form):
    """A decision with its reason; subclasses say what yes and no mean."""

    yes, no = _("同意"), _("不同意")
    accepted = forms.TypedChoiceField(label=_("决定"), coerce=lambda value: value == "yes", widget=forms.RadioSelect)
    reason = forms.CharField(label=_("理由"), required=False, max_length=500, widget=_words())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["accepted"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("yes", self.yes), ("no", self.no)]


class PlanDecisionForm(YesNoForm):
    """审定治理方案."""

    yes, no = _("同意方案"), _("退回修改")


class ResumptionForm(YesNoForm):
    """审查恢复申请."""

    yes, no = _("审查同意恢复"), _("不同意恢复")


class EscalationDecisionForm(YesNoForm):
    """决定升级处置."""

    yes, no = _("采纳"), _("不采纳")


class ObjectionDecisionForm(YesNoForm):
    """答复异议."""

    yes, no = _("异议成立，撤销认定"), _("异议不成立，维持认定")


class TransferDecisionForm(YesNoForm):
    """审批移送, with the letter that goes to the other organ."""

    yes, no = _("批准移送"), _("不批准")
    letter = forms.ModelChoiceField(
        Paper.objects.none(),
        label=_("案件移送书"),
        required=False,
        empty_label=_("没有移送书"),
        help_text=_("附了移送审批表的，须选依据它出具的移送书。"),
    )

    def __init__(self, *args: Any, letters: list[Paper], **options: Any) -> None:
        super().__init__(*args, **options)
        _offer_papers(self.fields["letter"], letters)


class TransferAnswerForm(YesNoForm):
    """受理或者退回."""

    yes, no = _("受理"), _("退回")


class ExtensionDecisionForm(YesNoForm):
    """决定延期."""

    yes, no = _("准予延期"), _("不予延期")
    granted_on = forms.DateField(
        label=_("延期至"), required=False, widget=_day(), help_text=_("不填就按企业申请的日期。")
    )


class MeasureForm(OnceForm):
    """决定临时安全措施."""

    kind = forms.ChoiceField(label=_("措施"), widget=forms.RadioSelect)
    scope = forms.CharField(label=_("范围"), max_length=300, help_text=_("哪个区域、哪条线、哪些设备。"))
    paper = forms.ModelChoiceField(
        Paper.objects.none(),
        label=_("现场处理措施决定书"),
        required=False,
        help_text=_("撤人、停产、停用必须选已送达的决定书。"),
    )
    reason = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=500,
        widget=_words(),
        help_text=_("只看护不停产的，写明为什么能保证安全。"),
    )

    def __init__(self, *args: Any, papers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._choose("kind", MeasureKind.choices())
        field = self.fields["paper"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = papers


class HangForm(OnceForm):
    """挂牌督办."""

    level = forms.ChoiceField(label=_("挂牌层级"), widget=forms.RadioSelect)
    notice_no = forms.CharField(label=_("督办通知文号"), max_length=80)
    responsible = forms.CharField(label=_("督办责任人"), max_length=60)
    office = forms.CharField(label=_("督办责任人职务"), max_length=100, help_text=_("公示只公布职务，不公布姓名。"))
    due_on = forms.DateField(label=_("督办期限"), widget=_day())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._choose("level", ListingLevel.choices())


class ConclusionForm(OnceForm):
    """拟写销号结论."""

    conclusion = forms.CharField(
        label=_("销号结论"), max_length=1000, widget=_words(4), help_text=_("现场验收的情况、评估结论和是否建议销号。")
    )


class EscalateForm(forms.Form):
    """提请升级处置."""

    kind = forms.ChoiceField(label=_("提请"), widget=forms.RadioSelect)
    ground = forms.CharField(label=_("事实和理由"), max_length=500, widget=_words())

    def __init__(self, *args: Any, known: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["ground"].help_text = known or _(
            "平台还没有行政处罚的记录；以多次受处罚为由提请关闭的，请写明处罚决定书文号和日期。"
        )
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.value, gettext(kind.label)) for kind in EscalationKind]


class BasisForm(forms.Form):
    """核改法律依据."""

    chain = forms.ChoiceField(label=_("链条"), widget=forms.RadioSelect)
    statute = forms.CharField(label=_("法律"), max_length=100)
    article = forms.CharField(label=_("条款"), max_length=100)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["chain"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(chain.value, gettext(chain.label)) for chain in Chain]


def _offer_papers(field: forms.Field, papers: list[Paper]) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = Paper.objects.filter(pk__in=[paper.pk for paper in papers]).order_by("-pk")
    if papers:
        field.initial = papers[0].pk


class TransferForm(OnceForm):
    """提出移送."""

    approval = forms.ModelChoiceField(
        Paper.objects.none(),
        label=_("移送审批表"),
        required=False,
        empty_label=_("没有审批表，由负责人在这里审批"),
        help_text=_("在“文书”里拟稿、送审、出具后在这里选。"),
    )
    to_organ = forms.ModelChoiceField(Organ.objects.none(), label=_("接收机关"))
    reason = forms.CharField(label=_("移送理由"), max_length=500, widget=_words())

    def __init__(self, *args: Any, organs: list[Organ], approvals: list[Paper], **options: Any) -> None:
        super().__init__(*args, **options)
        _offer_papers(self.fields["approval"], approvals)
        if approvals:
            body = approvals[0].body
            self.initial.setdefault("approval", approvals[0].pk)
            self.initial.setdefault("reason", str(body.get("reason", ""))[:500])
            self.initial.setdefault(
                "to_organ", next((organ.pk for organ in organs if organ.name == body.get("receiver")), None)
            )
        field = self.fields["to_organ"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organ.objects.filter(pk__in=[organ.pk for organ in organs])
        field.choices = [("", "—"), *((organ.pk, organ.name) for organ in organs)]


class ResultForm(forms.Form):
    """反馈结果."""

    result = forms.CharField(label=_("办理结果"), max_length=1000, widget=_words(4))


class TenantForm(forms.Form):
    """指明商户."""

    tenant = forms.ModelChoiceField(Tenant.objects.none(), label=_("商户"), required=False, empty_label=_("不涉及商户"))

    def __init__(self, *args: Any, tenants: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["tenant"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = tenants


class PlanForm(OnceForm):
    """治理方案（五落实）."""

    responsibility = forms.CharField(label=_("责任"), max_length=500, widget=_words(2), help_text=_("谁负责、谁实施。"))
    measures = forms.CharField(label=_("措施"), max_length=1000, widget=_words(), help_text=_("用什么办法治理。"))
    funds = forms.CharField(label=_("资金"), max_length=300, help_text=_("多少钱、从哪里出。"))
    time_limit = forms.CharField(label=_("时限"), max_length=300, help_text=_("分几步、每步到什么时候。"))
    contingency = forms.CharField(
        label=_("预案"), max_length=1000, widget=_words(), help_text=_("治理期间怎样保证安全，出了险情怎么办。")
    )
    finish_on = forms.DateField(label=_("治理完成日"), widget=_day())


class AcceptanceForm(OnceForm):
    """申请验收."""

    assessor = forms.ChoiceField(label=_("评估方式"), widget=forms.RadioSelect)
    assessed_by = forms.CharField(label=_("评估单位或专家"), max_length=200)
    assessed_on = forms.DateField(label=_("评估日期"), widget=_day())
    assessment = forms.CharField(label=_("评估结论"), max_length=1000, widget=_words())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._choose("assessor", Assessor.choices())


class ExtensionForm(OnceForm):
    """申请延期."""

    reason = forms.CharField(label=_("为什么不能按期完成"), max_length=500, widget=_words())
    measures = forms.CharField(label=_("延期期间怎样保证安全"), max_length=500, widget=_words())
    proposed_on = forms.DateField(label=_("申请延期至"), widget=_day())


class ObjectionForm(OnceForm):
    """提出异议."""

    reason = forms.CharField(label=_("哪里认定得不对，依据是什么"), max_length=1000, widget=_words(4))


class OwnHazardForm(OnceForm):
    """自查自报; the picture is read by `ui.photos`."""

    enterprise = forms.ModelChoiceField(Enterprise.objects.none(), label=_("单位"))
    description = forms.CharField(label=_("哪里不对"), max_length=500, widget=_words(2))
    place = forms.CharField(label=_("部位"), max_length=100, required=False)
    tenant = forms.ModelChoiceField(Tenant.objects.none(), label=_("商户"), required=False, empty_label=_("不涉及商户"))
    may_be_major = forms.BooleanField(
        label=_("可能是重大事故隐患"), required=False, help_text=_("勾选后直接报监管部门定级。")
    )

    def __init__(self, *args: Any, enterprises: Any, tenants: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        firm, shop = self.fields["enterprise"], self.fields["tenant"]
        assert isinstance(firm, forms.ModelChoiceField)
        assert isinstance(shop, forms.ModelChoiceField)
        firm.queryset, shop.queryset = enterprises, tenants
        known = list(enterprises[:2])
        if len(known) == 1:
            firm.widget, firm.initial = forms.HiddenInput(), known[0].pk
        if not tenants.exists():
            del self.fields["tenant"]


class StatementForm(forms.Form):
    """报送统计表."""

    funds_yuan = forms.DecimalField(label=_("投入资金（元）"), min_value=0, max_digits=14, decimal_places=2, initial=0)
    note = forms.CharField(label=_("说明"), required=False, max_length=500, widget=_words(2))


class TenantPartForm(OnceForm):
    """商户反馈整改; the pictures are read by `ui.photos`."""

    description = forms.CharField(label=_("怎么整改的"), max_length=1000, widget=_words())
