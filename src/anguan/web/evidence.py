"""Evidence files, served from their own place: never as part of a page, never guessed, never from a cache."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from anguan.ground import evidence
from anguan.ground.evidence_access import may_see
from anguan.ground.models import Evidence
from anguan.people.doors import ANYBODY, door
from anguan.people.viewers import ViewerRequest


@door(ANYBODY)
def evidence_file(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """The bytes as they were taken; a file that was altered on disk is refused with a sentence."""
    row = get_object_or_404(Evidence, uid=uid)
    if not may_see(request.viewer, row):
        raise Http404
    try:
        data = evidence.read(row.sha256)
    except evidence.UnusableFile as error:
        return HttpResponse(str(error), status=500, content_type="text/plain; charset=utf-8")
    return HttpResponse(
        data,
        content_type=row.media_type,
        headers={
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=86400, immutable",
            "Content-Disposition": "inline",
        },
    )
