"""What is wrong with bytes, as a sentence that can be told in either language."""

from collections.abc import Callable
from typing import Any, NamedTuple


class Problem(NamedTuple):
    """A Chinese sentence (translatable) and the values that stand in it; `str` tells it in Chinese."""

    sentence: str
    values: dict[str, Any] = {}

    def __str__(self) -> str:
        return self.told(str)

    def told(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of `translate`, such as `gettext`; values that are words are translated too."""
        values = {name: translate(value) if isinstance(value, str) else value for name, value in self.values.items()}
        return translate(self.sentence) % values
