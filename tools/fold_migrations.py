"""Writes, for each room, one migration that stands for all there are: what a new database runs.

Each table comes with its constraints and indexes at once; Django leaves them as hundreds of steps, each of which builds
the models anew. What SQL the old steps ran by hand follows at the end, in their order. Databases that have run the old
steps already skip the new one (`replaces`); a database in between goes on by the old ones.

Run it when a release is near and many steps have gathered: `fold_migrations.py NAME`.
"""
# ruff: noqa: E402  # Django is set up first

import os
import sys
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "anguan.settings"
import django

django.setup()

from django.apps import apps
from django.db import migrations
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter
from django.utils import translation

ROOMS = [config for config in apps.get_app_configs() if config.name.startswith("anguan.")]


def main(name: str) -> None:
    """Fold every room's steps into `0001_NAME`."""
    loader = MigrationLoader(connection=None, ignore_no_migrations=True)
    labels = {config.label for config in ROOMS if config.label in loader.migrated_apps}
    # Libraries point at our users and so drag our own first step in: it is made anew.
    elsewhere = [node for node in loader.graph.leaf_nodes() if node[0] not in labels]
    before = loader.project_state(elsewhere)
    for key in [key for key in before.models if key[0] in labels]:
        before.remove_model(*key)
    found = MigrationAutodetector(before, ProjectState.from_apps(apps), MigrationQuestioner())
    changes = found.arrange_for_graph(found._detect_changes(convert_apps=labels), loader.graph)
    for config in ROOMS:
        label = config.label
        if label not in labels:
            continue
        (made,) = changes[label]
        old = sorted(key for key in loader.disk_migrations if key[0] == label)
        made.name = f"0001_{name}"
        made.replaces = [key for key in old if key[1] != made.name]
        made.initial = True
        by_hand = [
            operation
            for key in made.replaces
            for operation in loader.disk_migrations[key].operations
            if isinstance(operation, migrations.RunSQL)
        ]
        made.operations = [*folded(made.operations), *by_hand]
        made.dependencies = sorted(
            {(app, f"0001_{name}" if app in labels else step) for app, step in made.dependencies if app != label}
        )
        file = Path(config.path) / "migrations" / f"0001_{name}.py"
        file.write_text(MigrationWriter(made, include_header=False).as_string(), encoding="utf-8")
        print(f"{label}: {len(made.replaces)} migrations, {len(made.operations)} steps")


def folded(operations: list[Operation]) -> list[Operation]:
    """Constraints and indexes inside the step that makes their table, where nothing in between needs them."""
    kept: list[Operation] = []
    tables: dict[str, migrations.CreateModel] = {}
    added_later: set[str] = set()
    for operation in operations:
        if isinstance(operation, migrations.CreateModel):
            tables[operation.name_lower] = operation
        if isinstance(operation, migrations.AddField):
            added_later.add(operation.model_name_lower)
        if isinstance(operation, migrations.AddConstraint | migrations.AddIndex):
            table = tables.get(operation.model_name_lower)
            if table is not None and operation.model_name_lower not in added_later:
                kind = "constraints" if isinstance(operation, migrations.AddConstraint) else "indexes"
                thing = operation.constraint if isinstance(operation, migrations.AddConstraint) else operation.index
                table.options.setdefault(kind, []).append(thing)
                continue
        kept.append(operation)
    return kept


# As makemigrations does: names in a migration are untranslated.
translation.deactivate_all()
main(sys.argv[1])
