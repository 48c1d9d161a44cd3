"""Puts the viewer on the request."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from anguan.people.models import User
from anguan.people.viewers import NOBODY, UserViewer, viewer_of


class ViewerMiddleware:
    """`request.viewer`: made when first asked for, once per request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        def find() -> UserViewer:
            user = getattr(request, "user", None)
            return viewer_of(cast(User, user)) if user is not None and user.is_authenticated else NOBODY

        request.viewer = SimpleLazyObject(find)  # type: ignore[attr-defined]  # our ViewerRequest
        return self.get_response(request)
