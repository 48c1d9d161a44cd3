"""Pages of the forms: what each is, and an organ's own version of one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from anguan.ground import clock
from anguan.papers import services
from anguan.papers.forms import FormVersionForm
from anguan.papers.models import FormSet, FormVersion
from anguan.papers.rules import FORMS, Form, FormCode
from anguan.papers.selectors import edition_for, form_versions
from anguan.papers.views import Refusals
from anguan.people.doors import door
from anguan.people.models import Organ
from anguan.people.rules import BUREAU, Role
from anguan.people.viewers import ViewerRequest


@door(*BUREAU)
def form_list(request: ViewerRequest) -> HttpResponse:
    """文书格式: every form with its prefix, how well that is known, and the organ's own versions."""
    own: dict[str, list[FormVersion]] = {}
    for version in form_versions(request.viewer).exclude(form_set__organ=None):
        own.setdefault(version.code, []).append(version)
    context = {
        "rows": [(form, _where_to(form), own.get(form.code, [])) for form in FORMS.values()],
        "may_change": request.viewer.has(Role.LEADER),
    }
    return render(request, "papers/forms.html", context)


def _where_to(form: Form) -> str:
    if form.to_third:
        return _("交其他单位")
    return _("交当事人") if form.goes_to_party else _("内部")


@door(Role.LEADER)
def form_version(request: ViewerRequest, code: str) -> HttpResponse:
    """本机关的格式: record a version of one form for the leader's organ."""
    try:
        base = FORMS[FormCode(code)]
    except ValueError:
        raise Http404 from None
    organ = Organ.objects.filter(pk__in=request.viewer.organs_as(Role.LEADER)).order_by("pk").first()
    if organ is None:
        raise Http404
    now = clock.now()
    today = clock.local_day(now)
    current = edition_for(base.code, organ, today)
    form_set = FormSet.objects.filter(organ=organ).first()
    form = FormVersionForm(
        request.POST or None,
        initial={
            "title": current.title if current else base.title,
            "number_prefix": current.prefix if current else base.prefix,
            "heading": form_set.heading if form_set else _("安全生产行政执法文书"),
            "valid_from": today,
            "labels": "\n".join(one["label"] for one in current.fields) if current else "",
            "opening": current.opening if current else "",
            "closing": current.closing if current else "",
        },
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.record_form_version(
                organ=organ,
                code=base.code,
                title=said["title"],
                prefix=said["number_prefix"],
                heading=said["heading"],
                valid_from=said["valid_from"],
                labels=said["labels"].splitlines(),
                opening=said["opening"],
                closing=said["closing"],
                actor=request.viewer.actor,
                now=now,
            )
        except Refusals as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("已登记，从启用日期起新拟的文书用这个格式。"))
            return redirect("papers:forms")
    context = {"form": form, "base": base, "organ": organ, "labels": [field.label for field in base.fields]}
    return render(request, "papers/form_version.html", context, status=422 if form.is_bound else 200)
