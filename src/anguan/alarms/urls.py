from django.urls import path

from anguan.alarms import views

app_name = "alarms"
urlpatterns = [
    path("", views.room, name="room"),
    path("rows/", views.room_rows, name="rows"),
    path("shown/", views.shown, name="shown"),
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/<int:pk>/", views.incident, name="incident"),
    path("incidents/<int:pk>/row/", views.incident_row, name="row"),
    path("incidents/<int:pk>/<slug:action>/", views.act, name="act"),
]
