"""计划事项 as a field: the row that fits by itself, a row that is chosen, or none."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anguan.inspections.models import PlanRow

NONE: Final = "none"


class PlanRowField(forms.ChoiceField):
    """The select: empty takes the row that fits matter and kind; `rows` are set by the form."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("年度计划事项"),
            required=False,
            help_text=gettext_lazy("只有现行公布计划里的行；计入这一行的完成数"),
            error_messages={"invalid_choice": gettext_lazy("这一行不在本机关现行公布的计划里，请重新选择。")},
        )
        self.rows: dict[str, PlanRow] = {}

    def offer(self, rows: Any) -> None:
        """Set the rows that may be chosen."""
        self.rows = {str(row.pk): row for row in rows}
        self.choices = [
            ("", _("按检查事项自动对应")),
            (NONE, _("不在计划内")),
            *((key, _label(row)) for key, row in self.rows.items()),
        ]

    def chosen(self, value: str) -> PlanRow | None:
        """The row behind a value; None for the two others."""
        return self.rows.get(value)


def _label(row: PlanRow) -> str:
    return _("%(plan)s第 %(number)d 行：%(code)s %(matter)s（%(targets)s）") % {
        "plan": row.plan.title,
        "number": row.number,
        "code": row.item.code,
        "matter": row.item.matter,
        "targets": row.targets,
    }
