from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "anguan.inspections"
    label = "inspections"
