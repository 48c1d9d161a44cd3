"""For tests whose work is committed by connections of its own: the intake, the gateway and whoever reads after them."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from anguan.alarms.models import Device
from anguan.people.models import Organ
from anguan.people.rules import OrganKind

TABLES = (
    "alarms_frame, alarms_reading, alarms_pending, alarms_resendkey, alarms_intakestart,"
    " alarms_unreadablebatch, alarms_device"
)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database in which what is written stays until the end of the test.

    Only the tables of the alarm path are emptied afterwards, which takes a tenth of Django's flush of all tables. A
    file that uses it needs one test marked `django_db`, by which pytest-django knows to make the database.
    """
    name = connection.settings_dict["NAME"]
    if not name.startswith("test_"):
        # Nothing is emptied that is no test's.
        pytest.fail(f"{name!r} is no test database: let a test of this file that is marked `django_db` run, too")
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {TABLES} CASCADE")
            Organ.objects.filter(name=ORGAN).delete()
            connection.close()


ORGAN = "示例区消防控制中心"


def an_organ() -> Organ:
    return Organ.objects.get_or_create(name=ORGAN, defaults={"short_name": "示消", "kind": OrganKind.FIRE.value})[0]


def a_device(source: str, **more: object) -> Device:
    """An admitted device."""
    fields = {"organ": an_organ(), "state": "admitted", "place": "示例大厦消控室"} | more
    return Device.objects.create(source=source, **fields)
