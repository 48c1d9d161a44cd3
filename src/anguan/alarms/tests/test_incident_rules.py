"""The life cycle of an incident as a table, without a database."""

from pathlib import Path

import pytest

from anguan.alarms import rules, showing
from anguan.alarms.models import Incident
from anguan.alarms.rules import incidents
from anguan.alarms.rules.incidents import IncidentAction as A
from anguan.alarms.rules.incidents import IncidentKind, Move, Who
from anguan.alarms.rules.incidents import IncidentState as S
from anguan.alarms.rules.refusals import NotAllowed
from anguan.alarms.rules.steps import Told, label_of

README = Path(rules.__file__).parents[1] / "README.md"


def test_the_diagram_in_the_readme_is_drawn_from_the_table() -> None:
    assert incidents.diagram() in README.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("acts", "end"),
    [
        pytest.param([A.PRESENT, A.ACKNOWLEDGE, A.VERIFY, A.JUDGE_FALSE, A.CLOSE], S.CLOSED, id="误报"),
        pytest.param(
            [A.PRESENT, A.ACKNOWLEDGE, A.VERIFY, A.JUDGE_TRUE, A.FORWARD, A.HANDLE, A.CLOSE], S.CLOSED, id="真实火警"
        ),
        pytest.param([A.ACKNOWLEDGE, A.JUDGE_TRUE, A.ARRIVE], S.TRUE_FIRE, id="视频直接看到火"),
        pytest.param([A.ACKNOWLEDGE, A.REPORT_UNREACHABLE, A.ARRIVE], S.VERIFYING, id="联系不上就派人"),
        pytest.param([A.ACKNOWLEDGE, A.VERIFY, A.JUDGE_FALSE, A.JUDGE_TRUE], S.TRUE_FIRE, id="误报改判真火"),
        pytest.param([A.PRESENT, A.RESTORE], S.CLOSED, id="故障自行恢复"),
    ],
)
def test_a_path_through_the_table(acts: list[A], end: S) -> None:
    state = S.RECEIVED
    for act in acts:
        state = incidents.advance(state, act)
    assert state is end


