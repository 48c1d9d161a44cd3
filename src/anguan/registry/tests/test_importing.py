"""导入: what a file does to the ledger, and what it leaves alone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.ground.models import AuditRecord
from anguan.people.models import Expert, Officer, Organ
from anguan.people.tests.builders import an_organ
from anguan.registry.models import Building, Enterprise, KeyUnit, Site, Tenant
from anguan.registry.selectors import matching
from anguan.registry.services import Outcome, end_recusal, import_sheet, merge_enterprises
from anguan.registry.sheets.columns import KINDS
from anguan.registry.sheets.reading import open_sheet

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CLERK = Actor(kind="user", id="7", name="内勤示例", organ_id=1)
# Made with the check characters of GB 32100 by hand from region 519999, which does not exist.
MALL, BAKERY, BUILDER = "91519999MA0000001T", "91519999MA0000002X", "91519999MA00000031"


def a_file(headers: str, *rows: str) -> bytes:
    """A workbook whose cells are texts, as `|` cuts them."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (headers, *rows):
        sheet.append(line.split("|"))
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def imported(kind: str, headers: str, *rows: str, now: datetime = NOW, **how: Any) -> Outcome:
    sheet = open_sheet(a_file(headers, *rows), KINDS[kind])
    return import_sheet(sheet=sheet, actor=CLERK, now=now, cause="台账.xlsx", **how)


def statuses(outcome: Outcome) -> list[str]:
    return [row.status.value for row in outcome.rows]


FIRMS = "单位名称|统一社会信用代码|地址|风险等级|从业人数|状态"
TWO = (f"示例商场有限公司|{MALL}|示例路1号|C|260|在营", f"示例重庆面馆|{BAKERY}|示例路2号|||")


def test_a_file_of_new_enterprises_creates_each_with_a_record() -> None:
    outcome = imported("enterprise", FIRMS, *TWO)
    assert statuses(outcome) == ["created", "created"]
    assert outcome.is_written
    mall = Enterprise.objects.get(credit_code=MALL)
    assert [row.id for row in outcome.rows] == [mall.pk, Enterprise.objects.get(credit_code=BAKERY).pk]
    assert (mall.name, mall.risk_level, mall.employees, mall.status) == ("示例商场有限公司", "C", 260, "operating")
    (record,) = audit.history(mall)
    assert record.after is not None
    assert (record.action, record.actor_name, record.cause, record.after["name"]) == (
        "registry.create",
        "内勤示例",
        "台账.xlsx",
        "示例商场有限公司",
    )
    assert audit.verify(NOW + timedelta(minutes=1)).fault is None


def test_the_same_file_again_changes_nothing_and_leaves_no_record() -> None:
    imported("enterprise", FIRMS, *TWO)
    before = AuditRecord.objects.count()
    assert statuses(imported("enterprise", FIRMS, *TWO, now=NOW + timedelta(days=1))) == ["unchanged", "unchanged"]
    assert AuditRecord.objects.count() == before
    assert set(Enterprise.objects.values_list("updated_at", flat=True)) == {NOW}


def test_a_changed_row_is_updated_under_its_id_and_its_history_is_kept() -> None:
    first = imported("enterprise", FIRMS, *TWO)
    later = NOW + timedelta(days=30)
    changed = f"示例新商场有限公司|{MALL}|示例路1号|D|260|停产"
    outcome = imported("enterprise", FIRMS, changed, TWO[1], now=later)
    assert statuses(outcome) == ["updated", "unchanged"]
    assert outcome.rows[0].id == first.rows[0].id
    mall = Enterprise.objects.get(credit_code=MALL)
    assert (mall.name, mall.risk_level, mall.status, mall.created_at) == ("示例新商场有限公司", "D", "suspended", NOW)
    newest = audit.history(mall)[0]
    assert audit.changes(newest) == [
        ("name", "示例商场有限公司", "示例新商场有限公司"),
        ("risk_level", "C", "D"),
        ("status", "operating", "suspended"),
    ]
    assert audit.verify(later + timedelta(minutes=1)).fault is None
    assert matching(Enterprise.objects.all(), "新商场").get() == mall


def test_a_blank_cell_and_a_missing_column_leave_the_ledger_as_it_is() -> None:
    imported("enterprise", FIRMS, *TWO)
    blank = f"示例商场有限公司|{MALL}|示例路1号|||"
    assert statuses(imported("enterprise", FIRMS, blank)) == ["unchanged"]
    short = imported("enterprise", "单位名称|统一社会信用代码|地址", f"示例商场有限公司|{MALL}|示例路1号")
    assert statuses(short) == ["unchanged"]
    assert Enterprise.objects.get(credit_code=MALL).employees == 260


FAULTY = f"示例错码有限公司|{MALL[:-1]}0|示例路3号|C||"


