"""文号: without gaps, whoever asks at the same time and whatever fails."""

import threading

import pytest
from django.db import connection, transaction

from anguan.ground.models import NumberSeries
from anguan.ground.numbering import allocate


@pytest.mark.django_db
def test_each_organ_prefix_and_year_counts_by_itself() -> None:
    with transaction.atomic():
        given = [
            allocate(organ_id=1, prefix="应急责改", year=2026),
            allocate(organ_id=1, prefix="应急责改", year=2026),
            allocate(organ_id=1, prefix="应急复查", year=2026),
            allocate(organ_id=2, prefix="应急责改", year=2026),
            allocate(organ_id=1, prefix="应急责改", year=2027),
        ]
    assert given == [1, 2, 1, 1, 1]


@pytest.mark.django_db
def test_a_number_of_an_issue_that_failed_is_given_again() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        allocate(organ_id=1, prefix="应急责改", year=2026)
        raise RuntimeError
    with transaction.atomic():
        assert allocate(organ_id=1, prefix="应急责改", year=2026) == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_each_number_once() -> None:
    given: list[int] = []

    def issue(fails: bool) -> None:
        try:
            with transaction.atomic():
                number = allocate(organ_id=1, prefix="应急责改", year=2026)
                if fails:
                    raise RuntimeError
            given.append(number)
        except RuntimeError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=issue, args=(turn % 5 == 0,)) for turn in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == list(range(1, 17))
    assert NumberSeries.objects.get().last == 16
