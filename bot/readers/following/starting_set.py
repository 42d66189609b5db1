"""The topics that a link of the newsroom's sets up: what they are here, what a chat lacks of them, and having them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.chat import Chat
from bot.model.following.following import Following
from bot.model.following.link import TopicsLink, mark_of
from bot.model.following.mode import WIRE, Mode
from bot.model.newsroom.coverage import Coverage
from bot.readers import settings, topics
from bot.store.engine.database import Database
from bot.store.newsroom import topics as kept_topics


@dataclass(frozen=True, slots=True)
class StartingSet:
    """Topics by their ids, WIRE for all news; `digest`: in the digest; `language`: empty where it stays."""

    topic_ids: tuple[int, ...]
    digest: bool
    language: str


async def of_link(db: Database, link: TopicsLink, coverage: Coverage) -> StartingSet | None:
    """Return what a link sets up in a bot with that coverage; None where none of its topics is offered.

    The slug of a topic that was merged leads to what the topic became.
    """
    async with db.read() as tx:
        every = await kept_topics.every(tx)
        known = coverage.offered(await kept_topics.load(tx))
    found = [WIRE] if link.everything else []
    for each in every:
        if mark_of(each.topic.slug) not in link.marks:
            continue
        topic_id = kept_topics.became(each.topic.id, every)
        if topic_id in known.by_id and not known.is_paused(topic_id):
            found.append(topic_id)
    if not found:
        return None
    return StartingSet(tuple(dict.fromkeys(found)), link.digest, link.language)


def lacking(there: Following, here: Chat, wanted: StartingSet) -> StartingSet | None:
    """Return what the chat has not got of a set; None where it has all of it."""
    ids = tuple(at for at in wanted.topic_ids if not _has(there, at, digest=wanted.digest))
    language = wanted.language if wanted.language != here.language else ""
    return StartingSet(ids, wanted.digest, language) if ids or language else None


async def take(
    db: Database, chat_id: int, wanted: StartingSet, at: datetime, *, thread_id: int | None = None
) -> None:
    """Let the chat have a set beside what it chose; done again, it changes nothing."""
    for topic_id in wanted.topic_ids:
        mode = Mode.DIGEST if wanted.digest else None
        await topics.choose(db, chat_id, topic_id, at, mode=mode, thread_id=thread_id)
    if wanted.language:
        await settings.choose_language(db, chat_id, at, wanted.language)


def _has(there: Following, topic_id: int, *, digest: bool) -> bool:
    if topic_id != WIRE and there.mute_of(topic_id) is not None:
        return False
    return there.mode(topic_id) is Mode.DIGEST if digest else there.follows(topic_id)
