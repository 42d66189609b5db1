"""What a person may do in the newsroom: roles are sets of rights."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """One thing that a role may allow.

    `write` is to make drafts and to read them; `people` is to say who has which role; `sources` is to say
    where news come from. Whoever may `publish` also sees how the bot delivers.
    """

    WRITE = "write"
    APPROVE = "approve"
    PUBLISH = "publish"
    FLASH = "flash"
    CORRECT = "correct"
    KILL = "kill"
    PEOPLE = "people"
    SOURCES = "sources"

    @property
    def for_flash(self) -> Right:
        """The right that a verb takes for a flash: publishing one is a right of its own."""
        return Right.FLASH if self is Right.PUBLISH else self


@dataclass(frozen=True, slots=True)
class Role:
    """A name and rights. `topics` are the ids of the topics that the rights hold for; None: all topics."""

    name: str
    rights: frozenset[Right] = frozenset()
    topics: frozenset[int] | None = None

    def may(self, right: Right, topic: int | None = None) -> bool:
        """Return whether the role has a right; with a topic's id, whether the right holds for that topic."""
        return right in self.rights and (topic is None or self.topics is None or topic in self.topics)

    def covers(self, right: Right, topics: Collection[int] | None) -> bool:
        """Return whether a right holds for every one of the topics; for all that there are, where they are None.

        What has no topic is nobody's topic: it takes a role for all topics.
        """
        if right not in self.rights or self.topics is None:
            return right in self.rights
        return bool(topics) and self.topics.issuperset(topics or ())

    def may_give(self, rights: Collection[Right], topics: Collection[int] | None) -> bool:
        """Return whether the role's holder may give or take those rights for those topics: all must be their own."""
        within = self.topics is None or (topics is not None and self.topics.issuperset(topics))
        return Right.PEOPLE in self.rights and self.rights.issuperset(rights) and within


READER = Role("reader")
AUTHOR = Role("author", frozenset({Right.WRITE}))
EDITOR = Role("editor", frozenset({Right.WRITE, Right.APPROVE, Right.PUBLISH, Right.FLASH, Right.CORRECT}))
DUTY_EDITOR = Role("duty", EDITOR.rights | {Right.KILL})
OWNER = Role("owner", frozenset(Right))

PRESETS = {role.name: role for role in (AUTHOR, EDITOR, DUTY_EDITOR, OWNER)}
"""The roles that an owner gives with one button; single rights can be added and taken away after that."""

OWN = "own"
"""The name of a role whose rights are those of no preset."""


def named(rights: Collection[Right]) -> str:
    """Return the name of the preset that has just those rights, else `own`."""
    same = (role.name for role in (READER, *PRESETS.values()) if role.rights == frozenset(rights))
    return next(same, OWN)
