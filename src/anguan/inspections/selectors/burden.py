"""入企负担: how often enterprises were visited, by whom, and how; a joint visit is one for the firm, one per agency.

A year's figures come from one walk over the visits that were begun in it. Rechecks answer an order and are shown apart,
as is what does not count to the cap. No figure here ranks a person by what they found (行政处罚法 art. 74).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django.db import connection

from anguan.ground import clock
from anguan.inspections.rules import ResultCategory
from anguan.inspections.rules.approval import COUNTED, Mode
from anguan.registry.rules import RiskLevel

SHOWN: Final = 20

# A visit of a joint task stands for all of its task: the smallest id goes in, the firm opened its door once.
_BEGUN: Final = """
    FROM inspections_visit visit
    WHERE visit.started_at >= %(since)s AND visit.started_at < %(until)s AND visit.parent_id IS NULL
"""
_DOORS: Final = "count(DISTINCT COALESCE('j' || visit.joint_id, 'v' || visit.id))"
_COUNTED: Final = "visit.count_class = ANY(%(counted)s)"


@dataclass(frozen=True)
class Burden:
    """入企负担 of a year in the whole: all of it counts, nothing of it names anybody."""

    year: int
    doors: int
    agency_checks: int
    joint_tasks: int
    exempt: int
    rechecks: int
    off_site: int
    firms: int
    most: int
    by_times: tuple[tuple[str, int], ...]
    by_risk: tuple[tuple[str, int, int], ...]
    by_organ: tuple[tuple[str, int, int, int], ...]

    @property
    def off_site_percent(self) -> int:
        """非现场占比 among checks that were made."""
        made = self.agency_checks + self.off_site
        return self.off_site * 100 // made if made else 0


def burden_of_year(year: int) -> Burden:
    """Public figures of a year; five statements whatever the number of visits."""
    params = _params(year)
    totals = _rows(
        f"""
        WITH firms AS (
            SELECT visit.enterprise_id AS firm, {_DOORS} AS doors {_BEGUN} AND {_COUNTED} AND visit.mode = %(on_site)s
            GROUP BY 1)
        SELECT COALESCE(sum(doors), 0), count(*), COALESCE(max(doors), 0),
               count(*) FILTER (WHERE doors = 1), count(*) FILTER (WHERE doors = 2), count(*) FILTER (WHERE doors = 3),
               count(*) FILTER (WHERE doors > 3)
        FROM firms
        """,  # noqa: S608  # constants of this file
        params,
    )[0]
    checks = _rows(
        f"""
        SELECT count(*) FILTER (WHERE {_COUNTED} AND visit.mode = %(on_site)s), count(DISTINCT visit.joint_id),
               count(*) FILTER (WHERE NOT {_COUNTED}), count(*) FILTER (WHERE visit.mode <> %(on_site)s)
        {_BEGUN}
        """,
        params,
    )[0]
    rechecks = _rows(
        "SELECT count(*) FROM inspections_visit WHERE started_at >= %(since)s AND started_at < %(until)s"
        " AND parent_id IS NOT NULL",
        params,
    )[0][0]
    risk = {level: (done, firms) for level, done, firms in _rows(
        f"""
        WITH done AS (SELECT visit.enterprise_id, count(*) AS checks {_BEGUN} AND {_COUNTED} GROUP BY 1)
        SELECT firm.risk_level, COALESCE(sum(done.checks), 0), count(*)
        FROM registry_enterprise firm LEFT JOIN done ON done.enterprise_id = firm.id
        WHERE firm.merged_into_id IS NULL GROUP BY 1
        """,  # noqa: S608  # constants of this file
        params,
    )}  # fmt: skip
    organs = _rows(
        f"""
        SELECT organ.name, done.checks, done.exempt, done.joint FROM (
            SELECT visit.organ_id, count(*) FILTER (WHERE {_COUNTED}) AS checks,
                   count(*) FILTER (WHERE NOT {_COUNTED}) AS exempt, count(visit.joint_id) AS joint
            {_BEGUN} GROUP BY 1) done
        JOIN people_organ organ ON organ.id = done.organ_id ORDER BY done.checks DESC, organ.name
        """,  # noqa: S608  # constants of this file
        params,
    )
    levels = [(level.value, level.label) for level in RiskLevel]
    return Burden(
        year=year,
        doors=int(totals[0]),
        agency_checks=checks[0],
        joint_tasks=checks[1],
        exempt=checks[2],
        rechecks=rechecks,
        off_site=checks[3],
        firms=totals[1],
        most=totals[2],
        by_times=(("1", totals[3]), ("2", totals[4]), ("3", totals[5]), ("4+", totals[6])),
        by_risk=tuple(
            (label, int(risk.get(value, (0, 0))[0]), risk.get(value, (0, 0))[1]) for value, label in [*levels, ("", "")]
        ),
        by_organ=tuple((name, checks, exempt, joint) for name, checks, exempt, joint in organs),
    )


@dataclass(frozen=True)
class FirmBurden:
    """本企业被检查情况: what the enterprise sees of its own year, and the bureau of it."""

    year: int
    doors: int
    by_organ: tuple[tuple[str, int, int], ...]
    rechecks: int
    off_site: int


def burden_of_firm(enterprise_ids: Sequence[int], year: int) -> FirmBurden:
    """Begun checks of one enterprise (with its aliases) in a year: doors opened, and by agency counted and exempt."""
    params = {**_params(year), "firms": list(enterprise_ids)}
    of_firm = "AND visit.enterprise_id = ANY(%(firms)s)"
    doors, off_site = _rows(
        f"""
        SELECT {_DOORS} FILTER (WHERE visit.mode = %(on_site)s), count(*) FILTER (WHERE visit.mode <> %(on_site)s)
        {_BEGUN} {of_firm}
        """,
        params,
    )[0]
    organs = _rows(
        f"""
        SELECT organ.name, count(*) FILTER (WHERE {_COUNTED}), count(*) FILTER (WHERE NOT {_COUNTED})
        FROM inspections_visit visit JOIN people_organ organ ON organ.id = visit.organ_id
        WHERE visit.started_at >= %(since)s AND visit.started_at < %(until)s AND visit.parent_id IS NULL {of_firm}
        GROUP BY 1 ORDER BY 2 DESC, 1
        """,  # noqa: S608  # constants of this file
        params,
    )
    rechecks = _rows(
        f"""
        SELECT count(*) FROM inspections_visit visit
        WHERE started_at >= %(since)s AND started_at < %(until)s AND parent_id IS NOT NULL {of_firm}
        """,  # noqa: S608  # constants of this file
        params,
    )[0][0]
    return FirmBurden(year, doors, tuple(tuple(row) for row in organs), rechecks, off_site)


@dataclass(frozen=True)
class OfficerShare:
    """一名执法人员一年的检查: how many were finished, how many found nothing, and how many went to high-risk firms."""

    name: str
    checks: int
    no_problem: int
    high_risk: int

    @property
    def no_problem_percent(self) -> int:
        """未发现问题占比."""
        return self.no_problem * 100 // self.checks if self.checks else 0


def officers_of_year(organ_ids: Sequence[int], year: int) -> list[OfficerShare]:
    """By officer, for the organ's own leader: a share that stands out asks a question, it answers none."""
    rows = _rows(
        """
        SELECT officer.name, count(*), count(*) FILTER (WHERE visit.category = %(nothing)s),
               count(*) FILTER (WHERE firm.risk_level = ANY(%(high)s))
        FROM inspections_visit visit
        JOIN inspections_visitofficer seat ON seat.visit_id = visit.id
        JOIN people_officer officer ON officer.id = seat.officer_id
        JOIN registry_enterprise firm ON firm.id = visit.enterprise_id
        WHERE visit.started_at >= %(since)s AND visit.started_at < %(until)s AND visit.parent_id IS NULL
          AND visit.finished_at IS NOT NULL AND visit.organ_id = ANY(%(organs)s)
        GROUP BY officer.id, officer.name ORDER BY officer.name
        """,
        {
            **_params(year),
            "organs": list(organ_ids),
            "nothing": ResultCategory.NO_PROBLEM.value,
            "high": [RiskLevel.CONSIDERABLE.value, RiskLevel.MAJOR.value],
        },
    )
    return [OfficerShare(*row) for row in rows]


