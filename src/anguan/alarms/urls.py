from django.urls import path

from anguan.alarms import device_views, setting_views, statistics_views, views, window_views

app_name = "alarms"
urlpatterns = [
    path("", views.room, name="room"),
    path("rows/", views.room_rows, name="rows"),
    path("shown/", views.shown, name="shown"),
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/<int:pk>/", views.incident, name="incident"),
    path("incidents/<int:pk>/<slug:action>/", views.act, name="act"),
    path("devices/", device_views.devices, name="devices"),
    path("devices/new/", device_views.register, name="register"),
    path("devices/<int:pk>/", device_views.device, name="device"),
    path("devices/<int:pk>/edit/", device_views.device_edit, name="device_edit"),
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
    path("statistics/", statistics_views.statistics, name="statistics"),
    path("forward-targets/", setting_views.forward_targets, name="forward_targets"),
    path("forward-targets/<int:pk>/switch/", setting_views.forward_target_switch, name="forward_target_switch"),
    path("duty-checks/", setting_views.duty_check_list, name="duty_checks"),
    path("duty-checks/now/", setting_views.duty_check_now, name="duty_check_now"),
    path("duty-checks/<int:pk>/<slug:action>/", setting_views.duty_check_act, name="duty_check_act"),
    path("repairs/", setting_views.repair_list, name="repairs"),
    path("repairs/<int:pk>/close/", setting_views.repair_close, name="repair_close"),
    path("agreements/<int:pk>/", setting_views.agreement_record, name="agreement_record"),
]
