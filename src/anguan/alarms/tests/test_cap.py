"""CAP 1.2 as the standard's section 3.2 tells it: names, order, words and forms, checked without its schema file."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from anguan.alarms.rules.cap import NAMESPACE, Message, Reference, document, moment
from anguan.alarms.rules.forwarding import Channel, Stage, check_address, earlier, stage_after
from anguan.alarms.rules.incidents import IncidentAction as A
from anguan.alarms.rules.refusals import NotAllowed

SENT = datetime(2026, 11, 27, 1, 2, 3, 456789, tzinfo=UTC)

# Name, least and most occurrences, in the order of the standard.
ALERT = [
    *[(name, 1, 1) for name in ("identifier", "sender", "sent", "status", "msgType")],
    ("source", 0, 1),
    ("scope", 1, 1),
    ("restriction", 0, 1),
    ("addresses", 0, 1),
    ("code", 0, 99),
    ("note", 0, 1),
    ("references", 0, 1),
    ("incidents", 0, 1),
    ("info", 0, 99),
]
INFO = [
    ("language", 0, 1),
    ("category", 1, 99),
    ("event", 1, 1),
    ("responseType", 0, 99),
    *[(name, 1, 1) for name in ("urgency", "severity", "certainty")],
    ("audience", 0, 1),
    ("eventCode", 0, 99),
    *[(name, 0, 1) for name in ("effective", "onset", "expires", "senderName", "headline", "description")],
    *[(name, 0, 1) for name in ("instruction", "web", "contact")],
    ("parameter", 0, 99),
    ("resource", 0, 99),
    ("area", 0, 99),
]
AREA = [("areaDesc", 1, 1), ("polygon", 0, 99), ("circle", 0, 99), ("geocode", 0, 99)]
WORDS = {
    "status": {"Actual", "Exercise", "System", "Test", "Draft"},
    "msgType": {"Alert", "Update", "Cancel", "Ack", "Error"},
    "scope": {"Public", "Restricted", "Private"},
    "category": {"Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE"}
    | {"Other"},
    "responseType": {"Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"},
    "urgency": {"Immediate", "Expected", "Future", "Past", "Unknown"},
    "severity": {"Extreme", "Severe", "Moderate", "Minor", "Unknown"},
    "certainty": {"Observed", "Likely", "Possible", "Unlikely", "Unknown"},
}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
CIRCLE = re.compile(r"-?\d+(\.\d+)?,-?\d+(\.\d+)? \d+(\.\d+)?")


def sequence(parent: ET.Element, rule: list[tuple[str, int, int]]) -> None:
    """Each child is known, in order and as often as allowed."""
    names = [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in parent]
    order = [name for name, _least, _most in rule]
    assert [order.index(name) for name in names] == sorted(order.index(name) for name in names)
    for name, least, most in rule:
        assert least <= names.count(name) <= most, name


def checked(text: str) -> dict[str, str]:
    """The message's leaves by name, after everything the standard asks was looked at."""
    root = ET.fromstring(text.encode())
    assert root.tag == f"{{{NAMESPACE}}}alert"
    sequence(root, ALERT)
    leaves: dict[str, str] = {}
    for element in root.iter():
        name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
        assert element.tag.startswith(f"{{{NAMESPACE}}}")
        if name == "info":
            sequence(element, INFO)
        elif name == "area":
            sequence(element, AREA)
        elif name == "parameter":
            sequence(element, [("valueName", 1, 1), ("value", 1, 1)])
        elif len(element) == 0:
            assert element.text, name
            leaves.setdefault(name, element.text)
        if name in WORDS:
            assert element.text in WORDS[name], name
        if name in {"sent", "effective", "onset", "expires"}:
            assert TIME.fullmatch(element.text or ""), name
        if name == "circle":
            assert CIRCLE.fullmatch(element.text or "")
        if name in {"identifier", "sender"}:
            assert not re.search(r"[\s,<&]", element.text or "")
    assert (leaves["scope"] == "Restricted") == ("restriction" in leaves)
    assert (leaves["msgType"] in {"Update", "Cancel"}) == ("references" in leaves)
    for reference in leaves.get("references", "").split():
        sender, identifier, sent = reference.split(",")
        assert sender == leaves["sender"]
        assert identifier
        assert TIME.fullmatch(sent)
    return leaves


