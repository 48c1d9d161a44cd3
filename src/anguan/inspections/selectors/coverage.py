"""覆盖: which key enterprises an organ has not checked this year, and what the rest of the year can hold.

Computed over sets in the database: one statement counts, one lists. Whom an enterprise was merged into is checked by
what its aliases were checked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from anguan.core.periods import Calendar
from anguan.ground import clock
from anguan.inspections.models import AnnualPlan, PlanRow
from anguan.inspections.rules import WITHOUT_CHECK
from anguan.inspections.rules.coverage import Forecast, forecast, months_left
from anguan.inspections.rules.plans import JointPart, PlanState, TargetKind, working_days_of
from anguan.inspections.selectors.plans import approved_capacity
from anguan.registry.models import Enterprise
from anguan.registry.rules import EnterpriseStatus

LISTED: Final = 50
_USUAL_DAYS: Final = Decimal(2)

# Who was checked: begun, not a recheck, and not ended because nobody was there.
_CHECKED_AT_ALL: Final = """
    visit.parent_id IS NULL AND visit.started_at >= %(since)s AND visit.started_at < %(until)s
    AND visit.category <> ALL(%(without)s)
"""
# One organ after the other and before aliases are looked up, so that the walk stays inside the index and in its order.
_CHECKED: Final = f"""
    SELECT COALESCE(alias.merged_into_id, begun.enterprise_id) AS enterprise_id, sum(begun.checks) AS checks
    FROM unnest(%(organs)s::bigint[]) AS organ (id)
    CROSS JOIN LATERAL (
        SELECT visit.enterprise_id, count(*) AS checks FROM inspections_visit visit
        WHERE visit.organ_id = organ.id AND {_CHECKED_AT_ALL}
        GROUP BY 1
    ) begun
    LEFT JOIN registry_enterprise alias ON alias.id = begun.enterprise_id AND alias.merged_into_id IS NOT NULL
    GROUP BY 1
"""  # noqa: S608  # constants of this file
_COUNT: Final = f"""
    WITH checked AS ({_CHECKED})
    SELECT firm.is_key, count(*), count(checked.enterprise_id), COALESCE(sum(checked.checks), 0)
    FROM registry_enterprise firm LEFT JOIN checked ON checked.enterprise_id = firm.id
    WHERE firm.merged_into_id IS NULL AND firm.status = %(operating)s
    GROUP BY firm.is_key
"""  # noqa: S608  # constants of this file
# Two questions rather than one with OR: each is a probe of the index for one enterprise, which an OR would forbid.
_LIST: Final = f"""
    SELECT firm.id FROM registry_enterprise firm
    WHERE firm.is_key AND firm.merged_into_id IS NULL AND firm.status = %(operating)s AND firm.id > %(after)s
      AND NOT EXISTS (
        SELECT FROM inspections_visit visit
        WHERE visit.enterprise_id = firm.id AND visit.organ_id = ANY(%(organs)s) AND {_CHECKED_AT_ALL}
      )
      AND NOT EXISTS (
        SELECT FROM registry_enterprise alias JOIN inspections_visit visit ON visit.enterprise_id = alias.id
        WHERE alias.merged_into_id = firm.id AND visit.organ_id = ANY(%(organs)s) AND {_CHECKED_AT_ALL}
      )
    ORDER BY firm.id LIMIT %(limit)s
"""  # noqa: S608  # constants of this file


@dataclass(frozen=True)
class Covered:
    """覆盖 of one group: how many there are, how many were checked at least once, and how many checks that took."""

    firms: int = 0
    checked: int = 0
    checks: int = 0

    @property
    def uncovered(self) -> int:
        """How many were not checked yet."""
        return self.firms - self.checked

    @property
    def percent(self) -> int:
        """Share that was checked, rounded down, so that 100 means all."""
        return self.checked * 100 // self.firms if self.firms else 100


@dataclass(frozen=True)
class Coverage:
    """覆盖情况 of organs in a year as of a day."""

    year: int
    key: Covered
    general: Covered
    planned_draws: int
    forecast: Forecast
    plan: AnnualPlan | None


def coverage(organ_ids: Sequence[int], today: date, calendar: Calendar) -> Coverage:
    """Key and general enterprises, and whether the rest of the year can hold what is open; four statements."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _params(organ_ids, today))
        groups = {is_key: Covered(firms, checked, int(checks)) for is_key, firms, checked, checks in cursor.fetchall()}
    key, general = groups.get(True, Covered()), groups.get(False, Covered())
    plans = AnnualPlan.objects.filter(organ__in=organ_ids, year=today.year, state=PlanState.PUBLISHED)
    plan = plans.select_related("organ").order_by("pk").first()
    draws, days_per_check = _planned(plan)
    months = months_left(today, calendar)
    whole, provisional = working_days_of(today.year, calendar)
    needed = key.uncovered + max(draws - general.checks, 0)
    return Coverage(
        year=today.year,
        key=key,
        general=general,
        planned_draws=draws,
        forecast=forecast(
            needed_checks=needed,
            days_per_check=days_per_check,
            capacity=approved_capacity(plan) if plan else None,
            made=key.checks + general.checks,
            working_days_gone=whole - sum(month.working_days for month in months),
            months=months,
            provisional=provisional,
        ),
        plan=plan,
    )


def _planned(plan: AnnualPlan | None) -> tuple[int, Decimal]:
    """How many random checks the plan promises, and what one of its checks takes in officer-days on average."""
    if plan is None:
        return 0, _USUAL_DAYS
    rows = list(PlanRow.objects.filter(plan=plan).exclude(joint=JointPart.PARTNER))
    draws = sum((row.pool_count or 0) * row.frequency for row in rows if row.target_kind == TargetKind.POOL)
    days = [row.days_per_check * row.officers_per_check for row in rows]
    return draws, sum(days, Decimal()) / len(days) if days else _USUAL_DAYS


def uncovered_key(organ_ids: Sequence[int], today: date, *, after: int = 0, limit: int = LISTED) -> list[Enterprise]:
    """重点企业 not checked this year, by id from `after` on."""
    params = {**_params(organ_ids, today), "after": after, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_LIST, params)
        ids = [row[0] for row in cursor.fetchall()]
    shown = Enterprise.objects.filter(pk__in=ids).only("name", "address", "risk_level", "industry_code")
    return list(shown.order_by("pk"))


def _params(organ_ids: Sequence[int], today: date) -> dict[str, Any]:
    return {
        "since": datetime.combine(date(today.year, 1, 1), time.min, clock.CHINA),
        "until": datetime.combine(date(today.year + 1, 1, 1), time.min, clock.CHINA),
        "organs": list(organ_ids),
        "without": sorted(WITHOUT_CHECK),
        "operating": EnterpriseStatus.OPERATING.value,
    }
