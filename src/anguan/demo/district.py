"""示例区: a small believable district whose rows give the figures of the article that started it all.

Pure: the same seed gives the same rows. Every name begins with 示例, every credit code lies in a region that does not
exist (519999), every telephone number begins with 1990000.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from stdnum.cn import uscc

Row = dict[str, Any]

HIGH_RISES = 309
LOW_BUILDINGS = 88
KEY_UNITS = 118
SITES = 43
COMPLETED_SITES = 6
KEY_ENTERPRISES = 11
ENTERPRISES = 420
TENANTS = 64

REGION = "519999"
CENTRE = (105.62, 30.51)
ROADS = ["滨江路", "东平大道", "芳洲路", "观音路", "灵泉大道", "慈航路", "五彩缤纷路", "德水路", "香林路", "健康路"]
_STAR_NAMES = (
    "天枢 天璇 天玑 天权 玉衡 开阳 摇光 文昌 华盖 河鼓 织女 参宿 角宿 心宿 斗宿 "
    "轩辕 紫微 太微 天市 阁道 螣蛇 勾陈 玄戈 招摇 天船 卷舌 积水 军市 弧矢 老人"
)
STARS = _STAR_NAMES.split()
TRADES = [
    # word in the name, industry code (GB/T 4754-2017), who supervises, chance of each risk level A B C D in percent
    ("百货", "5211", "商务部门", (35, 45, 17, 3)),
    ("餐饮", "6210", "市场监督管理部门", (30, 45, 20, 5)),
    ("机械", "3484", "应急分局", (25, 50, 20, 5)),
    ("家具", "2110", "应急分局", (10, 40, 40, 10)),
    ("食品", "1499", "应急分局", (30, 45, 20, 5)),
    ("物流", "5990", "交通运输部门", (30, 45, 20, 5)),
    ("酒店", "6110", "文化旅游部门", (20, 50, 25, 5)),
    ("物业", "7020", "住房城乡建设部门", (45, 40, 13, 2)),
    ("建筑", "4710", "住房城乡建设部门", (15, 45, 30, 10)),
    ("化工经营", "5169", "应急分局", (0, 15, 50, 35)),
    ("医药", "5151", "市场监督管理部门", (40, 45, 13, 2)),
    ("影院", "8760", "文化旅游部门", (20, 50, 25, 5)),
]
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
CATEGORIES = [
    "商场市场",
    "宾馆饭店",
    "公共娱乐场所",
    "医院",
    "学校",
    "养老机构",
    "劳动密集型企业",
    "高层公共建筑",
    "易燃易爆危险品",
]


@dataclass
class District:
    """Rows by kind of the ledger, with the template's Chinese headers as keys, and the mall's shops."""

    enterprises: list[Row] = field(default_factory=list)
    buildings: list[Row] = field(default_factory=list)
    key_units: list[Row] = field(default_factory=list)
    sites: list[Row] = field(default_factory=list)
    officers: list[Row] = field(default_factory=list)
    mall: Row = field(default_factory=dict)
    shops: list[Row] = field(default_factory=list)


def district(seed: int = 26875) -> District:
    """The whole district; equal seeds give equal rows."""
    rng = Random(seed)  # noqa: S311  # believable data, not a draw
    made = District()
    codes = _credit_codes(rng)
    names = _names(rng)
    made.enterprises = [_enterprise(rng, next(names), next(codes)) for _ in range(ENTERPRISES)]
    operator = made.enterprises[0]
    operator.update(
        {
            "单位名称": "示例万汇广场商业管理有限公司",
            "行业代码": "7020",
            "地址": "示例市示例区东平大道88号",
            "从业人数": 260,
        }
    )
    operator.update({"风险等级": "C", "是否重点检查对象": "是", "监管部门": "应急分局", "状态": "在营"})
    _mark_key(rng, made.enterprises)
    managers = [row for row in made.enterprises if "物业" in row["单位名称"]] or made.enterprises
    made.buildings = list(_buildings(rng, managers))
    made.mall = {"综合体名称": "示例万汇广场", "地址": operator["地址"], "信用代码": operator["统一社会信用代码"]}
    made.shops = list(_shops(rng))
    made.key_units = list(_key_units(rng, made.enterprises, made.buildings))
    builders = [row for row in made.enterprises if "建筑" in row["单位名称"]]
    made.sites = list(_sites(rng, builders))
    made.officers = list(_officers())
    return made


def boundary_of_district() -> bytes:
    """区界 as GeoJSON: an uneven line around everything, drawn by a formula and no survey."""
    ring = []
    for step in range(72):
        turn = math.tau * step / 72
        reach = 0.066 + 0.004 * math.sin(5 * turn) + 0.002 * math.cos(11 * turn)
        ring.append([round(CENTRE[0] + reach * math.cos(turn), 6), round(CENTRE[1] + reach * math.sin(turn), 6)])
    return json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}).encode()


def _credit_codes(rng: Random) -> Iterator[str]:
    seen = set()
    while True:
        body = f"91{REGION}MA{rng.randrange(10**6):06}X"
        if body not in seen:
            seen.add(body)
            yield body + uscc.calc_check_digit(body)


def _names(rng: Random) -> Iterator[str]:
    seen = set()
    number = 0
    while True:
        number += 1
        star, trade = rng.choice(STARS), TRADES[number % len(TRADES)][0]
        name = f"示例{star}{trade}{'有限责任公司' if rng.random() < 0.3 else '有限公司'}"
        if name in seen:
            name = f"示例{star}{rng.choice(STARS)}{trade}有限公司"
        if name not in seen:
            seen.add(name)
            yield name


def _person(rng: Random) -> str:
    return f"{rng.choice(SURNAMES)}示例"


def _phone(rng: Random) -> str:
    return f"1990000{rng.randrange(10000):04}"


def _place(rng: Random) -> Row:
    return {
        "地址": f"示例市示例区{rng.choice(ROADS)}{rng.randrange(1, 400)}号",
        "经度": f"{CENTRE[0] + rng.uniform(-0.04, 0.04):.6f}",
        "纬度": f"{CENTRE[1] + rng.uniform(-0.04, 0.04):.6f}",
    }


def _enterprise(rng: Random, name: str, code: str) -> Row:
    _, industry, supervisor, chances = next(trade for trade in TRADES if trade[0] in name)
    return {
        "单位名称": name,
        "统一社会信用代码": code,
        "行业代码": industry,
        "风险等级": rng.choices("ABCD", chances)[0],
        "是否重点检查对象": "否",
        "监管部门": supervisor,
        **_place(rng),
        "主要负责人": _person(rng),
        "联系电话": _phone(rng),
        "安全管理人员": _person(rng),
        "从业人数": int(rng.paretovariate(1.1) * 6) % 900 + 2,
        "成立日期": date(2003, 1, 1) + timedelta(days=rng.randrange(8300)),
        "状态": rng.choices(["在营", "停产", "注销", "迁出"], (93, 3, 3, 1))[0],
        "备注": "",
    }


def _mark_key(rng: Random, enterprises: list[Row]) -> None:
    """Exactly eleven key enterprises: the mall and ten more of the highest risk that still operate."""
    by_risk = sorted(
        (row for row in enterprises[1:] if row["状态"] == "在营"),
        key=lambda row: (row["风险等级"], rng.random()),
        reverse=True,
    )
    for row in by_risk[: KEY_ENTERPRISES - 1]:
        row["是否重点检查对象"] = "是"


def _buildings(rng: Random, managers: list[Row]) -> Iterator[Row]:
    for number in range(HIGH_RISES + LOW_BUILDINGS):
        high = number < HIGH_RISES
        use = rng.choices(["住宅", "公共", "综合"], (62, 20, 18))[0]
        if high:
            storeys = rng.randrange(10, 34) if use == "住宅" else rng.randrange(8, 30)
            height = max(storeys * 3.0 + 1.2, 27.5)
        else:
            use = rng.choices(["住宅", "公共", "厂房", "仓库"], (40, 20, 30, 10))[0]
            storeys = rng.randrange(1, 7)
            height = min(storeys * 3.4, 23.6)
        estate = STARS[number // 14 % len(STARS)]
        yield {
            "建筑名称": f"示例{estate}苑{number // 14 // len(STARS) + 1}期{number % 14 + 1}号楼",
            **_place(rng),
            "建筑高度": f"{height:.1f}",
            "地上层数": storeys,
            "地下层数": rng.randrange(0, 4),
            "建筑面积": storeys * rng.randrange(450, 1400),
            "使用性质": use,
            "建成年份": rng.randrange(2005, 2025),
            "管理单位信用代码": rng.choice(managers)["统一社会信用代码"],
        }


def _shops(rng: Random) -> Iterator[Row]:
    kinds = [("餐饮", True), ("服装", False), ("儿童游乐", False), ("影院", False), ("超市", True), ("美容美发", False)]
    for number in range(TENANTS):
        kind, gas = kinds[number % len(kinds)]
        yield {
            "铺位号": f"{number // 16 + 1}F-{number % 16 + 1:02}",
            "商户名称": f"示例{STARS[number % len(STARS)]}{kind}店",
            "业态": kind,
            "24小时供电": kind == "超市",
            "用气": gas and kind == "餐饮",
            "负责人": _person(rng),
            "联系电话": _phone(rng),
        }


def _key_units(rng: Random, enterprises: list[Row], buildings: list[Row]) -> Iterator[Row]:
    operating = [row for row in enterprises if row["状态"] == "在营"]
    chosen = [enterprises[0], *rng.sample(operating[1:], KEY_UNITS - 1)]
    for row in chosen:
        yield {
            "单位名称": row["单位名称"],
            "统一社会信用代码": row["统一社会信用代码"],
            "列管类别": "商场市场" if row is enterprises[0] else rng.choice(CATEGORIES),
            "所在建筑": rng.choice(buildings)["建筑名称"] if rng.random() < 0.4 else "",
            "地址": row["地址"],
            "确定日期": date(2023, 3, 1) + timedelta(days=rng.randrange(900)),
            "消防安全责任人": row["主要负责人"],
            "消防安全管理人": row["安全管理人员"],
            "联系电话": row["联系电话"],
        }


def _sites(rng: Random, builders: list[Row]) -> Iterator[Row]:
    for number in range(SITES + COMPLETED_SITES):
        started = date(2024, 6, 1) + timedelta(days=rng.randrange(700))
        done = number >= SITES
        yield {
            "工程名称": f"示例{STARS[number % len(STARS)]}{'学校' if number % 5 == 0 else '府'}项目{number + 1}标段",
            "施工许可证号": f"示例施{started.year}{number + 1:04}",
            "建设单位": f"示例{rng.choice(STARS)}置业有限公司",
            "施工单位信用代码": rng.choice(builders)["统一社会信用代码"],
            "监理单位": f"示例{rng.choice(STARS)}工程监理有限公司",
            **_place(rng),
            "工程类型": rng.choice(["房屋建筑", "市政道路", "装饰装修"]),
            "开工日期": started,
            "计划竣工日期": started + timedelta(days=rng.randrange(300, 900)),
            "状态": "竣工" if done else rng.choices(["在建", "停工"], (94, 6))[0],
        }


def _officers() -> Iterator[Row]:
    fields = ["消防", "危化", "建筑", "工贸"]
    for number in range(6):
        yield {
            "姓名": f"执法员{'甲乙丙丁戊己'[number]}",
            "单位": "示例区应急管理分局",
            "执法证号": f"示例{5199990000 + number + 1}",
            "有效期至": date(2028, 12, 31) if number < 5 else date(2025, 6, 30),
            "执法领域": "、".join(sorted({fields[number % 4], fields[(number + 1) % 4]})),
            "可任组长": "是" if number % 2 == 0 else "否",
        }
    for number, name in enumerate("甲乙"):
        yield {
            "姓名": f"消防员{name}",
            "单位": "示例区消防救援大队",
            "执法证号": f"示例{5199990100 + number}",
            "有效期至": date(2028, 12, 31),
            "执法领域": "消防",
            "可任组长": "是" if number == 0 else "否",
        }
