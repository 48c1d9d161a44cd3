"""信封 of a sealed draw, format `anguan-draw-envelopes/1` (docs/draw-envelopes.md): what is promised, how it opens.

A commitment covers a pseudonym of the bundle and, inside a hash of its own, the firm's 统一社会信用代码. So everybody
can check that the envelopes hold what was drawn, while only the firm itself (and whoever it shows its salt) can check
that the pseudonym stood for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypedDict

from anguan.core.words import N_
from anguan.inspections.draws.bundle import TIME
from anguan.inspections.draws.companions import CompanionDiffers, CompanionStep, Shape, check_shape, compare
from anguan.inspections.draws.hashing import HASHES, named

ENVELOPES_FORMAT: Final = "anguan-draw-envelopes/1"
_TAG: Final = "anguan-draw-envelope/1"
_NAME_TAG: Final = "anguan-draw-envelope-name/1"
APPROVER: Final = "approver"


class Opening(TypedDict):
    """启封 or 查看: `by` is an officer's pseudonym, or `approver` for the head of the organ."""

    kind: Literal["opened", "read"]
    by: str
    at: str
    early: bool


class OpenedEnvelope(TypedDict):
    """What was inside, and who had opened it before everybody could."""

    number: int
    target: str
    name: str
    salt: str
    openings: list[Opening]


@dataclass(frozen=True)
class EnvelopesVerification:
    """核对结果: envelopes that hold what was drawn; `digest` is to be compared with what was published at the draw."""

    envelopes: int
    opened: int
    early: int
    read: int
    digest: str


def name_hash(batch: str, credit_code: str, salt: str, hash_name: str = "sha256") -> str:
    """The firm behind a pseudonym, for whoever knows the salt; nobody finds it by trying every firm's code."""
    return named(hash_name).fields(_NAME_TAG, batch, credit_code, salt)


def envelope_commitment(batch: str, target: str, name: str, salt: str, hash_name: str = "sha256") -> str:
    """封: what is published of a target on the day of the draw; `name` is its `name_hash`."""
    return named(hash_name).fields(_TAG, batch, target, name, salt)


def envelopes_digest(commitments: Sequence[str], hash_name: str = "sha256") -> str:
    """信封摘要: the digest of all commitments in their order, in the audit record of the draw and on its page."""
    return named(hash_name).value(list(commitments))


def envelopes_of(
    batch: str, commitments: Sequence[str], bundle: Mapping[str, Any] | None, opened: Iterable[OpenedEnvelope]
) -> dict[str, Any]:
    """The envelopes file: commitments alone while there is no published bundle, and what was in them afterwards."""
    whole = None
    if bundle is not None:
        whole = {"bundle_digest": named(bundle["hash"]).value(bundle), "envelopes": list(opened)}
    return {
        "format": ENVELOPES_FORMAT,
        "hash": bundle["hash"] if bundle is not None else "sha256",
        "batch": batch,
        "commitments": list(commitments),
        "opened": whole,
    }


_OPENING: Final = {"kind": {"opened", "read"}, "by": str, "at": TIME, "early": bool}
_ENVELOPE: Final = {"number": int, "target": str, "name": str, "salt": str, "openings": [_OPENING]}
_WHOLE: Final = {
    "format": {ENVELOPES_FORMAT}, "hash": set(HASHES), "batch": str, "commitments": [str],
    "opened": {"bundle_digest": str, "envelopes": [_ENVELOPE]},
}  # fmt: skip


def verify_envelopes(raw: Any, bundle: Mapping[str, Any]) -> EnvelopesVerification:
    """Verify opened envelopes against their bundle, which must have been verified; raises `CompanionDiffers`."""
    if type(raw) is dict and raw.get("opened", ...) is None:
        _differs("opened", N_("抽查包公开之后的信封；这一份只有承诺"), None)
    check_shape(raw, _WHOLE, "")
    digest = named(bundle["hash"]).value(bundle)
    for path, expected, found in (
        ("hash", bundle["hash"], raw["hash"]),
        ("batch", bundle["spec"]["batch"], raw["batch"]),
        ("opened.bundle_digest", digest, raw["opened"]["bundle_digest"]),
    ):
        if expected != found:
            raise CompanionDiffers(CompanionStep.BUNDLE, path, expected, found)
    envelopes = raw["opened"]["envelopes"]
    # One envelope for each target and then each alternate, in the order of the draw: none beside, none left out.
    drawn = [row["id"] for row in (*bundle["result"]["targets"], *bundle["result"]["alternates"])]
    inside = [(envelope["number"], envelope["target"]) for envelope in envelopes]
    compare(
        CompanionStep.ENVELOPES,
        "opened.envelopes",
        [{"number": number, "target": target} for number, target in enumerate(drawn, 1)],
        [{"number": number, "target": target} for number, target in inside],
    )
    sealed = [
        envelope_commitment(raw["batch"], envelope["target"], envelope["name"], envelope["salt"], raw["hash"])
        for envelope in envelopes
    ]
    compare(CompanionStep.ENVELOPES, "commitments", sealed, raw["commitments"])
    known = {officer["id"] for officer in bundle["officers"]}
    for place, envelope in enumerate(envelopes):
        _check_openings(envelope["openings"], known, f"opened.envelopes[{place}].openings")
    openings = [opening for envelope in envelopes for opening in envelope["openings"]]
    return EnvelopesVerification(
        envelopes=len(envelopes),
        opened=sum(opening["kind"] == "opened" for opening in openings),
        early=sum(opening["kind"] == "opened" and opening["early"] for opening in openings),
        read=sum(opening["kind"] == "read" for opening in openings),
        digest=envelopes_digest(sealed, raw["hash"]),
    )


def _check_openings(openings: Sequence[Opening], officers: set[str], path: str) -> None:
    """Openings in the order of time, by an officer of the roster once at most; a reading is the approver's, before."""
    before = ""
    is_open = False
    for place, opening in enumerate(openings):
        if opening["at"] < before:
            _differs(f"{path}[{place}].at", N_("不早于前一次"), opening["at"])
        before = opening["at"]
        is_reading = opening["kind"] == "read"
        if is_open:
            _differs(f"{path}[{place}]", N_("不出现"), opening)
        if (opening["by"] == APPROVER) != is_reading or (not is_reading and opening["by"] not in officers):
            _differs(f"{path}[{place}].by", APPROVER if is_reading else N_("派员名册里的代号"), opening["by"])
        is_open = not is_reading


def _differs(path: str, wanted: str, found: Any) -> None:
    raise CompanionDiffers(CompanionStep.ENVELOPES, path, Shape(wanted), found)
