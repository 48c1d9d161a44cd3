"""How incidents are put on a page: rows of the list, the panel of one, its next acts with their keys."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from anguan.alarms.models import (
    Forwarding,
    HandlingAgreement,
    Incident,
    IncidentPoint,
    IncidentStep,
    Point,
    RepairRequest,
    TestWindow,
)
from anguan.alarms.rules.forwarding import Stage
from anguan.alarms.rules.incidents import (
    NEXT,
    UNTAKEN,
    FalseCause,
    IncidentAction,
    IncidentKind,
    IncidentState,
    Timer,
    Verdict,
    is_unheard,
    may,
)
from anguan.alarms.rules.refusals import NotAllowed
from anguan.alarms.rules.signals import SignalKind
from anguan.alarms.rules.steps import WAYS, Sentence, label_of, read_step
from anguan.alarms.rules.truth import RepairReason
from anguan.alarms.selectors import duty_room
from anguan.core.words import N_
from anguan.ground.access import Viewer
from anguan.registry.models import Building, Enterprise, FloorPlan, KeyUnit
from anguan.registry.rules import BuildingUse
from anguan.wire.gbt26875.codes import ComponentType, SystemType, name_of

_S, _A = IncidentState, IncidentAction
BLANK = "—"


def sentence(error: NotAllowed) -> str:
    """The refusal in the reader's language."""
    if not error.params:
        return _(error.template)
    return _(error.template) % {name: _(value) if value else "" for name, value in error.params.items()}


def milliseconds(moment: datetime) -> int:
    """A moment as clocks in the browser take it."""
    return round(moment.timestamp() * 1000)


# --- one act


@dataclass(frozen=True)
class Asked:
    """What an act asks for before it is done: fields by name, and whether the text may stay empty."""

    what: tuple[str, ...] = ()
    cause: bool = False
    heard: str = ""
    must_hear: bool = False
    reason: str = ""

    @property
    def is_anything(self) -> bool:
        """Whether there is a form at all; without one, the key acts at once."""
        return bool(self.what or self.cause or self.heard or self.reason)


@dataclass(frozen=True)
class Act:
    """One act of the table as a button: its key, its words, what it asks, and what pressing it will do."""

    action: IncidentAction
    key: str
    label: str
    asked: Asked = Asked()
    says: str = ""
    tone: str = ""


_SAW = N_("谁在现场、看到什么")

