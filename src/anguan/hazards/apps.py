from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "anguan.hazards"
    label = "hazards"
