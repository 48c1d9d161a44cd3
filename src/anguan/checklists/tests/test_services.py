from datetime import date

import pytest
from django.db import ProgrammingError, transaction

from anguan.checklists import selectors
from anguan.checklists.models import Checklist, ChecklistItem, Criterion, ItemList, Standard
from anguan.checklists.rules import shipped_lists, shipped_sheets, shipped_standards
from anguan.checklists.services import load_shipped
from anguan.ground import clock

pytestmark = pytest.mark.django_db

SPRING = date(2026, 3, 2)


def test_loading_twice_is_loading_once() -> None:
    assert load_shipped(clock.now()) == len(shipped_standards()) + len(shipped_sheets()) + len(shipped_lists())
    assert load_shipped(clock.now()) == 0
    assert Checklist.objects.count() == len(shipped_sheets())
    assert ItemList.objects.count() == len(shipped_lists())
    assert ChecklistItem.objects.count() == sum(len(sheet.items) for sheet in shipped_sheets())


def test_only_a_matter_with_a_checklist_can_be_visited() -> None:
    load_shipped(clock.now())
    assert {item.checklist is not None for item in selectors.items_with_checklist(SPRING)} == {True}


def test_a_published_question_never_changes_not_even_in_the_database() -> None:
    load_shipped(clock.now())
    item = ChecklistItem.objects.filter(number=1)
    for write in (
        lambda: item.update(question="改？"),
        lambda: item.delete(),
        lambda: Checklist.objects.update(title="x"),
    ):
        with pytest.raises(ProgrammingError, match="never changes"), transaction.atomic():
            write()


def test_criteria_are_found_by_field_and_by_standard_on_a_day() -> None:
    load_shipped(clock.now())
    trade = selectors.criteria("industry", on=SPRING)
    assert {criterion.standard_id for criterion in trade} == {"应急管理部令第10号"}
    by_standard = selectors.criteria(standard="应急管理部令第10号", on=SPRING)
    assert list(by_standard) == list(trade)
    assert not selectors.criteria("industry", on=date(2023, 5, 14)), "the standard began on 15 May 2023"


def test_the_fire_standard_of_2017_counts_until_its_successor_begins() -> None:
    load_shipped(clock.now())
    last_day, first_day = date(2025, 10, 31), date(2025, 11, 1)
    assert {one.standard_id for one in selectors.criteria("fire", on=last_day)} == {"GB 35181-2017"}
    assert {one.standard_id for one in selectors.criteria("fire", on=first_day)} == {"GB 35181-2025"}


def test_a_criterion_is_cited_by_standard_and_clause() -> None:
    load_shipped(clock.now())
    criterion = Criterion.objects.get(standard__number="应急管理部令第10号", clause="第三条第二项")
    assert selectors.criterion_text(criterion) == "应急管理部令第10号 第三条第二项"


def test_a_standard_without_clauses_is_listed_for_the_bureau_to_fill() -> None:
    load_shipped(clock.now())
    assert Standard.objects.get(number="GB 45067-2024").criteria.count() == 0
