"""Forms of the ledger. What is typed is judged by the same cleaning as what stands in a file."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anguan.core.coordinates import CoordinateSystem
from anguan.core.words import N_
from anguan.ground.access import Viewer
from anguan.ground.evidence import LARGEST_FILE
from anguan.people.models import Officer
from anguan.people.rules import Role
from anguan.people.selectors import officers_visible_to
from anguan.registry.kinds import LedgerKind
from anguan.registry.models import Complex, Enterprise, Found
from anguan.registry.rules import ConflictKind, Refused, check_coordinates, settle_position
from anguan.registry.selectors import resolve
from anguan.registry.services.naming import firm_called
from anguan.registry.services.plans import Picture
from anguan.registry.services.runs import sentence
from anguan.registry.sheets import columns
from anguan.registry.sheets.cells import clean_cell

_LONG = frozenset({"remark"})
NO_SUCH_CODE = N_("企业台账里没有这个统一社会信用代码，请先登记该企业")


class RowForm(forms.Form):
    """One row of the ledger, new or changed; `values` are the model's after `is_valid`."""

    def __init__(
        self, kind: LedgerKind, data: Any = None, row: Found | None = None, given: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data)
        self.kind = kind
        self.given = given or {}
        self.row = row
        self.sheet = columns.KINDS.get(kind.slug)
        self.values: dict[str, Any] = {}
        names = list(kind.edits)
        if row is None and self.sheet is not None:
            names = [column.field for column in self.sheet.columns]
        elif kind.owner_code:
            names.append(kind.owner_code)
        for name in names:
            self.fields[name] = self._field(name)

    def _field(self, name: str) -> forms.Field:
        column = self.sheet.by_field.get(name) if self.sheet else None
        model = next((one for one in self.kind.model._meta.concrete_fields if one.name == name), None)
        label = _(column.name) if column else str(model.verbose_name) if model else name
        initial = self._initial(name)
        required = column.required if column else not getattr(model, "blank", True)
        hint = _(column.hint) if column and column.hint else ""
        if name == "complex_name":
            malls = [(mall, mall) for mall in Complex.objects.order_by("name").values_list("name", flat=True)]
            return forms.ChoiceField(label=label, initial=initial, choices=[("", "—"), *malls])
        if isinstance(model, models.BooleanField):
            return forms.BooleanField(label=label, required=False, initial=initial)
        if model is not None and model.choices:
            pairs = [(str(value), _(str(word))) for value, word in model.flatchoices]
            if not required:
                pairs = [("", "—"), *pairs]
            return forms.ChoiceField(label=label, required=required, initial=initial, choices=pairs)
        widget: forms.Widget = forms.TextInput()
        if isinstance(model, models.DateField):
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        elif name in _LONG:
            widget = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(label=label, required=required, initial=initial, help_text=hint, widget=widget)

    def _initial(self, name: str) -> Any:
        if name == "complex_name" and re.fullmatch("[0-9]{1,18}", self.given.get("complex", "")):
            return Complex.objects.filter(pk=int(self.given["complex"])).values_list("name", flat=True).first()
        if name == "given_in":
            return CoordinateSystem.CGCS2000.value
        if self.row is None:
            return {"status": "operating"}.get(name) if self.kind.model is Enterprise else None
        if name == self.kind.owner_code:
            owner = getattr(self.row, self.kind.owner)
            return owner.credit_code if owner else ""
        return getattr(self.row, name)

    def clean(self) -> dict[str, Any]:
        """Clean every text as the cell of a file would be."""
        given: dict[str, Any] = dict(self.cleaned_data)
        for name, value in given.items():
            column = self.sheet.by_field.get(name) if self.sheet else None
            if column is None or not isinstance(self.fields[name], forms.CharField):
                self.values[name] = value
                continue
            try:
                self.values[name] = clean_cell(column, value)
            except Refused as refusal:
                self.add_error(name, sentence(refusal))
        self._check_position()
        if self.row is not None:
            self._fit_model()
            self._check_owner()
        return given

    def _check_position(self) -> None:
        longitude, latitude = self.values.get("longitude"), self.values.get("latitude")
        if longitude in (None, "") and latitude in (None, ""):
            if "given_in" in self.values:
                self.values["given_in"] = ""
            return
        try:
            if longitude in (None, "") or latitude in (None, ""):
                raise Refused(N_("经度和纬度要一起填写，现在只有其中一个"))
            check_coordinates(longitude, latitude)
        except Refused as refusal:
            for name in ("longitude", "latitude"):
                self.add_error(name, sentence(refusal))
            return
        if self.row is not None and (longitude, latitude) == (self.row.longitude, self.row.latitude):  # type: ignore[attr-defined]  # Located
            # Shown as kept, in CGCS2000, and sent back untouched.
            self.values.pop("given_in", None)
            return
        settle_position(self.values)

    def _fit_model(self) -> None:
        for one in self.kind.model._meta.concrete_fields:
            if one.name in self.values and self.values[one.name] in (None, ""):
                self.values[one.name] = None if one.null else ""

    def _check_owner(self) -> None:
        code = self.values.pop(self.kind.owner_code, None) if self.kind.owner_code else None
        if self.kind.owner_code and self.kind.owner_code not in self.errors:
            firm = Enterprise.objects.filter(credit_code=code).first() if code else None
            if code and firm is None:
                self.add_error(self.kind.owner_code, _(NO_SUCH_CODE))
            else:
                self.values[self.kind.owner] = resolve(firm) if firm else None


