"""Every address of the platform."""

import importlib.util

from django.urls import URLPattern, URLResolver, include, path, re_path

from anguan.people import views as people
from anguan.web import api, evidence, health, public, views


def _room(prefix: str, module: str) -> list[URLPattern | URLResolver]:
    return [path(prefix, include(module))] if importlib.util.find_spec(module) else []


urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.desk, name="desk"),
    path("search/", views.search, name="search"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/", api.api.urls),
    path("evidence/<uuid:uid>/", evidence.evidence_file, name="evidence"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("enter/", people.enter, name="enter"),
    path("enter/<str:code>/", people.enter, name="enter_with"),
    path("join/", people.join, name="join"),
    path("join/<str:code>/", people.join, name="join_with"),
    path("account/", include("anguan.people.account_urls")),
    path("people/", include("anguan.people.urls")),
    path("public/", public.index, name="public"),
    path("public/audit-root/", public.audit_root, name="public_audit_root"),
    path("administration/calendar/", views.calendar, name="calendar"),
    path("administration/rules/", views.rules, name="rules"),
    path("administration/audit/", views.audit_records, name="audit"),
    *_room("ledger/", "anguan.registry.urls"),
    *_room("papers/", "anguan.papers.urls"),
    *_room("checklists/", "anguan.checklists.urls"),
    *_room("hazards/", "anguan.hazards.urls"),
    *_room("inspections/", "anguan.inspections.urls"),
    *_room("m/", "anguan.hazards.phone_urls"),
    *_room("m/", "anguan.inspections.phone_urls"),
    *_room("public/papers/", "anguan.papers.public_urls"),
    *_room("public/", "anguan.checklists.public_urls"),
    *_room("public/", "anguan.inspections.public_urls"),
    re_path(r"^patterns/?$", views.patterns, name="patterns"),
]
