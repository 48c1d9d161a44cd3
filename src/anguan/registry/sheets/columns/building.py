"""建筑: the columns of its table."""

from anguan.core.words import N_
from anguan.registry.sheets.columns.basis import Column, Holds, Kind, words
from anguan.registry.sheets.columns.shared import (
    ADDRESS_HEADERS,
    CODE_HEADERS,
    GIVEN_IN,
    LATITUDE,
    LONGITUDE,
    USE_CHOICES,
)

BUILDING = Kind(
    "building",
    N_("建筑"),
    (
        Column(
            N_("建筑名称"),
            "name",
            Holds.NAME,
            required=True,
            width=28,
            example="河东示例大厦 A 座",
            synonyms=words(
                "建筑物名称 楼栋名称 楼宇名称 大楼名称 名称 高层建筑名称 建筑 楼名 楼栋 建筑全称 项目名称 小区楼栋名称"
            ),
        ),
        Column(
            N_("地址"),
            "address",
            required=True,
            width=36,
            example="河东示例路 1 号",
            longest=200,
            synonyms=(words("建筑地址 建筑物地址 楼栋地址") + ADDRESS_HEADERS),
        ),
        Column(
            N_("建筑高度"),
            "height_m",
            Holds.DECIMAL,
            required=True,
            most=1000,
            units=("米", "m", "M"),
            unit_hint=N_("米"),
            example="54.6",
            synonyms=words("高度 建筑总高度 总高度 建筑高度m 建筑高度米 楼高 高度m 高度米 消防高度 建筑物高度"),
            hint=N_("米，不算屋顶局部突出；高层由系统判定"),
        ),
        Column(
            N_("地上层数"),
            "storeys_above",
            Holds.INT,
            required=True,
            least=1,
            most=200,
            units=("层", "F"),
            unit_hint=N_("层"),
            example="18",
            synonyms=words(
                "层数 地上楼层 地上楼层数 地上建筑层数 楼层数 总层数 地上 地面层数 建筑层数 层数地上 建筑层数地上"
            ),
            hint=N_("整数"),
        ),
        Column(
            N_("地下层数"),
            "storeys_below",
            Holds.INT,
            most=20,
            units=("层", "F"),
            unit_hint=N_("层"),
            example="2",
            synonyms=words("地下楼层 地下楼层数 地下建筑层数 地下 地下室层数 层数地下 建筑层数地下"),
            hint=N_("整数，没有填 0"),
        ),
        Column(
            N_("建筑面积"),
            "area_m2",
            Holds.DECIMAL,
            most=10_000_000,
            units=("平方米", "平米", "㎡", "m2", "m²", "平方", "平"),
            unit_hint=N_("平方米"),
            example="23500",
            synonyms=words("总建筑面积 面积 建筑总面积 建筑面积平方米 建筑面积平米 建筑面积m2 总面积"),
            hint=N_("平方米"),
        ),
        Column(
            N_("使用性质"),
            "use",
            Holds.CHOICE,
            required=True,
            choices=USE_CHOICES,
            example="公共",
            synonyms=words("建筑用途 用途 使用功能 建筑性质 建筑类型 建筑类别 建筑使用性质 功能 性质 主要用途"),
            hint=N_("住宅、公共、综合、厂房或仓库"),
        ),
        Column(
            N_("建成年份"),
            "built_year",
            Holds.INT,
            least=1800,
            most=2200,
            units=("年",),
            unit_hint=N_("年"),
            example="2015",
            synonyms=words(
                "竣工年份 建成时间 建造年份 建设年份 竣工时间 建成年代 建筑年代 建造年代 竣工日期 建成日期 投入使用年份"
            ),
            hint=N_("四位年份"),
        ),
        Column(
            N_("管理单位信用代码"),
            "manager_credit_code",
            Holds.CODE,
            example="91510900MA0000000M",
            width=22,
            synonyms=(
                words(
                    "管理单位统一社会信用代码 管理单位代码 物业信用代码 物业公司信用代码 "
                    "物业服务企业信用代码 物业单位信用代码 物业统一社会信用代码 产权单位信用代码"
                )
                + CODE_HEADERS
                + words("统一社会信用代码")
            ),
            hint=N_("物业或产权单位的 18 位代码"),
        ),
        LONGITUDE,
        LATITUDE,
        GIVEN_IN,
    ),
    ("name", "address"),
    N_("建筑名称和地址"),
)
