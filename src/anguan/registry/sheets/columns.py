"""The kinds of tables and their columns as data: what each is called, what else bureaus call it, what it may hold."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from anguan.core.words import N_
from anguan.registry.rules import BuildingUse, EnterpriseStatus, RiskLevel, SiteStatus, normalise_name


class Holds(StrEnum):
    """What a column's cells hold; `cells.CLEANERS` has one cleaner for each."""

    TEXT = "text"
    NAME = "name"  # a text without blanks between Chinese characters
    CODE = "code"  # 统一社会信用代码
    IDENTIFIER = "identifier"  # another number that isn't counted with: permits, certificates
    INDUSTRY = "industry"  # 行业代码, GB/T 4754
    WORDS = "words"  # several short texts in one cell
    INT = "int"
    DECIMAL = "decimal"
    DATE = "date"
    CHOICE = "choice"
    BOOL = "bool"
    LONGITUDE = "longitude"
    LATITUDE = "latitude"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed value, its template word and the other words that mean it."""

    value: str
    word: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a template; `name` is the header exactly as the template writes it, without the asterisk."""

    name: str
    field: str
    holds: Holds = Holds.TEXT
    required: bool = False
    synonyms: tuple[str, ...] = ()
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    suggestions: tuple[str, ...] = ()
    example: str = ""
    longest: int = 150
    least: int = 0
    most: int = 10_000_000
    units: tuple[str, ...] = ()
    unit_hint: str = ""
    multiline: bool = False
    width: int = 16

    @property
    def header(self) -> str:
        """The header as the template writes it: required columns end with an asterisk."""
        return f"{self.name}*" if self.required else self.name


@dataclass(frozen=True)
class Kind:
    """One kind of table: its name on the command line, its columns, and the fields that identify a row."""

    name: str
    label: str
    columns: tuple[Column, ...]
    key_fields: tuple[str, ...]
    key_label: str
    available: bool = True

    @cached_property
    def by_field(self) -> Mapping[str, Column]:
        """The columns by field name."""
        return {column.field: column for column in self.columns}

    @cached_property
    def headers(self) -> Mapping[str, tuple[str, int]]:
        """Normalised header to field and rank; rank 0 is the template's own name, a higher one a looser synonym."""
        known: dict[str, tuple[str, int]] = {}
        for column in self.columns:
            for rank, header in enumerate((column.name, *column.synonyms)):
                known.setdefault(normalise_header(header), (column.field, rank))
        return known

    @property
    def required(self) -> tuple[Column, ...]:
        """The columns without which a table of this kind can't be read."""
        return tuple(column for column in self.columns if column.required)

    def key_of(self, values: Mapping[str, object]) -> str | None:
        """What makes a row the same as another of this kind; None where a part of it is missing."""
        parts = [values.get(field) for field in self.key_fields]
        if any(part is None or part == "" for part in parts):
            return None
        if len(parts) == 1:
            return str(parts[0])
        return "\x1f".join(normalise_name(str(part)) for part in parts)


def words(text: str) -> tuple[str, ...]:
    """A list of words, written with blanks between them."""
    return tuple(text.split())


# --- matching headers

_BRACKETED = re.compile(r"[(\[{【〔《<「][^)\]}】〕》>」]*[)\]}】〕》>」]")
_NUMBERING = re.compile(r"^\s*[(（]?[0-9一二三四五六七八九十]{1,2}[)）.、．](?=\D)")
_NOT_IN_HEADERS = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def normalise_header(header: str) -> str:
    """A header without width, blanks, line breaks, brackets, asterisks, colons and numbering (`＊1、单位 名称：`)."""
    return _NOT_IN_HEADERS.sub("", _NUMBERING.sub("", unicodedata.normalize("NFKC", header).strip(" *"))).casefold()


