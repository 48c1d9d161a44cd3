"""双随机: the draw as docs/draw-bundle.md has it, with published examples, tampered copies and a second opinion."""

import copy
import hashlib
import itertools
import json
import math
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anguan.core import sm3
from anguan.inspections import draws
from anguan.inspections.draws import drawing
from anguan.inspections.draws.hashing import SHA256, SM3
from anguan.inspections.tests import plain_draw
from anguan.inspections.tests.draw_tampers import (
    DATA,
    TAMPERS,
    TEXT_TAMPERS,
    Tamper,
    drand_example,
    example,
    redrawn,
    text_tamper,
)

EXAMPLES = ["draw-example.json", "draw-example-drand.json"]


# The published examples were made by an independent program.


@pytest.mark.parametrize(("name", "targets", "alternates"), [(EXAMPLES[0], 6, 5), (EXAMPLES[1], 8, 5)])
def test_a_published_example_verifies(name: str, targets: int, alternates: int) -> None:
    verification = draws.verify(draws.parse((DATA / name).read_bytes()))
    assert verification.headline == f"verified: {targets} targets, {alternates} alternates"
    assert verification.unstaffed == 0


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("null", [False, True])
def test_running_a_bundle_without_result_gives_the_published_result(name: str, null: bool) -> None:
    bundle = draws.parse((DATA / name).read_bytes())
    published = bundle.pop("result")
    if null:
        bundle["result"] = None
    untouched = copy.deepcopy(bundle)
    assert draws.complete(bundle)["result"] == published
    assert bundle == untouched


def test_a_bundle_that_was_drawn_is_never_drawn_again() -> None:
    with pytest.raises(draws.Differs) as caught:
        draws.complete(example())
    assert (caught.value.step, caught.value.path) == ("format", "result")


def test_a_run_makes_the_same_checks_first() -> None:
    bundle = example()
    del bundle["result"], bundle["pool"][5]
    with pytest.raises(draws.Differs) as caught:
        draws.complete(bundle)
    assert caught.value.step == "pool_root"


def test_what_each_beacon_can_and_cannot_prove() -> None:
    def words(pairs: tuple[tuple[str, dict[str, str]], ...]) -> str:
        return " ".join(sentence % values for sentence, values in pairs)

    lottery = draws.verify(example())
    assert "030711182433+05" in words(lottery.cannot_prove)
    assert "示例彩票公告" in words(lottery.cannot_prove)
    drand = draws.verify(drand_example())
    assert "1000" in words(drand.proves)
    alone = example()
    alone["spec"]["beacon"].update(kind="parties-only", round=None)
    alone["beacon"] = {"value": ""}
    parties = draws.verify(redrawn(alone))
    assert "各方的秘密" in words(parties.cannot_prove)


# Tampered copies.


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.name)
def test_a_tampered_bundle_is_found_at_its_step(tamper: Tamper) -> None:
    with pytest.raises(draws.Differs) as caught:
        draws.verify(tamper.bundle())
    assert (caught.value.step.value, caught.value.path) == (tamper.step, tamper.path)
    assert tamper.path in str(caught.value)
    assert caught.value.step.label in str(caught.value)


@pytest.mark.parametrize(
    ("before", "after", "path"), [row[1:] for row in TEXT_TAMPERS], ids=[r[0] for r in TEXT_TAMPERS]
)
def test_a_spelling_with_two_readings_is_refused(before: str, after: str, path: str) -> None:
    with pytest.raises(draws.Differs) as caught:
        draws.parse(text_tamper(before, after))
    assert (caught.value.step, caught.value.path) == ("format", path)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff\xfe{}", b"[" * 100_000, b"1" * 5000],
    ids=["空", "不全", "不是 UTF-8", "嵌套过深", "数字过长"],
)
def test_what_is_no_json_is_unreadable(data: bytes) -> None:
    with pytest.raises(draws.Unreadable, match="。"):
        draws.parse(data)


