"""Forms of the pages that combine rooms."""

import re
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


def _days(text: str) -> list[date]:
    days = []
    for word in re.split(r"[\s,，、;；]+", text.strip()):
        if not word:
            continue
        try:
            day = date.fromisoformat(word)
        except ValueError:
            raise forms.ValidationError(_("“%(word)s”不是日期，请写成 2027-01-01 这样。") % {"word": word}) from None
        days.append(day)
    return days


class HolidayNoticeForm(forms.Form):
    """国务院办公厅节假日安排: a year's days off and make-up working days."""

    year = forms.IntegerField(label=gettext_lazy("年份"), min_value=2000, max_value=2100)
    holidays = forms.CharField(
        label=gettext_lazy("放假日期"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("每个放假的日子一个日期，用空格、逗号或换行分开"),
    )
    make_up_days = forms.CharField(
        label=gettext_lazy("调休上班日期"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    source = forms.CharField(label=gettext_lazy("通知文号"), max_length=200)

    def clean(self) -> dict[str, object]:
        """Turn the two lists into days."""
        data: dict[str, object] = super().clean() or self.cleaned_data
        for name in ("holidays", "make_up_days"):
            try:
                data[name] = _days(str(data.get(name, "")))
            except forms.ValidationError as error:
                self.add_error(name, error)
        return data
