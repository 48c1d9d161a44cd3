import pytest

from anguan.checklists import selectors
from anguan.checklists.models import Checklist, ChecklistItem, ItemList
from anguan.checklists.services import load_shipped
from anguan.ground import clock

pytestmark = pytest.mark.django_db


def test_loading_twice_is_loading_once() -> None:
    assert load_shipped(clock.now()) == 2
    assert load_shipped(clock.now()) == 0
    assert Checklist.objects.count() == ItemList.objects.count() == 1
    assert ChecklistItem.objects.count() == 20


def test_only_a_matter_with_a_checklist_can_be_visited() -> None:
    load_shipped(clock.now())
    assert [item.checklist is not None for item in selectors.items_with_checklist()] == [True]
