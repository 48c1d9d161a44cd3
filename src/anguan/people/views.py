"""Pages of `people`: entering by code, accounts, roles, officers."""

from collections.abc import Callable
from typing import cast

from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anguan.ground import audit, clock
from anguan.people import services
from anguan.people.doors import ANYBODY, PUBLIC, door
from anguan.people.forms import (
    CodeForm,
    CompetenceForm,
    DepartmentForm,
    EntrustmentForm,
    GrantForm,
    JoinForm,
    LeaveForm,
    OrganForm,
    ReasonForm,
    UserForm,
)
from anguan.people.middleware import WAIVED
from anguan.people.models import Leave, OneTimeCode, Organ, RoleGrant, User
from anguan.people.rules import ADMINISTRATORS, BUREAU, Role, RolesClash
from anguan.people.selectors import officers_managed_by, officers_visible_to, users_visible_to
from anguan.people.services.officers import LeaveRefused
from anguan.people.viewers import ViewerRequest

BACKEND = "django.contrib.auth.backends.ModelBackend"


def _too_many(request: ViewerRequest) -> HttpResponseBase | None:
    return cast(HttpResponseBase | None, ratelimit.consume_or_429(request, action="one_time_code"))


@door(PUBLIC)
def enter(request: ViewerRequest, code: str = "") -> HttpResponseBase:
    """用一次性码进入: the code is spent by the button, not by opening the link, which a preview may do."""
    form = CodeForm(request.POST or None, initial={"code": code})
    if request.method == "POST":
        if refused := _too_many(request):
            return refused
        if form.is_valid():
            try:
                row = services.enter_with(code=form.cleaned_data["code"], now=clock.now())
            except services.CodeRefused as error:
                form.add_error("code", str(error))
            else:
                user = cast(User, row.user)
                login(request, user, backend=BACKEND)
                record_authentication(request, user, method="code")
                request.session[WAIVED] = row.skips_second_factor
                return redirect("desk")
    return render(request, "people/enter.html", {"form": form, "code": code})


@door(PUBLIC)
def join(request: ViewerRequest, code: str = "") -> HttpResponseBase:
    """企业开通账号: with the code on the first document or from an invitation."""
    code_form = CodeForm(request.POST or None, initial={"code": code})
    form = JoinForm(request.POST or None if "username" in request.POST else None)
    step = "code"
    if request.method == "POST":
        if refused := _too_many(request):
            return refused
        if code_form.is_valid():
            try:
                invitation = services.code_for(code_form.cleaned_data["code"], clock.now())
                if invitation.purpose != OneTimeCode.Purpose.INVITATION:
                    raise services.CodeRefused(_("这是登录用的一次性码，请到登录页面使用。"))
                step = "account"
                if form.is_bound and form.is_valid():
                    user = services.join_with(code=code_form.cleaned_data["code"], now=clock.now(), **form.cleaned_data)
                    login(request, user, backend=BACKEND)
                    messages.success(request, _("账号已开通，以后用账号和密码登录。"))
                    return redirect("desk")
            except services.CodeRefused as error:
                step = "code"
                code_form.add_error("code", str(error))
    return render(request, "people/join.html", {"code_form": code_form, "form": form, "step": step})


@door(ANYBODY)
def set_password(request: ViewerRequest) -> HttpResponseBase:
    """设置密码: for whoever came in by a one-time code and has none yet."""
    user = cast(User, request.user)
    if user.has_usable_password():
        return redirect("desk")
    form = SetPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, user)
        # Whoever typed it twice just now isn't asked a third time before the second factor.
        record_authentication(request, user, method="password", reauthenticated=True)
        audit.record(actor=request.viewer.actor, action="people.set_password", subject=user, now=clock.now())
        return redirect("desk")
    return render(request, "people/set_password.html", {"form": form})


@door(*ADMINISTRATORS)
def users(request: ViewerRequest) -> HttpResponse:
    """用户: everybody who can log in, with their roles."""
    rows = users_visible_to(request.viewer)
    return render(request, "people/users.html", {"users": rows, "may_create": request.viewer.has(Role.SYSTEM_ADMIN)})


