"""Cleaning of single cells: what a person wrote becomes a value, or a sentence that says what would be right."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from anguan.core.search import clean_text
from anguan.core.words import N_
from anguan.registry.rules import LATITUDES, LONGITUDES, Refused, check_credit_code, clean_name, compact
from anguan.registry.sheets.columns import Column, Holds, accepted_words, fold_word

# What a reader of .xlsx or .csv hands over for one cell.
Raw = str | int | float | bool | date | datetime | time | timedelta | None
Value = str | int | bool | Decimal | date | tuple[str, ...] | None

# Excel keeps fifteen digits of a number; what comes after is lost for good and shows as zeros.
_MOST_DIGITS_OF_A_NUMBER = 10**15
_LOST_DIGITS = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)

_NOTHING = frozenset(
    {"/", "\\", "-", "--", "---", "—", "——", "–", "无", "暂无", "不详", "未知", "N/A", "n/a", "NA", "空"}
)


def is_blank(raw: Raw) -> bool:
    """Whether a cell holds nothing that a person can see."""
    if raw is None or raw == "":
        return True
    return isinstance(raw, str) and not raw.isalnum() and not clean_text(raw)


def shown(raw: Raw) -> str:
    """A cell as text, as a person would read it in the sheet; for messages and for columns kept aside."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return clean_text(raw)
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < _MOST_DIGITS_OF_A_NUMBER else repr(raw)
    if isinstance(raw, datetime):
        return raw.isoformat(sep=" ", timespec="minutes")
    return str(raw)


def clean_cell(column: Column, raw: Raw, *, date1904: bool = False) -> Value:
    """The value of a cell, or None for a blank one. Raises Refused where the cell can't be what the column holds."""
    if raw is None or raw == "":
        return None
    if isinstance(raw, str):
        text = raw if raw.isalnum() else _spelled_out(raw)
        if is_blank(text) or (not column.required and column.holds is not Holds.BOOL and text in _NOTHING):
            return None
        raw = text
    if column.holds is Holds.DATE:
        return clean_date(raw, date1904=date1904)
    return CLEANERS[column.holds](column, raw)


def _spelled_out(text: str) -> str:
    """Without what keeps Excel from reading a text as a number: a leading apostrophe, or ="…" in a .csv file."""
    text = clean_text(text, multiline=True)
    while len(text) > 1:
        if text[0] in "'‘’" and "'" not in text[1:]:
            text = text[1:].strip()
        elif text.startswith('="') and text.endswith('"') and len(text) > 3:
            text = text[2:-1].strip()
        else:
            break
    return text


# --- texts


def _fit(column: Column, text: str) -> str | None:
    if len(text) > column.longest:
        raise Refused(
            N_("最多 %(longest)s 个字，现在有 %(length)s 个字，请缩短"), longest=column.longest, length=len(text)
        )
    return text or None


def clean_free_text(column: Column, raw: Raw) -> str | None:
    """A text of one or, where the column says so, several lines; numbers and dates become their text."""
    return _fit(column, clean_text(raw if isinstance(raw, str) else _as_text(raw), multiline=column.multiline))


def clean_named(column: Column, raw: Raw) -> str | None:
    """A name: without blanks between Chinese characters."""
    return _fit(column, clean_name(raw if isinstance(raw, str) else _as_text(raw)))


def clean_words(column: Column, raw: Raw) -> tuple[str, ...] | None:
    """Several short texts, separated by commas, semicolons, slashes or line breaks; each once, in the order written."""
    text = raw if isinstance(raw, str) else _as_text(raw)
    if _fit(column, clean_text(text)) is None:
        return None
    parts = (clean_name(part) for part in re.split(r"[、,，;；/|\n\r]+", text))
    return tuple(dict.fromkeys(part for part in parts if part)) or None


def _as_text(raw: Raw) -> str:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw.isoformat()
    if isinstance(raw, datetime) and raw.time() == time():
        return raw.date().isoformat()
    return shown(raw)


# --- codes and numbers that name something


def _code_text(raw: Raw, lost: str) -> str:
    if isinstance(raw, str):
        if _LOST_DIGITS.fullmatch(raw.strip()) is not None:
            raise Refused(lost, value=raw.strip())
        return raw
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise Refused(N_("这里应填号码，现在是“%(value)s”，请把单元格设为文本格式后重新填写"), value=shown(raw))
    if abs(raw) >= _MOST_DIGITS_OF_A_NUMBER:
        raise Refused(lost, value=f"{raw:.2E}")
    return shown(raw)


