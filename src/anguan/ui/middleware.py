"""What every answer carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Pictures taken on a phone are shown before they are sent: data: and blob: for images only. Nothing inline.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
)
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
