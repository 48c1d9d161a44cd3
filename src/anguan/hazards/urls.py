from django.urls import path

from anguan.hazards.views import office

app_name = "hazards"
urlpatterns = [
    path("", office.hazard_list, name="list"),
    path("count/", office.hazard_count, name="count"),
    path("export/", office.hazard_export, name="export"),
    path("<uuid:uid>/", office.hazard_detail, name="detail"),
    path("<uuid:uid>/classify/", office.classify, name="classify"),
    path("<uuid:uid>/deadline/", office.deadline, name="deadline"),
    path("<uuid:uid>/recheck/", office.recheck, name="recheck"),
    path("<uuid:uid>/close/", office.close, name="close"),
    path("<uuid:uid>/reopen/", office.reopen, name="reopen"),
]
