from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "anguan.registry"
    label = "registry"
