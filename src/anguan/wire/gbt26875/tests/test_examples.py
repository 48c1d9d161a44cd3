"""Ten frames as public sources print them, with the meaning that each source states."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from anguan.wire.gbt26875 import (
    ComponentState,
    Damaged,
    FrameStream,
    Received,
    address_number,
    encode,
    encode_unit,
    read_frame,
)
from anguan.wire.gbt26875.codes import Command

EXAMPLES = json.loads((Path(__file__).parents[5] / "tests/data/gbt26875-examples.json").read_text(encoding="utf-8"))
BY_ID: dict[str, dict[str, Any]] = {example["id"]: example for example in EXAMPLES["frames"]}
SOUND = [example for example in EXAMPLES["frames"] if example["frame_layer"] == "accept"]


def received(name: str) -> Received:
    found = read_frame(bytes.fromhex(BY_ID[name]["hex"]))
    assert isinstance(found, Received)
    return found


@pytest.mark.parametrize("example", SOUND, ids=lambda example: example["id"])
def test_a_sound_frame_says_what_its_source_says(example: dict[str, Any]) -> None:
    meaning = example["meaning"]
    found = received(example["id"])
    assert found.frame.command == meaning["command"]
    assert found.unit.type_flag == meaning.get("type_flag")
    assert len(found.unit.objects) == meaning.get("objects", 0)
    assert found.unit.problem is None
    stated = {"system_type", "system_address", "component_type", "operator"} & set(meaning)
    for name in stated:
        assert getattr(found.unit.objects[0], name) == meaning[name]
    for name in ("object_time", "centre_time"):
        if name in meaning:
            assert found.unit.objects[0].time == datetime.fromisoformat(meaning[name])  # type: ignore[union-attr]  # the example has one


@pytest.mark.parametrize("example", SOUND, ids=lambda example: example["id"])
def test_a_sound_frame_is_written_as_it_was_read(example: dict[str, Any]) -> None:
    found = received(example["id"])
    assert encode(found.frame).hex() == example["hex"]
    if found.unit.type_flag is not None:
        assert encode_unit(found.unit.type_flag, found.unit.objects) == found.frame.unit


def test_the_fire_of_the_first_example() -> None:
    found = received("actor-01-type2-fire")
    assert found.frame.time == datetime.fromisoformat("2012-09-26T09:58:32")
    assert address_number(found.frame.destination) == 88888
    (fire,) = found.unit.objects
    assert isinstance(fire, ComponentState)
    assert [bit.key for bit in fire.bits] == ["fire"]
    assert fire.component_address == 0x0002000A
    assert fire.text == ""


def test_a_text_with_a_zero_byte_inside_loses_neither_half() -> None:
    (smoke,) = received("dgiot-optical-smoke-fire").unit.objects
    assert isinstance(smoke, ComponentState)
    assert smoke.text.startswith("1号接口板1回路1号 号主机")


def test_an_answer_carries_the_serial_and_nothing_else() -> None:
    found = received("actor-01-ack")
    assert (found.frame.serial, found.frame.command, found.frame.unit) == (1, Command.CONFIRM, b"")


@pytest.mark.parametrize("name", ["shoot-bad-checksum", "shoot-short"])
def test_a_damaged_frame_is_told_with_its_fault(name: str) -> None:
    raw = bytes.fromhex(BY_ID[name]["hex"])
    found = read_frame(raw)
    assert isinstance(found, Damaged)
    assert found.fault == BY_ID[name]["meaning"]["error"]
    assert found.raw == raw


def test_the_examples_as_one_stream_come_back_in_order() -> None:
    stream = b"".join(bytes.fromhex(example["hex"]) for example in SOUND)
    assert [found.raw.hex() for found in FrameStream().feed(stream)] == [example["hex"] for example in SOUND]
