"""Every component on one page, in all its states: the place to look before inventing another."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anguan.ground import clock
from anguan.ui.icons import ICONS
from anguan.ui.lists import Chip, ChipRow, Heading, Listing
from anguan.ui.paging import Page


class SampleForm(forms.Form):
    """Each kind of field once."""

    name = forms.CharField(label=gettext_lazy("单位名称"), help_text=gettext_lazy("与营业执照一致"))
    due_on = forms.DateField(label=gettext_lazy("整改期限"), widget=forms.DateInput(attrs={"type": "date"}))
    level = forms.ChoiceField(
        label=gettext_lazy("隐患级别"),
        widget=forms.RadioSelect,
        choices=[("general", gettext_lazy("一般事故隐患")), ("major", gettext_lazy("重大事故隐患"))],
    )
    organ = forms.ChoiceField(
        label=gettext_lazy("承办单位"), choices=[("1", "遂州区应急管理局"), ("2", "遂州区消防救援大队")]
    )
    storeys = forms.IntegerField(label=gettext_lazy("地上层数"), required=False)
    note = forms.CharField(label=gettext_lazy("情况说明"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    file = forms.FileField(
        label=gettext_lazy("底账文件"), help_text=gettext_lazy(".xlsx 或 .csv，不超过 50 MB"), required=False
    )
    agreed = forms.BooleanField(label=gettext_lazy("现场负责人已看过记录"), required=False)


def _listing(now: datetime) -> Listing[dict[str, Any]]:
    def row(name: str, address: str, level: str, tone: str, word: str, days: int, count: int) -> dict[str, Any]:
        due = clock.local_day(now) + timedelta(days=days)
        return {"name": name, "address": address, "risk": level, "tone": tone, "word": word} | {
            "due": due,
            "left": days,
            "count": count,
        }

    rows = [
        row("云栖里商业综合体", "遂州区滨江北路 88 号", "major", "overdue", _("逾期"), -2, 7),
        row("星河虚构百货有限公司", "遂州区凯旋中路 6 号 1 至 4 层", "larger", "open", _("整改中"), 3, 2),
        row("示例里火锅店", "云栖里商业综合体 L4-12", "general", "waiting", _("待复查"), 9, 1),
        row("假想仓储物流园", "遂州区聚贤大道 301 号", "general", "done", _("已销案"), 26, 0),
        row("样例花园 3 幢", "遂州区明月路 19 号", "low", "void", _("已作废"), 40, 0),
    ]
    return Listing(
        name="patterns",
        page=Page(rows=rows, next="next", previous="", size=100),
        headings=(
            Heading("name", _("单位名称"), "text", False, "?sort=name"),
            Heading("address", _("地址"), "text", False),
            Heading("risk", _("风险"), "text", False, "?sort=risk"),
            Heading("state", _("状态"), "text", False),
            Heading("due", _("期限"), "text", False, "?sort=-due", "ascending"),
            Heading("count", _("隐患"), "number", False),
        ),
        filters=(
            ChipRow(
                _("状态"),
                (
                    Chip(_("逾期"), "?state=overdue", False, 3),
                    Chip(_("整改中"), "?state=open", True, 12),
                    Chip(_("待复查"), "?state=waiting", False, 5),
                ),
            ),
        ),
        query="state=open",
        query_hidden=(("state", "open"),),
        search="",
        search_label=_("单位、地址"),
        next_url="?cursor=next",
        previous_url="",
        first_url="",
        total_url="",
        export_url="?export=1",
        is_filtered=True,
        clear_url="?",
        empty_title="",
        empty_hint="",
    )


def patterns(request: HttpRequest) -> HttpResponse:
    """界面构件: shown to developers and staff; whoever mounts it decides who may see it."""
    now = clock.now()
    today = clock.local_day(now)
    bad = SampleForm({"name": "", "due_on": "昨天", "level": "general", "organ": "1"})
    good = SampleForm(initial={"name": "云栖里商业综合体", "level": "general", "storeys": 6})
    return render(
        request,
        "ui/patterns.html",
        {
            "now": now,
            "then": datetime(2025, 3, 4, 1, 30, tzinfo=UTC),
            "today": today,
            "in_days": {
                "late": today - timedelta(days=2),
                "now": today,
                "soon": today + timedelta(days=5),
                "later": today + timedelta(days=40),
                "hours": now + timedelta(hours=9),
            },
            "icons": sorted(ICONS),
            "good": good,
            "bad": bad,
            "listing": _listing(now),
            "empty_listing": None,
            "facts_sample": [
                (_("统一社会信用代码"), "91510900MA00000000"),
                (_("地址"), "遂州区滨江北路 88 号"),
                (_("主要负责人"), "样某某"),
                (_("从业人数"), "312 人"),
            ],
        },
    )