def clean_credit_code(_column: Column, raw: Raw) -> str | None:
    """A 统一社会信用代码; a number that Excel has cut says so."""
    code = _code_text(
        raw,
        N_("代码被 Excel 当作数字保存（%(value)s），15 位以后的数字已经丢失，请把该列设为文本格式后重新填写 18 位代码"),
    )
    return check_credit_code(code)


def clean_identifier(column: Column, raw: Raw) -> str | None:
    """The number of a permit or certificate: half-width, without blanks, letters upper; dashes and brackets stay."""
    text = _code_text(
        raw, N_("号码被 Excel 当作数字保存（%(value)s），15 位以后的数字已经丢失，请把该列设为文本格式后重新填写")
    )
    text = unicodedata.normalize("NFKC", clean_text(text))
    text = "".join(text.replace("'", "").replace('"', "").split()).upper()
    return _fit(column, unicodedata.normalize("NFKC", text))


_INDUSTRY = re.compile(r"([A-T]?[0-9]{2,4}|[A-T])(?![A-Z0-9])")


def clean_industry(_column: Column, raw: Raw) -> str | None:
    """A 行业代码 of GB/T 4754: a letter, two to four digits, or both; the industry's name after it falls away."""
    code = re.match(_INDUSTRY, compact(shown(raw)))
    if code is None:
        raise Refused(
            N_("“%(value)s”不是行业代码，应为 GB/T 4754 的门类字母加 2 到 4 位数字，如 C1411"), value=shown(raw)[:40]
        )
    return code.group(1)


_MASKED = re.compile(r"[*＊xX×●]{2,}")
_PHONE_SEPARATORS = re.compile(r"[、,，;；/|\n]+|(?<=\d{7})\s+(?=\d{7})|或|和")
_EXTENSION = re.compile(r"(?:转|分机|EXT\.?|#)+(\d{1,6})$", re.IGNORECASE)
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_BEFORE_COLON = re.compile(r"^\D*[:：]")
_BETWEEN_DIGITS = re.compile(r"[-—–\s()]+")
_AREA = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))(\d{7,8})")
_SERVICE = re.compile(r"[48]00\d{7}|9[56]\d{3,6}|1\d{2}|1[02]\d{3}")


def clean_phone(column: Column, raw: Raw) -> str | None:
    """Telephone numbers in one way of writing (13800000000, 0825-2345678); several are joined by 、."""
    if isinstance(raw, date | time | timedelta | bool):
        raise Refused(N_("联系电话里是“%(value)s”，应为 11 位手机号或区号-座机"), value=shown(raw))
    text = shown(raw)
    if _MOBILE.fullmatch(text) is not None:
        return text
    text = unicodedata.normalize("NFKC", text)
    if _MASKED.search(text):
        raise Refused(N_("电话号码被星号遮盖，应填写完整号码"))
    phones = [_one_phone(part) for part in _PHONE_SEPARATORS.split(text) if part.strip()]
    return _fit(column, "、".join(dict.fromkeys(phones)))


def _one_phone(text: str) -> str:
    extension = _EXTENSION.search(text.strip())
    body = text[: extension.start()] if extension else text
    body = _BEFORE_COLON.sub("", body).strip()
    tail = f"-{extension.group(1)}" if extension else ""
    parts = _BETWEEN_DIGITS.split(body.strip("() "))
    digits = "".join(parts)
    if digits.startswith("+86"):
        digits = digits[3:]
    elif digits.startswith(("0086", "86")) and _MOBILE.fullmatch(digits[-11:]) and len(digits) in (13, 15):
        digits = digits[-11:]
    if not (digits.isascii() and digits.isdigit()):
        raise Refused(
            N_("“%(value)s”不是电话号码，应为 11 位手机号或区号-座机，如 0825-2345678"), value=text.strip()[:40]
        )
    if _MOBILE.fullmatch(digits):
        return digits + tail
    area = _AREA.fullmatch(digits)
    if area is not None:
        return f"{area.group(1)}-{area.group(2)}{tail}"
    # A third part after area and number is an extension: 0825-2345678-801.
    if not tail and len(parts) == 3 and (area := _AREA.fullmatch(parts[0] + parts[1])) and 1 <= len(parts[2]) <= 6:
        return f"{area.group(1)}-{area.group(2)}-{parts[2]}"
    if len(digits) in (7, 8) and digits[0] in "2345678":
        return digits + tail
    if _SERVICE.fullmatch(digits):
        return digits + tail
    if digits[0] == "1" and 9 <= len(digits) <= 13:
        raise Refused(N_("手机号应为 11 位、以 13 到 19 开头，“%(value)s”不是"), value=digits, length=len(digits))
    raise Refused(
        N_("“%(value)s”不是完整的电话号码，应为 11 位手机号或区号-座机，如 0825-2345678"), value=text.strip()[:40]
    )


