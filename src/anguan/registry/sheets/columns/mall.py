"""商业综合体、商户: the columns of its table."""

from anguan.core.words import N_
from anguan.registry.sheets.columns.basis import Column, Holds, Kind, words
from anguan.registry.sheets.columns.shared import (
    YES_NO,
    credit_code,
    phone,
)

TENANT = Kind(
    "tenant",
    N_("综合体商户"),
    (
        Column(
            N_("综合体"),
            "complex_name",
            Holds.NAME,
            required=True,
            example="河东示例广场",
            synonyms=words("综合体名称 所在综合体 商场名称"),
        ),
        Column(
            N_("铺位号"),
            "unit_no",
            required=True,
            example="2F-018",
            longest=32,
            synonyms=words("铺位 商铺号 店铺号 铺号 铺位编号"),
        ),
        Column(
            N_("商户名称"),
            "name",
            Holds.NAME,
            required=True,
            example="示例小吃店",
            synonyms=words("店铺名称 商户 店名 品牌 品牌名称"),
        ),
        credit_code(N_("信用代码")),
        Column(N_("业态"), "business", example="餐饮", longest=60, synonyms=words("经营业态 经营类别 业种")),
        Column(
            N_("24小时供电"),
            "powered_all_night",
            Holds.BOOL,
            choices=YES_NO,
            example="否",
            synonyms=words("是否24小时供电 24h供电 不断电"),
        ),
        Column(
            N_("用气"),
            "uses_gas",
            Holds.BOOL,
            choices=YES_NO,
            example="是",
            synonyms=words("是否用气 是否使用燃气 使用燃气 燃气"),
        ),
        Column(
            N_("负责人"),
            "manager",
            Holds.NAME,
            example="赵示例",
            longest=60,
            synonyms=words("店长 经营者 主要负责人 负责人姓名"),
        ),
        phone(),
    ),
    ("complex_name", "unit_no"),
    N_("综合体和铺位号"),
    available=False,
)
