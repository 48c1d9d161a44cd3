"""One way of showing each thing. Small parts are built here, because a list prints them by the hundred."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Literal
from uuid import uuid4

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, Form, RadioSelect
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from anguan.core.words import N_
from anguan.ground import clock
from anguan.ui.icons import ICONS, SPRITE
from anguan.ui.panels import render_panels

register = template.Library()

TONES: Final[dict[str, str]] = {
    "open": "dot",
    "waiting": "hourglass",
    "done": "ok",
    "overdue": "warning",
    "void": "void",
}

_RISKS: Final[dict[str, str]] = {
    "major": N_("重大"),
    "larger": N_("较大"),
    "general": N_("一般"),
    "low": N_("低"),
}
# The ledger's class letters and the colour words of the trade mean the same four levels.
_RISK_ALIASES: Final[dict[str, str]] = {
    "D": "major",
    "C": "larger",
    "B": "general",
    "A": "low",
    "red": "major",
    "orange": "larger",
    "yellow": "general",
    "blue": "low",
}
_WEEKDAYS: Final = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))


@register.simple_tag
def sprite() -> SafeString:
    """All icons, once per document, for `{% icon %}` to refer to."""
    return mark_safe(SPRITE)  # noqa: S308  # our own constant


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "check" %}`: decoration; with a label it speaks for itself."""
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"there is no icon {name!r}")
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="#i-{}"/></svg>', label, name)
    return mark_safe(f'<svg class="icon" aria-hidden="true"><use href="#i-{name}"/></svg>')  # noqa: S308  # name is one of ours


@register.simple_tag
def pill(tone: str, word: object, icon_name: str = "") -> SafeString:
    """`{% pill "overdue" "逾期" %}`: a state. Tones: open, waiting, done, overdue, void; any other shows as open."""
    return _pill(get_language(), str(tone), str(word), icon_name)


# A list prints a few states and levels a hundred times: each is built once a language.
@lru_cache(maxsize=1024)
def _pill(_language: str | None, tone: str, word: str, icon_name: str) -> SafeString:
    known = tone if tone in TONES else "open"
    return format_html('<span class="pill {}">{}{}</span>', known, icon(icon_name or TONES[known]), gettext(word))


@register.simple_tag
def risk(level: object) -> SafeString:
    """`{% risk enterprise.risk_class %}`: a level, a class letter D to A, or a colour word; 未评级 when empty."""
    if not level:
        return format_html('<span class="quiet">{}</span>', gettext("未评级"))
    return _risk(get_language(), str(level))


@lru_cache(maxsize=64)
def _risk(_language: str | None, level: str) -> SafeString:
    key = _RISK_ALIASES.get(level, level)
    if key not in _RISKS:
        raise ValueError(f"{key!r} is not a risk level")
    return format_html('<span class="risk {}">{}{}</span>', key, icon(f"risk-{key}"), gettext(_RISKS[key]))


@register.simple_tag
def day(value: date | datetime | None, empty: str = "—") -> SafeString:
    """`{% day hazard.found_at %}`: 11月26日 周四, exact time on hover; with the year when it is another year."""
    if value is None:
        return conditional_escape(empty)
    moment = timezone.localtime(value, clock.CHINA) if isinstance(value, datetime) else None
    shown = moment.date() if moment else value
    exact = f"{shown:%Y-%m-%d}" + (f" {moment:%H:%M:%S}" if moment else "")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat() if moment else shown.isoformat(),
        exact,
        _day_words(shown, clock.local_day(clock.now())),
    )


@register.simple_tag
def moment(value: datetime | None, empty: str = "—") -> SafeString:
    """`{% moment paper.served_at %}`: the day with hour and minute."""
    if value is None:
        return conditional_escape(empty)
    local = timezone.localtime(value, clock.CHINA)
    return format_html(
        '<time datetime="{}" title="{}">{} {}</time>',
        local.isoformat(),
        f"{local:%Y-%m-%d %H:%M:%S}",
        _day_words(local.date(), clock.local_day(clock.now())),
        f"{local:%H:%M}",
    )


