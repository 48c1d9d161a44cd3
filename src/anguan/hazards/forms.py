"""What people fill in about a hazard."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anguan.hazards.models import Hazard
from anguan.hazards.rules import STANDARDS, Level, NotAllowed
from anguan.people.fields import OfficersField
from anguan.people.models import Officer


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


class ReportForm(forms.Form):
    """报告整改完成; the pictures are read by `ui.photos`. `uid` is made once, so that sending twice reports once."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    description = forms.CharField(
        label=_("怎么整改的"),
        max_length=1000,
        help_text=_("做了什么、什么时候完成的。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
