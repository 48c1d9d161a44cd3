"""Form fields about people, for the forms of the rooms above."""

from typing import Any

from django import forms


class OfficersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """执法人员, each with the certificate number that tells two of a name apart."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and certificate number."""
        return f"{obj.name}（{obj.certificate_no}）"
