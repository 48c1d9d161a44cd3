"""Forms of the duty room's devices and test windows."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anguan.alarms.models import Device, Point
from anguan.alarms.rules.devices import Profile, written_source
from anguan.ground.clock import CHINA
from anguan.people.models import Organ

_PROFILES = [(one.value, gettext_lazy(one.label)) for one in Profile]


class RegisterForm(forms.Form):
    """登记来源: what a device will be told apart by, before it was heard."""

    source = forms.CharField(
        label=gettext_lazy("来源"),
        max_length=64,
        help_text=gettext_lazy(
            "12 位十六进制源地址；没有源地址的写 @ 加网络地址；用 MQTT 的写 mqtt: 加主题名；用 HTTP 的写系统名称"
        ),
    )

    def clean_source(self) -> str:
        """As the intake writes it."""
        source = written_source(str(self.cleaned_data["source"]))
        if source is None:
            raise forms.ValidationError(
                _("来源写法不对：源地址是 12 位十六进制数，如 7b2b00000000；系统名称只用字母、数字、点和横线。")
            )
        return source


class AdmitForm(forms.Form):
    """接入: where a device stands and how it speaks; the building or unit is chosen by the button."""

    organ = forms.ModelChoiceField(label=gettext_lazy("接警机构"), queryset=Organ.objects.none())
    place = forms.CharField(
        label=gettext_lazy("安装位置"), max_length=100, required=False, help_text=gettext_lazy("如 一层消防控制室")
    )
    profile = forms.ChoiceField(label=gettext_lazy("协议方言"), choices=_PROFILES)

    def __init__(self, organs: QuerySet[Organ], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["organ"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = organs
        choice.initial = organs.first()
        choice.empty_label = None


class DeviceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only to the type checker
    """修改装置资料."""

    heartbeat_s = forms.IntegerField(label=gettext_lazy("心跳间隔（秒）"), min_value=1, max_value=86400)
    poll_every_s = forms.IntegerField(
        label=gettext_lazy("巡检间隔（秒）"),
        min_value=10,
        max_value=7200,
        required=False,
        help_text=gettext_lazy("10 秒到 2 小时；空着按平台设置"),
    )

    profile = forms.ChoiceField(label=gettext_lazy("协议方言"), choices=_PROFILES)

    class Meta:
        model = Device
        fields = ["place", "maker", "model", "profile", "heartbeat_s", "poll_every_s"]


class PointForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only to the type checker
    """登记点位."""

    class Meta:
        model = Point
        fields = ["text", "zone", "maker", "is_critical"]
        help_texts = {
            "zone": gettext_lazy("同一分区两个探测器先后报警，推定为火警"),
            "is_critical": gettext_lazy("消防泵、控制器、联动柜这一类，停了整栋楼就没有防护"),
        }


class ReasonForm(forms.Form):
    """停用 with the reason."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


class DeviceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only to the type checker
    """A device by where it stands."""

    def label_from_instance(self, obj: Any) -> str:
        """The building or unit, then the place in it."""
        return f"{obj.building or obj.enterprise or ''} {obj}".strip()


class WindowForm(forms.Form):
    """登记测试时段."""

    device = DeviceField(label=gettext_lazy("测试哪台装置"), queryset=Device.objects.none())
    whole_building = forms.BooleanField(label=gettext_lazy("整栋建筑的装置都在测试"), required=False)
    zones = forms.CharField(
        label=gettext_lazy("防火分区"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("只测试部分分区时写，用顿号隔开；空着表示全部"),
    )
    since = forms.DateTimeField(
        label=gettext_lazy("开始"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    until = forms.DateTimeField(
        label=gettext_lazy("结束"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    reason = forms.CharField(label=gettext_lazy("测试事由"), max_length=200)
    responsible = forms.CharField(label=gettext_lazy("现场负责人"), max_length=60)
    phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=32, required=False)

    def __init__(self, devices: QuerySet[Device], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["device"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = devices
        choice.empty_label = _("请选择")

    def clean_zones(self) -> list[str]:
        """Each once."""
        parts = str(self.cleaned_data["zones"]).replace("，", "、").replace(",", "、").split("、")
        return list(dict.fromkeys(part.strip()[:60] for part in parts if part.strip()))

    def clean(self) -> dict[str, Any]:
        """A building is tested as a whole only where the device stands in one."""
        values = super().clean() or {}
        device = values.get("device")
        if values.get("whole_building") and isinstance(device, Device) and device.building_id is None:
            self.add_error("whole_building", _("这台装置没有登记建筑，请先在装置页面登记。"))
        return values


def in_the_form(moment: datetime) -> str:
    """A moment as a field of date and time takes it."""
    return f"{moment.astimezone(CHINA):%Y-%m-%dT%H:%M}"
