"""Opened envelopes of an example bundle, for programs that verify them."""

from typing import Any

from anguan.inspections import draws


def good_envelopes(bundle: dict[str, Any]) -> dict[str, Any]:
    """The envelopes of the example: the first read and then opened, the second opened too early."""
    batch = bundle["spec"]["batch"]
    by = bundle["officers"][0]["id"]
    openings: dict[int, list[draws.Opening]] = {
        1: [
            {"kind": "read", "by": "approver", "at": "2026-03-02T01:00:00Z", "early": True},
            {"kind": "opened", "by": by, "at": "2026-03-03T01:00:00Z", "early": False},
        ],
        2: [{"kind": "opened", "by": by, "at": "2026-03-01T01:00:00Z", "early": True}],
    }
    rows: list[draws.OpenedEnvelope] = [
        {
            "number": number,
            "target": row["id"],
            "name": f"{number:064x}",
            "salt": f"{number:032x}",
            "openings": openings.get(number, []),
        }
        for number, row in enumerate((*bundle["result"]["targets"], *bundle["result"]["alternates"]), 1)
    ]
    sealed = [draws.envelope_commitment(batch, row["target"], row["name"], row["salt"]) for row in rows]
    return draws.envelopes_of(batch, sealed, bundle, rows)
