from django.urls import path

from anguan.hazards import views

app_name = "hazards"
urlpatterns = [
    path("", views.hazard_list, name="list"),
    path("count/", views.hazard_count, name="count"),
    path("export/", views.hazard_export, name="export"),
    path("<uuid:uid>/", views.hazard_detail, name="detail"),
    path("<uuid:uid>/classify/", views.classify, name="classify"),
    path("<uuid:uid>/deadline/", views.deadline, name="deadline"),
    path("<uuid:uid>/recheck/", views.recheck, name="recheck"),
    path("<uuid:uid>/close/", views.close, name="close"),
    path("<uuid:uid>/reopen/", views.reopen, name="reopen"),
]
