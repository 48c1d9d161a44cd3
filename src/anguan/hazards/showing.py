"""How hazards are shown: everything a template prints is made here, so that a page of a hundred rows stays quick."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any, Final

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anguan.core.words import N_
from anguan.ground import audit, clock, evidence
from anguan.ground.models import AuditRecord, Evidence
from anguan.hazards.models import Hazard, Rectification
from anguan.hazards.rules import Level, Outcome, Source, State
from anguan.ui.templatetags.ui import day as day_tag
from anguan.ui.templatetags.ui import deadline, pill

TONES: Final[Mapping[State, str]] = {
    State.FOUND: "open",
    State.CLASSIFIED: "open",
    State.RECTIFYING: "waiting",
    State.OVERDUE: "overdue",
    State.REPORTED: "open",
    State.VERIFIED: "done",
    State.CLOSED: "done",
    State.REOPENED: "overdue",
    State.TRANSFERRED: "waiting",
    State.WITHDRAWN: "void",
}
NOT_RUNNING: Final = frozenset({State.CLASSIFIED, State.REOPENED})
SETTLED: Final = frozenset({State.REPORTED, State.VERIFIED, State.CLOSED, State.WITHDRAWN})

ROW_FIELDS: Final = (
    "id",
    "uid",
    "description",
    "place",
    "state",
    "level",
    "source",
    "due_on",
    "sort_due_on",
    "due_provisional",
    "found_at",
    "enterprise__name",
)


def state_pill(state: str) -> SafeString:
    """The state as a pill, the same everywhere."""
    known = State(state)
    return pill(TONES[known], known.label)


def level_mark(level: str) -> SafeString:
    """The level as a word; a major one stands out."""
    if level == Level.MAJOR:
        return pill("overdue", Level.MAJOR.label, "risk-major")
    return format_html("<span>{}</span>", _(Level(level).label)) if level else SafeString("—")


def term(due_on: date | None, state: str, provisional: bool) -> SafeString:
    """The deadline chip; what was reported or closed shows its day only, and so does a term that does not run yet."""
    if due_on is not None and state in NOT_RUNNING:
        return format_html('<span class="quiet">{} {}</span>', _("拟定"), day_tag(due_on))
    return deadline(due_on, provisional=provisional, done=state in SETTLED)


# Built here and not in the template, which would take ten times as long for a hundred rows.
_ROW: Final = (
    '<tr><td><a href="{url}" data-panel>{description}</a></td><td>{place}</td><td>{enterprise}</td><td>{term}</td>'
    '<td>{state}</td><td>{level}</td><td>{source}</td><td class="day">{found}</td></tr>\n'
)
_ITEM: Final = '<li>{term}<div><a href="{url}">{description}</a><p class="quiet">{place}</p></div>{state}</li>'
_ANY_UID: Final = "00000000-0000-0000-0000-000000000000"


def rows_of(found: Iterable[Mapping[str, Any]], pattern: str = _ROW) -> list[SafeString]:
    """The rows of the list from `values(*ROW_FIELDS)`, as markup; what repeats within a page is made once."""
    states = {state.value: state_pill(state) for state in State}
    levels = {level: level_mark(level) for level in ("", *Level)}
    sources = {source.value: escape(_(source.label)) for source in Source}
    terms: dict[tuple[Any, ...], SafeString] = {}
    days: dict[date, SafeString] = {}
    address = reverse("hazards:detail", args=[_ANY_UID])
    rows = []
    for row in found:
        key = (row["due_on"], row["state"], row["due_provisional"])
        if key not in terms:
            terms[key] = term(row["due_on"], row["state"], row["due_provisional"])
        found_on = clock.local_day(row["found_at"])
        if found_on not in days:
            days[found_on] = day_tag(found_on)
        rows.append(
            SafeString(
                pattern.format(
                    url=address.replace(_ANY_UID, str(row["uid"])),
                    description=escape(row["description"]),
                    place=escape(row["place"]),
                    enterprise=escape(row["enterprise__name"]),
                    state=states[row["state"]],
                    level=levels[row["level"]],
                    source=sources[row["source"]],
                    term=terms[key],
                    found=days[found_on],
                )
            )
        )
    return rows


def items_of(found: Iterable[Mapping[str, Any]]) -> list[SafeString]:
    """The same as items of a short list, for a panel."""
    return rows_of(found, _ITEM)


_STORY: Final[Mapping[str, tuple[str, str]]] = {
    "hazards.find_hazard": (N_("发现隐患"), "open"),
    "hazards.classify_hazard": (N_("定级"), "open"),
    "hazards.set_deadline": (N_("定整改期限"), "open"),
    "hazards.attach_order": (N_("列入责令限期整改指令书"), "open"),
    "hazards.start_term": (N_("责令限期整改指令书送达，开始整改"), "waiting"),
    "hazards.undertake_rectification": (N_("企业自行整改"), "waiting"),
    "hazards.mark_overdue": (N_("整改期限届满，逾期未改"), "overdue"),
    "hazards.report_rectification": (N_("企业报告整改完成"), "open"),
    "hazards.close_hazard": (N_("销号"), "done"),
    "hazards.reopen_hazard": (N_("重新打开"), "overdue"),
    "hazards.withdraw_order": (N_("责令文书作废，待重新下达"), "void"),
    "hazards.submit_plan": (N_("企业报送治理方案"), "open"),
    "hazards.approve_plan": (N_("治理方案审定"), "done"),
    "hazards.return_plan": (N_("治理方案退回修改"), "overdue"),
    "hazards.decide_measure": (N_("决定临时安全措施"), "waiting"),
    "hazards.ask_to_resume": (N_("企业申请恢复"), "open"),
    "hazards.consent_to_resume": (N_("审查同意恢复"), "done"),
    "hazards.refuse_to_resume": (N_("不同意恢复"), "overdue"),
    "hazards.hang_hazard": (N_("挂牌督办"), "waiting"),
    "hazards.publish_listing": (N_("挂牌督办公示"), "open"),
    "hazards.withdraw_listing": (N_("撤回挂牌"), "void"),
    "hazards.remove_listing": (N_("摘牌"), "done"),
    "hazards.apply_for_acceptance": (N_("企业申请验收"), "open"),
    "hazards.propose_closure": (N_("拟写销号结论"), "open"),
    "hazards.return_closure": (N_("退回销号结论"), "overdue"),
    "hazards.propose_escalation": (N_("提请升级处置"), "overdue"),
    "hazards.adopt_escalation": (N_("采纳升级处置建议"), "waiting"),
    "hazards.reject_escalation": (N_("不采纳升级处置建议"), "void"),
    "hazards.apply_for_extension": (N_("企业申请延期"), "open"),
    "hazards.grant_extension": (N_("准予延期"), "waiting"),
    "hazards.refuse_extension": (N_("不予延期"), "open"),
    "hazards.lapse_extension": (N_("延期申请期满失效"), "void"),
    "hazards.file_objection": (N_("企业提出异议"), "open"),
    "hazards.uphold_finding": (N_("异议答复：维持认定"), "open"),
    "hazards.withdraw_finding": (N_("异议答复：撤销认定"), "void"),
    "hazards.set_basis": (N_("核改法律依据"), "open"),
    "hazards.propose_transfer": (N_("提出移送"), "open"),
    "hazards.refuse_transfer": (N_("不批准移送"), "void"),
    "hazards.send_transfer": (N_("批准并移送"), "waiting"),
    "hazards.receive_transfer": (N_("接收机关签收"), "open"),
    "hazards.accept_transfer": (N_("接收机关受理"), "done"),
    "hazards.return_transfer": (N_("接收机关退回"), "overdue"),
    "hazards.answer_transfer": (N_("接收机关反馈结果"), "done"),
    "hazards.close_own_hazard": (N_("企业自行销号"), "done"),
    "hazards.report_tenant_part": (N_("商户反馈整改"), "open"),
    "hazards.note_reused_photo": (N_("重复照片被拒"), "overdue"),
    "hazards.name_tenant": (N_("指明商户"), "open"),
    "hazards.count_again": (N_("放假安排已导入，期限不再暂定"), "open"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a hazard's story."""

    title: str
    tone: str
    at: datetime
    by: str
    why: str
    checkers: str


