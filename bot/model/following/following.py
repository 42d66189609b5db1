"""Everything that a chat chose of the newsroom's topics, as one thing that can be asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time

from bot.model.following.mode import WIRE, Mode, nearest, resolved
from bot.model.following.mute import Mute, MuteKind
from bot.model.languages import ANY, Codes
from bot.model.story.topic import Topics


@dataclass(frozen=True, slots=True)
class Following:
    """What a chat follows and has muted now. `chosen` has its choices by topic, WIRE for the whole wire.

    `instant` is the chat's switch for what is as usual; `digest_at`, `zone` and
    `news_languages` are the chat's.
    """

    topics: Topics
    chosen: Mapping[int, Mode]
    mutes: tuple[Mute, ...] = ()
    instant: bool = True
    digest_at: tuple[time, ...] = ()
    zone: str = "UTC"
    news_languages: Codes = ANY

    def mode(self, topic_id: int) -> Mode:
        """Return when stories of the topic come, or all of them for WIRE. Never USUAL."""
        return self.resolved(nearest(self._chain(topic_id), self.chosen))

    def above(self, topic_id: int) -> Mode:
        """Return what would hold for the topic, had the chat chosen nothing for it. Never USUAL."""
        if topic_id == WIRE:
            return Mode.OFF
        return self.resolved(nearest(self._chain(topic_id)[1:], self.chosen))

    def decides(self, topic_id: int) -> int | None:
        """Return the nearest topic above, or WIRE, whose choice holds for the topic; None where there is none."""
        above = (*self._chain(topic_id)[1:], WIRE) if topic_id != WIRE else ()
        return next((step for step in above if step in self.chosen), None)

    def resolved(self, mode: Mode) -> Mode:
        """Return what a mode means in this chat."""
        return resolved(mode, instant=self.instant)

    def follows(self, topic_id: int) -> bool:
        """Return whether the chat follows the topic, in any mode."""
        return self.mode(topic_id) is not Mode.OFF

    def mute_of(self, topic_id: int) -> Mute | None:
        """Return the nearest mute that holds for the topic: its own, or that of a topic above it."""
        muted = {each.target.id: each for each in self.mutes if each.target.kind is MuteKind.TOPIC}
        return next((muted[step] for step in self._chain(topic_id) if step in muted), None)

    def wanted(self) -> list[int]:
        """Return the topics of whose stories the chat is told, at once or in a digest, and which are not muted."""
        told = (each.id for each in self.topics.all if self.mode(each.id) >= Mode.DIGEST)
        return [each for each in told if self.mute_of(each) is None]

    def muted(self) -> list[int]:
        """Return the topics that are muted, themselves or by a topic above, in the newsroom's order."""
        return [each.id for each in self.topics.all if self.mute_of(each.id) is not None]

    def in_mode(self, mode: Mode) -> list[int]:
        """Return the topics for which the chat itself chose what comes to that mode, in the newsroom's order."""
        return [at for at in self._own() if self.resolved(self.chosen[at]) is mode]

    @property
    def any(self) -> bool:
        """Whether the chat follows anything."""
        return any(mode is not Mode.OFF for mode in self.chosen.values())

    def _own(self) -> Iterable[int]:
        return (at for at in (WIRE, *(each.id for each in self.topics.all)) if at in self.chosen)

    def _chain(self, topic_id: int) -> list[int]:
        return self.topics.chain(topic_id) if topic_id != WIRE else []
