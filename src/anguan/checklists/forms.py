"""What people fill in to draft, publish and withdraw."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anguan.checklists.models import Checklist, ChecklistItem, Criterion, InspectionItem, Standard
from anguan.checklists.rules import (
    LONGEST_TERM,
    BadForm,
    Field,
    HazardLevel,
    Importance,
    Judgement,
    Mark,
    NotAllowed,
    Premises,
    Question,
    SubjectKind,
)
from anguan.checklists.selectors import criteria, criterion_text
from anguan.core.enums import Labelled
from anguan.people.rules import OrganKind
from anguan.ui.offers import offer_choices, offer_rows

_DAY: Final = {"type": "date"}


def sentence(error: NotAllowed | BadForm) -> str:
    """The refusal in the reader's language."""
    if not error.params:
        return gettext(error.template)
    return gettext(error.template) % {name: gettext(value) if value else "" for name, value in error.params.items()}


def _choices(kinds: Iterable[Labelled]) -> list[tuple[str, str]]:
    return [(kind.value, gettext(kind.label)) for kind in kinds]


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        error_messages={"invalid": _("日期应写成 2026-03-01 这样的形式。")},
    )


class PublishForm(forms.Form):
    """公布."""

    effective_from = _day(_("施行日期"), _("从这一天起使用；公布以后内容不能再改。"))


