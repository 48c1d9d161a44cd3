"""How public pages may be kept, by kind; and the kept answers themselves.

A public page is the same for everybody, so nobody's cookies reach it but the language, and it sets none. What it shows
comes from records that are all audited: the last audit record and seal therefore say whether anything may have changed.
A page that was made since then is answered again without being made, and a browser or a proxy that has it is told so.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from enum import StrEnum
from threading import Lock
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers

from anguan.ground import audit, clock


class Keep(StrEnum):
    """How an answer may be kept, with the reason for each."""

    # Changes whenever somebody publishes, and a withdrawn result must be gone at once: asked again every time, which
    # costs one small query when nothing changed.
    CURRENT = "public, max-age=0, must-revalidate"
    # Never changes once it is public: a committed spec, a bundle, a version of a checklist.
    FIXED = "public, max-age=86400"
    # About one visit or one paper in somebody's hand, by a code that is no secret for long.
    NOTHING = "no-store"


# Every public address; one that is not named here is not kept. A test walks them.
KEPT: Final[Mapping[str, Keep]] = {
    "public": Keep.CURRENT,
    "public_figures": Keep.CURRENT,
    "inspections_public:draws": Keep.CURRENT,
    "inspections_public:draw": Keep.CURRENT,
    "inspections_public:promise": Keep.FIXED,
    "inspections_public:bundle": Keep.FIXED,
    "inspections_public:companion": Keep.CURRENT,
    "inspections_public:draw_statistics": Keep.CURRENT,
    "inspections_public:verify": Keep.CURRENT,
    "inspections_public:results": Keep.CURRENT,
    "inspections_public:plans": Keep.CURRENT,
    "inspections_public:plan": Keep.CURRENT,
    "inspections_public:subjects": Keep.CURRENT,
    "inspections_public:officers": Keep.CURRENT,
    "hazards_public:listings": Keep.CURRENT,
    "inspections_public:keys": Keep.CURRENT,
    "inspections_public:keys_json": Keep.CURRENT,
    "checklists_public:items": Keep.CURRENT,
    "checklists_public:list": Keep.CURRENT,
    "checklists_public:checklist": Keep.CURRENT,
}
_MOST_KEPT: Final = 256
_MOST_BYTES: Final = 256 * 1024
_MOST_QUERY: Final = 200

Answer = tuple[bytes, dict[str, str]]


class PublicPagesMiddleware:
    """Answers public pages from what was kept, and says on each how it may be kept elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._lock = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/public/"):
            return self.get_response(request)
        keep = KEPT.get(_name_of(request), Keep.NOTHING)
        if keep is Keep.NOTHING or request.method not in {"GET", "HEAD"}:
            response = self.get_response(request)
            response.headers["Cache-Control"] = Keep.NOTHING.value
            # A code in an address belongs to one firm; no search engine lists it.
            response.headers["X-Robots-Tag"] = "noindex"
            return response
        cookie = settings.LANGUAGE_COOKIE_NAME
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if name == cookie}
        return self._kept_or_made(request, keep)

    def _kept_or_made(self, request: HttpRequest, keep: Keep) -> HttpResponseBase:
        tag = _tag(request)
        if tag in request.headers.get("If-None-Match", ""):
            return _headed(HttpResponseNotModified(), keep, tag)
        with self._lock:
            found = self._kept.get(tag)
            if found is not None:
                self._kept.move_to_end(tag)
        if found is not None:
            return _headed(HttpResponse(found[0], headers=found[1]), keep, tag)
        response = self.get_response(request)
        if response.status_code != 200 or response.streaming or response.cookies:
            response.headers.setdefault("Cache-Control", Keep.NOTHING.value)
            return response
        assert isinstance(response, HttpResponse)
        if len(response.content) <= _MOST_BYTES and len(request.META.get("QUERY_STRING", "")) <= _MOST_QUERY:
            with self._lock:
                self._kept[tag] = (response.content, dict(response.headers))
                while len(self._kept) > _MOST_KEPT:
                    self._kept.popitem(last=False)
        return _headed(response, keep, tag)


def _name_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""


def _tag(request: HttpRequest) -> str:
    """One for each page as it stands: address, language, day, and what was recorded last."""
    parts = (
        request.get_full_path(),
        # The same address answers htmx with a part of the page.
        request.headers.get("HX-Request", ""),
        request.headers.get("HX-Target", ""),
        translation.get_language_from_request(request),
        clock.local_day(clock.now()).isoformat(),
        audit.progress(),
    )
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f'"{digest[:32]}"'


def _headed(response: HttpResponse, keep: Keep, tag: str) -> HttpResponse:
    response.headers["Cache-Control"] = keep.value
    response.headers["ETag"] = tag
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
