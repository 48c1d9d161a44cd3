"""Office pages of batches, from plan to publication, and the parties' own page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock
from anguan.inspections import draws, selectors, showing
from anguan.inspections.draws.page_words import commitment_words
from anguan.inspections.forms import BeaconForm, PartyForm, PlanForm
from anguan.inspections.models import Batch, BatchParty, PlanRow
from anguan.inspections.rules import (
    BatchState,
    Exclusion,
    NotAllowed,
    PartyRole,
)
from anguan.inspections.services import batches
from anguan.people.doors import door
from anguan.people.models import Organ
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest
from anguan.ui.htmx import partial
from anguan.ui.lists import Choice, Column, Filter, listing_of
from anguan.ui.templatetags.ui import day, moment

PARTIES = frozenset({Role.LEADER, Role.SUPERVISOR, Role.PRINCIPAL})
BATCH_READERS = frozenset({*PARTIES, Role.CLERK})


@door(*BATCH_READERS)
def batch_list(request: ViewerRequest) -> HttpResponse:
    """抽查批次, newest first; broken ones stay."""
    found = selectors.batches_visible_to(request.viewer)
    state = request.GET.get("state", "")
    if state in set(BatchState):
        found = found.filter(state=state)
    listing = listing_of(
        request,
        found,
        name="batches",
        columns=[
            Column("title", _("批次")),
            Column("code", _("批次号"), sort="new"),
            Column("state", _("状态")),
            Column("window", _("检查期")),
            Column("organ", _("检查机关")),
        ],
        sorts={"new": ["id"]},
        default_sort="-new",
        filters=[Filter("state", _("状态"), [Choice(one.value, _(one.label)) for one in BatchState])],
        empty_title=_("还没有抽查批次"),
        empty_hint=_("先列入计划，再冻结名录、收承诺、抽取。"),
        empty_action=(_("列入计划"), reverse("inspections:plan")) if request.viewer.has(*selectors.PLANNERS) else None,
    )
    rows = [(batch, showing.batch_pill(batch)) for batch in listing.rows]
    return partial(
        request,
        "inspections/batch_list.html",
        "inspections/_batch_rows.html",
        {"listing": listing, "rows": rows, "may_plan": request.viewer.has(*selectors.PLANNERS)},
    )


@door(*selectors.PLANNERS)
def plan(request: ViewerRequest) -> HttpResponse:
    """列入计划."""
    organs = Organ.objects.filter(pk__in=request.viewer.organs_as(*selectors.PLANNERS)).order_by("pk")
    form = PlanForm(request.POST or None, organs=organs)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            batch = batches.plan_batch(
                title=values["title"],
                organ=values["organ"],
                item=values["item"],
                plan_row=form.chosen_row(),
                window_from=values["window_from"],
                window_to=values["window_to"],
                officers_per_target=values["officers_per_target"],
                experts_per_target=values["experts_per_target"] or 0,
                expert_speciality=values["expert_speciality"],
                expert_capacity=values["expert_capacity"] or 3,
                sealed=values["sealed"],
                beacon_kind=draws.BeaconKind(values["beacon_kind"]),
                beacon_round=values["beacon_round"],
                not_before=values["not_before"],
                strata=form.strata(),
                weights=form.weights(),
                actor=request.viewer.actor,
                now=clock.now(),
            )
        except NotAllowed as error:
            form.add_error(None, showing.sentence(error))
        else:
            messages.success(request, _("已列入计划，下一步添加参与方。"))
            return redirect("inspections:batch", code=batch.code)
    status = 422 if form.errors else 200
    return render(request, "inspections/plan.html", {"form": form}, status=status)


def _batch(request: ViewerRequest, code: str) -> Batch:
    return get_object_or_404(selectors.batches_visible_to(request.viewer).select_related("item__item_list"), code=code)


@door(*BATCH_READERS)
def batch_detail(request: ViewerRequest, code: str) -> HttpResponse:
    """抽查批次 as a story, with the one act that comes next."""
    return _show_batch(request, _batch(request, code))


def _show_batch(
    request: ViewerRequest, batch: Batch, beacon_form: BeaconForm | None = None, status: int = 200
) -> HttpResponse:
    viewer = request.viewer
    works = selectors.may_plan(viewer, batch)
    parties = list(batch.parties.select_related("user"))
    open_now = batch.state == BatchState.COMMITTED and clock.now() >= batch.not_before
    return render(
        request,
        "inspections/batch_detail.html",
        {
            "batch": batch,
            "state": showing.batch_pill(batch),
            "story": showing.story_of(batch),
            "facts": _facts(batch),
            "next": _next_act(batch, parties, works, selectors.may_approve(viewer, batch)),
            "parties": parties,
            "mine": next((party for party in parties if party.user_id == viewer.user_id), None),
            "party_form": PartyForm(batch=batch)
            if works and batch.state in {BatchState.PLANNED, BatchState.POOL_FROZEN}
            else None,
            "beacon_form": beacon_form
            or (BeaconForm() if works and open_now and batch.beacon_kind != draws.BeaconKind.PARTIES_ONLY else None),
            "exclusions": [
                (_(Exclusion(reason).label), count) for reason, count in selectors.exclusion_counts(batch).items()
            ],
            "strata": selectors.stratum_counts(batch),
            "drawn": [
                (row, selectors.target_word(row), selectors.is_closed(row), list(row.officers.all()))
                for row in selectors.drawn_list(viewer, batch)
            ],
            "replacements": [
                (row, showing.replacement_pill(row), showing.replacement_subject(row), showing.replacement_outcome(row))
                for row in selectors.replacements_of(viewer, batch)
            ],
            "may_replace": works and batch.state == BatchState.APPROVED,
            "experts": selectors.expert_counts(batch),
            "works": works,
            "roster": selectors.own_roster_place(viewer, batch),
        },
        status=status,
    )


def _facts(batch: Batch) -> list[tuple[str, Any]]:
    return [
        (_("批次号"), batch.code),
        (_("检查机关"), batch.organ.name),
        (_("抽查事项"), f"{batch.item.code} {batch.item.matter}（{batch.item.item_list.version}）"),
        *([(_("年度计划事项"), _row_words(batch.plan_row))] if batch.plan_row else []),
        (_("检查期"), format_html("{} — {}", day(batch.window_from), day(batch.window_to))),
        (_("公开随机源"), " ".join([_(draws.BeaconKind(batch.beacon_kind).label), batch.beacon_round]).strip()),
        (_("随机值产生时间"), moment(batch.not_before)),
        *([(_("密封抽查"), _("抽中的企业装在信封里，检查组出发时启封"))] if batch.is_sealed else []),
        *_expert_facts(batch),
        (_("各类签数"), "、".join(f"{_(group)} {tickets}" for group, tickets in sorted(batch.weights.items()))),
    ]


def _row_words(row: PlanRow) -> str:
    return _("%(plan)s第 %(number)d 行：%(targets)s") % {
        "plan": row.plan.title,
        "number": row.number,
        "targets": row.targets,
    }


def _expert_facts(batch: Batch) -> list[tuple[str, Any]]:
    if not batch.experts_per_target:
        return []
    words = _("每家 %(count)d 名，%(speciality)s，每人最多 %(capacity)d 家") % {
        "count": batch.experts_per_target,
        "speciality": batch.expert_speciality or _("专业不限"),
        "capacity": batch.expert_capacity,
    }
    return [(_("随行专家"), words)]


def _next_act(batch: Batch, parties: list[BatchParty], works: bool, approves: bool) -> dict[str, str] | None:
    """The lawful act that comes next: `url` and `label` for who may do it, `says` for everybody."""

    def act(name: str, label: str, says: str, *, tone: str = "primary", may: bool = works) -> dict[str, str]:
        url = reverse(f"inspections:{name}", args=[batch.code]) if may else ""
        return {"url": url, "label": label, "says": says, "tone": tone}

    waiting = [party.name for party in parties if not party.commitment]
    match BatchState(batch.state):
        case BatchState.PLANNED:
            return act("freeze", _("冻结名录"), _("按现在的底账、执法人员和回避登记留下快照，之后不能再改。"))
        case BatchState.POOL_FROZEN if len(parties) < 2 or waiting:
            return {"url": "", "label": "", "says": _("等参与方到齐并作出承诺：%(who)s") % {
                "who": "、".join(_(name) for name in waiting) or _("至少两方")
            }}  # fmt: skip
        case BatchState.POOL_FROZEN:
            return act("commit", _("公布承诺"), _("规范和承诺立即公开，从此不能再改，也不能撤回。"), tone="danger")
        case BatchState.COMMITTED:
            closed = [party.name for party in parties if party.sealed is None]
            who = {"who": "、".join(closed) or _("公开随机值")}
            return {"url": "", "label": "", "says": _("随机值产生之后等各方开启秘密：%(who)s") % who}
        case BatchState.DRAWN:
            return act(
                "approve", _("批准检查"), _("每家抽中的企业生成一次检查，派给抽中的执法人员；不事先通知企业。"),
                may=approves,
            )  # fmt: skip
        case BatchState.APPROVED:
            return {"url": "", "label": "", "says": _("检查进行中；最后一家检查完毕后可以公开抽查包。")}
        case BatchState.INSPECTED:
            return act("publish", _("公开抽查包"), _("秘密、名录和结果以代号公开，任何人都可以重新计算。"))
    return None


@require_POST
@door(*selectors.PLANNERS)
def batch_act(request: ViewerRequest, code: str, act: str) -> HttpResponse:
    """One step of a batch; which one is the address."""
    batch = _batch(request, code)
    approves = act == "approve"
    allowed = selectors.may_approve if approves else selectors.may_plan
    if not allowed(request.viewer, batch):
        raise PermissionDenied(
            _("批准检查须由本机关负责人办理。") if approves else _("只有承办机关的人员可以办理这一批。")
        )
    step = {
        "freeze": batches.freeze_pool,
        "commit": batches.commit_batch,
        "approve": batches.approve_batch,
        "publish": batches.publish_bundle,
    }[act]
    try:
        step(batch=batch, actor=request.viewer.actor, now=clock.now())
    except NotAllowed as error:
        messages.error(request, showing.sentence(error))
    else:
        done = {"freeze": _("名录已冻结。"), "commit": _("承诺已公布。"), "approve": _("检查已批准。")}
        messages.success(request, done.get(act, _("抽查包已公开。")))
    return redirect("inspections:batch", code=code)


@require_POST
@door(*selectors.PLANNERS)
def add_party(request: ViewerRequest, code: str) -> HttpResponse:
    """添加参与方."""
    batch = _batch(request, code)
    if not selectors.may_plan(request.viewer, batch):
        raise PermissionDenied(_("只有承办机关的人员可以办理这一批。"))
    form = PartyForm(request.POST, batch=batch)
    if form.is_valid():
        try:
            batches.add_party(
                batch=batch,
                role=PartyRole(form.cleaned_data["role"]),
                user=form.cleaned_data["user"],
                actor=request.viewer.actor,
                now=clock.now(),
            )
        except NotAllowed as error:
            messages.error(request, showing.sentence(error))
        else:
            messages.success(request, _("参与方已添加，请对方登录作出承诺。"))
    else:
        messages.error(request, _("请选择身份和由谁参与。"))
    return redirect("inspections:batch", code=code)


@require_POST
@door(*selectors.PLANNERS)
def enter_beacon(request: ViewerRequest, code: str) -> HttpResponse:
    """登记公开随机值."""
    batch = _batch(request, code)
    if not selectors.may_plan(request.viewer, batch):
        raise PermissionDenied(_("只有承办机关的人员可以办理这一批。"))
    form = BeaconForm(request.POST)
    if form.is_valid():
        try:
            batches.enter_beacon(batch=batch, **form.cleaned_data, actor=request.viewer.actor, now=clock.now())
        except NotAllowed as error:
            form.add_error(None, showing.sentence(error))
        else:
            messages.success(request, _("公开随机值已登记。"))
            return redirect("inspections:batch", code=code)
    return _show_batch(request, batch, beacon_form=form, status=422)


@door(*PARTIES)
def party(request: ViewerRequest, code: str) -> HttpResponse:
    """参与方本人的页面: make the secret in this browser and commit; later open it, or refuse.

    The secret is made, kept and checked by the browser's script; only its commitment arrives before the beacon exists.
    """
    mine = get_object_or_404(selectors.parties_of(request.viewer), batch__code=code)
    batch = mine.batch
    now = clock.now()
    actor = request.viewer.actor
    if request.method == "POST":
        try:
            match request.POST.get("act"):
                case "commit":
                    batches.submit_commitment(
                        party=mine, commitment=request.POST.get("commitment", ""), actor=actor, now=now
                    )
                    messages.success(request, _("承诺已收到。请保管好密钥文件，开启时要用。"))
                case "open":
                    batch = batches.submit_secret(
                        party=mine, secret=request.POST.get("secret", ""), actor=actor, now=now
                    )
                    messages.success(request, _("秘密已封存。"))
                case "refuse":
                    batches.refuse_secret(party=mine, reason=request.POST.get("reason", ""), actor=actor, now=now)
                    messages.warning(request, _("已记录拒绝开启，这一批作废并公开。"))
        except NotAllowed as error:
            messages.error(request, showing.sentence(error))
        return redirect("inspections:party", code=code)
    return render(
        request,
        "inspections/party.html",
        {
            "party": mine,
            "batch": batch,
            "state": showing.batch_pill(batch),
            "facts": _facts(batch),
            "may_commit": batch.state in {BatchState.PLANNED, BatchState.POOL_FROZEN},
            "may_open": batch.state == BatchState.COMMITTED and now >= batch.not_before and mine.sealed is None,
            "waits_for_beacon": batch.state == BatchState.COMMITTED and now < batch.not_before,
            "is_sealed": batch.state == BatchState.COMMITTED and mine.sealed is not None,
            "words": [(key, _(text)) for key, text in commitment_words().items()],
        },
    )
