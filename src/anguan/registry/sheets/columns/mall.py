"""商业综合体、商户: the columns of their tables."""

from anguan.core.words import N_
from anguan.registry.sheets.columns.basis import Column, Holds, Kind, words
from anguan.registry.sheets.columns.shared import (
    ADDRESS_HEADERS,
    CODE_HEADERS,
    GIVEN_IN,
    LATITUDE,
    LONGITUDE,
    YES_NO,
    credit_code,
    phone,
)

COMPLEX = Kind(
    "complex",
    N_("商业综合体"),
    (
        Column(
            N_("综合体名称"),
            "name",
            Holds.NAME,
            required=True,
            width=28,
            example="河东示例广场",
            synonyms=words("综合体 商业综合体 商业综合体名称 商场名称 购物中心名称 名称 项目名称"),
        ),
        Column(
            N_("运营管理单位信用代码"),
            "operator_credit_code",
            Holds.CODE,
            required=True,
            example="91510900MA0000000M",
            width=22,
            synonyms=(
                words("运营管理单位统一社会信用代码 运营单位信用代码 管理单位信用代码 运营管理单位代码 物业信用代码")
                + CODE_HEADERS
                + words("统一社会信用代码")
            ),
            hint=N_("18 位；运营管理单位须已在企业台账中"),
        ),
        Column(
            N_("地址"),
            "address",
            required=True,
            width=36,
            longest=200,
            example="河东示例路 1 号",
            synonyms=words("综合体地址 商场地址") + ADDRESS_HEADERS,
        ),
        LONGITUDE,
        LATITUDE,
        GIVEN_IN,
    ),
    ("name",),
    N_("综合体名称"),
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
            synonyms=words("综合体名称 所在综合体 商场名称 所属综合体 商业综合体 商业综合体名称 所在商场 商场"),
            hint=N_("与综合体台账中的名称一致；综合体须已登记"),
        ),
        Column(
            N_("铺位号"),
            "unit_no",
            required=True,
            example="2F-018",
            longest=32,
            synonyms=words("铺位 商铺号 店铺号 铺号 铺位编号 商铺编号 店铺编号 摊位号 位置编号"),
        ),
        Column(
            N_("商户名称"),
            "name",
            Holds.NAME,
            required=True,
            example="示例小吃店",
            synonyms=words("店铺名称 商户 店名 品牌 品牌名称 商铺名称 租户名称 租户 名称"),
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
    exact=frozenset({"unit_no"}),
)
