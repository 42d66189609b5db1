"""The thread of a forum, or of a private chat, into which something comes: a number of Telegram's, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

GENERAL = 1
"""The General thread of a forum, where it was chosen. Telegram takes it without a number alone."""

PER_SECTION = 0
"""In place of a thread: whichever the story's section has in this private chat."""

NAME_CHARACTERS = 128


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread that the bot knows of. `topic_id` is the section for which the bot itself opened it, if it did."""

    id: int
    name: str
    topic_id: int | None = None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a chat's news comes. `topics` are the threads of the topics that have one of their own, by topic.

    None stands for where the rest comes: `usual`, of which None is General again. A thread below zero is closed: what
    goes there waits.
    """

    usual: int | None
    digest: int | None
    flash: int | None
    topics: dict[int, int | None]
    threads: dict[int, Thread]

    def of_topic(self, topic_id: int) -> int:
        """Return the thread into which a topic that the chat chose comes."""
        return self._there(self.topics.get(topic_id))

    @property
    def of_digest(self) -> int:
        """The thread into which digests come."""
        return self._there(self.digest)

    @property
    def of_flash(self) -> int | None:
        """The thread into which breaking news comes; None: that of its topic, or the usual one."""
        return self.flash

    @property
    def forum(self) -> bool:
        """Whether anything is known to come into threads, or could."""
        return bool(self.threads) or self.usual is not None

    def _there(self, thread: int | None) -> int:
        found = self.usual if thread is None else thread
        return GENERAL if found is None else found


def closed(thread: int) -> int:
    """Return what stands for a thread while it is closed."""
    return -abs(thread)


def is_closed(thread: int | None) -> bool:
    """Return whether that stands for a closed thread."""
    return thread is not None and thread < 0