def test_one_wrong_row_keeps_the_whole_file_out() -> None:
    outcome = imported("enterprise", FIRMS, *TWO, FAULTY)
    assert statuses(outcome) == ["created", "created", "refused"]
    assert not outcome.is_written
    assert [row.id for row in outcome.rows] == [None, None, None]
    assert (Enterprise.objects.count(), AuditRecord.objects.count()) == (0, 0)
    (problem,) = outcome.rows[2].problems
    assert (problem.column, problem.cell) == ("统一社会信用代码", "B4")


def test_partial_writes_the_sound_rows_only() -> None:
    outcome = imported("enterprise", FIRMS, *TWO, FAULTY, partial=True)
    assert outcome.is_written
    assert Enterprise.objects.count() == 2
    assert outcome.summary() == {
        "rows": 3,
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "refused": 1,
        "duplicate": 0,
        "skipped": 0,
        "written": True,
    }


def test_a_code_that_comes_twice_is_a_duplicate_and_says_of_which_row() -> None:
    outcome = imported("enterprise", FIRMS, *TWO, TWO[0])
    assert statuses(outcome) == ["created", "created", "duplicate"]
    assert "第 2 行" in outcome.rows[2].problems[0].message
    assert Enterprise.objects.count() == 0


def test_a_trial_tells_everything_and_writes_nothing() -> None:
    imported("enterprise", FIRMS, TWO[0])
    outcome = imported("enterprise", FIRMS, TWO[0].replace("260", "261"), TWO[1], dry_run=True)
    assert statuses(outcome) == ["updated", "created"]
    assert not outcome.is_written
    assert Enterprise.objects.get().employees == 260


SITES = "工程名称|施工许可证号|施工单位信用代码|地址|开工日期"


def test_a_site_of_an_unknown_builder_is_refused_at_its_cell() -> None:
    row = f"示例花园二期|示例施0001|{BUILDER}|示例路9号|2026-03-01"
    outcome = imported("site", SITES, row)
    assert statuses(outcome) == ["refused"]
    (problem,) = outcome.rows[0].problems
    assert (problem.column, problem.header, problem.value, problem.cell) == (
        "施工单位信用代码",
        "施工单位信用代码",
        BUILDER,
        "C2",
    )
    assert BUILDER in problem.message
    imported("enterprise", FIRMS, f"示例建筑有限公司|{BUILDER}|示例路9号|||")
    assert statuses(imported("site", SITES, row)) == ["created"]
    assert Site.objects.get().contractor.credit_code == BUILDER


BUILDINGS = "建筑名称|地址|建筑高度|地上层数|使用性质|管理单位信用代码"


def test_a_building_is_known_by_name_and_address_whatever_their_width() -> None:
    imported("enterprise", FIRMS, *TWO)
    row = f"示例大厦(A座)|示例路１号|54.6|18|公共|{MALL}"
    assert statuses(imported("building", BUILDINGS, row)) == ["created"]
    tower = Building.objects.get()
    assert tower.is_high_rise
    assert tower.manager is not None
    assert tower.manager.credit_code == MALL
    again = f"示例大厦（Ａ座）|示例路 1号|20|18|公共|{MALL}"
    assert statuses(imported("building", BUILDINGS, again)) == ["updated"]
    tower.refresh_from_db()
    assert (tower.height_m, tower.is_high_rise, tower.name) == (Decimal("20.00"), False, "示例大厦(A座)")
    assert ("is_high_rise", True, False) in audit.changes(audit.history(tower)[0])
    assert statuses(imported("building", BUILDINGS, row.replace(MALL, BUILDER))) == ["refused"]


def test_key_units_hang_on_their_enterprise_and_building() -> None:
    imported("enterprise", FIRMS, *TWO)
    imported("building", BUILDINGS, "示例大厦|示例路1号|54.6|18|公共|")
    headers = "单位名称|统一社会信用代码|列管类别|所在建筑|确定日期"
    row = f"示例商场|{MALL}|公众聚集场所|示例大厦|2024-03-01"
    assert statuses(imported("key-unit", headers, row)) == ["created"]
    unit = KeyUnit.objects.get()
    assert (unit.enterprise.credit_code, unit.building, unit.designated_on) == (
        MALL,
        Building.objects.get(),
        date(2024, 3, 1),
    )
    assert statuses(imported("key-unit", headers, row)) == ["unchanged"]
    assert statuses(imported("key-unit", headers, row.replace(MALL, BUILDER))) == ["refused"]


