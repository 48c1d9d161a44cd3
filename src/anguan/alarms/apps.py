from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    name = "anguan.alarms"
    label = "alarms"
