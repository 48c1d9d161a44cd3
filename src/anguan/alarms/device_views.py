"""装置: unknown sources and their admission, a device with its points and orders, a point on its plan."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.alarms import showing
from anguan.alarms.forms import AdmitForm, DeviceForm, PointForm, ReasonForm, RegisterForm
from anguan.alarms.models import Command, Device, Point
from anguan.alarms.rules.devices import COMMAND_ENDS, CommandKind, CommandState, DeviceState, IdentifiedBy, Profile
from anguan.alarms.rules.refusals import NotAllowed
from anguan.alarms.rules.signals import Observation, SignalKind, from_json
from anguan.alarms.selectors import devices as selectors
from anguan.alarms.selectors.duty_room import READERS, WATCHERS
from anguan.alarms.services import devices as services
from anguan.alarms.services.duty_checks import check_now
from anguan.alarms.services.placing import lift_point, place_point
from anguan.alarms.services.points import describe_device, describe_point
from anguan.core.words import N_
from anguan.ground import clock
from anguan.people.doors import door
from anguan.people.viewers import ViewerRequest
from anguan.registry.models import Building, Enterprise, FloorPlan
from anguan.registry.selectors import matching
from anguan.ui.htmx import partial
from anguan.ui.lists import Choice, Column, Filter, listing_of
from anguan.wire.gbt26875.codes import TypeFlag

MOST_FOUND = 8
MOST_ANSWERS = 5
STATE_TONES = {DeviceState.UNKNOWN: "waiting", DeviceState.ADMITTED: "done", DeviceState.BLOCKED: "void"}
COMMAND_TONES = {
    CommandState.WAITING: "waiting",
    CommandState.SENT: "waiting",
    CommandState.CONFIRMED: "done",
    CommandState.ANSWERED: "done",
    CommandState.DENIED: "overdue",
    CommandState.UNANSWERED: "overdue",
    CommandState.NOT_CONNECTED: "overdue",
    CommandState.UNUSABLE: "overdue",
}
# What the page offers to ask; the rest of the queries wants addresses that only a technician knows.
QUERIES = {
    TypeFlag.READ_DEVICE_STATE: N_("运行状态"),
    TypeFlag.READ_DEVICE_VERSION: N_("软件版本"),
    TypeFlag.READ_DEVICE_CONFIGURATION: N_("配置"),
    TypeFlag.READ_DEVICE_CLOCK: N_("装置时间"),
}


@door(*READERS)
def devices(request: ViewerRequest) -> HttpResponse:
    """装置: who knocks unknown on top, then everybody that was admitted."""
    rows = selectors.devices_visible_to(request.viewer).exclude(state=DeviceState.UNKNOWN)
    params = request.GET
    if params.get("state") in set(DeviceState):
        rows = rows.filter(state=params["state"])
    if params.get("online") == "no":
        rows = rows.filter(is_online=False, state=DeviceState.ADMITTED)
    if words := params.get("q", "").strip():
        rows = (
            rows.filter(building__name__icontains=words)
            | rows.filter(place__icontains=words)
            | rows.filter(source__icontains=words)
        )
    listing = listing_of(
        request,
        rows,
        name="alarm-devices",
        columns=[
            Column("place", _("装置"), sort="place"),
            Column("building", _("建筑或单位")),
            Column("state", _("状态")),
            Column("heard", _("最近收到")),
            Column("clock", _("时钟误差"), kind="number"),
            Column("maker", _("厂家")),
        ],
        sorts={"place": ("place", "pk")},
        default_sort="place",
        filters=[
            Filter(
                "state", _("接入状态"), [Choice(one.value, _(one.label)) for one in DeviceState if one != "unknown"]
            ),
            Filter("online", _("在线"), [Choice("no", _("只看离线"))]),
        ],
        search_label=_("建筑、位置、源地址"),
        empty_title=_("还没有接入的装置"),
        empty_hint=_("装置连上以后会出现在上面的“未接入的来源”里，选定建筑即可接入。"),
    )
    context = {
        "listing": listing,
        "may_register": request.viewer.has(*selectors.KEEPERS),
        "shown": [(one, STATE_TONES[DeviceState(one.state)], _clock_words(one)) for one in listing.rows],
        "strangers": selectors.strangers(request.viewer) if request.viewer.has(*selectors.KEEPERS) else [],
    }
    return partial(request, "alarms/devices.html", "alarms/_device_rows.html", context)


def _clock_words(device: Device) -> str:
    if device.clock_offset is None:
        return showing.BLANK
    seconds = round(device.clock_offset)
    return _("%(n)s 秒") % {"n": f"{seconds:+d}" if seconds else "0"}


@dataclass(frozen=True)
class Found:
    """A building or unit that a device may stand in."""

    value: str
    name: str
    address: str
    kind: str


def _found(words: str) -> list[Found]:
    if not words:
        return []
    found = [
        Found(f"building:{one.pk}", one.name, one.address, _("建筑"))
        for one in matching(Building.objects.all(), words).order_by("name", "pk")[:MOST_FOUND]
    ]
    firms = matching(Enterprise.objects.filter(merged_into__isnull=True), words).order_by("name", "pk")
    return found + [Found(f"enterprise:{one.pk}", one.name, one.address, _("单位")) for one in firms[:MOST_FOUND]]


@door(*selectors.KEEPERS)
def register(request: ViewerRequest) -> HttpResponseBase:
    """登记来源: one that was not heard yet, such as a system that needs its token before it can send."""
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = services.register_device(source=form.cleaned_data["source"], actor=request.viewer.actor, now=clock.now())
        if selectors.devices_kept_by(request.viewer).filter(pk=row.pk).exists():
            is_admitted = row.state == DeviceState.ADMITTED
            return redirect("alarms:device" if is_admitted else "alarms:admit", row.pk)
        form.add_error("source", _("这个来源已由别的机构接入；请核对，或者请他们先停用。"))
    return render(request, "alarms/register.html", {"form": form}, status=422 if form.errors else 200)


@door(*selectors.KEEPERS)
def admit(request: ViewerRequest, pk: int) -> HttpResponseBase:
    """接入: search the building, one click on it."""
    device = get_object_or_404(selectors.devices_kept_by(request.viewer), pk=pk)
    words = request.GET.get("find", "").strip()
    form = AdmitForm(
        selectors.organs_kept_by(request.viewer),
        request.POST or None,
        initial={"place": device.place, "profile": device.profile},
    )
    if request.method == "POST" and form.is_valid():
        try:
            building, enterprise = _place(request.POST.get("where", ""))
            services.admit_device(
                device=device,
                organ=form.cleaned_data["organ"],
                building=building,
                enterprise=enterprise,
                place=form.cleaned_data["place"],
                profile=form.cleaned_data["profile"],
                actor=request.viewer.actor,
                now=clock.now(),
            )
        except NotAllowed as error:
            form.add_error(None, showing.sentence(error))
        else:
            messages.success(request, _("已接入。此前收到的信号正在补判，如有警情会出现在值班室。"))
            return redirect("alarms:device", pk)
    context = {"device": device, "form": form, "words": words, "found": _found(words), "profiles": Profile.choices()}
    return render(request, "alarms/admit.html", context, status=422 if form.errors else 200)


def _place(where: str) -> tuple[Building | None, Enterprise | None]:
    kind, _sep, text = where.partition(":")
    try:
        if kind == "building" and text.isdecimal():
            building = Building.objects.select_related("manager").get(pk=int(text))
            return building, building.manager
        if kind == "enterprise" and text.isdecimal():
            return None, Enterprise.objects.get(pk=int(text), merged_into__isnull=True)
    except (ObjectDoesNotExist, OverflowError):
        pass
    raise NotAllowed(N_("请先查找并选定装置所在的建筑或者单位。"))


@door(*READERS)
def device(request: ViewerRequest, pk: int) -> HttpResponse:
    """One device: where it stands, its points with their state, what was asked of it."""
    row = get_object_or_404(selectors.devices_visible_to(request.viewer), pk=pk)
    return _device(request, row)


def _device(request: ViewerRequest, row: Device, token: str = "") -> HttpResponse:
    points = Point.objects.filter(device=row).select_related("current", "plan")
    params = request.GET
    if words := params.get("q", "").strip():
        points = points.filter(text__icontains=words) | points.filter(zone__icontains=words)
    if params.get("show") == "unplaced":
        points = points.filter(plan__isnull=True)
    elif params.get("show") == "critical":
        points = points.filter(is_critical=True)
    elif params.get("show") == "abnormal":
        points = points.filter(current__isnull=False).exclude(current__kinds=["normal"])
    listing = listing_of(
        request,
        points,
        name="alarm-points",
        columns=[
            Column("text", _("点位"), sort="text"),
            Column("type", _("部件类型")),
            Column("number", _("编号"), kind="number"),
            Column("zone", _("防火分区")),
            Column("state", _("状态")),
            Column("plan", _("平面图")),
        ],
        sorts={"text": ("text", "pk")},
        default_sort="text",
        filters=[
            Filter(
                "show",
                _("显示"),
                [
                    Choice("abnormal", _("不正常的")),
                    Choice("critical", _("关键点位")),
                    Choice("unplaced", _("没有上图的")),
                ],
            )
        ],
        search_label=_("位置、分区"),
        empty_title=_("还没有点位"),
        empty_hint=_("装置第一次报告某个点位时会自动登记。"),
    )
    keeps = selectors.devices_kept_by(request.viewer).filter(pk=row.pk).exists() and row.organ_id is not None
    watches = row.organ_id in request.viewer.organs_as(*WATCHERS)
    context: dict[str, Any] = {
        "device": row,
        "listing": listing,
        "shown": [
            (one, showing.type_words(one), showing.number_of(one), showing.state_words(one)) for one in listing.rows
        ],
        "facts": _facts(row),
        "tone": STATE_TONES[DeviceState(row.state)],
        "keeps": keeps,
        "watches": watches and row.state == DeviceState.ADMITTED,
        "may_admit": row.state != DeviceState.ADMITTED
        and selectors.devices_kept_by(request.viewer).filter(pk=row.pk).exists(),
        "queries": [(int(flag), _(label)) for flag, label in QUERIES.items()],
        "reason_form": ReasonForm(),
        "token": token,
        **_commands(row),
    }
    response = partial(request, "alarms/device.html", "alarms/_point_rows.html", context)
    if token:
        response["Cache-Control"] = "no-store"
    return response


def _commands(row: Device) -> dict[str, Any]:
    commands = selectors.commands_of(row)
    return {
        "commands": [
            (one, COMMAND_TONES[CommandState(one.state)], _(CommandKind(one.kind).label), outcome_words(one))
            for one in commands
        ],
        "is_waiting": any(CommandState(one.state) not in COMMAND_ENDS for one in commands),
    }


def outcome_words(command: Command) -> str:
    """What a device answered, or what kept it from being asked, as one line; what the state says is left out."""
    outcome = command.outcome
    told = [_told_words(from_json(one)) for one in outcome.get("observations", ())]
    words = [line for line in told if line][:MOST_ANSWERS]
    if len(told) > MOST_ANSWERS:
        words.append(_("共 %(n)s 项") % {"n": len(told)})
    if outcome.get("reason") == "closed":
        words.append(_("连接中断"))
    if problem := outcome.get("problem"):
        words.append(problem)
    return "；".join(words)


def _told_words(one: Observation) -> str:
    said = sorted(one.kinds - {SignalKind.OTHER, SignalKind.READING, SignalKind.OPERATION})
    words = ["、".join(_(kind.label) for kind in said), one.text]
    if one.value is not None:
        words.append(f"{one.value:g} {one.unit}".strip())
    if one.occurred_at is not None:
        words.append(f"{one.occurred_at.astimezone(clock.CHINA):%Y-%m-%d %H:%M:%S}")
    return " ".join(word for word in words if word)


def _facts(row: Device) -> list[tuple[str, str]]:
    facts = [
        (_("源地址"), row.source),
        (_("识别方式"), _(IdentifiedBy(row.identified_by).label)),
        (_("协议方言"), _(Profile(row.profile).label)),
        (_("建筑"), str(row.building or "")),
        (_("所属单位"), str(row.enterprise or "")),
        (_("接警机构"), str(row.organ or "")),
        (_("厂家"), f"{row.maker} {row.model}".strip()),
        (_("心跳间隔"), _("%(n)s 秒") % {"n": row.heartbeat_s}),
        (_("时钟误差"), _clock_words(row)),
    ]
    return [(label, value) for label, value in facts if value]


@door(*READERS)
def commands(request: ViewerRequest, pk: int) -> HttpResponse:
    """What came of the orders, asked again while one has no end."""
    row = get_object_or_404(selectors.devices_visible_to(request.viewer), pk=pk)
    return render(request, "alarms/_commands.html", {"device": row, **_commands(row)})


@require_POST
@door(*WATCHERS)
def command(request: ViewerRequest, pk: int, kind: str) -> HttpResponse:
    """下达命令: 校时, 巡检, 查询, 查岗."""
    row = get_object_or_404(
        selectors.devices_visible_to(request.viewer), pk=pk, organ__in=request.viewer.organs_as(*WATCHERS)
    )
    now = clock.now()
    try:
        _sent(row, kind, request.POST.get("type", ""), request, now)
    except NotAllowed as error:
        messages.error(request, showing.sentence(error))
    return redirect(f"{reverse('alarms:device', args=[pk])}#commands")


def _sent(row: Device, kind: str, flag: str, request: ViewerRequest, now: datetime) -> None:
    if kind not in set(CommandKind):
        raise NotAllowed(N_("没有这种命令，请用页面上的按钮。"))
    wanted = CommandKind(kind)
    if wanted is CommandKind.DUTY_CHECK:
        check_now(device=row, actor=request.viewer.actor, now=now)
        return
    arguments: dict[str, Any] = {}
    if wanted is CommandKind.QUERY:
        if not flag.isdecimal() or int(flag) not in {int(one) for one in QUERIES}:
            raise NotAllowed(N_("没有这种查询，请用页面上的按钮。"))
        arguments["type"] = int(flag)
    services.send_command(device=row, kind=wanted, now=now, actor=request.viewer.actor, **arguments)


@door(*selectors.KEEPERS)
def device_edit(request: ViewerRequest, pk: int) -> HttpResponseBase:
    """修改装置资料."""
    row = get_object_or_404(selectors.devices_kept_by(request.viewer), pk=pk)
    form = DeviceForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            describe_device(device=row, values=form.cleaned_data, actor=request.viewer.actor, now=clock.now())
        except NotAllowed as error:
            form.add_error(None, showing.sentence(error))
        else:
            messages.success(request, _("装置资料已保存。"))
            return redirect("alarms:device", pk)
    device = selectors.devices_kept_by(request.viewer).get(pk=pk)
    return render(
        request, "alarms/device_edit.html", {"form": form, "device": device}, status=422 if form.errors else 200
    )


@require_POST
@door(*selectors.KEEPERS)
def block(request: ViewerRequest, pk: int) -> HttpResponse:
    """停用装置."""
    row = get_object_or_404(selectors.devices_kept_by(request.viewer), pk=pk)
    form = ReasonForm(request.POST)
    try:
        services.block_device(
            device=row,
            reason=form.cleaned_data["reason"] if form.is_valid() else "",
            actor=request.viewer.actor,
            now=clock.now(),
        )
    except NotAllowed as error:
        messages.error(request, showing.sentence(error))
    else:
        messages.success(request, _("已停用：它的报文照样保存，但不再产生警情。"))
    return redirect("alarms:device", pk)


@require_POST
@door(*WATCHERS)
def issue_token(request: ViewerRequest, pk: int) -> HttpResponse:
    """发放令牌: shown once, on this very answer."""
    row = get_object_or_404(
        selectors.devices_visible_to(request.viewer), pk=pk, organ__in=request.viewer.organs_as(*WATCHERS)
    )
    try:
        token = services.issue_token(device=row, actor=request.viewer.actor, now=clock.now())
    except NotAllowed as error:
        messages.error(request, showing.sentence(error))
        return redirect("alarms:device", pk)
    return _device(request, row, token)


@door(*selectors.KEEPERS)
def point(request: ViewerRequest, pk: int) -> HttpResponseBase:
    """点位: its words, and its place on a plan of the building."""
    row = get_object_or_404(selectors.points_kept_by(request.viewer), pk=pk)
    form = PointForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        describe_point(point=row, actor=request.viewer.actor, now=clock.now(), **form.cleaned_data)
        messages.success(request, _("点位已登记。"))
        return redirect("alarms:point", pk)
    row = get_object_or_404(selectors.points_kept_by(request.viewer), pk=pk)
    plans = list(
        FloorPlan.objects.filter(building=row.device.building_id or 0)
        .select_related("evidence")
        .order_by("-storey", "part")
    )
    asked = request.GET.get("plan", "")
    plan = next((one for one in plans if str(one.pk) == asked), row.plan or (plans[0] if plans else None))
    neighbours = Point.objects.filter(plan=plan).exclude(pk=row.pk).select_related("current")[:300] if plan else []
    context = {
        "point": row,
        "form": form,
        "plans": plans,
        "plan": plan,
        "view": showing.plan_with(plan, list(neighbours)) if plan else None,
        "is_here": plan is not None and row.plan_id == plan.pk,
        "type": showing.type_words(row),
        "number": showing.number_of(row),
        "state": showing.state_words(row),
    }
    return render(request, "alarms/point.html", context, status=422 if form.errors else 200)


@require_POST
@door(*selectors.KEEPERS)
def place(request: ViewerRequest, pk: int) -> HttpResponse:
    """标注点位, or taking it off the plan."""
    row = get_object_or_404(selectors.points_kept_by(request.viewer), pk=pk)
    actor, now = request.viewer.actor, clock.now()
    if "lift" in request.POST:
        lift_point(point=row, actor=actor, now=now)
        return redirect("alarms:point", pk)
    text = request.POST.get("plan", "")
    plan = FloorPlan.objects.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None
    try:
        if plan is None:
            raise NotAllowed(N_("请选一张平面图。"))
        place_point(
            point=row,
            plan=plan,
            x=_fraction(request.POST.get("x", "")),
            y=_fraction(request.POST.get("y", "")),
            actor=actor,
            now=now,
        )
    except NotAllowed as error:
        messages.error(request, showing.sentence(error))
    else:
        messages.success(request, _("点位已标在图上。"))
    return redirect("alarms:point", pk)


def _fraction(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise NotAllowed(N_("请在图上点选位置，或者填 0 到 1 之间的数。")) from None
