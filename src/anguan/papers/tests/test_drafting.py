"""拟稿 in the office, through the client: offers, draft, opinions, signatures, issue; and the services behind."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from uuid_utils.compat import uuid7

from anguan.ground.access import Actor, Viewer
from anguan.papers import origins, services
from anguan.papers.models import Paper, PaperOpinion
from anguan.papers.origins import Origin
from anguan.papers.rules import FormCode, Known, NotAllowed, PaperState, Review
from anguan.papers.tests import builders
from anguan.papers.tests.bodies import BODIES
from anguan.papers.tests.builders import NOW, Cast, signature_image
from anguan.people.models import RoleGrant, User
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user
from anguan.people.tests.builders import logged_in as browser_of
from anguan.people.viewers import viewer_of
from anguan.ui.desk import desk_rows

KIND = "example"
UID = UUID("01890000-0000-7000-8000-000000000001")


@pytest.fixture
def people(db: None) -> Iterator[Cast]:
    """The cast, and a check from which papers are drafted."""
    people = builders.cast()
    record = builders.issued(people)

    def found(viewer: Viewer, uid: UUID) -> Origin | None:
        if uid != UID or people.branch.pk not in viewer.organ_ids:
            return None
        return Origin(
            kind=KIND,
            uid=UID,
            title="示例检查",
            url="/",
            enterprise=people.firm,
            organ=people.branch,
            known=Known(
                place="二层东侧",
                problems=(("疏散通道堆放纸箱", "《安全生产法》第四十五条", "2026-03-05"),),
                officers=tuple((one.name, one.certificate_no) for one in people.officers),
                receiver="示例区消防救援大队",
                reason="依法由消防救援机构办理",
            ),
            papers=frozenset({record.pk}),
            uids=frozenset({UID}),
        )

    origins.register_origin(KIND, "示例", found)
    yield people
    origins._finders.pop(KIND)


def user(people: Cast, role: Role, name: str) -> User:
    """Somebody of the branch."""
    return a_user(name, role, organ=people.branch, name=f"示例{name}")


def actor(one: User) -> Actor:
    return Actor(kind="user", id=str(one.pk), name=one.name)


def draft_url(form: str) -> str:
    return reverse("papers:draft", args=[KIND, UID, form])


def transfer(people: Cast) -> dict[str, Any]:
    """What an officer sends of a 移送审批表."""
    return {
        "uid": str(uuid7()),
        "case_name": "疏散通道堆放纸箱",
        "receiver": "示例区消防救援大队",
        "facts": "疏散通道堆放纸箱。",
        "reason": "依法由消防救援机构办理。",
        "materials": "现场检查记录\n照片2张\n",
        "officers": [one.pk for one in people.officers],
    }


def test_the_page_of_papers_shows_what_may_be_drafted_and_why_another_may_not(people: Cast) -> None:
    url = reverse("papers:offers", args=[KIND, UID])
    page = browser_of(user(people, Role.OFFICER, "officer")).get(url).text
    assert "应急检记〔2026〕1号" in page
    assert f"{draft_url('site_measures')}?on=" in page
    # Coercion is never entrusted to the branch, and a notice to the supplier follows a decision.
    assert "行政强制措施权不得委托" in page
    assert "先行登记保存证据须先经批准" in page
    assert draft_url("preservation_notice") not in page
    assert draft_url("rectify_order") not in page
    watching = browser_of(user(people, Role.CLERK, "clerk")).get(url).text
    assert draft_url("site_measures") not in watching
    stranger = a_user("stranger", Role.OFFICER, organ=people.bureau)
    assert browser_of(stranger).get(url).status_code == 404


def test_an_internal_form_is_drafted_reviewed_approved_and_issued(people: Cast) -> None:
    handler, reviewer, leader = (
        user(people, role, role.value) for role in (Role.OFFICER, Role.LEGAL_REVIEWER, Role.LEADER)
    )
    office, legal, head = (browser_of(one) for one in (handler, reviewer, leader))
    page = office.get(draft_url("transfer_approval")).text
    assert "示例区消防救援大队" in page
    assert "疏散通道堆放纸箱（《安全生产法》第四十五条）" in page
    answer = office.post(draft_url("transfer_approval"), {**transfer(people), "reason": ""})
    paper = Paper.objects.get(form=FormCode.TRANSFER_APPROVAL)
    detail = reverse("papers:detail", args=[paper.uid])
    assert answer["Location"] == detail
    assert "出具前还缺" in office.get(detail).text
    assert paper.body["materials"] == ["现场检查记录", "照片2张"]
    assert [row["certificate_no"] for row in paper.body["officers"]] == ["23090001", "23090002"]
    assert office.post(reverse("papers:send", args=[paper.uid]), {"uid": str(uuid7())}).status_code == 302
    assert PaperOpinion.objects.count() == 0
    edit = reverse("papers:edit", args=[paper.uid])
    assert office.post(edit, transfer(people))["Location"] == detail
    office.post(reverse("papers:send", args=[paper.uid]), {"uid": str(uuid7())})
    paper.refresh_from_db()
    assert paper.review == Review.REVIEWER
    assert office.post(edit, transfer(people)).status_code == 422

    opinion = reverse("papers:opinion", args=[paper.uid])
    today = date(2026, 3, 2)
    assert [row.url for row in desk_rows(viewer_of(reviewer), today)] == [opinion]
    assert "疏散通道堆放纸箱。" in legal.get(opinion).text
    assert legal.post(opinion, {"uid": str(uuid7()), "stance": "returns", "text": ""}).status_code == 422
    assert legal.post(opinion, {"uid": str(uuid7()), "stance": "returns", "text": "写明条款"}).status_code == 302
    assert "退回修改：写明条款" in office.get(detail).text
    office.post(reverse("papers:send", args=[paper.uid]), {"uid": str(uuid7())})
    assert legal.post(opinion, {"uid": str(uuid7()), "stance": "agrees", "text": ""}).status_code == 302
    assert opinion in [row.url for row in desk_rows(viewer_of(leader), today)]
    assert head.post(opinion, {"uid": str(uuid7()), "stance": "agrees", "text": "同意移送。"}).status_code == 302
    assert office.post(reverse("papers:issue", args=[paper.uid])).status_code == 302
    paper.refresh_from_db()
    assert paper.state == PaperState.ISSUED
    assert [(one["role"], one["name"], one["opinion"]) for one in paper.body["opinions"]] == [
        ("reviewer", reviewer.name, "同意。"),
        ("approver", leader.name, "同意移送。"),
    ]
    letter = office.get(f"{draft_url('transfer_letter')}?on={paper.uid}").text
    assert "示例区消防救援大队" in letter
    assert paper.number in letter


def test_a_paper_for_the_party_is_drafted_signed_and_issued(people: Cast) -> None:
    office = browser_of(user(people, Role.OFFICER, "officer"))
    said = {
        "uid": str(uuid7()),
        "place": "二层东侧",
        "sampled_at": "2026-03-02T09:40",
        "purpose": "送检",
        "items-0-name": "示例样品",
        "items-0-quantity": "2",
        "items-3-name": "少了数量",
    }
    refused = office.post(draft_url("sampling_voucher"), said)
    assert refused.status_code == 422
    assert "第 2 行还缺" in refused.text
    assert office.post(draft_url("sampling_voucher"), {**said, "items-3-quantity": "1"}).status_code == 302
    paper = Paper.objects.get(form=FormCode.SAMPLING_VOUCHER)
    assert paper.body["sampled_at"] == "2026-03-02T09:40"
    assert [row["name"] for row in paper.body["items"]] == ["示例样品", "少了数量"]
    sign = reverse("papers:sign", args=[paper.uid])
    builders.sign_by_all(people, paper)
    assert office.get(sign).status_code == 302
    assert office.get(reverse("papers:edit", args=[paper.uid])).status_code == 302
    assert office.post(reverse("papers:edit", args=[paper.uid]), said | {"items-3-quantity": "1"}).status_code == 422
    assert office.post(reverse("papers:issue", args=[paper.uid])).status_code == 302
    paper.refresh_from_db()
    assert paper.state == PaperState.ISSUED


def test_an_officer_signs_on_the_page_and_a_firm_refuses(people: Cast) -> None:
    office = browser_of(user(people, Role.OFFICER, "officer"))
    paper = drafted(people, FormCode.SAMPLING_VOUCHER)
    sign = reverse("papers:sign", args=[paper.uid])
    empty = {"uid": str(uuid7()), "party": str(people.first_officer.pk), "signature": ""}
    assert "还没有手写签名" in office.post(sign, empty).text
    for one in people.officers:
        said = {"uid": str(uuid7()), "party": str(one.pk), "signature": data_url()}
        assert office.post(sign, said)["Location"] == sign
    refusal = {"uid": str(uuid7()), "party": "firm", "signature_refused": "on", "signature_note": "值班员见证"}
    assert office.post(sign, refusal)["Location"] == reverse("papers:detail", args=[paper.uid])
    assert paper.signatures.count() == 3


def data_url() -> str:
    from base64 import b64encode

    return "data:image/png;base64," + b64encode(signature_image()).decode()


def drafted(people: Cast, form: FormCode) -> Paper:
    """A draft made by hand, complete."""
    body = BODIES[form]()
    body.pop("opinions", None)
    return services.draft_paper(
        form=form,
        enterprise=people.firm,
        handling_organ=people.branch,
        body=body,
        origin=(KIND, UID),
        actor=people.actor,
        now=NOW,
    )


def test_only_an_officer_of_the_organ_gives_a_draft_up_and_a_number_stays(people: Cast) -> None:
    office = browser_of(user(people, Role.OFFICER, "officer"))
    paper = drafted(people, FormCode.SAMPLING_VOUCHER)
    discard = reverse("papers:discard", args=[paper.uid])
    office.post(discard, {"reason": ""})
    paper.refresh_from_db()
    assert paper.state == PaperState.DRAFT
    office.post(discard, {"reason": "重复"})
    paper.refresh_from_db()
    assert (paper.state, paper.number) == (PaperState.VOID, "")
    issued = Paper.objects.get(form=FormCode.SITE_RECORD)
    assert office.post(reverse("papers:discard", args=[issued.uid]), {"reason": "x"}).status_code == 403


def test_who_speaks_on_a_draft_is_kept_apart_and_has_the_part(people: Cast) -> None:
    handler, reviewer, leader = (
        user(people, role, role.value) for role in (Role.OFFICER, Role.LEGAL_REVIEWER, Role.LEADER)
    )
    paper = drafted(people, FormCode.TRANSFER_APPROVAL)

    def say(one: User, stance: str, text: str = "") -> Paper:
        return services.give_opinion(paper=paper, stance=stance, text=text, uid=uuid7(), actor=actor(one), now=NOW)

    with pytest.raises(NotAllowed, match="还没有送审"):
        say(reviewer, "agrees")
    once = uuid7()
    for _time in range(2):
        services.send_paper(paper=paper, uid=once, actor=actor(handler), now=NOW)
    assert paper.opinions.count() == 1
    with pytest.raises(NotAllowed, match="法制审核员"):
        say(handler, "agrees")
    RoleGrant.objects.create(user=handler, role=Role.LEADER, organ=people.branch)
    with pytest.raises(NotAllowed, match="不同的人"):
        say(handler, "agrees")
    with pytest.raises(NotAllowed, match="还在等"):
        services.issue_paper(paper=paper, actor=people.actor, now=NOW)
    say(reviewer, "agrees")
    with pytest.raises(NotAllowed, match="审批意见由机关负责人"):
        say(reviewer, "agrees")
    services.recall_paper(paper=paper, actor=actor(handler), now=NOW)
    services.send_paper(paper=paper, uid=uuid7(), actor=actor(handler), now=NOW)
    say(reviewer, "agrees")
    refused = say(leader, "refuses", "另行立案")
    services.issue_paper(paper=refused, actor=people.actor, now=NOW)
    with pytest.raises(NotAllowed, match="审批意见是不同意"):
        builders.draft(people, FormCode.TRANSFER_LETTER, answers=refused)


def test_the_database_keeps_opinions_apart_and_waiting_drafts_unissued(people: Cast) -> None:
    paper = drafted(people, FormCode.TRANSFER_APPROVAL)
    said = {"paper": paper, "role": "reviewer", "stance": "agrees", "text": "同意", "by_name": "甲", "given_at": NOW}
    PaperOpinion.objects.create(uid=uuid7(), by_id="1", **said)
    with pytest.raises(IntegrityError, match="one_opinion_of_each_role_counts"), transaction.atomic():
        PaperOpinion.objects.create(uid=uuid7(), by_id="2", **said)
    with pytest.raises(IntegrityError, match="nobody_judges_a_paper_twice"), transaction.atomic():
        PaperOpinion.objects.create(uid=uuid7(), by_id="1", **said | {"role": "approver"})
    record = Paper.objects.get(form=FormCode.SITE_RECORD)
    with pytest.raises(IntegrityError, match="nothing_is_issued_while_it_waits"), transaction.atomic():
        Paper.objects.filter(pk=record.pk).update(review=Review.REVIEWER)
    with pytest.raises(IntegrityError, match="an_origin_has_kind_and_id"), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(origin_kind="")


def test_a_seizure_is_disposed_of_once_and_after_its_end_only_lifted(people: Cast) -> None:
    bureau = builders.of_bureau(people)
    approval = builders.issued(bureau, FormCode.COERCION_APPROVAL)
    decision = builders.issued(bureau, FormCode.SEIZURE_DECISION, answers=approval)
    builders.serve(bureau, decision)
    later = NOW.replace(month=5)
    confiscation = BODIES[FormCode.SEIZURE_DISPOSAL](handling="confiscate")
    with pytest.raises(NotAllowed, match="只能解除"):
        builders.issued(bureau, FormCode.SEIZURE_DISPOSAL, body=confiscation, answers=decision, now=later)
    lifting = BODIES[FormCode.SEIZURE_DISPOSAL](handling="lift")
    builders.issued(bureau, FormCode.SEIZURE_DISPOSAL, body=lifting, answers=decision, now=later)
    with pytest.raises(NotAllowed, match="已经处理"):
        builders.issued(bureau, FormCode.SEIZURE_DISPOSAL, body=lifting, answers=decision, now=later)


def test_pages_of_strangers_are_not_there(people: Cast, client: Client) -> None:
    office = browser_of(user(people, Role.OFFICER, "officer"))
    assert office.get(reverse("papers:offers", args=["nothing", UID])).status_code == 404
    assert office.get(draft_url("rectify_order")).status_code == 404
    neighbour = browser_of(a_user("neighbour", Role.OFFICER, organ=people.bureau))
    paper = drafted(people, FormCode.SAMPLING_VOUCHER)
    # The bureau in whose name the paper would stand may read it; it is the branch's to go on with.
    assert neighbour.get(reverse("papers:detail", args=[paper.uid])).status_code == 200
    assert neighbour.get(reverse("papers:edit", args=[paper.uid])).status_code == 403
