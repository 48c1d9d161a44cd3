from django.apps import AppConfig


class ChecklistsConfig(AppConfig):
    name = "anguan.checklists"
    label = "checklists"