# --- quantities

_QUANTITY = re.compile(r"([+-]?)(\d{1,18}(?:,\d{3})*|\d{1,3}(?:,\d{3})+|)(\.\d{1,18})?(万)?")


def clean_decimal(column: Column, raw: Raw) -> Decimal:
    """An amount with at most two places, with or without its unit: `32.5m`, `1,200 平方米`, `1.2万㎡`."""
    amount = _quantity(column, raw)
    if amount <= 0 and column.required:
        raise Refused(N_("应大于 0，现在是 %(value)s"), value=shown(raw))
    if not column.least <= amount <= column.most:
        _refuse_range(column, amount)
    return amount.quantize(Decimal("0.01"))


def clean_int(column: Column, raw: Raw) -> int:
    """A whole number, with or without its unit: `18层`, `12.0`, `1,200 人`; storeys below ground also `-2`."""
    if isinstance(raw, float) and raw.is_integer() and column.least <= raw <= column.most:
        return int(raw)
    if column.field == "built_year" and isinstance(raw, date):
        return raw.year
    if isinstance(raw, str):
        if column.field == "storeys_below":
            raw = re.sub(r"^(?:地下|负|B|-|－)\s*", "", raw.strip(), flags=re.IGNORECASE)
        elif column.field == "storeys_above":
            raw = re.sub(r"^地上\s*", "", raw.strip())
        elif column.field == "built_year" and (
            day := re.fullmatch(r"(\d{4})\s*(?:[-/.年].*|[01]\d[0-3]\d)", raw.strip())
        ):
            raw = day.group(1)
    elif column.field == "storeys_below" and isinstance(raw, int | float) and not isinstance(raw, bool):
        raw = abs(raw)
    amount = _quantity(column, raw)
    if amount != amount.to_integral_value():
        raise Refused(N_("应为整数，现在是“%(value)s”"), value=shown(raw))
    if not column.least <= amount <= column.most:
        _refuse_range(column, amount)
    return int(amount)


def _refuse_range(column: Column, amount: Decimal) -> None:
    raise Refused(
        N_("应在 %(least)s 到 %(most)s %(unit)s之间，现在是 %(value)s"),
        least=column.least,
        most=column.most,
        unit=column.unit_hint,
        value=f"{amount.normalize():f}",
    )


def _quantity(column: Column, raw: Raw) -> Decimal:
    if isinstance(raw, bool | date | time | timedelta):
        raise Refused(N_("应为数字，现在是“%(value)s”，可能被 Excel 自动改成了日期或逻辑值"), value=shown(raw))
    if isinstance(raw, int | float):
        try:
            return Decimal(str(raw)) if abs(raw) < _MOST_DIGITS_OF_A_NUMBER else Decimal(int(raw))
        except (InvalidOperation, OverflowError, ValueError):
            raise Refused(N_("应为数字，现在是“%(value)s”"), value=str(raw)) from None
    text = unicodedata.normalize("NFKC", clean_text(raw or "")).replace(" ", "")
    for unit in column.units:
        plain = unicodedata.normalize("NFKC", unit)
        if text.endswith(plain):
            text = text[: -len(plain)]
            break
    found = _QUANTITY.fullmatch(text)
    if found is None or not (found.group(2) or found.group(3)):
        raise Refused(N_("应为数字，现在是“%(value)s”"), value=shown(raw)[:40])
    amount = Decimal(f"{found.group(1)}{found.group(2).replace(',', '') or '0'}{found.group(3) or ''}")
    return amount * 10_000 if found.group(4) else amount


# --- dates

_EARLIEST, _LATEST = date(1840, 1, 1), date(2199, 12, 31)
_DAY = re.compile(
    r"(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))"
    r"(?:[T\s]*\d{1,2}[:时]\d{1,2}.*)?"
)
_MONTH = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?")
_NUMERAL_DAY = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_NUMERALS = {**{letter: number for number, letter in enumerate("〇一二三四五六七八九")}, "零": 0, "○": 0}


def clean_date(raw: Raw, *, date1904: bool = False) -> date:
    """A day, as 2020-1-5, 2020/1/5, 2020.1.5, 2020年1月5日, 20200105, 二〇二〇年一月五日, or Excel's number."""
    if isinstance(raw, datetime):
        return _in_range(raw.date())
    if isinstance(raw, date):
        return _in_range(raw)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return _in_range(_day_of_number(raw, date1904=date1904))
    if not isinstance(raw, str):
        raise Refused(N_("应为日期，如 2020-01-05，现在是“%(value)s”"), value=shown(raw))
    return _day_of_text(raw, date1904)


