"""Forms of annual plans and subject lists. What a form cannot know, the service refuses."""

import re
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anguan.checklists.models import InspectionItem
from anguan.checklists.selectors import items_with_checklist
from anguan.ground import clock
from anguan.inspections.forms import ItemField
from anguan.inspections.models import AnnualPlan, PlanRow
from anguan.inspections.rules.plans import (
    JointPart,
    NonEnforcement,
    OtherWork,
    RowMode,
    SubjectKind,
    TargetKind,
)
from anguan.inspections.selectors.plans import PLAN_FIELDS
from anguan.inspections.services.plans import RowValues
from anguan.people.models import Department, Organ
from anguan.registry.models import Enterprise
from anguan.ui.offers import offer_rows

_DAY: Final = {"type": "date"}
_MOST_DAYS: Final = 100_000
_MOST_NAMED: Final = 5_000
_BETWEEN: Final = re.compile(r"[\s,，、;；]+")


class NewPlanForm(forms.Form):
    """编制计划: whose and for which year."""

    organ = forms.ModelChoiceField(label=gettext_lazy("编制机关"), queryset=Organ.objects.none(), empty_label=None)
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2999)
    title = forms.CharField(
        label=gettext_lazy("名称"), max_length=150, required=False, help_text=gettext_lazy("留空按机关和年度命名")
    )

    def __init__(self, *args: Any, organs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "organ", organs)


class CapacityForm(forms.Form):
    """测算表: how many officers, and what takes their days besides planned checks."""

    staff = forms.IntegerField(
        label=gettext_lazy("执法人员人数"),
        min_value=1,
        max_value=9999,
        help_text=gettext_lazy("总法定工作日 = 全年工作日 × 执法人员人数"),
    )

    def __init__(self, *args: Any, plan: AnnualPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].initial = plan.staff
        for prefix, words, stored in self._groups(plan):
            for word in words:
                self.fields[f"{prefix}_{word.value}"] = forms.DecimalField(
                    label=_(word.label),
                    min_value=0,
                    max_value=_MOST_DAYS,
                    decimal_places=1,
                    required=False,
                    initial=stored.get(word.value),
                )

    @staticmethod
    def _groups(plan: AnnualPlan) -> list[tuple[str, Any, dict[str, str]]]:
        return [("other", OtherWork, plan.other_days), ("non", NonEnforcement, plan.non_days)]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        """其他执法工作日."""
        return [self[f"other_{word.value}"] for word in OtherWork]

    @property
    def non_fields(self) -> list[forms.BoundField]:
        """非执法工作日."""
        return [self[f"non_{word.value}"] for word in NonEnforcement]

    def other_days(self) -> dict[OtherWork, Decimal]:
        """What was filled in, by category."""
        return {word: days for word in OtherWork if (days := self.cleaned_data.get(f"other_{word.value}"))}

    def non_days(self) -> dict[NonEnforcement, Decimal]:
        """What was filled in, by category."""
        return {word: days for word in NonEnforcement if (days := self.cleaned_data.get(f"non_{word.value}"))}