# The key is the first letter of the pinyin, read from the place of the key, so that an input method is no obstacle.
ACTS: tuple[Act, ...] = (
    Act(_A.ACKNOWLEDGE, "S", N_("受理"), tone="primary"),
    Act(
        _A.VERIFY,
        "H",
        N_("核实"),
        Asked(
            what=WAYS,
            heard=N_("对方怎么说"),
        ),
        tone="primary",
    ),
    Act(_A.ARRIVE, "D", N_("登记到场"), Asked(heard=_SAW)),
    Act(
        _A.JUDGE_TRUE,
        "Z",
        N_("真实火警"),
        Asked(heard=_SAW),
        N_("立即上报消防救援和本机构负责人，不能撤回。"),
        tone="danger",
    ),
    Act(_A.JUDGE_FALSE, "W", N_("误报"), Asked(cause=True, heard=_SAW, must_hear=True)),
    Act(_A.JUDGE_TEST, "C", N_("测试"), Asked(heard=N_("谁在测试、为什么没有报备"), must_hear=True)),
    Act(_A.JUDGE_FAULT, "G", N_("设备故障"), Asked(heard=N_("什么故障"), must_hear=True), N_("同时提出维修申请。")),
    Act(
        _A.REPORT_UNREACHABLE,
        "L",
        N_("联系不上"),
        Asked(heard=N_("打了哪些电话")),
        N_("立即通知在岗的其他人员和带班领导。"),
    ),
    Act(
        _A.FORWARD,
        "B",
        N_("电话上报"),
        Asked(heard=N_("谁接的电话、怎么答复"), must_hear=True),
        N_("平台已按名单发出；这里登记人工电话上报。"),
        tone="danger",
    ),
    Act(_A.HANDLE, "X", N_("处置完毕"), Asked(heard=N_("现场处置的结果"), must_hear=True), tone="primary"),
    Act(_A.CLOSE, "J", N_("办结"), tone="primary"),
    Act(_A.NOTE, "F", N_("附记"), Asked(heard=N_("听到看到了什么"), must_hear=True)),
    Act(_A.TAKE_OVER, "Q", N_("接手"), Asked(reason=N_("接手的理由"))),
)
ACT_OF = {act.action: act for act in ACTS}
# What stands first and largest in each state.
MAIN: dict[IncidentState, tuple[IncidentAction, ...]] = {
    _S.RECEIVED: (_A.ACKNOWLEDGE,),
    _S.PRESENTED: (_A.ACKNOWLEDGE,),
    _S.ACKNOWLEDGED: (_A.VERIFY, _A.JUDGE_TRUE),
    _S.VERIFYING: (_A.JUDGE_TRUE, _A.JUDGE_FALSE),
    _S.UNREACHABLE: (_A.VERIFY, _A.JUDGE_TRUE),
    _S.TRUE_FIRE: (_A.FORWARD,),
    _S.FORWARDED: (_A.HANDLE,),
    _S.HANDLED: (_A.CLOSE,),
    _S.FALSE: (_A.CLOSE,),
    _S.TEST: (_A.CLOSE,),
    _S.FAULT: (_A.CLOSE,),
}
STATE_TONES = {
    _S.RECEIVED: "overdue",
    _S.PRESENTED: "overdue",
    _S.ACKNOWLEDGED: "open",
    _S.VERIFYING: "open",
    _S.UNREACHABLE: "overdue",
    _S.TRUE_FIRE: "overdue",
    _S.FORWARDED: "waiting",
    _S.HANDLED: "done",
    _S.FALSE: "void",
    _S.TEST: "void",
    _S.FAULT: "waiting",
    _S.CLOSED: "done",
}
KIND_ICONS = {
    IncidentKind.FIRE: "fire",
    IncidentKind.SUPERVISORY: "warning",
    IncidentKind.LINKAGE: "bell",
    IncidentKind.MANUAL: "warning",
    IncidentKind.OFFLINE: "offline",
    IncidentKind.FAULT: "settings",
    IncidentKind.SHIELDED: "void",
}
TIMER_WORDS = {
    Timer.PRESENT: N_("呈现"),
    Timer.ACKNOWLEDGE: N_("应受理"),
    Timer.ON_SITE: N_("应有人到现场确认"),
    Timer.MICRO_STATION: N_("微型消防站应到场"),
    Timer.FORWARD: N_("应上报"),
}


# --- one row of the list


@dataclass(frozen=True)
class Due:
    """The next deadline of an incident."""

    word: str
    at: datetime
    is_late: bool

    @property
    def ms(self) -> int:
        return milliseconds(self.at)


@dataclass(frozen=True)
class Row:
    """An incident in the list."""

    incident: Incident
    order: str
    kind_word: str
    icon: str
    place: str
    point: str
    state_word: str
    tone: str
    is_fire: bool
    is_untaken: bool
    is_mine: bool
    handler: str
    notes: tuple[str, ...]
    due: Due | None
    since_ms: int

    @property
    def url(self) -> str:
        return f"{reverse('alarms:room')}?incident={self.incident.pk}"

    @property
    def says(self) -> str:
        """The row in one sentence, for whoever listens instead of looking."""
        return _("新的%(kind)s：%(place)s %(point)s，%(state)s") % {
            "kind": self.kind_word,
            "place": self.place,
            "point": self.point,
            "state": self.state_word,
        }


