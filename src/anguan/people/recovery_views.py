"""忘记密码: asking for a mail, and setting the new password behind its link."""

from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from anguan.ground import clock
from anguan.people import services
from anguan.people.doors import PUBLIC, door
from anguan.people.forms import ResetForm
from anguan.people.viewers import ViewerRequest


def _too_many(request: ViewerRequest) -> HttpResponseBase | None:
    return cast(HttpResponseBase | None, ratelimit.consume_or_429(request, action="one_time_code"))


@door(PUBLIC)
def recover_password(request: ViewerRequest) -> HttpResponseBase:
    """凭邮件重设密码: the same answer whether or not account and mailbox belong together."""
    form = ResetForm(request.POST or None)
    if request.method == "POST":
        if refused := _too_many(request):
            return refused
        if form.is_valid():
            services.ask_for_reset(now=clock.now(), **form.cleaned_data)
            return render(request, "people/reset_asked.html")
    return render(request, "people/recover_password.html", {"form": form})


@door(PUBLIC)
def reset_password(request: ViewerRequest, code: str) -> HttpResponseBase:
    """设置新密码 behind a mailed link; the button spends it, opening it does not."""
    try:
        user = services.user_to_reset(code, clock.now())
    except services.CodeRefused as error:
        return render(request, "people/reset_refused.html", {"why": str(error)}, status=410)
    form = SetPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.reset_password(code=code, password=form.cleaned_data["new_password1"], now=clock.now())
        messages.success(request, _("新密码已设置，请用它登录；身份验证器照旧。"))
        return redirect("account_login")
    return render(request, "people/reset_password.html", {"form": form, "person": user})