@pytest.mark.parametrize("raw", [None, [], "x", 1, {}, {"format": []}])
def test_json_that_is_no_bundle_breaks_the_format(raw: Any) -> None:
    with pytest.raises(draws.Differs) as caught:
        draws.verify(raw)
    assert caught.value.step == "format"


def test_any_value_at_any_place_ends_in_a_named_difference_or_a_verification() -> None:
    """Whatever stands where something else should, the verifier answers and never falls over."""

    def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        return [path, *itertools.chain.from_iterable(places(item, (*path, key)) for key, item in inner)]

    odd: list[Any] = [None, True, -1, 0, 2**70, "", "\ud800", "é", [], {}, [[]], {"a": None}]
    small = example()
    # One row of each list is enough: the others are checked alike.
    del small["pool"][4:], small["officers"][3:], small["conflicts"][1:], small["secrets"][2:]
    redrawn(small)
    draws.verify(small)
    # The source of a public value is the one text that nothing else hangs on.
    for path in [path for path in places(small)[1:] if path != ("beacon", "source")]:
        for value in odd:
            bundle: Any = copy.deepcopy(small)
            inner = bundle
            for key in path[:-1]:
                inner = inner[key]
            if type(inner[path[-1]]) is type(value) and inner[path[-1]] == value:
                continue
            inner[path[-1]] = value
            with pytest.raises(draws.Differs) as caught:
                draws.verify(bundle)
            assert str(caught.value).isprintable()


def test_huge_weights_are_answered_with_the_number_of_tickets() -> None:
    bundle = example()
    bundle["spec"]["weights"]["D"] = 10**12
    plain_draw.seal(bundle)
    with pytest.raises(draws.TooManyTickets, match="1000000"):
        draws.verify(bundle, most_tickets=10**6)


# Commitments, tree, beacon.


def test_rfc_6962_roots_and_proofs() -> None:
    """The eight leaves and the roots that the certificate transparency projects test with."""
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    roots = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    from anguan.core.merkle import tree_hash

    for size, root in roots.items():
        data = [bytes.fromhex(leaf) for leaf in leaves[:size]]
        assert tree_hash(data).hex() == root
        assert plain_draw.tree("sha256", data).hex() == root


@pytest.mark.parametrize("function", [SHA256, SM3], ids=lambda function: function.name)
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 24])
def test_each_enterprise_of_a_pool_can_be_proven_in_it(size: int, function: draws.Hash) -> None:
    pool = example()["pool"][:size]
    weights = example()["spec"]["weights"]
    root = draws.pool_root(pool, weights, function)
    for row in pool:
        proof = draws.prove_membership(pool, weights, row["id"], function)
        assert draws.verify_membership(proof, root, function)
        bent = [
            proof.__class__(**{**vars(proof), "id": "E9999"}),
            proof.__class__(**{**vars(proof), "weight": proof.weight + 1}),
            proof.__class__(**{**vars(proof), "index": proof.size}),
            proof.__class__(**{**vars(proof), "path": (*proof.path, "00" * 32)}),
            proof.__class__(**{**vars(proof), "path": ("zz",) * len(proof.path)}) if proof.path else None,
            proof.__class__(**{**vars(proof), "path": proof.path[:-1]}) if proof.path else None,
        ]
        assert not any(draws.verify_membership(other, root, function) for other in bent if other)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13])
def test_each_enterprise_outside_a_pool_can_be_proven_outside_it(size: int) -> None:
    pool = [row for number, row in enumerate(example()["pool"]) if number % 2][:size]
    weights = example()["spec"]["weights"]
    root = draws.pool_root(pool, weights)
    inside = [row["id"] for row in pool]
    for target in [f"E{number:04d}" for number in range(26)]:
        if target in inside:
            with pytest.raises(KeyError):
                draws.prove_absence(pool, weights, target)
            continue
        proof = draws.prove_absence(pool, weights, target)
        assert draws.verify_absence(proof, root)
        assert not draws.verify_absence(proof, "00" * 32)
        # With one neighbour withheld, or two that leave somebody out between them, it proves nothing.
        others = [draws.prove_membership(pool, weights, name) for name in inside]
        for before, after in itertools.product([None, *others], repeat=2):
            honest = before == proof.before and after == proof.after
            assert draws.verify_absence(draws.Absence(target, before, after), root) == honest
        for name in inside:
            assert not draws.verify_absence(draws.Absence(name, proof.before, proof.after), root)