class RowForm(forms.Form):
    """计划事项: the ten fields of a row, and what a check of it takes."""

    item = ItemField(
        label=gettext_lazy("检查事项"),
        queryset=InspectionItem.objects.none(),
        empty_label=None,
        help_text=gettext_lazy("只有公布在事项清单里的可以列入"),
    )
    basis = forms.CharField(
        label=gettext_lazy("实施依据"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("留空按事项清单的依据"),
    )
    target_kind = forms.ChoiceField(label=gettext_lazy("检查对象怎么定"), widget=forms.RadioSelect)
    targets = forms.CharField(
        label=gettext_lazy("检查对象"), max_length=200, required=False, help_text=gettext_lazy("留空按事项清单的对象")
    )
    all_key = forms.BooleanField(label=gettext_lazy("列入全部重点检查对象"), required=False)
    named = forms.CharField(
        label=gettext_lazy("具体检查对象"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("统一社会信用代码或单位名称，一行一个；双随机的不填"),
    )
    pool_size = forms.IntegerField(
        label=gettext_lazy("双随机对象总数"), min_value=1, max_value=10_000_000, required=False
    )
    pool_count = forms.IntegerField(
        label=gettext_lazy("双随机抽取数"),
        min_value=1,
        max_value=10_000_000,
        required=False,
        help_text=gettext_lazy("比例由总数和抽取数算出"),
    )
    content = forms.CharField(
        label=gettext_lazy("检查内容"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("检查方式"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("能用数据、资料、远程办到的不到现场（国办发〔2024〕54号）"),
    )
    frequency = forms.IntegerField(label=gettext_lazy("每家每年频次"), min_value=1, max_value=99, initial=1)
    cap = forms.IntegerField(
        label=gettext_lazy("每家每年上限"), min_value=1, max_value=99, initial=1, help_text=gettext_lazy("上限要公布")
    )
    months = forms.TypedMultipleChoiceField(
        label=gettext_lazy("时间安排"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    department = forms.ModelChoiceField(
        label=gettext_lazy("承办机构"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=gettext_lazy("本机关"),
    )
    joint = forms.ChoiceField(label=gettext_lazy("联合检查"))
    partners = forms.CharField(
        label=gettext_lazy("联合部门"), max_length=200, required=False, help_text=gettext_lazy("多个用顿号隔开")
    )
    days_per_check = forms.DecimalField(
        label=gettext_lazy("每次工作日"), min_value=Decimal("0.1"), max_value=100, decimal_places=1, initial=1
    )
    officers_per_check = forms.IntegerField(label=gettext_lazy("每次人数"), min_value=2, max_value=99, initial=2)
    remark = forms.CharField(label=gettext_lazy("备注"), max_length=300, required=False)

    def __init__(self, *args: Any, plan: AnnualPlan, row: PlanRow | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = _initial(row)
        super().__init__(*args, **kwargs)
        # The row's own matter stays to choose, even where a later item list has it under another row.
        items = items_with_checklist(clock.local_day(clock.now()))
        if row is not None:
            items = items | InspectionItem.objects.filter(pk=row.item_id)
        offer_rows(self, "item", items.distinct())
        offer_rows(self, "department", plan.organ.departments.order_by("name"))
        for name, words in (("target_kind", TargetKind), ("mode", RowMode), ("joint", JointPart)):
            choice = self.fields[name]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = [(word.value, _(word.label)) for word in words]
        months = self.fields["months"]
        assert isinstance(months, forms.TypedMultipleChoiceField)
        months.choices = [(str(month), _("%(month)d月") % {"month": month}) for month in range(1, 13)]

    def clean_named(self) -> list[Enterprise]:
        words = {word for word in _BETWEEN.split(self.cleaned_data["named"]) if word}
        if len(words) > _MOST_NAMED:
            raise forms.ValidationError(_("一行最多列五千家，请分行。"))
        by_code = Enterprise.objects.filter(credit_code__in={word.upper() for word in words})
        by_name = Enterprise.objects.filter(name__in=words)
        found = {firm.pk: firm for firm in (by_code | by_name).filter(merged_into__isnull=True)}
        known = {firm.credit_code for firm in found.values()} | {firm.name for firm in found.values()}
        unknown = sorted(word for word in words if word not in known and word.upper() not in known)
        if unknown:
            raise forms.ValidationError(_("底账里没有：%(names)s。") % {"names": "、".join(unknown[:5])})
        return list(found.values())

    def values(self) -> RowValues:
        """The row as the service takes it."""
        cleaned = self.cleaned_data
        named = {firm.pk: firm for firm in cleaned["named"]}
        if cleaned["all_key"]:
            keys = Enterprise.objects.filter(is_key=True, merged_into__isnull=True, status="operating")
            named |= {firm.pk: firm for firm in keys}
        return RowValues(
            item=cleaned["item"],
            basis=cleaned["basis"],
            target_kind=TargetKind(cleaned["target_kind"]),
            targets=cleaned["targets"],
            content=cleaned["content"],
            mode=RowMode(cleaned["mode"]),
            months=cleaned["months"],
            frequency=cleaned["frequency"],
            cap=cleaned["cap"],
            named=list(named.values()),
            pool_size=cleaned["pool_size"],
            pool_count=cleaned["pool_count"],
            department=cleaned["department"],
            joint=JointPart(cleaned["joint"]),
            partners=cleaned["partners"],
            days_per_check=cleaned["days_per_check"],
            officers_per_check=cleaned["officers_per_check"],
            remark=cleaned["remark"],
        )


def _initial(row: PlanRow) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in PLAN_FIELDS if name != "department_id"},
        "item": row.item_id,
        "department": row.department_id,
        "named": "\n".join(sorted(row.named.values_list("credit_code", flat=True))),
    }


class CoordinateForm(forms.Form):
    """与上下级衔接."""

    coordinated_with = forms.CharField(
        label=gettext_lazy("与哪些机关衔接过"),
        max_length=200,
        help_text=gettext_lazy("上级和下级机关；系统会核对同一企业有没有被两级列入"),
    )


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=gettext_lazy("原因"), max_length=300)


class FileForm(forms.Form):
    """报政府备案."""

    filed_with = forms.CharField(label=gettext_lazy("备案机关"), max_length=100)
    number = forms.CharField(label=gettext_lazy("备案文号"), max_length=60)
    filed_on = forms.DateField(label=gettext_lazy("备案日期"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))


class SheetForm(forms.Form):
    """导入计划表."""

    file = forms.FileField(
        label=gettext_lazy("计划表（.xlsx 或 .csv）"),
        help_text=gettext_lazy("先导出本表再修改最稳妥；导入替换全部各行，有一处不对就一行也不改"),
    )


class SubjectForm(forms.Form):
    """列入检查主体."""

    subject = forms.ModelChoiceField(
        label=gettext_lazy("机关或组织"), queryset=Organ.objects.order_by("name"), empty_label=None
    )
    kind = forms.ChoiceField(label=gettext_lazy("主体性质"))
    basis = forms.CharField(
        label=gettext_lazy("依据"), max_length=300, help_text=gettext_lazy("法律、法规的名称和条款，或者委托书")
    )
    scope = forms.CharField(label=gettext_lazy("范围"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(word.value, _(word.label)) for word in SubjectKind]


class SubjectFileForm(forms.Form):
    """报司法行政部门."""

    filed_with = forms.CharField(label=gettext_lazy("司法行政部门"), max_length=100)
    filed_on = forms.DateField(label=gettext_lazy("报送日期"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))


class WithdrawForm(forms.Form):
    """登记变更、撤销: what the public result rests on has changed."""

    changed_on = forms.DateField(
        label=gettext_lazy("变更、撤销日期"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=gettext_lazy("撤回理由"),
        max_length=300,
        help_text=gettext_lazy("会公开，不要写个人信息和商业秘密"),
    )