def match_header(kind: Kind, header: str) -> tuple[str, int] | None:
    """The field that a header surely means, with the rank of the name it was known by; None when it isn't known."""
    found = kind.headers.get(normalise_header(header))
    if found is None:
        without = _BRACKETED.sub("", unicodedata.normalize("NFKC", header))
        found = kind.headers.get(normalise_header(without)) if without else None
    return found


def match_headers(kind: Kind, headers: Sequence[str]) -> dict[int, str]:
    """Place of column to field, for the headers that are surely known; of two for one field the closer name wins."""
    best: dict[str, tuple[int, int]] = {}
    for place, header in enumerate(headers):
        found = match_header(kind, header) if header else None
        if found is None:
            continue
        field, rank = found
        if field not in best or rank < best[field][0]:
            best[field] = (rank, place)
    return {place: field for field, (_, place) in sorted(best.items(), key=lambda item: item[1][1])}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the matching page offers for one column of a file: a field or None, and whether it is certain."""

    place: int
    header: str
    field: str | None
    is_certain: bool


def suggest(kind: Kind, headers: Sequence[str]) -> list[Suggestion]:
    """For each column of a file the field it surely or probably means; each field is offered once."""
    certain = match_headers(kind, headers)
    free = {column.field for column in kind.columns} - set(certain.values())
    guesses: list[tuple[float, int, str]] = []
    for place, header in enumerate(headers):
        plain = normalise_header(header)
        if place in certain or not plain:
            continue
        for known, (field, _) in kind.headers.items():
            if field in free:
                likeness = difflib.SequenceMatcher(None, plain, known).ratio()
                if known in plain or plain in known:
                    likeness = max(likeness, 0.7)
                if likeness >= 0.6:
                    guesses.append((likeness, place, field))
    probable: dict[int, str] = {}
    for _, place, field in sorted(guesses, key=lambda guess: (-guess[0], guess[1])):
        if place not in probable and field in free:
            probable[place] = field
            free.discard(field)
    return [
        Suggestion(place, header, certain.get(place, probable.get(place)), place in certain)
        for place, header in enumerate(headers)
    ]


def missing_columns(kind: Kind, fields: Iterable[str]) -> list[Column]:
    """The required columns that aren't among these fields."""
    present = set(fields)
    return [column for column in kind.required if column.field not in present]


# --- columns that several kinds share

_CODE_HEADERS = words(
    "社会信用代码 信用代码 统一信用代码 统一社会信用码 统一社会信用代码证号 "
    "社会统一信用代码 信用代码号 营业执照号 营业执照编号 营业执照号码 "
    "营业执照注册号 统一代码 组织机构代码 统一社会信用代码注册号 "
    "统一社会信用代码营业执照号 单位信用代码 企业信用代码 纳税人识别号 机构代码 "
    "USCC"
)
_PHONE_HEADERS = words(
    "电话 手机 联系方式 手机号 手机号码 电话号码 联系手机 联系电话手机 负责人电话 "
    "主要负责人电话 法人电话 法人代表电话 法人联系电话 负责人联系电话 "
    "主要负责人联系电话 法定代表人电话 联系人电话 联系号码 单位电话 企业电话 "
    "固定电话 办公电话 座机"
)
_ADDRESS_HEADERS = words(
    "单位地址 经营地址 生产经营地址 企业地址 详细地址 实际经营地址 "
    "生产经营场所地址 经营场所 所在地址 具体地址 地点 位置 所在位置 坐落 坐落位置 "
    "通讯地址 办公地址 注册地址 住所 注册住所 登记住所 单位住所"
)
_LONGITUDE = Column(
    N_("经度"),
    "longitude",
    Holds.LONGITUDE,
    example="105.571234",
    width=12,
    synonyms=words("东经 X X坐标 经度坐标 坐标经度 lng lon longitude GPS经度 经纬度经度 经"),
    hint=N_("十进制度，WGS-84 或 CGCS2000，如 105.571234；度分秒也可"),
)
_LATITUDE = Column(
    N_("纬度"),
    "latitude",
    Holds.LATITUDE,
    example="30.512345",
    width=12,
    synonyms=words("北纬 Y Y坐标 纬度坐标 坐标纬度 lat latitude GPS纬度 经纬度纬度 纬"),
    hint=N_("十进制度，如 30.512345；经度和纬度一起填或都不填"),
)


