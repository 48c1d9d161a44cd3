"""Forms of what a duty room settles beforehand: where fires go, which control room is asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from anguan.alarms.models import Device
from anguan.alarms.rules.forwarding import Channel
from anguan.alarms.selectors import settings
from anguan.ground.access import Viewer
from anguan.people.models import Organ


class TargetForm(forms.Form):
    """上报对象: where an organ's fires go."""

    organ = forms.ModelChoiceField(label=gettext_lazy("接警机构"), queryset=Organ.objects.none(), empty_label=None)
    name = forms.CharField(
        label=gettext_lazy("对象名称"), max_length=100, help_text=gettext_lazy("例如：示例支队指挥中心")
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("方式"), choices=[(one.value, gettext_lazy(one.label)) for one in Channel]
    )
    address = forms.CharField(label=gettext_lazy("地址"), max_length=200)
    takes_unverified = forms.BooleanField(
        label=gettext_lazy("推定火警也发"),
        required=False,
        initial=True,
        help_text=gettext_lazy("两个独立探测器或者手动报警按钮报警时先发，注明还没有核实。"),
    )

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organs = self.fields["organ"]
        assert isinstance(organs, forms.ModelChoiceField)
        organs.queryset = settings.organs_led(viewer)


class PlacedDevice(forms.ModelChoiceField):  # type: ignore[type-arg]  # no subscript at run time
    """A device by where it stands."""

    def label_from_instance(self, row: Device) -> str:
        """Building and device, as the lists name them."""
        return " ".join(str(part) for part in (row.building, row) if part)


class DutyCheckForm(forms.Form):
    """立即查岗: which device's control room is asked."""

    device = PlacedDevice(
        label=gettext_lazy("装置"),
        queryset=Device.objects.none(),
        empty_label=gettext_lazy("请选择"),
        error_messages={
            "required": gettext_lazy("请先选定向哪台装置查岗。"),
            "invalid_choice": gettext_lazy("请先选定向哪台装置查岗。"),
        },
    )

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        devices = self.fields["device"]
        assert isinstance(devices, forms.ModelChoiceField)
        devices.queryset = settings.devices_watched(viewer)