@door(Role.SYSTEM_ADMIN)
def create_user(request: ViewerRequest) -> HttpResponseBase:
    """新建账号: shows the first log-in code once."""
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        user = services.create_user(actor=request.viewer.actor, now=now, **form.cleaned_data)
        code = services.issue_code(
            user=user, purpose=OneTimeCode.Purpose.FIRST_LOGIN, actor=request.viewer.actor, now=now
        )
        return render(request, "people/code_issued.html", {"person": user, "code": code})
    return render(request, "people/user_form.html", {"form": form})


@door(*ADMINISTRATORS)
def user(request: ViewerRequest, pk: int) -> HttpResponse:
    """One account: roles, state, what was changed."""
    person = get_object_or_404(users_visible_to(request.viewer), pk=pk)
    return render(
        request,
        "people/user.html",
        {
            "person": person,
            "grants": person.grants.select_related("organ"),
            "grant_form": GrantForm(),
            "reason_form": ReasonForm(),
            "history": audit.history(person),
            "may_grant": request.viewer.has(Role.SECURITY_ADMIN),
            "may_issue": request.viewer.has(Role.SYSTEM_ADMIN),
            "may_recover": request.viewer.has(Role.SYSTEM_ADMIN)
            and person.is_active
            and not services.is_administrator(person),
        },
    )


@require_POST
@door(Role.SYSTEM_ADMIN)
def recover(request: ViewerRequest, pk: int) -> HttpResponse:
    """恢复登录: a code for somebody who lost the password or the phone; shown once."""
    person = get_object_or_404(users_visible_to(request.viewer), pk=pk)
    try:
        code = services.issue_code(
            user=person, purpose=OneTimeCode.Purpose.RECOVERY, actor=request.viewer.actor, now=clock.now()
        )
    except services.CodeRefused as error:
        messages.error(request, str(error))
        return redirect("people:user", pk=pk)
    return render(request, "people/code_issued.html", {"person": person, "code": code})