@dataclass(frozen=True)
class DepartmentShare:
    """一个科室一年的检查: begun, of these not counted to the cap, joint; and how many firms opened their door to it."""

    organ: str
    name: str
    checks: int
    exempt: int
    joint: int
    firms: int


def departments_of_year(organ_ids: Sequence[int] | None, year: int) -> list[DepartmentShare]:
    """By department of the officer who led; None for all organs. Each check counts once, whoever else went along.

    For the bureau and the supervisor only: the figures of a department of one officer would be that officer's.
    """
    rows = _rows(
        f"""
        SELECT organ.name, COALESCE(department.name, ''), done.checks, done.exempt, done.joint, done.firms FROM (
            SELECT visit.organ_id, lead.department_id, count(*) FILTER (WHERE {_COUNTED}) AS checks,
                   count(*) FILTER (WHERE NOT {_COUNTED}) AS exempt, count(visit.joint_id) AS joint,
                   count(DISTINCT visit.enterprise_id) AS firms
            FROM inspections_visit visit
            LEFT JOIN LATERAL (
                SELECT officer.department_id FROM inspections_visitofficer seat
                JOIN people_officer officer ON officer.id = seat.officer_id
                WHERE seat.visit_id = visit.id ORDER BY seat.position LIMIT 1) lead ON true
            WHERE visit.started_at >= %(since)s AND visit.started_at < %(until)s AND visit.parent_id IS NULL
              AND (%(organs)s::bigint[] IS NULL OR visit.organ_id = ANY(%(organs)s))
            GROUP BY 1, 2) done
        JOIN people_organ organ ON organ.id = done.organ_id
        LEFT JOIN people_department department ON department.id = done.department_id
        ORDER BY organ.name, done.checks DESC, 2
        """,  # noqa: S608  # constants of this file
        {**_params(year), "organs": None if organ_ids is None else list(organ_ids)},
    )
    return [DepartmentShare(*row) for row in rows]


