"""Running and verifying a bundle: the checks in the order of the page, stopping at the first that fails."""

from dataclasses import dataclass
from typing import Any, cast

from anguan.core.words import N_
from anguan.inspections.draws.beacons import check_beacon
from anguan.inspections.draws.bundle import Bundle, check_format
from anguan.inspections.draws.drawing import draw, ticket_count
from anguan.inspections.draws.hashing import commitment_of, named
from anguan.inspections.draws.pools import pool_root
from anguan.inspections.draws.words import MISSING, BeaconKind, Differs, Step, Want


class TooManyTickets(Exception):
    """The weights ask for more hashes than the caller is ready to work out. Says nothing about the bundle's truth."""

    words = N_("这一批共有 %(tickets)d 张签要计算，超过设定的上限 %(most)d 张；可以提高上限后再算。")

    def __init__(self, tickets: int, most: int) -> None:
        self.tickets = tickets
        self.most = most
        super().__init__(tickets, most)

    def __str__(self) -> str:
        return self.words % {"tickets": self.tickets, "most": self.most}


@dataclass(frozen=True)
class Verification:
    """核对结果: a bundle that holds. `proves` and `cannot_prove` are (sentence, values) pairs: `sentence % values`."""

    targets: int
    alternates: int
    unstaffed: int
    beacon_kind: BeaconKind
    proves: tuple[tuple[str, dict[str, str]], ...]
    cannot_prove: tuple[tuple[str, dict[str, str]], ...]

    @property
    def headline(self) -> str:
        """The line that other programs look for; it stays as it is in every language."""
        return f"verified: {self.targets} targets, {self.alternates} alternates"


RERUN = N_("按承诺的规范、名录、人员和回避关系重新计算，得到的名单与文件完全一致。")
DRAND_PROVES = N_("随机值是 drand quicknet 第 %(round)s 轮的真实输出（签名已核验），在 %(not_before)s 之前无人知晓。")
PUBLIC_CANNOT = N_("随机值“%(value)s”就是“%(round)s”公布的数值，请与来源核对：%(source)s。")
PARTIES_CANNOT = N_(
    "各方没有串通、没有人看到他人的秘密后才拒绝公开；本批的随机性只来自各方的秘密，有一方诚实保密就无人能操纵。"
)
PUBLISHED_CANNOT = N_("规范和承诺确实在 %(committed_at)s 已经公布，请与当时公布的承诺逐字核对。")
NO_SOURCE = N_("（文件没有写明来源）")


def complete(raw: Any, *, most_tickets: int | None = None) -> Bundle:
    """Run the draw of a bundle without `result`, after the same checks as verifying; returns the whole bundle.

    Raises `Differs` when a check fails, `TooManyTickets` when the weights ask for more hashes than `most_tickets`.
    """
    bundle = check_format(raw, with_result=False)
    _check_before_drawing(bundle)
    _check_tickets(bundle, most_tickets)
    whole = cast(Bundle, {**bundle})
    whole["result"] = draw(bundle)
    return whole


def verify(raw: Any, *, most_tickets: int | None = None) -> Verification:
    """Verify a published bundle.

    Raises `Differs` with the first thing that is not so, `TooManyTickets` when the weights ask for more hashes than
    `most_tickets`.
    """
    bundle = check_format(raw)
    _check_before_drawing(bundle)
    _check_tickets(bundle, most_tickets)
    _check_result(bundle)
    result = bundle["result"]
    proves, cannot_prove = _meaning(bundle)
    return Verification(
        targets=len(result["targets"]),
        alternates=len(result["alternates"]),
        unstaffed=sum(target["unstaffed"] for target in result["targets"]),
        beacon_kind=next(kind for kind in BeaconKind if kind == bundle["spec"]["beacon"]["kind"]),
        proves=proves,
        cannot_prove=cannot_prove,
    )


