from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "anguan.papers"
    label = "papers"
