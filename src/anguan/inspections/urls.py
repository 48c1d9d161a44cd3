from django.urls import path

from anguan.inspections.views import batches, plans, visits

app_name = "inspections"
urlpatterns = [
    path("plans/", plans.plan_list, name="annual_plans"),
    path("plans/new/", plans.plan_new, name="annual_plan_new"),
    path("plans/<int:pk>/", plans.plan_detail, name="annual_plan"),
    path("plans/<int:pk>/do/<str:act>/", plans.plan_act, name="annual_plan_act"),
    path("plans/<int:pk>/capacity/", plans.plan_capacity, name="plan_capacity"),
    path("plans/<int:pk>/rows/new/", plans.plan_row, name="plan_row_new"),
    path("plans/<int:pk>/rows/<int:number>/", plans.plan_row, name="plan_row"),
    path("plans/<int:pk>/rows/<int:number>/remove/", plans.plan_row_remove, name="plan_row_remove"),
    path("plans/<int:pk>/rows.xlsx", plans.plan_export, name="plan_export"),
    path("plans/<int:pk>/import/", plans.plan_import, name="plan_import"),
    path("plans/<int:pk>/changes/", plans.plan_changes, name="plan_changes"),
    path("plans/<int:pk>/print/", plans.plan_print, name="plan_print"),
    path("batches/", batches.batch_list, name="batches"),
    path("batches/plan/", batches.plan, name="plan"),
    path("batches/<str:code>/", batches.batch_detail, name="batch"),
    path("batches/<str:code>/freeze/", batches.batch_act, {"act": "freeze"}, name="freeze"),
    path("batches/<str:code>/commit/", batches.batch_act, {"act": "commit"}, name="commit"),
    path("batches/<str:code>/approve/", batches.batch_act, {"act": "approve"}, name="approve"),
    path("batches/<str:code>/publish/", batches.batch_act, {"act": "publish"}, name="publish"),
    path("batches/<str:code>/parties/", batches.add_party, name="add_party"),
    path("batches/<str:code>/beacon/", batches.enter_beacon, name="beacon"),
    path("batches/<str:code>/party/", batches.party, name="party"),
    path("visits/", visits.visit_list, name="visits"),
    path("visits/<uuid:uid>/", visits.visit_detail, name="visit"),
    path("visits/<uuid:uid>/publish/", visits.publish_result, name="publish_result"),
]
