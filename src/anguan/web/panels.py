"""What the platform itself puts on an administrator's desk."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from anguan.ground import outbox
from anguan.ground.access import Viewer
from anguan.people.rules import Role
from anguan.ui.desk import DeskRow, Group, desk_source


@desk_source
def undelivered_messages(viewer: Viewer, _today: date) -> Iterable[DeskRow]:
    """未送达的消息, as one row."""
    if viewer.has(Role.SYSTEM_ADMIN) and (count := outbox.undelivered().count()):
        yield DeskRow(
            group=Group.DUE,
            subject=_("未送达的消息"),
            asked=_("重新发送，或写明不再发送的理由"),
            url=reverse("dead_letters"),
            button=_("查看"),
            count=count,
        )
