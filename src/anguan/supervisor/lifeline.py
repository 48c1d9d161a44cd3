"""Ties a process to its parent: where the parent dies, even by SIGKILL, the kernel ends the child."""

import ctypes
import os
import signal
import sys

# <linux/prctl.h>; elsewhere (macOS) orphans notice by their lost parent only at their own next start.
PR_SET_PDEATHSIG = 1

PARENT = "ANGUAN_SUPERVISED"
"""Environment variable: process id of the supervisor that started this process."""


def die_with_parent(parent: int, number: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel for `number` when the parent ends; exits at once if it ended before we could ask.

    Call it from the main thread: the kernel watches the thread that started us.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def die_with_supervisor() -> None:
    """`die_with_parent` where a supervisor started this process, else nothing."""
    if parent := os.environ.get(PARENT):
        die_with_parent(int(parent))


def is_supervised() -> bool:
    """True in a process that a supervisor started: it has migrated, collected and locked already."""
    return PARENT in os.environ
