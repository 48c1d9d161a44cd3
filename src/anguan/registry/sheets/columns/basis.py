"""What a table consists of: kinds, columns, choices, and when two headers are the same."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from anguan.registry.rules import normalise_name


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
    # Parts of the key in which every sign counts: 铺位 1-11 isn't 11-1.
    exact: frozenset[str] = frozenset()

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
        return "\x1f".join(
            fold_word(str(part)) if field in self.exact else normalise_name(str(part))
            for field, part in zip(self.key_fields, parts, strict=True)
        )


def words(text: str) -> tuple[str, ...]:
    """A list of words, written with blanks between them."""
    return tuple(text.split())


BRACKETED = re.compile(r"[(\[{【〔《<「][^)\]}】〕》>」]*[)\]}】〕》>」]")
_NUMBERING = re.compile(r"^\s*[(（]?[0-9一二三四五六七八九十]{1,2}[)）.、．](?=\D)")
_NOT_IN_HEADERS = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def normalise_header(header: str) -> str:
    """A header without width, blanks, line breaks, brackets, asterisks, colons and numbering (`＊1、单位 名称：`)."""
    return _NOT_IN_HEADERS.sub("", _NUMBERING.sub("", unicodedata.normalize("NFKC", header).strip(" *"))).casefold()


@lru_cache(maxsize=64)
def accepted_words(choices: tuple[Choice, ...]) -> Mapping[str, str]:
    """Every accepted word in its folded form, and the value it means."""
    return {fold_word(word): choice.value for choice in choices for word in (choice.word, *choice.synonyms)}


def fold_word(word: str) -> str:
    """A word of choice without width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", word).split()).upper()
