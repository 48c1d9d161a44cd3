"""导出: the rows of a list as a file that can be imported again: the template's columns, the template's words."""

from collections.abc import Callable, Iterator
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from anguan.ground.spreadsheets import write_rows
from anguan.people.models import Expert
from anguan.registry.kinds import LedgerKind
from anguan.registry.models import ExpertRecusal
from anguan.registry.sheets import columns
from anguan.registry.sheets.columns import Column, Holds

# Where a column of the template is found from the row, where that isn't the field of the same name.
_PATHS = {
    ("building", "manager_credit_code"): "manager__credit_code",
    ("site", "contractor_credit_code"): "contractor__credit_code",
    ("key-unit", "credit_code"): "enterprise__credit_code",
    ("complex", "operator_credit_code"): "operator__credit_code",
    ("tenant", "credit_code"): "enterprise__credit_code",
    ("tenant", "complex_name"): "complex__name",
}
# Small on purpose: a chunk of 2000 rows takes eight times the memory of the writer itself and saves no time.
_CHUNK = 100
Show = Callable[[Any], Any]


def export(kind: LedgerKind, rows: QuerySet[Any], file: IO[bytes]) -> int:
    """Write the rows, in their order, as .xlsx in the memory of a hundred of them; returns how many."""
    headers, paths, shows, widths = _plan(kind)
    return write_rows(file, headers, _shown(rows, paths, shows), title=_(kind.plural), widths=widths)


def _plan(kind: LedgerKind) -> tuple[list[str], list[str], list[tuple[int, Show]], list[int]]:
    sheet = columns.KINDS.get(kind.slug)
    if sheet is None:
        names = [field.key for field in kind.columns]
        paths = [f"{name}__name" if name in kind.related else name for name in names]
        return [_(field.label) for field in kind.columns], paths, [], [28] * len(names)
    headers = [column.header for column in sheet.columns]
    paths = [_path(kind, column) for column in sheet.columns]
    widths = [column.width for column in sheet.columns]
    shows = [(place, show) for place, column in enumerate(sheet.columns) if (show := _show(column))]
    if kind.slug == "building":
        headers, paths, widths = [*headers, "高层建筑"], [*paths, "is_high_rise"], [*widths, 10]
        shows.append((len(headers) - 1, _yes_no))
    return headers, paths, shows, widths


def _path(kind: LedgerKind, column: Column) -> str:
    # Positions are written as they are kept, whatever they were given in.
    return "longitude" if column.field == "given_in" else _PATHS.get((kind.slug, column.field), column.field)


def _yes_no(value: Any) -> str:
    return "是" if value else "否"


def _show(column: Column) -> Show | None:
    if column.holds is Holds.BOOL:
        return _yes_no
    if column.field == "given_in":
        return lambda longitude: "" if longitude is None else "CGCS2000"
    if column.choices:
        words = {str(choice.value): choice.word for choice in column.choices}
        return lambda value: words.get(value, value)
    return None


def _shown(rows: QuerySet[Any], paths: list[str], shows: list[tuple[int, Show]]) -> Iterator[list[Any]]:
    for values in rows.values_list(*paths).iterator(chunk_size=_CHUNK):
        shown = list(values)
        for place, show in shows:
            shown[place] = show(shown[place])
        yield shown


def export_experts(experts: QuerySet[Expert], file: IO[bytes]) -> int:
    """专家库 with the recusals in force, as the template has them; returns how many experts."""
    sheet = columns.KINDS["expert"]
    open_ones = ExpertRecusal.objects.filter(until__isnull=True).select_related("enterprise").order_by("pk")
    codes: dict[int, list[str]] = {}
    for recusal in open_ones:
        codes.setdefault(recusal.expert_id, []).append(recusal.enterprise.credit_code)

    def rows() -> Iterator[list[Any]]:
        for expert in experts:
            recused = "、".join(codes.get(expert.pk, ()))
            values = {"specialities": "、".join(expert.specialities), "recusals": recused}
            yield [values[one.field] if one.field in values else getattr(expert, one.field) for one in sheet.columns]

    headers, widths = [one.header for one in sheet.columns], [one.width for one in sheet.columns]
    return write_rows(file, headers, rows(), title=_("专家"), widths=widths)
