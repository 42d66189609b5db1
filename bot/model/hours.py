"""Hours of a chat's day, in its own zone, and what it asked for beyond quiet hours: a cap, silence, an absence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EVERY_DAY, WORKDAYS, WEEKEND = 0b1111111, 0b0011111, 0b1100000
"""Days of the week as bits, Monday the lowest."""

Quiet = tuple[time, time]
"""From when to when; the same time twice means none."""

_DAY = timedelta(days=1)
_SATURDAY = 5

SOON = timedelta(hours=3)
"""A digest whose hour a move jumped over waits for the next one, where that comes so soon."""

APART = timedelta(hours=12)
"""After a move, an hour that was had in the old zone is not had again within this."""


class DigestTime(NamedTuple):
    """When a digest comes: a local time, on those days of the week."""

    at: time
    days: int = EVERY_DAY


def zone_named(name: str) -> ZoneInfo | None:
    """Return the zone of an IANA name, or None where there is none such."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def next_at(after: datetime, local: time, zone: str, days: int = EVERY_DAY) -> datetime:
    """Return the next moment (UTC) strictly after `after` when clocks in `zone` show `local`, on one of those days.

    Where the clocks skip that time, the moment it would have been; where they show it twice, the first.
    An unknown zone counts as UTC; no day at all, as every day.
    """
    there = _zone(zone)
    day = after.astimezone(there).date()
    while True:
        if not days & EVERY_DAY or days >> day.weekday() & 1:
            moment = _moment(day, local, there)
            if moment > after:
                return moment
        day += _DAY


def next_of(after: datetime, times: Iterable[DigestTime], zone: str) -> datetime | None:
    """Return the next moment (UTC) after `after` when one of those times comes in `zone`, None without any."""
    return min((next_at(after, each.at, zone, each.days) for each in times), default=None)


def next_after_move(
    pending: datetime,
    times: Iterable[DigestTime],
    now: datetime,
    *,
    before: str,
    zone: str,
    last: datetime | None,
) -> datetime | None:
    """Return when the digest that was due at `pending` in the zone `before` is due in another `zone`.

    It keeps its day and hour by the clock, so that whoever had today's does not get it a second time. An hour that
    the move jumped over is made up for at once, or by the next one, where that comes soon. `last` is when the last
    digest was made.
    """
    if pending <= now:
        return pending
    soonest = next_of(now, times, zone)
    shown = pending.astimezone(_zone(before))
    kept = _moment(shown.date(), shown.time(), _zone(zone))
    if soonest is None:
        return None
    if kept <= now:
        return soonest if last is None or soonest - now <= SOON else now
    if soonest < kept and (last is None or soonest - last >= APART):
        return soonest
    return kept


@lru_cache(maxsize=4096)
def quiet_end(
    now: datetime, quiet: Quiet | None, zone: str, *, weekend: Quiet | None = None
) -> datetime | None:
    """Return when the quiet hours that hold `now` are over; None outside them.

    Hours may span midnight, and belong to the day on which they end: `weekend` are those that end on a Saturday or a
    Sunday, so that both nights before a free day have them; None: as on other days. An unknown zone counts as UTC.
    """
    there = _zone(zone)
    today = now.astimezone(there).date()
    over = None
    for day in (today, today + _DAY):
        hours = weekend if weekend is not None and day.weekday() >= _SATURDAY else quiet
        if hours is None or hours[0] == hours[1]:
            continue
        begins, ends = hours
        start = _moment(day if begins < ends else day - _DAY, begins, there)
        end = _moment(day, ends, there)
        if start <= (over or now) < end:
            over = end
    return over


def day_start(now: datetime, zone: str) -> datetime:
    """Return when (UTC) the day began that it is in `zone` now."""
    there = _zone(zone)
    return _moment(now.astimezone(there).date(), time(), there)


def _moment(day: date, local: time, there: ZoneInfo) -> datetime:
    return datetime.combine(day, local, tzinfo=there).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    return zone_named(name) or ZoneInfo("UTC")


HOUR = timedelta(hours=1)

MOST_AT_ONCE = 5
"""Where more stories than this wait for a chat at the same time, they come as one message."""

MOST_AFTER_QUIET = 3
"""Where more stories than this waited for the end of quiet hours, they come as one message."""

LATE = timedelta(minutes=1)
"""So long after it was decided a story may be one of many that wait."""

GATHERING = timedelta(minutes=5)
"""How long after its time a story that is to be gathered goes out by itself, should nobody have gathered it."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a chat asked for.

    `weekend` are its quiet hours at weekends (None: as on other days). At most `most_hour` stories an hour and
    `most_day` a day come at once. `silent`: only breaking news sounds. From `away_since` to `away_until` nothing
    comes, breaking news neither unless `away_flash`. `merges` says whether many stories at once come as one message;
    None: as is usual in such a chat.
    """

    weekend: Quiet | None = None
    most_hour: int | None = None
    most_day: int | None = None
    silent: bool = False
    away_since: datetime | None = None
    away_until: datetime | None = None
    away_flash: bool = False
    merges: bool | None = None

    @property
    def capped(self) -> bool:
        """Whether only so many stories come at once."""
        return self.most_hour is not None or self.most_day is not None

    def away(self, now: datetime) -> bool:
        """Return whether the chat is left alone now."""
        return self.away_until is not None and self.away_until > now


UNBOUND = Bounds()


@dataclass(slots=True)
class Got:
    """What came at once to a chat: times within the day, and how many of each topic it follows since midnight.

    `most` are the topics of which only so many a day come at once.
    """

    day_start: datetime
    at: list[datetime] = field(default_factory=list)
    of_topic: dict[int, int] = field(default_factory=dict)
    most: Mapping[int, int] = field(default_factory=dict)

    def takes(self, bounds: Bounds, topics: Collection[int], now: datetime) -> bool:
        """Count one more story on those topics, and return True; False where there is no room for it.

        A story that comes under several topics comes at once while one of them has room.
        """
        last_hour = sum(1 for each in self.at if each > now - HOUR)
        today = sum(1 for each in self.at if each >= self.day_start)
        full = bounds.most_hour is not None and last_hour >= bounds.most_hour
        full = full or (bounds.most_day is not None and today >= bounds.most_day)
        if full or (topics and all(self._full(each) for each in topics)):
            return False
        self.count(topics, now)
        return True

    def count(self, topics: Collection[int], at: datetime) -> None:
        """Count a story that came at that time."""
        self.at.append(at)
        if at >= self.day_start:
            for each in topics:
                self.of_topic[each] = self.of_topic.get(each, 0) + 1

    def _full(self, topic_id: int) -> bool:
        return topic_id in self.most and self.of_topic.get(topic_id, 0) >= self.most[topic_id]
