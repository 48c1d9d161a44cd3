"""A ledger of hazards as a district would have it after many years: Chinese names, places and descriptions, seeded."""
# ruff: noqa: SIM905  -- word lists read better as text

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import product
from uuid import UUID

from django.db import connection

from anguan.core.search import folded, pinyin_initials, search_tokens
from anguan.papers.models import Paper
from anguan.people.models import Organ
from anguan.registry.models import Enterprise

ENTERPRISES = 4_000
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)

PLACES = [
    f"{floor}{where}"
    for floor, where in product(
        ("地下一层", "一层", "二层", "三层", "四层", "五层", "裙楼", "主楼"),
        ("东侧", "西侧", "南门", "北门", "中庭", "货运通道", "配电间", "厨房", "库房", "影厅", "扶梯口", "卸货区"),
    )
]
THINGS = (
    "疏散通道 安全出口 消火栓 灭火器 应急照明 疏散指示标志 防火门 防火卷帘 喷淋头 烟感探测器 手动报警按钮 消防水泵 "
    "配电箱 电气线路 电动自行车充电 燃气软管 燃气报警器 油烟管道 排烟口 挡烟垂壁 消防控制室 避难间 消防车通道 "
    "特种设备 电梯机房 叉车 压力表 安全阀 行车 脚手架 临边防护 塔式起重机 氧气瓶 乙炔瓶 危险化学品 有限空间 "
    "粉尘收集 液氨管线 动火作业 培训记录 应急预案 隐患台账 安全标识 劳动防护"
).split()
FAULTS = (
    "被堵塞 被占用 缺失 损坏 压力不足 未按规定检测 超期未检 未张贴 私拉乱接 裸露 老化 未接地 被遮挡 处于关闭状态 "
    "无人值守 记录不全 数量不足 间距不够 安装位置不当 锈蚀严重"
).split()
DETAILS = (
    "现场无法提供记录；负责人当场确认；与图纸不一致；上次检查已提出；影响人员疏散；须立即清理；附近堆放可燃物；"
    "值班人员不会操作；未见警示标识；台账没有登记；商户自行改造；夜间无人巡查；维保单位未到场；已拍照取证"
).split("；")
TRADES = "商贸 餐饮 百货 建材 物流 机械 纺织 食品 化工 电子 影院 酒店 物业 家居 仓储 印刷".split()
_SYLLABLES = "安宁和顺泰兴隆昌盛华丰瑞祥福恒远东南西北河海天成大明新永康嘉信诚"

# Share of each state among 1000 hazards: most are closed long ago.
STATES = [
    ("closed", 700),
    ("overdue", 60),
    ("rectifying", 90),
    ("reported", 50),
    ("verified", 30),
    ("classified", 30),
    ("found", 20),
    ("reopened", 20),
]

_NULL = "\\N"
COLUMNS = (
    "uid enterprise_id organ_id source place description state level criterion classified_by_id violation_basis "
    "order_basis penalty_basis found_at found_by_id found_by_name due_on due_rule due_rule_version due_provisional "
    "overdue_on order_id effective_at reported_at verified_at closed_at closed_by_name times_reopened "
    "search_text tokens"
).split()


def enterprise_names(count: int = ENTERPRISES) -> list[str]:
    """Names that nobody bears, the same every time."""
    rng = random.Random(11)
    names = []
    for number in range(count):
        middle = "".join(rng.choice(_SYLLABLES) for _ in range(2))
        names.append(f"示例{middle}{rng.choice(TRADES)}第{number + 1}有限公司")
    return names


@cache
def _tokens(text: str, initials: bool = False) -> str:
    return ",".join(search_tokens(text, initials=pinyin_initials(text) if initials else ""))


_folded = cache(folded)
_initials = cache(pinyin_initials)


