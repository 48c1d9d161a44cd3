"""A year of a city: enterprises, visits with their officers and results, hazards; seeded, loaded by COPY."""

import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

from anguan.checklists.models import InspectionItem
from anguan.checklists.services import load_shipped
from anguan.inspections.models import AnnualPlan, PlanRow, Publication, Visit, VisitOfficer
from anguan.people.models import Officer, Organ, User
from anguan.registry.models import Enterprise
from benchmarks import hazard_rows

ENTERPRISES, VISITS, HAZARDS, OFFICERS = 20_000, 200_000, 1_000_000, 40
KEY_EVERY = 10
# The key enterprises nobody has been to are the last of them.
OPEN_KEY = 300
NOW = hazard_rows.NOW
BEGAN = datetime(2026, 1, 4, 1, 0, tzinfo=UTC)

# Of 1000 visits of a year that is eleven months old.
STATES = [
    ("closed", 965),
    ("ordered", 25),
    ("approved", 6),
    ("on_site", 1),
    ("record_drafted", 1),
    ("order_drafted", 2),
]


def load(hazards: int = HAZARDS, visits: int = VISITS) -> None:
    """Fill Django's empty, migrated database. `officer0` is one of forty who share the visits."""
    hazard_rows.load(hazards, ENTERPRISES)
    load_shipped(NOW)
    organ = Organ.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_enterprise SET is_key = true WHERE id %% %s = 0", [KEY_EVERY])
        cursor.execute("UPDATE registry_enterprise SET risk_level = (ARRAY['A', 'B', 'C', 'D'])[1 + id %% 4]", [])
    officers = [_officer(organ, number) for number in range(OFFICERS)]
    firms = list(Enterprise.objects.order_by("pk").values_list("pk", "is_key"))
    key = [pk for pk, is_key in firms if is_key]
    unvisited = set(key[-OPEN_KEY:])
    _plan(organ)
    template = _a_visit(organ)
    targets = [pk for pk, _is_key in firms if pk not in unvisited]
    rows = list(_visits(targets, visits))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    _copy(Visit, template, rows)
    first = VisitOfficer(visit=template, officer=officers[0], position=0)
    _copy(VisitOfficer, first, _seats(rows, [officer.pk for officer in officers]))
    result = Publication(
        visit=template,
        due_on=date(2026, 12, 1),
        due_is_provisional=False,
        rule_version="D21 v1",
        calendar_version="benchmark",
        category="no_problem",
    )
    _copy(Publication, result, _results(rows))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _officer(organ: Organ, number: int) -> Officer:
    user = User.objects.create_user(username=f"officer{number}", name=f"执法员{number}")
    user.grants.create(role="officer", organ=organ)
    return Officer.objects.create(
        user=user, organ=organ, name=user.name, certificate_no=f"示例{number:04}", valid_to=date(2028, 12, 31)
    )


def _plan(organ: Organ) -> None:
    """A plan in force, so that coverage can say what the rest of the year holds."""
    plan = AnnualPlan.objects.create(
        organ=organ,
        year=2026,
        title="示例计划",
        state="published",
        staff=OFFICERS,
        capacity={
            "working_days": 248,
            "staff": OFFICERS,
            "other": "1000",
            "non": "1000",
            "needed": "7000",
            "provisional": False,
        },
        drafted_at=BEGAN,
        approved_at=BEGAN,
        filed_on=date(2026, 1, 4),
        filed_number="示例备〔2026〕1号",
        published_at=BEGAN,
    )
    PlanRow.objects.create(
        plan=plan,
        number=1,
        item=InspectionItem.objects.filter(checklist__isnull=False).order_by("pk")[0],
        basis="安全生产法第六十五条",
        target_kind="pool",
        targets="一般企业",
        pool_size=18_000,
        pool_count=2_000,
        content="安全生产",
        mode="on_site",
        months=[3, 4, 5],
    )


def _a_visit(organ: Organ) -> Visit:
    item = InspectionItem.objects.filter(checklist__isnull=False).order_by("pk")[0]
    assert item.checklist is not None
    return Visit(
        uid=UUID(int=1),
        kind="key",
        trigger="plan",
        enterprise=Enterprise.objects.order_by("pk")[0],
        organ=organ,
        item=item,
        checklist=item.checklist,
        why_on_site="须看现场的设备设施和作业情况，资料和数据看不出来",
        reason="年度计划列入的重点检查对象，上次检查发现的问题须一并核对整改情况",
        applied_at=BEGAN,
        applied_by_id="1",
        applied_by_name="示例执法员",
        decided_note="同意，按计划实施",
        code_no="示例检〔2026〕000000号",
        cap_rule="inspection-caps v1",
        cap_used=1,
        cap=2,
        latitude="30.512345",
        longitude="105.571234",
        accuracy_m=12,
        host="示例经理",
        note="现场核对了上次检查的整改情况，企业安全管理人员全程在场",
        due_on=date(2026, 12, 1),
        approved_at=BEGAN,
        approved_by_name="示例负责人",
    )


def _visits(firms: list[int], count: int) -> Iterator[dict[str, Any]]:
    rng = random.Random(20261126)
    states = [state for state, share in STATES for _ in range(share)]
    step = (NOW - BEGAN) / count
    for number in range(1, count + 1):
        state = rng.choice(states)
        began = BEGAN + step * number
        over = state in {"closed", "ordered"}
        yield {
            "id": number,
            "uid": UUID(int=rng.getrandbits(128), version=4),
            "code_no": f"示例检〔2026〕{number}号",
            "enterprise_id": firms[rng.randrange(len(firms))],
            "state": state,
            "due_on": began.date() + timedelta(days=20),
            "started_at": None if state == "approved" else began,
            "finished_at": began if over else None,
            "closed_at": began if state == "closed" else None,
            "category": "" if not over else "ordered" if state == "ordered" else rng.choice(["no_problem", "ordered"]),
        }


def _seats(visits: list[dict[str, Any]], officers: list[int]) -> Iterator[dict[str, Any]]:
    rng = random.Random(11)
    number = 0
    for visit in visits:
        for position, officer in enumerate(rng.sample(officers, 2)):
            number += 1
            yield {"id": number, "visit_id": visit["id"], "officer_id": officer, "position": position}


def _results(visits: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for number, visit in enumerate((visit for visit in visits if visit["category"]), start=1):
        done = number % 100
        yield {
            "id": number,
            "visit_id": visit["id"],
            "category": visit["category"],
            "due_on": visit["due_on"] + timedelta(days=10),
            "published_at": visit["finished_at"] if done else None,
        }


def _copy(model: type[Model], template: Model, rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows that are like the template but for what each says; every column is written, so new ones are no trouble."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    names = [field.attname for field in fields]
    common = [field.get_db_prep_save(getattr(template, field.attname), connection) for field in fields]
    places = {name: place for place, name in enumerate(names)}
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            values = common.copy()
            for name, value in row.items():
                values[places[name]] = value
            copy.write_row(values)
