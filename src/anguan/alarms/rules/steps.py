"""处置记录的用语: the words for everything that can stand in the story of an incident.

A step keeps what the platform did as one Chinese sentence, which is also the cause in the audit record. The forms of
those sentences stand here, so that a page in another language can read one and tell it again. What people wrote has
no form and stays as they wrote it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import cycle
from types import MappingProxyType
from typing import Final

from anguan.alarms.rules.forwarding import Stage
from anguan.alarms.rules.grouping import Happening
from anguan.alarms.rules.incidents import FalseCause, IncidentAction
from anguan.alarms.rules.truth import RepairReason
from anguan.core.enums import Labelled
from anguan.core.words import N_


class Told(Labelled):
    """记录: what stands in the story and moves nothing."""

    ESCALATED = "escalated", N_("超时升级")
    POSTED = "posted", N_("发出上报")
    DELIVERED = "delivered", N_("上报送达")
    REPAIR = "repair", N_("提出维修申请")


_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {member.value: member.label for words in (IncidentAction, Happening, Told) for member in words}
)


def label_of(action: str) -> str:
    """The Chinese word for the action of a step."""
    return _LABELS[action]


@dataclass(frozen=True)
class Sentence:
    """A sentence taken apart: the template as gettext knows it, and what stands in its gaps."""

    template: str
    gaps: Mapping[str, "Sentence | str"]


@dataclass(frozen=True)
class Form:
    """How a sentence of the platform is built: a template with gaps, and the forms that may fill a gap.

    A gap without forms holds a name or a figure, which is the same in every language.
    """

    template: str
    fillings: Mapping[str, tuple["Form", ...]] = field(default_factory=dict)

    def read(self, text: str) -> Sentence | None:
        """The text taken apart; None where it isn't of this form."""
        found = self._shape.fullmatch(text)
        if found is None:
            return None
        gaps = {gap: read(self.fillings.get(gap, ()), part) or part for gap, part in found.groupdict().items()}
        return Sentence(self.template, gaps)

    @cached_property
    def _shape(self) -> re.Pattern[str]:
        return re.compile(self._pattern(lambda gap: f"P<{gap}>"), re.DOTALL)

    def _pattern(self, opening: Callable[[str], str]) -> str:
        """The template as a pattern, its gaps as groups that open as told."""
        parts = re.split(r"%\((\w+)\)s", self.template)
        return "".join(
            f"(?{opening(part)}{self._filling(part)})" if is_gap else re.escape(part)
            for part, is_gap in zip(parts, cycle((False, True)), strict=False)
        )

    def _filling(self, gap: str) -> str:
        forms = self.fillings.get(gap)
        return "|".join(form._pattern(lambda _gap: ":") for form in forms) if forms else ".+"


def read(forms: Iterable[Form], text: str) -> Sentence | None:
    """The text by the first of the forms that it has; None where it has none of them."""
    return next((told for form in forms if (told := form.read(text)) is not None), None)


def _words(kinds: type[Labelled]) -> tuple[Form, ...]:
    return tuple(Form(kind.label) for kind in kinds)


WAYS: Final = (
    N_("电话联系消防控制室"),
    N_("电话联系单位负责人"),
    N_("查看视频"),
    N_("通知微型消防站"),
    N_("派人到场"),
)
"""怎么核实的: what an operator chooses from."""

_WHOM: Final = (Form(N_("值班人员")), Form(N_("机关负责人（无人排班）")))
_NOBODY: Final = (Form(N_("没有可通知的人")),)
_RUN_OUT: Final = (
    Form(N_("%(seconds)s 秒内没有呈现")),
    Form(N_("%(seconds)s 秒内没有受理")),
    Form(N_("%(seconds)s 秒内没有现场确认")),
    Form(N_("%(seconds)s 秒内没有微型消防站到场")),
    Form(N_("%(seconds)s 秒内没有上报")),
)


def _called(*reasons: Form) -> tuple[Form, ...]:
    """Why people on duty were told, and who; the people last, because a long story is cut there."""
    template, gaps = N_("%(reason)s，已通知%(whom)s：%(names)s"), {"reason": reasons, "whom": _WHOM}
    return Form(template, {**gaps, "names": _NOBODY}), Form(template, gaps)


_ARRIVED: Final = Form(N_("%(stage)s，%(name)s，%(seconds)s 秒"), {"stage": _words(Stage)})
FORMS: Final[Mapping[str, tuple[Form, ...]]] = MappingProxyType(
    {
        Happening.PRESUMED: (Form(N_("两个独立探测器或者手动报警按钮报警，先行上报，注明未核实")),),
        Happening.GROUPED: (Form(N_("已有%(count)s个部位报警")),),
        Told.ESCALATED: _called(*_RUN_OUT),
        IncidentAction.REPORT_UNREACHABLE: _called(Form(N_("联系不上现场"))),
        IncidentAction.VERIFY: tuple(Form(way) for way in WAYS),
        IncidentAction.JUDGE_FALSE: _words(FalseCause),
        Told.POSTED: (
            Form(N_("没有登记上报对象，请立即电话上报 119")),
            Form(N_("%(stage)s：%(names)s"), {"stage": _words(Stage)}),
        ),
        Told.DELIVERED: (_ARRIVED,),
        IncidentAction.FORWARD: (_ARRIVED,),
        Told.REPAIR: (Form(N_("%(point)s：%(reason)s"), {"reason": _words(RepairReason)}),),
    }
)
"""The forms of what stands in a step, by its action; of an action that isn't here, people wrote it."""


def read_step(action: str, what: str) -> Sentence | None:
    """What the platform wrote into a step, taken apart; None where people wrote it."""
    return read(FORMS.get(action, ()), what)
