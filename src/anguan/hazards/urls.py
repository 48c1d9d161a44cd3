from django.urls import path

from anguan.hazards.views import acts, bureau, office

app_name = "hazards"
urlpatterns = [
    path("", office.hazard_list, name="list"),
    path("count/", office.hazard_count, name="count"),
    path("export/", office.hazard_export, name="export"),
    path("credibility/", bureau.credibility, name="credibility"),
    path("transfers/", bureau.transfer_list, name="transfers"),
    path("transfers/<uuid:uid>/", bureau.transfer_detail, name="transfer"),
    path("transfers/<uuid:uid>/<slug:name>/", bureau.transfer_act, name="transfer_act"),
    path("<uuid:uid>/", office.hazard_detail, name="detail"),
    path("<uuid:uid>/classify/", office.classify, name="classify"),
    path("<uuid:uid>/deadline/", office.deadline, name="deadline"),
    path("<uuid:uid>/recheck/", office.recheck, name="recheck"),
    path("<uuid:uid>/close/", office.close, name="close"),
    path("<uuid:uid>/reopen/", office.reopen, name="reopen"),
    path("<uuid:uid>/acts/<slug:name>/", acts.act, name="act"),
]
