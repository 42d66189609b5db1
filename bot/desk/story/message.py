"""A draft that an editor's message became: found by the message, and changed with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.desk.story.draft import SOURCE
from bot.desk.story.story import held
from bot.model.errors import Refusal
from bot.model.story.article import IN_THE_MAKING, Article, Content
from bot.model.story.content import Block, Figure, Gallery, figures
from bot.store.desk import locks
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import articles, audit

FROM_MESSAGE = ("draft", "reword")
"""The deeds after which a story says what its message says."""

MOST_DEEDS = 200


def key_of(bot_id: int, chat_id: int, message: int | str, place: int = 1) -> str:
    """Return the key of the draft that a message becomes; of the draft at that `place`, where it becomes several.

    `message` is the message's number, or an album's name, which all its messages share.
    """
    return f"message:{bot_id}:{chat_id}:{message}" + (f":{place}" if place > 1 else "")


async def of_message(db: Database, key: str) -> Article | None:
    """Return the story that the message of that key became, or None."""
    async with db.read() as tx:
        return await articles.by_source(tx, SOURCE, key)


async def reword(
    db: Database, article_id: int, content: Content, *, at: datetime, by: int | None, seen: int | None = None
) -> Article:
    """Make what the edited message says the draft's next revision, and return the story: an approval is void.

    Refused as `changed-on-card` where the story's text was changed since it came from the message, unless `seen`
    names the revision that shall be replaced; as `locked`, `unchanged`, and once readers saw the story.
    """
    async with held(db, article_id, seen) as (tx, before):
        if before.status not in IN_THE_MAKING:
            raise Refusal(f"already-{before.status}", headline=before.content.headline)
        await locks.need(tx, article_id, by, at)
        if seen is None and (was := await _said_last(tx, before)) != before.content:
            if was is not None and _tells_no_more(content, was, before.content):
                raise Refusal("unchanged", headline=before.content.headline)
            raise Refusal("changed-on-card", headline=before.content.headline, revision=before.revision)
        after = replace(before.correct(content, at), edited_by=by)
        await articles.save(tx, after, by=by)
        await audit.add(tx, at, by, "reword", article_id=article_id, revision=after.revision)
        return after


async def _said_last(tx: Transaction, article: Article) -> Content | None:
    """Return what the story said when it came from its message last; None where nothing is known of that."""
    deeds = await audit.recent(tx, MOST_DEEDS, article_id=article.id)
    said = next((each.revision for each in deeds if each.verb in FROM_MESSAGE), None)
    try:
        return None if said is None else await articles.content_of(tx, article.id, said)
    except LookupError:
        return None


def _tells_no_more(content: Content, was: Content, now: Content) -> bool:
    """Return whether a message says what it `was` saying before: Telegram tells of edits that change no word."""
    return _words(content) == _words(was) and _shown(content) <= _shown(was) | _shown(now)


def _words(content: Content) -> tuple[str, str, str, list[Block]]:
    body: list[Block] = [each for each in content.blocks if not isinstance(each, Figure | Gallery)]
    return content.headline, content.lead, content.dateline, body


def _shown(content: Content) -> set[str | None]:
    shown = [each.media for each in figures(content.blocks)]
    return {each.file_id or each.url for each in (*shown, content.picture) if each}
