"""What a chat's bot carries of the newsroom: topics that are offered there, languages that it tells news in."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from bot.model.following.news import NewsStory
from bot.model.languages import primary
from bot.model.newsroom.coverage import EVERYTHING, Coverage
from bot.model.search.query import Query
from bot.model.story.topic import Topics
from bot.store.engine.database import Transaction
from bot.store.following import coverages
from bot.store.newsroom import topics


class Carried(NamedTuple):
    """What a bot carries: by the rule, and of the topics in use; `known` are all of those."""

    coverage: Coverage
    topics: Topics
    known: Topics

    def narrowed(self, query: Query) -> Query:
        """Return what somebody looks for, within what the bot carries."""
        return self.coverage.narrowed(query, self.topics)

    def among(self, stories: Collection[NewsStory]) -> list[NewsStory]:
        """Return those of the stories that the bot carries."""
        if self.coverage == EVERYTHING:
            return list(stories)
        return [each for each in stories if self._carries(each)]

    def _carries(self, one: NewsStory) -> bool:
        languages = (primary(one.language),) if one.language else ()
        return self.coverage.carries(self.known, one.topics, languages, flash=one.flash)


async def of_bot(tx: Transaction, bot_id: int) -> Carried:
    """Return what the bot carries."""
    return await _of(tx, await coverages.of_bot(tx, bot_id))


async def of_chat(tx: Transaction, chat_id: int | None) -> Carried:
    """Return what the bot of that chat carries; everything, where it is no chat's question."""
    return await _of(tx, EVERYTHING if chat_id is None else await coverages.of_chat(tx, chat_id))


async def topics_of(tx: Transaction, chat_id: int) -> Topics:
    """Return the topics that the chat's bot offers."""
    return (await of_chat(tx, chat_id)).topics


async def _of(tx: Transaction, coverage: Coverage) -> Carried:
    known = await topics.load(tx)
    return Carried(coverage, coverage.offered(known), known)
