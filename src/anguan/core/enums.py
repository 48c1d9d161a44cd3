"""Labelled enums: one value for the database, one Chinese word for the reader."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A text enum whose members carry the Chinese term as `label`.

    Declare members as `OPEN = "open", N_("未结")`; models take `choices()`.
    """

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        # The default lets `State(text)` look a member up; a member itself never goes without its word.
        if not label:
            raise TypeError(f"{cls.__name__} declares {value!r} without its Chinese label")
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs of value and label in declaration order, as Django's `choices` takes them."""
        return [(member.value, member.label) for member in cls]
