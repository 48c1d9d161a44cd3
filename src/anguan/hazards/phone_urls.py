from django.urls import path

from anguan.hazards import phone_views

app_name = "hazards_phone"
urlpatterns = [
    path("enterprise/hazards/", phone_views.asked_of_us, name="list"),
    path("enterprise/hazards/<uuid:uid>/", phone_views.one_hazard, name="detail"),
    path("enterprise/hazards/<uuid:uid>/report/", phone_views.report, name="report"),
]
