from django.urls import path

from anguan.hazards.views import phone, selfcheck

app_name = "hazards_phone"
urlpatterns = [
    path("enterprise/hazards/", phone.asked_of_us, name="list"),
    path("enterprise/hazards/new/", selfcheck.report_own, name="own"),
    path("enterprise/statements/", selfcheck.statements, name="statements"),
    path("enterprise/statements/submit/", selfcheck.submit_statement, name="submit_statement"),
    path("enterprise/hazards/<uuid:uid>/", phone.one_hazard, name="detail"),
    path("enterprise/hazards/<uuid:uid>/report/", phone.report, name="report"),
    path("enterprise/hazards/<uuid:uid>/ask/<slug:name>/", phone.our_act, name="act"),
    path("tenant/hazards/", selfcheck.shop_hazards, name="shop_hazards"),
    path("tenant/hazards/<uuid:uid>/", selfcheck.shop_hazard, name="shop_hazard"),
]
