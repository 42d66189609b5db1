"""What is rendered, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.article import Article, Content
from bot.model.topic import Topics


@dataclass(frozen=True, slots=True)
class Story:
    """A story at one revision. `topics` are (slug, name in the audience's language) pairs; times are UTC.

    `related` are the newest others of its topics.
    """

    id: int
    revision: int
    content: Content
    topics: tuple[tuple[str, str], ...] = ()
    published_at: datetime | None = None
    corrected_at: datetime | None = None
    flash: bool = False
    related: tuple[Story, ...] = ()


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom it is rendered for: all chats that get the very same bytes.

    `kind` is "private", "group" or "channel"; `mute` offers to mute the story's topics; `zone` is an IANA
    name, in which dates are written.
    """

    language: str
    kind: str
    bot_username: str
    mute: bool = True
    zone: str = "UTC"


def story_of(
    article: Article, content: Content, known: Topics, audience: Audience, related: Sequence[Article] = ()
) -> Story:
    """Return an article as rendering takes it, with others that are related to it."""
    named = tuple(
        (known.by_id[at].slug, known.by_id[at].name(audience.language))
        for at in article.topic_ids
        if at in known.by_id
    )
    return Story(
        article.id,
        article.revision,
        content,
        named,
        article.published_at,
        article.revised_at if article.revision > 1 else None,
        article.flash,
        tuple(story_of(each, each.content, known, audience) for each in related),
    )
