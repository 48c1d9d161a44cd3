"""Columns and choices that several kinds share."""

from anguan.core.coordinates import CoordinateSystem
from anguan.core.words import N_
from anguan.registry.rules import BuildingUse, EnterpriseStatus, RiskLevel, SiteStatus
from anguan.registry.sheets.columns.basis import Choice, Column, Holds, words

CODE_HEADERS = words(
    "社会信用代码 信用代码 统一信用代码 统一社会信用码 统一社会信用代码证号 "
    "社会统一信用代码 信用代码号 营业执照号 营业执照编号 营业执照号码 "
    "营业执照注册号 统一代码 组织机构代码 统一社会信用代码注册号 "
    "统一社会信用代码营业执照号 单位信用代码 企业信用代码 纳税人识别号 机构代码 "
    "USCC"
)
PHONE_HEADERS = words(
    "电话 手机 联系方式 手机号 手机号码 电话号码 联系手机 联系电话手机 负责人电话 "
    "主要负责人电话 法人电话 法人代表电话 法人联系电话 负责人联系电话 "
    "主要负责人联系电话 法定代表人电话 联系人电话 联系号码 单位电话 企业电话 "
    "固定电话 办公电话 座机"
)
ADDRESS_HEADERS = words(
    "单位地址 经营地址 生产经营地址 企业地址 详细地址 实际经营地址 "
    "生产经营场所地址 经营场所 所在地址 具体地址 地点 位置 所在位置 坐落 坐落位置 "
    "通讯地址 办公地址 注册地址 住所 注册住所 登记住所 单位住所"
)
LONGITUDE = Column(
    N_("经度"),
    "longitude",
    Holds.LONGITUDE,
    example="105.571234",
    width=12,
    synonyms=words("东经 X X坐标 经度坐标 坐标经度 lng lon longitude GPS经度 经纬度经度 经"),
    hint=N_("十进制度，如 105.571234；度分秒也可；不是 CGCS2000 或 WGS-84 的请写明坐标系"),
)
LATITUDE = Column(
    N_("纬度"),
    "latitude",
    Holds.LATITUDE,
    example="30.512345",
    width=12,
    synonyms=words("北纬 Y Y坐标 纬度坐标 坐标纬度 lat latitude GPS纬度 经纬度纬度 纬"),
    hint=N_("十进制度，如 30.512345；经度和纬度一起填或都不填"),
)
GIVEN_IN = Column(
    N_("坐标系"),
    "given_in",
    Holds.CHOICE,
    width=14,
    choices=(
        Choice(
            CoordinateSystem.CGCS2000,
            "CGCS2000",
            words("WGS84 WGS-84 WGS_84 CGCS2000或WGS-84 国家2000 大地2000 2000国家大地坐标系 天地图 GPS 北斗 地球坐标"),
        ),
        Choice(CoordinateSystem.GCJ02, "GCJ-02", words("GCJ02 GCJ_02 国测局 火星坐标 高德 高德地图 腾讯 腾讯地图")),
        Choice(CoordinateSystem.BD09, "BD-09", words("BD09 BD_09 BD09LL 百度 百度地图 百度坐标")),
    ),
    example="CGCS2000",
    synonyms=words("坐标系统 坐标类型 坐标来源 坐标体系 空间参考"),
    hint=N_("高德、腾讯地图取的点是 GCJ-02，百度是 BD-09；入账时换算为 CGCS2000，空着按 CGCS2000"),
)


def credit_code(name: str = N_("统一社会信用代码"), *, field: str = "credit_code", required: bool = False) -> Column:
    others = CODE_HEADERS if name == "统一社会信用代码" else (name.replace("信用代码", "统一社会信用代码"),)
    return Column(
        name,
        field,
        Holds.CODE,
        required=required,
        example="91510900MA0000000M",
        width=22,
        synonyms=others,
        hint=N_("18 位，只有数字和大写字母；单元格请设为文本格式"),
    )


def phone() -> Column:
    return Column(
        N_("联系电话"),
        "phone",
        Holds.PHONE,
        synonyms=PHONE_HEADERS,
        example="13800000000",
        longest=32,
        hint=N_("手机 11 位，或区号-座机；多个用顿号隔开"),
    )


