"""底账 rules: identity, cleaning, high-rise derivation, coordinates, pinyin initials and search tokens.

Pure: no Django, no clock, no query.
"""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Any

from stdnum.cn import uscc

from anguan.core.coordinates import CoordinateSystem, to_cgcs2000
from anguan.core.enums import Labelled
from anguan.core.search import bigrams as bigrams
from anguan.core.search import clean_text as clean_text
from anguan.core.search import folded as folded
from anguan.core.search import pinyin_initials as pinyin_initials
from anguan.core.search import query_initials as query_initials
from anguan.core.search import query_tokens as query_tokens
from anguan.core.search import search_tokens as search_tokens
from anguan.core.search import search_words as search_words
from anguan.core.words import N_


class Refused(ValueError):
    """A value that the ledger can't take: what was wrong and what would be right.

    `str()` gives the Chinese sentence; a page translates `template` and fills in `params` itself.
    """

    def __init__(self, template: str, **params: Any) -> None:
        self.template = template
        self.params = params
        super().__init__(template % params if params else template)


# --- vocabularies


class EnterpriseStatus(Labelled):
    """企业状态: what the business register says of an enterprise."""

    OPERATING = "operating", N_("在营")
    SUSPENDED = "suspended", N_("停产")
    CANCELLED = "cancelled", N_("注销")
    REVOKED = "revoked", N_("吊销")
    MOVED_OUT = "moved_out", N_("迁出")

    @property
    def is_present(self) -> bool:
        """Whether there is still something to supervise here: operating, or standing still on the spot."""
        return self in (EnterpriseStatus.OPERATING, EnterpriseStatus.SUSPENDED)


class RiskLevel(Labelled):
    """风险等级: A 低 蓝, B 一般 黄, C 较大 橙, D 重大 红; a colour never stands without its word and shape."""

    LOW = "A", N_("低")
    GENERAL = "B", N_("一般")
    CONSIDERABLE = "C", N_("较大")
    MAJOR = "D", N_("重大")

    @property
    def colour(self) -> str:
        """The English colour name, as the style sheet's tokens use it."""
        return {"A": "blue", "B": "yellow", "C": "orange", "D": "red"}[self.value]

    @property
    def colour_word(self) -> str:
        """The Chinese colour word: 蓝, 黄, 橙 or 红."""
        return {"A": N_("蓝"), "B": N_("黄"), "C": N_("橙"), "D": N_("红")}[self.value]

    @property
    def shape(self) -> str:
        """The sign that goes with the colour for those who can't tell colours apart."""
        return {"A": "●", "B": "■", "C": "▲", "D": "◆"}[self.value]


class BuildingUse(Labelled):
    """使用性质: what a building is used for, as fire rules tell buildings apart."""

    RESIDENTIAL = "residential", N_("住宅")
    PUBLIC = "public", N_("公共")
    MIXED = "mixed", N_("综合")
    FACTORY = "factory", N_("厂房")
    WAREHOUSE = "warehouse", N_("仓库")


class SiteStatus(Labelled):
    """工地状态: where a construction site stands between permit and completion."""

    PLANNED = "planned", N_("未开工")
    ACTIVE = "active", N_("在建")
    SUSPENDED = "suspended", N_("停工")
    COMPLETED = "completed", N_("竣工")


class ConflictKind(Labelled):
    """回避情形: what ties an officer to an enterprise (行政处罚法 art. 43; kinds are our own list)."""

    RELATIVE = "relative", N_("近亲属任职")
    SHARES = "shares", N_("持有股份")
    FORMER_STAFF = "former_staff", N_("三年内曾任职")
    CREDITOR = "creditor", N_("债权债务")
    PAIRING = "pairing", N_("党建结对联系人")
    CONSULTANT = "consultant", N_("提供咨询服务")
    OTHER = "other", N_("其他可能影响公正的关系")


# --- derivations

HIGH_RISE_RESIDENTIAL_M = Decimal(27)
HIGH_RISE_OTHER_M = Decimal(24)


