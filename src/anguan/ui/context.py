"""What every page's frame needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info

from anguan.ui.htmx import base_template
from anguan.ui.navigation import Area, Group, menu


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `base_template`, `viewer`, `office_menu`, `phone_menu`, `public_menu`, `languages`."""
    viewer = getattr(request, "viewer", None)

    def lazy_menu(area: Area) -> "SimpleLazyObject[list[Group]]":
        def build() -> list[Group]:
            return menu(viewer.roles if viewer is not None else (), request.path, area)

        return SimpleLazyObject(build)

    return {
        "base_template": base_template(request),
        "viewer": viewer,
        "office_menu": lazy_menu("office"),
        "phone_menu": lazy_menu("phone"),
        "public_menu": lazy_menu("public"),
        "languages": [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES],
    }