@register.simple_tag(takes_context=True)
def print_stamp(context: Context) -> SafeString:
    """What stands under a printed page: who printed it when, and its address."""
    request = context.get("request")
    if request is None:
        return SafeString("")
    return format_html(
        gettext("{who} 于 {when} 打印自安关平台 {address}"),
        who=getattr(context.get("viewer"), "name", "") or gettext("未登录者"),
        when=f"{timezone.localtime(clock.now(), clock.CHINA):%Y-%m-%d %H:%M}",
        address=request.build_absolute_uri(),
    )


def _day_words(shown: date, today: date) -> str:
    return _day_words_in(get_language() or "", shown, today)


@lru_cache(maxsize=4096)
def _day_words_in(language: str, shown: date, today: date) -> str:
    weekday = gettext(_WEEKDAYS[shown.weekday()])
    if language.startswith("zh"):
        words = f"{shown.month}月{shown.day}日 {weekday}"
        return words if shown.year == today.year else f"{shown.year}年{words}"
    pattern = "j M" if shown.year == today.year else "j M Y"
    return f"{weekday} {date_format(shown, pattern)}"


@register.simple_tag
def deadline(
    due: date | datetime | None,
    left: int | Literal[""] | None = None,
    unit: str = "calendar",
    provisional: bool = False,
    done: bool = False,
) -> SafeString:
    """`{% deadline h.due_on left=h.working_days_left unit="working" provisional=h.due_provisional %}`.

    `left` counts `unit` (working, calendar, hours) until `due`, negative when overdue; without it calendar days are
    counted from today. `done` shows the date only, as kept.
    """
    if due is None:
        return format_html('<span class="deadline none">{}</span>', gettext("未定期限"))
    now = clock.now()
    today = clock.local_day(now)
    # A template hands over an empty text where a row has no such value.
    if left is None or left == "":
        # Whole hours that still remain; a minute past the term is already an hour late.
        left, unit = (
            ((due - now) // timedelta(hours=1), "hours")
            if isinstance(due, datetime)
            else ((due - today).days, "calendar")
        )
    return _deadline(get_language(), today, due, int(left), unit, bool(provisional), bool(done))


@lru_cache(maxsize=4096)
def _deadline(
    _language: str | None, today: date, due: date | datetime, left: int, unit: str, provisional: bool, done: bool
) -> SafeString:
    at = timezone.localtime(due, clock.CHINA) if isinstance(due, datetime) else None
    on = at.date() if at else due
    if done:
        tone, sign, words = "done", "ok", ""
    elif left < 0:
        tone, sign, words = "overdue", "warning", _late_words(-left, unit)
    elif left == 0:
        tone, sign, words = "soon", "clock", gettext("今天到期") if unit != "hours" else gettext("不足 1 小时")
    else:
        soon = left <= 3 or (unit == "hours" and left <= 24)
        tone, sign, words = "soon" if soon else "later", "clock", _left_words(left, unit)
    stamp = f"{on:%m-%d}" if on.year == today.year else f"{on:%Y-%m-%d}"
    if at:
        stamp += f" {at:%H:%M}"
    return format_html(
        '<span class="deadline {}">{}{}<time datetime="{}" title="{}">{}</time>{}</span>',
        tone,
        icon(sign),
        format_html("<b>{}</b>", words) if words else "",
        at.isoformat() if at else on.isoformat(),
        f"{on:%Y-%m-%d}" + (f" {at:%H:%M}" if at else ""),
        stamp,
        format_html(
            '<span class="provisional" title="{}">{}</span>',
            gettext("该年的放假安排尚未导入，暂按周末计算，导入后会重新计算。"),
            gettext("暂定"),
        )
        if provisional
        else "",
    )


def _left_words(count: int, unit: str) -> str:
    if unit == "working":
        return ngettext("剩 %(count)d 个工作日", "剩 %(count)d 个工作日", count) % {"count": count}
    if unit == "hours":
        return ngettext("剩 %(count)d 小时", "剩 %(count)d 小时", count) % {"count": count}
    return ngettext("剩 %(count)d 天", "剩 %(count)d 天", count) % {"count": count}


def _late_words(count: int, unit: str) -> str:
    if unit == "working":
        return ngettext("逾期 %(count)d 个工作日", "逾期 %(count)d 个工作日", count) % {"count": count}
    if unit == "hours":
        return ngettext("逾期 %(count)d 小时", "逾期 %(count)d 小时", count) % {"count": count}
    return ngettext("逾期 %(count)d 天", "逾期 %(count)d 天", count) % {"count": count}


@register.simple_tag
def person(name: str, unit: str = "", certificate: str = "") -> SafeString:
    """`{% person officer.name officer.organ.name officer.certificate_no %}`."""
    if not name:
        return format_html('<span class="quiet">{}</span>', gettext("未指定"))
    rest = " · ".join(part for part in (str(unit), str(certificate)) if part)
    return format_html(
        '<span class="person">{}<span class="name">{}</span>{}</span>',
        icon("user"),
        name,
        format_html('<span class="quiet">{}</span>', rest) if rest else "",
    )


@register.simple_tag
def unverified(shown: bool = True) -> SafeString:
    """`{% unverified rule.is_unverified %}`: the mark of a rule whose source nobody has compared with the law yet."""
    if not shown:
        return SafeString("")
    return format_html(
        '<span class="unverified" title="{}">{}</span>',
        gettext("规则条文凭记忆录入，尚未与法律文本核对。"),
        gettext("待核对"),
    )


@register.simple_block_tag
def panel(content: str, title: str = "", *, level: int = 2, note: str = "", flush: bool = False) -> SafeString:
    """`{% panel "现场照片" note="3 张" %}…{% endpanel %}`; `flush` for tables that touch the edge."""
    head = (
        format_html(
            '<header class="panel-head">{}{}</header>',
            mark_safe(f"<h{int(level)}>{conditional_escape(title)}</h{int(level)}>"),  # noqa: S308  # escaped
            format_html('<span class="quiet">{}</span>', note) if note else "",
        )
        if title
        else ""
    )
    return format_html(
        '<section class="panel{}">{}<div class="panel-body">{}</div></section>',
        " flush" if flush else "",
        head,
        content,
    )


@register.simple_tag
def facts(pairs: Iterable[tuple[str, Any]]) -> SafeString:
    """`{% facts view.facts %}`: a strip of (label, value); empty values are left out."""
    return format_html(
        '<dl class="facts">{}</dl>',
        format_html_join(
            "",
            "<div><dt>{}</dt><dd>{}</dd></div>",
            ((label, value) for label, value in pairs if value not in (None, "")),
        ),
    )


@register.simple_block_tag
def factstrip(content: str) -> SafeString:
    """`{% factstrip %}{% fact "期限" %}{% deadline … %}{% endfact %}…{% endfactstrip %}`."""
    return format_html('<dl class="facts">{}</dl>', content)


@register.simple_block_tag
def fact(content: str, label: str) -> SafeString:
    """One fact of a strip, its value given as markup."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, content)


@register.simple_block_tag
def timeline(content: str) -> SafeString:
    """`{% timeline %}{% event … %}…{% endevent %}{% endtimeline %}`: in the order the page gives."""
    return format_html('<ol class="timeline">{}</ol>', content)


@register.simple_block_tag
def event(
    content: str, title: str, *, at: datetime | date | None = None, by: str = "", tone: str = "open"
) -> SafeString:
    """One step of a story: what, when, who; the content holds why, paper and proof."""
    when = moment(at) if isinstance(at, datetime) else day(at, "") if at else ""
    known = tone if tone in TONES else "open"
    body = content.strip()
    return format_html(
        '<li class="{}"><span class="mark">{}</span><div><p class="what">{}</p>'
        '<p class="quiet">{}{}{}</p>{}</div></li>',
        known,
        icon(TONES[known]),
        title,
        when,
        " · " if when and by else "",
        by,
        format_html('<div class="why">{}</div>', SafeString(body)) if body else "",
    )


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """`{% notice "warning" "本年放假安排未导入" %}…{% endnotice %}`; tones info, done, warning, danger."""
    signs = {"info": "info", "done": "ok", "warning": "warning", "danger": "hazard"}
    return format_html(
        '<div class="notice {}" role="note">{}<div>{}{}</div></div>',
        tone if tone in signs else "info",
        icon(signs.get(tone, "info")),
        format_html("<p><strong>{}</strong></p>", title) if title else "",
        content,
    )


@register.simple_tag
def forbidden(act: str, why: str, article: str = "") -> SafeString:
    """An act the law does not allow now: its name, the reason, the article that forbids it."""
    return format_html(
        '<p class="forbidden">{}<span><b>{}</b>　{}{}</span></p>',
        icon("lock"),
        act,
        why,
        format_html("<cite>{}</cite>", article) if article else "",
    )


@register.simple_tag(takes_context=True)
def panels(context: Context, slot: str, subject: object) -> SafeString:
    """`{% panels "registry.enterprise" enterprise %}`: what upper rooms have to say about it."""
    request = context["request"]
    return format_html_join("", "{}", ((shown,) for shown in render_panels(slot, request, subject)))


@register.simple_tag
def field(bound: BoundField, clause: str = "", clause_text: str = "", source: str = "", unit: str = "") -> SafeString:
    """`{% field form.due_on clause="安全生产法 第65条" clause_text="…" source="底账" unit="天" %}`.

    Label, hint (the field's help_text), errors and widget in one column. `source` says where a filled-in value is from.
    """
    widget = bound.field.widget
    if bound.is_hidden:
        return SafeString(f"{bound.errors}{bound}")
    group = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    if not group:
        widget.attrs.setdefault("class", "control")
    return SafeString(
        render_to_string(
            "ui/field.html",
            {
                "field": bound,
                "is_group": group,
                "is_tick": isinstance(widget, CheckboxInput),
                "is_file": isinstance(widget, FileInput),
                "clause": clause or getattr(bound.field, "clause", ""),
                "clause_text": clause_text or getattr(bound.field, "clause_text", ""),
                "source": source or getattr(bound.field, "source", ""),
                "unit": unit,
            },
        )
    )


@register.simple_tag
def form_errors(form: Form) -> SafeString:
    """`{% form_errors form %}`: one list on top, each line leading to its field; empty when all is well."""
    return SafeString(render_to_string("ui/form_errors.html", {"form": form}) if form.errors else "")


@register.simple_tag
def form_fields(form: Form) -> SafeString:
    """All fields of a form, one column, in order, after the list of errors."""
    return format_html("{}{}", form_errors(form), format_html_join("", "{}", ((field(bound),) for bound in form)))


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context,
    content: str,
    label: str,
    url: str,
    *,
    title: str = "",
    says: str = "",
    tone: str = "plain",
    sign: str = "",
    act: str = "",
) -> SafeString:
    """A button that first says what will happen, then posts to `url`.

    `{% confirm "作废" url says="文书编号保留，不再使用。" tone="danger" %}fields{% endconfirm %}`; `act` is the verb on
    the button inside, by default the label. Without script the question stands open below the button.
    """
    return SafeString(
        render_to_string(
            "ui/confirm.html",
            {
                "id": f"c{uuid4().hex[:8]}",
                "label": label,
                "url": url,
                "title": title or label,
                "says": says,
                "tone": tone,
                "sign": sign,
                "act": act or label,
                "content": SafeString(content),
                "csrf_token": context.get("csrf_token"),
            },
        )
    )


@register.simple_tag
def progress(done: int, total: int | None, url: str = "", label: str = "") -> SafeString:
    """`{% progress job.done job.total job.url %}`: asks `url` again until its answer holds a bar without `url`.

    `url` answers with this tag alone; when the work is finished, leave `url` empty.
    """
    return SafeString(render_to_string("ui/progress.html", {"done": done, "total": total, "url": url, "label": label}))


@register.simple_tag
def later(url: str, placeholder: str = "…") -> SafeString:
    """`{% later total_url %}`: a figure that arrives after the page, fetched once."""
    return format_html(
        '<span class="later" hx-get="{}" hx-trigger="load" hx-target="this" hx-select="unset" hx-push-url="false" '
        'hx-swap="innerHTML">{}</span>',
        url,
        placeholder,
    )
