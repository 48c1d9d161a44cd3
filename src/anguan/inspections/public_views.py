"""Public pages, without log-in: draws with their bundles, a page that verifies one, results, task codes."""

import json
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from anguan.core.canonical import canonical_json
from anguan.ground import clock
from anguan.inspections import draws, selectors, showing
from anguan.inspections.draws.page_words import page_words
from anguan.inspections.models import Batch, Visit
from anguan.inspections.rules import BatchState, ReplacementKind, VisitState
from anguan.inspections.services import ratings, visits
from anguan.people.doors import PUBLIC, door
from anguan.people.viewers import ViewerRequest

PAGE = 50


def _words() -> list[tuple[str, str]]:
    return [(key, _(text)) for key, text in page_words().items()]


@door(PUBLIC)
def draw_list(request: ViewerRequest) -> HttpResponse:
    """抽查公开: every batch that was ever committed; those that broke stay."""
    page = Paginator(selectors.public_batches(), PAGE).get_page(request.GET.get("page"))
    rows = [(batch, showing.batch_pill(batch), showing.reason_word(batch)) for batch in page]
    return render(request, "inspections/public_draws.html", {"rows": rows, "page": page})


def _public_batch(code: str) -> Batch:
    return get_object_or_404(selectors.public_batches().select_related("item__item_list"), code=code)


@door(PUBLIC)
def draw_detail(request: ViewerRequest, code: str) -> HttpResponse:
    """一次抽查: what was promised and when, and after the last visit the bundle to verify."""
    batch = _public_batch(code)
    spec = batch.spec
    assert spec is not None
    return render(
        request,
        "inspections/public_draw.html",
        {
            "batch": batch,
            "state": showing.batch_pill(batch),
            "reason": showing.reason_word(batch),
            "parties": list(batch.parties.all()),
            "spec_text": json.dumps(spec, ensure_ascii=False, indent=2, sort_keys=True),
            "proves": [_(text) for text in draws.BEACON_PROVES[draws.BeaconKind(batch.beacon_kind)]],
            "cannot_prove": [_(text) for text in draws.BEACON_CANNOT[draws.BeaconKind(batch.beacon_kind)]],
            "replacements": [
                (
                    row,
                    _(ReplacementKind(row.kind).label),
                    selectors.replacement_word(row),
                    showing.replacement_reason(row),
                    showing.replacement_pill(row),
                    # Why a request was refused stays inside: it may name people.
                    showing.replacement_outcome(row) if row.step else "",
                )
                for row in selectors.public_replacements(batch)
            ],
            "envelopes": selectors.public_envelopes(batch),
            "beacon": _(draws.BeaconKind(batch.beacon_kind).label),
            "is_published": batch.state == BatchState.PUBLISHED,
            "is_broken": batch.state == BatchState.BROKEN,
            "words": _words(),
        },
    )


def _as_json(value: Any, name: str) -> HttpResponse:
    response = HttpResponse(canonical_json(value), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


@door(PUBLIC)
def draw_promise(_request: ViewerRequest, code: str) -> HttpResponse:
    """规范和承诺 as a file: public as soon as they are fixed."""
    return _as_json(selectors.promise_of(_public_batch(code)), f"{code}-promise")


@door(PUBLIC)
def draw_bundle(_request: ViewerRequest, code: str) -> HttpResponse:
    """抽查包 as a file: only after the batch's last visit."""
    bundle = selectors.public_bundle(_public_batch(code))
    if bundle is None:
        raise Http404(_("这一批的抽查包还没有公开：最后一家检查完毕之后才公开。"))
    return _as_json(bundle, code)


@door(PUBLIC)
def draw_companion(_request: ViewerRequest, code: str) -> HttpResponse:
    """随附文件 as a file: experts and the steps after the draw, with the bundle."""
    companion = selectors.public_companion(_public_batch(code))
    if companion is None:
        raise Http404(_("这一批的抽查包还没有公开：最后一家检查完毕之后才公开。"))
    return _as_json(companion, f"{code}-companion")


@door(PUBLIC)
def draw_envelopes(request: ViewerRequest, code: str) -> HttpResponse:  # noqa: ARG001
    """信封文件: of a sealed draw the commitments, and with the bundle what was in them and who had opened them."""
    envelopes = selectors.envelopes_file(_public_batch(code))
    if envelopes is None:
        raise Http404(_("这一批没有信封：不是密封抽查，或者还没有抽取。"))
    return _as_json(envelopes, f"{code}-envelopes")


@door(PUBLIC)
def verify(request: ViewerRequest) -> HttpResponse:
    """核对抽查包: any bundle file, in the visitor's own browser; nothing is sent."""
    return render(request, "inspections/public_verify.html", {"words": _words()})


@door(PUBLIC)
def results(request: ViewerRequest) -> HttpResponse:
    """检查结果公示, newest first; by enterprise name."""
    found = selectors.public_results()
    query = request.GET.get("q", "").strip()
    if query:
        found = found.filter(visit__enterprise__name__icontains=query)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [(result, showing.category_word(result.category)) for result in page]
    return render(request, "inspections/public_results.html", {"rows": rows, "page": page, "query": query})


@door(PUBLIC)
def task(request: ViewerRequest, code: str) -> HttpResponse:
    """任务码: what the firm that scans it sees: who comes, from which organ, for what, and whether it counts."""
    read = visits.read_task_code(code)
    now = clock.now()
    visit = (
        Visit.objects.select_related("enterprise", "organ", "item__item_list", "checklist")
        .filter(uid=read.visit_uid)
        .first()
        if read
        else None
    )
    if read is None or visit is None:
        return render(request, "inspections/public_task.html", {"is_known": False}, status=404)
    is_valid = read.is_valid(now) and visit.state not in {VisitState.CLOSED}
    context: dict[str, Any] = {"is_known": True, "is_valid": is_valid, "valid_until": read.valid_until}
    if is_valid:
        # An expired code tells nothing about the visit: it may have been left lying about.
        context |= {
            "visit": visit,
            "team": selectors.team_of(visit),
            "rating_code": ratings.code_for(visit),
            "checked": selectors.checked_this_year(visit, clock.local_day(now).year),
        }
    return render(request, "inspections/public_task.html", context, status=200 if is_valid else 410)