def is_high_rise(use: str, height_m: Decimal, storeys_above: int) -> bool:
    """高层建筑: whether a building counts as a high-rise civil building (高层民用建筑).

    GB 50016-2014 (2018) 2.1.1 and 5.1.1: residential above 27 m; other civil and mixed use above 24 m with more than
    one storey. Exactly 27 or 24 m is not yet high. Multi-storey factories and warehouses above 24 m are high-rises in
    the sense of 2.1.1 too, but not civil buildings, to which 高层民用建筑消防安全管理规定 applies: not counted here.
    """
    if use == BuildingUse.RESIDENTIAL:
        return height_m > HIGH_RISE_RESIDENTIAL_M
    if use in (BuildingUse.PUBLIC, BuildingUse.MIXED):
        return height_m > HIGH_RISE_OTHER_M and storeys_above > 1
    return False


# --- text

_CJK = "\u3001-\u303f\u3400-\u9fff\uff00-\uffef\U00020000-\U0003ffff"
_BLANK_IN_CHINESE = re.compile(f"(?<=[{_CJK}]) +(?=[{_CJK}])")


def clean_name(text: str) -> str:
    """A name of a person, unit or building: as `clean_text`, and without blanks between Chinese characters (张　三)."""
    text = clean_text(text)
    return _BLANK_IN_CHINESE.sub("", text) if " " in text else text


def compact(text: str) -> str:
    """A code or number without anything a person adds to read it: blanks, quotes, dashes of every width; upper case."""
    text = unicodedata.normalize("NFKC", clean_text(text))
    return _NOT_IN_CODES.sub("", text).upper()


_NOT_IN_CODES = re.compile("[\\s'\"`´‘’“”′″＇＂,，.。·:：;；、=~\u2010-\u2015\u2212\\-_—]+")
_NOT_IN_NAMES = re.compile(r"[\W_]+")


@lru_cache(maxsize=65536)
def normalise_name(name: str) -> str:
    """What two spellings of the same name have in common: for comparing, never for showing.

    Width, case, blanks, brackets and punctuation don't count; `遂宁（河东）A座` equals `遂宁(河东) Ａ座`.
    """
    return _NOT_IN_NAMES.sub("", unicodedata.normalize("NFKC", clean_text(name)).casefold())


# --- identity

_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CODE_VALUES = {letter: value for value, letter in enumerate(_CODE_LETTERS)}
_CODE_SHAPE = re.compile(f"[0-9ANY][{_CODE_LETTERS}][0-9]{{6}}[{_CODE_LETTERS}]{{10}}")
_LOOKALIKES = {"O": "0", "I": "1", "Z": "2", "S": "5", "V": "U"}


def is_credit_code(code: str) -> bool:
    """Whether this is a 统一社会信用代码 (GB 32100-2015) in its plain form, with the right check character.

    The registering authority may be a letter (A, N, Y), as with collectives registered by the agriculture organs (N);
    python-stdnum knows only digits there, so the shape is ours and its check character decides.
    """
    if _CODE_SHAPE.fullmatch(code) is None:
        return False
    total = sum([_CODE_VALUES[letter] * weight for letter, weight in zip(code, _WEIGHTS, strict=False)])
    return _CODE_LETTERS[-total % 31] == code[17]


