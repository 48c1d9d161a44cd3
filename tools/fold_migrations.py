"""Writes, for each room, one migration that stands for all there are: what a new database runs.

All tables of a room come in one step, each with its columns, constraints and indexes; Django leaves them as hundreds of
steps, each of which builds the models anew. What SQL the old steps ran by hand follows at the end, in their order.
Databases that have run the old steps already skip the new one (`replaces`); a database in between goes on by the old
ones.

A fold made earlier goes: databases remember the steps that it stood for, not it, and steps that came after it are
pointed at the last of those.

Run it when a release is near and many steps have gathered: `fold_migrations.py NAME [ROOM …]`, all rooms by default;
rooms that are left out keep their steps.
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

from anguan.ground.tables import CreateTables

FOLDERS = {
    config.label: Path(config.path) / "migrations"
    for config in apps.get_app_configs()
    if config.name.startswith("anguan.") and (Path(config.path) / "migrations").is_dir()
}


def main(name: str, chosen: set[str]) -> None:
    """Fold every step of the rooms into `0001_NAME`."""
    unfold(chosen)
    loader = MigrationLoader(connection=None, ignore_no_migrations=True)
    # Libraries point at our users and so drag our own first step in: it is made anew.
    elsewhere = [node for node in loader.graph.leaf_nodes() if node[0] not in FOLDERS]
    before = loader.project_state(elsewhere)
    for key in [key for key in before.models if key[0] in FOLDERS]:
        before.remove_model(*key)
    found = MigrationAutodetector(before, ProjectState.from_apps(apps), MigrationQuestioner())
    changes = found.arrange_for_graph(found._detect_changes(convert_apps=set(FOLDERS)), loader.graph)
    for label in sorted(chosen):
        (made,) = changes[label]
        (leaf,) = loader.graph.leaf_nodes(label)
        made.name = f"0001_{name}"
        made.replaces = [key for key in loader.graph.forwards_plan(leaf) if key[0] == label]
        made.initial = True
        by_hand = [
            operation
            for key in made.replaces
            for operation in loader.disk_migrations[key].operations
            if isinstance(operation, migrations.RunSQL)
        ]
        made.operations = [folded(made.operations), *by_hand]
        needed = {app: step for app, step in made.dependencies if app != label}
        for app in FOLDERS.keys() & needed.keys():
            needed[app] = f"0001_{name}" if app in chosen else loader.graph.leaf_nodes(app)[0][1]
        made.dependencies = sorted(needed.items())
        file = FOLDERS[label] / f"0001_{name}.py"
        file.write_text(MigrationWriter(made, include_header=False).as_string(), encoding="utf-8")
        print(f"{label}: {len(made.replaces)} migrations, {len(made.operations)} steps")


def unfold(chosen: set[str]) -> None:
    """Take earlier folds of these rooms away; who named one names the last step that it stood for."""
    loader = MigrationLoader(connection=None, ignore_no_migrations=True)
    for (label, name), fold in loader.replacements.items():
        if label in chosen:
            (FOLDERS[label] / f"{name}.py").unlink()
            named, last = f'("{label}", "{name}")', f'("{label}", "{fold.replaces[-1][1]}")'
            for file in (file for folder in FOLDERS.values() for file in folder.glob("0*.py")):
                text = file.read_text(encoding="utf-8")
                if named in text:
                    file.write_text(text.replace(named, last), encoding="utf-8")
    for module in [module for module in sys.modules if module.startswith("anguan.") and ".migrations." in module]:
        del sys.modules[module]


def folded(operations: list[Operation]) -> CreateTables:
    """All of it inside the tables: no column, constraint or index has to wait for another table."""
    tables: dict[str, migrations.CreateModel] = {}
    for operation in operations:
        match operation:
            case migrations.CreateModel():
                tables[operation.name_lower] = operation
            case migrations.AddField():
                tables[operation.model_name_lower].fields.append((operation.name, operation.field))
            case migrations.AddConstraint():
                options = tables[operation.model_name_lower].options
                options.setdefault("constraints", []).append(operation.constraint)
            case migrations.AddIndex():
                tables[operation.model_name_lower].options.setdefault("indexes", []).append(operation.index)
            case _:
                raise NotImplementedError(operation.describe())
    return CreateTables(list(tables.values()))


# As makemigrations does: names in a migration are untranslated.
translation.deactivate_all()
main(sys.argv[1], set(sys.argv[2:]) or set(FOLDERS))
