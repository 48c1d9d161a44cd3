"""The table of notices, where `alarms` has none yet."""

import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def _notices(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS alarms_notice"
            " (id bigserial PRIMARY KEY, organ_id bigint, incident_id bigint, what varchar(24), at timestamptz)"
        )
        cursor.execute("TRUNCATE alarms_notice RESTART IDENTITY")