def story_of(hazard: Hazard) -> list[Step]:
    """办理经过: who did what and why, newest first, from the audit records."""
    return [_step(record) for record in audit.history(hazard)]


def _step(record: AuditRecord) -> Step:
    title, tone = _STORY.get(record.action, (record.action, "open"))
    checkers = ""
    if record.action == "hazards.verify_rectification":
        after = record.after or {}
        accepted = after.get("outcome") == Outcome.ACCEPTED
        title, tone = (N_("复查合格"), "done") if accepted else (N_("复查退回，继续整改"), "overdue")
        checkers = "、".join(f"{one['name']}（{one['certificate_no']}）" for one in after.get("checkers", []))
    return Step(_(title), tone, record.at, record.actor_name, record.cause, checkers)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One report with its proof."""

    report: Rectification
    photos: list[Evidence]
    outcome: SafeString


def attempts_of(hazard: Hazard) -> list[Attempt]:
    """Every report of rectification with its pictures, newest first; two queries for all."""
    reports = list(hazard.rectifications.select_related("opinion").order_by("-attempt"))
    owned = Evidence.objects.filter(
        owner_type="hazards.rectification", owner_id__in=[str(report.pk) for report in reports]
    )
    photos: dict[str, list[Evidence]] = {}
    for photo in owned.order_by("taken_at", "id"):
        photos.setdefault(photo.owner_id, []).append(photo)
    tones = {
        Outcome.PENDING: "waiting",
        Outcome.ACCEPTED: "done",
        Outcome.RETURNED: "overdue",
        Outcome.SELF_CLOSED: "done",
    }
    return [
        Attempt(
            report,
            photos.get(str(report.pk), []),
            pill(tones[Outcome(report.outcome)], Outcome(report.outcome).label),
        )
        for report in reports
    ]


def photos_of(hazard: Hazard) -> list[Evidence]:
    """The pictures of the finding."""
    return evidence.of(hazard)
