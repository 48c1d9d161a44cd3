"""The script that docs/verify-a-draw.md gives to strangers does what the page says."""

import copy
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from anguan.inspections.draws import Step
from anguan.inspections.tests.draw_tampers import TAMPERS, drand_example, example, redrawn

PAGE = Path(__file__).parents[1] / "docs" / "verify-a-draw.md"


def printed_in(page: Path) -> list[str]:
    """The programs that a page prints."""
    return re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_both_readmes_print_the_very_script_that_is_tried_here(name: str) -> None:
    assert printed_in(PAGE.parents[1] / name) == printed_in(PAGE)


@pytest.fixture
def stranger(tmp_path: Path) -> Callable[[Any], "subprocess.CompletedProcess[str]"]:
    blocks = printed_in(PAGE)
    assert len(blocks) == 1
    assert len(blocks[0].splitlines()) <= 30
    script = tmp_path / "check.py"
    script.write_text(blocks[0], encoding="utf-8")

    def check(bundle: Any) -> "subprocess.CompletedProcess[str]":
        file = tmp_path / "bundle.json"
        file.write_text(json.dumps(bundle, ensure_ascii=False), encoding="utf-8")
        return subprocess.run([sys.executable, "-I", script, file], capture_output=True, text=True, check=False)

    return check


@pytest.mark.parametrize(("bundle", "counts"), [(example(), (6, 5)), (drand_example(), (8, 5))])
def test_a_stranger_verifies_the_published_draws(
    stranger: Callable[[Any], "subprocess.CompletedProcess[str]"], bundle: Any, counts: tuple[int, int]
) -> None:
    done = stranger(bundle)
    assert done.stdout == f"verified: {counts[0]} targets, {counts[1]} alternates\n"
    national = copy.deepcopy(bundle)
    national["hash"] = "sm3"
    assert stranger(redrawn(national)).returncode == 0


# All that is wrong behind the format, but for the beacon and for odd fields inside the result.
BENT = [tamper for tamper in TAMPERS if tamper.step not in {Step.FORMAT, Step.BEACON}]


def test_a_stranger_finds_whatever_was_bent_behind_the_format(
    stranger: Callable[[Any], "subprocess.CompletedProcess[str]"],
) -> None:
    missed = [tamper.name for tamper in BENT if stranger(tamper.bundle()).returncode == 0]
    assert missed == []


@pytest.mark.parametrize("where", ["targets", "alternates"])
def test_a_stranger_finds_a_swap(stranger: Callable[[Any], "subprocess.CompletedProcess[str]"], where: str) -> None:
    bundle = example()
    bundle["result"][where].reverse()
    done = stranger(bundle)
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith(f"AssertionError: {where}")
