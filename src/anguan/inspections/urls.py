from django.urls import path

from anguan.inspections import views

app_name = "inspections"
urlpatterns = [
    path("batches/", views.batch_list, name="batches"),
    path("batches/plan/", views.plan, name="plan"),
    path("batches/<str:code>/", views.batch_detail, name="batch"),
    path("batches/<str:code>/freeze/", views.batch_act, {"act": "freeze"}, name="freeze"),
    path("batches/<str:code>/commit/", views.batch_act, {"act": "commit"}, name="commit"),
    path("batches/<str:code>/approve/", views.batch_act, {"act": "approve"}, name="approve"),
    path("batches/<str:code>/publish/", views.batch_act, {"act": "publish"}, name="publish"),
    path("batches/<str:code>/parties/", views.add_party, name="add_party"),
    path("batches/<str:code>/beacon/", views.enter_beacon, name="beacon"),
    path("batches/<str:code>/party/", views.party, name="party"),
    path("visits/", views.visit_list, name="visits"),
    path("visits/<uuid:uid>/", views.visit_detail, name="visit"),
    path("visits/<uuid:uid>/publish/", views.publish_result, name="publish_result"),
]
