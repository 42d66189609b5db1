"""Who a bulletin is for. A new kind of audience is a class here and a case in `bot.store.ledger.plan`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.languages import ANY, Codes


@dataclass(frozen=True, slots=True)
class Followers:
    """The chats that follow one of the topics, or a topic above one, in a mode that brings it, and read the languages.

    `topic_ids` None stands for the story's own topics, as they are when a page of chats is planned; `languages`
    None for the story's own language, as it is when the bulletin is decided; no languages at all for every one.
    """

    topic_ids: tuple[int, ...] | None = None
    languages: Codes | None = None


@dataclass(frozen=True, slots=True)
class Everybody:
    """Every chat that has not stopped the bot and reads one of the languages, whatever the chat follows.

    `languages` None stands for the story's own language, as it is when the bulletin is decided.
    """

    languages: Codes | None = None


@dataclass(frozen=True, slots=True)
class Holders:
    """Every chat that has the story to which this one replies, whatever the chat follows and reads."""

    languages: Codes | None = ANY


Audience = Followers | Everybody

FOLLOWERS = Followers()
EVERYBODY = Everybody()
HOLDERS = Holders()