def test_officers_belong_to_an_organ_that_is_known_by_name() -> None:
    an_organ("示例区应急管理分局")
    headers = "姓名|单位|执法证号|有效期至|执法领域|可任组长"
    row = "王示例|示例区应急管理分局|示例0001|2028-12-31|消防、危化|是"
    assert statuses(imported("officer", headers, row)) == ["created"]
    officer = Officer.objects.get()
    assert (officer.specialities, officer.can_lead, officer.capacity) == (["消防", "危化"], True, 5)
    assert statuses(imported("officer", headers, row)) == ["unchanged"]
    strange = imported("officer", headers, row.replace("示例区应急管理分局", "别的局"))
    assert "示例区应急管理分局" in strange.rows[0].problems[0].message


PLACED = "单位名称|统一社会信用代码|地址|经度|纬度"
# The published pair of Shanghai, GCJ-02 and WGS-84 with six places.
IN_GCJ02, IN_WGS84 = "121.531542|31.175304", (Decimal("121.527211"), Decimal("31.177428"))


def test_a_position_of_the_market_is_turned_into_the_ledgers_system() -> None:
    row = f"示例商场有限公司|{MALL}|示例路1号|{IN_GCJ02}"
    assert statuses(imported("enterprise", PLACED, row, coordinates="gcj02")) == ["created"]
    firm = Enterprise.objects.get()
    assert (firm.longitude, firm.latitude, firm.given_in) == (*IN_WGS84, "gcj02")
    assert statuses(imported("enterprise", PLACED, row, coordinates="gcj02")) == ["unchanged"]
    assert statuses(imported("enterprise", f"{PLACED}|坐标系", f"{row}|高德")) == ["unchanged"]
    # Exported it stands in our own system, which is no news either.
    kept = row.replace(IN_GCJ02, f"{firm.longitude}|{firm.latitude}")
    assert statuses(imported("enterprise", f"{PLACED}|坐标系", f"{kept}|CGCS2000")) == ["unchanged"]
    # The column of a row goes before what was said of the whole file.
    assert statuses(imported("enterprise", f"{PLACED}|坐标系", f"{kept}|WGS-84", coordinates="bd09")) == ["unchanged"]
    assert statuses(imported("enterprise", PLACED, row)) == ["updated"]
    firm.refresh_from_db()
    assert (str(firm.longitude), firm.given_in) == ("121.531542", "cgcs2000")


def test_a_row_without_a_position_names_no_system() -> None:
    row = f"示例商场有限公司|{MALL}|示例路1号|||高德"
    imported("enterprise", f"{PLACED}|坐标系", row)
    assert Enterprise.objects.get().given_in == ""


MALLS = "综合体名称|运营管理单位信用代码|地址"
SHOPS = "综合体|铺位号|商户名称|信用代码|业态|24小时供电|用气|负责人|联系电话"


def test_shops_stand_in_a_complex_that_is_known_by_name() -> None:
    row = f"示例广场|1-11|示例重庆面馆|{BAKERY}|餐饮|否|是|赵示例|13800000000"
    assert "还没有登记任何综合体" in imported("tenant", SHOPS, row).rows[0].problems[0].message
    imported("enterprise", FIRMS, *TWO)
    assert statuses(imported("complex", MALLS, f"示例广场|{MALL}|示例路1号")) == ["created"]
    assert statuses(imported("complex", MALLS, f"示例广场|{MALL}|示例路1号")) == ["unchanged"]

    # 1-11 and 11-1 are two units, however alike they are without the dash.
    other = "示例广场|11-1|示例书店||零售||||"
    assert statuses(imported("tenant", SHOPS, row, other)) == ["created", "created"]
    shop = Tenant.objects.get(unit_no="1-11")
    assert (shop.complex.name, shop.enterprise.credit_code if shop.enterprise else "") == ("示例广场", BAKERY)
    assert (shop.uses_gas, shop.powered_all_night, shop.phone) == (True, False, "13800000000")
    assert statuses(imported("tenant", SHOPS, row, other)) == ["unchanged", "unchanged"]
    assert statuses(imported("tenant", SHOPS, row.replace("1-11", "１-11"))) == ["unchanged"]
    assert statuses(imported("tenant", SHOPS, row, row)) == ["unchanged", "duplicate"]

    strange = imported("tenant", SHOPS, row.replace("示例广场", "示例天街"), other.replace("零售", "书店"))
    assert statuses(strange) == ["refused", "updated"]
    assert strange.rows[0].problems[0].message == "没有名为“示例天街”的综合体，已登记的有：示例广场"
    assert not strange.is_written


EXPERTS = "姓名|单位|专业|职称|聘期至|回避单位"