@require_POST
@door(Role.SYSTEM_ADMIN)
def disable(request: ViewerRequest, pk: int) -> HttpResponse:
    """停用账号."""
    person = get_object_or_404(users_visible_to(request.viewer), pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        services.disable_user(
            user=person, reason=form.cleaned_data["reason"], actor=request.viewer.actor, now=clock.now()
        )
        messages.success(request, _("账号已停用，正在使用的登录已全部失效。"))
    else:
        messages.error(request, _("停用账号要写明原因。"))
    return redirect("people:user", pk=pk)


@require_POST
@door(Role.SECURITY_ADMIN)
def grant(request: ViewerRequest, pk: int) -> HttpResponse:
    """授权."""
    person = get_object_or_404(users_visible_to(request.viewer), pk=pk)
    form = GrantForm(request.POST)
    if form.is_valid():
        try:
            services.grant_role(user=person, actor=request.viewer.actor, now=clock.now(), **form.cleaned_data)
        except RolesClash as error:
            messages.error(request, _(str(error)))
    else:
        messages.error(request, _("请选择角色和机构。"))
    return redirect("people:user", pk=pk)


@require_POST
@door(Role.SECURITY_ADMIN)
def revoke(request: ViewerRequest, pk: int, grant_id: int) -> HttpResponse:
    """撤销授权."""
    person = get_object_or_404(users_visible_to(request.viewer), pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        services.revoke_role(
            grant=get_object_or_404(RoleGrant, pk=grant_id, user=person),
            reason=form.cleaned_data["reason"],
            actor=request.viewer.actor,
            now=clock.now(),
        )
    else:
        messages.error(request, _("撤销授权要写明原因。"))
    return redirect("people:user", pk=pk)


@door(*BUREAU, Role.SUPERVISOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
def officers(request: ViewerRequest) -> HttpResponse:
    """执法人员: certificates, specialities, leave."""
    today = clock.local_day(clock.now())
    rows = officers_visible_to(request.viewer).prefetch_related("leaves")
    managed = request.viewer.organs_as(Role.CLERK, Role.LEADER)
    return render(request, "people/officers.html", {"officers": rows, "today": today, "managed": managed})


@door(Role.CLERK, Role.LEADER)
def officer(request: ViewerRequest, pk: int) -> HttpResponseBase:
    """One officer with leave periods."""
    person = get_object_or_404(officers_managed_by(request.viewer), pk=pk)
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.record_leave(officer=person, actor=request.viewer.actor, now=clock.now(), **form.cleaned_data)
            return redirect("people:officer", pk=pk)
        except LeaveRefused as error:
            form.add_error("until", str(error))
    return render(
        request,
        "people/officer.html",
        {
            "officer": person,
            "form": form,
            "leaves": person.leaves.order_by("-since"),
            "history": audit.history(person),
            "today": clock.local_day(clock.now()),
        },
    )


@require_POST
@door(Role.CLERK, Role.LEADER)
def end_leave(request: ViewerRequest, pk: int, leave_id: int) -> HttpResponse:
    """取消离岗登记."""
    person = get_object_or_404(officers_managed_by(request.viewer), pk=pk)
    services.end_leave(
        leave=get_object_or_404(Leave, pk=leave_id, officer=person), actor=request.viewer.actor, now=clock.now()
    )
    return redirect("people:officer", pk=pk)


@door(*ADMINISTRATORS, *BUREAU, Role.SUPERVISOR)
def organs(request: ViewerRequest) -> HttpResponse:
    """机构: who there is, and who acts for whom."""
    rows = Organ.objects.select_related("parent").order_by("name")
    return render(request, "people/organs.html", {"organs": rows, "may_change": request.viewer.has(Role.SYSTEM_ADMIN)})


def kept(form: BaseForm, keep: Callable[[], object]) -> bool:
    """Whether a valid form was kept; what the database's promises refuse stands on the form."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        keep()
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


@door(Role.SYSTEM_ADMIN)
def create_organ(request: ViewerRequest) -> HttpResponseBase:
    """登记机构."""
    form = OrganForm(request.POST or None)
    if kept(
        form,
        lambda: services.keep_organ(organ=None, values=form.cleaned_data, actor=request.viewer.actor, now=clock.now()),
    ):
        return redirect("people:organs")
    return render(request, "people/organ_form.html", {"form": form})


@door(Role.SYSTEM_ADMIN)
def organ(request: ViewerRequest, pk: int) -> HttpResponseBase:
    """One organ: its particulars, departments, entrustments and competences, each with its form."""
    row = get_object_or_404(Organ, pk=pk)
    asked = request.POST.get("act", "") if request.method == "POST" else ""
    data = {act: request.POST if asked == act else None for act in ("organ", "department", "entrustment", "competence")}
    forms = {
        "organ": OrganForm(data["organ"], instance=Organ.objects.get(pk=pk)),
        "department": DepartmentForm(data["department"]),
        "entrustment": EntrustmentForm(data["entrustment"]),
        "competence": CompetenceForm(data["competence"]),
    }
    actor, now = request.viewer.actor, clock.now()
    acts: dict[str, Callable[[], object]] = {
        "organ": lambda: services.keep_organ(organ=row, values=forms["organ"].cleaned_data, actor=actor, now=now),
        "department": lambda: services.add_department(
            organ=row, name=forms["department"].cleaned_data["name"], actor=actor, now=now
        ),
        "entrustment": lambda: services.add_entrustment(
            entrusted=row, values=forms["entrustment"].cleaned_data, actor=actor, now=now
        ),
        "competence": lambda: services.add_competence(
            organ=row, values=forms["competence"].cleaned_data, actor=actor, now=now
        ),
    }
    if asked in acts and kept(forms[asked], acts[asked]):
        messages.success(request, _("已登记，并留下记录。"))
        return redirect("people:organ", pk=pk)
    return render(
        request,
        "people/organ.html",
        {
            "organ": row,
            "forms": forms,
            "departments": row.departments.order_by("name"),
            "entrustments": row.entrustments_held.select_related("entrusting").order_by("-valid_to"),
            "competences": row.competences.order_by("statute", "article"),
            "history": audit.history(row),
        },
    )
