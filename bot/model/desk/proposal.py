"""A correction that an editor prepares: what the story shall say, before any reader sees it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime

from bot.model.story.article import Content


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an editor (Telegram's id) would have a story say in place of its revision `base`.

    `topic_ids` are the story's topics from then on; None leaves them. `version` grows with each change of the
    proposal: a button belongs to the one that its page showed.
    """

    article_id: int
    by: int
    base: int
    content: Content
    at: datetime
    topic_ids: tuple[int, ...] | None = None
    version: int = 1

    def carried_over(self, was: Content, newest: Content) -> Content:
        """Return the newest revision's content with what this proposal changes of `was`, the revision it began from."""
        names = [each.name for each in fields(Content)]
        changed = {name: getattr(self.content, name) for name in names if _differs(name, was, self.content)}
        return replace(newest, **changed)


def _differs(name: str, one: Content, other: Content) -> bool:
    return bool(getattr(one, name) != getattr(other, name))
