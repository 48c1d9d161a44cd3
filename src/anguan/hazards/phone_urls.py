from django.urls import path

from anguan.hazards.views import phone

app_name = "hazards_phone"
urlpatterns = [
    path("enterprise/hazards/", phone.asked_of_us, name="list"),
    path("enterprise/hazards/<uuid:uid>/", phone.one_hazard, name="detail"),
    path("enterprise/hazards/<uuid:uid>/report/", phone.report, name="report"),
]
