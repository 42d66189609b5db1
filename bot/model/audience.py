"""Who a bulletin is for. A new kind of audience is a class here and a case in `bot.store.ledger.plan`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class StoryFollowers:
    """Every chat that follows the story to which this one replies, or one before it, whatever topics it follows."""

    languages: Codes | None = ANY


@dataclass(frozen=True, slots=True)
class Watchers:
    """Every chat that watches for words of the story and reads one of the languages, whatever topics it follows."""

    languages: Codes | None = None


class ToldTo(StrEnum):
    """Whom a bulletin is for, where those who follow topics are none of them; a canary is for one test chat."""

    STORY = "story"
    WORDS = "words"
    CANARY = "canary"


Audience = Followers | Everybody
Narrow = Holders | StoryFollowers | Watchers
"""Audiences of which nobody is because of a topic."""

FOLLOWERS = Followers()
EVERYBODY = Everybody()
HOLDERS = Holders()
STORY_FOLLOWERS = StoryFollowers()
WATCHERS = Watchers()


def told_to(audience: Audience | Narrow) -> ToldTo | None:
    """Return what says that the audience is one of those in ToldTo; None: it is another."""
    match audience:
        case StoryFollowers(_):
            return ToldTo.STORY
        case Watchers(_):
            return ToldTo.WORDS
    return None


def audience_of(told: ToldTo | None, *, everybody: bool, holders_only: bool) -> Audience | Narrow:
    """Return the audience that was kept so."""
    match told:
        case ToldTo.STORY:
            return STORY_FOLLOWERS
        case ToldTo.WORDS:
            return WATCHERS
    return EVERYBODY if everybody else HOLDERS if holders_only else FOLLOWERS
