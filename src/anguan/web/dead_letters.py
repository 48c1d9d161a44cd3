"""未送达的消息: what reached nobody after all tries, with the two acts that end it. No text of a message is shown."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.core.words import N_
from anguan.ground import clock, outbox
from anguan.ground.models import OutboxMessage
from anguan.people.doors import door
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest

CHANNELS = {"mail": N_("邮件"), "sms": N_("短信"), "wechat": N_("微信")}
_PAGE = 50


@dataclass(frozen=True)
class DeadLetter:
    """One row: whom it did not reach, over what, how often it was tried and how the last try failed."""

    message: OutboxMessage
    channel: str
    address: str


@door(Role.SYSTEM_ADMIN)
def dead_letters(request: ViewerRequest) -> HttpResponse:
    """未送达的消息, newest first."""
    page = Paginator(outbox.undelivered(), _PAGE).get_page(request.GET.get("page"))
    rows = [
        DeadLetter(message, _(CHANNELS.get(message.channel, message.channel)), masked(message.address))
        for message in page
    ]
    return render(request, "web/dead_letters.html", {"page": page, "rows": rows})


@require_POST
@door(Role.SYSTEM_ADMIN)
def end_dead_letter(request: ViewerRequest, pk: int, act: str) -> HttpResponse:
    """重新发送, or 不再发送 with a reason."""
    message = get_object_or_404(OutboxMessage, pk=pk)
    actor, now = request.viewer.actor, clock.now()
    try:
        if act == "retry":
            outbox.try_again(message=message, actor=actor, now=now)
            messages.success(request, _("已重新排队，几秒内再发一次。"))
        else:
            outbox.drop(message=message, reason=request.POST.get("reason", ""), actor=actor, now=now)
            messages.success(request, _("已记下理由，不再发送。"))
    except outbox.NotDead as error:
        messages.error(request, str(error))
    return redirect("dead_letters")


def masked(address: str) -> str:
    """An address as somebody recognises it who knows it: the first letters and the end."""
    name, at, host = address.partition("@")
    if at:
        return f"{name[:2]}***@{host}"
    return f"{address[:3]}****{address[-4:]}" if len(address) > 8 else "****"
