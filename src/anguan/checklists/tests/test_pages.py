"""The story in the browser: draft, change, move, publish, compare, withdraw; and what everybody sees."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from anguan.checklists.models import Checklist, ChecklistItem
from anguan.checklists.services import load_shipped
from anguan.ground import clock
from anguan.people.models import Organ
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def organ() -> Organ:
    load_shipped(clock.now())
    return Organ.objects.create(name="示例区应急管理局", short_name="示例", kind="emergency")


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"checklists:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, name: str, *args: object, **fields: object) -> str:
    answer = client.post(reverse(f"checklists:{name}", args=args), fields, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_clerk_drafts_and_a_leader_publishes(organ: Organ) -> None:
    clerk = logged_in(a_user("clerk", Role.CLERK, organ=organ))
    leader = logged_in(a_user("leader", Role.LEADER, organ=organ))
    source = Checklist.objects.get(code="restaurant-gas")
    send(clerk, "draft", source.pk)
    draft = Checklist.objects.get(code="restaurant-gas", stage="draft")
    item = draft.items.get(number=3)
    form = clerk.get(reverse("checklists:question", args=[draft.pk, item.key])).context["form"]
    fields = {name: value for name, value in form.initial.items() if value is not None} | {"question": "气瓶合格吗？"}
    fields["criterion"] = item.criterion_id or ""
    fields["verified"] = ""
    assert "第 3 项已修改" in send(clerk, "question", draft.pk, item.key, **fields)
    send(clerk, "question_move", draft.pk, item.key, place=1)
    assert "由本机关负责人公布" in page(clerk, "detail", draft.pk)
    day = clock.local_day(clock.now()) + timedelta(days=1)
    assert "已公布" in send(leader, "publish", "checklist", draft.pk, effective_from=day.isoformat())
    compared = page(clerk, "diff", draft.pk, source.pk)
    assert "<ins>气瓶合格吗？</ins>" in compared
    assert "第 3 项 → 第 1 项" in compared
    assert "公布的版本不再改动" in send(clerk, "question_move", draft.pk, item.key, place=4)
    said = send(leader, "withdraw", "checklist", draft.pk, withdrawn_from=day.isoformat(), reason="　")
    assert "停用理由：" in said
    send(leader, "withdraw", "checklist", draft.pk, withdrawn_from=day.isoformat(), reason="条款有误")
    assert Checklist.objects.get(pk=draft.pk).stage == "withdrawn"


def test_everybody_reads_what_was_published_and_nobody_a_draft(client: Client, organ: Organ) -> None:
    clerk = logged_in(a_user("clerk", Role.CLERK, organ=organ))
    source = Checklist.objects.get(code="building-site")
    send(clerk, "draft", source.pk)
    draft = Checklist.objects.get(code="building-site", stage="draft")
    shown = client.get(reverse("checklists_public:checklist", args=[source.pk]))
    assert "住房城乡建设部门" in shown.content.decode(), "who may order and penalise"
    assert client.get(reverse("checklists_public:checklist", args=[draft.pk])).status_code == 404
    items = client.get(reverse("checklists_public:items")).content.decode()
    assert "重点检查事项" in items
    assert "2026-v1" in items, "older versions stay readable"


@pytest.mark.parametrize("place", ["", "0", "-1", "²", "9" * 30, "二"])
def test_an_odd_place_is_refused_with_a_sentence(organ: Organ, place: str) -> None:
    clerk = logged_in(a_user("clerk", Role.CLERK, organ=organ))
    send(clerk, "draft", Checklist.objects.get(code="high-rise").pk)
    draft = Checklist.objects.get(code="high-rise", stage="draft")
    assert "请写移到第几项" in send(clerk, "question_move", draft.pk, "q03", place=place)
    assert ChecklistItem.objects.get(checklist=draft, key="q03").number == 3


@pytest.mark.parametrize(
    ("premises", "elements", "said"),
    [
        ("assembly", "7.3.1，7.3.2 7.5.1", "应判定为重大火灾隐患"),
        ("assembly", "7.3.1 7.3.1", "还差 2 条"),
        ("other", "很多", "不是综合判定要素的编号"),
        ("nowhere", "7.3.1", "nowhere"),
    ],
)
def test_officers_count_elements_of_a_major_fire_hazard(premises: str, elements: str, said: str) -> None:
    officer = logged_in(a_user("officer", Role.OFFICER))
    answer = officer.get(reverse("checklists:composite"), {"premises": premises, "elements": elements})
    assert said in answer.content.decode()
