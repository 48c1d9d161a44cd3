"""Forms of batches and visits. What a form cannot know, the service refuses."""

import base64
import binascii
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from anguan.checklists.models import HazardPhrase, InspectionItem
from anguan.checklists.rules import HazardLevel
from anguan.checklists.selectors import items_with_checklist
from anguan.ground import clock
from anguan.inspections.draws import BeaconKind
from anguan.inspections.models import Batch, PlanRow
from anguan.inspections.plan_field import PlanRowField
from anguan.inspections.rules import UNRATED, WITHOUT_CHECK, Outcome, PartyRole, StratumPlan, suggested_due
from anguan.inspections.rules.plans import TargetKind
from anguan.inspections.selectors import party_candidates
from anguan.inspections.selectors.plan_use import row_for, usable_rows
from anguan.people.models import Organ, User
from anguan.registry.rules import RiskLevel
from anguan.ui.offers import offer_rows

_ROWS = 3
# Each ticket is one hash for each enterprise: more would only make the draw take hours.
_MOST_TICKETS = 100
_MOST_DRAWN = 10_000
_FURTHEST = timedelta(days=366)
_DAY = {"type": "date"}


class ItemField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A matter with its number."""

    def label_from_instance(self, obj: Any) -> str:
        assert isinstance(obj, InspectionItem)
        return f"{obj.code} {obj.matter}"


class PlanForm(forms.Form):
    """列入计划: title, matter, window, strata, tickets, and which randomness will be used."""

    title = forms.CharField(label=gettext_lazy("批次名称"), max_length=150)
    organ = forms.ModelChoiceField(label=gettext_lazy("检查机关"), queryset=Organ.objects.none(), empty_label=None)
    item = ItemField(
        label=gettext_lazy("抽查事项"),
        queryset=InspectionItem.objects.none(),
        empty_label=None,
        help_text=gettext_lazy("只有公布在事项清单里的可以抽查"),
    )
    plan_row = PlanRowField()
    window_from = forms.DateField(label=gettext_lazy("检查期自"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    window_to = forms.DateField(label=gettext_lazy("检查期至"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    officers_per_target = forms.IntegerField(
        label=gettext_lazy("每家派几人"),
        min_value=2,
        max_value=9,
        initial=2,
        help_text=gettext_lazy("不少于两人（行政处罚法第四十二条）"),
    )
    experts_per_target = forms.IntegerField(
        label=gettext_lazy("每家几名专家随行"),
        required=False,
        min_value=0,
        max_value=3,
        initial=0,
        help_text=gettext_lazy("与企业、执法人员用同一个种子抽取；专家只提意见，不计入两名执法人员"),
    )
    expert_speciality = forms.CharField(
        label=gettext_lazy("专家专业"), max_length=32, required=False, help_text=gettext_lazy("留空为全部专业")
    )
    expert_capacity = forms.IntegerField(
        label=gettext_lazy("每名专家最多去几家"), required=False, min_value=1, max_value=100, initial=3
    )
    sealed = forms.BooleanField(
        label=gettext_lazy("密封抽查"),
        required=False,
        help_text=gettext_lazy("抽中哪几家装进信封，只公布加盐的承诺；检查组出发时各自启封，谁在何时启封都有记录"),
    )
    beacon_kind = forms.ChoiceField(label=gettext_lazy("公开随机源"), widget=forms.RadioSelect)
    beacon_round = forms.CharField(
        label=gettext_lazy("哪一个公开数值"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("例如 双色球第 2026120 期开奖号码；drand 的轮次自动推算"),
    )
    not_before = forms.DateTimeField(
        label=gettext_lazy("随机值产生时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("承诺必须在此之前公布，秘密在此之后才能开启"),
    )

    def __init__(self, *args: Any, organs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "organ", organs)
        offer_rows(self, "item", items_with_checklist(clock.local_day(clock.now())))
        rows = self.fields["plan_row"]
        assert isinstance(rows, PlanRowField)
        rows.offer(usable_rows(organs, clock.local_day(clock.now()).year).filter(target_kind=TargetKind.POOL))
        kinds = self.fields["beacon_kind"]
        assert isinstance(kinds, forms.ChoiceField)
        kinds.choices = [(kind.value, _(kind.label)) for kind in BeaconKind]
        kinds.initial = BeaconKind.PARTIES_ONLY.value
        for row in range(1, _ROWS + 1):
            needed = row == 1
            number = {"number": row}
            self.fields[f"name_{row}"] = forms.CharField(
                label=_("第 %(number)s 层名称") % number, max_length=64, required=needed
            )
            self.fields[f"industries_{row}"] = forms.CharField(
                label=_("第 %(number)s 层行业代码") % number,
                required=False,
                help_text=_("以这些开头的行业，用逗号分开；留空为全部行业"),
            )
            self.fields[f"key_{row}"] = forms.ChoiceField(
                label=_("第 %(number)s 层企业") % number,
                required=False,
                choices=[("", _("全部")), ("yes", _("只有重点检查对象")), ("no", _("只有一般企业"))],
            )
            self.fields[f"targets_{row}"] = forms.IntegerField(
                label=_("第 %(number)s 层抽几家") % number, min_value=1, max_value=_MOST_DRAWN, required=needed
            )
            self.fields[f"alternates_{row}"] = forms.IntegerField(
                label=_("第 %(number)s 层备选几家") % number,
                min_value=0,
                max_value=_MOST_DRAWN,
                required=False,
                initial=1,
            )
            self.fields[f"speciality_{row}"] = forms.CharField(
                label=_("第 %(number)s 层执法领域") % number,
                required=False,
                max_length=32,
                help_text=_("填了则只派有此领域的执法人员"),
            )
        for level, tickets in zip(RiskLevel, (1, 2, 4, 8), strict=True):
            self.fields[f"weight_{level.value}"] = forms.IntegerField(
                label=_("%(level)s风险每家几签") % {"level": _(level.label)},
                min_value=1,
                max_value=_MOST_TICKETS,
                initial=tickets,
            )
        self.fields["weight_none"] = forms.IntegerField(
            label=_("未评级每家几签"), min_value=1, max_value=_MOST_TICKETS, initial=2
        )

    @property
    def head(self) -> list[forms.BoundField]:
        """What the batch is about."""
        names = ("title", "organ", "item", "plan_row", "window_from", "window_to", "officers_per_target", "sealed")
        return [self[name] for name in names]

    @property
    def experts(self) -> list[forms.BoundField]:
        """Which experts go along."""
        return [self[name] for name in ("experts_per_target", "expert_speciality", "expert_capacity")]

    @property
    def beacon(self) -> list[forms.BoundField]:
        """Which randomness will be used."""
        return [self[name] for name in ("beacon_kind", "beacon_round", "not_before")]

    @property
    def weights_fields(self) -> list[forms.BoundField]:
        """Tickets per class."""
        return [self[name] for name in self.fields if name.startswith("weight_")]

    @property
    def stratum_fields(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The fields of each stratum."""
        names = ("name", "industries", "key", "targets", "alternates", "speciality")
        return [(row, [self[f"{name}_{row}"] for name in names]) for row in range(1, _ROWS + 1)]

    def clean_not_before(self) -> Any:
        moment = self.cleaned_data["not_before"]
        moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
        if abs(moment - timezone.now()) > _FURTHEST:
            raise forms.ValidationError(_("约定的随机值时间须在一年以内。"))
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("window_from") and cleaned.get("window_to") and cleaned["window_to"] < cleaned["window_from"]:
            self.add_error("window_to", _("检查期的最后一天不能早于第一天。"))
        for row in range(2, _ROWS + 1):
            if cleaned.get(f"name_{row}") and not cleaned.get(f"targets_{row}"):
                self.add_error(f"targets_{row}", _("写了这一层，就请写明抽几家。"))
        return cleaned

    def chosen_row(self) -> PlanRow | None:
        """The row that was chosen, or the one that fits the matter; None where neither is."""
        values, field = self.cleaned_data, self.fields["plan_row"]
        assert isinstance(field, PlanRowField)
        if values["plan_row"]:
            return field.chosen(values["plan_row"])
        return row_for(values["organ"], values["item"], values["window_from"].year, TargetKind.POOL)

    def strata(self) -> list[StratumPlan]:
        """The strata that were filled in."""
        values = self.cleaned_data
        plans = []
        for row in range(1, _ROWS + 1):
            if not values.get(f"name_{row}"):
                continue
            words = values.get(f"industries_{row}", "").replace("，", ",").replace("、", ",").split(",")
            plans.append(
                StratumPlan(
                    id=values[f"name_{row}"].strip(),
                    targets=values[f"targets_{row}"],
                    alternates=values.get(f"alternates_{row}") or 0,
                    speciality=values.get(f"speciality_{row}", "").strip(),
                    industries=tuple(word.strip().upper() for word in words if word.strip()),
                    key={"yes": True, "no": False}.get(values.get(f"key_{row}", "")),
                )
            )
        return plans

    def weights(self) -> dict[str, int]:
        """Tickets by class."""
        by_level = {level.value: self.cleaned_data[f"weight_{level.value}"] for level in RiskLevel}
        return {**by_level, UNRATED: self.cleaned_data["weight_none"]}