def kind_word(incident: Incident) -> str:
    """推定火警, 火警, 故障 …; a fire says when it is confirmed, and when it lies inside a test window."""
    if incident.kind == IncidentKind.FIRE and incident.verdict == Verdict.TRUE:
        return _(Verdict.TRUE.label)
    if incident.kind == IncidentKind.FIRE and incident.is_presumed:
        return _("推定火警")
    if incident.kind == IncidentKind.FIRE and incident.window_id is not None and incident.verdict == Verdict.TEST:
        return _("测试中的火警")
    return _(IncidentKind(incident.kind).label)


def point_words(point: Point | None) -> str:
    """Where a point is: its own text, else what it is by its code and number."""
    if point is None:
        return ""
    if point.text:
        return point.text if not point.zone or point.zone in point.text else f"{point.zone} {point.text}"
    return " ".join(part for part in (point.zone, type_words(point), number_of(point)) if part)


def type_words(point: Point) -> str:
    """探测器, 手动报警按钮 …, by the tables of GB/T 26875.3."""
    if point.component_type >= 0:
        name = name_of(ComponentType, point.component_type)
        return _(name) if name else _("部件类型 %(n)s") % {"n": point.component_type}
    if point.system_type:
        name = name_of(SystemType, point.system_type)
        return _(name) if name else _("系统类型 %(n)s") % {"n": point.system_type}
    return _("装置自身")


def number_of(point: Point) -> str:
    """The address as panels print it: 系统-回路-号."""
    if point.component_type < 0:
        return f"{point.system_address}#" if point.system_type else ""
    high, low = point.component_address >> 16, point.component_address & 0xFFFF
    return f"{point.system_address}-{low}-{high}"


def place_of(incident: Incident) -> str:
    """The building, else the unit, else where the device stands."""
    return str(incident.building or incident.enterprise or incident.device)


def due_of(incident: Incident, now: datetime) -> Due | None:
    """The deadline that runs out first."""
    timers = getattr(incident, "running", None)
    if timers is None:
        timers = list(incident.timers.filter(met_at__isnull=True).order_by("due_at"))
    timers = [timer for timer in timers if timer.timer != Timer.PRESENT]
    if not timers:
        return None
    first = timers[0]
    return Due(_(TIMER_WORDS[Timer(first.timer)]), first.due_at, first.due_at <= now)


def row_of(incident: Incident, first: IncidentPoint | None, viewer: Viewer, now: datetime) -> Row:
    """An incident as a row of the list."""
    state = IncidentState(incident.state)
    notes = []
    if incident.points_count > 1:
        notes.append(_("%(n)s 个部位") % {"n": incident.points_count})
    if incident.signals_count > 1:
        notes.append(_("%(n)s 次信号") % {"n": incident.signals_count})
    if incident.is_grouped:
        notes.append(_("报警风暴"))
    if incident.is_flapping:
        notes.append(_("反复异常"))
    if incident.restored_at is not None:
        notes.append(_("信号已恢复"))
    return Row(
        incident=incident,
        order=f"{incident.rank:05}-{milliseconds(incident.opened_at):015}-{incident.pk:012}",
        kind_word=kind_word(incident),
        icon=KIND_ICONS[IncidentKind(incident.kind)],
        place=place_of(incident),
        point=point_words(first.point if first else None),
        state_word=_(state.label),
        tone="waiting" if state in UNTAKEN and incident.kind != IncidentKind.FIRE else STATE_TONES[state],
        is_fire=incident.kind == IncidentKind.FIRE,
        is_untaken=state in UNTAKEN,
        is_mine=incident.handler_id is not None and incident.handler_id == viewer.user_id,
        handler=incident.handler.name if incident.handler else "",
        notes=tuple(notes),
        due=due_of(incident, now),
        since_ms=milliseconds(incident.opened_at),
    )


def rows_of(incidents: Sequence[Incident], viewer: Viewer, now: datetime) -> list[Row]:
    """Incidents as rows, in their order."""
    first = duty_room.first_points(list(incidents))
    return [row_of(incident, first.get(incident.pk), viewer, now) for incident in incidents]


# --- the panel of one


