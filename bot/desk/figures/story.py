"""The figures of one story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.model.bulletin import BulletinKind
from bot.model.figures.counts import PushCount
from bot.model.story.article import Article
from bot.publishing.story import hold
from bot.store.desk import story_counts
from bot.store.engine.database import Database
from bot.store.ledger import push_counts


@dataclass(frozen=True, slots=True)
class StoryFigures:
    """What became of a story: where it stands now, what its pushes did, and what readers did with it.

    `reach` is in how many chats it stands, None once the ledger has forgotten it. `pushes` brought it as news, the
    first one first; `edited` is in how many chats the last correction stands, out of `corrections`.
    """

    article: Article
    reach: int | None
    pushes: tuple[PushCount, ...]
    corrections: int
    edited: int
    reads: int
    reactions: Mapping[str, int]

    @property
    def planned(self) -> int:
        """How many chats were meant."""
        return sum(each.planned for each in self.pushes)

    @property
    def accepted(self) -> int:
        """For how many chats Telegram accepted it, whatever became of it since."""
        return sum(each.accepted for each in self.pushes)

    @property
    def waiting(self) -> int:
        """How many chats it still waits for."""
        return sum(each.waiting for each in self.pushes)

    @property
    def in_doubt(self) -> int:
        """For how many chats it is unknown whether it arrived."""
        return sum(each.in_doubt for each in self.pushes)

    @property
    def failed(self) -> dict[str, int]:
        """How many chats failed, by reason, the most frequent first."""
        return _summed(each.failed for each in self.pushes)

    @property
    def skipped(self) -> dict[str, int]:
        """How many chats were left out, by reason, the most frequent first."""
        return _summed(each.skipped for each in self.pushes)

    @property
    def first(self) -> PushCount | None:
        """The push that brought the story to most of its readers: its times are the story's."""
        return max(self.pushes, key=lambda each: each.accepted, default=None)


async def of_story(db: Database, article_id: int) -> StoryFigures:
    """Return the figures of a story as they are now. Refused as `not-found` where there is no such story."""
    async with db.read() as tx:
        article = await hold(tx, article_id, lock=False)
        pushes = {each.bulletin_id: each for each in await push_counts.of_article(tx, article_id)}
        for bulletin_id in await push_counts.uncounted(tx, article_id):
            if found := await push_counts.count(tx, bulletin_id):
                pushes[bulletin_id] = found
        reach = await push_counts.standing(tx, article_id)
        counts = await story_counts.of_article(tx, article_id)
    told = [pushes[each] for each in sorted(pushes)]
    corrections = [each for each in told if each.kind is BulletinKind.CORRECTED]
    reads = counts.pop(story_counts.READ, 0)
    return StoryFigures(
        article,
        reach,
        tuple(each for each in told if each.kind is BulletinKind.NEW),
        corrections=len(corrections),
        edited=corrections[-1].accepted if corrections else 0,
        reads=reads,
        reactions={sign: count for sign, count in Counter(counts).most_common() if count},
    )


def _summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(total.most_common())
