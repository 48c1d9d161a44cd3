"""A list is walked page by page, forward and back, and every row comes once."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.contrib.contenttypes.models import ContentType
from hypothesis import given
from hypothesis import strategies as st

from anguan.ui.paging import BadCursor, decode_cursor, encode_cursor, page_of

ordering_values = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.integers(-(2**63), 2**63 - 1),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.decimals(allow_nan=False, allow_infinity=False, places=2),
    st.uuids(),
)


@given(st.lists(ordering_values, max_size=4), st.booleans())
def test_a_cursor_brings_back_what_was_put_in(values: list[Any], backward: bool) -> None:
    assert decode_cursor(encode_cursor(values, backward=backward)) == (values, backward)


@given(st.text(max_size=80))
def test_a_made_up_cursor_is_refused_or_harmless(token: str) -> None:
    try:
        values, _ = decode_cursor(token)
    except BadCursor:
        return
    assert all(isinstance(value, str | int | date | datetime | Decimal | UUID) for value in values)


@pytest.mark.parametrize("value", [None, True, 1.5, [1], {"x": 1}], ids=repr)
def test_only_ordering_values_make_a_cursor(value: Any) -> None:
    with pytest.raises(TypeError):
        encode_cursor([value])


@pytest.fixture
def twenty_three(db: None) -> list[int]:
    """Rows whose first ordering value repeats, so that only the second tells them apart."""
    ContentType.objects.all().delete()
    made = [ContentType.objects.create(app_label=f"room{n % 3}", model=f"model{n:02}") for n in range(23)]
    return [row.pk for row in sorted(made, key=lambda row: (row.app_label, row.pk))]


ORDERS = [["app_label", "id"], ["-app_label", "-id"], ["-app_label", "id"], ["app_label", "-id"]]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: ",".join(order))
def test_walking_to_the_end_meets_every_row_once(twenty_three: list[int], order: list[str]) -> None:
    expected = list(ContentType.objects.order_by(*order).values_list("pk", flat=True))
    met: list[int] = []
    cursor = ""
    while True:
        page = page_of(ContentType.objects.all(), order=order, cursor=cursor, size=5)
        met += [row.pk for row in page.rows]
        if not page.next:
            break
        cursor = page.next
    assert met == expected
    assert sorted(met) == sorted(twenty_three)


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: ",".join(order))
def test_walking_back_shows_the_same_pages(twenty_three: list[int], order: list[str]) -> None:
    rows = ContentType.objects.all()
    first = page_of(rows, order=order, size=5)
    second = page_of(rows, order=order, cursor=first.next, size=5)
    third = page_of(rows, order=order, cursor=second.next, size=5)
    back = page_of(rows, order=order, cursor=third.previous, size=5)
    assert [row.pk for row in back.rows] == [row.pk for row in second.rows]
    start = page_of(rows, order=order, cursor=back.previous, size=5)
    assert [row.pk for row in start.rows] == [row.pk for row in first.rows]
    assert first.previous == start.previous == ""


def test_a_page_stays_where_it_is_when_a_row_above_it_comes(twenty_three: list[int]) -> None:
    rows = ContentType.objects.all()
    first = page_of(rows, order=["app_label", "id"], size=5)
    before = page_of(rows, order=["app_label", "id"], cursor=first.next, size=5)
    ContentType.objects.create(app_label="a-new-room", model="first")
    after = page_of(rows, order=["app_label", "id"], cursor=first.next, size=5)
    assert [row.pk for row in after.rows] == [row.pk for row in before.rows]


def test_a_cursor_of_another_order_is_refused(twenty_three: list[int]) -> None:
    page = page_of(ContentType.objects.all(), order=["id"], size=5)
    with pytest.raises(BadCursor):
        page_of(ContentType.objects.all(), order=["app_label", "id"], cursor=page.next, size=5)


def test_values_rows_are_paged_too(twenty_three: list[int]) -> None:
    rows = ContentType.objects.values("id", "app_label")
    first = page_of(rows, order=["app_label", "id"], size=20)
    rest = page_of(rows, order=["app_label", "id"], cursor=first.next, size=20)
    assert [row["id"] for row in [*first.rows, *rest.rows]] == twenty_three
    assert rest.next == ""


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["a", date(2026, 1, 1), Decimal("1.5")], ids=repr)
def test_a_cursor_with_another_kind_of_value_than_the_column_is_refused(value: Any) -> None:
    with pytest.raises(BadCursor):
        page_of(ContentType.objects.all(), order=["id"], cursor=encode_cursor([value]))
