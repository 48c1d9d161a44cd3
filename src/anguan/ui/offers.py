"""Fields of a form whose choices are known only when the form is made."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet


def offer_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Let a field choose from these: value and words each."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def offer_rows(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """Let a field choose from these rows."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


def rows_offered(form: forms.BaseForm, name: str) -> QuerySet[Any]:
    """The rows that a field chooses from."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    rows: QuerySet[Any] | None = field.queryset
    assert rows is not None
    return rows