def check_credit_code(text: str) -> str:
    """The 统一社会信用代码 in its plain form, whatever blanks, quotes, dashes, width or case it was written with.

    Raises Refused with the place of the mistake and, where it can be told, what would be right.
    """
    if is_credit_code(text):
        return text
    code = compact(text)
    if is_credit_code(code):
        return code
    if "*" in code or "＊" in code:
        raise Refused(N_("统一社会信用代码被星号遮盖，应填写完整的 18 位代码"))
    strange = next((letter for letter in code if not (letter.isascii() and letter.isalnum())), None)
    if strange is not None:
        raise Refused(N_("统一社会信用代码里有“%(letter)s”，代码只由数字和大写字母组成，共 18 位"), letter=strange)
    if len(code) != 18:
        _refuse_length(code)
    for place, letter in enumerate(code, start=1):
        if letter in _LOOKALIKES:
            _refuse_letter(code, place, letter)
    for place in range(3, 9):
        if not code[place - 1].isdigit():
            raise Refused(
                N_("统一社会信用代码第 %(place)s 位是“%(letter)s”，第 3 到 8 位是行政区划代码，应全是数字"),
                place=place,
                letter=code[place - 1],
            )
    if code[0] not in "0123456789ANY":
        raise Refused(
            N_("统一社会信用代码第 1 位是“%(letter)s”，登记管理部门代码应为数字或 A、N、Y，企业一般为 9"),
            letter=code[0],
        )
    raise Refused(
        N_("统一社会信用代码校验不通过：前 17 位对应的末位应为 %(right)s，现在是 %(wrong)s，请对照营业执照核对"),
        right=uscc.calc_check_digit(code[:17]),
        wrong=code[17],
    )


def _refuse_length(code: str) -> None:
    if len(code) == 15 and code.isdigit():
        raise Refused(N_("这是 15 位的旧工商注册号，应填写 18 位统一社会信用代码"))
    if len(code) == 9:
        raise Refused(N_("这是 9 位的组织机构代码，应填写 18 位统一社会信用代码"))
    raise Refused(N_("统一社会信用代码应为 18 位，现在是 %(length)s 位"), length=len(code))


def _refuse_letter(code: str, place: int, letter: str) -> None:
    repaired = "".join(_LOOKALIKES.get(each, each) for each in code)
    if is_credit_code(repaired):
        raise Refused(
            N_("统一社会信用代码第 %(place)s 位的字母“%(letter)s”应是“%(likely)s”，请核对是否为 %(repaired)s"),
            place=place,
            letter=letter,
            likely=_LOOKALIKES[letter],
            repaired=repaired,
        )
    raise Refused(
        N_("统一社会信用代码第 %(place)s 位是字母“%(letter)s”，代码不用 I、O、S、V、Z，疑为“%(likely)s”"),
        place=place,
        letter=letter,
        likely=_LOOKALIKES[letter],
    )


# --- coordinates

LONGITUDES = (Decimal("73.4"), Decimal("135.1"))
LATITUDES = (Decimal("3.5"), Decimal("53.6"))

# The country's outline, coarse on purpose (longitude, latitude): it stops Tokyo, Hanoi and Ulaanbaatar, not a
# neighbour's field. A point up to _MARGIN degrees outside counts as inside: refusing a border town is worse.
_OUTLINE = (
    (73.4, 39.4), (74.0, 40.3), (76.5, 40.7), (80.2, 42.2), (80.3, 45.0), (82.3, 45.4), (83.0, 47.2), (85.6, 47.2),
    (85.8, 48.4), (87.8, 49.2), (90.0, 47.9), (91.0, 46.6), (90.9, 45.3), (93.5, 45.0), (95.4, 44.3), (96.4, 42.8),
    (101.0, 42.6), (105.0, 41.7), (109.0, 42.5), (112.0, 43.7), (112.0, 45.0), (114.0, 44.9), (116.5, 46.4),
    (119.8, 46.7), (118.5, 48.0), (115.5, 47.7), (116.7, 49.9), (119.3, 50.3), (120.2, 52.6), (121.0, 53.3),
    (123.6, 53.6), (126.0, 52.8), (127.5, 50.0), (130.9, 48.9), (131.0, 47.7), (135.1, 48.4), (134.0, 46.3),
    (133.1, 45.1), (131.2, 44.9), (131.2, 43.2), (130.6, 42.4), (128.0, 42.0), (126.5, 41.4), (124.4, 40.1),
    (124.0, 39.5), (123.0, 37.0), (124.0, 33.0), (123.6, 30.5), (124.7, 25.9), (122.2, 24.5), (121.3, 21.5),
    (119.5, 18.0), (119.2, 15.0), (118.6, 11.0), (116.3, 7.5), (112.5, 3.5), (109.3, 6.0), (110.0, 12.0),
    (110.2, 15.5), (108.0, 18.0), (107.9, 21.5), (106.7, 21.9), (105.3, 23.3), (102.3, 22.4), (101.8, 21.1),
    (99.9, 21.6), (98.9, 23.0), (97.5, 23.9), (97.5, 25.0), (98.7, 27.4), (97.2, 27.8), (94.0, 27.0), (91.6, 26.8),
    (91.5, 27.8), (89.0, 27.3), (88.8, 28.0), (86.0, 27.9), (82.0, 30.1), (78.8, 31.3), (78.4, 32.5), (79.0, 33.2),
    (78.0, 35.5), (76.0, 35.9), (74.9, 37.2),
)  # fmt: skip
_MARGIN = 0.6


