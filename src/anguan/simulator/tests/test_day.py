"""The day as it is told: every report is a frame, scenes come in order, and what begins ends."""

from datetime import datetime

import pytest

from anguan.ground.clock import CHINA
from anguan.simulator.day import AUTOMATIC, DAY, DAY_S, FAULT, MALL, NEWCOMER, NORMAL, STORE, STRANGER, Says, lines_of
from anguan.wire.gbt26875 import decode_unit, encode_unit, read_text
from anguan.wire.gbt26875.codes import TypeFlag

MOMENT = datetime(2026, 11, 27, 9, 15, tzinfo=CHINA)


def test_every_report_is_a_unit_that_reads_back() -> None:
    for scene in DAY:
        for _after, says in scene.lines:
            unit = decode_unit(encode_unit(says.type_flag, says.at(MOMENT)))
            assert unit.problem is None
            (item,) = unit.objects
            if says.part is not None:
                # Thirty-one bytes hold the words, so that nothing of them is cut off.
                assert read_text(getattr(item, "text_bytes", b"")) == says.part.text
            assert getattr(item, "state", says.value) == says.value


def test_the_day_is_played_in_the_order_of_the_clock_from_wherever_it_begins() -> None:
    whole = list(lines_of(DAY, day_s=DAY_S))
    assert [after for after, _unit, _says in whole] == sorted(after for after, _unit, _says in whole)
    assert whole[0][0] == (2 * 60 + 10) * 60
    # From nine in the morning at 48 times the pace: a quarter past comes after nineteen seconds, eight comes last.
    fast = list(lines_of(DAY, day_s=1800, begins_s=9 * 3600))
    assert fast[0][:2] == (900 / 48, MALL)
    assert fast[-1] == (23 * 75.0, STRANGER, NEWCOMER.says(FAULT))
    assert len(fast) == len(whole) == sum(len(scene.lines) for scene in DAY)


def test_a_storm_keeps_its_own_pace_however_fast_the_day_goes_by() -> None:
    storm = next(scene for scene in DAY if scene.begins == "14:05")
    for day_s in (60, DAY_S):
        told = [after for after, _unit, _says in lines_of([storm], day_s=day_s)]
        assert told[-1] - told[0] == pytest.approx(storm.lines[-1][0])


def test_at_midnight_all_is_well_but_for_what_stays_shielded_and_the_stranger() -> None:
    last: dict[object, Says] = {}
    for _after, unit, says in lines_of(DAY, day_s=DAY_S):
        if says.type_flag != TypeFlag.SYSTEM_OPERATION:
            last[unit, says.type_flag, says.part] = says
    left = {says.part for says in last.values() if says.value not in {NORMAL, AUTOMATIC.value}}
    assert {part.text for part in left if part is not None} == {STORE.text, "一层锅炉房感温"}
