"""双随机: the draw itself, from seed and roster to targets, alternates and officers (section "Drawing" of the page)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from heapq import nsmallest

from anguan.inspections.draws.bundle import Alternate, Bundle, Officer, PoolRow, Result, Skip, Stratum, Target
from anguan.inspections.draws.hashing import FORMAT, US, Hash, named
from anguan.inspections.draws.words import SkipReason

# The ends of the tickets' texts, ready for every weight that occurs in practice.
TICKETS = [f"{US}{ticket}".encode() for ticket in range(1024)]


def seed_of(bundle: Bundle) -> str:
    """种子: fixed by spec, beacon and every party's secret together."""
    function = named(bundle["hash"])
    secrets = [entry["secret"] for entry in bundle["secrets"]]
    return function.fields(FORMAT, function.value(bundle["spec"]), bundle["beacon"]["value"], *secrets)


def ticket_count(pool: Sequence[PoolRow], weights: Mapping[str, int]) -> int:
    """How many hashes the choice of targets takes: one for each unit of weight."""
    rows = Counter(row["class"] for row in pool)
    return sum(weights[name] * count for name, count in rows.items())


def score(function: Hash, seed: str, stratum: str, target: str, weight: int) -> str:
    """The clear form of a target's score: the smallest of as many tickets as it has weight. `pick` is the fast one."""
    return min(function.fields(seed, "T", stratum, target, ticket) for ticket in range(weight))


def pick(function: Hash, seed: str, stratum: str, candidates: Iterable[tuple[str, int]], wanted: int) -> list[str]:
    """The ids with the `wanted` smallest scores in score order, ties to the smaller id; candidates are (id, weight).

    The same as sorting all candidates by `score`, without keeping a score for each: most tickets lie above a bar that
    enough candidates are known to stay under, so that a ticket costs one hash and one comparison.
    """
    if wanted < 1:
        return []
    # Digests compare as bytes just as their hex texts do. All tickets share the front of their text, hashed once.
    fresh = function.start(US.join((seed, "T", stratum, "")).encode()).copy
    small_weights: dict[int, list[bytes]] = {}
    best: dict[str, bytes] = {}
    room = 4 * wanted + 64
    bar = b"\xff" * 32
    for target, weight in candidates:
        tickets: Iterable[bytes]
        if weight <= len(TICKETS):
            tickets = small_weights.get(weight) or small_weights.setdefault(weight, TICKETS[:weight])
        else:
            tickets = (f"{US}{ticket}".encode() for ticket in range(weight))
        name = target.encode()
        for ticket in tickets:
            running = fresh()
            running.update(name + ticket)
            digest = running.digest()
            if digest <= bar and digest <= best.get(target, digest):
                best[target] = digest
        if len(best) >= room:
            best = dict(_lowest(best, wanted))
            bar = max(best.values())
    return [target for target, _ in _lowest(best, wanted)]


def _lowest(scores: Mapping[str, bytes], wanted: int) -> list[tuple[str, bytes]]:
    return nsmallest(wanted, scores.items(), key=lambda item: (item[1], item[0]))


def draw_targets(bundle: Bundle, seed: str) -> tuple[list[tuple[Stratum, str, int]], list[Alternate]]:
    """Winners as (stratum, id, rank) and alternates, each in the order of the strata."""
    function = named(bundle["hash"])
    weights = bundle["spec"]["weights"]
    members: dict[str, list[tuple[str, int]]] = {stratum["id"]: [] for stratum in bundle["spec"]["strata"]}
    for row in bundle["pool"]:
        members[row["stratum"]].append((row["id"], weights[row["class"]]))
    winners: list[tuple[Stratum, str, int]] = []
    alternates: list[Alternate] = []
    for stratum in bundle["spec"]["strata"]:
        name = stratum["id"]
        wanted = min(stratum["targets"] + stratum["alternates"], len(members[name]))
        for rank, target in enumerate(pick(function, seed, name, members[name], wanted), start=1):
            if rank <= stratum["targets"]:
                winners.append((stratum, target, rank))
            else:
                alternates.append({"id": target, "stratum": name, "rank": rank})
    return winners, alternates


def assign_officers(
    function: Hash,
    seed: str,
    winners: Sequence[tuple[Stratum, str, int]],
    officers: Sequence[Officer],
    conflicts: Iterable[tuple[str, str]],
    per_target: int,
) -> list[Target]:
    """随机选派执法人员: for each winner in order, who goes there and who was passed over and why.

    `conflicts` are (officer, target). Nobody gets more targets than their capacity; every team has a leader, or the
    target stays unstaffed.
    """
    barred = set(conflicts)
    load: Counter[str] = Counter()
    targets: list[Target] = []
    for stratum, target, rank in winners:
        taken: list[Officer] = []
        skipped: list[Skip] = []
        staffed = False
        front = US.join((seed, "O", target, ""))
        digests = (function.digest(f"{front}{officer['id']}".encode()) for officer in officers)
        # The officers come sorted by id, and sorting is stable: equal digests stay in the order of the ids.
        ranking = sorted(zip(digests, officers, strict=True), key=lambda pair: pair[0])
        for _, officer in ranking:
            reason = _reason_to_skip(officer, target, stratum["speciality"], barred, load)
            if reason is not None:
                skipped.append({"officer": officer["id"], "reason": reason.value})
                continue
            if len(taken) < per_target:
                taken.append(officer)
            elif officer["leader"]:
                taken[-1] = officer
            if len(taken) == per_target and any(member["leader"] for member in taken):
                staffed = True
                break
        names = [member["id"] for member in taken] if staffed else []
        load.update(names)
        targets.append(
            {
                "id": target,
                "stratum": stratum["id"],
                "rank": rank,
                "officers": names,
                "skipped": skipped,
                "unstaffed": not staffed,
            }
        )
    return targets


def _reason_to_skip(
    officer: Officer, target: str, speciality: str | None, barred: set[tuple[str, str]], load: Mapping[str, int]
) -> SkipReason | None:
    if (officer["id"], target) in barred:
        return SkipReason.CONFLICT
    if speciality is not None and speciality not in officer["specialities"]:
        return SkipReason.SPECIALITY
    if load[officer["id"]] >= officer["capacity"]:
        return SkipReason.CAPACITY
    return None


def draw(bundle: Bundle) -> Result:
    """The result of a bundle whose parts were checked before."""
    seed = seed_of(bundle)
    winners, alternates = draw_targets(bundle, seed)
    pairs = [(conflict["officer"], conflict["target"]) for conflict in bundle["conflicts"]]
    targets = assign_officers(
        named(bundle["hash"]), seed, winners, bundle["officers"], pairs, bundle["spec"]["officers_per_target"]
    )
    return {"seed": seed, "targets": targets, "alternates": alternates}
