"""`anguan draw` as a citizen calls it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from anguan.cli import main
from anguan.inspections.tests import plain_draw
from anguan.inspections.tests.draw_envelopes import good_envelopes
from anguan.inspections.tests.draw_tampers import DATA, example
from anguan.inspections.tests.test_companions import good_companion


def written(path: Path, bundle: Any) -> str:
    path.write_text(json.dumps(bundle, ensure_ascii=False), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("draw-example.json", "verified: 6 targets, 5 alternates", "请与来源核对：示例彩票公告"),
        ("draw-example-drand.json", "verified: 8 targets, 5 alternates", "签名已核验"),
    ],
)
def test_a_true_bundle_is_verified_and_its_beacon_explained(
    name: str, line: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["draw", "verify", str(DATA / name)]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == line
    assert words in out
    assert err == ""


def test_a_false_bundle_is_answered_with_the_first_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = example()
    bundle["result"]["targets"][0]["officers"][0] = "P05"
    assert main(["draw", "verify", written(tmp_path / "b.json", bundle)]) == 1
    assert "result.targets[0].officers 应为" in capsys.readouterr().out


def test_a_run_prints_the_whole_bundle_which_then_verifies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = example()
    published = bundle.pop("result")
    assert main(["draw", "run", written(tmp_path / "b.json", bundle)]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert whole == {**bundle, "result": published}
    assert main(["draw", "verify", written(tmp_path / "c.json", whole)]) == 0


def test_a_run_refuses_what_does_not_hold_without_printing_a_bundle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = example()
    del bundle["result"]
    bundle["secrets"][0]["secret"] = "0" * 64
    assert main(["draw", "run", written(tmp_path / "b.json", bundle)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "commitments[0].commitment" in err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "读不了"), (b"PK\x03\x04\xff", "不是 UTF-8"), (b'{"format"', "不是 JSON"), (b"[" * 99_999, "嵌套过深")],
    ids=["没有文件", "不是文字", "不全", "嵌套过深"],
)
@pytest.mark.parametrize("action", ["verify", "run"])
def test_what_is_no_bundle_is_unusable(
    action: str, content: bytes | None, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "b.json"
    if content is not None:
        path.write_bytes(content)
    assert main(["draw", action, str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert sentence in err
    assert len(err.splitlines()) == 1


def test_a_drawn_bundle_is_not_run_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draw", "run", str(DATA / "draw-example.json")]) == 2
    assert "绝不原地重抽" in capsys.readouterr().err


def test_a_bundle_that_would_take_hours_is_unusable_until_the_limit_is_raised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = example()
    bundle["spec"]["weights"]["D"] = 10**15
    path = written(tmp_path / "b.json", plain_draw.seal(bundle))
    assert main(["draw", "verify", path]) == 2
    assert "--most-tickets" in capsys.readouterr().err


def test_verifying_loads_no_django() -> None:
    program = (
        "import sys; from anguan.cli import main; "
        f"status = main(['draw', 'verify', {str(DATA / 'draw-example.json')!r}]); "
        "sys.exit(status or 'django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 0


def test_a_companion_is_verified_with_its_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    companion = good_companion()
    call = ["draw", "verify", str(DATA / "draw-example.json"), "--companion"]
    assert main([*call, written(tmp_path / "c.json", companion)]) == 0
    out = capsys.readouterr().out
    assert "companion verified: " in out
    assert plain_draw.digest("sha256", companion["experts"]) in out
    companion["steps"][0]["number"] = 2
    assert main([*call, written(tmp_path / "c.json", companion)]) == 1
    assert "steps[0].number 应为 1" in capsys.readouterr().out
    assert main([*call, str(tmp_path / "none.json")]) == 2


def test_envelopes_are_verified_with_their_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    envelopes = good_envelopes(example())
    call = ["draw", "verify", str(DATA / "draw-example.json"), "--envelopes"]
    assert main([*call, written(tmp_path / "e.json", envelopes)]) == 0
    out = capsys.readouterr().out
    assert "11 envelopes, 2 opened by their teams (1 early), 1 readings by the approver" in out
    assert plain_draw.digest("sha256", envelopes["commitments"]) in out
    envelopes["commitments"][4] = "0" * 64
    assert main([*call, written(tmp_path / "e.json", envelopes)]) == 1
    assert "commitments[4]" in capsys.readouterr().out
    assert main([*call, str(tmp_path / "none.json")]) == 2
