from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "anguan.web"
    label = "web"
