"""Forms of what comes after a draw: replacements, experts, re-visits. What a form cannot know, the service refuses."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anguan.checklists.models import InspectionItem
from anguan.checklists.selectors import items_with_checklist
from anguan.ground import clock
from anguan.inspections.draws import BeaconKind, PersonReason, TargetReason
from anguan.inspections.forms import ItemField, OnceForm, PlanForm
from anguan.inspections.models import BatchExpert, BatchOfficer
from anguan.inspections.rules import REASONS_OF, ReplacementKind, RevisitOutcome, is_known
from anguan.people.models import Organ

_DAY: Final = {"type": "date"}


class ReplacementForm(OnceForm):
    """申请替换: what can't be had and why; what comes instead is not asked, it follows from the draw."""

    what = forms.ChoiceField(label=gettext_lazy("替换什么"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=gettext_lazy("原因"), help_text=gettext_lazy("替换会连同原因公开，只能从这些原因里选")
    )
    note = forms.CharField(
        label=gettext_lazy("情况和依据"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("看到了什么、哪份文书、谁告知；内部留存，不公开"),
    )

    def __init__(
        self,
        *args: Any,
        officers: list[BatchOfficer],
        experts: list[BatchExpert],
        is_staffed: bool,
        is_closed: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._officers = {str(entry.pk): entry for entry in officers}
        self._experts = {str(entry.pk): entry for entry in experts}
        what, reason = self.fields["what"], self.fields["reason"]
        assert isinstance(what, forms.ChoiceField)
        assert isinstance(reason, forms.ChoiceField)
        what.choices = [
            (ReplacementKind.TARGET.value, _("这家企业，由本层下一家备选递补")),
            *(
                (f"officer:{key}", _("执法人员%(name)s") % {"name": row.officer.name})
                for key, row in self._officers.items()
            ),
            *((f"expert:{key}", _("专家%(name)s") % {"name": row.expert.name}) for key, row in self._experts.items()),
        ]
        what.initial = ReplacementKind.TARGET.value
        targets = [
            one
            for one in TargetReason
            if (one is TargetReason.UNSTAFFED) != is_staffed and is_known(one, is_closed=is_closed)
        ]
        groups: list[tuple[str, list[tuple[str, str]]]] = [
            (_("企业不能检查"), [(f"target:{one.value}", _(one.label)) for one in targets])
        ]
        if officers:
            people = [one for one in REASONS_OF[ReplacementKind.OFFICER] if is_known(one, is_closed=is_closed)]
            groups.append((_("执法人员不能去"), [(f"officer:{one.value}", _(one.label)) for one in people]))
        if experts:
            people = [one for one in REASONS_OF[ReplacementKind.EXPERT] if is_known(one, is_closed=is_closed)]
            groups.append((_("专家不能去"), [(f"expert:{one.value}", _(one.label)) for one in people]))
        reason.choices = groups

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if "what" not in values or "reason" not in values:
            return values
        kind, _sep, key = values["what"].partition(":")
        reason_kind, _sep, reason = values["reason"].partition(":")
        if kind != reason_kind:
            self.add_error("reason", _("这个原因不适用于所选的替换，请另选。"))
            return values
        values["kind"] = ReplacementKind(kind)
        values["reason"] = TargetReason(reason) if kind == ReplacementKind.TARGET else PersonReason(reason)
        values["officer"] = self._officers.get(key) if kind == ReplacementKind.OFFICER else None
        values["expert"] = self._experts.get(key) if kind == ReplacementKind.EXPERT else None
        return values


class OpinionForm(OnceForm):
    """专家意见: one item, or the whole."""

    text = forms.CharField(
        label=gettext_lazy("意见"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("看到了什么、依据哪条标准、建议怎么办"),
    )


class OpinionDecisionForm(forms.Form):
    """采纳或不采纳."""

    verdict = forms.ChoiceField(
        choices=[("adopt", gettext_lazy("采纳")), ("reject", gettext_lazy("不采纳"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=500)


class FeeForm(forms.Form):
    """登记专家费."""

    days = forms.DecimalField(
        label=gettext_lazy("工作天数"),
        max_digits=4,
        decimal_places=1,
        min_value=0,
        widget=forms.NumberInput(attrs={"step": "0.5"}),
    )


class RevisitPlanForm(forms.Form):
    """列入回访计划."""

    title = forms.CharField(label=gettext_lazy("批次名称"), max_length=150)
    organ = forms.ModelChoiceField(label=gettext_lazy("检查机关"), queryset=Organ.objects.none(), empty_label=None)
    item = ItemField(
        label=gettext_lazy("抽查事项"), queryset=InspectionItem.objects.none(), empty_label=None,
        help_text=gettext_lazy("到场时逐条核对自行销号的隐患，并按这个事项的检查表检查"),
    )  # fmt: skip
    since = forms.DateField(label=gettext_lazy("销号时段自"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    until = forms.DateField(label=gettext_lazy("销号时段至"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    window_from = forms.DateField(label=gettext_lazy("检查期自"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    window_to = forms.DateField(label=gettext_lazy("检查期至"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    beacon_kind = forms.ChoiceField(label=gettext_lazy("公开随机源"), widget=forms.RadioSelect)
    beacon_round = forms.CharField(
        label=gettext_lazy("约定的轮次或期号"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("指定公开数值时必填，例如某期彩票的中奖号码；drand 的轮次由时间自动算出"),
    )
    not_before = forms.DateTimeField(
        label=gettext_lazy("随机值产生时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def __init__(self, *args: Any, organs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (("organ", organs), ("item", items_with_checklist(clock.local_day(clock.now())))):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = found
        kind = self.fields["beacon_kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(one.value, _(one.label)) for one in BeaconKind]
        kind.initial = BeaconKind.PARTIES_ONLY.value

    clean_not_before = PlanForm.clean_not_before


class RevisitForm(OnceForm):
    """登记一条隐患的回访结果."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("回访结果"),
        choices=[(one.value, one.label) for one in RevisitOutcome],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("看到的情况"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("没有整改到位时必填，并拍照"),
    )
