"""Office pages of the ledger: lists, one row with its story, changes, merging, the district's figures."""

import tempfile
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock
from anguan.people.doors import door
from anguan.people.rules import BUREAU, ENTERPRISE, Role
from anguan.people.viewers import ViewerRequest
from anguan.registry import past_views, selectors, services, showing
from anguan.registry.exporting import export
from anguan.registry.forms import ConflictForm, InviteForm, MergeForm, RowForm
from anguan.registry.kinds import KINDS, LedgerKind
from anguan.registry.models import (
    Building,
    DeclaredConflict,
    Enterprise,
    ExpertRecusal,
    Found,
    Membership,
    ShopMembership,
    Tenant,
)
from anguan.registry.services import MergeRefused, RowRefused
from anguan.registry.services.runs import sentence
from anguan.ui.htmx import partial
from anguan.ui.lists import listing_of
from anguan.ui.panels import slot

READERS = (*BUREAU, *ENTERPRISE, Role.TENANT)
MOST_EXPORTED = 300_000
SHOWN_RELATED = 10
MOST_CANDIDATES = 20
SLOTS = {kind: slot(f"registry.{kind}") for kind in KINDS}


def _kind(slug: str) -> LedgerKind:
    try:
        return KINDS[slug]
    except KeyError:
        raise Http404 from None


@door(*READERS)
def row_list(request: ViewerRequest, kind: str) -> HttpResponse:
    """底账清单: one kind of the ledger."""
    one = _kind(kind)
    if "as_of" in request.GET:
        return past_views.list_as_of(request, one)
    rows = one.rows(request.viewer, request.GET.dict()).defer("tokens", "search_text").select_related(*one.related)
    may_import = request.viewer.has(Role.CLERK)
    listing = listing_of(
        request,
        rows,
        name=f"ledger-{one.slug}",
        columns=one.list_columns(),
        sorts=one.sorts,
        default_sort=one.default_sort,
        filters=one.filters(),
        search_label=_("名称、代码、地址、拼音首字母"),
        total_url=reverse("registry:count", args=[one.slug]),
        export_url=reverse("registry:export", args=[one.slug]),
        empty_title=_("底账里还没有%(kind)s") % {"kind": _(one.plural)},
        empty_hint=_("可以从各部门现有的 Excel 表导入。") if may_import else _("由内勤导入后会出现在这里。"),
        empty_action=(_("导入底账"), f"{reverse('registry:import')}?kind={one.slug}") if may_import else None,
    )
    context = {
        "kind": one,
        "title": _(one.plural),
        "listing": listing,
        "rows": showing.rows_of(one, listing.rows),
        "may_import": may_import,
        # The list as it stands tonight is the door to every earlier evening.
        "past_url": f"?as_of={clock.local_day(clock.now())}" if request.viewer.has(*BUREAU) else "",
    }
    return partial(request, "registry/list.html", "registry/_rows.html", context)


@door(*READERS)
def row_count(request: ViewerRequest, kind: str) -> HttpResponse:
    """The exact total of a list, as its own request."""
    total = _kind(kind).rows(request.viewer, request.GET.dict()).count()
    return HttpResponse(f"{total:,}", content_type="text/plain; charset=utf-8")


@door(*BUREAU)
def row_export(request: ViewerRequest, kind: str) -> HttpResponseBase:
    """导出: exactly what the list shows, in its order, as a file that can be imported again."""
    one, params = _kind(kind), request.GET.dict()
    rows = one.rows(request.viewer, params)
    if rows.count() > MOST_EXPORTED:
        messages.error(request, _("一次最多导出 30 万条，请先筛选。"))
        return redirect(f"{reverse('registry:list', args=[kind])}?{request.GET.urlencode()}")
    file = tempfile.TemporaryFile()  # noqa: SIM115  # FileResponse closes it
    export(one, rows.order_by(*one.order(params)), file)
    file.seek(0)
    name = f"{_(one.plural)}-{clock.local_day(clock.now()):%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name)


def _row(request: ViewerRequest, kind: LedgerKind, pk: int) -> Any:
    rows = kind.visible_to(request.viewer).defer("tokens", "search_text").select_related(*kind.related)
    return get_object_or_404(rows, pk=pk)


@dataclass(frozen=True)
class Related:
    """Rows of another kind that belong to the one shown, the first of them, and the list of all."""

    title: str
    rows: list[Any]
    count: int
    url: str


