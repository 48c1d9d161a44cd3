"""`anguan frame decode` as the duty officer's technician and other programs call it."""

import base64
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from anguan.cli import main

# A smoke detector in loop 10, point 2, on fire; bytes and meaning as the transcription of the standard prints them.
FIRE = (
    "404001000101203a091a090c790300000000385b0100000030000202010101280a0002000200" + "20" * 30 + "00023a091a090c462323"
)
CONFIRM = "404001000101233a091a090c385b01000000790300000000000003ab2323"

# Type 21 without its time, as one firmware sends it: three bytes where nine belong.
UNREADABLE = "404001000101203a091a090c790300000000385b01000000030005150108cb2323"


def decode(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: str | bytes, *words: str
) -> tuple[int, list[dict[str, Any]]]:
    """Exit status and answers for an input."""
    status, out = said(monkeypatch, capsys, given, *words)
    return status, [json.loads(line) for line in out.splitlines()]


def said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: str | bytes, *words: str
) -> tuple[int, str]:
    raw = given.encode() if isinstance(given, str) else given
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    status = main(["frame", "decode", *words])
    return status, capsys.readouterr().out


def test_a_fire_is_told_field_by_field(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    status, answers = decode(monkeypatch, capsys, FIRE + "\n")
    assert status == 0
    assert answers == [
        {
            "ok": True,
            "serial": 1,
            "version": [1, 1],
            "time": "2012-09-26T09:58:32",
            "source": "790300000000",
            "destination": "385b01000000",
            "command": 2,
            "type": 2,
            "objects": [
                {
                    "system_type": 1,
                    "system_address": 1,
                    "component_type": 40,
                    "component_address": 131082,
                    "loop": 10,
                    "point": 2,
                    "state": 2,
                    "bits": ["fire"],
                    "text": "",
                    "time": "2012-09-26T09:58:02",
                }
            ],
            "problem": None,
            "raw": FIRE,
        }
    ]


def test_each_line_has_one_answer_in_order(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    wrong_sum = CONFIRM[:-6] + "ac2323"
    unknown_command = "404001000101233a091a090c385b01000000790300000000000009b12323"
    lines = [
        CONFIRM,
        wrong_sum,
        CONFIRM[:20],
        CONFIRM[:-4] + "2324",
        "00" + CONFIRM[2:],
        CONFIRM + "00",
        unknown_command,
    ]
    status, answers = decode(monkeypatch, capsys, "\n".join(lines))
    assert status == 1
    assert [answer.get("error") for answer in answers] == [
        None,
        "checksum",
        "incomplete",
        "end",
        "start",
        "length",
        "command",
    ]
    too_long = CONFIRM[:48] + "0104" + CONFIRM[52:]
    assert decode(monkeypatch, capsys, too_long)[1][0]["error"] == "length"


def test_an_unreadable_body_is_told_as_a_problem_of_a_sound_frame(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, (answer,) = decode(monkeypatch, capsys, UNREADABLE)
    assert (status, answer["ok"], answer["type"], answer["objects"]) == (0, True, 21, [])
    assert "应有 7 字节，实有 1 字节" in answer["problem"]


def test_a_stream_is_answered_frame_by_frame_and_stretch_by_stretch(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = "0d0a" + CONFIRM + "ffff40" + FIRE + CONFIRM[:30]
    status, answers = decode(monkeypatch, capsys, stream, "--stream")
    assert status == 1
    assert [(answer["ok"], answer["raw"]) for answer in answers] == [
        (False, "0d0a"),
        (True, CONFIRM),
        (False, "ffff40"),
        (True, FIRE),
        (False, CONFIRM[:30]),
    ]
    assert answers[-1]["error"] == "incomplete"
    assert decode(monkeypatch, capsys, bytes.fromhex(stream), "--stream") == (status, answers)


def test_base64_files_and_spaced_hex_are_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    encoded = base64.b64encode(bytes.fromhex(CONFIRM)).decode()
    assert decode(monkeypatch, capsys, encoded, "--input", "base64")[1][0]["raw"] == CONFIRM
    spaced = tmp_path / "frames.txt"
    spaced.write_text("\ufeff\n" + CONFIRM.upper()[:2] + " " + CONFIRM.upper()[2:] + "\r\n\n", encoding="utf-8")
    assert [answer["raw"] for answer in decode(monkeypatch, capsys, "", str(spaced))[1]] == [CONFIRM]


def test_a_line_may_name_the_profile_of_its_device(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # A published sample of the maker: switch input of access type 2, object of 16 bytes, type 0x96.
    switch = "4040000001010f220e190713010000000000ffff00000000120002960100035b010000000200000f220e190713f12323"
    status, (standard, named) = decode(monkeypatch, capsys, f"{switch}\nfb2024 {switch}\n")
    assert status == 0
    assert (standard["objects"], standard["problem"]) == ([], "类型标志 150 不在标准之内。")
    assert named["objects"] == [
        {
            "system_type": 0,
            "system_address": 3,
            "component_type": 91,
            "component_address": 1,
            "loop": 0,
            "point": 1,
            "access_type": 2,
            "state": 0,
            "time": "2019-07-25T14:34:15",
        }
    ]


def test_times_in_bcd_are_no_dates_and_say_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # A published sample of the maker: 15 30 14 24 08 26 is 2026-08-24 14:30:15.
    keep_alive = "404007000103153014240826123456789012ffffffffffff0000076d2323"
    lines = f"{keep_alive}\ndahua {keep_alive}\ndahua-bcd {keep_alive}\n"
    _, answers = decode(monkeypatch, capsys, lines)
    assert answers[0]["error"] == "command"
    assert [answer["time"] for answer in answers[1:]] == ["2026-08-24T14:30:15"] * 2
    assert "BCD" in answers[1]["notice"]
    assert "notice" not in answers[2]


def test_a_table_is_told_in_chinese_or_english(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chinese = said(monkeypatch, capsys, FIRE, "--table")[1]
    for words in ("感烟火灾探测器", "0x0002 火警", "10–2", "385b01000000 (88888)", "2012-09-26 09:58:02"):
        assert words in chinese
    english = said(monkeypatch, capsys, FIRE, "--table", "--language", "en")[1]
    for words in ("Smoke detector", "0x0002 Fire", "Source address", "Upload component state"):
        assert words in english
    wrong_sum = CONFIRM[:-6] + "ac2323"
    damage = said(monkeypatch, capsys, f"{wrong_sum}\n{UNREADABLE}", "--table", "--language", "en")[1]
    assert "The checksum should be ab, not ac." in damage
    assert "1 objects of 7 bytes should be 7 bytes; there are 1." in damage


@pytest.mark.parametrize("line", ["404", "40zz", "感烟", "dahua 4", "=" * 10])
def test_a_line_that_is_no_hex_still_has_its_answer(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, answers = decode(monkeypatch, capsys, f"{line}\n{CONFIRM}\n")
    assert status == 2
    assert [answer["ok"] for answer in answers] == [False, True]


@pytest.mark.parametrize(
    "words",
    [["--profile", "unknown"], ["--input", "binary"], ["missing.txt"], ["--stream", "--input", "hex", "missing.txt"]],
)
def test_an_unusable_call_is_one_sentence(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["frame", "decode", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
