"""Addresses of what comes after a draw; part of this room's `urls`, before the codes of batches."""

from django.urls import path

from anguan.inspections.views import experts, replacements, revisits, statistics

urlpatterns = [
    path("batches/statistics/", statistics.statistics, name="draw_statistics"),
    path("batches/revisit/", revisits.plan, name="revisit_plan"),
    path("batches/<str:code>/targets/<int:pk>/replace/", replacements.ask, name="replace"),
    path("replacements/<uuid:uid>/", replacements.replacement, name="replacement"),
    path("replacements/<uuid:uid>/approve/", replacements.decide, {"act": "approve"}, name="replacement_approve"),
    path("replacements/<uuid:uid>/refuse/", replacements.decide, {"act": "refuse"}, name="replacement_refuse"),
    path("visits/<uuid:uid>/opinions/<uuid:opinion_uid>/", experts.decide, name="opinion_decide"),
    path("visits/<uuid:uid>/experts/<int:pk>/fee/", experts.fee, name="expert_fee"),
    path("visits/<uuid:uid>/revisit/<uuid:hazard_uid>/", revisits.hazard, name="revisit_hazard"),
]