def is_in_china(longitude: Decimal, latitude: Decimal) -> bool:
    """Whether a point (WGS-84 or CGCS2000, degrees) lies in China, to within about sixty kilometres at the border."""
    if 103 < longitude < 117 and 25 < latitude < 40:
        return True
    if not (LONGITUDES[0] <= longitude <= LONGITUDES[1] and LATITUDES[0] <= latitude <= LATITUDES[1]):
        return False
    return _is_near_outline(round(float(longitude), 1), round(float(latitude), 1))


@lru_cache(maxsize=16384)
def _is_near_outline(x: float, y: float) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in zip(_OUTLINE, (*_OUTLINE[1:], _OUTLINE[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
        along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)
        along = min(1.0, max(0.0, along))
        if (x1 + along * (x2 - x1) - x) ** 2 + (y1 + along * (y2 - y1) - y) ** 2 <= _MARGIN**2:
            return True
    return inside


def check_coordinates(longitude: Decimal, latitude: Decimal) -> None:
    """Refuse a point that can't be in China; says so when longitude and latitude look swapped."""
    if is_in_china(longitude, latitude):
        return
    if is_in_china(latitude, longitude):
        raise Refused(
            N_("经度和纬度填反了：经度应为 %(longitude)s，纬度应为 %(latitude)s"),
            longitude=latitude,
            latitude=longitude,
        )
    if longitude == 0 or latitude == 0:
        raise Refused(N_("坐标为 0，不在中国境内；不知道坐标时请留空"))
    raise Refused(
        N_("坐标（%(longitude)s，%(latitude)s）不在中国境内，经度应在 73 到 135 之间，纬度应在 3 到 54 之间"),
        longitude=longitude,
        latitude=latitude,
    )


def settle_position(values: dict[str, Any], otherwise: str = CoordinateSystem.CGCS2000) -> None:
    """Turn the position of one row into CGCS2000, and keep in `given_in` what it was given in.

    `otherwise` is the system of a row that names none. A row without a position names none either.
    """
    longitude, latitude = values.get("longitude"), values.get("latitude")
    if not isinstance(longitude, Decimal) or not isinstance(latitude, Decimal):
        values.pop("given_in", None)
        return
    given_in = CoordinateSystem(values.get("given_in") or otherwise)
    values["longitude"], values["latitude"] = to_cgcs2000(longitude, latitude, given_in)
    values["given_in"] = given_in.value


def check_storey(storey: int, above: int, below: int | None) -> None:
    """Refuse a storey that the building does not have by the ledger; where cellars aren't known, ten are believed."""
    cellars = 10 if below is None else below
    if storey == 0:
        raise Refused(N_("没有 0 层：地上从 1 层数起，地下一层写 -1"))
    if storey > above:
        raise Refused(N_("底账里这栋建筑地上只有 %(above)s 层"), above=above)
    if storey < -cellars:
        raise Refused(N_("底账里这栋建筑地下只有 %(below)s 层"), below=cellars)
