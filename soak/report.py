"""The one line that every soak prints."""

import json
import os
import sys
import time

STARTED = time.monotonic()


def rounds(default: int) -> int:
    """How many rounds are asked for on the command line, else `default`."""
    return int(sys.argv[1]) if len(sys.argv) > 1 else default


def report(soak: str, n: int, faults: list[str], **more: float) -> int:
    """Print one result as a JSON line, each fault on standard error; returns the exit status.

    `n` counts rounds, `faults` what did not hold in them; `more` are further figures, told in soak/README.md.
    """
    for fault in faults[:20]:
        print(f"{soak}: {fault}", file=sys.stderr)
    line = {
        "soak": soak,
        "n": n,
        "faults": len(faults),
        "seconds": round(time.monotonic() - STARTED, 1),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        **more,
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return 1 if faults else 0