def _credit_code(name: str = N_("统一社会信用代码"), *, field: str = "credit_code", required: bool = False) -> Column:
    others = _CODE_HEADERS if name == "统一社会信用代码" else (name.replace("信用代码", "统一社会信用代码"),)
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


def _phone() -> Column:
    return Column(
        N_("联系电话"),
        "phone",
        Holds.PHONE,
        synonyms=_PHONE_HEADERS,
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

# --- the kinds

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
        _credit_code(required=True),
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
            synonyms=_ADDRESS_HEADERS,
            example="河东示例街道 1 号",
            hint=N_("实际生产经营地址"),
            longest=200,
        ),
        _LONGITUDE,
        _LATITUDE,
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
        _phone(),
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
            synonyms=(words("建筑地址 建筑物地址 楼栋地址") + _ADDRESS_HEADERS),
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
                + _CODE_HEADERS
                + words("统一社会信用代码")
            ),
            hint=N_("物业或产权单位的 18 位代码"),
        ),
        _LONGITUDE,
        _LATITUDE,
    ),
    ("name", "address"),
    N_("建筑名称和地址"),
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
        _credit_code(required=True),
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
        Column(N_("地址"), "address", width=36, longest=200, synonyms=_ADDRESS_HEADERS, example="河东示例路 1 号"),
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
        _phone(),
    ),
    ("credit_code", "name"),
    N_("统一社会信用代码和单位名称"),
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
                + _CODE_HEADERS
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
                + _ADDRESS_HEADERS
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
    ),
    ("permit_no",),
    N_("施工许可证号"),
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
        _credit_code(N_("信用代码")),
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
        _phone(),
    ),
    ("complex_name", "unit_no"),
    N_("综合体和铺位号"),
    available=False,
)

EXPERT = Kind(
    "expert",
    N_("专家"),
    (
        Column(
            N_("姓名"), "name", Holds.NAME, required=True, example="孙示例", longest=50, synonyms=words("专家姓名 名字")
        ),
        Column(
            N_("单位"),
            "organ_name",
            Holds.NAME,
            required=True,
            example="示例安全技术中心",
            width=28,
            synonyms=words("工作单位 所在单位 单位名称"),
        ),
        Column(
            N_("专业"),
            "speciality",
            required=True,
            example="消防工程",
            longest=100,
            synonyms=words("专业领域 从事专业 专业方向 擅长领域"),
        ),
        Column(N_("职称"), "title", example="高级工程师", longest=60, synonyms=words("技术职称 职称等级")),
        Column(
            N_("聘期至"),
            "engaged_until",
            Holds.DATE,
            example="2027-12-31",
            width=12,
            synonyms=words("聘期 聘任期至 聘用期至 聘期截止"),
        ),
        Column(
            N_("回避单位"),
            "recusal_units",
            longest=500,
            width=28,
            synonyms=words("应回避单位 回避企业 需回避单位"),
            hint=N_("多个用顿号隔开"),
        ),
    ),
    ("name", "organ_name"),
    N_("姓名和单位"),
    available=False,
)

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (ENTERPRISE, BUILDING, KEY_UNIT, SITE, OFFICER, TENANT, EXPERT)
}


@lru_cache(maxsize=64)
def accepted_words(choices: tuple[Choice, ...]) -> Mapping[str, str]:
    """Every accepted word in its folded form, and the value it means."""
    return {fold_word(word): choice.value for choice in choices for word in (choice.word, *choice.synonyms)}


def fold_word(word: str) -> str:
    """A word of choice without width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", word).split()).upper()
