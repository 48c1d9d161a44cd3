"""抽查名录: the root that fixes the pool before the draw, and the proof that one enterprise was in it, or was not."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anguan.core import merkle
from anguan.inspections.draws.bundle import PoolRow
from anguan.inspections.draws.hashing import SHA256, US, Hash


def leaves(pool: Sequence[PoolRow], weights: Mapping[str, int]) -> list[bytes]:
    """Leaf data in pool order: salt, id, stratum and weight joined by US. KeyError for a class without weight."""
    texts = {name: str(weight) for name, weight in weights.items()}
    return [f"{row['salt']}{US}{row['id']}{US}{row['stratum']}{US}{texts[row['class']]}".encode() for row in pool]


def pool_root(pool: Sequence[PoolRow], weights: Mapping[str, int], function: Hash = SHA256) -> str:
    """RFC 6962 tree hash over the pool, which must already be in id order. ValueError when it is empty."""
    if not pool:
        raise ValueError("名录为空，不能抽查。")
    start = function.start
    return merkle.tree_hash(leaves(pool, weights), lambda data: start(data).digest()).hex()


def tree_levels(pool: Sequence[PoolRow], weights: Mapping[str, int], function: Hash = SHA256) -> list[bytes]:
    """The tree over the pool, level 0 the leaf hashes and the last the root, each the 32-byte hashes one after another.

    Kept, they answer `path_places` for any row without hashing the pool again. ValueError when it is empty.
    """
    if not pool:
        raise ValueError("名录为空，不能抽查。")
    level = [merkle.leaf_hash(data, function.digest) for data in leaves(pool, weights)]
    levels = [b"".join(level)]
    while len(level) > 1:
        # The left-over node of an odd level rises unpaired.
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [function.digest(merkle.NODE + left + right) for left, right in pairs] + odd
        levels.append(b"".join(level))
    return levels


def path_places(index: int, size: int) -> list[tuple[int, int]]:
    """Where in the levels the sibling hashes of a row stand, from the leaf upward, as (level, place)."""
    places = []
    level = 0
    while size > 1:
        sibling = index ^ 1
        if sibling < size:
            places.append((level, sibling))
        index //= 2
        size = (size + 1) // 2
        level += 1
    return places


@dataclass(frozen=True)
class Membership:
    """Proof that one enterprise is in the pool, without the rest of the list.

    `path` holds the sibling hashes from the leaf upward in hex (RFC 6962 section 2.1.1), `index` counts from 0 within
    `size` rows.
    """

    id: str
    stratum: str
    weight: int
    salt: str
    index: int
    size: int
    path: tuple[str, ...]


@dataclass(frozen=True)
class Absence:
    """Proof that no enterprise of the pool has this id: its two neighbours in the order of ids, None at an end."""

    id: str
    before: Membership | None
    after: Membership | None


def prove_membership(
    pool: Sequence[PoolRow], weights: Mapping[str, int], target: str, function: Hash = SHA256
) -> Membership:
    """The proof for the enterprise with this id. KeyError when the pool does not have it."""
    index = bisect_left(pool, target, key=_id_of)
    if index == len(pool) or pool[index]["id"] != target:
        raise KeyError(target)
    return _prove(pool, weights, index, function)


def prove_absence(pool: Sequence[PoolRow], weights: Mapping[str, int], target: str, function: Hash = SHA256) -> Absence:
    """The proof that no enterprise has this id. KeyError when one has, ValueError when the pool is empty.

    It shows the two neighbouring rows, so it is for those who may see them or for after the batch.
    """
    if not pool:
        raise ValueError("名录为空，不能抽查。")
    index = bisect_left(pool, target, key=_id_of)
    if index < len(pool) and pool[index]["id"] == target:
        raise KeyError(target)
    return Absence(
        target,
        _prove(pool, weights, index - 1, function) if index > 0 else None,
        _prove(pool, weights, index, function) if index < len(pool) else None,
    )


def _id_of(row: PoolRow) -> str:
    return row["id"]


def _prove(pool: Sequence[PoolRow], weights: Mapping[str, int], index: int, function: Hash) -> Membership:
    levels = tree_levels(pool, weights, function)
    path = [levels[level][32 * place : 32 * place + 32].hex() for level, place in path_places(index, len(pool))]
    row = pool[index]
    weight = weights[row["class"]]
    return Membership(row["id"], row["stratum"], weight, row["salt"], index, len(pool), tuple(path))


def verify_membership(proof: Membership, root: str, function: Hash = SHA256) -> bool:
    """Whether the proof leads to this pool root; False for any proof that is bent, cut or padded."""
    place, last = proof.index, proof.size - 1
    if not 0 <= place <= last:
        return False
    data = US.join((proof.salt, proof.id, proof.stratum, str(proof.weight))).encode()
    node = merkle.leaf_hash(data, function.digest)
    siblings = iter(proof.path)
    while last:
        if place % 2 or place < last:
            text = next(siblings, None)
            if text is None:
                return False
            try:
                sibling = bytes.fromhex(text)
            except ValueError:
                return False
            pair = sibling + node if place % 2 else node + sibling
            node = function.digest(merkle.NODE + pair)
        place //= 2
        last //= 2
    return next(siblings, None) is None and node.hex() == root


def verify_absence(proof: Absence, root: str, function: Hash = SHA256) -> bool:
    """Whether the proof shows that a pool with this root, sorted by id as the format asks, has no such id.

    The root does not fix the pool's size. It need not: which way the path turns at each node is what the root confirms,
    and two leaves whose paths turn as those of neighbours are neighbours in any tree.
    """
    before, after = proof.before, proof.after
    known = [neighbour for neighbour in (before, after) if neighbour is not None]
    if not known or len({neighbour.size for neighbour in known}) > 1:
        return False
    if not all(verify_membership(neighbour, root, function) for neighbour in known):
        return False
    if before is None or after is None:
        (only,) = known
        adjacent = only.index == (only.size - 1 if before else 0)
    else:
        adjacent = after.index == before.index + 1
    in_order = (before is None or before.id < proof.id) and (after is None or proof.id < after.id)
    return adjacent and in_order
