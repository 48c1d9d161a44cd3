"""The frozen pool row by row, written with as few statements however long it is."""

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anguan.inspections import selectors
from anguan.inspections.models import Batch, PoolEntry
from anguan.inspections.services import batches
from anguan.inspections.tests.builders import MONDAY, Cast, a_cast, actor_of, an_enterprise, planned
from anguan.registry.models import Enterprise

pytestmark = pytest.mark.django_db


def frozen(cast: Cast) -> tuple[Batch, int]:
    """A frozen batch, and how many statements the freezing took."""
    batch = planned(cast)
    with CaptureQueriesContext(connection) as taken:
        batch = batches.freeze_pool(batch=batch, actor=actor_of(cast.clerk), now=MONDAY)
    return batch, len(taken)


def test_every_enterprise_has_its_row_in_the_order_of_the_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = a_cast(enterprises=3)
    Enterprise.objects.filter(pk=cast.enterprises[1].pk).update(status="cancelled")
    hotel = an_enterprise(4, name="示例\t“旅馆”\\N 有限公司", risk_level="")
    # A later pseudonym is the smaller one: the place in the pool follows the pseudonym, not the ledger.
    numbers = count(99, -1)
    monkeypatch.setattr("secrets.token_hex", lambda size: f"{next(numbers):0{2 * size}}")
    batch, _ = frozen(cast)
    first, closed, third = cast.enterprises
    columns = ("enterprise", "enterprise_name", "pseudonym", "stratum", "risk_class", "position", "salt", "exclusion")
    assert list(PoolEntry.objects.filter(batch=batch).order_by("pk").values_list(*columns)) == [
        (first.pk, first.name, "T-0000000099", "人员密集场所", "B", 2, f"{98:032}", ""),
        (closed.pk, closed.name, "", "", "", None, "", "closed"),
        (third.pk, third.name, "T-0000000097", "人员密集场所", "D", 1, f"{96:032}", ""),
        (hotel.pk, hotel.name, "T-0000000095", "人员密集场所", "未评级", 0, f"{94:032}", ""),
    ]
    assert [row["id"] for row in selectors.pool_rows(batch)] == ["T-0000000095", "T-0000000097", "T-0000000099"]


def test_statements_do_not_grow_with_the_pool() -> None:
    cast = a_cast(enterprises=3)
    _, few = frozen(cast)
    for number in range(10, 40):
        an_enterprise(number)
    batch, many = frozen(cast)
    assert batch.pool.count() == 33
    assert many == few
