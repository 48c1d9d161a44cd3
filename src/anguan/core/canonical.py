"""Canonical JSON: one text for one value, so that a digest of it can be worked out again by anybody.

The form is that of the draw bundle `anguan-draw/1`: UTF-8, keys sorted by Unicode code point, `,` and `:` without
blanks, integers only, strings in NFC, escapes only for `"`, `\\` and control characters below 0x20. The audit chain
uses the same form.
"""

import json
from collections.abc import Mapping
from typing import Any
from unicodedata import normalize


class NotCanonical(ValueError):
    """The value holds something that has no canonical form: a float, a key that is no text, half a character."""


def canonical_json(value: Any) -> str:
    """The canonical JSON text of `value`: None, booleans, integers, text, lists, tuples and objects of these.

    Text is brought to NFC. Raises `NotCanonical` for floats and other types, for keys that are no text or become the
    same key in NFC, and for lone surrogates, which UTF-8 cannot carry.
    """
    text = json.dumps(_clean(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotCanonical("文本里有半个字符（孤立的代理码位），无法写成 UTF-8。") from None
    return text


def _clean(value: Any) -> Any:
    # Texts come first and cheaply: an import asks this of millions.
    if isinstance(value, str):
        return value if value.isascii() else normalize("NFC", value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    if isinstance(value, Mapping):
        cleaned: dict[str, Any] = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical(f"键必须是文本，不能是 {type(key).__name__}。")
            name = key if key.isascii() else normalize("NFC", key)
            if name in cleaned:
                raise NotCanonical(f"键“{name}”出现了两次。")
            cleaned[name] = _clean(item)
        return cleaned
    raise NotCanonical(f"规范 JSON 只收整数、文本、真假、空值、列表和对象，不收 {type(value).__name__}。")
