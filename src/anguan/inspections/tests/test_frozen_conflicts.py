"""Whoever found nothing at a firm time and again is not drawn for it before that is explained."""

import json
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from anguan.inspections import draws, selectors
from anguan.inspections.models import BatchConflict
from anguan.inspections.rules import StratumPlan
from anguan.inspections.services import visits
from anguan.inspections.tests.builders import MONDAY, Cast, a_cast, actor_of, committed, opened
from anguan.inspections.tests.visit_builders import checked
from anguan.people.models import Officer
from anguan.registry.models import DeclaredConflict, Enterprise

pytestmark = pytest.mark.django_db


def found_nothing(cast: Cast, firm: Enterprise, officers: Sequence[Officer]) -> None:
    for days in (90, 60, 30):
        checked(cast, firm, MONDAY - timedelta(days=days), officers=officers, count_class="none")


def test_a_blocked_pair_is_skipped_as_a_conflict_and_the_bundle_verifies() -> None:
    cast = a_cast(enterprises=3)
    one, other, third = cast.enterprises
    first, second, *rest = cast.officers
    found_nothing(cast, one, [first, *rest])
    found_nothing(cast, other, rest)
    found_nothing(cast, third, [second])
    visits.explain_empty_checks(
        officer=second, enterprise=third, reason="熟悉工艺", actor=actor_of(cast.leader), now=MONDAY
    )
    DeclaredConflict.objects.create(
        officer=rest[0], enterprise=other, kind="relative", since=date(2026, 1, 1), source="本人申报",
        declared_at=MONDAY, declared_by_name="本人",
    )  # fmt: skip
    batch = opened(committed(cast, strata=[StratumPlan("人员密集场所", targets=3, alternates=0)]))
    kinds = {
        (row.officer.officer_id, row.target.enterprise_id): row.kind
        for row in batch.conflicts.select_related("officer", "target")
    }
    assert kinds == {
        (first.pk, one.pk): "empty_checks",
        (rest[0].pk, one.pk): "empty_checks",
        (rest[1].pk, one.pk): "empty_checks",
        (rest[0].pk, other.pk): "declared",
        (rest[1].pk, other.pk): "empty_checks",
    }
    bundle = selectors.bundle_of(batch)
    # What is published tells a declared conflict and an unexplained row of empty checks not apart.
    assert [row["reason"] for row in bundle["conflicts"]] == ["declared"] * 5
    assert draws.verify(draws.parse(json.dumps(bundle, ensure_ascii=False).encode())).targets == 3
    names = {row.officer_id: row.pseudonym for row in batch.officers.all()}
    targets = {entry.pseudonym: entry.enterprise_id for entry in batch.pool.all()}
    drawn = {targets[target["id"]]: target for target in bundle["result"]["targets"]}
    assert drawn[one.pk]["unstaffed"], "one officer alone makes no team"
    assert {(row["officer"], row["reason"]) for row in drawn[one.pk]["skipped"]} == {
        (names[officer.pk], "conflict") for officer in (first, *rest)
    }
    assert set(drawn[other.pk]["officers"]) == {names[first.pk], names[second.pk]}


def test_the_database_keeps_a_declared_conflict_with_its_declaration() -> None:
    cast = a_cast(enterprises=3)
    found_nothing(cast, cast.enterprises[0], cast.officers[:1])
    committed(cast)
    with pytest.raises(IntegrityError, match="a_declared_conflict_names_its_declaration"), transaction.atomic():
        BatchConflict.objects.update(kind="declared")
