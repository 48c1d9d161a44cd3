from django.urls import path

from anguan.alarms import device_views, views, window_views

app_name = "alarms"
urlpatterns = [
    path("", views.room, name="room"),
    path("rows/", views.room_rows, name="rows"),
    path("shown/", views.shown, name="shown"),
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/<int:pk>/", views.incident, name="incident"),
    path("incidents/<int:pk>/row/", views.incident_row, name="row"),
    path("incidents/<int:pk>/<slug:action>/", views.act, name="act"),
    path("devices/", device_views.devices, name="devices"),
    path("devices/<int:pk>/", device_views.device, name="device"),
    path("devices/<int:pk>/admit/", device_views.admit, name="admit"),
    path("devices/<int:pk>/block/", device_views.block, name="block"),
    path("devices/<int:pk>/token/", device_views.issue_token, name="token"),
    path("devices/<int:pk>/commands/", device_views.commands, name="commands"),
    path("devices/<int:pk>/commands/<slug:kind>/", device_views.command, name="command"),
    path("devices/points/<int:pk>/", device_views.point, name="point"),
    path("devices/points/<int:pk>/place/", device_views.place, name="place"),
    path("tests/", window_views.windows, name="windows"),
    path("tests/new/", window_views.window_new, name="window_new"),
    path("tests/<int:pk>/end/", window_views.window_end, name="window_end"),
]
