"""The kinds of the ledger as its pages show them: columns, order, filters and facts, one table for all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from anguan.core.words import N_
from anguan.ground.access import Viewer
from anguan.registry import selectors
from anguan.registry.models import Building, Complex, Enterprise, Found, KeyUnit, Site, Tenant
from anguan.registry.rules import BuildingUse, EnterpriseStatus, RiskLevel, SiteStatus
from anguan.ui.lists import Choice, Column, Filter

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Field:
    """One column: its key, word, what is shown, and the ordering its heading gives."""

    key: str
    label: str
    sort: str = ""
    kind: str = "text"
    hidden: bool = False


@dataclass(frozen=True)
class LedgerKind:
    """One kind of the ledger: model, words, columns, filters that change the query, and what may be edited.

    `owner` names the field that leads to the responsible enterprise, `owner_code` the form's field for its credit code.
    """

    slug: str
    model: type[Found]
    word: str
    plural: str
    visible_to: Callable[[Viewer], Rows]
    columns: Sequence[Field]
    sorts: Mapping[str, Sequence[str]]
    default_sort: str
    edits: Sequence[str]
    filters: Callable[[], list[Filter]] = list
    narrow: Callable[[Rows, Mapping[str, str]], Rows] = field(default=lambda rows, _params: rows)
    related: Sequence[str] = ()
    owner: str = ""
    owner_code: str = ""

    def rows(self, viewer: Viewer, params: Mapping[str, str]) -> Rows:
        """What the list shows for these parameters of its address, unordered."""
        rows = self.narrow(self.visible_to(viewer), params)
        if self.owner and params.get("enterprise", "").isdecimal():
            firm = Enterprise.objects.filter(pk=int(params["enterprise"])).first()
            rows = rows.filter(**{f"{self.owner}__in": selectors.family_ids(firm)}) if firm else rows.none()
        return selectors.matching(rows, params.get("q", ""))

    def order(self, params: Mapping[str, str]) -> Sequence[str]:
        """The order that the list's address asks for."""
        asked = params.get("sort", self.default_sort)
        order = self.sorts.get(asked.removeprefix("-"), self.sorts[self.default_sort])
        if not asked.startswith("-"):
            return order
        return [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order]

    def list_columns(self) -> list[Column]:
        """The columns as `ui.lists` takes them, in the reader's language."""
        return [
            Column(
                each.key,
                _(each.label),
                sort=each.sort,
                kind="number" if each.kind == "number" else "text",
                hidden=each.hidden,
            )
            for each in self.columns
        ]


def _present(rows: Rows) -> Rows:
    return rows.filter(status__in=[status for status in EnterpriseStatus if status.is_present])


def _narrow_enterprises(rows: Rows, params: Mapping[str, str]) -> Rows:
    if params.get("risk") in set(RiskLevel):
        rows = rows.filter(risk_level=params["risk"])
    if params.get("status") in set(EnterpriseStatus):
        rows = rows.filter(status=params["status"])
    if params.get("present"):
        rows = _present(rows)
    if params.get("is_key"):
        rows = rows.filter(is_key=True)
    return rows


def _narrow_buildings(rows: Rows, params: Mapping[str, str]) -> Rows:
    if params.get("is_high_rise"):
        rows = rows.filter(is_high_rise=params["is_high_rise"] == "1")
    if params.get("use") in set(BuildingUse):
        rows = rows.filter(use=params["use"])
    return rows


def _narrow_sites(rows: Rows, params: Mapping[str, str]) -> Rows:
    if params.get("unfinished"):
        rows = rows.exclude(status=SiteStatus.COMPLETED)
    if params.get("status") in set(SiteStatus):
        rows = rows.filter(status=params["status"])
    return rows


def _narrow_key_units(rows: Rows, params: Mapping[str, str]) -> Rows:
    if params.get("building", "").isdecimal():
        rows = rows.filter(building=int(params["building"]))
    return rows


def _narrow_tenants(rows: Rows, params: Mapping[str, str]) -> Rows:
    if params.get("complex", "").isdecimal():
        rows = rows.filter(complex=int(params["complex"]))
    for name in ("uses_gas", "powered_all_night"):
        if params.get(name):
            rows = rows.filter(**{name: params[name] == "1"})
    return rows


def _choices(labelled: type[RiskLevel] | type[EnterpriseStatus] | type[BuildingUse] | type[SiteStatus]) -> list[Choice]:
    return [Choice(member.value, _(member.label)) for member in labelled]