@lru_cache(maxsize=8192)
def _day_of_text(raw: str, date1904: bool) -> date:
    text = unicodedata.normalize("NFKC", clean_text(raw)).strip("'\" ")
    found = _DAY.fullmatch(text)
    if found is not None:
        year, month, day = found.group(1), found.group(2) or found.group(4), found.group(3) or found.group(5)
        return _in_range(_existing_day(int(year), int(month), int(day)))
    numerals = _NUMERAL_DAY.fullmatch(text)
    if numerals is not None:
        year = "".join(str(_NUMERALS[letter]) for letter in numerals.group(1))
        return _in_range(_existing_day(int(year), _small(numerals.group(2)), _small(numerals.group(3))))
    if text.isascii() and re.fullmatch(r"\d{4,6}(\.\d+)?", text):
        return _in_range(_day_of_number(float(text), date1904=date1904))
    if _MONTH.fullmatch(text):
        raise Refused(N_("日期“%(value)s”缺少日，应写到日，如 2020-01-05"), value=text)
    if re.fullmatch(r"\d{4}年", text):
        raise Refused(N_("日期“%(value)s”只有年份，应写到日，如 2020-01-05"), value=text)
    if re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", text):
        raise Refused(N_("日期“%(value)s”分不清年月日，应按年-月-日写，如 2020-01-05"), value=text)
    raise Refused(N_("“%(value)s”不是日期，应按年-月-日写，如 2020-01-05"), value=text[:40])


def _small(numerals: str) -> int:
    """一 to 九十九."""
    if "十" not in numerals:
        return _NUMERALS[numerals] if len(numerals) == 1 else 0
    tens, _, ones = numerals.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return 0
    return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)


def _existing_day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Refused(
            N_("没有 %(year)s 年 %(month)s 月 %(day)s 日这一天，请核对日期"), year=year, month=month, day=day
        ) from None