@pytest.mark.parametrize(
    ("state", "act", "sentence"),
    [
        (S.RECEIVED, A.JUDGE_FALSE, "应先受理"),
        (S.UNREACHABLE, A.JUDGE_FALSE, "换方式继续核实"),
        (S.TRUE_FIRE, A.HANDLE, "应立即上报"),
        (S.TRUE_FIRE, A.JUDGE_FALSE, "应立即上报"),
        (S.CLOSED, A.JUDGE_TRUE, "另立警情"),
        (S.ACKNOWLEDGED, A.ACKNOWLEDGE, "应先联系现场核实"),
    ],
)
def test_what_may_not_follow_says_what_would(state: S, act: A, sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        incidents.advance(state, act)


def test_every_state_ends_in_closed_and_every_refusal_has_its_words() -> None:
    reached = {S.CLOSED}
    while True:
        before = {
            state for state in S for act in A if incidents.may(state, act) and incidents.advance(state, act) in reached
        }
        if before <= reached:
            break
        reached |= before
    assert reached == set(S)
    assert set(incidents.NEXT) == set(S)


def test_a_row_for_each_pair_and_no_pair_twice() -> None:
    pairs = [(state, move.action) for move in incidents.TABLE for state in move.before]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("kind", list(IncidentKind))
def test_what_a_page_offers_with_what_its_form_asks_is_not_refused(kind: IncidentKind) -> None:
    offered = 0
    for state in S:
        for offer in showing.offers(Incident(pk=1, kind=kind, state=state), state, is_others=False):
            asked = offer.act.asked
            incidents.move_of(state, offer.act.action)
            if offer.act.action in incidents.VERDICT_OF:
                incidents.check_verdict(
                    kind=kind,
                    state=state,
                    action=offer.act.action,
                    heard="有人在场" if asked.must_hear else "",
                    cause="dust" if asked.cause else "",
                )
                offered += 1
    # Of a fire nobody has asked about, test and fault are not offered.
    assert offered == (9 if kind in incidents.NEEDS_VERDICT else 11)


def test_every_step_has_a_word() -> None:
    assert label_of(A.ACKNOWLEDGE) == "受理"
    assert label_of(Told.ESCALATED) == "超时升级"
    assert label_of("presumed") == "推定火警"


def _asked(act: A, state: S = S.VERIFYING) -> Move:
    return incidents.move_of(state, act)


def _check(move: Move, actor: str = "7", *, platform: bool = False, operator: bool = True, handler: str = "7") -> None:
    incidents.check_who(
        move, actor_id=actor, is_platform=platform, is_operator=operator, handler_id=handler, handler_name="示例甲"
    )


def test_only_the_handler_judges_and_anybody_on_duty_takes_over() -> None:
    _check(_asked(A.JUDGE_FALSE))
    with pytest.raises(NotAllowed, match="示例甲受理"):
        _check(_asked(A.JUDGE_FALSE), "8")
    _check(_asked(A.TAKE_OVER), "8")
    with pytest.raises(NotAllowed, match="值班人员"):
        _check(_asked(A.TAKE_OVER), "8", operator=False)


def test_the_platform_restores_and_forwards_but_never_judges() -> None:
    _check(_asked(A.RESTORE), "", platform=True, operator=False)
    _check(_asked(A.FORWARD, S.TRUE_FIRE), "", platform=True, operator=False)
    with pytest.raises(NotAllowed, match="按信号登记"):
        _check(_asked(A.RESTORE))
    with pytest.raises(NotAllowed, match="值班人员"):
        _check(_asked(A.JUDGE_FALSE), "", platform=True, operator=False)
    assert {move.action for move in incidents.TABLE if move.who is Who.PLATFORM} == {A.RESTORE}


def test_what_somebody_took_names_who_and_when() -> None:
    def take(state: S, actor: str) -> None:
        incidents.check_not_taken(state=state, actor_id=actor, handler_id="7", handler_name="示例甲", at="09:30")

    take(S.ACKNOWLEDGED, "7")
    with pytest.raises(NotAllowed, match="示例甲已于09:30受理"):
        take(S.ACKNOWLEDGED, "8")


@pytest.mark.parametrize(
    ("kind", "state", "act", "heard", "cause", "refusal"),
    [
        (IncidentKind.FIRE, S.VERIFYING, A.JUDGE_FALSE, "保安到场，灶台油烟", "cooking", None),
        (IncidentKind.FIRE, S.VERIFYING, A.JUDGE_FALSE, "保安到场，灶台油烟", "", "误报要选定原因"),
        (IncidentKind.FIRE, S.VERIFYING, A.JUDGE_FALSE, " ", "cooking", "谁在现场看到了什么"),
        (IncidentKind.FIRE, S.ACKNOWLEDGED, A.JUDGE_TEST, "厂家说在测试", "", "还没有核实"),
        (IncidentKind.FAULT, S.ACKNOWLEDGED, A.JUDGE_FAULT, "", "", None),
        (IncidentKind.FIRE, S.ACKNOWLEDGED, A.JUDGE_TRUE, "", "", None),
        (IncidentKind.FIRE, S.PRESENTED, A.RESTORE, "", "", "不会因为信号消失"),
        (IncidentKind.OFFLINE, S.PRESENTED, A.RESTORE, "", "", None),
    ],
)
def test_a_verdict_needs_what_carries_it(
    kind: IncidentKind, state: S, act: A, heard: str, cause: str, refusal: str | None
) -> None:
    if refusal is None:
        incidents.check_verdict(kind=kind, state=state, action=act, heard=heard, cause=cause)
    else:
        with pytest.raises(NotAllowed, match=refusal):
            incidents.check_verdict(kind=kind, state=state, action=act, heard=heard, cause=cause)
