"""法定上限: what a coercive act may not outlast or outrun, checked when its paper is issued or served."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from anguan.core import periods
from anguan.core.periods import Period, Unit
from anguan.ground import clock
from anguan.ground.calendars.selectors import current_calendar
from anguan.ground.rules.selectors import rule
from anguan.papers.models import Paper, PaperTerm
from anguan.papers.rules import (
    FormCode,
    Measure,
    NotAllowed,
    PaperState,
    TermKind,
    day_in_words,
    follow,
    measure_of,
    moment_of,
    step_of,
)


def moment_in(body: Mapping[str, Any], key: str) -> datetime | None:
    """A moment of a body in the time of China, in which officers write; None where there is none."""
    found = moment_of(body.get(key))
    return found.replace(tzinfo=clock.CHINA) if found else None


def _day_in(body: Mapping[str, Any], key: str) -> date:
    found = moment_of(body.get(key))
    assert found is not None, f"{key} is a required day"
    return found.date()


def check_limits(paper: Paper, now: datetime) -> None:
    """Refuse a paper that goes past what the law allows, or comes out of turn on a coercive decision."""
    step = step_of(FormCode(paper.form), paper.body)
    decision = decision_of(paper.answers)
    if step is not None and decision is not None:
        follow(measure_now(decision, clock.local_day(now)), step)
    check = _LIMITS.get(FormCode(paper.form))
    if check is not None:
        check(paper, now)


def decision_of(paper: Paper | None) -> Paper | None:
    """The decision to seal, seize or cut the power that a paper belongs to: itself or what it rests on, if any."""
    for _step in range(3):
        if paper is None or paper.form in _DECISIONS:
            return paper
        paper = paper.answers
    return None


def measure_now(decision: Paper, today: date) -> Measure:
    """强制措施的状态: where a decision stands, by the papers in force that rest on it."""
    on_it = Q(answers=decision) | Q(answers__answers=decision)
    resting = Paper.objects.filter(on_it, state__in=[PaperState.ISSUED, PaperState.SERVED]).order_by("issued_at", "pk")
    return measure_of(
        FormCode(decision.form),
        decision.body,
        is_served=decision.state == PaperState.SERVED,
        resting=[(FormCode(form), body) for form, body in resting.values_list("form", "body")],
        today=today,
    )


_DECISIONS: Final = frozenset({FormCode.SEIZURE_DECISION, FormCode.POWER_CUT_DECISION})


def _check_site_measures(paper: Paper, now: datetime) -> None:
    if not paper.body.get("until"):
        return
    today, until = clock.local_day(now), _day_in(paper.body, "until")
    if until < today:
        raise NotAllowed(_("措施的截止日期不能早于出具文书的当天。"))
    longest = rule("temporary-stop-default", today)
    last = periods.due(today, longest.period, current_calendar()).day
    if until > last:
        raise NotAllowed(
            _("暂时停产停业、停止使用最长 %(count)s 个月，最迟到 %(day)s。")
            % {"count": longest.period.count, "day": day_in_words(last)}
        )


def _check_seizure(paper: Paper, now: datetime) -> None:
    body, today = paper.body, clock.local_day(now)
    since, until = _day_in(body, "since"), _day_in(body, "until")
    if until < since or until < today:
        raise NotAllowed(_("查封、扣押的截止日期不能早于开始日期和出具文书的当天。"))
    last = periods.due(since, rule("D17", today).period, current_calendar()).day
    if until > last:
        raise NotAllowed(
            _("查封、扣押的期限不得超过三十日（行政强制法第二十五条），从 %(since)s 起最迟到 %(day)s。")
            % {"since": day_in_words(since), "day": day_in_words(last)}
        )
    if paper.answers is not None and paper.answers.body.get("coercion") != body["measure"]:
        raise NotAllowed(_("批准的强制措施与决定书上的不一致，请核对审批表。"))
    if body.get("on_the_spot") is True:
        taken_at = moment_in(body, "taken_at")
        if taken_at is None or taken_at > now:
            raise NotAllowed(_("当场实施的，请写明实施的时间，且不能晚于现在：二十四小时从那时起算。"))


def _check_seizure_extension(paper: Paper, now: datetime) -> None:
    decision, today = paper.answers, clock.local_day(now)
    assert decision is not None, "an extension follows a decision"
    ends, until = _day_in(decision.body, "until"), _day_in(paper.body, "until")
    longest = Period(int(rule("D17", today).values["extension"]), Unit.CALENDAR_DAYS)
    last = periods.due(ends, longest, current_calendar()).day
    if not ends < until <= last:
        raise NotAllowed(
            _("延长的期限从原截止日 %(ends)s 起不得超过三十日（行政强制法第二十五条），最迟到 %(day)s。")
            % {"ends": day_in_words(ends), "day": day_in_words(last)}
        )


def _check_power_cut_decision(paper: Paper, now: datetime) -> None:
    body = paper.body
    assert paper.answers is not None, "a power cut follows an approval"
    if paper.answers.body.get("coercion") != "power_cut":
        raise NotAllowed(_("审批表批准的不是停止供电，请核对。"))
    if body.get("is_emergency") is True and not str(body.get("why_emergency", "")).strip():
        raise NotAllowed(_("有紧急情形的可以不提前二十四小时通知，请写明是什么紧急情形（安全生产法第七十条）。"))
    check_prior_notice(paper, now)


def check_prior_notice(paper: Paper, notified_at: datetime) -> None:
    """提前通知: a firm that hears of the power cut at `notified_at` has 24 hours until it, except in an emergency."""
    if paper.form != FormCode.POWER_CUT_DECISION or paper.body.get("is_emergency") is True:
        return
    _check_hours_before_cut(paper.body, notified_at)


def _check_power_cut_notice(paper: Paper, now: datetime) -> None:
    decision = paper.answers
    assert decision is not None, "a notice to the supplier follows a decision"
    if paper.body["cut_at"] < decision.body["cut_at"]:
        raise NotAllowed(_("通知供电单位停止供电的时间不能早于告知当事人的时间。"))
    if decision.body.get("is_emergency") is not True:
        _check_hours_before_cut(paper.body, decision.effective_at or now)


def _check_hours_before_cut(body: Mapping[str, Any], notified_at: datetime) -> None:
    period = rule("D20", clock.local_day(notified_at)).period
    earliest = periods.due(notified_at, period, current_calendar()).due
    assert isinstance(earliest, datetime), "D20 counts hours"
    cut_at = moment_in(body, "cut_at")
    if cut_at is None or cut_at < earliest:
        local = earliest.astimezone(clock.CHINA)
        raise NotAllowed(
            _("停止供电须提前二十四小时通知生产经营单位（安全生产法第七十条），最早到 %(day)s %(time)s。")
            % {"day": day_in_words(local.date()), "time": local.strftime("%H:%M")}
        )


def _check_preservation_disposal(paper: Paper, now: datetime) -> None:
    approval = paper.answers
    assert approval is not None, "a disposal follows its approval"
    if approval.body.get("handling") != paper.body["handling"]:
        raise NotAllowed(_("批准的处理与决定书上的不一致，请核对审批表。"))
    term = PaperTerm.objects.filter(paper=approval.answers, kind=TermKind.HANDLE).first()
    if term is not None and clock.local_day(now) > term.due_on and paper.body["handling"] != "release":
        raise NotAllowed(
            _(
                "登记保存的证据应在 %(day)s 前作出处理决定（行政处罚法第五十六条），"
                "现在已经逾期，只能解除登记保存并退还。"
            )
            % {"day": day_in_words(term.due_on)}
        )


_LIMITS: Final[Mapping[FormCode, Callable[[Paper, datetime], None]]] = {
    FormCode.SITE_MEASURES: _check_site_measures,
    FormCode.SEIZURE_DECISION: _check_seizure,
    FormCode.SEIZURE_EXTENSION: _check_seizure_extension,
    FormCode.POWER_CUT_DECISION: _check_power_cut_decision,
    FormCode.POWER_CUT_NOTICE: _check_power_cut_notice,
    FormCode.PRESERVATION_DISPOSAL: _check_preservation_disposal,
}
