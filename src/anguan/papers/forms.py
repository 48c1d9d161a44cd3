"""Forms of the office: service, voiding, the sealed copy; and the code a citizen types from a paper."""

from base64 import b64decode
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from anguan.core.enums import Labelled
from anguan.ground import clock, evidence
from anguan.papers.models import Paper
from anguan.papers.rules import AttemptOutcome, ConsentKind, OpinionRole, ServiceMethod, Stance
from anguan.people.fields import OfficersField
from anguan.people.models import Officer
from anguan.people.selectors import officers_on_duty

FIRM: Final = "firm"


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


class HandingForm(OnceForm):
    """Who hands a paper over, where and when; what service and a failed try have in common."""

    place = forms.CharField(label=gettext_lazy("送达地点"), max_length=200)
    servers = OfficersField(
        label=gettext_lazy("送达人"),
        queryset=Officer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("须有两名"),
    )

    def __init__(self, *args: Any, paper: Paper, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organs = frozenset({paper.handling_organ_id, paper.issuing_organ_id})
        servers = self.fields["servers"]
        assert isinstance(servers, forms.ModelMultipleChoiceField)
        servers.queryset = officers_on_duty(clock.local_day(now), organs)
        self.fields["place"].initial = paper.body.get("recipient_address") or paper.enterprise.address

    def offer(self, name: str, members: Iterable[Labelled], initial: Labelled) -> None:
        """Fill a choice with the words of an enum."""
        choices = self.fields[name]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = [(member.value, _(member.label)) for member in members]
        choices.initial = initial.value

    def file_of(self, name: str) -> bytes | None:
        """The bytes of an uploaded file, one more than is allowed at most; None where there is none."""
        file = self.cleaned_data.get(name)
        data: bytes | None = file.read(evidence.LARGEST_FILE + 1) if file else None
        return data


class ServeForm(HandingForm):
    """送达 from the office, in every way but announcement, which has a page of its own."""

    method = forms.ChoiceField(label=gettext_lazy("送达方式"), widget=forms.RadioSelect)
    receiver = forms.CharField(label=gettext_lazy("收件人"), max_length=60)
    served_at = forms.DateTimeField(
        label=gettext_lazy("送达时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("从这时起生效，期限从次日起算；邮寄送达填回执上的签收时间"),
    )
    image = forms.FileField(
        label=gettext_lazy("收件人签名"), required=False, help_text=gettext_lazy("直接送达时须有签名的图片")
    )
    witness = forms.CharField(
        label=gettext_lazy("见证人"), max_length=60, required=False, help_text=gettext_lazy("留置送达时填写")
    )
    video = forms.FileField(
        label=gettext_lazy("留置现场照片"), required=False, help_text=gettext_lazy("没有见证人的，须有照片")
    )
    mail_number = forms.CharField(
        label=gettext_lazy("邮件号"), max_length=60, required=False, help_text=gettext_lazy("邮寄送达时填写")
    )
    agent = forms.CharField(
        label=gettext_lazy("受委托或者转交的单位"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("委托送达、转交送达时填写"),
    )
    letter = forms.CharField(
        label=gettext_lazy("委托函或者转交函"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("文号或者日期"),
    )
    note = forms.CharField(
        label=gettext_lazy("备注"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("留置送达写明拒收的情况"),
    )

    field_order = ("method", "receiver", "place", "served_at", "servers")

    def __init__(self, *args: Any, paper: Paper, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, paper=paper, now=now, **kwargs)
        ways = [method for method in ServiceMethod if method is not ServiceMethod.ANNOUNCED]
        self.offer("method", ways, ServiceMethod.MAIL)
        self.fields["receiver"].initial = paper.body.get("recipient") or paper.enterprise.principal
        self.fields["served_at"].initial = now

    @property
    def details(self) -> dict[str, str]:
        """The words that prove the way of service."""
        return {key: self.cleaned_data[key] for key in ("witness", "mail_number", "agent", "letter")}


class AttemptForm(HandingForm):
    """送达不成."""

    method = forms.ChoiceField(label=gettext_lazy("送达方式"), widget=forms.RadioSelect)
    outcome = forms.ChoiceField(label=gettext_lazy("结果"), widget=forms.RadioSelect)
    tried_at = forms.DateTimeField(
        label=gettext_lazy("时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    note = forms.CharField(
        label=gettext_lazy("情况"),
        max_length=300,
        help_text=gettext_lazy("怎样没有送达成：见到谁、邮件号、怎样查找的"),
    )
    photo = forms.FileField(label=gettext_lazy("照片或者退件扫描件"), required=False)

    field_order = ("method", "outcome", "tried_at", "place", "servers")

    def __init__(self, *args: Any, paper: Paper, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, paper=paper, now=now, **kwargs)
        ways = [method for method in ServiceMethod if method is not ServiceMethod.ANNOUNCED]
        self.offer("method", ways, ServiceMethod.DIRECT)
        self.offer("outcome", AttemptOutcome, AttemptOutcome.NOBODY)
        self.fields["tried_at"].initial = now


class AnnounceForm(HandingForm):
    """公告送达."""

    announced_on = forms.DateField(label=gettext_lazy("公告日期"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=gettext_lazy("公告的理由"), max_length=300)

    field_order = ("announced_on", "place", "reason", "servers")

    def __init__(self, *args: Any, paper: Paper, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, paper=paper, now=now, **kwargs)
        place = self.fields["place"]
        place.label, place.initial = _("公告载体"), ""
        place.help_text = _("公告栏、报纸或者网站，写明名称和网址")
        self.fields["announced_on"].initial = clock.local_day(now)


class ConsentForm(OnceForm):
    """送达地址确认书."""

    signed_by = forms.CharField(label=gettext_lazy("签署人"), max_length=60)
    kinds = forms.MultipleChoiceField(label=gettext_lazy("确认的方式"), widget=forms.CheckboxSelectMultiple)
    address = forms.CharField(label=gettext_lazy("邮寄地址"), max_length=200, required=False)
    mobile = forms.CharField(label=gettext_lazy("手机"), max_length=32, required=False)
    email = forms.EmailField(label=gettext_lazy("电子邮箱"), required=False)
    since = forms.DateField(label=gettext_lazy("签署日期"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(
        label=gettext_lazy("有效期至"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("没有期限的留空"),
    )
    sheet = forms.FileField(
        label=gettext_lazy("签署的确认书"), help_text=gettext_lazy("PDF 或图片，20 MB 以内；存入后不能改动")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["kinds"]
        assert isinstance(kinds, forms.MultipleChoiceField)
        kinds.choices = [(kind.value, _(kind.label)) for kind in ConsentKind]


class FormVersionForm(forms.Form):
    """本机关的格式: what an organ changes of a shipped form; all of it is text."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=40)
    number_prefix = forms.CharField(
        label=gettext_lazy("文号字头"), max_length=12, help_text=gettext_lazy("只用汉字，如 应急责改")
    )
    heading = forms.CharField(
        label=gettext_lazy("眉题"), max_length=40, help_text=gettext_lazy("印在标题上方，本机关所有文书相同")
    )
    valid_from = forms.DateField(
        label=gettext_lazy("启用日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("这天起新拟的文书用这个格式；已有的文书不变"),
    )
    labels = forms.CharField(
        label=gettext_lazy("增加的栏目"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("每行一栏，最多 12 栏；没有填写的留横线"),
    )
    opening = forms.CharField(
        label=gettext_lazy("正文前的文字"), required=False, max_length=800, widget=forms.Textarea(attrs={"rows": 3})
    )
    closing = forms.CharField(
        label=gettext_lazy("落款前的文字"), required=False, max_length=800, widget=forms.Textarea(attrs={"rows": 3})
    )


class CodeForm(forms.Form):
    """核验码 as somebody types it from a paper."""

    code = forms.CharField(
        label=gettext_lazy("核验码"), max_length=100, help_text=gettext_lazy("印在文书页脚网址的末尾")
    )


class SendForm(OnceForm):
    """送审."""

    opinion = forms.CharField(
        label=gettext_lazy("承办人意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, paper: Paper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opinion = self.fields["opinion"]
        opinion.required = OpinionRole.HANDLER in paper.spec.opinions
        if opinion.required:
            opinion.initial = _("建议同意，请审批。")


class OpinionForm(OnceForm):
    """审核意见、审批意见."""

    stance = forms.ChoiceField(label=gettext_lazy("意见"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("意见内容"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("不同意或者退回的写明理由；同意的可以不写。会印在文书上"),
    )

    def __init__(self, *args: Any, role: OpinionRole, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agree = _("同意，转审批") if role is OpinionRole.REVIEWER else _("同意")
        choices = [(Stance.AGREES.value, agree), (Stance.RETURNS.value, _("退回修改"))]
        if role is OpinionRole.APPROVER:
            choices.insert(1, (Stance.REFUSES.value, _("不同意，存档")))
        stance = self.fields["stance"]
        assert isinstance(stance, forms.ChoiceField)
        stance.choices = choices


class PaperSignatureForm(OnceForm):
    """签名 in the office: an officer's, or that of the firm's person who came, or the note that it refused."""

    party = forms.ChoiceField(label=gettext_lazy("谁来签"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=gettext_lazy("被检查单位签名人"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("被检查单位签名时填写"),
    )
    signature = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2_000_000)
    signature_refused = forms.BooleanField(required=False, widget=forms.HiddenInput)
    signature_note = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, officers: Iterable[Officer], asks_firm: bool, firm: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), f"{one.name}（{one.certificate_no}）") for one in officers]
        if asks_firm:
            choices.append((FIRM, _("被检查单位")))
        party = self.fields["party"]
        assert isinstance(party, forms.ChoiceField)
        party.choices = choices
        party.initial = choices[0][0] if choices else None
        if asks_firm:
            self.fields["name"].initial = firm
        else:
            del self.fields["name"]

    @property
    def image(self) -> bytes | None:
        """The drawn picture; None where the pad is empty or what came isn't one."""
        head, _comma, data = str(self.cleaned_data.get("signature", "")).partition(",")
        if not head.startswith("data:image/png;base64"):
            return None
        try:
            return b64decode(data, validate=True)
        except ValueError:
            return None