KINDS: dict[str, LedgerKind] = {
    kind.slug: kind
    for kind in (
        LedgerKind(
            slug="enterprise",
            model=Enterprise,
            word=N_("企业"),
            plural=N_("企业"),
            visible_to=selectors.enterprises_visible_to,
            columns=[
                Field("name", N_("单位名称"), sort="name"),
                Field("credit_code", N_("统一社会信用代码")),
                Field("risk_level", N_("风险等级"), sort="risk", kind="risk"),
                Field("is_key", N_("重点检查对象"), kind="bool"),
                Field("supervised_by", N_("监管部门")),
                Field("address", N_("地址")),
                Field("principal", N_("主要负责人"), hidden=True),
                Field("phone", N_("联系电话"), hidden=True),
                Field("employees", N_("从业人数"), kind="number"),
                Field("status", N_("状态"), kind="status"),
            ],
            sorts={"name": ["name", "id"], "risk": ["risk_level", "id"], "new": ["-id"]},
            default_sort="name",
            edits=[
                "name",
                "industry_code",
                "risk_level",
                "is_key",
                "supervised_by",
                "address",
                "longitude",
                "latitude",
                "given_in",
                "principal",
                "phone",
                "safety_managers",
                "employees",
                "founded_on",
                "status",
                "remark",
            ],
            filters=lambda: [
                Filter("risk", _("风险等级"), _choices(RiskLevel)),
                Filter("is_key", _("重点检查对象"), [Choice("1", _("是"))]),
                Filter("present", _("在册"), [Choice("1", _("在营或停产"))]),
                Filter("status", _("状态"), _choices(EnterpriseStatus)),
            ],
            narrow=_narrow_enterprises,
        ),
        LedgerKind(
            slug="building",
            model=Building,
            word=N_("建筑"),
            plural=N_("建筑"),
            visible_to=selectors.buildings_visible_to,
            columns=[
                Field("name", N_("建筑名称"), sort="name"),
                Field("is_high_rise", N_("高层建筑"), kind="bool"),
                Field("use", N_("使用性质")),
                Field("height_m", N_("高度（米）"), sort="height", kind="number"),
                Field("storeys_above", N_("地上层数"), kind="number"),
                Field("address", N_("地址")),
                Field("manager", N_("管理单位")),
                Field("built_year", N_("建成年份"), kind="number", hidden=True),
            ],
            sorts={"name": ["name", "id"], "height": ["height_m", "id"]},
            default_sort="name",
            edits=[
                "name",
                "address",
                "height_m",
                "storeys_above",
                "storeys_below",
                "area_m2",
                "use",
                "built_year",
                "longitude",
                "latitude",
                "given_in",
            ],
            filters=lambda: [
                Filter("is_high_rise", _("高层建筑"), [Choice("1", _("是")), Choice("0", _("否"))]),
                Filter("use", _("使用性质"), _choices(BuildingUse)),
            ],
            narrow=_narrow_buildings,
            related=["manager"],
            owner="manager",
            owner_code="manager_credit_code",
        ),
        LedgerKind(
            slug="complex",
            model=Complex,
            word=N_("商业综合体"),
            plural=N_("商业综合体"),
            visible_to=selectors.complexes_visible_to,
            columns=[
                Field("name", N_("综合体名称"), sort="name"),
                Field("operator", N_("运营管理单位")),
                Field("address", N_("地址")),
            ],
            sorts={"name": ["name", "id"]},
            default_sort="name",
            edits=["name", "address", "longitude", "latitude", "given_in"],
            related=["operator"],
            owner="operator",
            owner_code="operator_credit_code",
        ),
        LedgerKind(
            slug="tenant",
            model=Tenant,
            word=N_("商户"),
            plural=N_("商户"),
            visible_to=selectors.tenants_visible_to,
            columns=[
                Field("unit_no", N_("铺位号"), sort="unit"),
                Field("name", N_("商户名称"), sort="name"),
                Field("complex", N_("综合体")),
                Field("business", N_("业态")),
                Field("powered_all_night", N_("24小时供电"), kind="bool"),
                Field("uses_gas", N_("用气"), kind="bool"),
                Field("manager", N_("负责人")),
                Field("phone", N_("联系电话"), hidden=True),
            ],
            sorts={"unit": ["unit_no", "id"], "name": ["name", "id"]},
            default_sort="unit",
            edits=["unit_no", "name", "business", "powered_all_night", "uses_gas", "manager", "phone"],
            filters=lambda: [
                Filter("uses_gas", _("用气"), [Choice("1", _("是")), Choice("0", _("否"))]),
                Filter("powered_all_night", _("24小时供电"), [Choice("1", _("是")), Choice("0", _("否"))]),
            ],
            narrow=_narrow_tenants,
            related=["complex"],
            owner="enterprise",
            owner_code="credit_code",
        ),
        LedgerKind(
            slug="site",
            model=Site,
            word=N_("建筑工地"),
            plural=N_("建筑工地"),
            visible_to=selectors.sites_visible_to,
            columns=[
                Field("name", N_("工程名称"), sort="name"),
                Field("permit_no", N_("施工许可证号")),
                Field("contractor", N_("施工单位")),
                Field("address", N_("地址")),
                Field("started_on", N_("开工日期"), sort="started", kind="day"),
                Field("planned_finish_on", N_("计划竣工日期"), kind="day"),
                Field("status", N_("状态"), kind="status"),
            ],
            sorts={"name": ["name", "id"], "started": ["started_on", "id"]},
            default_sort="name",
            edits=[
                "name",
                "developer",
                "supervising_firm",
                "address",
                "project_type",
                "started_on",
                "planned_finish_on",
                "status",
                "longitude",
                "latitude",
                "given_in",
            ],
            filters=lambda: [
                Filter("unfinished", _("进度"), [Choice("1", _("未竣工"))]),
                Filter("status", _("状态"), _choices(SiteStatus)),
            ],
            narrow=_narrow_sites,
            related=["contractor"],
            owner="contractor",
            owner_code="contractor_credit_code",
        ),
        LedgerKind(
            slug="key-unit",
            model=KeyUnit,
            word=N_("消防安全重点单位"),
            plural=N_("消防安全重点单位"),
            visible_to=selectors.key_units_visible_to,
            columns=[
                Field("name", N_("单位名称"), sort="name"),
                Field("category", N_("列管类别"), sort="category"),
                Field("address", N_("地址")),
                Field("fire_principal", N_("消防安全责任人")),
                Field("fire_manager", N_("消防安全管理人")),
                Field("phone", N_("联系电话")),
                Field("designated_on", N_("确定日期"), kind="day", hidden=True),
            ],
            sorts={"name": ["name", "id"], "category": ["category", "id"]},
            default_sort="name",
            edits=[
                "name",
                "category",
                "building_name",
                "address",
                "designated_on",
                "fire_principal",
                "fire_manager",
                "phone",
            ],
            narrow=_narrow_key_units,
            related=["enterprise"],
            owner="enterprise",
        ),
    )
}
