"""The blanks of any form as one page: each field list of `rules.FORMS` becomes a form, none is written by hand.

A draft may be saved incomplete. What is required is marked so and asked for when the paper is sent or issued.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from anguan.ground import clock
from anguan.papers.rules import Field, FieldKind, Form, moment_of
from anguan.papers.rules.vocabulary import OFFICER_COLUMNS
from anguan.people.fields import OfficersField
from anguan.people.models import Officer

_SPARE: Final = 2  # empty rows below the filled ones
_MOST_ROWS: Final = 60
_MOST_TEXT: Final = {FieldKind.TEXT: 200, FieldKind.LONG: 4000, FieldKind.LINES: 8000}
_DAY: Final = "%Y-%m-%d"
_MINUTE: Final = "%Y-%m-%dT%H:%M"


class RowsWidget(forms.Widget):
    """A table in which every row is one line of small fields; rows left empty are no rows."""

    def __init__(self, columns: Sequence[Field]) -> None:
        super().__init__()
        self.columns = columns

    def value_from_datadict(self, data: Mapping[str, Any], _files: MultiValueDict[str, Any], name: str) -> Any:
        """The filled rows, in order."""
        rows = []
        for place in range(_MOST_ROWS):
            row = {
                column.key: str(data.get(f"{name}-{place}-{column.key}", "")).strip()[: _MOST_TEXT[FieldKind.TEXT]]
                for column in self.columns
            }
            if any(row.values()):
                rows.append(row)
        return rows

    def value_omitted_from_data(self, data: Mapping[str, Any], _files: MultiValueDict[str, Any], name: str) -> bool:
        """Whether the table wasn't sent at all."""
        return not any(key.startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: str) -> str:
        """The first cell, where the label leads."""
        return f"{id_}-0-{self.columns[0].key}"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:  # noqa: ARG002  # as Django calls it
        """The table with its filled rows and some empty ones."""
        rows = [row for row in value or [] if isinstance(row, Mapping)]
        shown = min(len(rows) + _SPARE, _MOST_ROWS)
        filled = [*rows, *({} for _row in range(shown - len(rows)))]
        base = (attrs or {}).get("id", f"id_{name}")
        context = {
            "name": name,
            "most": _MOST_ROWS,
            "columns": [(column.label, column.is_required) for column in self.columns],
            "rows": [
                [
                    (f"{name}-{place}-{column.key}", f"{base}-{place}-{column.key}", column, row.get(column.key) or "")
                    for column in self.columns
                ]
                for place, row in enumerate(filled)
            ],
            "described": (attrs or {}).get("aria-describedby", ""),
        }
        return render_to_string("papers/_rows_widget.html", context)


class RowsField(forms.Field):
    """A table of a paper's body."""

    def __init__(self, columns: Sequence[Field], **options: Any) -> None:
        self.columns = columns
        super().__init__(widget=RowsWidget(columns), **options)

    def clean(self, value: Any) -> list[dict[str, str]]:
        """The rows; a row that says only half is refused, with its number."""
        rows: list[dict[str, str]] = super().clean(value) or []
        for place, row in enumerate(rows, start=1):
            for column in self.columns:
                if column.is_required and not row[column.key]:
                    raise ValidationError(
                        _("第 %(row)d 行还缺“%(column)s”。") % {"row": place, "column": _(column.label)}
                    )
        return rows


class BodyForm(forms.Form):
    """The blanks of one form. `body` is what the paper says with what was typed, `lacking` what is still empty."""

    uid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    use_required_attribute = False

    def __init__(
        self, data: Any = None, *, spec: Form, body: Mapping[str, Any], officers: Any, sources: Mapping[str, str] = {}
    ) -> None:
        self.spec, self.before = spec, body
        super().__init__(data, initial={field.key: _initial(field, body.get(field.key)) for field in spec.fields})
        self.fields["uid"].initial = uuid7
        self.lacking: list[str] = []
        for field in spec.fields:
            made = _made(field, officers)
            made.label, made.required = _(field.label), field.is_required
            made.help_text = made.help_text or (_(field.hint) if field.hint else "")
            made.source = sources.get(field.key, "")  # type: ignore[attr-defined]  # what `ui.field` reads
            self.fields[field.key] = made
        chosen = {row.get("certificate_no") for row in body.get("officers") or []}
        if "officers" in self.fields:
            self.initial["officers"] = [one.pk for one in officers if one.certificate_no in chosen]

    def full_clean(self) -> None:
        """As usual, but what is only empty is no fault of a draft."""
        super().full_clean()
        for name in list(self.errors):
            faults = self.errors[name].as_data()
            left = [fault for fault in faults if fault.code != "required"]
            if len(left) < len(faults):
                self.lacking.append(str(self.fields[name].label))
            if not left:
                del self.errors[name]

    @property
    def once(self) -> UUID | None:
        """The id of the draft, made when its page was; None where a draft that exists is edited."""
        return self.cleaned_data.get("uid")

    @property
    def body(self) -> dict[str, Any]:
        """What the paper says: the blanks as bodies write them, and what stood there and has no blank."""
        keys = {field.key for field in self.spec.fields}
        said = {key: value for key, value in self.before.items() if key not in keys}
        for field in self.spec.fields:
            value = _said(field, self.cleaned_data.get(field.key))
            if value not in (None, "", []):
                said[field.key] = value
        return said