def _related(request: ViewerRequest, kind: LedgerKind, row: Found) -> list[Related]:
    found = []
    for other in KINDS.values():
        if isinstance(row, Enterprise) and other.owner:
            rows = other.visible_to(request.viewer).filter(**{f"{other.owner}__in": selectors.family_ids(row)})
            query = f"enterprise={row.pk}"
        elif kind.slug == "complex" and other.slug == "tenant":
            rows, query = other.visible_to(request.viewer).filter(complex=row.pk), f"complex={row.pk}"
        elif kind.slug == "building" and other.slug == "key-unit":
            rows, query = other.visible_to(request.viewer).filter(building=row.pk), f"building={row.pk}"
        else:
            continue
        count = rows.count()
        if count:
            first = list(rows.order_by(*other.sorts[other.default_sort]).only("pk", "name")[:SHOWN_RELATED])
            url = f"{reverse('registry:list', args=[other.slug])}?{query}" if count > len(first) else ""
            found.append(Related(_(other.plural), first, count, url))
    return found


@door(*READERS)
def row_detail(request: ViewerRequest, kind: str, pk: int) -> HttpResponseBase:
    """底账详情: facts, what belongs to it, what other rooms know, its history."""
    one = _kind(kind)
    if one.model is Enterprise:
        alias = Enterprise.objects.filter(pk=pk, merged_into__isnull=False).first()
        if alias is not None and "as_of" in request.GET and request.viewer.has(*BUREAU):
            return past_views.row_as_of(request, one, alias)
        if alias is not None:
            winner = get_object_or_404(one.visible_to(request.viewer), pk=selectors.resolve(alias).pk)
            messages.info(request, _("%(name)s 已并入这家企业。") % {"name": alias.name})
            return redirect(winner.get_absolute_url())
    row = _row(request, one, pk)
    return past_views.row_as_of(request, one, row) if "as_of" in request.GET else shown(request, one, row)


def shown(
    request: ViewerRequest,
    kind: LedgerKind,
    row: Any,
    *,
    conflict_form: ConflictForm | None = None,
    invitation: str = "",
    status: int = 200,
) -> HttpResponse:
    in_bureau, is_clerk = request.viewer.has(*BUREAU), request.viewer.has(Role.CLERK)
    today = clock.local_day(clock.now())
    context: dict[str, Any] = {
        "kind": kind,
        "row": row,
        "word": _(kind.word),
        "slot": SLOTS[kind.slug],
        "facts": showing.facts_of(row),
        "related": _related(request, kind, row),
        "history": showing.history_of(row) if in_bureau else [],
        "in_bureau": in_bureau,
        "is_clerk": is_clerk,
        "today": today,
    }
    if isinstance(row, Enterprise) and in_bureau:
        ids = selectors.family_ids(row)
        context |= {
            "aliases": list(Enterprise.objects.filter(pk__in=ids).exclude(pk=row.pk)),
            "conflicts": list(
                DeclaredConflict.objects.filter(enterprise__in=ids)
                .select_related("officer__organ")
                .order_by("until", "-since")
            ),
            "expert_recusals": list(
                ExpertRecusal.objects.filter(enterprise__in=ids).select_related("expert").order_by("until", "-since")
            ),
            "members": list(
                Membership.objects.filter(enterprise__in=ids).select_related("user").order_by("until", "since")
            ),
            "conflict_form": conflict_form or (ConflictForm(request.viewer, initial={"since": today})),
            "invite_form": InviteForm(),
            "invitation": invitation,
        }
    if isinstance(row, Building):
        context["plans"] = list(selectors.plans_visible_to(request.viewer).filter(building=row))
    if isinstance(row, Tenant) and in_bureau:
        members = ShopMembership.objects.filter(tenant=row).select_related("user").order_by("until", "since")
        context |= {"shop_members": list(members), "invitation": invitation}
    return render(request, "registry/detail.html", context, status=status)


@door(Role.CLERK)
def row_edit(request: ViewerRequest, kind: str, pk: int) -> HttpResponseBase:
    """台账变更."""
    one = _kind(kind)
    row = _row(request, one, pk)
    form = RowForm(one, request.POST or None, row)
    if request.method == "POST" and form.is_valid():
        changed = services.change_row(row=row, values=form.values, actor=request.viewer.actor, now=clock.now())
        messages.success(request, _("变更已保存，原来的内容留在变更记录里。") if changed else _("内容没有变化。"))
        return redirect(row.get_absolute_url())
    title = _("变更：%(name)s") % {"name": row}
    context = {"form": form, "title": title, "back": row.get_absolute_url(), "submit": _("保存变更")}
    return render(request, "registry/edit.html", context, status=422 if form.errors else 200)


