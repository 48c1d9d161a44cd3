"""移送 and the legal chains, with a database: whoever isn't competent hands over, whoever is accepts or returns."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from uuid_utils.compat import uuid7

from anguan.hazards import services
from anguan.hazards.models import Hazard, LegalBasis, Transfer
from anguan.hazards.rules import Basis, Competent, NotAllowed, State, basis_of, covers
from anguan.hazards.selectors import (
    chains_of,
    order_verdict,
    receivers_for,
    transfer_papers,
    transfers_returned,
    transfers_visible_to,
)
from anguan.hazards.tests import builders as b
from anguan.papers.models import Paper
from anguan.people.models import Competence, Entrustment, Organ, RoleGrant, User
from anguan.people.rules import Matter, Role
from anguan.people.tests.builders import logged_in
from anguan.people.viewers import viewer_of
from anguan.ui.desk import desk_rows

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "statute", "article"),
    [
        ("《中华人民共和国安全生产法》第六十五条第一款", "中华人民共和国安全生产法", "第六十五条第一款"),
        ("违反《消防法》第十六条第一款第二项；《消防条例》第三条", "消防法", "第十六条第一款第二项"),
        ("消防法第六十条", "消防法", "第六十条"),
        ("《城镇燃气管理条例》", "城镇燃气管理条例", ""),
        ("现场要求", "", "现场要求"),
        ("", "", ""),
    ],
)
def test_a_basis_is_read_as_statute_and_article(text: str, statute: str, article: str) -> None:
    assert basis_of(text) == Basis(statute, article)


@pytest.mark.parametrize(
    ("held", "asked", "covered"),
    [
        (("安全生产法", "第六十五条"), ("中华人民共和国安全生产法", "第六十五条第一款"), True),
        (("消防法", ""), ("《消防法》", "第六十条"), True),
        (("消防法（2021修正）", "第六十条"), ("消防法", "第六十条"), True),
        (("消防法", "第六十条"), ("消防法", "第五十八条"), False),
        (("安全生产法", "第六十条"), ("消防法", "第六十条"), False),
    ],
)
def test_a_competence_covers_its_statute_and_article(
    held: tuple[str, str], asked: tuple[str, str], covered: bool
) -> None:
    assert covers(Basis(*held), Basis(*asked)) is covered


def _fire_brigade() -> tuple[Organ, User]:
    brigade = Organ.objects.create(name="示例区消防救援大队", short_name="示消", kind="fire")
    Competence.objects.create(
        organ=brigade, matter=Matter.ORDER, statute="消防法", article="第六十条", valid_from=date(2021, 5, 1)
    )
    clerk = User.objects.create_user(username=f"u{uuid7().hex}", name="消防经办")
    RoleGrant.objects.create(user=clerk, role=Role.DEPARTMENT, organ=brigade)
    return brigade, clerk


def _fire_hazard(people: b.Cast) -> Hazard:
    hazard = b.a_hazard(people)
    services.set_basis(
        hazard=hazard, chain="order", statute="《消防法》", article="第六十条第一款第一项",
        actor=b.actor(people.officer), now=b.FOUND_AT,
    )  # fmt: skip
    return hazard


def _proposed(people: b.Cast, hazard: Hazard, brigade: Organ) -> Transfer:
    return services.propose_transfer(
        hazard=hazard, uid=uuid7(), to_organ=brigade, reason="消防设施由消防救援机构处理",
        actor=b.actor(people.officer), now=b.FOUND_AT,
    )  # fmt: skip


@pytest.mark.django_db
def test_an_organ_without_competence_orders_nothing_and_offers_the_one_that_has_it() -> None:
    people = b.cast()
    hazard = _fire_hazard(people)
    # Nobody's competence is on record: nobody is told to hand over to nobody.
    assert order_verdict(hazard, DAY) is Competent.UNKNOWN
    brigade, _ = _fire_brigade()
    assert order_verdict(hazard, DAY) is Competent.NO
    with pytest.raises(NotAllowed, match="《消防法》第六十条第一款第一项没有职权；应移送") as refusal:
        b.ordered(people, hazard)
    assert "第六十九条" in refusal.value.basis
    assert receivers_for(hazard, DAY)[0] == brigade
    lines = {line.chain.value: line for line in chains_of(hazard, DAY)}
    assert (lines["order"].competent, lines["order"].verified) == ([brigade], False)
    Entrustment.objects.create(
        entrusting=brigade, entrusted=people.papers.branch, document="示例委托书", matters=["order"],
        valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31),
    )  # fmt: skip
    assert order_verdict(hazard, DAY) is Competent.YES
    assert b.ordered(people, hazard, number=2).state == State.RECTIFYING
    with pytest.raises(NotAllowed, match="写在文书上"):
        services.set_basis(
            hazard=hazard,
            chain="order",
            statute="消防法",
            article="第一条",
            actor=b.actor(people.officer),
            now=b.SERVED_AT,
        )
    assert LegalBasis.objects.get(chain="order").article == "第六十条第一款第一项"


@pytest.mark.django_db
def test_a_transfer_is_approved_received_and_accepted_and_then_the_receiver_handles_it() -> None:
    people = b.cast()
    brigade, clerk = _fire_brigade()
    hazard = _fire_hazard(people)
    with pytest.raises(NotAllowed, match="不能移送给本机关"):
        _proposed(people, hazard, people.papers.branch)
    transfer = _proposed(people, hazard, brigade)
    with pytest.raises(NotAllowed, match="已有一份移送"):
        _proposed(people, hazard, brigade)
    theirs = viewer_of(clerk)
    assert not transfers_visible_to(theirs).exists()
    with pytest.raises(NotAllowed, match="须由机关负责人决定"):
        services.decide_transfer(transfer=transfer, approved=True, actor=b.actor(people.officer), now=b.FOUND_AT)
    sent = services.decide_transfer(transfer=transfer, approved=True, actor=b.actor(people.leader), now=b.FOUND_AT)
    # Three working days after Monday 2 March 2026 to sign for it.
    assert (sent.state, sent.due_on) == ("sent", date(2026, 3, 5))
    assert transfers_visible_to(theirs).get() == sent
    assert transfers_visible_to(viewer_of(people.officer)).get() == sent
    with pytest.raises(NotAllowed, match="应等接收机关"):
        b.ordered(people, hazard)
    with pytest.raises(NotAllowed, match="由示例区消防救援大队办理"):
        services.receive_transfer(transfer=sent, actor=b.actor(people.officer), now=b.SERVED_AT)
    with pytest.raises(NotAllowed, match="应由接收机关签收"):
        services.answer_transfer(transfer=sent, accepted=True, reason="", actor=b.actor(clerk), now=b.SERVED_AT)
    received = services.receive_transfer(transfer=sent, actor=b.actor(clerk), now=b.SERVED_AT)
    services.answer_transfer(transfer=received, accepted=True, reason="", actor=b.actor(clerk), now=b.SERVED_AT)
    hazard.refresh_from_db()
    assert (hazard.organ, hazard.state) == (brigade, State.CLASSIFIED)
    with pytest.raises(NotAllowed, match="结果如何"):
        services.report_result(transfer=received, result="", actor=b.actor(clerk), now=b.CHECKED_AT)
    done = services.report_result(transfer=received, result="已责令改正", actor=b.actor(clerk), now=b.CHECKED_AT)
    assert (done.state, done.due_on) == ("answered", None)


@pytest.mark.django_db
def test_a_returned_transfer_says_why_and_the_hazard_is_the_senders_again() -> None:
    people = b.cast()
    brigade, clerk = _fire_brigade()
    hazard = _fire_hazard(people)
    transfer = _proposed(people, hazard, brigade)
    services.decide_transfer(transfer=transfer, approved=True, actor=b.actor(people.leader), now=b.FOUND_AT)
    services.receive_transfer(transfer=transfer, actor=b.actor(clerk), now=b.SERVED_AT)
    with pytest.raises(NotAllowed, match="写明理由"):
        services.answer_transfer(transfer=transfer, accepted=False, reason=" ", actor=b.actor(clerk), now=b.SERVED_AT)
    services.answer_transfer(
        transfer=transfer, accepted=False, reason="属于经营管理问题", actor=b.actor(clerk), now=b.SERVED_AT
    )
    hazard.refresh_from_db()
    assert (hazard.organ, hazard.state) == (people.papers.branch, State.CLASSIFIED)
    with pytest.raises(IntegrityError, match="a_returned_transfer_says_why"), transaction.atomic():
        Transfer.objects.update(answer="")
    refused = _proposed(people, hazard, brigade)
    services.decide_transfer(
        transfer=refused, approved=False, reason="本机关有权", actor=b.actor(people.leader), now=b.SERVED_AT
    )
    hazard.refresh_from_db()
    assert hazard.state == State.CLASSIFIED


def _issued(people: b.Cast, form: str, *, answers: Paper | None = None, **body: Any) -> Paper:
    """A paper of the branch, as quick as a row; its own journey is tested in its room."""
    number = Paper.objects.count() + 1
    return b.an_order(
        people,
        number=number,
        form=form,
        prefix=f"应急{form}",
        state="issued",
        effective_at=None,
        answers=answers,
        body=body,
    )


APPROVED = [{"role": "approver", "name": "周领导", "opinion": "同意", "on": "2026-03-02", "agrees": True}]


@pytest.mark.django_db
def test_a_transfer_carries_its_approval_and_letter_in_their_order() -> None:
    people = b.cast()
    brigade, _clerk = _fire_brigade()
    hazard = _fire_hazard(people)
    elsewhere = _issued(people, "transfer_approval", receiver="示例区住房城乡建设局", opinions=APPROVED)
    refused = _issued(people, "transfer_approval", receiver=brigade.name, opinions=[{**APPROVED[0], "agrees": False}])
    approval = _issued(people, "transfer_approval", receiver=brigade.name, opinions=APPROVED)
    assert transfer_papers(hazard, "transfer_approval") == [approval, elsewhere]

    def propose(paper: Paper) -> Transfer:
        return services.propose_transfer(
            hazard=hazard, uid=uuid7(), to_organ=brigade, reason="由消防救援机构处理", approval=paper,
            actor=b.actor(people.officer), now=b.FOUND_AT,
        )  # fmt: skip

    with pytest.raises(NotAllowed, match="与接收机关示例区消防救援大队不一致"):
        propose(elsewhere)
    with pytest.raises(NotAllowed, match="审批意见是不同意"):
        propose(refused)
    with pytest.raises(NotAllowed, match="不是这家企业的移送文书"):
        propose(_issued(people, "site_record"))
    transfer = propose(approval)

    def decide(letter: Paper | None) -> Transfer:
        return services.decide_transfer(
            transfer=transfer, approved=True, letter=letter, actor=b.actor(people.leader), now=b.FOUND_AT
        )

    with pytest.raises(NotAllowed, match="先依据它出具案件移送书"):
        decide(None)
    with pytest.raises(NotAllowed, match="不是依据所附的移送审批表"):
        decide(_issued(people, "transfer_letter", recipient=brigade.name, answers=elsewhere))
    letter = _issued(people, "transfer_letter", recipient=brigade.name, answers=approval)
    sent = decide(letter)
    assert (sent.state, sent.letter) == ("sent", letter)
    assert transfer_papers(hazard, "transfer_letter") != [letter]
    page = logged_in(people.officer).get(reverse("hazards:detail", args=[hazard.uid])).text
    assert letter.number in page
    assert "移送书还没有送达" in page


@pytest.mark.django_db
@pytest.mark.parametrize("stood", [State.CLASSIFIED, State.REOPENED])
def test_a_returned_hazard_stands_where_it_stood_and_on_the_desk(stood: State) -> None:
    people = b.cast()
    brigade, clerk = _fire_brigade()
    hazard = _fire_hazard(people)
    Hazard.objects.filter(pk=hazard.pk).update(state=stood)
    hazard.refresh_from_db()
    transfer = _proposed(people, hazard, brigade)
    services.decide_transfer(transfer=transfer, approved=True, actor=b.actor(people.leader), now=b.FOUND_AT)
    services.receive_transfer(transfer=transfer, actor=b.actor(clerk), now=b.SERVED_AT)
    services.answer_transfer(
        transfer=transfer, accepted=False, reason="不属消防职责", actor=b.actor(clerk), now=b.SERVED_AT
    )
    hazard.refresh_from_db()
    assert (hazard.state, hazard.organ) == (stood, people.papers.branch)
    rows = [row for row in desk_rows(viewer_of(people.officer), DAY) if str(hazard.uid) in row.url]
    assert [row.due_on for row in rows] == [hazard.due_on if stood is State.CLASSIFIED else None]
    page = logged_in(people.officer).get(reverse("hazards:detail", args=[hazard.uid])).text
    assert "示例区消防救援大队退回了移送：不属消防职责" in page
    _proposed(people, hazard, brigade)
    assert not transfers_returned(viewer_of(people.officer)).exists()
