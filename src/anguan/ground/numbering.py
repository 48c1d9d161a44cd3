"""文号: numbers on documents, given out once, gap-free per organ, prefix and year."""

from anguan.ground.models import NumberSeries


def allocate(*, organ_id: int, prefix: str, year: int) -> int:
    """The next number of the series, from 1.

    Must run inside the transaction that issues the document: a rollback gives the number back, which keeps the series
    without gaps, and the row lock lets one issue at a time pass.
    """
    NumberSeries.objects.bulk_create([NumberSeries(organ_id=organ_id, prefix=prefix, year=year)], ignore_conflicts=True)
    series = NumberSeries.objects.select_for_update().get(organ_id=organ_id, prefix=prefix, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last
