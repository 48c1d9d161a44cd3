"""A page is a whole document at a real URL; htmx only swaps a part of it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

LIST_TARGET = "list"
PANEL_TARGET = "side-panel-body"


def is_htmx(request: HttpRequest) -> bool:
    """True when the page's script asks for a part; a restored history entry asks for the whole document."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def base_template(request: HttpRequest, whole: str = "ui/base.html") -> str:
    """The frame a page extends: the whole document, or only its content when it opens in the side panel."""
    if is_htmx(request) and request.headers.get("HX-Target") == PANEL_TARGET:
        return "ui/base_panel.html"
    return whole


def partial(
    request: HttpRequest, template: str, rows_template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """The whole page, or for an htmx request only the part that changes.

    `rows_template` holds the `<tr>`s of a list. A request that targets `#list` gets chips, header, rows and pager;
    any other htmx target (not the side panel) gets the rows alone.
    """
    shown = {**context, "rows_template": rows_template}
    target = request.headers.get("HX-Target")
    if is_htmx(request) and target == LIST_TARGET:
        template = "ui/_list.html"
    elif is_htmx(request) and target != PANEL_TARGET:
        template = rows_template
    response = render(request, template, shown, status=status)
    # The same address answers with a part or a whole; a cache must not mix them up.
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
