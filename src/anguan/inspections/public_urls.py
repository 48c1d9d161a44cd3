from django.urls import path

from anguan.inspections import public_code_views as codes
from anguan.inspections import public_views as views
from anguan.inspections.views import public, statistics

app_name = "inspections_public"
urlpatterns = [
    path("draws/", views.draw_list, name="draws"),
    path("draws/statistics/", statistics.public_statistics, name="draw_statistics"),
    path("draws/verify/", views.verify, name="verify"),
    path("draws/<str:code>/", views.draw_detail, name="draw"),
    path("draws/<str:code>/promise.json", views.draw_promise, name="promise"),
    path("draws/<str:code>/bundle.json", views.draw_bundle, name="bundle"),
    path("draws/<str:code>/companion.json", views.draw_companion, name="companion"),
    path("draws/<str:code>/envelopes.json", views.draw_envelopes, name="envelopes"),
    path("results/", views.results, name="results"),
    path("caps/", codes.caps, name="caps"),
    path("keys/", codes.keys, name="keys"),
    path("keys.json", codes.keys_json, name="keys_json"),
    path("firms/<str:code>/", codes.firm, name="firm"),
    path("rating/", codes.rate, name="rate"),
    path("plans/", public.plan_list, name="plans"),
    path("plans/<int:pk>/", public.plan_detail, name="plan"),
    path("subjects/", public.subject_lists, name="subjects"),
    path("officers/", public.officers, name="officers"),
    path("tasks/<str:code>/", views.task, name="task"),
]
