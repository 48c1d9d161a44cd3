"""`anguan deadline`: the contract that other systems rely on."""

import io
import json
import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from anguan.cli import main

FIELDS = {
    "rule",
    "from",
    "due",
    "count",
    "unit",
    "basis",
    "rule_version",
    "verified",
    "calendar",
    "roll_forward",
    "provisional",
    "skipped",
}


@pytest.fixture(autouse=True)
def _no_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANGUAN_DATA", raising=False)


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["deadline", *words]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def fed(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text)))


def test_an_answer_has_every_field_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked(capsys, "D02", "--from", "2026-03-02")
    assert set(answer) >= FIELDS
    assert answer["due"] == "2026-06-01"
    assert answer["skipped"] == ["2026-05-31"]
    assert (answer["count"], answer["unit"]) == (90, "calendar_days")
    assert answer["basis"] == "《中华人民共和国行政处罚法》第六十条"
    assert answer["rule_version"] == 1
    assert answer["verified"] is True
    assert answer["roll_forward"] is True
    assert answer["provisional"] is False


def test_waiting_for_the_court_names_the_last_day_and_the_day_after(capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked(capsys, "D14", "--from", "2026-11-09")
    assert answer["due"] == "2026-11-23"
    assert answer["apply_from"] == "2026-11-24"


def test_the_day_to_apply_from_is_the_next_day_even_when_nobody_works(capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked(capsys, "D14", "--from", "2026-11-06")
    assert answer["due"] == "2026-11-20"
    assert answer["apply_from"] == "2026-11-21"


def test_hours_are_answered_to_the_minute(capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked(capsys, "D18", "--from", "2026-09-30T16:05")
    assert answer["due"] == "2026-10-01T16:05"
    assert answer["provisional"] is False


def test_a_year_without_notice_is_provisional(capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked(capsys, "D03", "--from", "2026-12-30")
    assert answer["provisional"] is True
    assert answer["due"] == "2027-01-06"


def test_an_unverified_rule_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(capsys, "D21", "--from", "2026-11-23")["verified"] is False


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["D04", "--from", "2026-11-23"], id="倒推"),
        pytest.param(["D07", "--from", "2026-11-23"], id="封顶"),
        pytest.param(["D10", "--from", "2026-11-23"], id="分段"),
        pytest.param(["D12", "--from", "2026-11-23"], id="两条规则合称"),
        pytest.param(["D22", "--from", "2026-11-23"], id="起算点由程序定"),
        pytest.param(["D28", "--from", "2026-11-23"], id="固定日期"),
        pytest.param(["D31", "--from", "2026-11-23"], id="幅度"),
        pytest.param(["D32", "--from", "2026-11-23"], id="地方规则"),
        pytest.param(["D99", "--from", "2026-11-23"], id="没有这条"),
        pytest.param(["rectification-default", "--from", "2026-11-23"], id="不是期限规则"),
        pytest.param(["D02", "--from", "2026-02-29"], id="没有这一天"),
        pytest.param(["D02", "--from", "20260302"], id="写法不对"),
        pytest.param(["D02", "--from", "2026-03-02T25:00"], id="没有这个钟点"),
        pytest.param(["D02", "--from", "2026-03-02T10:00:00"], id="带秒"),
        pytest.param(["D02", "--from", "２０２６-03-02"], id="全角数字"),
        pytest.param(["D02", "--from", "9999-12-30"], id="超出日期"),
        pytest.param(["D14", "--from", "9999-12-17"], id="届满在最后一天"),
        pytest.param(["D02"], id="没有起算日"),
        pytest.param([], id="什么也没有"),
        pytest.param(["--batch", "--list"], id="两样同时"),
        pytest.param(["D02", "--from", "2026-03-02", "--batch"], id="单条又批量"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main(["deadline", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("anguan: ")
    assert err.count("\n") == 1


class TestBatch:
    """Questions as JSON lines, an answer for each."""

    def test_each_line_is_answered_in_order(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fed(
            monkeypatch,
            b'{"rule": "D01", "from": "2026-11-23"}\n\n{"rule": "D20", "from": "2026-11-23T08:00"}\n'
            b'{"from": "2026-11-23", "rule": "D12b"}',
        )
        assert main(["deadline", "--batch"]) == 0
        answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [(answer["rule"], answer["due"]) for answer in answers] == [
            ("D01", "2026-12-02"),
            ("D20", "2026-11-24T08:00"),
            ("D12b", "2026-12-08"),
        ]

    def test_an_unusable_line_is_named_and_the_others_are_still_answered(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fed(
            monkeypatch,
            b'{"rule": "D01", "from": "2026-11-23"}\nnot json\n{"rule": "D99", "from": "2026-11-23"}\n[]\n'
            b'{"rule": "D01"}\n{"rule": "D01", "from": 7}\n\xff\xfe\n{"rule": "D03", "from": "2026-09-30"}\n',
        )
        assert main(["deadline", "--batch"]) == 2
        out, err = capsys.readouterr()
        answers = [json.loads(line) for line in out.splitlines()]
        assert [answer.get("due") for answer in answers] == [
            "2026-12-02",
            None,
            None,
            None,
            None,
            None,
            None,
            "2026-10-13",
        ]
        assert [answer["line"] for answer in answers if "error" in answer] == [2, 3, 4, 5, 6, 7]
        assert answers[2]["rule"] == "D99"
        assert err.count("\n") == 1


def test_the_list_shows_every_rule_of_the_table_with_its_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deadline", "--list"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    kinds = {rule["rule"]: rule["kind"] for rule in listed}
    assert len(listed) == len(kinds) == 33
    assert kinds["D02"] == "period"
    assert kinds["D04"] == "backward"
    assert kinds["D07"] == "capped"
    assert kinds["D19"] == "compound"
    assert kinds["D32"] == "fixed_date"
    assert kinds["D31"] == "range"


def test_it_starts_without_django_and_answers_in_utf8_whatever_the_locale() -> None:
    program = (
        "import sys; from anguan.cli import main; code = main(['deadline', 'D02', '--from', '2026-03-02']); "
        "assert 'django' not in sys.modules; sys.exit(code)"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ANGUAN", "DJANGO", "DATABASE"))}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment | {"PYTHONIOENCODING": "gb18030"},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout.decode())["basis"].startswith("《中华人民共和国")
