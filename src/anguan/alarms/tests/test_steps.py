"""The story of an incident in the reader's language: what the platform wrote is told, what people wrote stays."""

import re

import pytest
from django.utils import translation

from anguan.alarms import showing
from anguan.alarms.models import ForwardTarget, Incident, IncidentStep
from anguan.alarms.rules.forwarding import Stage
from anguan.alarms.rules.grouping import Happening
from anguan.alarms.rules.incidents import FalseCause, IncidentAction, Timer
from anguan.alarms.rules.signals import SignalKind
from anguan.alarms.rules.steps import FORMS, WAYS, Form, Sentence, Told, read_step
from anguan.alarms.rules.truth import RepairReason
from anguan.alarms.services import handling
from anguan.alarms.services.escalation import escalate_due
from anguan.alarms.services.forwarding import keep_proof
from anguan.alarms.tests import builders as b
from anguan.people.models import DutyShift, RoleGrant


def in_english(action: str, what: str) -> str:
    """What an English page says for a step."""
    with translation.override("en"):
        return showing.told(read_step(action, what) or what)


CHINESE = re.compile(r"[\u3400-\u9fff]")


def templates_of(sentence: Sentence) -> set[str]:
    """The templates that a sentence is made of."""
    parts = [templates_of(part) for part in sentence.gaps.values() if isinstance(part, Sentence)]
    return {sentence.template}.union(*parts)


def all_of(form: Form) -> set[str]:
    """The templates that sentences of a form can be made of."""
    return {form.template}.union(*(all_of(one) for forms in form.fillings.values() for one in forms))


@pytest.mark.parametrize(
    ("action", "what", "told"),
    [
        pytest.param(
            Told.ESCALATED,
            "10 秒内没有呈现，已通知值班人员：示例值班乙",
            "Not presented within 10 s; told the people on duty: 示例值班乙",
            id="超时",
        ),
        pytest.param(
            Told.ESCALATED,
            "60 秒内没有现场确认，已通知机关负责人（无人排班）：没有可通知的人",
            "Nobody confirmed on the spot within 60 s; told the heads of the organ (nobody is on the roster):"
            " there was nobody to tell",
            id="没有可通知的人",
        ),
        pytest.param(
            IncidentAction.REPORT_UNREACHABLE,
            "联系不上现场，已通知值班人员：示例甲、示例乙",
            "Nobody on the spot can be reached; told the people on duty: 示例甲, 示例乙",
            id="联系不上",
        ),
        pytest.param(Happening.GROUPED, "已有6个部位报警", "6 points have raised alarm", id="报警风暴"),
        pytest.param(Told.POSTED, "确认火警：示例：指挥中心", "Confirmed fire: 示例：指挥中心", id="名称里有冒号"),
        pytest.param(
            Told.DELIVERED,
            "推定火警（未核实），示例，中心，1.5 秒",
            "Presumed fire (not verified), 示例，中心, 1.5 s",
            id="名称里有逗号",
        ),
        pytest.param(Told.REPAIR, "三层：走道：设备故障", "三层：走道: Fault", id="部位里有冒号"),
        pytest.param(IncidentAction.VERIFY, WAYS[0], "Called the control room", id="选定的方式"),
        pytest.param(IncidentAction.VERIFY, "敲门", "敲门", id="人写的方式"),
        pytest.param(IncidentAction.NOTE, "已有6个部位报警", "已有6个部位报警", id="人写的和平台的一样"),
        pytest.param(IncidentAction.TAKE_OVER, "误报", "误报", id="人写的理由"),
    ],
)
def test_what_the_platform_wrote_is_told_and_what_people_wrote_stays(action: str, what: str, told: str) -> None:
    assert in_english(action, what) == told


@pytest.mark.django_db
def test_every_form_that_is_written_into_a_story_can_be_told_and_none_is_kept_for_nothing() -> None:
    people = b.cast()
    first = b.actor(people.first)
    centre = ForwardTarget.objects.create(
        organ=people.organ, name="示例支队", channel="sms", address="19900000119", is_active=False
    )
    # Nobody to tell, nobody to forward to; a presumed fire that grows into a storm and burns.
    RoleGrant.objects.filter(user=people.leader).delete()
    storm = [b.a_point(people.device, 50 + number) for number in range(10)]
    b.tell(*(b.pending(people.device, point, after=0.1 * number) for number, point in enumerate(storm)))
    escalate_due(b.at(11))
    DutyShift.objects.create(organ=people.organ, user=people.second, since=b.at(-60), until=b.at(86_400))
    ForwardTarget.objects.filter(pk=centre.pk).update(is_active=True)
    fire = Incident.objects.get()
    handling.present(incident_ids=[fire.pk], actor=first, now=b.at(12))
    escalate_due(b.at(50))
    handling.acknowledge(incident=fire, actor=first, now=b.at(51))
    handling.report_unreachable(incident=fire, actor=first, now=b.at(52))
    escalate_due(b.at(400))
    for number, way in enumerate(WAYS):
        handling.verify(incident=fire, actor=first, now=b.at(401 + number), what=way)
    handling.judge_true(incident=fire, actor=first, now=b.at(410))
    escalate_due(b.at(800))
    keep_proof(forwarding_id=fire.forwardings.get().pk, proof="收到", sent_at=b.at(801))
    # A presumed fire that is told and taken back, and a fault that asks for a repair.
    button, faulty = b.a_device(organ=people.organ), b.a_device(organ=people.organ)
    b.tell(b.pending(button, b.a_point(button, 1, 23)), b.pending(faulty, b.a_point(faulty, 1), SignalKind.FAULT))
    pressed, broken = Incident.objects.get(device=button), Incident.objects.get(device=faulty)
    for incident in (pressed, broken):
        handling.acknowledge(incident=incident, actor=first, now=b.at(900))
    keep_proof(forwarding_id=pressed.forwardings.get().pk, proof="收到", sent_at=b.at(901))
    handling.verify(incident=pressed, actor=first, now=b.at(902), what=WAYS[2])
    handling.judge_false(incident=pressed, cause="malicious", heard="无火", actor=first, now=b.at(903))
    handling.judge_fault(incident=broken, heard="断线", actor=first, now=b.at(904))

    steps = list(IncidentStep.objects.exclude(what=""))
    told: set[str] = set()
    for step in steps:
        sentence = read_step(step.action, step.what)
        assert sentence is not None, step.what
        told |= templates_of(sentence)
        with translation.override("zh-hans"):
            assert showing.told(sentence) == step.what
        english = in_english(step.action, step.what)
        for name in ("示例值班乙", "示例支队", "1号探测器"):
            english = english.replace(name, "")
        assert not CHINESE.search(english), english
    labels = {one.label for kind in (Stage, FalseCause, RepairReason) for one in kind}
    assert told | labels == {template for forms in FORMS.values() for form in forms for template in all_of(form)}
    assert len(Timer) == sum("秒内没有" in template for template in told)
