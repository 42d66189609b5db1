"""A digest: what a chat's topics brought that it was not shown at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.story.article import Article

USUAL_SIZE = 5
"""How many stories of a topic a digest shows at first, where the chat chose nothing else."""

NO_TOPIC = -1
"""Under this number stands what is about no topic, in the digest of who follows everything."""


MAIN_THINGS = 15
"""How many stories the catch-up after an absence tells at most."""


class Occasion(StrEnum):
    """Why stories come together although no digest was due: quiet hours, many at once, an absence that ended."""

    QUIET = "quiet"
    MANY = "many"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Section:
    """A topic of a digest with its stories, newest first; None where an editor picked them, or NO_TOPIC."""

    topic_id: int | None
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What one chat was, or is to be, told at once; `listed` counts its stories, withdrawn ones too.

    `picked` says that an editor picked the stories which stand under no topic, `headline` what that editor called them
    (empty: the newsroom's usual word). `occasion` says why it came although no digest was due.
    """

    id: int
    chat_id: int
    created_at: datetime
    sections: tuple[Section, ...]
    listed: int
    revision: int = 1
    picked: bool = False
    headline: str = ""
    occasion: Occasion | None = None
