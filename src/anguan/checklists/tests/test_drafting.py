"""From draft to withdrawal, for checklists, the item list and criteria."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import cast

import pytest

from anguan.checklists import selectors, services
from anguan.checklists.models import Checklist, Criterion, ItemList, Standard
from anguan.checklists.rules import NotAllowed
from anguan.checklists.tests.test_drafts import GOOD
from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.ground.clock import CHINA
from anguan.people.models import Organ

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 10, tzinfo=CHINA)
TODAY = date(2026, 3, 2)
TOMORROW = TODAY + timedelta(days=1)
CLERK = Actor("user", "7", "示例内勤", 1)


@pytest.fixture
def organ() -> Organ:
    services.load_shipped(NOW)
    return Organ.objects.create(name="示例区应急管理局", short_name="示例", kind="emergency")


def a_draft(organ: Organ) -> Checklist:
    source = Checklist.objects.get(code="industry-trade", stage="published")
    return services.draft_checklist(source=source, organ=organ, actor=CLERK, now=NOW)


def keys(checklist: Checklist) -> list[str]:
    return list(checklist.items.values_list("key", flat=True))


def test_a_draft_is_a_copy_that_nobody_checks_by_until_its_first_day(organ: Organ) -> None:
    draft = a_draft(organ)
    source = cast(Checklist, draft.based_on)
    assert (draft.version, keys(draft)) == ("2026-v2", keys(source))
    services.publish_version(version=draft, effective_from=TOMORROW, actor=CLERK, now=NOW)
    assert selectors.current_checklist("industry-trade", TODAY) == source
    assert selectors.current_checklist("industry-trade", TOMORROW) == draft


def test_one_draft_of_a_checklist_at_a_time(organ: Organ) -> None:
    draft = a_draft(organ)
    with pytest.raises(NotAllowed, match=r"已有草稿 2026-v2（示例内勤 起草）"):
        a_draft(organ)
    services.discard_version(version=draft, actor=CLERK, now=NOW)
    assert a_draft(organ).version == "2026-v3", "a discarded draft keeps its number"


def test_questions_are_added_moved_and_taken_out_without_a_gap(organ: Organ) -> None:
    draft = a_draft(organ)
    before = keys(draft)
    added = services.add_question(draft=draft, key="n1", question=GOOD, actor=CLERK, now=NOW)
    assert services.add_question(draft=draft, key="n1", question=GOOD, actor=CLERK, now=NOW) == added, "sent twice"
    services.move_question(item=added, place=2, actor=CLERK, now=NOW)
    assert keys(draft) == [before[0], "n1", *before[1:]]
    services.move_question(item=draft.items.get(key=before[0]), place=999, actor=CLERK, now=NOW)
    assert keys(draft) == ["n1", *before[1:], before[0]]
    services.remove_question(item=draft.items.get(key=before[3]), actor=CLERK, now=NOW)
    assert keys(draft) == ["n1", *before[1:3], *before[4:], before[0]]
    assert list(draft.items.values_list("number", flat=True)) == list(range(1, len(before) + 1))
    assert len(audit.history(draft)) == 5


def test_a_published_version_refuses_every_change_in_words(organ: Organ) -> None:
    draft = a_draft(organ)
    services.publish_version(version=draft, effective_from=TODAY, actor=CLERK, now=NOW)
    item = draft.items.get(number=1)
    for act in (
        lambda: services.change_question(item=item, question=GOOD, actor=CLERK, now=NOW),
        lambda: services.add_question(draft=draft, key="n1", question=GOOD, actor=CLERK, now=NOW),
        lambda: services.move_question(item=item, place=2, actor=CLERK, now=NOW),
        lambda: services.remove_question(item=item, actor=CLERK, now=NOW),
        lambda: services.discard_version(version=draft, actor=CLERK, now=NOW),
        lambda: services.publish_version(version=draft, effective_from=TODAY, actor=CLERK, now=NOW),
    ):
        with pytest.raises(NotAllowed, match="公布的版本不再改动"):
            act()


def test_a_question_cites_only_a_published_criterion(organ: Organ) -> None:
    cited = replace(GOOD, criterion=("应急管理部令第10号", "第九十九条"))
    with pytest.raises(NotAllowed, match="还没有公布"):
        services.add_question(draft=a_draft(organ), key="n1", question=cited, actor=CLERK, now=NOW)


def test_an_empty_checklist_is_not_published(organ: Organ) -> None:
    draft = a_draft(organ)
    for item in draft.items.all():
        services.remove_question(item=item, actor=CLERK, now=NOW)
    with pytest.raises(NotAllowed, match="还没有检查项"):
        services.publish_version(version=draft, effective_from=TODAY, actor=CLERK, now=NOW)


def test_a_withdrawn_version_gives_way_to_the_one_before_it(organ: Organ) -> None:
    draft = a_draft(organ)
    services.publish_version(version=draft, effective_from=TODAY, actor=CLERK, now=NOW)
    services.withdraw_version(version=draft, withdrawn_from=TOMORROW, reason="条款有误", actor=CLERK, now=NOW)
    assert selectors.current_checklist("industry-trade", TODAY) == draft
    assert selectors.current_checklist("industry-trade", TOMORROW) == draft.based_on


def test_a_matter_taken_off_the_list_may_no_longer_be_inspected(organ: Organ) -> None:
    current = cast(ItemList, selectors.current_list(TODAY))
    draft = services.draft_item_list(source=current, organ=organ, actor=CLERK, now=NOW)
    services.remove_matter(item=draft.items.get(code="S02"), actor=CLERK, now=NOW)
    services.publish_version(version=draft, effective_from=TOMORROW, actor=CLERK, now=NOW)
    kept, gone = current.items.get(code="S01"), current.items.get(code="S02")
    assert [selectors.may_inspect(item, TODAY) for item in (kept, gone)] == [True, True]
    assert [selectors.may_inspect(item, TOMORROW) for item in (kept, gone)] == [True, False]
    assert "S02" not in {item.code for item in selectors.items_with_checklist(TOMORROW)}


def test_a_list_is_not_published_with_a_checklist_that_was_withdrawn(organ: Organ) -> None:
    draft = services.draft_item_list(source=selectors.current_list(TODAY), organ=organ, actor=CLERK, now=NOW)
    trade = Checklist.objects.get(code="industry-trade")
    services.withdraw_version(version=trade, withdrawn_from=TODAY, reason="条款有误", actor=CLERK, now=NOW)
    with pytest.raises(NotAllowed, match="事项 S02 用的检查表"):
        services.publish_version(version=draft, effective_from=TODAY, actor=CLERK, now=NOW)


def test_a_matter_without_a_basis_is_refused(organ: Organ) -> None:
    draft = services.draft_item_list(source=None, organ=organ, actor=CLERK, now=NOW)
    with pytest.raises(NotAllowed, match="没有法律依据"):
        services.keep_matter(draft=draft, code="S1", values={"matter": "x", "basis": " "}, actor=CLERK, now=NOW)
    with pytest.raises(NotAllowed, match="还没有事项"):
        services.publish_version(version=draft, effective_from=TODAY, actor=CLERK, now=NOW)


def criterion(organ: Organ, clause: str = "第5.1条", **changes: str) -> Criterion:
    fields = {"summary": "示例", "judgement": "direct", "evidence": "照片", "tag": "M", **changes}
    standard = Standard.objects.get(number="GB 35181-2025")
    return services.draft_criterion(standard=standard, clause=clause, organ=organ, actor=CLERK, now=NOW, **fields)


def test_a_bureau_adds_a_clause_and_corrects_it_by_a_new_version(organ: Organ) -> None:
    first = criterion(organ)
    assert first not in selectors.criteria("fire", on=TODAY)
    services.publish_version(version=first, effective_from=TODAY, actor=CLERK, now=NOW)
    assert first in selectors.criteria("fire", on=TODAY)
    second = criterion(organ, summary="读过原文以后改的", tag="L")
    services.publish_version(version=second, effective_from=TOMORROW, actor=CLERK, now=NOW)
    assert (second.version, second.verified, second.based_on) == (2, True, first)
    assert [one for one in selectors.criteria("fire", on=TODAY) if one.clause == "第5.1条"] == [first]
    assert [one for one in selectors.criteria("fire", on=TOMORROW) if one.clause == "第5.1条"] == [second]


def test_a_criterion_is_a_clause_and_drafted_once_at_a_time(organ: Organ) -> None:
    with pytest.raises(NotAllowed, match="不是条款号"):
        criterion(organ, clause="很危险")
    criterion(organ)
    with pytest.raises(NotAllowed, match="已有草稿"):
        criterion(organ)


def test_a_phrase_is_edited_by_its_wording_and_taken_out(organ: Organ) -> None:
    item = Checklist.objects.get(code="industry-trade").items.get(number=1)
    count = selectors.phrases_for(item).count()
    for days in (3, 5):
        phrase = services.keep_phrase(
            item=item, text="  示例　描述 ", hazard_level="general", days=days, actor=CLERK, now=NOW
        )
    assert (phrase.text, phrase.days, selectors.phrases_for(item).count()) == ("示例 描述", 5, count + 1)
    services.retire_phrase(phrase=phrase, actor=CLERK, now=NOW)
    assert phrase not in selectors.phrases_for(item)
