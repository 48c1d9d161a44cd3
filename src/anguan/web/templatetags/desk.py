"""Words of the desk."""

from django import template
from django.utils.translation import gettext as _

from anguan.ui.desk import Group

register = template.Library()


@register.simple_tag
def desk_group_title(group: Group) -> str:
    """The heading of a part of the desk."""
    return {Group.DUE: _("要办的"), Group.WAITING: _("等别人办的"), Group.CHANGED: _("刚有变化")}[group]