def _made(field: Field, officers: Any) -> forms.Field:
    match field.kind:
        case FieldKind.LONG:
            return forms.CharField(max_length=_MOST_TEXT[field.kind], widget=forms.Textarea(attrs={"rows": 4}))
        case FieldKind.LINES:
            return forms.CharField(
                max_length=_MOST_TEXT[field.kind],
                widget=forms.Textarea(attrs={"rows": 5}),
                help_text=gettext_lazy("每行一条"),
            )
        case FieldKind.NUMBER:
            return forms.IntegerField(min_value=0, max_value=100_000)
        case FieldKind.DAY:
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format=_DAY))
        case FieldKind.MOMENT:
            return forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MINUTE))
        case FieldKind.CHOICE:
            return forms.ChoiceField(
                choices=[(value, _(words)) for value, words in field.options], widget=forms.RadioSelect
            )
        case FieldKind.YES:
            return forms.BooleanField()
        case FieldKind.ROWS if field.columns == OFFICER_COLUMNS:
            return OfficersField(queryset=officers, widget=forms.CheckboxSelectMultiple)
        case FieldKind.ROWS:
            return RowsField(field.columns)
        case _:
            return forms.CharField(max_length=_MOST_TEXT[FieldKind.TEXT])


def _initial(field: Field, value: Any) -> Any:
    match field.kind:
        case FieldKind.LINES:
            return "\n".join(value) if isinstance(value, list) else value
        case FieldKind.DAY:
            found = moment_of(value) if value else None
            return found.date() if found else None
        case FieldKind.MOMENT:
            found = moment_of(value) if value else None
            # Officers write and read the time of China; a day that became a moment is its beginning.
            return found.replace(tzinfo=clock.CHINA) if found else None
        case _:
            return value


def _said(field: Field, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(clock.CHINA).strftime(_MINUTE)
    if isinstance(value, date):
        return value.isoformat()
    if field.kind is FieldKind.LINES and value:
        return [line.strip() for line in str(value).splitlines() if line.strip()]
    if field.kind is FieldKind.ROWS and field.columns == OFFICER_COLUMNS and value:
        chosen: list[Officer] = list(value)
        return [{"name": one.name, "certificate_no": one.certificate_no} for one in chosen]
    return value.strip() if isinstance(value, str) else value


def shown_body(spec: Form, body: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """What a draft says, field by field, for the page: label, how to show it, and the value in words."""
    shown: list[tuple[str, str, Any]] = []
    for field in spec.fields:
        value = body.get(field.key)
        if value in (None, "", [], {}):
            if field.is_required:
                shown.append((field.label, "missing", ""))
            continue
        match field.kind:
            case FieldKind.ROWS:
                heads = [column.label for column in field.columns]
                lines = [[_cell(column, row.get(column.key)) for column in field.columns] for row in value]
                shown.append((field.label, "rows", (heads, lines)))
            case FieldKind.LINES:
                shown.append((field.label, "lines", value if isinstance(value, list) else [value]))
            case _:
                shown.append((field.label, "text", _cell(field, value)))
    return shown


def _cell(field: Field, value: Any) -> str:
    if field.kind is FieldKind.CHOICE:
        return _(dict(field.options).get(str(value), str(value)))
    if field.kind is FieldKind.YES:
        return _("是") if value else _("否")
    if field.kind is FieldKind.MOMENT:
        return str(value).replace("T", " ")
    return "" if value is None else str(value)
