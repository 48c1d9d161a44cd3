"""审计: what was written can be proven later, and any later change shows."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from anguan.ground import audit
from anguan.ground.access import SYSTEM, Actor
from anguan.ground.models import AuditHead, AuditRecord, AuditSeal, NumberSeries

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
OFFICER = Actor(kind="user", id="7", name="执法人员甲", organ_id=3)


def write(number: int, actor: Actor = OFFICER) -> None:
    audit.record(
        actor=actor,
        action="hazards.close",
        subject=("hazards.hazard", str(number)),
        now=NOW + timedelta(seconds=number),
        before={"state": "verified"},
        after={"state": "closed", "号": number},
    )


def edit(sql: str) -> None:
    """Change a row behind the program's back, as somebody with the database's keys could."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = DEFAULT")


def test_an_untouched_chain_verifies_with_one_chain_per_organ() -> None:
    for number in range(5):
        write(number)
    write(9, SYSTEM)
    answer = audit.verify(NOW + timedelta(minutes=1))
    assert (answer.records, answer.fault) == (6, None)
    assert list(AuditHead.objects.order_by("chain").values_list("chain", "position")) == [(0, 1), (3, 5)]


def test_the_root_changes_with_every_record() -> None:
    write(1)
    first = audit.verify(NOW).root
    write(2)
    assert audit.verify(NOW).root != first


@pytest.mark.parametrize(
    ("tampering", "word"),
    [
        pytest.param(
            "UPDATE ground_auditrecord SET after = '{\"state\": \"open\"}' WHERE subject_id = '2'", "哈希", id="改内容"
        ),
        pytest.param("UPDATE ground_auditrecord SET actor_name = '别人' WHERE subject_id = '2'", "哈希", id="改人"),
        pytest.param(
            "UPDATE ground_auditrecord SET at = at + interval '1 day' WHERE subject_id = '2'", "哈希", id="倒填日期"
        ),
        pytest.param(
            "DELETE FROM ground_auditseal WHERE position = 3; DELETE FROM ground_auditrecord WHERE subject_id = '2'",
            "缺少第 3 条",
            id="抽掉一条",
        ),
        pytest.param(
            "DELETE FROM ground_auditseal WHERE position = 5; DELETE FROM ground_auditrecord WHERE subject_id = '4'",
            "尾部",
            id="截尾",
        ),
        pytest.param("UPDATE ground_auditseal SET hash = repeat('0', 64) WHERE position = 2", "衔接", id="改链"),
    ],
)
def test_tampering_is_found_and_named(tampering: str, word: str) -> None:
    for number in range(5):
        write(number)
    audit.seal_all(NOW)
    edit(tampering)
    fault = audit.verify(NOW + timedelta(minutes=1)).fault
    assert fault is not None
    assert word in fault


def test_the_database_refuses_an_update_of_a_record() -> None:
    write(1)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        AuditRecord.objects.update(actor_name="别人")


def test_a_record_left_unsealed_for_longer_than_ten_seconds_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    write(1)
    monkeypatch.setattr(audit, "seal_all", lambda now: 0)
    fault = audit.verify(NOW + timedelta(minutes=1)).fault
    assert fault is not None
    assert "未封存" in fault


def test_sealing_twice_links_a_record_once() -> None:
    write(1)
    assert audit.seal_pending(NOW) == 1
    assert audit.seal_pending(NOW) == 0
    assert AuditSeal.objects.count() == 1


def test_a_rolled_back_act_leaves_no_record() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        write(1)
        raise RuntimeError
    assert not AuditRecord.objects.exists()


def test_changes_name_only_what_changed() -> None:
    write(1)
    row = AuditRecord.objects.get()
    assert audit.changes(row) == [("state", "verified", "closed"), ("号", None, 1)]


def test_many_records_written_at_once_are_the_same_as_one_by_one() -> None:
    series = NumberSeries.objects.create(organ_id=3, prefix="应急责改", year=2026)
    one = {"name": "示例甲", "on": NOW.date(), "tags": ["a", "b"], "height": Decimal("27.50")}
    audit.record(actor=OFFICER, action="ground.x", subject=series, now=NOW, after=one, cause="台账.xlsx")
    same = audit.plain(one)
    entries = [audit.Entry("ground.x", str(series.pk), None, same), audit.Entry("ground.y", "8", {"a": 1}, {"a": None})]
    assert audit.record_many(actor=OFFICER, subject_type=NumberSeries, entries=entries, now=NOW, cause="台账.xlsx") == 2
    first, second, third = AuditRecord.objects.order_by("id")
    assert (first.content_hash, first.after, first.before) == (second.content_hash, second.after, second.before)
    assert (third.subject_type, third.subject_id, third.before, third.after) == (
        "ground.numberseries",
        "8",
        {"a": 1},
        {"a": None},
    )
    assert audit.verify(NOW + timedelta(minutes=1)) == audit.Verification(3, audit.root(), None)


def test_a_record_committed_far_below_the_newest_is_linked_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_RECENT", 2)
    for number in range(6):
        write(number)
    late = AuditRecord.objects.earliest("id").pk
    audit.seal_all(NOW)
    # As if a long transaction had committed its first record only now.
    edit("DELETE FROM ground_auditseal; DELETE FROM ground_audithead")
    AuditSeal.objects.create(record_id=late + 5, chain=3, position=1, hash=sealed_hash(late + 5), sealed_at=NOW)
    AuditHead.objects.create(chain=3, position=1, hash=sealed_hash(late + 5))
    assert audit.seal_pending(NOW) == 1
    assert audit.seal_all(NOW) == 4
    assert audit.verify(NOW).fault is None


def sealed_hash(record_id: int) -> str:
    """The first link of a chain that begins with this record."""
    return audit.link_hash(audit.GENESIS, 1, AuditRecord.objects.get(pk=record_id).content_hash)


def test_a_record_that_is_sealed_while_the_chain_is_verified_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    write(1)
    audit.seal_all(NOW)
    honest = AuditHead.objects.values_list

    class Heads:
        """The ends as they are read, and at once the sealer goes on."""

        def values_list(self, *names: str) -> list[tuple[int, int]]:
            read = list(honest(*names))
            write(2)
            write(3, Actor(kind="user", id="8", name="执法人员乙", organ_id=4))
            audit.seal_all(NOW)
            return read

        def __getattr__(self, name: str) -> object:
            return getattr(AuditHead._default_manager, name)

    monkeypatch.setattr(AuditHead, "objects", Heads())
    assert list(audit._faults(NOW)) == []