class WithdrawForm(forms.Form):
    """停用."""

    withdrawn_from = _day(_("停用日期"), _("从这一天起不再使用；已经用它做的检查不受影响。"))
    reason = forms.CharField(label=_("停用理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class RenameForm(forms.Form):
    """检查表的名称."""

    title = forms.CharField(label=_("名称"), max_length=150)
    industry = forms.CharField(label=_("适用行业"), max_length=60)


class ListNameForm(forms.Form):
    """事项清单的名称."""

    title = forms.CharField(label=_("名称"), max_length=150)


class CriterionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A criterion by standard, clause and the beginning of what it says."""

    def label_from_instance(self, obj: Any) -> str:
        assert isinstance(obj, Criterion)
        return f"{criterion_text(obj)} {obj.summary[:40]}"


class QuestionForm(forms.Form):
    """检查项: what is asked, how it is looked at, and the three chains."""

    key = forms.RegexField(r"^[A-Za-z0-9_-]{1,40}$", widget=forms.HiddenInput)
    question = forms.CharField(
        label=_("检查内容"),
        max_length=300,
        help_text=_("用问句，以问号结尾。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    look_for = forms.CharField(label=_("怎么查"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    statute = forms.CharField(label=_("法律"), max_length=60, help_text=_("简称，例如 安全生产法"))
    clause = forms.CharField(label=_("条款"), max_length=60, help_text=_("例如 第四十二条第二款"))
    violation_basis = forms.CharField(label=_("违反条款"), max_length=200)
    order_basis = forms.CharField(label=_("责令依据"), max_length=200)
    order_organs = forms.MultipleChoiceField(
        label=_("有权责令的部门"), required=False, widget=forms.CheckboxSelectMultiple
    )
    penalty_basis = forms.CharField(label=_("处罚依据"), max_length=200)
    penalty_organs = forms.MultipleChoiceField(
        label=_("有权处罚的部门"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("例如消防法第六十条的处罚由消防救援机构实施；没有职权的机关只能移送。"),
    )
    hazard_level = forms.ChoiceField(label=_("隐患级别"), widget=forms.RadioSelect)
    suggested_days = forms.IntegerField(label=_("建议整改天数"), min_value=1, max_value=LONGEST_TERM)
    criterion = CriterionChoice(
        label=_("可能构成重大隐患"),
        queryset=Criterion.objects.none(),
        required=False,
        empty_label=_("不构成"),
        help_text=_("不符合时，执法人员会看到这一条判定标准；是否重大由执法人员判定。"),
    )
    verified = forms.BooleanField(label=_("违反、责令、处罚三条都已对照法律原文"), required=False)

    def __init__(self, *args: Any, on: date, item: ChecklistItem | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("order_organs", "penalty_organs"):
            offer_choices(self, name, _choices(OrganKind))
        offer_choices(self, "hazard_level", _choices(HazardLevel))
        offered = criteria(on=on)
        if item is not None and item.criterion_id is not None:
            # What a question cites already stays a choice, also when it has ended meanwhile.
            offered = Criterion.objects.filter(pk__in=[*offered.values_list("pk", flat=True), item.criterion_id])
        offer_rows(self, "criterion", offered.select_related("standard"))

    @staticmethod
    def initial_of(item: ChecklistItem) -> dict[str, Any]:
        """What is filled in for a question that exists."""
        return {name: getattr(item, name) for name in QuestionForm.base_fields}

    def as_question(self) -> Question:
        """The question as the service takes it."""
        values = dict(self.cleaned_data)
        cited = values.pop("criterion")
        return Question(
            number=1,
            **{
                **values,
                "hazard_level": HazardLevel(values["hazard_level"]),
                "order_organs": tuple(OrganKind(kind) for kind in values["order_organs"]),
                "penalty_organs": tuple(OrganKind(kind) for kind in values["penalty_organs"]),
                "criterion": (cited.standard_id, cited.clause) if cited is not None else None,
            },
        )


class PlaceForm(forms.Form):
    """移动到第几项."""

    place = forms.IntegerField(label=_("移到第几项"), min_value=1, max_value=1000)


class PhraseForm(forms.Form):
    """常用隐患描述."""

    text = forms.CharField(label=_("隐患描述"), max_length=120, help_text=_("一句话说清看到了什么。"))
    hazard_level = forms.ChoiceField(label=_("隐患级别"), widget=forms.RadioSelect)
    days = forms.IntegerField(label=_("建议整改天数"), min_value=1, max_value=LONGEST_TERM)
    violation_basis = forms.CharField(
        label=_("违反条款"), max_length=200, required=False, help_text=_("三条依据不写的，沿用检查项的。")
    )
    order_basis = forms.CharField(label=_("责令依据"), max_length=200, required=False)
    penalty_basis = forms.CharField(label=_("处罚依据"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "hazard_level", _choices(HazardLevel))


class ChecklistChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A checklist with its version."""

    def label_from_instance(self, obj: Any) -> str:
        assert isinstance(obj, Checklist)
        return f"{obj.title} {obj.version}"


class MatterForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """抽查事项."""

    code = forms.RegexField(
        r"^[A-Za-z0-9-]{1,16}$",
        label=_("编号"),
        error_messages={"invalid": _("编号只用字母、数字和短横线，例如 S08。")},
    )
    checklist = ChecklistChoice(
        label=_("检查表"),
        queryset=Checklist.objects.none(),
        required=False,
        empty_label=_("还没有（不能安排检查）"),
    )
    partners = forms.MultipleChoiceField(label=_("联合部门"), required=False, widget=forms.CheckboxSelectMultiple)
    subject_kinds = forms.MultipleChoiceField(label=_("对象类型"), required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = InspectionItem
        fields = (
            "code", "matter", "basis", "importance", "targets", "subject_kinds", "base", "ratio", "cycle", "method",
            "subject", "partners", "checklist",
        )  # fmt: skip
        widgets = {"importance": forms.RadioSelect}  # Django reads it so

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "importance", _choices(Importance))
        offer_choices(self, "partners", _choices(OrganKind))
        offer_choices(self, "subject_kinds", _choices(SubjectKind))
        published = Checklist.objects.filter(stage="published")
        offer_rows(self, "checklist", published.order_by("code", "-effective_from"))
        if self.instance.pk:
            self.fields["code"].disabled = True


class CriterionForm(forms.Form):
    """判定条款."""

    standard = forms.ModelChoiceField(label=_("判定标准"), queryset=Standard.objects.all(), empty_label=None)
    clause = forms.CharField(
        label=_("条款"), max_length=60, help_text=_("写成“第三条第二项”“第6.2条”或“附录A”这样的形式。")
    )
    summary = forms.CharField(
        label=_("判定情形"),
        max_length=300,
        help_text=_("用自己的话说，不抄原文。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    judgement = forms.ChoiceField(label=_("判定方式"), widget=forms.RadioSelect, initial=Judgement.DIRECT)
    evidence = forms.CharField(
        label=_("需要的证据"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    tag = forms.ChoiceField(
        label=_("证据级别"),
        widget=forms.RadioSelect,
        initial=Mark.MEMORY,
        help_text=_("只有读过标准原文才选“已读原文”，其余都会显示待核对。"),
    )

    def __init__(self, *args: Any, is_fixed: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "judgement", _choices(Judgement))
        offer_choices(self, "tag", _choices(Mark))
        for name in ("standard", "clause") if is_fixed else ():
            self.fields[name].disabled = True


class StandardForm(forms.Form):
    """判定标准."""

    number = forms.CharField(label=_("标准编号"), max_length=60, help_text=_("例如 GB 35181-2025"))
    title = forms.CharField(label=_("标准名称"), max_length=150)
    field = forms.ChoiceField(label=_("领域"))
    valid_from = _day(_("施行日期"))
    valid_to = _day(_("失效日期"), required=False)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "field", _choices(Field))


class CompositeForm(forms.Form):
    """综合判定: where, and which elements were found."""

    premises = forms.ChoiceField(label=_("场所类型"), widget=forms.RadioSelect, initial=Premises.ASSEMBLY)
    elements = forms.CharField(
        label=_("查到的综合判定要素"),
        max_length=1000,
        help_text=_("写标准里的编号，用空格或逗号分开，例如 7.3.1 7.5.2。同一要素查到几处只算一条。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "premises", _choices(Premises))

    def found(self) -> list[str]:
        """The elements one by one."""
        return re.split(r"[\s,，、;；]+", self.cleaned_data["elements"].strip(" \t\n,，、;；"))


class ImportForm(forms.Form):
    """导入 XLSForm."""

    file = forms.FileField(
        label=_("XLSForm 文件"), help_text=_(".xlsx，含 survey、choices、settings 三张表，不超过 2 MB。")
    )
