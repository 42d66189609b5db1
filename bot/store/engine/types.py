"""Column types of our own: instants and enumerations, the same on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import Enum, IntEnum, StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import BigInteger, SmallInteger, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bot.model.hours import DigestTime
from bot.model.languages import Codes

E = TypeVar("E", bound=Enum)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_millis(at: datetime) -> int:
    """Return an aware time as milliseconds since 1970 in UTC."""
    return (at - _EPOCH) // _MILLISECOND


def from_millis(value: int) -> datetime:
    """Return milliseconds since 1970 as an aware time in UTC."""
    return _EPOCH + value * _MILLISECOND


class Instant(TypeDecorator[datetime]):
    """A moment, kept as milliseconds since 1970 in UTC: it compares and adds in SQL on any database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuse a naive time: it would be read in another zone than it was meant in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return to_millis(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the moment, aware, in UTC."""
        return None if value is None else from_millis(value)


class LanguageCodes(TypeDecorator[Codes]):
    """Codes of languages, kept as `,ru,en,` so that SQL finds one between commas; none of them is kept as NULL."""

    impl = String(64)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        """Return what turns codes into text."""
        return lambda codes: f",{','.join(codes)}," if codes else None

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return what turns text into codes. Looked up rather than made: a claim reads thousands."""
        return language_codes


@lru_cache(maxsize=1024)
def language_codes(text: str | None) -> Codes | None:
    """Return languages' codes from the text in which they are kept."""
    return tuple(text.strip(",").split(",")) if text else None


class DigestTimes(TypeDecorator[tuple[DigestTime, ...]]):
    """When digests come, kept as `540:127 1080:31`: minutes of the day and days as bits; none is kept as NULL."""

    impl = String(64)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        """Return what turns times into text."""
        return lambda times: (
            " ".join(f"{each.at.hour * 60 + each.at.minute}:{each.days}" for each in times) or None
            if times
            else None
        )

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return what turns text into times. Looked up rather than made: a tick reads thousands."""
        return digest_times


@lru_cache(maxsize=4096)
def digest_times(text: str | None) -> tuple[DigestTime, ...]:
    """Return digests' times from the text in which they are kept."""
    if not text:
        return ()
    parts = [each.split(":") for each in text.split()]
    return tuple(DigestTime(time(int(at) // 60, int(at) % 60), int(days)) for at, days in parts)


class _Member(TypeDecorator[E]):
    """A member of an enumeration, kept as its value. Looked up rather than made: a claim reads thousands."""

    cache_ok = True

    def __init__(self, enum: type[E]) -> None:
        super().__init__()
        self.enum = enum
        self._values: dict[Any, Any] = {None: None, **{each: each.value for each in enum}}
        self._members: dict[Any, Any] = {None: None, **{each.value: each for each in enum}}

    def bind_processor(self, dialect: Dialect) -> Any:
        """Return what turns a member into its value. Raises KeyError for what is none."""
        return self._values.__getitem__

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return what turns a value into its member."""
        return self._members.__getitem__

    def process_literal_param(self, value: E | None, dialect: Dialect) -> Any:
        """Return the value, where it stands in the statement itself."""
        return self._values[value]


class Word(_Member[StrEnum]):
    """A StrEnum's value as text."""

    impl = String(16)
    cache_ok = True


class Number(_Member[IntEnum]):
    """An IntEnum's value as a small number."""

    impl = SmallInteger
    cache_ok = True
