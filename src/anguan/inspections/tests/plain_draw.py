"""The draw once more, written from docs/draw-bundle.md alone and imported by nothing but tests.

It shares no line with `anguan.inspections.draws`, is slow and checks nothing: it is the second opinion.
"""

import hashlib
import json
from typing import Any


def h(kind: str, *fields: Any) -> str:
    return hashlib.new(kind, "\x1f".join(str(field) for field in fields).encode()).hexdigest()


def digest(kind: str, value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.new(kind, text.encode()).hexdigest()


def tree(kind: str, leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word by word."""
    if len(leaves) == 1:
        return hashlib.new(kind, b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.new(kind, b"\x01" + tree(kind, leaves[:split]) + tree(kind, leaves[split:])).digest()


def root(bundle: dict[str, Any]) -> str:
    weights = bundle["spec"]["weights"]
    rows = [(row["salt"], row["id"], row["stratum"], str(weights[row["class"]])) for row in bundle["pool"]]
    return tree(bundle["hash"], ["\x1f".join(row).encode() for row in rows]).hex()


def seal(bundle: dict[str, Any]) -> dict[str, Any]:
    """Make commitments, root and digests fit the bundle's contents, in place, as an honest organ would."""
    kind, spec = bundle["hash"], bundle["spec"]
    bundle["commitments"] = [
        {"party": entry["party"], "commitment": h(kind, "anguan-draw-secret/1", entry["party"], entry["secret"])}
        for entry in bundle["secrets"]
    ]
    spec["pool_root"] = root(bundle)
    spec["officers_digest"] = digest(kind, bundle["officers"])
    spec["conflicts_digest"] = digest(kind, bundle["conflicts"])
    return bundle


def result(bundle: dict[str, Any]) -> dict[str, Any]:
    kind, spec = bundle["hash"], bundle["spec"]
    secrets = [entry["secret"] for entry in bundle["secrets"]]
    seed = h(kind, "anguan-draw/1", digest(kind, spec), bundle["beacon"]["value"], *secrets)
    conflicts = {(entry["officer"], entry["target"]) for entry in bundle["conflicts"]}
    assigned = {officer["id"]: 0 for officer in bundle["officers"]}
    targets: list[dict[str, Any]] = []
    alternates: list[dict[str, Any]] = []
    for stratum in spec["strata"]:
        scores = []
        for row in bundle["pool"]:
            if row["stratum"] == stratum["id"]:
                weight = spec["weights"][row["class"]]
                scores.append((min(h(kind, seed, "T", stratum["id"], row["id"], t) for t in range(weight)), row["id"]))
        order = [name for _, name in sorted(scores)]
        winners = order[: stratum["targets"]]
        for rank, name in enumerate(winners, 1):
            targets.append({"id": name, "stratum": stratum["id"], "rank": rank})
        for rank, name in enumerate(order[len(winners) :][: stratum["alternates"]], len(winners) + 1):
            alternates.append({"id": name, "stratum": stratum["id"], "rank": rank})
    needs = {stratum["id"]: stratum["speciality"] for stratum in spec["strata"]}
    n = spec["officers_per_target"]
    for target in targets:
        need = needs[target["stratum"]]
        walk = sorted(bundle["officers"], key=lambda officer: h(kind, seed, "O", target["id"], officer["id"]))
        reasons: list[str | None] = []
        for officer in walk:
            if (officer["id"], target["id"]) in conflicts:
                reasons.append("conflict")
            elif need is not None and need not in officer["specialities"]:
                reasons.append("speciality")
            elif assigned[officer["id"]] >= officer["capacity"]:
                reasons.append("capacity")
            else:
                reasons.append(None)
        eligible = [place for place, reason in enumerate(reasons) if reason is None]
        team = eligible[:n]
        leaders = [place for place in eligible if walk[place]["leader"]]
        if len(team) == n and leaders and not any(walk[place]["leader"] for place in team):
            team = [*team[:-1], leaders[0]]
        staffed = len(team) == n and bool(leaders)
        end = max(team) if staffed else len(walk)
        for place in team if staffed else []:
            assigned[walk[place]["id"]] += 1
        target["officers"] = [walk[place]["id"] for place in team] if staffed else []
        target["skipped"] = [
            {"officer": walk[place]["id"], "reason": reason} for place, reason in enumerate(reasons[:end]) if reason
        ]
        target["unstaffed"] = not staffed
    return {"seed": seed, "targets": targets, "alternates": alternates}