class UploadForm(forms.Form):
    """上传: one file of one kind."""

    kind = forms.ChoiceField(label=gettext_lazy("台账种类"))
    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy(".xlsx 或 .csv，最大 50 MB；表头上方的标题行、合并单元格、多出的列都不影响。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.txt"}),
        error_messages={"empty": gettext_lazy("表格是空的，没有任何内容，请选择有数据的文件。")},
    )
    coordinates = forms.ChoiceField(
        label=gettext_lazy("坐标系"),
        required=False,
        help_text=gettext_lazy("表里没有“坐标系”一列时按这里换算。高德、腾讯地图取的点是 GCJ-02，百度是 BD-09。"),
    )
    header_row = forms.IntegerField(
        label=gettext_lazy("表头在第几行"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=gettext_lazy("一般不用填；系统认不出表头时再填。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.name, _(kind.label)) for kind in columns.KINDS.values()]
        systems = self.fields["coordinates"]
        assert isinstance(systems, forms.ChoiceField)
        systems.choices = [(one.value, _(one.label)) for one in CoordinateSystem]


class BoundaryForm(forms.Form):
    """载入区界."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60, help_text=gettext_lazy("例如“示例区”。"))
    file = forms.FileField(
        label=gettext_lazy("GeoJSON 文件"),
        help_text=gettext_lazy("边界画成面（Polygon 或 MultiPolygon），经度在前，最大 5 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json"}),
        error_messages={"empty": gettext_lazy("文件是空的，请选择有边界的 GeoJSON 文件。")},
    )
    coordinates = forms.ChoiceField(
        label=gettext_lazy("坐标系"),
        required=False,
        help_text=gettext_lazy("在高德、腾讯地图上描的是 GCJ-02，百度是 BD-09；其他一般是 CGCS2000 或 WGS-84。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        systems = self.fields["coordinates"]
        assert isinstance(systems, forms.ChoiceField)
        systems.choices = [(one.value, _(one.label)) for one in CoordinateSystem]


class ConflictForm(forms.Form):
    """申报回避."""

    officer = forms.ModelChoiceField(label=gettext_lazy("执法人员"), queryset=Officer.objects.none())
    kind = forms.ChoiceField(label=gettext_lazy("情形"))
    since = forms.DateField(label=gettext_lazy("自"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    source = forms.CharField(label=gettext_lazy("来源"), required=False, max_length=200)

    def __init__(self, viewer: Viewer, data: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        officer, kind = self.fields["officer"], self.fields["kind"]
        assert isinstance(officer, forms.ModelChoiceField)
        assert isinstance(kind, forms.ChoiceField)
        officer.queryset = officers_visible_to(viewer)
        kind.choices = [(one.value, _(one.label)) for one in ConflictKind]


class RecusalForm(forms.Form):
    """申报专家回避: the enterprise by name or code, as the list of experts has it."""

    enterprise = forms.CharField(
        label=gettext_lazy("企业名称或统一社会信用代码"), max_length=150, help_text=gettext_lazy("须已在企业台账中")
    )
    since = forms.DateField(label=gettext_lazy("自"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    source = forms.CharField(label=gettext_lazy("情形和来源"), max_length=200)

    def clean_enterprise(self) -> Enterprise:
        """The one enterprise that is meant."""
        try:
            return firm_called(self.cleaned_data["enterprise"])
        except Refused as refusal:
            raise forms.ValidationError(sentence(refusal)) from None


class EndRecusalForm(forms.Form):
    """解除专家回避."""

    reason = forms.CharField(label=gettext_lazy("解除缘由"), max_length=200)


class InviteForm(forms.Form):
    """邀请企业人员."""

    role = forms.ChoiceField(label=gettext_lazy("身份"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(one.value, _(one.label)) for one in (Role.PRINCIPAL, Role.SAFETY_MANAGER)]


class MergeForm(forms.Form):
    """合并的去向与缘由."""

    winner = forms.ModelChoiceField(queryset=Enterprise.objects.filter(merged_into__isnull=True))
    reason = forms.CharField(label=gettext_lazy("合并缘由"), max_length=200)


class PictureForm(forms.Form):
    """更换图片 of a plan."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    picture = forms.FileField(
        label=gettext_lazy("图片"),
        help_text=gettext_lazy("JPEG、PNG 或 WebP，最大 20 MB"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    @property
    def sent(self) -> Picture:
        """The picture, once the form is valid."""
        file = self.cleaned_data["picture"]
        # One byte more than is accepted, so that the store refuses it with its own sentence.
        return Picture(self.cleaned_data["uid"], file.read(LARGEST_FILE + 1), file.name or "")


class PlanForm(PictureForm):
    """上传平面图."""

    storey = forms.IntegerField(label=gettext_lazy("楼层"), help_text=gettext_lazy("地下一层写 -1"))
    part = forms.CharField(
        label=gettext_lazy("部位"), max_length=40, required=False, help_text=gettext_lazy("一层分几张图时写，如 东区")
    )
    field_order = ("uid", "storey", "part", "picture")