class PartyForm(forms.Form):
    """添加参与方."""

    role = forms.ChoiceField(label=gettext_lazy("身份"))
    user = forms.ModelChoiceField(label=gettext_lazy("由谁参与"), queryset=User.objects.none())

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(one.value, _(one.label)) for one in PartyRole]
        offer_rows(self, "user", party_candidates(batch))


class BeaconForm(forms.Form):
    """登记公开随机值."""

    value = forms.CharField(label=gettext_lazy("公开随机值"), max_length=200)
    signature = forms.CharField(
        label=gettext_lazy("签名"), max_length=96, required=False, help_text=gettext_lazy("drand 该轮的 signature")
    )
    source = forms.CharField(
        label=gettext_lazy("来源"), max_length=200, required=False, help_text=gettext_lazy("公布它的网址或公告")
    )


class StartForm(forms.Form):
    """到场签到."""

    present = forms.MultipleChoiceField(
        label=gettext_lazy("到场的执法人员"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请勾选到场的执法人员，至少两名。")},
    )
    host = forms.CharField(
        label=gettext_lazy("被检查单位现场负责人"), max_length=60, help_text=gettext_lazy("不要求法定代表人本人到场")
    )
    position_lat = forms.DecimalField(required=False, widget=forms.HiddenInput, max_digits=9, decimal_places=6)
    position_lon = forms.DecimalField(required=False, widget=forms.HiddenInput, max_digits=9, decimal_places=6)
    position_accuracy = forms.IntegerField(required=False, min_value=0, max_value=10_000_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, officers: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = self.fields["present"]
        assert isinstance(present, forms.MultipleChoiceField)
        present.choices = [(str(key), name) for key, name in officers]
        present.initial = [str(key) for key, _name in officers]


class OnceForm(forms.Form):
    """A form that is one act however often it is sent: its hidden id is made when the page is."""

    uid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uid"].initial = uuid7

    @property
    def once(self) -> UUID:
        """The id of the act."""
        return UUID(str(self.cleaned_data["uid"]))


class AnswerForm(OnceForm):
    """一项检查结果."""

    outcome = forms.ChoiceField(
        choices=[(outcome.value, outcome.label) for outcome in Outcome],
        error_messages={"required": gettext_lazy("请选择符合、不符合或不适用。")},
    )
    place = forms.CharField(label=gettext_lazy("部位"), max_length=100, required=False)
    note = forms.CharField(
        label=gettext_lazy("情况"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("不符合时必填：看到了什么、在哪里"),
    )
    level = forms.ChoiceField(label=gettext_lazy("隐患级别"), required=False)
    criterion = forms.CharField(
        label=gettext_lazy("重大隐患判定依据"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("定为重大隐患时必填，从下面选判定标准的条款"),
        # Suggestions of the browser's own, where no script runs.
        widget=forms.TextInput(attrs={"list": "criteria"}),
    )
    phrase = forms.MultipleChoiceField(required=False)
    due_on = forms.DateField(
        label=gettext_lazy("整改期限"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )

    def __init__(
        self, *args: Any, phrases: Sequence[HazardPhrase], suggested: tuple[str, date], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.phrases, self.suggested, self.today = phrases, suggested, today
        fields: Any = self.fields
        fields["level"].choices = [(one.value, _(one.label)) for one in HazardLevel]
        fields["phrase"].choices = [(phrase.text, phrase.text) for phrase in phrases]
        fields["phrase"].error_messages["invalid_choice"] = _("选中的说法已经不在隐患目录里，请重新选择。")

    def clean(self) -> dict[str, Any]:
        """Write what was ticked into the note; level and term follow it where they are still the suggested ones."""
        cleaned = super().clean() or {}
        chosen = [phrase for phrase in self.phrases if phrase.text in cleaned.get("phrase", [])]
        if not chosen:
            return cleaned
        said = [cleaned.get("note", "").strip()]
        said += [phrase.text for phrase in chosen if phrase.text not in said[0]]
        cleaned["note"] = "；".join(filter(None, said))
        level, due_on = self.suggested
        if cleaned.get("level") in {"", level}:
            levels = {phrase.hazard_level for phrase in chosen}
            cleaned["level"] = HazardLevel.MAJOR if HazardLevel.MAJOR in levels else HazardLevel.GENERAL
        if cleaned.get("due_on") in {None, due_on}:
            cleaned["due_on"] = suggested_due(self.today, min(phrase.days for phrase in chosen))
        return cleaned


NOT_RECTIFIED = ("no", gettext_lazy("未整改到位"))


class RecheckForm(OnceForm):
    """一条隐患的复查结果."""

    is_rectified = forms.TypedChoiceField(
        label=gettext_lazy("复查结果"),
        widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("已整改")), NOT_RECTIFIED],
        coerce=lambda value: value == "yes",
    )
    note = forms.CharField(label=gettext_lazy("说明"), max_length=500, required=False)

    def __init__(self, *args: Any, is_reported: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_reported:
            field = self.fields["is_rectified"]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = [NOT_RECTIFIED]
            field.help_text = gettext_lazy("企业还没有报告整改完成，不能记为已整改；请企业在手机上报告后再复查。")


class SignatureForm(OnceForm):
    """签名, drawn on the screen; `image` gives its bytes."""

    signature = forms.CharField(required=False, widget=forms.HiddenInput)
    signature_refused = forms.BooleanField(required=False)
    signature_note = forms.CharField(required=False, max_length=200)
    name = forms.CharField(label=gettext_lazy("签名人姓名"), max_length=60, required=False)

    @property
    def image(self) -> bytes | None:
        """The PNG that the pad made; None where nothing was drawn or the field holds something else."""
        head, _sep, body = self.cleaned_data.get("signature", "").partition(",")
        if head != "data:image/png;base64":
            return None
        try:
            return base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError):
            return None


class ServeForm(SignatureForm):
    """送达 on the spot."""

    method = forms.ChoiceField(
        label=gettext_lazy("送达方式"),
        choices=[("direct", gettext_lazy("直接送达，收件人当场签收")), ("left", gettext_lazy("留置送达，收件人拒收"))],
        widget=forms.RadioSelect,
        initial="direct",
    )
    receiver = forms.CharField(label=gettext_lazy("收件人"), max_length=60)
    place = forms.CharField(label=gettext_lazy("送达地点"), max_length=200)
    note = forms.CharField(
        label=gettext_lazy("备注"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("留置送达时写明拒收的情况和见证人"),
    )


class WithoutCheckForm(OnceForm):
    """未能检查."""

    category = forms.ChoiceField(label=gettext_lazy("情形"), widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("情况"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)
        category.choices = [(one.value, _(one.label)) for one in sorted(WITHOUT_CHECK)]
