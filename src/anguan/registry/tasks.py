"""Background work of the ledger: files too long to wait for."""

from typing import Any

from procrastinate.contrib.django import app

from anguan.ground import clock
from anguan.ground.access import Actor
from anguan.registry.models import ImportRun
from anguan.registry.services import runs


@app.task(queue="imports", name="registry.import")
def work_off(run_id: int, step: str, actor: dict[str, Any] | None = None) -> None:
    """Do one step of an import: `check` or `write`."""
    run = ImportRun.objects.get(pk=run_id)
    if step == "check":
        runs.check_run(run, clock.now())
    elif actor is not None:
        runs.write_run(run, Actor(**actor), clock.now())
