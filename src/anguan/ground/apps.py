from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class GroundConfig(AppConfig):
    name = "anguan.ground"
    label = "ground"
    verbose_name = "地基"

    def ready(self) -> None:
        """Load what each room registers, room by room from the bottom up: the order in which reactions run."""
        autodiscover_modules("carriers", "scopes", "reactions", "due", "panels", "menu", "tasks")
