"""The `anguan` command.

A command is a module of `anguan.cli.commands` with `HELP: str`, `configure(parser)` and `run(args) -> int`; only the
one that is called is imported, so that a command that needs no database starts without Django.
Exit status: 0 done, 1 the answer is "no", 2 the call or the input is unusable.
"""

import argparse
import importlib
import importlib.util
import os
import sys
from typing import NoReturn

from anguan.cli.errors import Unusable
from anguan.supervisor.lifeline import die_with_supervisor

COMMANDS: dict[str, str] = {
    "up": "anguan.cli.commands.up",
    "demo": "anguan.cli.commands.demo",
    "seed": "anguan.cli.commands.seed",
    "ledger": "anguan.cli.commands.ledger",
    "draw": "anguan.cli.commands.draw",
    "deadline": "anguan.cli.commands.deadline",
    "frame": "anguan.cli.commands.frame",
    "rules": "anguan.cli.commands.rules",
    "audit": "anguan.cli.commands.audit",
    "event-map": "anguan.cli.commands.event_map",
    "check": "anguan.cli.commands.check",
    "recover": "anguan.cli.commands.recover",
    "backup": "anguan.cli.commands.backup",
    "restore": "anguan.cli.commands.restore",
    "gateway": "anguan.cli.commands.gateway",
    "ingest": "anguan.cli.commands.ingest",
    "simulate": "anguan.cli.commands.simulate",
    "intake": "anguan.cli.commands.intake",
    "web": "anguan.cli.commands.web",
    "worker": "anguan.cli.commands.worker",
    "evaluator": "anguan.cli.commands.evaluator",
    "database": "anguan.cli.commands.database",
    "manage": "anguan.cli.commands.manage",
}


class Parser(argparse.ArgumentParser):
    """An argument parser that says one sentence instead of printing its usage."""

    def error(self, message: str) -> NoReturn:
        raise Unusable(f"{self.prog}: {message} (`{self.prog} --help` shows what is)")


def main(words: list[str] | None = None) -> int:
    """Run one command and return its exit status; `words` are the arguments, by default the process's own."""
    words = sys.argv[1:] if words is None else words
    die_with_supervisor()
    try:
        return _run(words)
    except Unusable as error:
        print(f"anguan: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output went away (`| head`); nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(words: list[str]) -> int:
    if not words or words[0] in {"-h", "--help", "help"}:
        print(_overview())
        return 0
    if words[0] == "--version":
        from importlib.metadata import version

        print(f"anguan {version('anguan')}")
        return 0
    name, rest = words[0], words[1:]
    module_name = COMMANDS.get(name)
    if module_name is None or importlib.util.find_spec(module_name) is None:
        raise Unusable(f"there is no command {name!r}; `anguan --help` lists them")
    command = importlib.import_module(module_name)
    parser = Parser(prog=f"anguan {name}", description=command.HELP)
    command.configure(parser)
    return int(command.run(parser.parse_args(rest)))


def _overview() -> str:
    lines = ["usage: anguan COMMAND …   (`anguan COMMAND --help` tells more)", ""]
    for name, module_name in COMMANDS.items():
        if importlib.util.find_spec(module_name) is not None:
            lines.append(f"  {name:<10} {importlib.import_module(module_name).HELP}")
    return "\n".join(lines)