def test_an_enterprise_outside_the_pool_has_no_proof_and_an_empty_pool_no_root() -> None:
    bundle = example()
    with pytest.raises(KeyError):
        draws.prove_membership(bundle["pool"], bundle["spec"]["weights"], "E9999")
    with pytest.raises(ValueError, match="名录为空"):
        draws.pool_root([], {})


def test_the_rounds_of_quicknet() -> None:
    midnight = datetime(2026, 4, 20, tzinfo=UTC)
    assert draws.round_at(midnight) == 27946612
    assert draws.time_of_round(27946612) == midnight
    assert draws.round_at(midnight.replace(second=1)) == 27946613
    assert draws.time_of_round(1).timestamp() == 1692803367


SM3_VECTORS = {
    b"abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    b"abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
}


@pytest.mark.parametrize("message", SM3_VECTORS)
def test_sm3_gives_the_vectors_of_the_standard(message: bytes) -> None:
    assert sm3.Sm3(message).hexdigest() == SM3_VECTORS[message]
    assert SM3.digest(message).hex() == SM3_VECTORS[message]


@given(st.lists(st.binary(max_size=150), max_size=4))
@settings(max_examples=40, deadline=None)
def test_sm3_in_pieces_is_sm3_of_the_whole(pieces: list[bytes]) -> None:
    running = sm3.Sm3()
    for piece in pieces:
        twin = running.copy()
        twin.update(b"something else")
        running.update(piece)
    assert running.digest() == hashlib.new("sm3", b"".join(pieces)).digest()


# The choice of targets.


@given(
    st.dictionaries(st.text("ab楼é", min_size=1, max_size=3), st.integers(1, 9), max_size=12),
    st.integers(0, 14),
    st.integers(),
)
@settings(max_examples=60, deadline=None)
def test_the_fast_choice_is_the_clear_one(weights: dict[str, int], wanted: int, salt: int) -> None:
    seed = hashlib.sha256(str(salt).encode()).hexdigest()
    clear = sorted(weights, key=lambda name: (drawing.score(SHA256, seed, "层", name, weights[name]), name))[:wanted]
    assert draws.pick(SHA256, seed, "层", list(weights.items()), wanted) == clear


def test_the_fast_choice_is_the_clear_one_when_the_bar_falls_often() -> None:
    weights = {f"E{number:04d}": 1 + number % 8 for number in range(3000)}
    seed = "5" * 64
    clear = sorted(weights, key=lambda name: drawing.score(SHA256, seed, "g", name, weights[name]))[:3]
    assert draws.pick(SHA256, seed, "g", list(weights.items()), 3) == clear


def test_a_weight_beyond_the_prepared_tickets_is_counted_to_its_end() -> None:
    weights = {"A": len(drawing.TICKETS) + 500, "B": len(drawing.TICKETS), "C": 1}
    for number in range(20):
        seed = hashlib.sha256(bytes([number])).hexdigest()
        clear = sorted(weights, key=lambda name: drawing.score(SHA256, seed, "g", name, weights[name]))
        assert draws.pick(SHA256, seed, "g", list(weights.items()), 3) == clear


def test_targets_come_out_as_in_sampling_one_by_one_in_proportion_to_weight() -> None:
    """4 enterprises of weight 1, 2, 4, 8, two drawn: all 12 ordered outcomes against their exact chances.

    The seeds are fixed, so the figure is too; 31.26 is the 99.9 % point of chi-square with 11 degrees of freedom.
    """
    weights = {"A": 1, "B": 2, "C": 4, "D": 8}
    total = sum(weights.values())
    rounds = 6000
    seen: Counter[tuple[str, ...]] = Counter()
    for number in range(rounds):
        seed = hashlib.sha256(f"chi {number}".encode()).hexdigest()
        seen[tuple(draws.pick(SHA256, seed, "g", list(weights.items()), 2))] += 1
    chi_square = 0.0
    for first, second in itertools.permutations(weights, 2):
        chance = weights[first] / total * weights[second] / (total - weights[first])
        chi_square += (seen[first, second] - rounds * chance) ** 2 / (rounds * chance)
    assert math.isclose(sum(seen.values()), rounds)
    assert chi_square < 31.26