def test_experts_come_with_the_firms_they_keep_away_from() -> None:
    Organ.objects.create(pk=CLERK.organ_id, name="示例区应急管理分局", short_name="示例", kind="branch")
    imported("enterprise", FIRMS, *TWO)
    row = f"孙示例|示例安全技术中心|消防工程、电气|高级工程师|2027-12-31|示例商场有限公司；{BAKERY}"
    assert statuses(imported("expert", EXPERTS, row)) == ["created"]
    expert = Expert.objects.get()
    assert (expert.specialities, expert.term_to) == (["消防工程", "电气"], date(2027, 12, 31))
    assert {each.enterprise.credit_code for each in expert.recusals.all()} == {MALL, BAKERY}
    assert statuses(imported("expert", EXPERTS, row)) == ["unchanged"]

    # Leaving a name out ends nothing; ending is a person's act, and then a file may declare it anew.
    assert statuses(imported("expert", EXPERTS, row.replace(f"；{BAKERY}", ""))) == ["unchanged"]
    end_recusal(
        recusal=expert.recusals.get(enterprise__credit_code=MALL), until=date(2026, 11, 24), reason="合同到期",
        actor=CLERK, now=NOW,
    )  # fmt: skip
    assert statuses(imported("expert", EXPERTS, row)) == ["updated"]
    assert expert.recusals.filter(until__isnull=True).count() == 2
    assert audit.history(expert)[0].action == "registry.declare_recusal"


def test_an_unknown_or_ambiguous_firm_refuses_the_experts_row() -> None:
    imported("enterprise", FIRMS, *TWO)
    row = "孙示例|示例安全技术中心|消防工程|||示例没有的公司"
    assert imported("expert", EXPERTS, row).rows[0].problems[0].message == (
        "企业台账里没有“示例没有的公司”，请核对名称，或先登记该企业"
    )
    imported("enterprise", FIRMS, f"示例重庆面馆|{BUILDER}|示例路3号|||")
    assert imported("expert", EXPERTS, row.replace("没有的公司", "重庆面馆")).rows[0].problems[0].message == (
        "企业台账里有 2 家名为“示例重庆面馆”的单位，请改写统一社会信用代码"
    )
    assert not Expert.objects.exists()


def merged() -> tuple[Enterprise, Enterprise]:
    imported("enterprise", FIRMS, *TWO)
    mall, bakery = Enterprise.objects.get(credit_code=MALL), Enterprise.objects.get(credit_code=BAKERY)
    merge_enterprises(loser=bakery, winner=mall, reason="同一家", actor=CLERK, now=NOW)
    return mall, bakery


def test_the_code_of_a_merged_enterprise_leads_to_the_one_that_is_left() -> None:
    mall, _ = merged()
    row = f"示例重庆面馆|{BAKERY}|示例路1号|D||"
    outcome = imported("enterprise", FIRMS, row)
    assert (statuses(outcome), outcome.rows[0].id) == (["updated"], mall.pk)
    mall.refresh_from_db()
    assert (mall.name, mall.credit_code, mall.risk_level) == ("示例商场有限公司", MALL, "D")
    assert statuses(imported("enterprise", FIRMS, row)) == ["unchanged"]
    assert statuses(imported("enterprise", FIRMS, TWO[0].replace("|C|", "|D|"), row)) == ["unchanged", "duplicate"]
    site = f"示例花园二期|示例施0001|{BAKERY}|示例路9号|2026-03-01"
    imported("site", SITES, site)
    assert Site.objects.get().contractor == mall
    assert statuses(imported("site", SITES, site.replace(BAKERY, MALL))) == ["unchanged"]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("庆面", id="词的一部分"),
        pytest.param("slcqmg", id="拼音首字母"),
        pytest.param("cqmg", id="首字母的一部分"),
        pytest.param(BAKERY[-6:], id="代码末六位"),
        pytest.param("示例路2号", id="地址"),
        pytest.param("面馆 示例路", id="两个词"),
    ],
)
def test_what_was_imported_is_found_by_any_part_of_it(query: str) -> None:
    imported("enterprise", FIRMS, *TWO)
    assert [row.credit_code for row in matching(Enterprise.objects.all(), query)] == [BAKERY]


def test_thousands_of_rows_are_written_and_updated_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    from anguan.registry.services import importing

    monkeypatch.setattr(importing, "BATCH", 2)
    rows = [f"示例{i}号工程|施{i:04}|{BUILDER}|示例路{i}号|2026-03-01" for i in range(1, 8)]
    imported("enterprise", FIRMS, f"示例建筑有限公司|{BUILDER}|示例路9号|||")
    seen: list[int] = []
    assert set(statuses(imported("site", SITES, *rows, progress=seen.append))) == {"created"}
    assert seen == [2, 4, 6, 7]
    moved = [row.replace("示例路", "新路") for row in rows]
    assert set(statuses(imported("site", SITES, *moved))) == {"updated"}
    assert Site.objects.filter(address__startswith="新路").count() == 7
    assert matching(Site.objects.all(), "新路3号").count() == 1
    assert audit.verify(NOW + timedelta(minutes=1)).fault is None
