"""Writes the bytecode of everything that the processes import, by importing it: a quarter of what is installed."""
# ruff: noqa: E402  # the path is set first

import importlib
import sys

sys.dont_write_bytecode = False

from anguan.cli import COMMANDS
from anguan.cli.database import set_up_django

set_up_django()
for name in (
    *COMMANDS.values(),
    "a2wsgi",
    "anguan.demo.services",
    "anguan.web.urls",
    "django.contrib.staticfiles.management.commands.collectstatic",
    "django.core.management.commands.createcachetable",
    "django.core.management.commands.migrate",
    "granian.server",
    "granian._loops",
    "procrastinate.contrib.django.procrastinate_app",
    "uvloop",
):
    importlib.import_module(name)

from django.db.migrations.loader import MigrationLoader

MigrationLoader(None)
