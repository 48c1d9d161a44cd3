"""商户成员: the manager of a shop gets an account, and loses it when somebody else manages the shop."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import clock
from anguan.people.doors import door
from anguan.people.rules import Role
from anguan.people.viewers import ViewerRequest
from anguan.registry import services
from anguan.registry.kinds import KINDS
from anguan.registry.models import ShopMembership, Tenant
from anguan.registry.selectors import tenants_visible_to
from anguan.registry.views import shown


def _shop(request: ViewerRequest, pk: int) -> Tenant:
    return get_object_or_404(tenants_visible_to(request.viewer).select_related("complex"), pk=pk)


@require_POST
@door(Role.CLERK)
def shop_invite(request: ViewerRequest, pk: int) -> HttpResponse:
    """发放商户邀请码: shown once, on this very answer."""
    row = _shop(request, pk)
    code = services.invite_to_shop(tenant=row, actor=request.viewer.actor, now=clock.now())
    response = shown(request, KINDS["tenant"], row, invitation=code)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@door(Role.CLERK)
def shop_member_end(request: ViewerRequest, pk: int, membership: int) -> HttpResponse:
    """停用商户成员."""
    row = _shop(request, pk)
    member = get_object_or_404(ShopMembership, pk=membership, tenant=row, until__isnull=True)
    services.end_shop_membership(membership=member, actor=request.viewer.actor, now=clock.now())
    messages.success(request, _("这位成员已停用，以前的办理记录保留。"))
    return redirect(row.get_absolute_url())
