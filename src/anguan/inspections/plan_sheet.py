"""计划表 as .xlsx: the rows of a plan as bureaus keep them, written so that the same file can be read back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

from django.utils.translation import gettext as _

from anguan.checklists.models import InspectionItem
from anguan.core.enums import Labelled
from anguan.core.words import N_
from anguan.ground.spreadsheets import write_rows
from anguan.inspections.models import AnnualPlan
from anguan.inspections.rules import NotAllowed
from anguan.inspections.rules.plans import JointPart, RowMode, TargetKind, days_text, ratio_text
from anguan.inspections.selectors.plans import rows_of
from anguan.inspections.services.plans import RowValues
from anguan.people.models import Department, Organ
from anguan.registry.models import Enterprise
from anguan.registry.rules import Refused
from anguan.registry.sheets.checking import check_rows
from anguan.registry.sheets.columns import Choice, Column, Holds, Kind
from anguan.registry.sheets.package import Unreadable
from anguan.registry.sheets.reading import open_sheet

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_ROWS: Final = 500
MOST_FAULTS: Final = 30


def _choices(words: type[Labelled]) -> tuple[Choice, ...]:
    return tuple(Choice(word.value, word.label) for word in words)


SHEET: Final = Kind(
    name="plan-row",
    label=N_("年度计划事项"),
    columns=(
        Column(N_("事项编号"), "item", required=True, longest=16, width=10, synonyms=("编号", "抽查事项编号")),
        Column(N_("检查事项"), "matter", longest=150, width=30),
        Column(N_("实施依据"), "basis", longest=300, width=30, synonyms=("检查依据", "依据")),
        Column(N_("对象类型"), "target_kind", Holds.CHOICE, required=True, choices=_choices(TargetKind), width=14),
        Column(N_("检查对象"), "targets", longest=200, width=24),
        Column(
            N_("具体对象信用代码"), "named", Holds.WORDS, longest=20_000, multiline=True, width=24,
            synonyms=("统一社会信用代码",),
        ),
        Column(N_("对象总数"), "pool_size", Holds.INT, width=10),
        Column(N_("抽取数"), "pool_count", Holds.INT, width=10),
        Column(N_("抽取比例"), "ratio", width=10),
        Column(N_("检查内容"), "content", longest=500, width=36, multiline=True),
        Column(N_("检查方式"), "mode", Holds.CHOICE, required=True, choices=_choices(RowMode), width=18),
        Column(N_("每家每年频次"), "frequency", Holds.INT, required=True, least=1, most=99, synonyms=("频次",)),
        Column(N_("每家每年上限"), "cap", Holds.INT, required=True, least=1, most=99, synonyms=("上限",)),
        Column(N_("时间安排（月）"), "months", Holds.WORDS, required=True, width=16, synonyms=("月份", "时间安排")),
        Column(N_("承办机构"), "department", longest=60, width=16, synonyms=("承办科室",)),
        Column(N_("联合检查"), "joint", Holds.CHOICE, choices=_choices(JointPart), width=14),
        Column(N_("联合部门"), "partners", longest=200, width=20),
        Column(N_("每次工作日"), "days_per_check", Holds.DECIMAL, most=100, width=10),
        Column(N_("每次人数"), "officers_per_check", Holds.INT, least=2, most=99, width=10),
        Column(N_("备注"), "remark", longest=300, width=24),
    ),
    key_fields=(),
    key_label="",
)  # fmt: skip


@dataclass(frozen=True)
class ReadPlan:
    """计划表 as it was read: the rows, or what is wrong with which cell; one fault and nothing is taken."""

    rows: list[RowValues]
    faults: list[str]


def export_rows(plan: AnnualPlan, file: IO[bytes]) -> int:
    """Write the rows of a plan; returns how many."""
    headers = [column.header for column in SHEET.columns]
    widths = [column.width for column in SHEET.columns]
    return write_rows(file, headers, _cells(plan), title=_("年度计划"), widths=widths)


def _cells(plan: AnnualPlan) -> Iterator[list[Any]]:
    for row in rows_of(plan).prefetch_related("named"):
        yield [
            row.item.code,
            row.item.matter,
            row.basis,
            TargetKind(row.target_kind).label,
            row.targets,
            "、".join(sorted(firm.credit_code for firm in row.named.all())),
            row.pool_size,
            row.pool_count,
            ratio_text(row.pool_count, row.pool_size),
            row.content,
            RowMode(row.mode).label,
            row.frequency,
            row.cap,
            "、".join(map(str, row.months)),
            row.department.name if row.department else "",
            JointPart(row.joint).label,
            row.partners,
            days_text(row.days_per_check),
            row.officers_per_check,
            row.remark,
        ]


def read_rows(data: bytes, organ: Organ) -> ReadPlan:
    """The rows of an .xlsx or .csv; raises `NotAllowed` with one sentence for a file that is no plan at all."""
    if len(data) > MOST_BYTES:
        raise NotAllowed(_("计划表超过 2 MB，请只保留计划事项这一张表。"))
    try:
        sheet = open_sheet(data, SHEET)
        checked = list(check_rows(SHEET, sheet))
    except Unreadable as error:
        raise NotAllowed(error.template, **{name: str(value) for name, value in error.params.items()}) from None
    if len(checked) > MOST_ROWS:
        raise NotAllowed(_("一个计划最多五百行，请合并相近的事项。"))
    items = {item.code: item for item in InspectionItem.objects.order_by("item_list__published_on", "pk")}
    departments = {department.name: department for department in Department.objects.filter(organ=organ)}
    rows: list[RowValues] = []
    faults: list[str] = []
    for row in checked:
        faults += [f"{problem.cell}：{_said(problem.refusal)}" for problem in row.errors]
        if row.errors:
            continue
        try:
            rows.append(_values(row.values, items, departments))
        except NotAllowed as error:
            faults.append(_("第 %(row)d 行：%(why)s") % {"row": row.row_number, "why": error})
    return ReadPlan([] if faults else rows, faults[:MOST_FAULTS])


def _said(refusal: Refused) -> str:
    return _(refusal.template) % refusal.params if refusal.params else _(refusal.template)


def _values(cells: dict[str, Any], items: dict[str, InspectionItem], departments: dict[str, Department]) -> RowValues:
    item = items.get(cells["item"])
    if item is None:
        raise NotAllowed(_("事项清单里没有编号“%(code)s”，只有公布的事项可以列入计划。") % {"code": cells["item"]})
    department = cells.get("department")
    if department and department not in departments:
        raise NotAllowed(_("本机关没有“%(name)s”这个科室。") % {"name": department})
    codes = set(cells.get("named") or ())
    named = list(Enterprise.objects.filter(credit_code__in=codes, merged_into__isnull=True))
    unknown = sorted(codes - {firm.credit_code for firm in named})
    if unknown:
        raise NotAllowed(_("底账里没有这些信用代码：%(codes)s。") % {"codes": "、".join(unknown[:5])})
    months = cells.get("months") or ()
    if not all(word.isascii() and word.isdigit() for word in months):
        raise NotAllowed(_("月份请写数字，如 3、4、5。"))
    days = cells.get("days_per_check")
    return RowValues(
        item=item,
        basis=cells.get("basis") or "",
        target_kind=TargetKind(cells["target_kind"]),
        targets=cells.get("targets") or "",
        content=cells.get("content") or "",
        mode=RowMode(cells["mode"]),
        months=[int(word) for word in months],
        frequency=cells["frequency"],
        cap=cells["cap"],
        named=named,
        pool_size=cells.get("pool_size"),
        pool_count=cells.get("pool_count"),
        department=departments.get(department) if department else None,
        joint=JointPart(cells.get("joint") or JointPart.NONE),
        partners=cells.get("partners") or "",
        **({} if days is None else {"days_per_check": days}),
        officers_per_check=cells.get("officers_per_check") or 2,
        remark=cells.get("remark") or "",
    )
