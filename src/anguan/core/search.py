"""检索: how a text is cut into tokens so that any part of a Chinese word is found by an index, and pinyin initials.

Pure. A row stores `search_tokens(...)` in a `text[]` column with a GIN index; a search asks for rows whose tokens
contain `query_tokens(q)` (`@>`) and, where a word is longer than a bigram, compares the folded text as well.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Characters that people neither see nor mean: controls, odd blanks, zero-width signs, full-width letters and digits,
# radicals and compatibility ideographs that come from PDF files, lone surrogates, and Excel's own _x000D_ escapes.
_ODD = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u115f\u1160\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2e80-\u2fdf\u3000\u3164"
    "\uf900-\ufaff\ufb00-\ufb06\ufe00-\ufe0f\ufeff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\ud800-\udfff\ufff0-\uffff]"
    "|_x[0-9A-Fa-f]{4}_"
)
_BLANKS = re.compile(r"[ \n]*\n[ \n]*| {2,}")


def _plain(match: re.Match[str]) -> str:
    character = match.group()
    if len(character) > 1:  # _x000D_
        code = int(character[2:6], 16)
        return _plain_character(chr(code)) if code < 0x20 else character
    return _plain_character(character)


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    if character in "\n\r\v\f\x85\u2028\u2029":
        return "\n"
    category = unicodedata.category(character)
    if character == "\t" or category == "Zs":
        return " "
    if category in ("Cc", "Cf", "Cs", "Cn") or "\ufe00" <= character <= "\ufe0f":
        return ""
    if character in "\u115f\u1160\u3164":  # Hangul fillers: letters by category, blank to the eye
        return ""
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 or folded.isalnum() else character


def clean_text(text: str, *, multiline: bool = False) -> str:
    """The text as a person sees it: half-width letters and digits, single blanks, nothing invisible.

    Full-width punctuation stays, because that is how Chinese is written. Line breaks become blanks unless `multiline`.
    """
    if _ODD.search(text) is not None:
        text = _ODD.sub(_plain, text)
    if "\n" in text or "  " in text:
        text = _BLANKS.sub(lambda found: "\n" if multiline and "\n" in found.group() else " ", text)
    return text.strip(" \n")


# Characters with several readings whose first letters differ and which are common in names of firms and places: they
# are read by the longest phrase around them (重庆 cq, 银行 yh), all others letter by letter. A segmenter would take a
# hundred times longer for the same letters.
_SEVERAL_READINGS = frozenset(
    "重长行厦乐朝曾传调降校单解藏盛沈宿都会系还车石埔番柏蚌铅秘洗省弹尉种查仇区召折扁奇翟卜恶合"
)
_LONGEST_PHRASE = 4


@lru_cache(maxsize=32768)
def _initial(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    from pypinyin import Style, lazy_pinyin

    letters = lazy_pinyin(character, style=Style.NORMAL, errors="ignore")
    return str(letters[0])[:1] if letters else ""


def _initial_in(name: str, place: int) -> str:
    from pypinyin.phrases_dict import phrases_dict

    for length in range(_LONGEST_PHRASE, 1, -1):
        for start in range(max(0, place - length + 1), min(place, len(name) - length) + 1):
            readings = phrases_dict.get(name[start : start + length])
            if readings:
                return unicodedata.normalize("NFD", str(readings[place - start][0]))[:1]
    return _initial(name[place])


def pinyin_initials(name: str) -> str:
    """拼音首字母: `遂宁市A区重庆面馆` gives `snsaqcqmg`; letters and digits stay, the rest falls away."""
    name = unicodedata.normalize("NFKC", clean_text(name))
    if _SEVERAL_READINGS.isdisjoint(name):
        return "".join(map(_initial, name))
    return "".join(
        _initial_in(name, place) if character in _SEVERAL_READINGS else _initial(character)
        for place, character in enumerate(name)
    )


_RUNS = re.compile(r"[^\W_]+")


def search_words(text: str) -> list[str]:
    """The words of a search or of a text, folded: width and case don't count, punctuation separates."""
    return _RUNS.findall(unicodedata.normalize("NFKC", clean_text(text)).casefold())


def bigrams(text: str) -> set[str]:
    """Every two neighbouring characters of each word, so that any part of a Chinese word can be found by index."""
    return {word[i : i + 2] for word in search_words(text) for i in range(len(word) - 1)}


def search_tokens(*texts: str, initials: str = "") -> list[str]:
    """What to store for the search of these texts: bigrams, single Chinese characters, marked bigrams of `initials`.

    Sorted, without repetition; for a PostgreSQL `text[]` with a GIN index.
    """
    tokens: set[str] = set()
    for text in texts:
        for word in search_words(text):
            tokens.update([word[i : i + 2] for i in range(len(word) - 1)])
            if not word.isascii():
                tokens.update([character for character in word if not character.isascii()])
    tokens.update(_initials_tokens(initials))
    return sorted(tokens)


def query_tokens(query: str) -> list[str]:
    """The tokens that a row must contain (`@>`) to be a candidate for this search; empty when none can be told.

    A candidate has all the bigrams, not yet the word: the caller compares each of `search_words(query)` with the folded
    text as well. A single Latin letter or digit has no token.
    """
    tokens: set[str] = set()
    for word in search_words(query):
        if len(word) > 1:
            tokens.update(word[i : i + 2] for i in range(len(word) - 1))
        elif not word.isascii():
            tokens.add(word)
    return sorted(tokens)


def query_initials(query: str) -> list[str] | None:
    """As `query_tokens`, for a search by pinyin initials; None when it can't be one (other than 2 to 32 letters)."""
    words = search_words(query)
    if len(words) != 1 or not words[0].isascii() or not 2 <= len(words[0]) <= 32:
        return None
    return sorted(_initials_tokens(words[0]))


def _initials_tokens(initials: str) -> Iterable[str]:
    return {"~" + initials[i : i + 2] for i in range(len(initials) - 1)}


def folded(*texts: str) -> str:
    """The texts as a search compares them: folded words, one text a line."""
    return "\n".join(" ".join(search_words(text)) for text in texts if text)
