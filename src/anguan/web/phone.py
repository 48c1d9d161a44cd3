"""What makes `/m/` an application on a phone: manifest, icon, and the service worker of its page without network."""

import json
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET
from PIL import Image, ImageDraw

from anguan.people.doors import PUBLIC, door
from anguan.people.viewers import ViewerRequest

SCOPE: Final = "/m/"
ICON_SIZES: Final = (180, 192, 512)
_FILES: Final = ("anguan/theme.js", "anguan/app.js", "anguan/offline.js", "anguan/app.css")
_INK, _PAPER = "#1f4e6b", "#fbfaf7"


@require_GET
@door(PUBLIC)
def manifest(_request: ViewerRequest) -> JsonResponse:
    """The web app manifest; its words are in the reader's language."""
    icons = [
        {
            "src": reverse("phone_icon", args=[size]),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in ICON_SIZES
    ]
    return JsonResponse(
        {
            "id": SCOPE,
            "name": _("安关 · 现场检查"),
            "short_name": _("安关"),
            "start_url": reverse("inspections_phone:offline"),
            "scope": SCOPE,
            "display": "standalone",
            "background_color": _PAPER,
            "theme_color": _INK,
            "icons": icons,
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


@require_GET
@cache_control(public=True, max_age=86_400)
@door(PUBLIC)
def icon(_request: ViewerRequest, size: int) -> HttpResponse:
    """The mark on its ground, as a phone's home screen wants it."""
    if size not in ICON_SIZES:
        raise Http404
    return HttpResponse(_icon(size), content_type="image/png")


@lru_cache(maxsize=len(ICON_SIZES))
def _icon(size: int) -> bytes:
    """The gate of `ui/_mark.html`, drawn four times as large and made smaller, so that its edges are smooth."""
    scale = size * 4 / 64
    image = Image.new("RGB", (size * 4, size * 4), _INK)
    pen = ImageDraw.Draw(image)
    lines = [
        ((3, 8.5), (29, 8.5)), ((6, 8.5), (6, 28)), ((26, 8.5), (26, 28)), ((9.5, 4.5), (22.5, 4.5)),
        ((12, 13.5), (20, 13.5)), ((12, 13.5), (12, 28)), ((20, 13.5), (20, 28)), ((16, 13.5), (16, 28)),
    ]  # fmt: skip
    # Half the side is left around it: a launcher may cut the icon to a circle.
    for start, end in lines:
        points = [((x + 16) * scale, (y + 16) * scale) for x, y in (start, end)]
        pen.line(points, fill=_PAPER, width=round(2 * scale))
    saved = BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(saved, "PNG", optimize=True)
    return saved.getvalue()


@require_GET
@door(PUBLIC)
def worker(request: ViewerRequest) -> HttpResponse:
    """The service worker with the list of what it keeps; its version is the hash of all of that and of its own text."""
    program = _bytes_of("anguan/worker.js")
    page = reverse("inspections_phone:offline")
    parts = [program, _shell(request, page), *(_bytes_of(name) for name in _FILES)]
    shell = {
        "version": sha256(b"".join(sha256(part).digest() for part in parts)).hexdigest()[:16],
        "page": page,
        "files": [*(static(name) for name in _FILES), *(reverse("phone_icon", args=[size]) for size in ICON_SIZES[:2])],
    }
    text = f"self.SHELL = {json.dumps(shell)};\n{program.decode()}"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    # The browser compares it byte by byte at every visit; a stored copy would hold an update back.
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = SCOPE
    return response


def _shell(request: HttpRequest, page: str) -> bytes:
    """The page as it would be kept now, in the reader's language: it holds nothing of the reader's own."""
    answer = resolve(page).func(request)
    assert isinstance(answer, HttpResponse)
    return answer.content


def _bytes_of(name: str) -> bytes:
    path = finders.find(name)
    if path is None:
        raise Http404(f"{name} was not built")
    return Path(path).read_bytes()
