"""现场检查记录和整改复查意见书: what they say, built from the answers alone.

The phone builds the same text without network, shows it, and has it signed; the browser's twin is
`frontend/src/phone/record.ts`. Both are held to `frontend/test/record-vectors.json`: whoever changes a sentence here
changes it there, or what was signed in a basement no longer counts. The paper speaks Chinese in every language.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from anguan.core.canonical import canonical_json
from anguan.inspections.rules.visits import Outcome

RECORD_FORMAT: Final = "anguan-record/1"
_CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Picture:
    """A photo as the record lists it."""

    taken_at: datetime
    sha256: str


@dataclass(frozen=True)
class Finding:
    """检查项结果 as the record needs it."""

    number: int
    outcome: Outcome
    note: str
    place: str
    violation_basis: str
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True)
class Recheck:
    """复查结果 of one hazard."""

    description: str
    is_rectified: bool
    note: str


def local_text(moment: datetime) -> str:
    """A moment as a paper writes it: China's time to the minute."""
    return moment.astimezone(_CHINA).strftime("%Y-%m-%dT%H:%M")


def where_seen(place: str, note: str) -> str:
    """What was seen, with the place in front where one is told."""
    return f"{place}：{note}" if place else note


def site_record(
    *,
    checklist: str,
    version: str,
    place: str,
    attendant: str,
    started_at: datetime,
    ended_at: datetime,
    findings: Iterable[Finding],
) -> dict[str, Any]:
    """现场检查记录: counts, what does not conform with the duty it breaks, and the hashes of the photos."""
    rows = sorted(findings, key=lambda row: row.number)
    counts = {outcome: sum(row.outcome == outcome for row in rows) for outcome in Outcome}
    lines = [
        f"按《{checklist}》（{version}）检查 {len(rows)} 项："
        f"符合 {counts[Outcome.CONFORMS]} 项，不符合 {counts[Outcome.FAILS]} 项，"
        f"不适用 {counts[Outcome.NOT_APPLICABLE]} 项。",
        *(
            f"{row.number}. {where_seen(row.place, row.note)}（{row.violation_basis}）"
            for row in rows
            if row.outcome == Outcome.FAILS
        ),
    ]
    if not counts[Outcome.FAILS]:
        lines.append("未发现问题。")
    return {
        "place": place,
        "attendant": attendant,
        "started_at": local_text(started_at),
        "ended_at": local_text(ended_at),
        "findings": lines,
        "photos": [
            {"taken_at": local_text(picture.taken_at), "sha256": picture.sha256}
            for row in rows
            # By what the pictures are themselves, not by the order in which they arrived.
            for picture in sorted(row.pictures, key=lambda picture: (picture.taken_at, picture.sha256))
        ],
    }


def recheck_opinion(*, checked_at: datetime, rows: Sequence[Recheck]) -> dict[str, Any]:
    """整改复查意见书: each hazard of the order, and what is left."""
    remaining = sum(not row.is_rectified for row in rows)
    return {
        "checked_at": local_text(checked_at),
        "items": [
            {
                "no": number,
                "text": row.description,
                "result": "rectified" if row.is_rectified else "not_rectified",
                "note": row.note,
            }
            for number, row in enumerate(rows, start=1)
        ],
        "opinion": f"{remaining} 项问题尚未整改到位，应继续整改。"
        if remaining
        else f"所列 {len(rows)} 项问题均已整改。",
    }


def record_digest(*, visit_uid: str, form: str, body: dict[str, Any]) -> str:
    """记录摘要: the SHA-256 of what everybody on the spot signs, the same in the phone and here."""
    content = {"format": RECORD_FORMAT, "visit": visit_uid, "form": form, "body": body}
    return sha256(canonical_json(content).encode()).hexdigest()
