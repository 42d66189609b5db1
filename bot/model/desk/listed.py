"""A story as a line of a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.desk.lock import Lock
from bot.model.story.article import Status


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list shows of a story, and who was editing it last, without what the story says."""

    id: int
    headline: str
    status: Status
    source_uid: str
    created_at: datetime
    published_at: datetime | None
    release_at: datetime | None
    embargo_until: datetime | None
    flash: bool = False
    lock: Lock | None = None

    @property
    def unsent(self) -> bool:
        """Whether it was begun as breaking news that nobody has sent: it waits among the drafts."""
        return self.flash and self.status is Status.DRAFT
