"""How every command behaves, whatever it does."""

import subprocess
import sys
import time

import pytest

from anguan.cli import COMMANDS, main


@pytest.mark.parametrize("words", [["nonsense"], ["backup"], ["check", "--bla"], ["up", "--port", "seventy"]])
def test_an_unusable_call_is_one_sentence_and_exit_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("anguan: ")
    assert said.err.count("\n") == 1


def test_the_overview_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    overview = capsys.readouterr().out
    for name in ("up", "demo", "backup", "restore", "check"):
        assert name in COMMANDS
        assert f"\n  {name} " in overview


@pytest.mark.parametrize("name", ["deadline", "draw", "frame"])
def test_a_command_without_database_loads_no_django(name: str) -> None:
    words = (
        "import sys; from anguan.cli import main\n"
        f"try: main(['{name}', '--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit('django' in sys.modules)"
    )
    began = time.monotonic()
    assert subprocess.run([sys.executable, "-c", words], stdout=subprocess.DEVNULL, check=False).returncode == 0
    assert time.monotonic() - began < 3, "a busy machine included"
