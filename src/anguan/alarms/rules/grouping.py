"""归并: which incident a signal belongs to, so that one cause makes one incident however often and wherever it is told.

A `Book` holds the incidents that can still be joined, as working copies; it takes signals in the order in which they
were received and notes what each did. Nothing here reads a database or a clock, so the same signals always give the
same incidents.

- The same point in the same state joins the incident that has it, until that has a verdict: eight frames over eight
  connections are one incident with eight signals.
- Points of one building that tell of fire within the window of each other are one incident: one call to one control
  room. From so many points on it is a storm and takes every further point.
- A point of the same zone as an open incident joins it at any time: the second independent detector makes it a
  presumed fire, as a manual call point does by itself.
- After a verdict the same point only counts up for one window, reckoned from the verdict; then it is a new incident,
  and at once where the point had returned to normal meanwhile.
- What is no fire is restored when all its points are; whoever restores and returns again and again is flapping, and its
  turns are only counted.
- Inside a test window fire is labelled as test, unless a second zone tells of fire within the window of time: that
  breaks through.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from anguan.alarms.rules.incidents import BURNING, JOINABLE, OPEN, IncidentKind, IncidentState
from anguan.alarms.rules.signals import PRESENCE, SignalKind
from anguan.core.enums import Labelled
from anguan.core.words import N_


class Trigger(Labelled):
    """触发来源: what kind of thing a point is, as far as a presumption asks."""

    DETECTOR = "detector", N_("探测器")
    CALL_POINT = "call_point", N_("手动报警按钮")
    OWN = "own", N_("控制器或者装置自身")


# GB/T 26875.3-2011 table 5: 手动火灾报警按钮.
CALL_POINT_TYPE: Final = 23

KINDS: Final[Mapping[SignalKind, IncidentKind]] = MappingProxyType(
    {
        SignalKind.FIRE: IncidentKind.FIRE,
        SignalKind.SUPERVISORY: IncidentKind.SUPERVISORY,
        SignalKind.STARTED: IncidentKind.LINKAGE,
        SignalKind.FEEDBACK: IncidentKind.LINKAGE,
        SignalKind.DELAYED: IncidentKind.LINKAGE,
        SignalKind.MANUAL_MODE: IncidentKind.MANUAL,
        SignalKind.OFFLINE: IncidentKind.OFFLINE,
        SignalKind.FAULT: IncidentKind.FAULT,
        SignalKind.POWER_FAULT: IncidentKind.FAULT,
        SignalKind.SHIELDED: IncidentKind.SHIELDED,
    }
)
# Whatever says how a point stands now: what such a report leaves out is over.
STATES: Final = frozenset(KINDS) | {SignalKind.NORMAL, SignalKind.TEST, SignalKind.RESET, SignalKind.ONLINE}
# One building, one call; everything else is a matter of one device.
_OF_THE_PLACE: Final = frozenset({IncidentKind.FIRE, IncidentKind.SUPERVISORY, IncidentKind.LINKAGE})


class Happening(Labelled):
    """警情变化: what signals did to an incident, for its story and for the screens."""

    OPENED = "opened", N_("新警情")
    JOINED = "joined", N_("并入部位")
    REPEATED = "repeated", N_("重复报警")
    PRESUMED = "presumed", N_("推定火警")
    GROUPED = "grouped", N_("报警风暴")
    BROKE_THROUGH = "broke_through", N_("测试时段内第二个区域报警")
    RESTORED = "restored", N_("恢复正常")
    RETURNED = "returned", N_("再次异常")
    FLAPPING = "flapping", N_("反复异常")
    RESET = "reset", N_("控制器复位")


@dataclass(frozen=True, slots=True)
class Signal:
    """One observation as grouping sees it: which point, what it says, when it was received.

    `ref` is start, number and place in the frame. `place` is the building, or the device where no building is known.
    """

    ref: tuple[int, int, int]
    point_id: int
    device_id: int
    place: str
    zone: str
    trigger: Trigger
    kinds: frozenset[SignalKind]
    at: datetime

    @property
    def zone_key(self) -> str:
        """The zone; where none is entered, everything behind one device counts as one zone."""
        return self.zone or f"#{self.device_id}"

    @property
    def tells_state(self) -> bool:
        """Whether this says how the point stands now."""
        return not self.kinds.isdisjoint(STATES)

    def incident_kinds(self) -> list[IncidentKind]:
        """What it tells of, most urgent first; empty where nothing is wrong."""
        told = {KINDS[kind] for kind in self.kinds if kind in KINDS}
        return [kind for kind in IncidentKind if kind in told]


@dataclass(slots=True)
class Member:
    """A point of an incident: whether it still tells of it, how often it did; `id` None for one that just joined."""

    zone_key: str
    trigger: Trigger
    device_id: int
    first_at: datetime
    last_at: datetime
    is_active: bool = True
    times: int = 0
    returns: int = 0
    id: int | None = None
    is_touched: bool = True


@dataclass(slots=True)
class Cause:
    """An incident while signals are being worked in; `id` None for one that these signals open."""

    kind: IncidentKind
    place: str
    device_id: int
    key: str
    opened_at: datetime
    last_at: datetime
    id: int | None = None
    state: IncidentState = IncidentState.RECEIVED
    verdict_at: datetime | None = None
    restored_at: datetime | None = None
    window_id: int | None = None
    is_presumed: bool = False
    is_grouped: bool = False
    is_flapping: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    joined: list[Signal] = field(default_factory=list)
    happened: dict[Happening, int] = field(default_factory=dict)
    is_changed: bool = False

    @property
    def is_joinable(self) -> bool:
        """Whether new points may still join; a test is no alarm to join, until somebody judges it to be a fire."""
        return self.state in JOINABLE

    @property
    def is_touched(self) -> bool:
        """Whether these signals changed anything."""
        return bool(self.joined or self.happened or self.is_changed)

    def note(self, what: Happening) -> None:
        """Count that something happened."""
        self.happened[what] = self.happened.get(what, 0) + 1


@dataclass(frozen=True, slots=True)
class Limits:
    """The figures of the rule records `alarm-grouping` and `presumed-fire`."""

    window: timedelta = timedelta(seconds=90)
    storm_points: int = 10
    settle: timedelta = timedelta(seconds=60)
    flaps: int = 5
    flaps_within: timedelta = timedelta(seconds=600)
    detectors: int = 2


@dataclass(slots=True)
class Window:
    """测试时段 in force: what it covers, and when each zone in it told of fire last."""

    id: int
    place: str
    device_id: int | None
    zones: frozenset[str]
    since: datetime
    until: datetime
    zones_told: dict[str, datetime] = field(default_factory=dict)

    def covers(self, signal: Signal) -> bool:
        """Whether the signal comes from what is being tested; no zones named means the whole device or place."""
        return (
            (signal.place == self.place if self.device_id is None else signal.device_id == self.device_id)
            and self.since <= signal.at < self.until
            and (not self.zones or signal.zone in self.zones)
        )


class Book:
    """The incidents that signals may join, and what has been done with the signals so far."""

    def __init__(self, causes: Iterable[Cause], windows: Sequence[Window] = (), limits: Limits = Limits()) -> None:
        self.causes = list(causes)
        self.windows = windows
        self.limits = limits
        self._by_point: dict[tuple[IncidentKind, int], list[Cause]] = {}
        self._by_place: dict[tuple[IncidentKind, str], list[Cause]] = {}
        for cause in self.causes:
            self._file(cause)

    def _file(self, cause: Cause) -> None:
        self._by_place.setdefault((cause.kind, self._where(cause)), []).append(cause)
        for point_id in cause.members:
            self._by_point.setdefault((cause.kind, point_id), []).append(cause)

    @staticmethod
    def _where(cause: Cause) -> str:
        return cause.place if cause.kind in _OF_THE_PLACE else f"d{cause.device_id}"

    def take(self, signal: Signal) -> None:
        """Work one signal in. What a state report leaves out is restored; a reset is noted where fire is open."""
        if not signal.tells_state:
            return
        told = signal.incident_kinds()
        if IncidentKind.LINKAGE in told and IncidentKind.FIRE not in told:
            # What starts in a burning building belongs to the fire.
            fire = self._newest(IncidentKind.FIRE, signal.place)
            if fire is not None:
                self._join(fire, signal, counts=False)
                told.remove(IncidentKind.LINKAGE)
        for kind in told:
            self._tell(kind, signal)
        # Whether a device is heard says nothing about a fault that it told of; whatever it says, it is heard.
        for kind in (IncidentKind.OFFLINE,) if signal.kinds <= PRESENCE else IncidentKind:
            if kind not in told:
                self._restore(kind, signal)
        if SignalKind.RESET in signal.kinds:
            self._reset(signal)

    def _reset(self, signal: Signal) -> None:
        """A panel takes the fire of all its points back, whatever came of it; what still burns tells again."""
        newest = self._newest(IncidentKind.FIRE, signal.place)
        for cause in self.causes:
            if cause.kind is not IncidentKind.FIRE:
                continue
            quiet = [
                member
                for member in cause.members.values()
                if member.device_id == signal.device_id and member.is_active and member.last_at < signal.at
            ]
            for member in quiet:
                member.is_active, member.is_touched = False, True
            cause.is_changed = cause.is_changed or bool(quiet)
            if cause.is_joinable and quiet and not any(member.is_active for member in cause.members.values()):
                cause.restored_at = signal.at
        if newest is not None:
            newest.joined.append(signal)
            newest.note(Happening.RESET)

    def _tell(self, kind: IncidentKind, signal: Signal) -> None:
        known = self._known(kind, signal)
        if known is not None:
            self._repeat(known, signal)
            return
        window = next((row for row in self.windows if row.covers(signal)), None)
        if kind is IncidentKind.FIRE and window is not None:
            if not self._breaks_through(window, signal):
                window.zones_told[signal.zone_key] = signal.at
                self._test(window, signal)
                return
            window.zones_told[signal.zone_key] = signal.at
            cause = self._near(kind, signal) or self._open(kind, signal)
            self._join(cause, signal)
            cause.note(Happening.BROKE_THROUGH)
            return
        self._join(self._near(kind, signal) or self._open(kind, signal), signal)

    def _known(self, kind: IncidentKind, signal: Signal) -> Cause | None:
        """The incident that already has this point: an open one, or one whose verdict is younger than the window.

        That verdict was about what the point had told until then; where it was normal since, it tells of something new.
        """
        causes = self._by_point.get((kind, signal.point_id), [])
        for cause in reversed(causes):
            if cause.is_joinable:
                return cause
        for cause in reversed(causes):
            if cause.window_id is not None or cause.verdict_at is None:
                continue
            is_lately = signal.at < cause.verdict_at + self.limits.window
            if is_lately and cause.members[signal.point_id].is_active:
                return cause
        return None

    def _near(self, kind: IncidentKind, signal: Signal) -> Cause | None:
        """The open incident that a point which is new to it joins."""
        where = signal.place if kind in _OF_THE_PLACE else f"d{signal.device_id}"
        joinable = [cause for cause in reversed(self._by_place.get((kind, where), [])) if cause.is_joinable]
        for cause in joinable:
            if cause.state in BURNING or cause.is_grouped:
                return cause
            if kind is IncidentKind.FIRE and self._same_zone(cause, signal):
                return cause
        return next((cause for cause in joinable if signal.at - cause.last_at <= self.limits.window), None)

    @staticmethod
    def _same_zone(cause: Cause, signal: Signal) -> bool:
        """Whether one of its points lies in the signal's zone; a panel's own word belongs to whatever it speaks of."""
        if signal.trigger is Trigger.OWN:
            return any(member.device_id == signal.device_id for member in cause.members.values())
        return any(
            member.device_id == signal.device_id
            if member.trigger is Trigger.OWN
            else member.zone_key == signal.zone_key
            for member in cause.members.values()
        )

    def _newest(self, kind: IncidentKind, place: str) -> Cause | None:
        causes = self._by_place.get((kind, place), [])
        return next((cause for cause in reversed(causes) if cause.is_joinable), None)

    def _open(self, kind: IncidentKind, signal: Signal) -> Cause:
        cause = Cause(
            kind=kind,
            place=signal.place,
            device_id=signal.device_id,
            key=f"{kind.value}:{signal.point_id}",
            opened_at=signal.at,
            last_at=signal.at,
        )
        self.causes.append(cause)
        self._by_place.setdefault((kind, self._where(cause)), []).append(cause)
        cause.note(Happening.OPENED)
        return cause

    def _join(self, cause: Cause, signal: Signal, *, counts: bool = True) -> None:
        """Add a point, and see whether it makes the fire a presumed one, or a storm."""
        cause.joined.append(signal)
        cause.last_at = max(cause.last_at, signal.at)
        if not counts:
            return
        cause.restored_at = None
        cause.members[signal.point_id] = Member(
            zone_key=signal.zone_key,
            trigger=signal.trigger,
            device_id=signal.device_id,
            first_at=signal.at,
            last_at=signal.at,
            times=1,
        )
        self._by_point.setdefault((cause.kind, signal.point_id), []).append(cause)
        if Happening.OPENED not in cause.happened or len(cause.members) > 1:
            cause.note(Happening.JOINED)
        # What has a verdict is not presumed any more: whoever was told of a confirmed fire is not told that it is none.
        if cause.kind is IncidentKind.FIRE and cause.state in OPEN and not cause.is_presumed:
            cause.is_presumed = self._is_presumed(cause, signal)
            if cause.is_presumed:
                cause.note(Happening.PRESUMED)
        if not cause.is_grouped and len(cause.members) >= self.limits.storm_points:
            cause.is_grouped = True
            cause.note(Happening.GROUPED)

    def _is_presumed(self, cause: Cause, signal: Signal) -> bool:
        if signal.trigger is Trigger.CALL_POINT:
            return True
        if signal.trigger is Trigger.OWN:
            return False
        alike = sum(
            member.trigger is Trigger.DETECTOR and member.zone_key == signal.zone_key
            for member in cause.members.values()
        )
        return alike >= self.limits.detectors

    def _repeat(self, cause: Cause, signal: Signal) -> None:
        """The same point again: one more signal, and a return where it had been normal between."""
        member = cause.members[signal.point_id]
        cause.joined.append(signal)
        cause.last_at = max(cause.last_at, signal.at)
        member.times += 1
        is_soon = signal.at - member.last_at <= self.limits.flaps_within
        member.last_at = max(member.last_at, signal.at)
        member.is_touched = True
        if cause.restored_at is not None:
            cause.restored_at = None
            self._come_and_go(cause, Happening.RETURNED)
        if not member.is_active:
            member.is_active = True
            member.returns = member.returns + 1 if is_soon else 1
            if not cause.is_flapping and member.returns >= self.limits.flaps:
                cause.is_flapping = True
                cause.note(Happening.FLAPPING)
        cause.note(Happening.REPEATED)

    def _restore(self, kind: IncidentKind, signal: Signal) -> None:
        """The point is normal again: told to the open incident that has it, else to the one that was judged last."""
        causes = self._by_point.get((kind, signal.point_id))
        if not causes:
            return
        cause = next((one for one in reversed(causes) if one.is_joinable), causes[-1])
        member = cause.members[signal.point_id]
        if not member.is_active or signal.at < member.last_at:
            return
        member.is_active = False
        member.is_touched = True
        cause.joined.append(signal)
        if cause.is_joinable and not any(other.is_active for other in cause.members.values()):
            cause.restored_at = signal.at
            self._come_and_go(cause, Happening.RESTORED)

    @staticmethod
    def _come_and_go(cause: Cause, what: Happening) -> None:
        """A line in the story, until it is known to flap: then each turn would bury what people wrote there."""
        if not cause.is_flapping:
            cause.note(what)

    # --- 测试时段

    def _breaks_through(self, window: Window, signal: Signal) -> bool:
        return any(
            zone != signal.zone_key and signal.at - at <= self.limits.window for zone, at in window.zones_told.items()
        )

    def _test(self, window: Window, signal: Signal) -> None:
        """A fire inside a test window: one incident a window, which says from the start that it is a test."""
        cause = next((row for row in self.causes if row.window_id == window.id), None)
        if cause is None:
            cause = self._open(IncidentKind.FIRE, signal)
            cause.window_id, cause.state, cause.verdict_at = window.id, IncidentState.TEST, signal.at
            cause.key = f"test:{window.id}"
        if signal.point_id in cause.members:
            self._repeat(cause, signal)
        else:
            self._join(cause, signal)
