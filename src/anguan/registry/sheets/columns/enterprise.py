"""企业: the columns of its table."""

from anguan.core.words import N_
from anguan.registry.sheets.columns.basis import Column, Holds, Kind, words
from anguan.registry.sheets.columns.shared import (
    ADDRESS_HEADERS,
    GIVEN_IN,
    LATITUDE,
    LONGITUDE,
    RISK_CHOICES,
    STATUS_CHOICES,
    YES_NO,
    credit_code,
    phone,
)

ENTERPRISE = Kind(
    "enterprise",
    N_("企业"),
    (
        Column(
            N_("单位名称"),
            "name",
            Holds.NAME,
            required=True,
            width=32,
            example="河东示例食品有限公司",
            synonyms=words(
                "企业名称 单位全称 企业全称 单位名称全称 企业名称全称 公司名称 名称 "
                "生产经营单位名称 生产经营单位 市场主体名称 经营主体名称 主体名称 商户名称 "
                "被检查单位 单位 企业 监管对象名称 监管对象 检查对象名称"
            ),
            hint=N_("与营业执照一致的全称"),
        ),
        credit_code(required=True),
        Column(
            N_("行业代码"),
            "industry_code",
            Holds.INDUSTRY,
            example="C1411",
            synonyms=words("行业类别代码 国民经济行业代码 行业分类代码 国民经济行业分类代码 所属行业代码"),
            hint=N_("GB/T 4754 国民经济行业分类代码，如 C1411"),
        ),
        Column(
            N_("风险等级"),
            "risk_level",
            Holds.CHOICE,
            choices=RISK_CHOICES,
            example="B",
            synonyms=words(
                "安全风险等级 风险级别 风险分级 企业风险等级 等级 风险颜色 四色等级 安全风险分级 风险评级 风险类别"
            ),
            hint=N_("A 低 蓝，B 一般 黄，C 较大 橙，D 重大 红；填字母、等级或颜色都可以"),
        ),
        Column(
            N_("是否重点检查对象"),
            "is_key",
            Holds.BOOL,
            choices=YES_NO,
            example="否",
            synonyms=words(
                "重点检查对象 是否重点 是否重点企业 重点企业 是否重点监管 是否重点监管对象 "
                "是否重点监管企业 重点检查企业 是否重点检查企业 是否为重点检查对象"
            ),
            hint=N_("填是或否"),
        ),
        Column(
            N_("监管部门"),
            "supervised_by",
            Holds.NAME,
            example="应急管理局",
            longest=100,
            synonyms=words(
                "行业主管部门 主管部门 监管单位 行业监管部门 行业部门 监管主体 责任部门 "
                "主管单位 监管责任部门 行业主管 归口部门 归口管理部门"
            ),
            hint=N_("负有安全监管职责的部门"),
        ),
        Column(
            N_("地址"),
            "address",
            required=True,
            width=36,
            synonyms=ADDRESS_HEADERS,
            example="河东示例街道 1 号",
            hint=N_("实际生产经营地址"),
            longest=200,
        ),
        LONGITUDE,
        LATITUDE,
        GIVEN_IN,
        Column(
            N_("主要负责人"),
            "principal",
            Holds.NAME,
            example="张示例",
            longest=60,
            synonyms=words(
                "负责人 法定代表人 法人代表 法人 法人代表主要负责人 主要负责人法定代表人 "
                "法定代表人主要负责人 法定代表人负责人 法人负责人 企业负责人 单位负责人 "
                "负责人姓名 主要负责人姓名 法定代表人姓名 法人姓名 企业法人 实际控制人 经营者"
            ),
            hint=N_("安全生产第一责任人的姓名"),
        ),
        phone(),
        Column(
            N_("安全管理人员"),
            "safety_managers",
            Holds.NAME,
            example="李示例",
            longest=120,
            synonyms=words(
                "安全管理员 安全员 安全负责人 安全主管 专职安全员 专兼职安全员 安全管理负责人 "
                "安全管理人 安全管理人员姓名 安全总监 安管人员"
            ),
            hint=N_("多人用顿号隔开"),
        ),
        Column(
            N_("从业人数"),
            "employees",
            Holds.INT,
            example="35",
            units=("人", "名"),
            unit_hint=N_("人"),
            width=10,
            synonyms=words(
                "从业人员 从业人员数 员工人数 职工人数 人数 员工数 职工数 从业人员数量 企业人数 在职人数 用工人数"
            ),
            hint=N_("整数"),
        ),
        Column(
            N_("成立日期"),
            "founded_on",
            Holds.DATE,
            example="2020-01-05",
            width=12,
            synonyms=words("成立时间 注册日期 注册时间 登记日期 设立日期 开业日期 成立年月日 营业执照成立日期"),
            hint=N_("如 2020-01-05"),
        ),
        Column(
            N_("状态"),
            "status",
            Holds.CHOICE,
            choices=STATUS_CHOICES,
            example="在营",
            synonyms=words(
                "经营状态 企业状态 登记状态 生产状态 单位状态 生产经营状态 存续状态 营业状态 经营状况 运营状态"
            ),
            hint=N_("在营、停产、注销、吊销或迁出；空着按在营"),
        ),
        Column(
            N_("备注"),
            "remark",
            multiline=True,
            longest=500,
            width=24,
            synonyms=words("说明 备注说明 其他 附注 情况说明"),
            hint="",
        ),
    ),
    ("credit_code",),
    N_("统一社会信用代码"),
)