def _check_before_drawing(bundle: Bundle) -> None:
    function = named(bundle["hash"])
    spec = bundle["spec"]
    for place, (entry, secret) in enumerate(zip(bundle["commitments"], bundle["secrets"], strict=True)):
        expected = commitment_of(entry["party"], secret["secret"], function)
        if entry["commitment"] != expected:
            raise Differs(Step.COMMITMENTS, f"commitments[{place}].commitment", expected, entry["commitment"])
    root = pool_root(bundle["pool"], spec["weights"], function)
    if spec["pool_root"] != root:
        raise Differs(Step.POOL_ROOT, "spec.pool_root", root, spec["pool_root"])
    officers = function.value(bundle["officers"])
    if spec["officers_digest"] != officers:
        raise Differs(Step.DIGESTS, "spec.officers_digest", officers, spec["officers_digest"])
    conflicts = function.value(bundle["conflicts"])
    if spec["conflicts_digest"] != conflicts:
        raise Differs(Step.DIGESTS, "spec.conflicts_digest", conflicts, spec["conflicts_digest"])
    # Both have the same form with fixed widths and the same zone, so the texts compare as the moments do.
    if not spec["committed_at"] < spec["beacon"]["not_before"]:
        raise Differs(Step.COMMITTED_AT, "spec.committed_at", Want.BEFORE_BEACON, spec["committed_at"])
    check_beacon(bundle)


def _check_tickets(bundle: Bundle, most: int | None) -> None:
    tickets = ticket_count(bundle["pool"], bundle["spec"]["weights"])
    if most is not None and tickets > most:
        raise TooManyTickets(tickets, most)


def _check_result(bundle: Bundle) -> None:
    expected = cast(dict[str, Any], draw(bundle))
    found = cast(dict[str, Any], bundle["result"])
    if found["seed"] != expected["seed"]:
        raise Differs(Step.SEED, "result.seed", expected["seed"], found["seed"])
    for step in (Step.TARGETS, Step.ALTERNATES):
        pairs = zip(expected[step.value], found[step.value], strict=False)
        for place, (should, entry) in enumerate(pairs):
            for field, value in should.items():
                if entry[field] != value:
                    raise Differs(step, f"result.{step.value}[{place}].{field}", value, entry[field])
    for name in ("targets", "alternates"):
        should, entries = expected[name], found[name]
        if len(entries) < len(should):
            raise Differs(Step.RESULT, f"result.{name}[{len(entries)}]", should[len(entries)], MISSING)
        if len(entries) > len(should):
            raise Differs(Step.RESULT, f"result.{name}[{len(should)}]", Want.ABSENT, entries[len(should)])
    _check_nothing_more(found, expected, "result")


def _check_nothing_more(found: Any, expected: Any, path: str) -> None:
    """Refuse fields that the page does not know; values were compared before."""
    if isinstance(expected, dict):
        for key, value in found.items():
            if key not in expected:
                raise Differs(Step.RESULT, f"{path}.{key}", Want.ABSENT, value)
            _check_nothing_more(value, expected[key], f"{path}.{key}")
    elif isinstance(expected, list):
        for place, (value, should) in enumerate(zip(found, expected, strict=True)):
            _check_nothing_more(value, should, f"{path}[{place}]")


def _meaning(bundle: Bundle) -> tuple[tuple[tuple[str, dict[str, str]], ...], tuple[tuple[str, dict[str, str]], ...]]:
    """What this bundle, having been verified, proves and cannot prove."""
    spec, plan, beacon = bundle["spec"], bundle["spec"]["beacon"], bundle["beacon"]
    proves: list[tuple[str, dict[str, str]]] = [(RERUN, {})]
    cannot: list[tuple[str, dict[str, str]]] = []
    if plan["kind"] == BeaconKind.DRAND_QUICKNET:
        proves.append((DRAND_PROVES, {"round": str(plan["round"]), "not_before": plan["not_before"]}))
    elif plan["kind"] == BeaconKind.PUBLIC_VALUE:
        source = beacon.get("source") or NO_SOURCE
        cannot.append((PUBLIC_CANNOT, {"value": beacon["value"], "round": str(plan["round"]), "source": source}))
    else:
        cannot.append((PARTIES_CANNOT, {}))
    cannot.append((PUBLISHED_CANNOT, {"committed_at": spec["committed_at"]}))
    return tuple(proves), tuple(cannot)
