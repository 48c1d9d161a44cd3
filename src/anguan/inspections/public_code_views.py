"""Public pages of codes: the keys, a firm's own code, and the anonymous rating."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from anguan.ground import clock
from anguan.inspections import selectors, showing
from anguan.inspections.rules import VisitState, cap_rows
from anguan.inspections.selectors.caps import published_caps
from anguan.inspections.selectors.ratings import rating_summaries
from anguan.inspections.services import ratings, visits
from anguan.inspections.services.signing import published_keys, read_card
from anguan.inspections.visit_forms import RatingForm
from anguan.people.doors import PUBLIC, door
from anguan.people.viewers import ViewerRequest

# What a stranger needs to check a code without us; the page prints it, a test runs it.
SCRIPT = """\
import base64, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
unpack = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(sys.argv[1]))
head, card, signature = sys.argv[2].split(".")
key.verify(unpack(signature), f"{head}.{card}".encode())
print(unpack(card).decode())
"""


@door(PUBLIC)
def keys(request: ViewerRequest) -> HttpResponse:
    """验证公钥: the keys under which codes are signed, a script that checks one offline, and a box to try it here."""
    code = request.GET.get("code", "").strip()
    # A code is often pasted as the address that the picture holds.
    code = code.rstrip("/").rsplit("/", 1)[-1]
    card = read_card(code) if code else None
    return render(
        request,
        "inspections/public_keys.html",
        {"keys": published_keys(), "script": SCRIPT, "code": code, "card": sorted(card.items()) if card else []},
    )


@door(PUBLIC)
def keys_json(_request: ViewerRequest) -> HttpResponse:
    """The same keys for a program."""
    return JsonResponse({"keys": published_keys()})


@door(PUBLIC)
def firm(request: ViewerRequest, code: str) -> HttpResponse:
    """企业码: whose it is; for an officer who is to check here, the way to enter that the code was scanned."""
    enterprise = visits.read_enterprise_code(code)
    if enterprise is None:
        return render(request, "inspections/public_firm.html", {"enterprise": None}, status=404)
    mine = selectors.visits_of_officer(request.viewer).filter(enterprise=enterprise)
    open_visits = mine.filter(state__in=[VisitState.APPROVED, VisitState.ON_SITE]).order_by("due_on", "pk")
    if request.method == "POST":
        visit = open_visits.first()
        try:
            if visit is None:
                messages.error(request, _("您没有对这家企业的检查任务，不能入企检查（国办发〔2024〕54号）。"))
            else:
                visits.scan_in(visit=visit, code=code, actor=request.viewer.actor, now=clock.now())
                messages.success(request, _("已扫码入企。"))
                return redirect("inspections_phone:visit", uid=visit.uid)
        except showing.REFUSALS as error:
            messages.error(request, showing.sentence(error))
        return redirect("inspections_public:firm", code=code)
    is_officer = request.viewer.officer_id is not None
    return render(
        request,
        "inspections/public_firm.html",
        {"enterprise": enterprise, "is_officer": is_officer, "visit": open_visits.first() if is_officer else None},
    )


@never_cache
@door(PUBLIC)
def rate(request: ViewerRequest) -> HttpResponse:
    """匿名评价 of a visit, by its one-time code; below, what organs were given, of five ratings and more."""
    form = RatingForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    now = clock.now()
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            ratings.rate(code=values["code"], score=values["score"], bans=values["bans"], text=values["text"], now=now)
        except showing.REFUSALS as error:
            form.add_error("code", showing.sentence(error))
        else:
            messages.success(request, _("谢谢。评价里没有您的单位，谁也查不到是谁说的。"))
            return redirect("inspections_public:rate")
    return render(
        request,
        "inspections/public_rate.html",
        {"form": form, "summaries": rating_summaries(clock.local_day(now))},
        status=422 if form.errors else 200,
    )


@door(PUBLIC)
def caps(request: ViewerRequest) -> HttpResponse:
    """检查次数上限 of each organ, for everybody, with source and mark of the rule."""
    today = clock.local_day(clock.now())
    rows = [
        (organ, found, [(_condition(conditions), cap) for conditions, cap in cap_rows(found.values)])
        for organ, found in published_caps(today)
    ]
    return render(request, "inspections/public_caps.html", {"rows": rows})


def _condition(conditions: Mapping[str, Any]) -> str:
    """The conditions of one row in words."""
    words = []
    if "key" in conditions:
        words.append(_("重点检查对象") if conditions["key"] else _("一般企业"))
    if "industries" in conditions:
        words.append(_("行业代码 %(codes)s") % {"codes": "、".join(conditions["industries"])})
    if "standards" in conditions:
        words.append(_("安全生产标准化等级 %(levels)s") % {"levels": "、".join(conditions["standards"])})
    if "risk" in conditions:
        words.append(_("风险等级 %(levels)s") % {"levels": "、".join(conditions["risk"])})
    return "，".join(words) or _("其他企业")
