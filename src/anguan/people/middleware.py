"""Puts the viewer on the request, and holds back who still owes a second factor."""

from collections.abc import Callable
from typing import cast

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from anguan.people.models import User
from anguan.people.rules import NEEDS_SECOND_FACTOR
from anguan.people.viewers import NOBODY, UserViewer, ViewerRequest, viewer_of

# Set on a session that came from a code whose issuer waived the second factor: the demo district's, nobody else's.
WAIVED = "second_factor_waived"


def owed_step(user: User, viewer: UserViewer, session: SessionBase) -> str | None:
    """The page where somebody sets what they still owe, password or second factor; None when nothing is owed."""
    if session.get(WAIVED):
        return None
    if not user.has_usable_password():
        return "account_set_password"
    if viewer.has(*NEEDS_SECOND_FACTOR) and not is_mfa_enabled(user):
        return "mfa_activate_totp"
    return None


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


class SecondFactorMiddleware:
    """Officers, leaders, supervisors and administrators set a password and a TOTP device before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        step = self._owed(cast(ViewerRequest, request))
        return HttpResponseRedirect(reverse(step)) if step else self.get_response(request)

    def _owed(self, request: ViewerRequest) -> str | None:
        open_paths = ("/account/", "/enter/", "/recover/", "/static/", "/public/", "/healthz", "/readyz", "/i18n/")
        if request.path.startswith(open_paths) or request.viewer.user_id is None:
            return None
        return owed_step(cast(User, request.user), request.viewer, request.session)
