"""A story to render, and its readership."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.following.mute import feed_of
from bot.model.story.article import CHANGE, END, READABLE, WITHDRAWAL, Article, Content
from bot.model.story.topic import Topics


@dataclass(frozen=True, slots=True)
class Opened:
    """What stands under a story for the one chat that opened it.

    `saved` says whether the story is saved there; None: nothing is saved there, as in a group. `before` and
    `after` are the data of the buttons to its neighbours in the list that it was opened from. `follow` is a topic
    to follow, its id and its name. `watched` says whether the chat follows the story; None: it can't be followed there.
    """

    saved: bool | None = None
    before: str | None = None
    after: str | None = None
    follow: tuple[int, str] | None = None
    watched: bool | None = False


@dataclass(frozen=True, slots=True)
class Story:
    """A story at one revision. `topics` are (slug, name in the readership's language) pairs; times are UTC.

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
    readable: bool = True
    """Whether readers can open the story; an editor alone reads a draft."""

    opened: Opened = Opened()
    notice: str = ""
    """`change` or `end`: it says what changed in a story that its readers follow, or that the story was taken back."""

    from_feed: bool = False
    """Whether a source told the story, which readers can mute."""


@dataclass(frozen=True, slots=True)
class Readership:
    """All chats that get the very same bytes.

    `kind` is "private", "group" or "channel"; `mute` offers less of such stories; `zone` is an IANA
    name, in which dates are written. `footer` (classic HTML) is the line that stands below.
    """

    language: str
    kind: str
    bot_username: str
    mute: bool = True
    zone: str = "UTC"
    footer: str = ""


def story_of(
    article: Article,
    content: Content,
    topics: Topics,
    readership: Readership,
    *,
    related: Sequence[Article] = (),
) -> Story:
    """Return an article as a story to render, its topics named in the readership's language.

    `content` may be another than the article's own, such as one with the pictures' ids filled in.
    """
    named = tuple(
        (topics.by_id[at].slug, topics.by_id[at].name(readership.language))
        for at in article.topic_ids
        if at in topics.by_id
    )
    told = article.source if article.source in (CHANGE, END) else ""
    return Story(
        # What is pressed under the notice of a change is about the story itself.
        article.update_of if told == CHANGE and article.update_of else article.id,
        article.revision,
        content,
        named,
        article.published_at,
        article.revised_at if article.revision > 1 and article.status in READABLE else None,
        article.flash,
        tuple(story_of(each, each.content, topics, readership) for each in related),
        article.status in READABLE,
        Opened(watched=_WATCHED.get(article.source, False)),
        told,
        feed_of(article.source) is not None,
    )


_WATCHED = {CHANGE: True, END: None, WITHDRAWAL: None}
"""Whether notices are known to be about what the chat follows; None: about what can't be followed any more."""
