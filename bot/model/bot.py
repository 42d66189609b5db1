"""The bot itself: who it is at Telegram, who owns it, and what holds where a chat has not chosen."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.newsroom.coverage import EVERYTHING, Coverage
from bot.model.story.form import USUAL, Style


@dataclass(frozen=True, slots=True)
class Bot:
    """One bot of an agency.

    `id` and `username` (without @) are Telegram's; `owner_ids` are the Telegram ids of the people who run the bot.
    `language` (ru, en), `zone` (an IANA name) and `style` hold for chats that have not chosen. `fallback` is the @name
    of the channel where readers find the newsroom if the bot is lost; empty where there is none. `coverage` is what it
    carries of the newsroom's stories.
    """

    id: int
    username: str
    owner_ids: frozenset[int] = frozenset()
    language: str = "ru"
    zone: str = "UTC"
    style: Style = USUAL
    fallback: str = ""
    coverage: Coverage = EVERYTHING
