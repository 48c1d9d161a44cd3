"""执法人员、专家: the columns of its table."""

from anguan.core.words import N_
from anguan.registry.sheets.columns.basis import Column, Holds, Kind, words
from anguan.registry.sheets.columns.shared import (
    YES_NO,
)

OFFICER = Kind(
    "officer",
    N_("执法人员"),
    (
        Column(
            N_("姓名"),
            "name",
            Holds.NAME,
            required=True,
            example="王示例",
            longest=50,
            synonyms=words("执法人员姓名 人员姓名 执法人员 名字 执法员 持证人 持证人姓名"),
        ),
        Column(
            N_("单位"),
            "organ_name",
            Holds.NAME,
            required=True,
            example="河东示例区应急管理局",
            width=28,
            synonyms=words(
                "所在单位 执法单位 工作单位 单位名称 所属单位 执法机关 执法主体 所属机关 部门 所在部门 发证机关"
            ),
        ),
        Column(
            N_("执法证号"),
            "certificate_no",
            Holds.IDENTIFIER,
            required=True,
            example="23090100001",
            width=20,
            longest=40,
            synonyms=words(
                "执法证件号 执法证编号 执法证件编号 行政执法证号 证件号 证号 证件编号 "
                "行政执法证件号 行政执法证编号 执法证件号码 执法证号码 行政执法证件编号 "
                "证书编号"
            ),
            hint=N_("照执法证填写；单元格请设为文本格式"),
        ),
        Column(
            N_("有效期至"),
            "valid_to",
            Holds.DATE,
            required=True,
            example="2028-12-31",
            width=12,
            synonyms=words(
                "有效期 证件有效期 有效期限 证件有效期至 到期日期 有效截止日期 有效期止 "
                "截止日期 失效日期 到期时间 有效日期 证书有效期"
            ),
        ),
        Column(
            N_("执法领域"),
            "specialities",
            Holds.WORDS,
            example="安全生产、消防",
            longest=300,
            synonyms=words("执法类别 执法类型 执法范围 业务领域 专业领域 领域 执法种类 专业"),
            hint=N_("多个用顿号隔开"),
        ),
        Column(
            N_("可任组长"),
            "can_lead",
            Holds.BOOL,
            choices=YES_NO,
            example="是",
            synonyms=words("是否可任组长 组长 是否组长 能否任组长 可否任组长 可担任组长 是否可担任组长"),
            hint=N_("填是或否；空着按否"),
        ),
    ),
    ("certificate_no",),
    N_("执法证号"),
)

EXPERT = Kind(
    "expert",
    N_("专家"),
    (
        Column(
            N_("姓名"),
            "name",
            Holds.NAME,
            required=True,
            example="孙示例",
            longest=50,
            synonyms=words("专家姓名 名字 专家"),
        ),
        Column(
            N_("单位"),
            "employer",
            Holds.NAME,
            required=True,
            example="示例安全技术中心",
            width=28,
            longest=100,
            synonyms=words("工作单位 所在单位 单位名称 专家单位 任职单位"),
        ),
        Column(
            N_("专业"),
            "specialities",
            Holds.WORDS,
            required=True,
            example="消防工程、电气",
            longest=300,
            synonyms=words("专业领域 从事专业 专业方向 擅长领域 专家专业 专业类别"),
            hint=N_("多个用顿号隔开"),
        ),
        Column(N_("职称"), "title", example="高级工程师", longest=60, synonyms=words("技术职称 职称等级")),
        Column(
            N_("聘期至"),
            "term_to",
            Holds.DATE,
            example="2027-12-31",
            width=12,
            synonyms=words("聘期 聘任期至 聘用期至 聘期截止 聘期止 聘任截止日期"),
            hint=N_("最后一天；空着表示没有约定"),
        ),
        Column(
            N_("回避单位"),
            "recusals",
            Holds.WORDS,
            longest=1000,
            width=28,
            example="河东示例食品有限公司",
            synonyms=words("应回避单位 回避企业 需回避单位"),
            hint=N_(
                "企业名称或统一社会信用代码，多个用顿号或分号隔开；须已在企业台账中。导入只增加回避，解除要在专家页面办理"
            ),
        ),
    ),
    ("name", "employer"),
    N_("姓名和单位"),
)