# The officers.


def officer(name: str, *, leader: bool = False, capacity: int = 9, specialities: tuple[str, ...] = ()) -> draws.Officer:
    return {"id": name, "leader": leader, "capacity": capacity, "specialities": list(specialities)}


def ranked(target: str, names: list[str]) -> list[str]:
    """The officers in the order in which this target's walk meets them."""
    return sorted(names, key=lambda name: plain_draw.h("sha256", "seed", "O", target, name))


def assign(
    officers: list[draws.Officer],
    *,
    targets: tuple[str, ...] = ("E1",),
    conflicts: tuple[tuple[str, str], ...] = (),
    speciality: str | None = None,
    per_target: int = 2,
) -> list[draws.Target]:
    stratum: draws.Stratum = {"id": "g", "targets": 1, "alternates": 0, "speciality": speciality}
    winners = [(stratum, target, rank) for rank, target in enumerate(targets, 1)]
    ordered = sorted(officers, key=lambda member: member["id"])
    return draws.assign_officers(SHA256, "seed", winners, ordered, conflicts, per_target)


NAMES = ["P1", "P2", "P3", "P4", "P5"]


def test_the_first_two_of_the_ranking_go() -> None:
    walk = ranked("E1", NAMES)
    (target,) = assign([officer(name, leader=True) for name in NAMES])
    assert (target["officers"], target["skipped"], target["unstaffed"]) == (walk[:2], [], False)


def test_an_officer_with_a_conflict_is_passed_over_for_that_target_only() -> None:
    walk = ranked("E1", NAMES)
    first, second = assign(
        [officer(name, leader=True) for name in NAMES],
        targets=("E1", "E2"),
        conflicts=((walk[0], "E1"),),
    )
    assert first["officers"] == walk[1:3]
    assert first["skipped"] == [{"officer": walk[0], "reason": "conflict"}]
    assert second["officers"] == ranked("E2", NAMES)[:2]


def test_a_skip_names_the_first_reason_that_applies() -> None:
    walk = ranked("E1", NAMES)
    members = [officer(name, leader=True, specialities=("fire",)) for name in walk[1:]] + [officer(walk[0])]
    (target,) = assign(members, speciality="fire", conflicts=((walk[0], "E1"),))
    assert target["skipped"] == [{"officer": walk[0], "reason": "conflict"}]
    (target,) = assign(members, speciality="fire")
    assert target["skipped"] == [{"officer": walk[0], "reason": "speciality"}]


def test_nobody_is_sent_more_often_than_their_capacity() -> None:
    members = [officer(name, leader=True, capacity=1) for name in NAMES]
    first, second, third = assign(members, targets=("E1", "E2", "E3"))
    assert not set(first["officers"]) & set(second["officers"])
    assert all(skip["reason"] == "capacity" for skip in second["skipped"])
    # Five officers with one task each staff two targets; the third has one free officer left and stays unstaffed.
    assert (third["officers"], third["unstaffed"], len(third["skipped"])) == ([], True, 4)


def test_the_first_leader_replaces_the_last_one_taken_who_is_free_again() -> None:
    walk = ranked("E1", NAMES)
    leader = walk[3]
    members = [officer(name, leader=name == leader, capacity=1) for name in NAMES]
    (target,) = assign(members)
    assert target["officers"] == [walk[0], leader]
    assert target["skipped"] == []  # an eligible officer without rank who is passed over is no skip
    more = [*members, officer("P0", leader=True, capacity=1)]
    second = assign(more, targets=("E1", "E2"))[1]
    assert not any(skip["officer"] == walk[1] and skip["reason"] == "capacity" for skip in second["skipped"])


