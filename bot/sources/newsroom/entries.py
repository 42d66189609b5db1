"""What a newsroom file says: the agency's name and style, its topics and its feeds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.model.newsroom.agency import Agency
from bot.model.story.form import USUAL, Style
from bot.sources.registry import FEED

DEFAULT_INTERVAL = 0


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """A `[[topic]]`. `parent` is a slug; `aliases` are what sources call it. A `paused` one pushes nothing."""

    slug: str
    names: dict[str, str]
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    paused: bool = False


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A `[[feed]]`, a source of some kind. `topics` are slugs for items that choose none; `interval` is in seconds.

    Unless `language_named`, the language of each item is detected. A `paused` one is not asked.
    """

    url: str
    topics: tuple[str, ...] = ()
    language: str = "ru"
    publish: str = "auto"
    backfill: int = 0
    interval: int = DEFAULT_INTERVAL
    name: str = ""
    kind: str = FEED
    language_named: bool = True
    paused: bool = False


@dataclass(frozen=True, slots=True)
class BotEntry:
    """A `[[bot]]`. `token` names the variable that holds its token; empty for the bot of `BOT_TOKEN`.

    `topics` (slugs) and `languages` are what it carries, all where none is named. `names` are the names under which it
    speaks, by language, under no language for its only name; none: the agency's. `own` are settings that are its own.
    """

    token: str = ""
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> dict[str, Any]:
        """The entry as the file has it."""
        name = self.names.get("", self.names)
        said = {
            "token": self.token,
            "topics": list(self.topics),
            "languages": list(self.languages),
            "name": name,
        }
        own = {
            key: sorted(value) if isinstance(value, frozenset) else value for key, value in self.own.items()
        }
        return {key: value for key, value in said.items() if value} | own


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What the file says. Topics stand in its order; `style` is what chats get that chose nothing else.

    `names` are the agency's names by language, where it has several; `name` is used where a language has none.
    `synonyms` are groups of words that mean the same to readers. `bots` are those of which the file says something.
    """

    name: str
    topics: tuple[TopicEntry, ...] = ()
    feeds: tuple[FeedEntry, ...] = ()
    style: Style = USUAL
    names: dict[str, str] = field(default_factory=dict)
    synonyms: tuple[tuple[str, ...], ...] = ()
    bots: tuple[BotEntry, ...] = ()

    @property
    def agency(self) -> Agency:
        """What the file says beside topics and feeds."""
        return Agency(self.name, self.names, self.style, [each.table for each in self.bots])


NO_FILE = Newsroom("Vestnik")
"""Stands for a file that is not there: topics and feeds stay as the store has them."""