def busiest_firms(organ_ids: Sequence[int], year: int) -> list[tuple[int, str, int, int]]:
    """The enterprises that opened their door most often: id, name, doors, agency checks; for the bureau's own eyes."""
    rows = _rows(
        f"""
        SELECT firm.id, firm.name, most.doors, most.checks FROM (
            SELECT visit.enterprise_id, {_DOORS} AS doors, count(*) AS checks {_BEGUN} AND visit.mode = %(on_site)s
            GROUP BY 1 HAVING bool_or(visit.organ_id = ANY(%(organs)s)) ORDER BY 2 DESC, 1 LIMIT %(limit)s) most
        JOIN registry_enterprise firm ON firm.id = most.enterprise_id ORDER BY most.doors DESC, firm.name
        """,  # noqa: S608  # constants of this file
        {**_params(year), "organs": list(organ_ids), "limit": SHOWN},
    )
    return [tuple(row) for row in rows]


def _params(year: int) -> dict[str, Any]:
    return {
        "since": datetime.combine(date(year, 1, 1), time.min, clock.CHINA),
        "until": datetime.combine(date(year + 1, 1, 1), time.min, clock.CHINA),
        "counted": sorted(COUNTED),
        "on_site": Mode.ON_SITE.value,
    }


def _rows(sql: str, params: Mapping[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[Any] = cursor.fetchall()
    return rows
