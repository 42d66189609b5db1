"""Highlights: stories that an editor picked by hand, in an order, to be told as one digest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.errors import Refusal

MOST_STORIES = 20
LONGEST_HEADLINE = 120
HEAD_LASTS = timedelta(hours=24)
"""How long highlights head digests: a chat has a digest within a day, or does without these."""


class HighlightsState(StrEnum):
    """Highlights are made (open), wait for their hour, go out, head everybody's next digest, are over, or dropped."""

    OPEN = "open"
    SCHEDULED = "scheduled"
    SENT = "sent"
    HEAD = "head"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Highlights:
    """What was picked: the numbers of stories, in order, under a headline (empty: the newsroom's usual word).

    `everybody` sends it to all readers, otherwise to those who take digests. `version` counts the changes: a button
    names the one that its editor saw. `release_at` (UTC, given in `zone`) is when it goes out, or until when it heads
    digests. Once it goes out, `cursor` is the last chat planned so far, of those up to `ceiling`.
    """

    id: int
    bot_id: int
    state: HighlightsState
    version: int
    headline: str
    everybody: bool
    made_by: int | None
    made_at: datetime
    stories: tuple[int, ...] = ()
    release_at: datetime | None = None
    zone: str = ""
    cursor: int = 0
    ceiling: int = 0

    def add(self, article_id: int) -> Highlights:
        """Return it with a story at its end. Refused twice, and beyond twenty."""
        if article_id in self.stories:
            raise Refusal("already-picked")
        if len(self.stories) >= MOST_STORIES:
            raise Refusal("highlights-full", most=MOST_STORIES)
        return self._changed(stories=(*self.stories, article_id))

    def remove(self, article_id: int) -> Highlights:
        """Return it without a story."""
        return self._changed(stories=tuple(each for each in self.stories if each != article_id))

    def raise_up(self, article_id: int) -> Highlights:
        """Return it with a story one place nearer to the top."""
        at = self.stories.index(article_id) if article_id in self.stories else 0
        if at == 0:
            return self
        order = list(self.stories)
        order[at - 1 : at + 1] = [order[at], order[at - 1]]
        return self._changed(stories=tuple(order))

    def name(self, headline: str) -> Highlights:
        """Return it under another headline, of one line."""
        return self._changed(headline=" ".join(headline.split())[:LONGEST_HEADLINE])

    def address(self, *, everybody: bool) -> Highlights:
        """Return it for all readers, or for those who take digests."""
        return self._changed(everybody=everybody)

    def schedule(self, at: datetime, zone: str) -> Highlights:
        """Return it as due at that time (UTC), which was given in `zone`."""
        return self._leaving(HighlightsState.SCHEDULED, release_at=at, zone=zone)

    def unschedule(self) -> Highlights:
        """Return it as open again: it waits for no hour, and heads no digest any more."""
        if self.state not in (HighlightsState.SCHEDULED, HighlightsState.HEAD):
            raise Refusal("highlights-over")
        return self._next(state=HighlightsState.OPEN, release_at=None, zone="")

    def head(self, at: datetime) -> Highlights:
        """Return it as the head of every chat's next digest, for a day."""
        return self._leaving(HighlightsState.HEAD, release_at=at + HEAD_LASTS, zone="")

    def send(self, ceiling: int) -> Highlights:
        """Return it as going out to chats up to `ceiling`."""
        return self._leaving(HighlightsState.SENT, ceiling=ceiling, release_at=None)

    def drop(self) -> Highlights:
        """Return it as dropped: nobody gets it."""
        if self.state in (HighlightsState.SENT, HighlightsState.DONE, HighlightsState.DROPPED):
            raise Refusal("highlights-over")
        return self._next(state=HighlightsState.DROPPED, release_at=None)

    def stop(self) -> Highlights:
        """Return it as over: who has not got it yet gets it no more."""
        if self.state not in (HighlightsState.SENT, HighlightsState.DONE):
            raise Refusal("highlights-over")
        return self._next(state=HighlightsState.DONE, cursor=self.ceiling)

    def _leaving(self, state: HighlightsState, **values: object) -> Highlights:
        if self.state not in (HighlightsState.OPEN, HighlightsState.SCHEDULED):
            raise Refusal("highlights-over")
        if not self.stories:
            raise Refusal("highlights-empty")
        return self._next(state=state, **values)

    def _changed(self, **values: object) -> Highlights:
        if self.state is not HighlightsState.OPEN:
            raise Refusal("highlights-over")
        return self._next(**values)

    def _next(self, **values: object) -> Highlights:
        return replace(self, version=self.version + 1, **values)  # type: ignore[arg-type]
