"""离线检查: the page that works without network, and the addresses through which a phone gets tasks and sends back."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anguan.ground import clock
from anguan.ground.evidence import LARGEST_FILE
from anguan.inspections.offline_words import offline_words
from anguan.inspections.rules import NotAllowed
from anguan.inspections.rules.offline import Altered
from anguan.inspections.selectors.offline import offline_tasks, stamp
from anguan.inspections.services import offline
from anguan.people.doors import PUBLIC, door
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest


@require_GET
@door(PUBLIC)
def shell(request: ViewerRequest) -> HttpResponse:
    """离线检查, the page: it names nobody, is kept on the phone, and shows what lies in the phone's own store."""
    words = [(key, _(text)) for key, text in offline_words().items()]
    # Kept by the service worker: no token, no message and no menu of whoever happened to be logged in.
    nobody: dict[str, Any] = {"csrf_token": "", "messages": [], "phone_menu": [], "viewer": None}
    return render(request, "inspections/phone_offline.html", {**nobody, "words": words})


@require_GET
@never_cache
@door(PUBLIC)
def contact(request: ViewerRequest) -> JsonResponse:
    """What time it is here, who is logged in, and the token for what the phone sends next."""
    viewer = request.viewer
    is_officer = viewer.has(Role.OFFICER)
    return JsonResponse(
        {
            "now": stamp(clock.now()),
            "user": str(viewer.user_id) if viewer.user_id and is_officer else "",
            "csrf": get_token(request),
        }
    )


@require_GET
@never_cache
@door(Role.OFFICER)
def tasks(request: ViewerRequest) -> JsonResponse:
    """今天的任务: the officer's own visits as data."""
    return JsonResponse(offline_tasks(request.viewer, clock.now()))


@require_POST
@door(Role.OFFICER)
def operations(request: ViewerRequest) -> JsonResponse:
    """接收离线操作: one or many, in any order; a receipt for each, in the order sent."""
    if request.content_type != "application/json":
        return _refused(_("发来的内容读不懂，请更新手机上的页面后再发送。"), 415)
    try:
        sent = [(str(one["text"]), str(one["digest"])) for one in json.loads(request.body)["operations"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return _refused(_("发来的内容读不懂，请更新手机上的页面后再发送。"), 400)
    try:
        receipts = offline.receive_operations(viewer=request.viewer, sent=sent, now=clock.now())
    except NotAllowed as error:
        return _refused(str(error), 413)
    return JsonResponse(
        {
            "receipts": [
                {
                    "digest": receipt.digest,
                    "state": str(receipt.state),
                    "reason": receipt.reason,
                    "files": list(receipt.files),
                    "after": receipt.after,
                }
                for receipt in receipts
            ]
        }
    )


@require_http_methods(["PUT", "POST"])
@door(Role.OFFICER)
def file(request: ViewerRequest, digest: str) -> JsonResponse:
    """接收离线照片: the bytes of one picture or signature under their SHA-256."""
    if _length(request) > LARGEST_FILE:
        return _refused(_("文件超过 20 MB，请压缩或分开上传。"), 413)
    # Read as a stream: Django's limit for forms in memory is far below that of a photo.
    data = request.read(LARGEST_FILE + 1)
    try:
        kept = offline.keep_file(viewer=request.viewer, digest=digest, data=data, now=clock.now())
    except Altered as error:
        return _refused(str(error), 409)
    return JsonResponse({"sha256": kept.sha256, "problem": kept.problem})


def _length(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return 0


def _refused(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"sentence": sentence}, status=status)