def hazard_rows(count: int, organ_id: int, enterprises: list[int], orders: list[int]) -> Iterator[str]:
    """`count` lines for COPY in the order of `COLUMNS`, oldest first; written by hand, which is five times faster."""
    rng = random.Random(20261123)
    names = enterprise_names(len(enterprises))
    states = [state for state, share in STATES for _ in range(share)]
    begin = NOW - timedelta(days=3650)
    step = timedelta(days=3649) / count
    day, hour = timedelta(days=1), timedelta(hours=1)
    for number in range(count):
        index = rng.randrange(len(enterprises))
        name, place = names[index], rng.choice(PLACES)
        description = f"{rng.choice(THINGS)}{rng.choice(FAULTS)}，{rng.choice(DETAILS)}"
        state = rng.choice(states)
        found_at = begin + step * number
        level = "" if state == "found" else ("major" if rng.random() < 0.02 else "general")
        due_on = None if state == "found" else (found_at + 30 * day).date()
        served = state in {"closed", "overdue", "rectifying", "reported", "verified"}
        reported = state in {"closed", "reported", "verified"}
        verified = state in {"closed", "verified"}
        fields: tuple[object, ...] = (
            UUID(int=rng.getrandbits(128), version=4),
            enterprises[index],
            organ_id,
            "inspection",
            place,
            description,
            state,
            level,
            "GB 35181-2025 第6.2条" if level == "major" else "",
            "",
            "《安全生产法》第四十一条",
            "《安全生产法》第六十五条",
            "《安全生产法》第一百零二条",
            found_at,
            "1",
            "李执法",
            due_on or _NULL,
            "rectification-default",
            1,
            "f",
            due_on + day if state == "overdue" and due_on else _NULL,
            orders[index] if served else _NULL,
            found_at + 3 * hour if served else _NULL,
            found_at + 20 * day if reported else _NULL,
            found_at + 25 * day if verified else _NULL,
            found_at + 26 * day if state == "closed" else _NULL,
            "王科长" if state == "closed" else "",
            0,
            "\\n".join((_folded(description), _folded(place), _folded(name), _initials(name))),
            f"{{{_tokens(description)},{_tokens(place)},{_tokens(name, True)}}}",
        )
        yield "\t".join(map(str, fields)) + "\n"


def load(count: int, enterprises: int = ENTERPRISES) -> None:
    """Fill Django's empty, migrated database: an organ, enterprises with one served order each, `count` hazards."""
    organ = Organ.objects.create(name="示例区应急管理局", short_name="示例", kind="emergency")
    firms = Enterprise.objects.bulk_create(
        [
            Enterprise(
                name=name,
                credit_code=f"T{number:017d}",
                address=f"示例路{number + 1}号",
                created_at=NOW,
                updated_at=NOW,
            )
            for number, name in enumerate(enterprise_names(enterprises))
        ],
        batch_size=1000,
    )
    orders = Paper.objects.bulk_create(
        [
            Paper(
                uid=UUID(int=number),
                form="rectify_order",
                form_version=1,
                state="served",
                issuing_organ=organ,
                handling_organ=organ,
                enterprise=firm,
                title="责令限期整改指令书",
                prefix="应急责改",
                year=2026,
                serial=number,
                number=f"（示例）应急责改〔2026〕{number}号",
                content={},
                body_hash="0" * 64,
                pdf_sha256="0" * 64,
                confirm_code=f"{number:010d}",
                drafted_at=NOW,
                issued_at=NOW,
                effective_at=NOW,
            )
            for number, firm in enumerate(firms, start=1)
        ],
        batch_size=1000,
    )
    rows = hazard_rows(count, organ.pk, [firm.pk for firm in firms], [order.pk for order in orders])
    with connection.cursor() as cursor:
        # The indexes are built after the rows, and references are right by construction: as any bulk load would.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'hazards_hazard' AND indexname IN"
            " (SELECT relname FROM pg_class JOIN pg_index ON oid = indexrelid WHERE NOT indisunique)"
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        with cursor.copy(f"COPY hazards_hazard ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in rows:
                copy.write(row)
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE")
