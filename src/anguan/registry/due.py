"""What the ledger looks after by itself."""

from anguan.ground.sweeps import sweep
from anguan.registry.services import runs

sweep(every_s=30)(runs.give_up_stale)
