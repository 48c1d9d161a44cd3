from django.urls import path

from anguan.inspections.views import batches, visits

app_name = "inspections"
urlpatterns = [
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
