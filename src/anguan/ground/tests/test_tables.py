"""The step that makes all tables of a room at once."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import OperationWriter

from anguan.ground.tables import CreateTables

HOUSE = migrations.CreateModel(
    "House",
    [("id", models.AutoField(primary_key=True)), ("front", models.ForeignKey("town.Door", models.PROTECT, null=True))],
)
DOOR = migrations.CreateModel(
    "Door",
    [("id", models.AutoField(primary_key=True)), ("house", models.ForeignKey("town.House", models.PROTECT))],
    {"constraints": [models.UniqueConstraint(fields=("house",), name="one_door_a_house")]},
)
STEP = CreateTables([HOUSE, DOOR])


@pytest.mark.django_db
def test_tables_that_point_at_each_other_come_and_go_together() -> None:
    before, after = ProjectState(), ProjectState()
    assert after.apps.all_models["town"] == {}
    STEP.state_forwards("town", after)
    with connection.schema_editor() as editor:
        STEP.database_forwards("town", editor, before, after)
    with connection.cursor() as cursor:
        for table, column, other in (("town_house", "front_id", "town_door"), ("town_door", "house_id", "town_house")):
            found = connection.introspection.get_relations(cursor, table)
            assert found[column][:2] == ("id", other)
        assert "one_door_a_house" in connection.introspection.get_constraints(cursor, "town_door")
    with connection.schema_editor() as editor:
        STEP.database_backwards("town", editor, after, before)
    assert not {"town_house", "town_door"} & set(connection.introspection.table_names())


def test_it_is_written_into_a_file_with_its_tables() -> None:
    text, imports = OperationWriter(STEP).serialize()
    assert text.count("migrations.CreateModel(") == 2
    assert "import anguan.ground.tables" in imports
