"""One cause makes one incident: signals in, incidents out, without a database."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anguan.alarms.rules.grouping import Book, Cause, Happening, Limits, Signal, Trigger, Window
from anguan.alarms.rules.incidents import IncidentKind, IncidentState
from anguan.alarms.rules.signals import SignalKind as K

T0 = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
_numbers = count(1)


def said(
    point: int,
    *kinds: K,
    after: float = 0,
    zone: str = "3层",
    place: str = "b1",
    device: int = 1,
    trigger: Trigger = Trigger.DETECTOR,
) -> Signal:
    return Signal(
        ref=(1, next(_numbers), 0),
        point_id=point,
        device_id=device,
        place=place,
        zone=zone,
        trigger=trigger,
        kinds=frozenset(kinds or (K.FIRE,)),
        at=T0 + timedelta(seconds=after),
    )


def worked(
    signals: Iterable[Signal],
    causes: Sequence[Cause] = (),
    windows: Sequence[Window] = (),
    limits: Limits = Limits(storm_points=5, flaps=3),  # noqa: B008  # frozen
) -> list[Cause]:
    book = Book(causes, windows, limits)
    for signal in signals:
        book.take(signal)
    return book.causes


def judged(cause: Cause, after: float, state: IncidentState = IncidentState.FALSE) -> Cause:
    cause.state, cause.verdict_at = state, T0 + timedelta(seconds=after)
    return cause


def test_eight_frames_of_one_point_are_one_incident_with_eight_signals() -> None:
    (cause,) = worked(said(1) for _ in range(8))
    assert len(cause.joined) == 8
    assert cause.members[1].times == 8
    assert not cause.is_presumed
    assert not cause.is_flapping


def test_the_same_point_joins_until_there_is_a_verdict_however_late() -> None:
    (cause,) = worked([said(1), said(1, after=3600)])
    assert cause.members[1].times == 2


def test_after_a_verdict_the_same_point_only_counts_for_one_window() -> None:
    causes = worked([said(1)])
    judged(causes[0], after=60)
    assert len(worked([said(1, after=149)], causes)) == 1
    # Ninety seconds from the verdict, not from the last signal: a point that never falls silent is asked about again.
    assert [cause.happened.get(Happening.OPENED) for cause in worked([said(1, after=150)], causes)] == [1, 1]


def test_a_point_that_was_normal_after_its_verdict_tells_of_something_new() -> None:
    causes = worked([said(1)])
    judged(causes[0], after=10)
    _judged, again = worked([said(1, K.NORMAL, after=20), said(1, after=60)], causes)
    assert (again.state, again.opened_at) == (IncidentState.RECEIVED, T0 + timedelta(seconds=60))


def test_a_fault_that_returns_right_after_it_was_closed_as_restored_is_not_lost() -> None:
    causes = worked([said(1, K.FAULT), said(1, K.NORMAL, after=10)])
    judged(causes[0], after=70, state=IncidentState.CLOSED)
    _closed, again = worked([said(1, K.FAULT, after=80)], causes)
    assert (again.kind, again.state) == (IncidentKind.FAULT, IncidentState.RECEIVED)


def test_another_point_after_a_verdict_is_a_new_incident_at_once() -> None:
    causes = worked([said(1)])
    judged(causes[0], after=10)
    assert len(worked([said(2, after=11)], causes)) == 2


@pytest.mark.parametrize(
    ("signals", "presumed"),
    [
        pytest.param([said(1), said(2)], True, id="同一区域两个探测器"),
        pytest.param([said(1), said(1)], False, id="同一探测器两次"),
        pytest.param([said(1), said(2, zone="9层")], False, id="不同区域两个探测器"),
        pytest.param([said(1, trigger=Trigger.CALL_POINT)], True, id="手动报警按钮"),
        pytest.param([said(1), said(9, zone="", trigger=Trigger.OWN)], False, id="控制器自身不算第二个"),
        pytest.param([said(1, zone=""), said(2, zone="")], True, id="没有登记区域，同一装置"),
        pytest.param([said(1, zone=""), said(2, zone="", device=2)], False, id="没有登记区域，两台装置"),
        pytest.param([said(1), said(2, K.FAULT)], False, id="第二个是故障"),
        pytest.param([said(1), said(2, after=1800)], True, id="同一区域半小时后，仍未作出结论"),
    ],
)
def test_presumed_fire(signals: list[Signal], presumed: bool) -> None:
    fires = [cause for cause in worked(signals) if cause.kind is IncidentKind.FIRE]
    assert [cause.is_presumed for cause in fires] == [presumed]


def test_points_of_one_building_join_within_the_window_and_not_after() -> None:
    assert len(worked([said(1), said(2, zone="9层", after=90)])) == 1
    assert len(worked([said(1), said(2, zone="9层", after=91)])) == 2
    assert len(worked([said(1), said(2, zone="9层", place="b2", device=2)])) == 2


def test_a_storm_is_one_incident_with_its_points_and_takes_late_ones() -> None:
    storm = [said(number, zone=f"{number % 30}层", after=number / 100) for number in range(3000)]
    (cause,) = worked([*storm, said(5000, zone="机房", after=3600)], limits=Limits())
    assert len(cause.members) == 3001
    assert cause.is_grouped


def test_everything_in_a_burning_building_belongs_to_the_fire() -> None:
    causes = worked([said(1)])
    judged(causes[0], 60, IncidentState.FORWARDED)
    after = worked([said(2, zone="9层", after=3000), said(7, K.STARTED, after=3001, zone="泵房")], causes)
    assert len(after) == 1
    assert len(after[0].joined) == 3


def test_a_panels_own_word_belongs_to_the_point_it_speaks_of() -> None:
    assert len(worked([said(1), said(9, after=600, zone="", trigger=Trigger.OWN)])) == 1
    assert len(worked([said(9, zone="", trigger=Trigger.OWN), said(1, after=600)])) == 1


def test_fire_and_fault_of_one_point_are_two_incidents() -> None:
    assert {cause.kind for cause in worked([said(1, K.FIRE, K.FAULT)])} == {IncidentKind.FIRE, IncidentKind.FAULT}


def test_a_fault_is_restored_when_all_its_points_are() -> None:
    causes = worked([said(1, K.FAULT), said(2, K.FAULT, after=5), said(1, K.NORMAL, after=20)])
    assert [cause.restored_at for cause in causes] == [None]
    causes = worked([said(2, K.NORMAL, after=30)], causes)
    assert [cause.restored_at for cause in causes] == [T0 + timedelta(seconds=30)]
    (again,) = worked([said(2, K.FAULT, after=40)], causes)
    assert again.restored_at is None
    assert again.happened[Happening.RETURNED] == 1


def test_another_state_of_the_same_point_restores_the_first() -> None:
    causes = worked([said(1, K.FAULT), said(1, K.SHIELDED, after=10)])
    assert {cause.kind: cause.restored_at is not None for cause in causes} == {
        IncidentKind.FAULT: True,
        IncidentKind.SHIELDED: False,
    }


def test_a_point_that_comes_and_goes_is_one_flapping_incident() -> None:
    signals = [said(1, K.FAULT if n % 2 == 0 else K.NORMAL, after=n * 10) for n in range(40)]
    (cause,) = worked(signals)
    assert cause.is_flapping
    assert cause.members[1].returns == 19
    assert cause.happened[Happening.FLAPPING] == 1
    # Known to flap after three returns, it tells no more turns.
    assert (cause.happened[Happening.RESTORED], cause.happened[Happening.RETURNED]) == (3, 3)


def test_a_point_that_comes_back_now_and_then_does_not_flap() -> None:
    (cause,) = worked([said(1)])
    for turn in range(1, 12):
        worked([said(1, K.NORMAL, after=turn * 700 - 350), said(1, after=turn * 700)], [cause])
    assert not cause.is_flapping
    assert cause.members[1].returns == 1


def test_an_older_normal_does_not_end_a_newer_alarm() -> None:
    """Fire goes first in every queue, so what was received before may be worked in after it."""
    (cause,) = worked([said(1, K.FAULT, after=10), said(1, K.NORMAL, after=5)])
    assert cause.restored_at is None


def test_readings_and_heartbeats_make_nothing() -> None:
    assert worked([said(1, K.READING), said(1, K.HEARTBEAT), said(1, K.OPERATION), said(1, K.NORMAL)]) == []


def test_a_device_that_is_heard_again_is_no_longer_silent_and_its_own_fault_stays() -> None:
    fault, silence = worked([said(1, K.POWER_FAULT), said(1, K.OFFLINE, after=10), said(1, K.ONLINE, after=60)])
    assert (fault.kind, fault.restored_at) == (IncidentKind.FAULT, None)
    assert (silence.kind, silence.restored_at) == (IncidentKind.OFFLINE, T0 + timedelta(seconds=60))


def test_a_device_that_says_how_it_is_is_no_longer_silent() -> None:
    (cause,) = worked([said(1, K.OFFLINE), said(1, K.NORMAL, after=60)])
    assert cause.restored_at == T0 + timedelta(seconds=60)


def test_a_reset_is_told_to_the_open_fire() -> None:
    (cause,) = worked([said(1), said(9, K.RESET, after=5, zone="", trigger=Trigger.OWN)])
    assert cause.happened[Happening.RESET] == 1


def test_after_a_reset_what_tells_of_fire_again_is_news() -> None:
    causes = worked([said(1), said(5, zone="9层", device=2, place="b1")])
    worked([said(9, K.RESET, after=5, zone="", trigger=Trigger.OWN)], causes)
    # Of its own points only: what stands behind another panel burns on.
    assert [member.is_active for member in causes[0].members.values()] == [False, True]
    (back,) = worked([said(1, after=20)], causes)
    assert (back.members[1].is_active, back.members[1].returns) == (True, 1)
    # And so it is when the verdict has just been given.
    judged(back, after=30)
    _judged, again = worked(
        [said(9, K.RESET, after=40, zone="", trigger=Trigger.OWN), said(1, after=60)],
        causes,
    )
    assert again.opened_at == T0 + timedelta(seconds=60)


def a_window(*zones: str) -> Window:
    return Window(7, "b1", None, frozenset(zones), T0 - timedelta(hours=1), T0 + timedelta(hours=1))


def test_fire_in_a_test_window_is_labelled_as_test() -> None:
    (cause,) = worked([said(1), said(2, after=5)], windows=[a_window("3层")])
    assert (cause.state, cause.window_id, len(cause.members)) == (IncidentState.TEST, 7, 2)
    assert not cause.is_presumed


def test_another_zone_than_the_tested_one_is_an_alarm() -> None:
    test, alarm = worked([said(1), said(2, zone="9层", after=5)], windows=[a_window("3层")])
    assert (test.state, alarm.state) == (IncidentState.TEST, IncidentState.RECEIVED)


def test_a_second_zone_within_the_window_breaks_through_a_test_of_the_building() -> None:
    test, alarm = worked([said(1), said(2, zone="9层", after=30)], windows=[a_window()])
    assert (test.state, alarm.state) == (IncidentState.TEST, IncidentState.RECEIVED)
    assert alarm.happened[Happening.BROKE_THROUGH] == 1


def test_a_test_that_walks_from_zone_to_zone_stays_a_test() -> None:
    (cause,) = worked([said(1), said(2, zone="9层", after=120)], windows=[a_window()])
    assert cause.state is IncidentState.TEST


def test_after_the_window_an_alarm_is_an_alarm() -> None:
    (cause,) = worked([said(1, after=3600)], windows=[a_window()])
    assert cause.state is IncidentState.RECEIVED


# The machine may be busy: neither the time of an example nor that of drawing one says anything about grouping.
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(1, 6),
            st.sampled_from([K.FIRE, K.FAULT, K.NORMAL, K.SHIELDED, K.RESET]),
            st.integers(0, 400),
            st.sampled_from(["1层", "2层", ""]),
        ),
        max_size=40,
    )
)
def test_however_signals_come_no_point_stands_in_two_open_incidents_of_a_kind(
    told: list[tuple[int, K, int, str]],
) -> None:
    signals = [said(point, kind, after=after, zone=zone) for point, kind, after, zone in told]
    causes = worked(signals)
    open_points = [(cause.kind, point) for cause in causes if cause.is_joinable for point in cause.members]
    assert len(open_points) == len(set(open_points))
    keys = [cause.key for cause in causes if cause.is_joinable]
    assert len(keys) == len(set(keys))
    fires = [signal for signal in signals if K.FIRE in signal.kinds]
    joined = [one.ref for cause in causes if cause.kind is IncidentKind.FIRE for one in cause.joined]
    assert {signal.ref for signal in fires} <= set(joined)
