"""时间: six bytes ss mm HH dd MM yy, each a binary number, the year counted from 2000."""

from datetime import datetime

NO_TIME = bytes(6)
"""What a device without a clock sends; it is no date."""


def read_time(six: bytes) -> datetime | None:
    """The moment that six bytes ss mm HH dd MM yy name, on the sender's wall clock; None where they are no date.

    No bytes at all, which stand for a time that a device leaves out, are no date either.
    """
    try:
        second, minute, hour, day, month, year = six
        # The standard knows no time zone, and devices write the time of the place.
        return datetime(2000 + year, month, day, hour, minute, second) if year < 100 else None  # noqa: DTZ001
    except ValueError:
        return None


def time_bytes(moment: datetime) -> bytes:
    """The six bytes of a moment, as its own wall clock shows it; ValueError outside 2000 to 2099."""
    if not 2000 <= moment.year <= 2099:
        raise ValueError("协议的时间只能表示 2000 年至 2099 年。")
    return bytes((moment.second, moment.minute, moment.hour, moment.day, moment.month, moment.year - 2000))
