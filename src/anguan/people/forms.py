"""Forms of `people`."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anguan.people.models import Expert, Organ, User
from anguan.people.rules import GRANTED, DutyPost, Matter, Role
from anguan.people.selectors import people_for
from anguan.ui.offers import offer_choices


class CodeForm(forms.Form):
    """One field for a one-time code, however it is typed."""

    code = forms.CharField(label=gettext_lazy("一次性码"), max_length=40)


class ResetForm(forms.Form):
    """忘记密码: account and mailbox, which must belong together."""

    username = forms.CharField(label=gettext_lazy("账号"), max_length=64)
    email = forms.EmailField(label=gettext_lazy("登记的邮箱"))


class JoinForm(forms.Form):
    """企业开通账号: what the platform must know of a person who speaks for an enterprise."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    username = forms.CharField(label=gettext_lazy("账号"), max_length=64, help_text=gettext_lazy("以后用它登录"))
    phone = forms.CharField(label=gettext_lazy("手机"), max_length=32, help_text=gettext_lazy("有事项需要办理时通知您"))
    email = forms.EmailField(label=gettext_lazy("邮箱"), required=False)
    password = forms.CharField(
        label=gettext_lazy("密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("至少 10 位，不要只用数字"),
    )

    def clean_username(self) -> str:
        """Refuse a name that is taken."""
        username = str(self.cleaned_data["username"])
        if not re.fullmatch(r"[\w.@+-]+", username):
            raise forms.ValidationError(_("账号只能用文字、数字和 . @ + - _，不能有空格和其他符号。"))
        # Log-in takes no notice of case, so neither does this.
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("这个账号已有人使用，请换一个。"))
        return username

    def clean_password(self) -> str:
        """The same demands on a password as everywhere."""
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


class UserForm(forms.Form):
    """新建账号."""

    username = forms.CharField(label=gettext_lazy("账号"), max_length=64)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    phone = forms.CharField(label=gettext_lazy("手机"), max_length=32, required=False)
    email = forms.EmailField(label=gettext_lazy("邮箱"), required=False)

    clean_username = JoinForm.clean_username


class GrantForm(forms.Form):
    """授权: a role for an organ."""

    role = forms.ChoiceField(label=gettext_lazy("角色"))
    organ = forms.ModelChoiceField(label=gettext_lazy("机构"), queryset=Organ.objects.all())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        granted = [(role.value, _(role.label)) for role in Role if role in GRANTED]
        offer_choices(self, "role", granted)


class LeaveForm(forms.Form):
    """登记离岗."""

    since = forms.DateField(label=gettext_lazy("自"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("至"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=60, required=False)


class ExpertForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only to the type checker
    """登记专家: the specialities in one line, as the list of experts has them."""

    specialities = forms.CharField(
        label=gettext_lazy("专业"), max_length=300, help_text=gettext_lazy("多个用顿号隔开，每个最多 32 个字")
    )

    class Meta:
        model = Expert
        fields = ["name", "employer", "specialities", "title", "organ", "term_to", "fee_yuan"]
        widgets = {"term_to": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "term_to": gettext_lazy("最后一天；空着表示没有约定"),
            "fee_yuan": gettext_lazy("抽取结果和检查记录会写明；不支付的填 0"),
        }

    def __init__(self, organs: frozenset[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["organ"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Organ.objects.filter(pk__in=organs).order_by("name")
        choice.required = True
        if len(organs) == 1:
            choice.initial = min(organs)
        if self.instance.pk is not None:
            self.initial["specialities"] = "、".join(self.instance.specialities)

    def clean_specialities(self) -> list[str]:
        """Each once, in the order written."""
        parts = (part.strip() for part in re.split(r"[、,，;；/]+", str(self.cleaned_data["specialities"])))
        found = list(dict.fromkeys(part for part in parts if part))
        too_long = next((part for part in found if len(part) > 32), None)
        if too_long is not None:
            raise forms.ValidationError(_("“%(word)s”太长，每个专业最多 32 个字。") % {"word": too_long})
        if not found:
            raise forms.ValidationError(_("请写明专业。"))
        return found


class ReasonForm(forms.Form):
    """A reason that goes into the records."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


class OrganForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only to the type checker
    """登记机构."""

    class Meta:
        model = Organ
        fields = ["name", "short_name", "kind", "parent", "review_body", "court", "address", "phone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].label = _("上级机构")


class DepartmentForm(forms.Form):
    """登记科室."""

    name = forms.CharField(label=gettext_lazy("科室名称"), max_length=60)


MATTERS = [(matter.value, gettext_lazy(matter.label)) for matter in Matter]


class EntrustmentForm(forms.Form):
    """登记委托."""

    entrusting = forms.ModelChoiceField(label=gettext_lazy("委托机关"), queryset=Organ.objects.all())
    document = forms.CharField(label=gettext_lazy("委托书"), max_length=100)
    matters = forms.MultipleChoiceField(
        label=gettext_lazy("委托事项"), choices=MATTERS, widget=forms.CheckboxSelectMultiple
    )
    valid_from = forms.DateField(label=gettext_lazy("自"), widget=forms.DateInput(attrs={"type": "date"}))
    valid_to = forms.DateField(label=gettext_lazy("至"), widget=forms.DateInput(attrs={"type": "date"}))
    publication_url = forms.URLField(label=gettext_lazy("公告网址"), required=False, assume_scheme="https")


class CompetenceForm(forms.Form):
    """登记职权."""

    matter = forms.ChoiceField(label=gettext_lazy("事项"), choices=MATTERS)
    statute = forms.CharField(label=gettext_lazy("法律"), max_length=60, help_text=gettext_lazy("如 安全生产法"))
    article = forms.CharField(label=gettext_lazy("条款"), max_length=60, help_text=gettext_lazy("如 第六十五条"))
    valid_from = forms.DateField(label=gettext_lazy("自"), widget=forms.DateInput(attrs={"type": "date"}))
    verified = forms.BooleanField(label=gettext_lazy("已核对原文"), required=False)


class ShiftForm(forms.Form):
    """排班: one person, one post, the same hours on the days ticked; the hours of the two usual shifts are offered."""

    user = forms.ModelChoiceField(label=gettext_lazy("人员"), queryset=User.objects.none())
    post = forms.ChoiceField(
        label=gettext_lazy("岗位"), choices=[(post.value, gettext_lazy(post.label)) for post in DutyPost]
    )
    starts = forms.TimeField(label=gettext_lazy("接班"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(
        label=gettext_lazy("交班"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("不晚于接班的，算到第二天"),
    )
    days = forms.MultipleChoiceField(
        label=gettext_lazy("哪几天"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请至少选一天。")},
    )

    def __init__(self, organ: Organ, monday: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"starts": "08:00", "ends": "20:00"}, **kwargs})
        people = self.fields["user"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = people_for(organ)
        people.empty_label = _("请选择")
        week = [monday + timedelta(days=place) for place in range(7)]
        offer_choices(self, "days", [(f"{day}", date_format(day, "m-d D")) for day in week])

    def clean_days(self) -> list[date]:
        """Days of the week shown."""
        return [date.fromisoformat(day) for day in self.cleaned_data["days"]]

    def clean_post(self) -> DutyPost:
        """The post itself."""
        return DutyPost(self.cleaned_data["post"])
