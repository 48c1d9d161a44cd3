"""Partitions: there before they are needed, gone when their time is over."""

from datetime import UTC, date, datetime, timedelta

import pytest

from anguan.alarms.models import Command, Device, Pending
from anguan.alarms.services.storage import (
    drop_old_partitions,
    forget_commands,
    forget_strangers,
    make_partitions,
    partitions_for,
)

NOW = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)


def test_a_day_lies_in_a_month_and_in_a_day() -> None:
    spans = {each.parent: (each.since, each.until) for each in partitions_for(date(2026, 12, 31))}
    assert spans["alarms_frame_kept"] == (date(2026, 12, 1), date(2027, 1, 1))
    assert spans["alarms_frame_routine"] == (date(2026, 12, 31), date(2027, 1, 1))


@pytest.mark.django_db
def test_partitions_are_made_ahead_across_the_end_of_a_month() -> None:
    drop_old_partitions(datetime(2100, 1, 1, tzinfo=UTC))
    # Four days of heartbeats and of readings, and two months.
    assert make_partitions(NOW) == 4 + 4 + 2
    assert make_partitions(NOW) == 0


@pytest.mark.django_db
def test_alarms_outlive_a_year_and_heartbeats_a_month() -> None:
    drop_old_partitions(datetime(2100, 1, 1, tzinfo=UTC))
    make_partitions(NOW)
    assert "alarms_frame_routine_20261129" not in drop_old_partitions(NOW + timedelta(days=35))
    assert "alarms_frame_routine_20261129" in drop_old_partitions(NOW + timedelta(days=36))
    gone = drop_old_partitions(NOW + timedelta(days=366))
    assert all(name.startswith("alarms_frame_routine_") for name in gone)
    assert "alarms_frame_kept_202611" in drop_old_partitions(datetime(2028, 1, 6, tzinfo=UTC))


@pytest.mark.django_db
def test_a_stranger_whom_nobody_admits_is_forgotten_after_weeks() -> None:
    for name, days in (("0a", 31), ("0b", 29)):
        heard = NOW - timedelta(days=days)
        Device.objects.create(source=name, last_heard_at=heard)
        Pending.objects.create(start_id=1, number=days, received_at=heard, urgency=0, source=name, observations=[])
    assert forget_strangers(NOW) == 2
    assert Device.objects.get().source == Pending.objects.get().source == "0b"


@pytest.mark.django_db
def test_what_the_platform_asked_by_itself_is_kept_as_long_as_alarms_and_what_people_asked_stays() -> None:
    device = Device.objects.create(source="0c" * 6)
    for days, who in ((500, ""), (500, "7"), (300, "")):
        at = NOW - timedelta(days=days)
        Command.objects.create(device=device, kind="poll", state="answered", asked_by_id=who, asked_at=at, ended_at=at)
    assert forget_commands(NOW) == 1
    assert sorted(Command.objects.values_list("asked_by_id", flat=True)) == ["", "7"]
