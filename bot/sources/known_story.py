"""The story that an identity stands for, and whether the identity still stands for that story."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.story.article import Article
from bot.model.story.content import plain_text
from bot.sources.identity.likeness import changed_altogether
from bot.sources.identity.links import canonical
from bot.sources.identity.shared import other_uid as uid_of_its_own
from bot.sources.item import made_up
from bot.sources.submission import Submission
from bot.store.engine.database import Transaction
from bot.store.newsroom import articles, source_versions, tellings
from bot.store.newsroom.tellings import Telling


@dataclass(frozen=True, slots=True)
class KnownStory:
    """The article that an identity stands for; the telling, where the identity is not the article's first."""

    article: Article
    telling: Telling | None = None

    def leads(self, source: str) -> bool:
        """Return whether that source's changes are the article's: those of others are kept beside it."""
        return self.article.source == source


async def of(tx: Transaction, submitted: Submission) -> KnownStory | None:
    """Return the story that is known under the submission's identity, or None."""
    article = await articles.by_source(tx, submitted.source, submitted.uid)
    if article is not None:
        return KnownStory(article)
    telling = await tellings.get(tx, submitted.source, submitted.uid)
    article = await articles.get(tx, telling.article_id) if telling else None
    return KnownStory(article, telling) if article else None


async def is_another(tx: Transaction, known: KnownStory, submitted: Submission) -> bool:
    """Return whether the identity stands for another story now than for the one that is known under it."""
    before, version = known.article.content, await source_versions.get(tx, known.article.id)
    if known.telling:
        before, version = known.telling.content, known.telling.version
    if version and version.fingerprint == submitted.version.fingerprint:
        return False
    named = made_up(submitted.uid)
    if not changed_altogether(before, submitted.content, made_up=named):
        return False
    # An editor may have changed everything: then the source's own words count.
    said = None if known.telling else await source_versions.content_said(tx, known.article.id)
    return said is None or changed_altogether(said, submitted.content, made_up=named)


def other_uid(submitted: Submission) -> str:
    """Return the id of a story whose source gave another story's id to it."""
    content = submitted.content
    words = plain_text(content.blocks)[:200]
    return uid_of_its_own(submitted.uid, canonical(content.url), content.headline, content.lead, words)
