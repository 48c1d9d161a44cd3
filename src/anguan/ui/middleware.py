"""What every answer carries."""

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict

# Pictures taken on a phone are shown before they are sent: data: and blob: for images only. Nothing inline.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; form-action 'self'; worker-src 'self'; manifest-src 'self'"
)


def policy_with(tiles: str) -> str:
    """The policy of a page that also shows map tiles of one host; scripts and styles stay our own."""
    return POLICY.replace("img-src 'self'", f"img-src 'self' {tiles}") + f"; connect-src 'self' {tiles}"


# The phone's camera and position are asked for by our own pages only, its microphone by none.
PERMISSIONS = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"


class ContentSecurityPolicyMiddleware:
    """Sends the content security policy with every page, so that nothing inline and nothing foreign runs in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


class NullCharactersMiddleware:
    """Refuses NUL characters in address, query and forms: no text field of the database can hold one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or _holds_null(request.GET):
            raise SuspiciousOperation("the address holds a NUL character")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """After the other doors: reading the form any earlier would read it for people who may not send it."""
        if request.method == "POST" and _holds_null(request.POST):
            raise SuspiciousOperation("the form holds a NUL character")


def _holds_null(values: QueryDict) -> bool:
    return any("\0" in value for _name, several in values.lists() for value in several)
