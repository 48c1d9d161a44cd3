"""The door of a view: which roles may pass, written on the view itself so that a test can read every door."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from anguan.ground.access import require
from anguan.people.viewers import ViewerRequest

P = ParamSpec("P")
Inner = Callable[Concatenate[ViewerRequest, P], HttpResponseBase]
Outer = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

PUBLIC = "public"
ANYBODY = "anybody"


class Door(Protocol):
    """What `door` leaves on a view."""

    door: frozenset[str]


def door(*roles: str) -> Callable[[Inner[P]], Outer[P]]:
    """Let only these roles into the view; `PUBLIC` needs no log-in, `ANYBODY` any log-in.

    Object scope is not the door's work: the view fetches through a selector that takes the viewer.
    """
    admitted = frozenset(str(role) for role in roles)

    def decorate(view: Inner[P]) -> Outer[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            asking = cast(ViewerRequest, request)
            if PUBLIC not in admitted:
                if asking.viewer.user_id is None:
                    return redirect_to_login(request.get_full_path())
                if ANYBODY not in admitted:
                    require(asking.viewer, *admitted)
            return view(asking, *args, **kwargs)

        cast(Any, guarded).door = admitted
        return cast(Outer[P], guarded)

    return decorate