def a_message(stage: Stage, references: tuple[Reference, ...] = (), **fields: object) -> Message:
    values: dict[str, object] = {
        "identifier": f"anguan-1-2-{stage.value}",
        "sender": "anguan",
        "sent": SENT,
        "stage": stage,
        "is_exercise": False,
        "restriction": "消防救援机构",
        "references": references,
        "event": "火警",
        "headline": "推定火警：示例大厦 <A座> & 裙房",
        "description": "五层两个探测器\x0b报警",
        "instruction": "请做好出动准备。",
        "contact": "",
        "sender_name": "示例消防救援大队",
        "onset": SENT,
        "area": "示例路1号",
        "latitude": Decimal("30.533100"),
        "longitude": Decimal("105.592900"),
        "parameters": [("verified", "no")],
        **fields,
    }
    return Message(**values)  # type: ignore[arg-type]  # each field has a type of its own


@pytest.mark.parametrize(
    ("message", "kind", "certainty"),
    [
        (a_message(Stage.UNVERIFIED), "Alert", "Likely"),
        (a_message(Stage.CONFIRMED), "Alert", "Observed"),
        (a_message(Stage.CONFIRMED, (Reference("anguan-1-2-unverified", SENT),)), "Update", "Observed"),
        (a_message(Stage.CANCELLED, (Reference("anguan-1-2-unverified", SENT),)), "Cancel", "Unlikely"),
        (a_message(Stage.UNVERIFIED, latitude=None, longitude=None), "Alert", "Likely"),
    ],
)
def test_every_message_keeps_to_the_standard(message: Message, kind: str, certainty: str) -> None:
    leaves = checked(document(message))
    assert (leaves["msgType"], leaves["certainty"]) == (kind, certainty)
    assert leaves["headline"] == "推定火警：示例大厦 <A座> & 裙房"
    assert leaves["description"] == "五层两个探测器报警"


def test_an_identifier_with_a_comma_is_refused() -> None:
    with pytest.raises(ValueError, match="CAP identifier"):
        document(a_message(Stage.UNVERIFIED, identifier="a,b"))


def test_a_time_carries_the_offset_of_china() -> None:
    assert moment(SENT) == "2026-11-27T09:02:03+08:00"


@pytest.mark.parametrize(
    ("action", "was_told", "stage"),
    [
        (A.JUDGE_TRUE, set(), Stage.CONFIRMED),
        (A.JUDGE_TRUE, {Stage.UNVERIFIED}, Stage.CONFIRMED),
        (A.JUDGE_TRUE, {Stage.UNVERIFIED, Stage.CONFIRMED}, None),
        (A.JUDGE_FALSE, set(), None),
        (A.JUDGE_FALSE, {Stage.UNVERIFIED}, Stage.CANCELLED),
        (A.JUDGE_TEST, {Stage.UNVERIFIED}, Stage.CANCELLED),
        (A.VERIFY, {Stage.UNVERIFIED}, None),
    ],
)
def test_what_a_verdict_makes_us_tell(action: A, was_told: set[Stage], stage: Stage | None) -> None:
    assert stage_after(action, was_told=was_told) is stage


def test_a_later_message_refers_to_all_earlier_ones() -> None:
    assert earlier([Stage.CONFIRMED, Stage.UNVERIFIED], Stage.CANCELLED) == [Stage.UNVERIFIED, Stage.CONFIRMED]


@pytest.mark.parametrize(
    ("channel", "address", "right"),
    [
        (Channel.WEBHOOK, " https://command.example.org/cap ", None),
        (Channel.WEBHOOK, "ftp://command.example.org/", "https:// 开头"),
        (Channel.WEBHOOK, "https://user:secret@command.example.org/", "不含账号密码"),
        (Channel.MQTT, "mqtts://broker.example.org:8883/fire/1", None),
        (Channel.MQTT, "mqtt://broker.example.org/fire/#", "没有通配符"),
        (Channel.MAIL, "duty@example.org", None),
        (Channel.MAIL, "duty", "name@example.org"),
        (Channel.SMS, "+8613900000000", None),
        (Channel.SMS, "139 0000", "只有数字"),
        (Channel.SMS, "1" * 300, "只有数字"),
    ],
)
def test_an_address_fits_its_channel(channel: Channel, address: str, right: str | None) -> None:
    if right is None:
        assert check_address(channel, address) == address.strip()
    else:
        with pytest.raises(NotAllowed, match=right):
            check_address(channel, address)
