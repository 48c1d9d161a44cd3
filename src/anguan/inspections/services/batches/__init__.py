"""抽查批次, from plan to publication, a subject a file.

Every step locks the batch, re-reads it, and asks the table what may follow.
"""

from anguan.inspections.services.batches.approving import approve_batch, finish_batch_when_done, publish_bundle
from anguan.inspections.services.batches.committing import commit_batch, submit_commitment
from anguan.inspections.services.batches.freezing import freeze_pool
from anguan.inspections.services.batches.opening import (
    break_batch,
    break_unopened,
    enter_beacon,
    refuse_secret,
    reveal,
    submit_secret,
)
from anguan.inspections.services.batches.planning import add_party, plan_batch

__all__ = [
    "add_party",
    "approve_batch",
    "break_batch",
    "break_unopened",
    "commit_batch",
    "enter_beacon",
    "finish_batch_when_done",
    "freeze_pool",
    "plan_batch",
    "publish_bundle",
    "refuse_secret",
    "reveal",
    "submit_commitment",
    "submit_secret",
]