def test_skips_met_while_looking_for_a_leader_are_recorded() -> None:
    walk = ranked("E1", NAMES)
    members = [officer(name, leader=name in walk[3:]) for name in NAMES]
    (target,) = assign(members, conflicts=((walk[2], "E1"), (walk[4], "E1")))
    assert target["officers"] == [walk[0], walk[3]]
    assert target["skipped"] == [{"officer": walk[2], "reason": "conflict"}]


@pytest.mark.parametrize("members", [[], [officer("P1", leader=True)], [officer(name) for name in NAMES]])
def test_too_few_officers_or_no_leader_leave_the_target_unstaffed(members: list[draws.Officer]) -> None:
    (target,) = assign(members)
    assert (target["officers"], target["skipped"], target["unstaffed"]) == ([], [], True)


# The second opinion.

NAME = st.text(st.characters(codec="utf-8", categories=("L", "N", "S")), min_size=1, max_size=4).map(
    lambda text: __import__("unicodedata").normalize("NFC", text)
)


@st.composite
def bundles(choose: st.DrawFn) -> dict[str, Any]:
    """Honest bundles of every kind but drand, with odd names, full rosters and empty ones."""
    strata = choose(st.lists(NAME, min_size=1, max_size=3, unique=True))
    weights = choose(st.dictionaries(NAME, st.integers(1, 6), min_size=1, max_size=3))
    pool_ids = sorted(choose(st.lists(NAME, min_size=1, max_size=14, unique=True)))
    officer_ids = sorted(choose(st.lists(NAME, max_size=8, unique=True)))
    skills = st.lists(st.sampled_from(["fire", "危化"]), unique=True)
    pairs = st.tuples(st.sampled_from(officer_ids or ["-"]), st.sampled_from(pool_ids))
    hexes = st.binary(min_size=8, max_size=12).map(bytes.hex)
    kind = choose(st.sampled_from(["public-value", "parties-only"]))
    parties = choose(st.lists(NAME, min_size=2, max_size=4, unique=True))
    public = kind == "public-value"
    bundle: dict[str, Any] = {
        "format": "anguan-draw/1",
        "hash": choose(st.sampled_from(["sha256", "sm3"])),
        "spec": {
            "batch": "B1",
            "title": choose(NAME) + '\n\t\u001f"\\',
            "organ": "局",
            "item_list": "",
            "strata": [
                {
                    "id": name,
                    "targets": choose(st.integers(1, 4)),
                    "alternates": choose(st.integers(0, 3)),
                    "speciality": choose(st.sampled_from([None, "fire", "危化"])),
                }
                for name in strata
            ],
            "weights": weights,
            "officers_per_target": choose(st.integers(2, 3)),
            "beacon": {"kind": kind, "round": "一期" if public else None, "not_before": "2026-04-20T00:00:00Z"},
            "committed_at": "2026-04-19T23:59:59Z",
        },
        "beacon": {"value": "07" if public else ""},
        "secrets": [{"party": name, "secret": choose(st.binary(min_size=32, max_size=32)).hex()} for name in parties],
        "pool": [
            {
                "id": name,
                "stratum": choose(st.sampled_from(strata)),
                "class": choose(st.sampled_from(sorted(weights))),
                "salt": choose(hexes),
            }
            for name in pool_ids
        ],
        "officers": [
            {
                "id": name,
                "leader": choose(st.booleans()),
                "capacity": choose(st.integers(1, 3)),
                "specialities": choose(skills),
            }
            for name in officer_ids
        ],
        "conflicts": [
            {"officer": who, "target": where, "reason": "declared"}
            for who, where in sorted(choose(st.lists(pairs, max_size=12, unique=True)))
        ],
    }
    return plain_draw.seal(bundle)


@given(bundles())
@settings(max_examples=120, deadline=None)
def test_a_program_written_from_the_page_alone_draws_the_same(bundle: dict[str, Any]) -> None:
    drawn = draws.complete(bundle)
    assert drawn["result"] == plain_draw.result(bundle)
    again = draws.parse(json.dumps(drawn, ensure_ascii=False).encode())
    assert draws.verify(again).targets == len(drawn["result"]["targets"])
