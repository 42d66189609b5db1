"""A grant: what a person was given to do in the newsroom, for which topics and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.newsroom.role import READER, Right, Role, named
from bot.model.story.topic import Topics

ACCOUNTS_OF_MANY = frozenset({136817688, 777000, 1087968824})
"""Accounts under which Telegram shows channels, its own notices, and every group's anonymous administrators."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A person's rights, by Telegram's user id, and the name known when they were given.

    `topics` are the ids of the topics that were chosen, None for all; the rights hold for what lies below, too.
    They end at `until`, None for never. `version` grows with each change; 0 is a person who never had a grant.
    """

    user_id: int
    name: str = ""
    rights: frozenset[Right] = frozenset()
    topics: frozenset[int] | None = None
    until: datetime | None = None
    given_by: int = 0
    given_at: datetime | None = None
    version: int = 0

    def ended(self, at: datetime) -> bool:
        """Return whether the rights were given until a time that has come."""
        return self.until is not None and self.until <= at

    def holds(self, right: Right, at: datetime) -> bool:
        """Return whether the person has a right at that time, for whatever topics."""
        return right in self.rights and not self.ended(at)

    def role(self, at: datetime, known: Topics) -> Role:
        """Return what the person may do at that time."""
        if not self.rights or self.ended(at):
            return READER
        topics = None
        if self.topics is not None:
            topics = frozenset(below for topic in self.topics for below in known.below(topic)) | self.topics
        return Role(named(self.rights), self.rights, topics)
