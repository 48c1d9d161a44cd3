from django.urls import path

from anguan.inspections import phone_arrival_views as arrival
from anguan.inspections import phone_offline as offline
from anguan.inspections import phone_views as views
from anguan.inspections.views import experts

app_name = "inspections_phone"
urlpatterns = [
    path("", views.today, name="today"),
    path("offline/", offline.shell, name="offline"),
    path("offline/contact", offline.contact, name="offline_contact"),
    path("offline/tasks", offline.tasks, name="offline_tasks"),
    path("offline/operations", offline.operations, name="offline_operations"),
    path("offline/photos/<str:digest>", offline.file, name="offline_file"),
    path("expert/", experts.mine, name="expert_mine"),
    path("expert/visits/<uuid:uid>/", experts.visit, name="expert_visit"),
    path("expert/visits/<uuid:uid>/items/<int:number>/", experts.opinion, name="expert_opinion"),
    path("visits/<uuid:uid>/", views.visit, name="visit"),
    path("visits/<uuid:uid>/measures/", arrival.measures, name="measures"),
    path("visits/<uuid:uid>/assistants/", arrival.assistants, name="assistants"),
    path("emergency/<int:pk>/", arrival.emergency, name="emergency"),
    path("visits/<uuid:uid>/notice/", arrival.notice, name="notice"),
    path("visits/<uuid:uid>/code/", views.task_code, name="code"),
    path("visits/<uuid:uid>/start/", views.start, name="start"),
    path("visits/<uuid:uid>/items/", views.items, name="items"),
    path("visits/<uuid:uid>/items/<int:number>/", views.item, name="item"),
    path("visits/<uuid:uid>/hazards/<uuid:hazard_uid>/", views.hazard, name="hazard"),
    path("visits/<uuid:uid>/paper/", views.paper, name="paper"),
    path("visits/<uuid:uid>/draft/", views.act, {"act": "draft"}, name="draft"),
    path("visits/<uuid:uid>/correct/", views.act, {"act": "correct"}, name="correct"),
    path("visits/<uuid:uid>/sign/", views.act, {"act": "sign"}, name="sign"),
    path("visits/<uuid:uid>/issue/", views.act, {"act": "issue"}, name="issue"),
    path("visits/<uuid:uid>/order/", views.act, {"act": "order"}, name="order"),
    path("visits/<uuid:uid>/serve/", views.act, {"act": "serve"}, name="serve"),
    path("visits/<uuid:uid>/without-check/", views.without_check, name="without_check"),
]