RISK_CHOICES = (
    Choice(RiskLevel.LOW, "A", words("低 蓝 低风险 蓝色 A级 四级 4级 IV级 IV 蓝色风险")),
    Choice(RiskLevel.GENERAL, "B", words("一般 黄 一般风险 黄色 B级 三级 3级 III级 III 黄色风险")),
    Choice(RiskLevel.CONSIDERABLE, "C", words("较大 橙 较大风险 橙色 C级 二级 2级 II级 II 橙色风险")),
    Choice(RiskLevel.MAJOR, "D", words("重大 红 重大风险 红色 D级 一级 1级 I级 I 红色风险")),
)

STATUS_CHOICES = (
    Choice(
        EnterpriseStatus.OPERATING,
        "在营",
        words(
            "存续 正常 开业 营业 在业 在营在册 正常经营 营业中 正常营业 在产 生产 "
            "存续在营开业在册 经营 经营中 生产中 正常生产"
        ),
    ),
    Choice(
        EnterpriseStatus.SUSPENDED,
        "停产",
        words("停业 歇业 停产停业 暂停营业 停业整顿 停产整顿 停工停产 长期停产 半停产 休业"),
    ),
    Choice(EnterpriseStatus.CANCELLED, "注销", words("已注销 关闭 已关闭 倒闭 关停")),
    Choice(EnterpriseStatus.REVOKED, "吊销", words("已吊销 吊销未注销")),
    Choice(EnterpriseStatus.MOVED_OUT, "迁出", words("已迁出 搬迁 已搬迁 外迁 搬走")),
)

USE_CHOICES = (
    Choice(BuildingUse.RESIDENTIAL, "住宅", words("住宅建筑 居住 居住建筑 居民住宅 商品住宅 住宅楼 宿舍式住宅 居民楼")),
    Choice(
        BuildingUse.PUBLIC,
        "公共",
        words(
            "公共建筑 公建 商业 办公 酒店 宾馆 医院 学校 写字楼 商场 商业建筑 办公建筑 "
            "公寓 办公楼 公用建筑 公用 宿舍 教学楼 旅馆"
        ),
    ),
    Choice(
        BuildingUse.MIXED, "综合", words("综合楼 商住 商住楼 综合体 商业综合体 综合建筑 商住综合 商住两用 混合 多用途")
    ),
    Choice(BuildingUse.FACTORY, "厂房", words("工业 工业建筑 工业厂房 生产 生产厂房 车间 生产用房")),
    Choice(BuildingUse.WAREHOUSE, "仓库", words("仓储 库房 物流仓库 仓储建筑 冷库")),
)

SITE_STATUS_CHOICES = (
    Choice(SiteStatus.PLANNED, "未开工", words("待开工 拟建 筹建 未动工")),
    Choice(SiteStatus.ACTIVE, "在建", words("施工 施工中 正在施工 开工 已开工 正常 建设中 复工 已复工 在建施工")),
    Choice(SiteStatus.SUSPENDED, "停工", words("已停工 暂停施工 停建 缓建 停工整改")),
    Choice(SiteStatus.COMPLETED, "竣工", words("已竣工 完工 已完工 竣工验收 已竣工验收 交付")),
)

YES_NO = (
    Choice("yes", "是", words("Y YES √ ✓ ✔ 1 TRUE T 有 对 能 可 可以 ☑ 需 需要 属于")),
    Choice("no", "否", words("N NO × ✗ ✘ X 0 FALSE F 无 不 不是 非 没有 不能 不可 不可以 ☐  不需要 不属于")),
)

# 机关、团体、企业、事业单位消防安全管理规定 (公安部令第61号) art. 13, in short words; other words are accepted.
KEY_UNIT_CATEGORIES = (
    "公众聚集场所",
    "医院、养老院、学校和幼儿园",
    "国家机关",
    "广播电视和邮政通信枢纽",
    "客运车站、码头和机场",
    "图书馆、博物馆、档案馆和文物单位",
    "发电厂和电网企业",
    "易燃易爆危险品单位",
    "劳动密集型企业",
    "科研单位",
    "高层公共建筑和地下建筑",
    "其他",
)
