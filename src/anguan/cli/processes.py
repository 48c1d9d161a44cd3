"""How a command starts another one of its own."""

import sys
from pathlib import Path


def command_line(name: str, *words: str) -> list[str]:
    """`anguan NAME WORDS…` run by this very Python; the name stands in the process list."""
    script = Path(sys.executable).with_name("anguan")
    start = [str(script)] if script.exists() else ["-m", "anguan.cli"]
    return [sys.executable, *start, name, *words]
