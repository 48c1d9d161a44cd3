from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "anguan.ui"
    label = "ui"
