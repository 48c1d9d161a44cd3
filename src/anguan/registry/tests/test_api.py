"""The ledger over JSON."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, logged_in
from anguan.registry.models import Enterprise
from anguan.registry.services import make_findable

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def an_enterprise(name: str, credit_code: str) -> Enterprise:
    row = Enterprise(name=name, credit_code=credit_code, address="示例路1号", created_at=NOW, updated_at=NOW)
    make_findable(row)
    row.save()
    return row


def test_a_clerk_finds_an_enterprise_by_part_of_its_name() -> None:
    an_enterprise("示例天枢百货有限公司", "91519999MA000001XA")
    an_enterprise("示例天璇机械有限公司", "91519999MA000002XB")
    answer = logged_in(a_user("clerk", Role.CLERK)).get("/api/v1/enterprises", {"q": "枢百"}).json()
    assert [row["credit_code"] for row in answer["rows"]] == ["91519999MA000001XA"]
    assert answer["next"] == ""


def test_somebody_of_no_enterprise_finds_none() -> None:
    an_enterprise("示例天枢百货有限公司", "91519999MA000001XA")
    client = logged_in(a_user("auditor", Role.AUDIT_ADMIN))
    assert client.get("/api/v1/enterprises").json()["rows"] == []
    assert client.get("/api/v1/enterprises/91519999MA000001XA").status_code == 404


def test_without_logging_in_only_the_figures_answer(client: Client) -> None:
    assert client.get("/api/v1/enterprises").status_code == 401
    assert {row["key"] for row in client.get("/api/v1/figures").json()} >= {"complexes", "high_rises", "key_units"}


def test_the_api_describes_itself(client: Client) -> None:
    assert "/api/v1/enterprises" in client.get("/api/v1/openapi.json").json()["paths"]