def _day_of_number(number: float, *, date1904: bool) -> date:
    if number != number or number in (float("inf"), float("-inf")):
        raise Refused(N_("应为日期，如 2020-01-05，现在是“%(value)s”"), value=str(number))
    whole = int(number)
    if 1800 <= whole <= 2200 and whole == number:
        raise Refused(N_("日期“%(value)s”只有年份，应写到日，如 2020-01-05"), value=whole)
    if 18000101 <= whole <= 22001231 and whole == number:
        return _existing_day(whole // 10000, whole // 100 % 100, whole % 100)
    if not 1 <= whole <= 110_000:
        raise Refused(N_("“%(value)s”不是日期，应按年-月-日写，如 2020-01-05"), value=shown(number))
    # Excel counts from 1899-12-30 because it holds 1900 for a leap year; files from old Macs count from 1904-01-01.
    return (date(1904, 1, 1) if date1904 else date(1899, 12, 30)) + timedelta(days=whole)


def _in_range(day: date) -> date:
    if not _EARLIEST <= day <= _LATEST:
        raise Refused(N_("日期 %(value)s 不合常理，请核对年份"), value=day.isoformat())
    return day


# --- words of a closed list


def clean_choice(column: Column, raw: Raw) -> str:
    """The value that one of the accepted words means; `蓝`, `A级（低风险）` and `A 低 蓝` are one level."""
    return _choose(column, shown(raw))


@lru_cache(maxsize=4096)
def _choose(column: Column, text: str) -> str:
    accepted = accepted_words(column.choices)
    value = accepted.get(fold_word(text))
    if value is not None:
        return value
    meant = {accepted.get(fold_word(part)) for part in re.split(r"[\s/、,，;；|()（）【】\[\]:：·—-]+", text) if part}
    if len(meant) == 1 and (value := meant.pop()) is not None:
        return value
    allowed = "、".join(
        choice.word if len(choice.word) > 1 or not choice.synonyms else f"{choice.word}（{choice.synonyms[0]}）"
        for choice in column.choices
    )
    raise Refused(N_("“%(value)s”不在可填的范围内，应为：%(allowed)s"), value=text[:40], allowed=allowed)


def clean_bool(column: Column, raw: Raw) -> bool | None:
    """是 or 否, also Y, N, √, ×, 1, 0, TRUE and FALSE; a stroke means nothing was said."""
    if isinstance(raw, bool):
        return raw
    text = shown(raw)
    if text in ("/", "\\", "-", "--", "—", "——"):
        return None
    value = accepted_words(column.choices).get(fold_word(text))
    if value is None:
        raise Refused(N_("“%(value)s”看不懂，应填是或否"), value=text[:40])
    return value == "yes"


# --- coordinates

_DEGREES = re.compile(r"(\d{1,3})[°度º](?:(\d{1,2}(?:\.\d+)?)[′'’分](?:(\d{1,2}(?:\.\d+)?)(?:″|\"|”|''|’’|秒)?)?)?")


def clean_longitude(_column: Column, raw: Raw) -> Decimal:
    """A longitude in degrees with six places; degrees, minutes and seconds are converted."""
    degrees = _degrees(raw, N_("经度"))
    if not LONGITUDES[0] <= degrees <= LONGITUDES[1]:
        _refuse_degrees(degrees, N_("经度"), N_("纬度"), 73, 135, LATITUDES)
    return degrees


def clean_latitude(_column: Column, raw: Raw) -> Decimal:
    """A latitude in degrees with six places; degrees, minutes and seconds are converted."""
    degrees = _degrees(raw, N_("纬度"))
    if not LATITUDES[0] <= degrees <= LATITUDES[1]:
        _refuse_degrees(degrees, N_("纬度"), N_("经度"), 3, 54, LONGITUDES)
    return degrees


def _refuse_degrees(
    degrees: Decimal, this: str, other: str, least: int, most: int, range_of_other: tuple[Decimal, Decimal]
) -> None:
    value = f"{degrees.normalize():f}"
    if range_of_other[0] <= degrees <= range_of_other[1]:
        raise Refused(
            N_("%(this)s填了 %(value)s，像是%(other)s：经度和纬度可能填反了，%(this)s应在 %(least)s 到 %(most)s 之间"),
            this=this,
            other=other,
            value=value,
            least=least,
            most=most,
        )
    if degrees == 0:
        raise Refused(N_("%(this)s为 0，不在中国境内；不知道坐标时请留空"), this=this)
    raise Refused(
        N_("%(this)s %(value)s 不在中国境内，应在 %(least)s 到 %(most)s 之间"),
        this=this,
        value=value,
        least=least,
        most=most,
    )


def _degrees(raw: Raw, this: str) -> Decimal:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        if raw != raw or abs(raw) > 1_000_000_000:
            raise Refused(N_("%(this)s应为十进制度，如 105.571234，现在是“%(value)s”"), this=this, value=str(raw))
        return Decimal(str(raw)).quantize(Decimal("0.000001"))
    if not isinstance(raw, str):
        raise Refused(N_("%(this)s应为十进制度，如 105.571234，现在是“%(value)s”"), this=this, value=shown(raw))
    text = clean_text(raw).replace(" ", "").replace("，", ",").replace("．", ".").replace("＂", '"').replace("＇", "'")
    if re.fullmatch(r"[\d.]+[,;、][\d.]+", text):
        raise Refused(N_("一个单元格里有两个数“%(value)s”，经度和纬度应分两列填写"), value=text[:40])
    text = re.sub(r"^(?:东经|北纬|[EN]):?|(?:°|度)?[EN]?$", "", text, flags=re.IGNORECASE)
    if re.fullmatch(r"-?\d{1,3}(?:\.\d{1,20})?", text):
        return Decimal(text).quantize(Decimal("0.000001"))
    parts = _DEGREES.fullmatch(text) or _DEGREES.fullmatch(text + "°")
    if parts is None:
        raise Refused(N_("%(this)s应为十进制度，如 105.571234，现在是“%(value)s”"), this=this, value=shown(raw)[:40])
    minutes, seconds = Decimal(parts.group(2) or 0), Decimal(parts.group(3) or 0)
    if minutes >= 60 or seconds >= 60:
        raise Refused(N_("度分秒“%(value)s”里的分和秒应小于 60"), value=shown(raw)[:40])
    return (Decimal(parts.group(1)) + minutes / 60 + seconds / 3600).quantize(Decimal("0.000001"))


CLEANERS: Mapping[Holds, Callable[[Column, Raw], Value]] = {
    Holds.TEXT: clean_free_text,
    Holds.NAME: clean_named,
    Holds.WORDS: clean_words,
    Holds.CODE: clean_credit_code,
    Holds.IDENTIFIER: clean_identifier,
    Holds.INDUSTRY: clean_industry,
    Holds.INT: clean_int,
    Holds.DECIMAL: clean_decimal,
    Holds.CHOICE: clean_choice,
    Holds.BOOL: clean_bool,
    Holds.LONGITUDE: clean_longitude,
    Holds.LATITUDE: clean_latitude,
    Holds.PHONE: clean_phone,
}
