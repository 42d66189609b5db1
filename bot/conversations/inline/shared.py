"""Stories as people put them into chats, kept for a minute: every key press asks for the same few."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.model.message import OutgoingMessage
from bot.rendering.article import ArticleRenderer
from bot.rendering.story import Readership, Story

LIFE = timedelta(minutes=1)
"""A template that was changed, or words such as 'an hour ago', are right again after that."""

MOST = 1000

Key = tuple[int, int, tuple[tuple[str, str], ...], Readership]


class SharedStories:
    """Renders each story once for a language and zone, which takes as long as to find a page of them."""

    def __init__(self) -> None:
        self._kept: dict[Key, tuple[datetime, OutgoingMessage]] = {}

    def message(
        self, articles: ArticleRenderer, story: Story, readership: Readership, *, now: datetime
    ) -> OutgoingMessage:
        """Return the story as `articles.shared` renders it, or rendered it within the last minute."""
        key = (story.id, story.revision, story.topics, readership)
        at, message = self._kept.get(key, (None, None))
        if at is not None and message is not None and timedelta() <= now - at < LIFE:
            return message
        if len(self._kept) >= MOST:
            self._kept.clear()
        made = articles.shared(story, readership)
        self._kept[key] = (now, made)
        return made