@door(Role.CLERK)
def row_new(request: ViewerRequest, kind: str) -> HttpResponseBase:
    """登记: one row by hand, judged as a file would be."""
    one = _kind(kind)
    form = RowForm(one, request.POST or None, given=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            row = services.create_row(kind=one.slug, values=form.values, actor=request.viewer.actor, now=clock.now())
        except RowRefused as error:
            form.add_error(error.field, sentence(error.refusal))
        else:
            messages.success(request, _("已登记入账。"))
            return redirect("registry:detail", one.slug, row)
    title = _("登记%(kind)s") % {"kind": _(one.word)}
    back = reverse("registry:list", args=[one.slug])
    context = {"form": form, "title": title, "back": back, "submit": _("登记入账")}
    return render(request, "registry/edit.html", context, status=422 if form.errors else 200)


def _enterprise(request: ViewerRequest, pk: int) -> Enterprise:
    return get_object_or_404(selectors.enterprises_visible_to(request.viewer), pk=pk)


@require_POST
@door(Role.CLERK)
def conflict_declare(request: ViewerRequest, pk: int) -> HttpResponse:
    """申报回避."""
    row = _enterprise(request, pk)
    form = ConflictForm(request.viewer, request.POST)
    if not form.is_valid():
        return shown(request, KINDS["enterprise"], row, conflict_form=form, status=422)
    services.declare_conflict(enterprise=row, actor=request.viewer.actor, now=clock.now(), **form.cleaned_data)
    messages.success(request, _("回避已申报，抽查和签字时会避开。"))
    return redirect(row.get_absolute_url())


@require_POST
@door(Role.CLERK)
def conflict_end(request: ViewerRequest, pk: int, conflict: int) -> HttpResponse:
    """解除回避."""
    row = _enterprise(request, pk)
    declared = get_object_or_404(
        DeclaredConflict, pk=conflict, enterprise__in=selectors.family_ids(row), until__isnull=True
    )
    now = clock.now()
    services.end_conflict(conflict=declared, until=clock.local_day(now), actor=request.viewer.actor, now=now)
    messages.success(request, _("回避已解除，记录保留。"))
    return redirect(row.get_absolute_url())


@require_POST
@door(Role.CLERK)
def member_invite(request: ViewerRequest, pk: int) -> HttpResponse:
    """发放企业邀请码: shown once, on this very answer."""
    row = _enterprise(request, pk)
    form = InviteForm(request.POST)
    code = ""
    if form.is_valid():
        code = services.invite_member(
            enterprise=row, role=form.cleaned_data["role"], actor=request.viewer.actor, now=clock.now()
        )
    response = shown(request, KINDS["enterprise"], row, invitation=code, status=200 if code else 422)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@door(Role.CLERK)
def member_end(request: ViewerRequest, pk: int, membership: int) -> HttpResponse:
    """停用企业成员."""
    row = _enterprise(request, pk)
    member = get_object_or_404(Membership, pk=membership, enterprise__in=selectors.family_ids(row), until__isnull=True)
    services.end_membership(membership=member, actor=request.viewer.actor, now=clock.now())
    messages.success(request, _("这位成员已停用，以前的办理记录保留。"))
    return redirect(row.get_absolute_url())


@door(Role.CLERK)
def merge(request: ViewerRequest, pk: int) -> HttpResponse:
    """企业合并: choose the enterprise that is left, and say what will happen."""
    row = _enterprise(request, pk)
    query = request.GET.get("q", "").strip()
    failure = ""
    if request.method == "POST":
        form = MergeForm(request.POST)
        if form.is_valid():
            winner = form.cleaned_data["winner"]
            try:
                services.merge_enterprises(
                    loser=row,
                    winner=winner,
                    reason=form.cleaned_data["reason"],
                    actor=request.viewer.actor,
                    now=clock.now(),
                )
            except MergeRefused as error:
                failure = str(error)
            else:
                messages.success(request, _("已合并。原代码仍可查到，会引到这家企业。"))
                return redirect(winner.get_absolute_url())
        else:
            failure = _("请选择并入哪家企业，并写明合并缘由。")
    wanted = query or row.name[:8]
    found = selectors.matching(selectors.enterprises_visible_to(request.viewer), wanted).exclude(pk=row.pk)
    context = {
        "row": row,
        "query": query,
        "wanted": wanted,
        "failure": failure,
        "candidates": list(found.order_by("name", "id").defer("tokens", "search_text")[:MOST_CANDIDATES]),
    }
    return render(request, "registry/merge.html", context, status=422 if failure else 200)


@door(*READERS)
def index(request: ViewerRequest) -> HttpResponse:
    """底账: the figures for the bureau, one's own enterprises for their members."""
    if request.viewer.has(*BUREAU):
        return redirect("registry:figures")
    return redirect("registry:list", "enterprise" if request.viewer.has(*ENTERPRISE) else "tenant")


@door(*BUREAU)
def figures(request: ViewerRequest) -> HttpResponse:
    """底数: the district's figures of today or of a day, each opening to its rows."""
    return past_views.figures(request)
