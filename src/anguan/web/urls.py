"""Every address of the platform."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from anguan.web import api, dead_letters, evidence, health, phone, public, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.desk, name="desk"),
    path("search/", views.search, name="search"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/", api.api.urls),
    path("evidence/<uuid:uid>/", evidence.evidence_file, name="evidence"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("anguan.people.entry_urls")),
    path("account/", include("anguan.people.account_urls")),
    path("people/", include("anguan.people.urls")),
    path("public/", public.index, name="public"),
    path("public/audit-root/", public.audit_root, name="public_audit_root"),
    path("administration/calendar/", views.calendar, name="calendar"),
    path("administration/rules/", views.rules, name="rules"),
    path("administration/audit/", views.audit_records, name="audit"),
    path("administration/dead-letters/", dead_letters.dead_letters, name="dead_letters"),
    path(
        "administration/dead-letters/<int:pk>/retry/",
        dead_letters.end_dead_letter,
        {"act": "retry"},
        name="dead_letter_retry",
    ),
    path(
        "administration/dead-letters/<int:pk>/drop/",
        dead_letters.end_dead_letter,
        {"act": "drop"},
        name="dead_letter_drop",
    ),
    path("ledger/", include("anguan.registry.urls")),
    path("papers/", include("anguan.papers.urls")),
    path("checklists/", include("anguan.checklists.urls")),
    path("hazards/", include("anguan.hazards.urls")),
    path("inspections/", include("anguan.inspections.urls")),
    path("m/manifest.webmanifest", phone.manifest, name="phone_manifest"),
    path("m/sw.js", phone.worker, name="phone_worker"),
    path("m/icon-<int:size>.png", phone.icon, name="phone_icon"),
    path("m/", include("anguan.hazards.phone_urls")),
    path("m/", include("anguan.inspections.phone_urls")),
    path("public/papers/", include("anguan.papers.public_urls")),
    path("public/", include("anguan.checklists.public_urls")),
    path("public/", include("anguan.hazards.public_urls")),
    path("public/", include("anguan.inspections.public_urls")),
    re_path(r"^patterns/?$", views.patterns, name="patterns"),
]
