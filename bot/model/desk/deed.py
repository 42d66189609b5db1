"""A deed: who did what to which version when, as the audit keeps it for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.story.difference import Change


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed. `actor` is a Telegram user id; None: a command where `hand` says so, else the bot by itself.

    `bot_id` is None where the deed holds for all bots. `detail` names the feed, or whom the deed was about.
    `topics` are the story's after the deed; `difference` is what changed since the story's deed before.
    """

    at: datetime
    actor: int | None
    verb: str
    article_id: int | None
    revision: int | None
    detail: str
    bot_id: int | None = None
    id: int = 0
    hand: str = ""
    topics: tuple[int, ...] | None = None
    difference: tuple[Change, ...] = ()
