"""Rule records: what ships, how a version is chosen, how they are stored."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import anguan
from anguan.core.periods import Unit, due, latest_start
from anguan.ground.access import Actor
from anguan.ground.calendars import shipped_calendar
from anguan.ground.models import AuditRecord
from anguan.ground.rules import Kind, Rule, UnknownRule, selectors, shipped_rule, shipped_rules
from anguan.ground.rules.document import statutes_markdown
from anguan.ground.rules.models import RuleRecord
from anguan.ground.rules.records import choose
from anguan.ground.rules.services import RuleChanged, load_rules, record_rule

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ADMINISTRATOR = Actor(kind="user", id="1", name="系统管理员")
STATUTES = Path(anguan.__file__).parents[2] / "docs" / "statutes.md"

WORKING, CALENDAR, MONTHS, HOURS = Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS, Unit.HOURS

# The deadline table of the enforcement notes: number, unit and whether the last day rolls over a day off.
PERIODS = {
    "D01": (7, WORKING, False),
    "D02": (90, CALENDAR, True),
    "D03": (5, WORKING, False),
    "D05": (7, WORKING, False),
    "D06": (15, CALENDAR, True),
    "D08": (7, WORKING, False),
    "D09": (3, WORKING, False),
    "D11": (60, CALENDAR, True),
    "D12a": (6, MONTHS, True),
    "D12b": (15, CALENDAR, True),
    "D14": (10, WORKING, False),
    "D15": (3, MONTHS, True),
    "D16": (5, WORKING, False),
    "D17": (30, CALENDAR, False),
    "D18": (24, HOURS, False),
    "D20": (24, HOURS, False),
    "D21": (20, WORKING, False),
}


@pytest.mark.parametrize("rule_id", PERIODS)
def test_a_single_period_is_the_one_of_the_deadline_table(rule_id: str) -> None:
    rule = shipped_rule(rule_id, TODAY)
    assert rule.kind is Kind.PERIOD
    assert (rule.count, rule.unit, rule.roll_forward) == PERIODS[rule_id]
    assert rule.source
    assert rule.title


def test_the_other_rules_of_the_table_are_no_single_periods() -> None:
    single = {rule.id for rule in shipped_rules() if rule.kind is Kind.PERIOD and rule.id.startswith("D")}
    assert single == set(PERIODS)
    numbers = {rule.id.rstrip("ab") for rule in shipped_rules() if rule.id.startswith("D")}
    assert numbers == {f"D{number:02}" for number in range(1, 33)}


@pytest.mark.parametrize(
    ("rule_id", "start", "expected"),
    [
        pytest.param("D03", "2026-09-30", "2026-10-13", id="节前最后一个工作日告知听证权利"),
        pytest.param("D02", "2026-03-02", "2026-06-01", id="立案九十日届满在星期日"),
        pytest.param("D08", "2026-04-30", "2026-05-13", id="决定公示跨过劳动节，计入5月9日调休"),
        pytest.param("D06", "2026-09-16", "2026-10-08", id="缴款期届满在国庆节"),
        pytest.param("D17", "2026-09-01", "2026-10-01", id="查封三十日届满在国庆节，不顺延"),
        pytest.param("D12a", "2026-04-01", "2026-10-08", id="起诉期六个月届满在国庆节"),
        pytest.param("D15", "2025-11-30", "2026-02-28", id="三个月没有对应日，止于月末；当日调休上班"),
        pytest.param("D21", "2026-11-23", "2026-12-21", id="抽查结果二十个工作日"),
    ],
)
def test_shipped_rules_on_the_shipped_calendar(rule_id: str, start: str, expected: str) -> None:
    day = date.fromisoformat(start)
    result = due(day, shipped_rule(rule_id, day).period, shipped_calendar())
    assert result.due == date.fromisoformat(expected)
    assert not result.provisional


def test_the_hearing_notice_counts_backward() -> None:
    rule = shipped_rule("D04", TODAY)
    assert rule.kind is Kind.BACKWARD
    assert latest_start(date(2026, 11, 27), rule.period, shipped_calendar()).due == date(2026, 11, 17)


def test_only_wording_read_in_the_full_text_is_verified() -> None:
    assert all(rule.verified == (rule.tag == "L") for rule in shipped_rules())
    assert {rule.id for rule in shipped_rules() if rule.kind is Kind.PERIOD and not rule.verified} == {
        "D21",
        "announcement-service",
    }
    assert not shipped_rule("D22", TODAY).verified


def test_each_rule_version_is_there_once() -> None:
    keys = [(rule.id, rule.jurisdiction, rule.version) for rule in shipped_rules()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("on", "version"),
    [
        pytest.param(date(2026, 1, 31), 1, id="旧办法最后一日"),
        pytest.param(date(2026, 2, 1), 2, id="新办法施行之日"),
        pytest.param(TODAY, 2, id="今日"),
    ],
)
def test_the_version_in_force_on_the_day_is_chosen(on: date, version: int) -> None:
    assert shipped_rule("D22", on).version == version


def test_before_its_first_known_version_a_rule_answers_with_that_and_says_so() -> None:
    rule = shipped_rule("D08", date(2020, 1, 1))
    assert rule.version == 1
    assert not rule.covers(date(2020, 1, 1))


def test_a_new_version_ends_the_old_one_without_touching_it() -> None:
    old = replace(shipped_rule("D27", TODAY), valid_from=date(2020, 1, 1))
    new = replace(old, version=2, count=45, valid_from=date(2026, 1, 1))
    assert choose([new, old], date(2025, 12, 31)) == old
    assert choose([new, old], date(2026, 1, 1)) == new


def test_an_unknown_rule_is_named() -> None:
    with pytest.raises(UnknownRule, match="D99"):
        shipped_rule("D99", TODAY)


def test_the_page_of_statutes_is_the_one_that_the_records_give() -> None:
    assert STATUTES.read_text(encoding="utf-8") == statutes_markdown(), "run `anguan rules document`"


def test_the_page_of_statutes_names_every_record_with_source_and_flag() -> None:
    lines = statutes_markdown().splitlines()
    for rule in shipped_rules():
        row = next(line for line in lines if line.startswith(f"| {rule.id} | {rule.version} | {rule.title} |"))
        assert rule.source in row
        assert ("| 已核对 " in row) == rule.verified


@pytest.mark.django_db
class TestStoredRules:
    """Rules in the database: loaded once, followed by versions, never overwritten."""

    def test_loading_twice_changes_nothing(self) -> None:
        first = load_rules(now=NOW)
        assert first.created == len(shipped_rules()) == RuleRecord.objects.count()
        records = AuditRecord.objects.count()
        again = load_rules(now=NOW)
        assert (again.created, again.mended) == (0, 0)
        assert AuditRecord.objects.count() == records

    def test_a_stored_rule_is_the_shipped_one(self) -> None:
        load_rules(now=NOW)
        for rule in shipped_rules():
            stored = selectors.rule(rule.id, TODAY, rule.jurisdiction)
            assert stored == shipped_rule(rule.id, TODAY, rule.jurisdiction)
            assert stored.fingerprint == shipped_rule(rule.id, TODAY, rule.jurisdiction).fingerprint

    def test_without_stored_rules_the_shipped_ones_answer(self) -> None:
        assert selectors.rule("D02", TODAY) == shipped_rule("D02", TODAY)
        with pytest.raises(UnknownRule):
            selectors.rule("D99", TODAY)

    def test_a_changed_rule_under_an_old_version_is_refused_and_nothing_is_overwritten(self) -> None:
        load_rules(now=NOW)
        changed = replace(shipped_rule("D02", TODAY), count=60)
        with pytest.raises(RuleChanged, match="D02 第 1 版"):
            record_rule(rule=changed, actor=ADMINISTRATOR, now=NOW)
        assert selectors.rule("D02", TODAY).count == 90

    def test_the_next_version_is_used_from_its_day_on(self) -> None:
        load_rules(now=NOW)
        changed = replace(shipped_rule("D02", TODAY), version=2, count=60, valid_from=date(2027, 1, 1))
        record_rule(rule=changed, actor=ADMINISTRATOR, now=NOW)
        assert selectors.rule("D02", TODAY).count == 90
        assert selectors.rule("D02", date(2027, 1, 1)) == changed

    def test_a_place_has_its_own_number_and_others_keep_the_national_one(self) -> None:
        load_rules(now=NOW)
        local: Rule = replace(shipped_rule("D27", TODAY), jurisdiction="51", count=45)
        record_rule(rule=local, actor=ADMINISTRATOR, now=NOW)
        assert selectors.rule("D27", TODAY, "51").count == 45
        assert selectors.rule("D27", TODAY, "37").count == 60

    def test_mended_wording_is_taken_over_and_recorded(self) -> None:
        load_rules(now=NOW)
        record_rule(rule=replace(shipped_rule("D02", TODAY), note="改了说明"), actor=ADMINISTRATOR, now=NOW)
        assert selectors.rule("D02", TODAY).note == "改了说明"
        record = AuditRecord.objects.latest("id")
        assert record.action == "ground.mend_rule_wording"
        assert record.after is not None
        assert record.after["note"] == "改了说明"

    def test_rules_in_force_that_nobody_checked_are_named(self) -> None:
        load_rules(now=NOW)
        unverified = {(rule.id, rule.version) for rule in selectors.unverified_in_force(TODAY)}
        assert ("D22", 2) in unverified
        assert ("D22", 1) not in unverified
        assert ("D02", 1) not in unverified
