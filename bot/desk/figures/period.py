"""The figures of a period: what went out and how fast, what failed, who came and went, whom a topic reaches."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot.model.bulletin import BulletinKind
from bot.model.figures.counts import Flow, StoryReads
from bot.model.hours import zone_named
from bot.model.story.topic import Topic
from bot.store.audience import audiences, flow
from bot.store.desk import story_counts
from bot.store.engine.database import Database
from bot.store.ledger import totals as sums
from bot.store.newsroom import topics

MOST_DAYS = 92
"""The longest period, in days."""

MOST_READ = 3

HOURS = 4
"""A single day is told apart by so many hours, a longer period by days."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast the stories of a period were: in the middle one of them, after how many seconds half of the chats had
    it, and nine of ten. None without any."""

    half: float | None
    most: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a period, from `at` on (in the newsroom's zone): stories that went out, chats that came and went."""

    at: datetime
    stories: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What happened from `since` to `until`; what is counted by chats and topics is as it is now."""

    since: datetime
    until: datetime
    stories: int
    flashes: int
    corrections: int
    kills: int
    accepted: int
    waiting: int
    failed: Mapping[str, int]
    speed: Speed
    flash_speed: Speed
    steps: Sequence[Step]
    most_read: Sequence[StoryReads]
    kinds: Mapping[str, int]
    audiences: Sequence[tuple[Topic, int]]

    @property
    def gained(self) -> int:
        """How many chats began to read, or came back."""
        return sum(each.gained for each in self.steps)

    @property
    def lost(self) -> int:
        """How many chats stopped, blocked the bot, or are gone."""
        return sum(each.lost for each in self.steps)

    @property
    def not_reached(self) -> int:
        """How many deliveries failed."""
        return sum(self.failed.values())


def begin(now: datetime, days: int, zone: str) -> datetime:
    """Return when the period of so many days began whose last day is today, in the newsroom's zone."""
    there = zone_named(zone) or UTC
    day = now.astimezone(there).date() - timedelta(days=min(max(days, 1), MOST_DAYS) - 1)
    return datetime.combine(day, time(), there).astimezone(UTC)


async def of_period(
    db: Database, bot_id: int, since: datetime, until: datetime, *, zone: str
) -> PeriodFigures:
    """Return the figures of a period. Stories are those of the whole newsroom, chats those of one bot."""
    begins = _begins(since, until, zone)
    async with db.read() as tx:
        totals = await sums.of(tx, since, until)
        failed = await sums.failures(tx, since, until)
        speed = Speed(*await sums.middle(tx, since, until))
        flash_speed = Speed(*await sums.middle(tx, since, until, flash=True))
        stories = await sums.stories(tx, begins, until)
        flows = await flow.between(tx, bot_id, since, until)
        most_read = await story_counts.most_read(tx, since, until, MOST_READ)
        kept = await audiences.kept(tx, bot_id)
        known = await topics.load(tx)
    news = [each for each in totals if each.kind is BulletinKind.NEW]
    pushes: Counter[BulletinKind] = Counter()
    for each in totals:
        pushes[each.kind] += each.pushes
    reached = [(topic, kept.get(f"topic:{topic.id}", 0)) for topic in known.all]
    return PeriodFigures(
        since,
        until,
        stories=sum(each.stories for each in news),
        flashes=sum(each.stories for each in news if each.flash),
        corrections=pushes[BulletinKind.CORRECTED],
        kills=pushes[BulletinKind.KILLED],
        accepted=sum(each.accepted for each in news),
        waiting=sum(each.waiting for each in news),
        failed=failed,
        speed=speed,
        flash_speed=flash_speed,
        steps=_steps(begins, stories, flows),
        most_read=most_read,
        kinds={name[5:]: chats for name, chats in kept.items() if name.startswith("kind:")},
        audiences=sorted(reached, key=lambda each: -each[1]),
    )


def _steps(begins: Sequence[datetime], stories: Sequence[int], flows: Iterable[Flow]) -> list[Step]:
    gained: Counter[datetime] = Counter()
    lost: Counter[datetime] = Counter()
    for each in flows:
        begun = begins[max(0, bisect_right(begins, each.at) - 1)]
        gained[begun] += each.gained
        lost[begun] += each.lost
    return [Step(at, many, gained[at], lost[at]) for at, many in zip(begins, stories, strict=True)]


def _begins(since: datetime, until: datetime, zone: str) -> list[datetime]:
    there = zone_named(zone) or UTC
    begins = [since.astimezone(there)]
    by_hours = until - since <= timedelta(hours=25)
    while True:
        if by_hours:
            following = (begins[-1].astimezone(UTC) + timedelta(hours=HOURS)).astimezone(there)
        else:
            following = datetime.combine(begins[-1].date() + timedelta(days=1), time(), there)
        if following >= until:
            return begins
        begins.append(following)
