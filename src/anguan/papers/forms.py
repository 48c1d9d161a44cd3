"""Forms of the office: service, voiding, the sealed copy; and the code a citizen types from a paper."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from anguan.ground import clock
from anguan.papers.models import Paper
from anguan.papers.rules import ServiceMethod
from anguan.people.fields import OfficersField
from anguan.people.models import Officer
from anguan.people.selectors import officers_on_duty


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


class VoidForm(forms.Form):
    """作废."""

    reason = forms.CharField(label=gettext_lazy("作废原因"), max_length=300)


class SealedCopyForm(OnceForm):
    """盖章件."""

    file = forms.FileField(
        label=gettext_lazy("盖章件扫描件"), help_text=gettext_lazy("PDF 或图片，20 MB 以内；存入后不能改动")
    )
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)


class ServeForm(OnceForm):
    """送达 from the office: by mail, left, electronically, or handed over with a signed slip."""

    method = forms.ChoiceField(label=gettext_lazy("送达方式"), widget=forms.RadioSelect)
    receiver = forms.CharField(label=gettext_lazy("收件人"), max_length=60)
    place = forms.CharField(label=gettext_lazy("送达地点"), max_length=200)
    served_at = forms.DateTimeField(
        label=gettext_lazy("送达时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("从这时起生效，期限从次日起算"),
    )
    servers = OfficersField(
        label=gettext_lazy("送达人"),
        queryset=Officer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("须有两名"),
    )
    image = forms.FileField(
        label=gettext_lazy("收件人签名"), required=False, help_text=gettext_lazy("直接送达时须有签名的图片")
    )
    note = forms.CharField(
        label=gettext_lazy("备注"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("留置送达写明拒收情况和见证人；邮寄送达写明邮件号；电子送达写明确认书"),
    )

    def __init__(self, *args: Any, paper: Paper, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organs = frozenset({paper.handling_organ_id, paper.issuing_organ_id})
        choices = self.fields["method"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = [(method.value, _(method.label)) for method in ServiceMethod]
        choices.initial = ServiceMethod.MAIL.value
        servers = self.fields["servers"]
        assert isinstance(servers, forms.ModelMultipleChoiceField)
        servers.queryset = officers_on_duty(clock.local_day(now), organs)
        self.fields["place"].initial = paper.enterprise.address
        self.fields["receiver"].initial = paper.enterprise.principal
        self.fields["served_at"].initial = now


class CodeForm(forms.Form):
    """核验码 as somebody types it from a paper."""

    code = forms.CharField(
        label=gettext_lazy("核验码"), max_length=100, help_text=gettext_lazy("印在文书页脚网址的末尾")
    )
