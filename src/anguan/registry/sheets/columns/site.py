"""建筑工地: the columns of its table."""

from anguan.core.words import N_
from anguan.registry.sheets.columns.basis import Column, Holds, Kind, words
from anguan.registry.sheets.columns.shared import (
    ADDRESS_HEADERS,
    CODE_HEADERS,
    GIVEN_IN,
    LATITUDE,
    LONGITUDE,
    SITE_STATUS_CHOICES,
)

SITE = Kind(
    "site",
    N_("建筑工地"),
    (
        Column(
            N_("工程名称"),
            "name",
            required=True,
            width=32,
            example="河东示例花园二期",
            synonyms=words(
                "项目名称 工程项目名称 工地名称 建设项目名称 名称 项目 建筑工地名称 工程 在建工程名称 在建项目名称"
            ),
        ),
        Column(
            N_("施工许可证号"),
            "permit_no",
            Holds.IDENTIFIER,
            required=True,
            example="510900202401010101",
            width=24,
            longest=60,
            synonyms=words(
                "施工许可证 施工许可证编号 许可证号 建筑工程施工许可证号 "
                "建筑工程施工许可证编号 施工许可编号 施工许可号 许可证编号 施工许可证证号"
            ),
            hint=N_("照证书填写；单元格请设为文本格式"),
        ),
        Column(
            N_("建设单位"),
            "developer",
            Holds.NAME,
            example="河东示例置业有限公司",
            width=28,
            synonyms=words("建设单位名称 业主单位 业主 甲方 开发单位 建设方 开发商 开发企业"),
        ),
        Column(
            N_("施工单位信用代码"),
            "contractor_credit_code",
            Holds.CODE,
            required=True,
            example="91510900MA0000000M",
            width=22,
            synonyms=(
                words(
                    "施工单位统一社会信用代码 施工单位代码 总包单位信用代码 "
                    "施工总承包单位信用代码 施工企业信用代码 承建单位信用代码 总承包单位信用代码 "
                    "施工单位社会信用代码 施工总承包单位统一社会信用代码 总包单位统一社会信用代码"
                )
                + CODE_HEADERS
                + words("统一社会信用代码")
            ),
            hint=N_("18 位；施工单位须已在企业台账中"),
        ),
        Column(
            N_("监理单位"),
            "supervising_firm",
            Holds.NAME,
            example="河东示例监理有限公司",
            width=28,
            synonyms=words("监理单位名称 监理公司 监理 监理企业 工程监理单位"),
        ),
        Column(
            N_("地址"),
            "address",
            required=True,
            width=36,
            longest=200,
            example="河东示例路与示范街交叉口",
            synonyms=(
                words("工程地址 项目地址 工地地址 建设地点 工程地点 项目地点 施工地点 建设地址 工程所在地 项目位置")
                + ADDRESS_HEADERS
            ),
        ),
        Column(
            N_("工程类型"),
            "project_type",
            example="房屋建筑",
            longest=60,
            suggestions=("房屋建筑", "市政基础设施", "装饰装修", "轨道交通", "拆除", "其他"),
            synonyms=words("工程类别 项目类型 项目类别 建设类型 类型 类别"),
        ),
        Column(
            N_("开工日期"),
            "started_on",
            Holds.DATE,
            required=True,
            example="2024-03-01",
            width=12,
            synonyms=words("开工时间 实际开工日期 开工 实际开工时间 计划开工日期 合同开工日期 施工许可日期"),
        ),
        Column(
            N_("计划竣工日期"),
            "planned_finish_on",
            Holds.DATE,
            example="2026-09-30",
            width=14,
            synonyms=words(
                "竣工日期 计划竣工时间 预计竣工日期 预计竣工时间 合同竣工日期 竣工时间 "
                "计划竣工 拟竣工日期 预计完工日期 计划完工日期"
            ),
        ),
        Column(
            N_("状态"),
            "status",
            Holds.CHOICE,
            choices=SITE_STATUS_CHOICES,
            example="在建",
            synonyms=words("施工状态 工程状态 项目状态 工地状态 建设状态 形象进度状态 当前状态"),
            hint=N_("未开工、在建、停工或竣工；空着按在建"),
        ),
        LONGITUDE,
        LATITUDE,
        GIVEN_IN,
    ),
    ("permit_no",),
    N_("施工许可证号"),
)