@dataclass(frozen=True)
class Contact:
    """Somebody to call."""

    role: str
    name: str
    phone: str


_ABOVE, _BELOW = "-1.4em", "2.2em"


@dataclass(frozen=True)
class Mark:
    """A point on the plan, in the plan's own pixels."""

    x: float
    y: float
    label: str
    is_active: bool
    # At the edge of the picture words grow inwards; beside a neighbour's words they stand below the mark.
    anchor: str
    dy: str = _ABOVE


@dataclass(frozen=True)
class PlanView:
    """The plan of a storey with the points of the incident on it; `unit` is the size of a mark."""

    plan: FloorPlan
    marks: tuple[Mark, ...]
    others: tuple[FloorPlan, ...]

    @property
    def unit(self) -> float:
        return round(max(self.plan.width, self.plan.height) / 60, 1)

    @property
    def dot(self) -> float:
        return round(self.unit / 3, 1)

    @property
    def letters(self) -> float:
        return round(self.unit * 1.6, 1)


@dataclass(frozen=True)
class Step:
    """One line of the story."""

    at: datetime
    title: str
    by: str
    what: str
    heard: str
    tone: str


@dataclass(frozen=True)
class Offered:
    """An act that the table allows now, as this reader sees it."""

    act: Act
    label: str
    is_main: bool
    # As it is kept, and as it is called in the reader's language.
    whats: tuple[tuple[str, str], ...]
    heard: str
    reason: str
    says: str
    url: str


@dataclass(frozen=True)
class Panel:
    """Everything the duty room shows of one incident."""

    row: Row
    next_words: str
    is_taken_by_other: bool
    may_act: bool
    main: tuple[Offered, ...]
    others: tuple[Offered, ...]
    causes: tuple[tuple[str, str], ...]
    contacts: tuple[Contact, ...]
    facts: tuple[tuple[str, str], ...]
    points: tuple[tuple[IncidentPoint, str, str], ...]
    plan: PlanView | None
    key_units: tuple[KeyUnit, ...]
    critical: tuple[tuple[str, str], ...]
    earlier: tuple[tuple[Incident, str], ...]
    windows: tuple[TestWindow, ...]
    agreement: HandlingAgreement | None
    repairs: tuple[tuple[RepairRequest, str, str], ...]
    forwardings: tuple[tuple[Forwarding, str], ...]
    steps: tuple[Step, ...]
    dues: tuple[Due, ...]

    @property
    def incident(self) -> Incident:
        return self.row.incident


def panel_of(incident: Incident, viewer: Viewer, now: datetime, plan_id: int | None = None) -> Panel:
    """An incident as its panel."""
    state = IncidentState(incident.state)
    points = duty_room.points_of(incident)
    may_act = incident.organ_id in viewer.organs_as(*duty_room.WATCHERS)
    is_others = incident.handler_id is not None and incident.handler_id != viewer.user_id
    offered = offers(incident, state, is_others=is_others) if may_act else []
    timers = [
        timer for timer in incident.timers.filter(met_at__isnull=True).order_by("due_at") if timer.timer != "present"
    ]
    return Panel(
        row=row_of(incident, points[0] if points else None, viewer, now),
        next_words=_(NEXT[state]),
        is_taken_by_other=is_others and state is not _S.CLOSED,
        may_act=may_act,
        main=tuple(one for one in offered if one.is_main),
        others=tuple(one for one in offered if not one.is_main),
        causes=tuple((cause.value, _(cause.label)) for cause in FalseCause),
        contacts=tuple(contacts_of(incident)),
        facts=tuple(facts_of(incident)),
        points=tuple((row, point_words(row.point), kinds_words(row)) for row in points),
        plan=plan_of(points, plan_id),
        key_units=tuple(KeyUnit.objects.filter(building=incident.building_id)[:8]) if incident.building_id else (),
        critical=tuple((point_words(point), state_words(point)) for point in duty_room.critical_points(incident)),
        earlier=tuple((one, verdict_words(one)) for one in duty_room.earlier_alarms(incident)),
        windows=tuple(duty_room.windows_over(incident, now)),
        agreement=duty_room.agreement_with(incident),
        repairs=tuple(
            (one, point_words(one.point), _(RepairReason(one.reason).label)) for one in duty_room.repairs_of(incident)
        ),
        forwardings=tuple((one, _(Stage(one.stage).label)) for one in duty_room.forwardings_of(incident)),
        steps=tuple(steps_of(incident)),
        dues=tuple(Due(_(TIMER_WORDS[Timer(one.timer)]), one.due_at, one.due_at <= now) for one in timers),
    )


