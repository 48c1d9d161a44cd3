"""Forms of what comes before and beside a visit: application, joint check, guidance, area, rating."""

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anguan.checklists.models import InspectionItem
from anguan.checklists.selectors import items_with_checklist
from anguan.ground import clock
from anguan.inspections.forms import ItemField, OnceForm
from anguan.inspections.models import PlanRow, Visit
from anguan.inspections.plan_field import PlanRowField
from anguan.inspections.rules import APPLIED_FOR, BEGUN_BY, AssistantKind, Ban, ExemptReason, Mode, Trigger, VisitKind
from anguan.inspections.rules.plans import TargetKind
from anguan.inspections.selectors.plan_use import row_for, usable_rows
from anguan.inspections.services.visits import measure_options
from anguan.people.fields import OfficersField
from anguan.people.models import Expert, Officer, Organ
from anguan.registry.models import Enterprise

_DAY: Final = {"type": "date"}
_MOMENT: Final = {"type": "datetime-local"}
_TRIGGERS: Final = tuple(dict.fromkeys(trigger for kind in APPLIED_FOR for trigger in BEGUN_BY[kind]))


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"), **more)


class ApplyForm(OnceForm):
    """申请检查: what the approval needs to know; the firm is chosen before."""

    organ = forms.ModelChoiceField(label=gettext_lazy("检查机关"), queryset=Organ.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=gettext_lazy("检查类型"))
    trigger = forms.ChoiceField(label=gettext_lazy("来由"))
    clue = forms.CharField(
        label=gettext_lazy("线索编号或文件号"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("由线索、申请、预警或部署引起的必填"),
    )
    item = ItemField(label=gettext_lazy("检查事项"), queryset=InspectionItem.objects.none(), empty_label=None)
    plan_row = PlanRowField()
    reason = forms.CharField(
        label=gettext_lazy("为什么检查、检查什么"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    mode = forms.ChoiceField(label=gettext_lazy("检查方式"))
    why_on_site = forms.CharField(
        label=gettext_lazy("为什么必须到现场"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("看资料、数据或者远程就能查清的，不到现场（国办发〔2024〕54号）"),
    )
    visit_on = _day(gettext_lazy("拟检查日期"))
    due_on = _day(gettext_lazy("最迟检查日期"))
    officers = OfficersField(
        label=gettext_lazy("执法人员"),
        queryset=Officer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("两名以上（行政处罚法第四十二条）"),
    )
    assistants = forms.IntegerField(
        label=gettext_lazy("协助人员人数"),
        min_value=0,
        max_value=20,
        initial=0,
        help_text=gettext_lazy("没有执法证的只能协助，人数在这里定死"),
    )
    experts = forms.IntegerField(label=gettext_lazy("专家人数"), min_value=0, max_value=20, initial=0)
    exempt = forms.ChoiceField(
        label=gettext_lazy("超过年度上限的理由"),
        required=False,
        help_text=gettext_lazy("没有达到上限的不填；填了会告知司法监督员"),
    )
    sealed = forms.BooleanField(
        label=gettext_lazy("密封检查（突击）"),
        required=False,
        help_text=gettext_lazy("提交之后，出发启封之前，只有批准人能看到去哪一家"),
    )
    departs_at = forms.DateTimeField(
        label=gettext_lazy("出发时间"),
        required=False,
        widget=forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("密封检查必填"),
    )

    def __init__(self, *args: Any, organs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["organ"].queryset = organs
        fields["item"].queryset = items_with_checklist(clock.local_day(clock.now()))
        fields["officers"].queryset = Officer.objects.filter(organ__in=organs).order_by("organ", "name", "pk")
        fields["kind"].choices = [(kind.value, _(kind.label)) for kind in APPLIED_FOR]
        fields["trigger"].choices = [(trigger.value, _(trigger.label)) for trigger in _TRIGGERS]
        fields["mode"].choices = [(mode.value, _(mode.label)) for mode in reversed(Mode)]
        fields["exempt"].choices = [("", "—"), *((one.value, _(one.label)) for one in ExemptReason)]
        fields["plan_row"].offer(usable_rows(organs, clock.local_day(clock.now()).year))

    def chosen_row(self, enterprise: Enterprise) -> PlanRow | None:
        """The row that was chosen; else, for a check on the plan's account, the one that names the enterprise."""
        values, field = self.cleaned_data, self.fields["plan_row"]
        assert isinstance(field, PlanRowField)
        if values["plan_row"] or values["trigger"] != Trigger.PLAN:
            return field.chosen(values["plan_row"])
        day = values["visit_on"] or values["due_on"]
        return row_for(values["organ"], values["item"], day.year, TargetKind.NAMED, enterprise)

    def values(self) -> dict[str, Any]:
        """What the service takes, with the enumerations as such."""
        cleaned = dict(self.cleaned_data)
        return {
            "uid": self.once,
            "kind": VisitKind(cleaned["kind"]),
            "trigger": Trigger(cleaned["trigger"]),
            "mode": Mode(cleaned["mode"]),
            "exempt": ExemptReason(cleaned["exempt"]) if cleaned["exempt"] else None,
            "officers": list(cleaned["officers"]),
            **{
                name: cleaned[name]
                for name in (
                    "organ", "item", "clue", "reason", "why_on_site", "visit_on", "due_on", "assistants", "experts",
                    "sealed", "departs_at",
                )
            },
        }  # fmt: skip


class CallForm(forms.Form):
    """指定随行专家."""

    expert = forms.ModelChoiceField(label=gettext_lazy("随行专家"), queryset=Expert.objects.none())
    reason = forms.CharField(label=gettext_lazy("指定理由"), max_length=200)

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["expert"].queryset = Expert.objects.exclude(visits__visit=visit).order_by("name", "pk")


class NoteForm(forms.Form):
    """One sentence with which somebody decides, refuses or explains."""

    note = forms.CharField(label=gettext_lazy("意见或理由"), max_length=300)

    def __init__(self, *args: Any, label: str = "", required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["note"].label = label
        self.fields["note"].required = required


class JointForm(OnceForm):
    """发起联合检查: the day, why, and up to five other organs each with its matter."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=150)
    organ = forms.ModelChoiceField(label=gettext_lazy("发起部门"), queryset=Organ.objects.none(), empty_label=None)
    item = ItemField(label=gettext_lazy("本部门检查事项"), queryset=InspectionItem.objects.none(), empty_label=None)
    visit_on = _day(gettext_lazy("检查日期"))
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    OTHERS: Final = 4

    def __init__(self, *args: Any, organs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["organ"].queryset = organs
        fields["item"].queryset = items_with_checklist(clock.local_day(clock.now()))
        for number in range(1, self.OTHERS + 1):
            self.fields[f"organ_{number}"] = forms.ModelChoiceField(
                label=_("参加部门 %(number)d") % {"number": number},
                queryset=Organ.objects.order_by("name"),
                required=number == 1,
            )
            self.fields[f"item_{number}"] = ItemField(
                label=_("它的检查事项"),
                queryset=items_with_checklist(clock.local_day(clock.now())),
                required=number == 1,
            )

    def clean(self) -> dict[str, Any]:
        """Refuse an organ without its matter."""
        cleaned = super().clean() or {}
        for number in range(1, self.OTHERS + 1):
            if cleaned.get(f"organ_{number}") and not cleaned.get(f"item_{number}"):
                self.add_error(f"item_{number}", _("请选择这个部门检查什么。"))
        return cleaned

    def parts(self) -> list[tuple[Organ, InspectionItem]]:
        """Organs with their matters, the initiator first."""
        cleaned = self.cleaned_data
        others = [(cleaned.get(f"organ_{n}"), cleaned.get(f"item_{n}")) for n in range(1, self.OTHERS + 1)]
        return [(cleaned["organ"], cleaned["item"]), *((organ, item) for organ, item in others if organ and item)]


class AnswerJointForm(forms.Form):
    """参加 or 不参加: with officers of one's own, with a check that is planned already, or with a reason."""

    answer = forms.ChoiceField(label=gettext_lazy("答复"), widget=forms.RadioSelect)
    officers = OfficersField(
        label=gettext_lazy("本部门执法人员"),
        queryset=Officer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    visit = forms.ModelChoiceField(
        label=gettext_lazy("或者把已计划的检查并入"), queryset=Visit.objects.none(), required=False
    )
    note = forms.CharField(label=gettext_lazy("不参加的理由"), max_length=300, required=False)

    def __init__(self, *args: Any, organ: Organ, planned: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["answer"].choices = [("accept", _("参加")), ("decline", _("不参加"))]
        fields["officers"].queryset = Officer.objects.filter(organ=organ).order_by("name", "pk")
        fields["visit"].queryset = planned


class GuidanceForm(OnceForm):
    """指导服务记录."""

    organ = forms.ModelChoiceField(label=gettext_lazy("指导机关"), queryset=Organ.objects.none(), empty_label=None)
    guided_on = _day(gettext_lazy("指导日期"))
    officers = OfficersField(
        label=gettext_lazy("指导人员"), queryset=Officer.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(label=gettext_lazy("同行人员"), max_length=200, required=False)
    host = forms.CharField(label=gettext_lazy("企业在场人员"), max_length=60)
    explained = forms.CharField(
        label=gettext_lazy("讲了什么"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    problems = forms.CharField(
        label=gettext_lazy("发现的问题"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("一行一个；约定了日期的写在行首，如 2026-04-01 清理通道"),
    )

    def __init__(self, *args: Any, organs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["organ"].queryset = organs
        fields["officers"].queryset = Officer.objects.filter(organ__in=organs).order_by("name", "pk")

    def found(self) -> list[tuple[str, date | None]]:
        """The problems, each with its day where the line begins with one."""
        rows: list[tuple[str, date | None]] = []
        for line in self.cleaned_data["problems"].splitlines():
            head, _space, rest = line.strip().partition(" ")
            try:
                rows.append((rest.strip(), date.fromisoformat(head)))
            except ValueError:
                rows.append((line.strip(), None))
        return rows


class AreaForm(forms.Form):
    """管辖区域."""

    organ = forms.ModelChoiceField(label=gettext_lazy("机关"), queryset=Organ.objects.none(), empty_label=None)
    words = forms.CharField(
        label=gettext_lazy("地址所含文字"),
        max_length=60,
        help_text=gettext_lazy("如 河东新区；地址里有这几个字的归本机关"),
    )
    code = forms.RegexField(
        r"[0-9]{2}([0-9]{2}([0-9]{2}([0-9]{3,6})?)?)?",
        label=gettext_lazy("行政区划代码"),
        required=False,
        help_text=gettext_lazy("填了就用当地公布的上限和规则，如 510903"),
        error_messages={"invalid": gettext_lazy("行政区划代码是两位、四位、六位或更多位数字。")},
    )
    valid_from = _day(gettext_lazy("自"))

    def __init__(self, *args: Any, organs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["organ"].queryset = organs


class RatingForm(forms.Form):
    """企业评价: the five bans to tick, one to five, and what one wants to say."""

    code = forms.CharField(
        label=gettext_lazy("评价码"), max_length=60, help_text=gettext_lazy("在检查码页面上；一次检查用一次")
    )
    score = forms.TypedChoiceField(label=gettext_lazy("总体评价"), coerce=int, widget=forms.RadioSelect)
    bans = forms.TypedMultipleChoiceField(
        label=gettext_lazy("有没有下面的情形，有的请勾选"),
        coerce=Ban,
        choices=[(ban.value, ban.label) for ban in Ban],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("想说的话"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("请不要写单位和姓名"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        words = [_("很不满意"), _("不满意"), _("一般"), _("满意"), _("很满意")]
        fields["score"].choices = [(score, f"{score} {word}") for score, word in enumerate(words, 1)]
        fields["bans"].choices = [(ban.value, _(ban.label)) for ban in Ban]


class MeasuresForm(forms.Form):
    """现场处理措施."""

    measure = forms.ChoiceField(label=gettext_lazy("处理措施"), widget=forms.RadioSelect)
    requirements = forms.CharField(
        label=gettext_lazy("具体要求"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("一行一条，例如：停用一层配电箱"),
    )
    until = forms.DateField(
        label=gettext_lazy("措施截止日期"),
        required=False,
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        help_text=gettext_lazy("隐患排除后，经审查同意才恢复"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["measure"].choices = [(value, _(words)) for value, words in measure_options()]


class AssistantForm(forms.Form):
    """登记协助人员: who came along without power to inspect."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"))
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    employer = forms.CharField(label=gettext_lazy("所在单位"), max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(one.value, _(one.label)) for one in AssistantKind]


class EmergencyForm(OnceForm):
    """紧急检查: what calls for it, and who is there."""

    trigger = forms.ChoiceField(label=gettext_lazy("来由"), widget=forms.RadioSelect)
    clue = forms.CharField(label=gettext_lazy("线索编号或文件号"), max_length=100)
    item = ItemField(label=gettext_lazy("检查事项"), queryset=InspectionItem.objects.none(), empty_label=None)
    reason = forms.CharField(
        label=gettext_lazy("什么紧急情况"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    officers = OfficersField(
        label=gettext_lazy("到场的执法人员"),
        queryset=Officer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("两名以上（行政处罚法第四十二条）"),
    )
    host = forms.CharField(label=gettext_lazy("被检查单位现场负责人"), max_length=60, required=False)

    def __init__(self, *args: Any, organ: Organ, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["trigger"].choices = [(one.value, _(one.label)) for one in BEGUN_BY[VisitKind.EMERGENCY]]
        fields["item"].queryset = items_with_checklist(clock.local_day(clock.now()))
        fields["officers"].queryset = Officer.objects.filter(organ=organ).order_by("name", "pk")
