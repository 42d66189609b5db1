"""What a chat asked for beyond its quiet hours: other ones at weekends, a cap, silence, an absence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.model.hours import Quiet

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