def offers(incident: Incident, state: IncidentState, *, is_others: bool) -> list[Offered]:
    """The acts that the table allows in this state to this reader.

    Of somebody else's incident only taking it over, and noting what one heard.
    """
    found = []
    kind = IncidentKind(incident.kind)
    for act in ACTS:
        if not may(state, act.action) or is_unheard(kind, state, act.action):
            continue
        if act.action is not _A.NOTE and is_others != (act.action is _A.TAKE_OVER):
            continue
        found.append(
            Offered(
                act=act,
                label=_(act.label),
                is_main=act.action in MAIN.get(state, ()) or act.action is _A.TAKE_OVER,
                whats=tuple((one, _(one)) for one in act.asked.what),
                heard=_(act.asked.heard) if act.asked.heard else "",
                reason=_(act.asked.reason) if act.asked.reason else "",
                says=_(act.says) if act.says else "",
                url=reverse("alarms:act", args=[incident.pk, act.action.value]),
            )
        )
    return found


def contacts_of(incident: Incident) -> list[Contact]:
    """Whom to call: the unit, whoever runs the building, its key units."""
    found: list[Contact] = []
    firms: list[Enterprise | None] = [incident.enterprise, incident.building.manager if incident.building else None]
    for firm in dict.fromkeys(one for one in firms if one is not None):
        found.append(Contact(_("主要负责人"), firm.principal or str(firm), firm.phone))
        if firm.safety_managers:
            found.append(Contact(_("安全管理人员"), firm.safety_managers, ""))
    if incident.building_id is not None:
        units = KeyUnit.objects.filter(building=incident.building_id)[:5]
        found += [Contact(_("消防安全管理人"), unit.fire_manager or unit.name, unit.phone) for unit in units]
    return [one for one in found if one.name or one.phone]


def facts_of(incident: Incident) -> list[tuple[str, str]]:
    """建筑概况: what a fire commander asks first."""
    building = incident.building
    facts: list[tuple[str, str]] = []
    if building is not None:
        facts += _building_facts(building)
    if incident.enterprise is not None and not (building and building.manager_id == incident.enterprise_id):
        facts.append((_("所属单位"), str(incident.enterprise)))
    facts.append((_("装置"), incident.device.place or incident.device.source))
    return facts


def _building_facts(building: Building) -> list[tuple[str, str]]:
    storeys = _("地上 %(n)s 层") % {"n": building.storeys_above}
    if building.storeys_below:
        storeys += _("，地下 %(n)s 层") % {"n": building.storeys_below}
    facts = [
        (_("地址"), building.address),
        (_("高度"), _("%(n)s 米") % {"n": building.height_m.normalize()}),
        (_("层数"), storeys),
        (_("使用性质"), _(BuildingUse(building.use).label)),
    ]
    if building.is_high_rise:
        facts.insert(1, (_("类别"), _("高层建筑")))
    if building.area_m2:
        facts.append((_("面积"), _("%(n)s 平方米") % {"n": f"{building.area_m2:,.0f}"}))
    if building.built_year:
        facts.append((_("建成"), _("%(n)s 年") % {"n": building.built_year}))
    if building.manager:
        facts.append((_("管理单位"), str(building.manager)))
    return facts


