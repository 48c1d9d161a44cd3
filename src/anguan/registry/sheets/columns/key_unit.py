"""消防安全重点单位: the columns of its table."""

from anguan.core.words import N_
from anguan.registry.sheets.columns.basis import Column, Holds, Kind, words
from anguan.registry.sheets.columns.shared import (
    ADDRESS_HEADERS,
    KEY_UNIT_CATEGORIES,
    credit_code,
    phone,
)

KEY_UNIT = Kind(
    "key-unit",
    N_("消防安全重点单位"),
    (
        Column(
            N_("单位名称"),
            "name",
            Holds.NAME,
            required=True,
            width=32,
            example="河东示例商场",
            synonyms=words(
                "重点单位名称 消防安全重点单位名称 消防重点单位名称 消防安全重点单位 企业名称 "
                "单位全称 名称 单位 场所名称 单位名称全称"
            ),
        ),
        credit_code(required=True),
        Column(
            N_("列管类别"),
            "category",
            required=True,
            suggestions=KEY_UNIT_CATEGORIES,
            example="公众聚集场所",
            width=24,
            longest=60,
            synonyms=words(
                "类别 单位类别 重点单位类别 列管类型 单位类型 场所类别 类型 重点单位类型 "
                "界定类别 消防安全重点单位类别 场所类型"
            ),
            hint=N_("按公安部令第61号第十三条的类别"),
        ),
        Column(
            N_("所在建筑"),
            "building_name",
            Holds.NAME,
            example="河东示例大厦 A 座",
            width=24,
            synonyms=words("所在建筑名称 所在建筑物 建筑名称 所在楼宇 所属建筑 所在楼栋"),
        ),
        Column(N_("地址"), "address", width=36, longest=200, synonyms=ADDRESS_HEADERS, example="河东示例路 1 号"),
        Column(
            N_("确定日期"),
            "designated_on",
            Holds.DATE,
            example="2024-03-01",
            width=12,
            synonyms=words("列管日期 确定时间 列管时间 公布日期 备案日期 确定为重点单位日期 界定日期 认定日期"),
            hint=N_("如 2024-03-01"),
        ),
        Column(
            N_("消防安全责任人"),
            "fire_principal",
            Holds.NAME,
            example="张示例",
            longest=60,
            synonyms=words("责任人 消防责任人 消防安全责任人姓名 法定代表人 主要负责人 负责人 单位负责人"),
        ),
        Column(
            N_("消防安全管理人"),
            "fire_manager",
            Holds.NAME,
            example="李示例",
            longest=60,
            synonyms=words("管理人 消防管理人 消防安全管理人姓名 消防安全管理人员 消防管理人员 消防负责人"),
        ),
        phone(),
    ),
    ("credit_code", "name"),
    N_("统一社会信用代码和单位名称"),
)