def plan_of(points: Sequence[IncidentPoint], plan_id: int | None) -> PlanView | None:
    """The plan asked for, else that of the first point that stands on one."""
    plans = list(dict.fromkeys(row.point.plan for row in points if row.point.plan is not None))
    if not plans:
        return None
    plan = next((one for one in plans if one.pk == plan_id), plans[0])
    marks = tuple(
        Mark(
            round((row.point.x or 0) * plan.width, 1),
            round((row.point.y or 0) * plan.height, 1),
            row.point.text or number_of(row.point),
            row.is_active,
            _anchor(row.point.x or 0),
        )
        for row in points
        if row.point.plan_id == plan.pk
    )
    view = PlanView(plan, marks, tuple(one for one in plans if one != plan))
    return replace(view, marks=_apart(marks, view.letters))


def _apart(marks: Iterable[Mark], letters: float) -> tuple[Mark, ...]:
    """The marks from left to right; words that would run into those of a mark on their left stand below."""
    placed: list[Mark] = []
    for mark in sorted(marks, key=lambda one: one.x):
        crowded = any(
            other.dy == _ABOVE
            and abs(other.y - mark.y) < 2 * letters
            and mark.x - other.x < letters * (1 + (len(other.label) + len(mark.label)) / 2)
            for other in placed
        )
        placed.append(replace(mark, dy=_BELOW) if crowded else mark)
    return tuple(placed)


def plan_with(plan: FloorPlan, points: Sequence[Point]) -> PlanView:
    """A plan with points on it as small marks; what is neither normal nor silent stands out."""
    marks = tuple(
        Mark(
            round((one.x or 0) * plan.width, 1),
            round((one.y or 0) * plan.height, 1),
            f"{point_words(one)} {state_words(one)}",
            is_alarming(one),
            "middle",
        )
        for one in points
    )
    return PlanView(plan, marks, ())


def is_alarming(point: Point) -> bool:
    """Whether a point says anything but that it is normal."""
    current = getattr(point, "current", None)
    return current is not None and bool(set(current.kinds) - {SignalKind.NORMAL.value, SignalKind.RESET.value})


def _anchor(x: float) -> str:
    return "start" if x < _EDGE else "end" if x > 1 - _EDGE else "middle"


_EDGE = 0.15


def kinds_words(row: IncidentPoint) -> str:
    """What a point of an incident says now."""
    return _("仍在报警") if row.is_active else _("已恢复")


def state_words(point: Point) -> str:
    """火警、屏蔽 …: what a point said last; 没有报告过 where it never did."""
    current = getattr(point, "current", None)
    if current is None or not current.kinds:
        return _("没有报告过")
    return _("、").join(_(SignalKind(kind).label) for kind in current.kinds)


def verdict_words(incident: Incident) -> str:
    """What it turned out to be, with the cause of a false alarm."""
    if not incident.verdict:
        return _(IncidentState(incident.state).label)
    words = _(Verdict(incident.verdict).label)
    if not incident.false_cause:
        return words
    return _("%(verdict)s（%(cause)s）") % {"verdict": words, "cause": _(FalseCause(incident.false_cause).label)}


def steps_of(incident: Incident) -> list[Step]:
    """The story, newest first."""
    rows = IncidentStep.objects.filter(incident=incident).order_by("-id")[: duty_room.MOST_STEPS]
    return [
        Step(
            row.at,
            _(label_of(row.action)),
            _(row.by_name),
            told(read_step(row.action, row.what) or row.what),
            row.heard,
            _tone_of(row.action),
        )
        for row in rows
    ]


def told(what: Sentence | str) -> str:
    """A sentence of the platform in the reader's language; a text as it is."""
    if isinstance(what, str):
        return what
    gaps = {gap: told(part) for gap, part in what.gaps.items()}
    if "names" in gaps:
        gaps["names"] = gaps["names"].replace("、", _("、"))
    return _(what.template) % gaps


def _tone_of(action: str) -> str:
    if action in {"escalated", "presumed", "judge_true", "report_unreachable", "broke_through"}:
        return "overdue"
    if action in {"delivered", "forward", "handle", "close"}:
        return "done"
    return "open"
