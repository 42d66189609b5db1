"""Reads the newsroom file.

Every mistake in it is a sentence that names the file, the line and the entry; all of them are told at once.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from bot.model.errors import SetupError
from bot.model.newsroom.sources import LANGUAGE, PUBLISH, SLUG, is_web_address
from bot.model.story.form import CHOOSABLE, Form, Style
from bot.sources.newsroom.bot_entries import bot_entries
from bot.sources.newsroom.entries import DEFAULT_INTERVAL, FeedEntry, Newsroom, TopicEntry
from bot.sources.newsroom.toml_tables import TomlTables
from bot.sources.registry import FEED, KINDS

LONGEST_INTERVAL = 7 * 24 * 3600


def load_newsroom(path: Path, language: str = "ru") -> Newsroom:
    """Return what the file says; `language` is that of feeds which name none.

    Raises SetupError for a file that can't be read, and with a line for each mistake in it.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SetupError(f"{path}: can't be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SetupError(f"{path}: is not UTF-8: save the file again in that encoding") from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"{path}: {error}") from None
    except (ValueError, RecursionError):
        # What Python itself bounds: digits of a number, calls within calls.
        raise SetupError(
            f"{path}: a number has too many digits, or brackets stand in brackets without end"
        ) from None
    reading = _Reading(path, text, language)
    newsroom = reading.newsroom(values)
    if reading.faults:
        raise SetupError("\n".join(reading.told()))
    return newsroom


class _Reading(TomlTables):
    """One reading of one newsroom file."""

    def __init__(self, path: Path, text: str, language: str) -> None:
        super().__init__(path, text)
        self.language = language

    def newsroom(self, values: dict[str, Any]) -> Newsroom:
        self.known(values, ("name", "form", "pictures", "topic", "feed", "synonyms", "bot"))
        names = self.agency(values.get("name"))
        topic_entries = tuple(self.topic(at, entry) for at, entry in enumerate(self.entries(values, "topic")))
        self.check_tree(topic_entries)
        self.check_words(topic_entries)
        slugs = {entry.slug for entry in topic_entries if entry.slug}
        feed_entries = tuple(
            self.feed(at, entry, slugs) for at, entry in enumerate(self.entries(values, "feed"))
        )
        for at, feed in enumerate(feed_entries):
            if feed.url and feed.url in [other.url for other in feed_entries[:at]]:
                self.wrong(
                    "the same url is in the file twice: remove one of the two feeds", "feed", at, "url"
                )
        groups = tuple(self.synonyms(at, each) for at, each in enumerate(self.entries(values, "synonyms")))
        usual = names.pop("", "") or names.get(self.language) or next(iter(names.values()), "")
        bots = bot_entries(self, self.entries(values, "bot"), slugs)
        return Newsroom(usual, topic_entries, feed_entries, self.style(values), names, groups, bots)

    def agency(self, given: object) -> dict[str, str]:
        """Return the agency's names by language; its only name under no language."""
        if not given:
            self.wrong('the agency\'s name is missing: write name = "…" at the top', key="name")
            return {"": ""}
        return self.named(given)

    def style(self, values: dict[str, Any]) -> Style:
        form, pictures = values.get("form", Form.BRIEF), values.get("pictures", True)
        if form not in CHOOSABLE:
            self.wrong(f"form must be one of {', '.join(CHOOSABLE)}", key="form")
            form = Form.BRIEF
        if not isinstance(pictures, bool):
            self.wrong("pictures must be true or false", key="pictures")
            pictures = True
        return Style(Form(form), pictures)

    def topic(self, at: int, entry: dict[str, Any]) -> TopicEntry:
        place = ("topic", at)
        self.known(entry, ("slug", "parent", "names", "aliases", "keywords", "paused"), *place)
        slug = entry.get("slug")
        if not isinstance(slug, str) or not SLUG.fullmatch(slug):
            self.wrong("slug must be 1 to 40 characters from a-z, 0-9 and -", *place, "slug")
            # Feeds and topics that name it are not wrong for that.
            slug = slug if isinstance(slug, str) else ""
        parent = entry.get("parent")
        if parent is not None and not isinstance(parent, str):
            self.wrong("parent must be the slug of a topic, in quotes", *place, "parent")
            parent = None
        return TopicEntry(
            slug,
            self.names(entry, slug, *place),
            parent,
            self.words(entry, "aliases", *place),
            self.words(entry, "keywords", *place),
            paused=self.flag(entry, "paused", place),
        )

    def names(self, entry: dict[str, Any], slug: str, kind: str, at: int) -> dict[str, str]:
        names = entry.get("names")
        if not isinstance(names, dict) or not names:
            self.wrong(
                f'topic {slug!r} needs a name: write [topic.names] and below it ru = "…"', kind, at, "names"
            )
            return {}
        found = {}
        for language, name in names.items():
            if not LANGUAGE.fullmatch(language):
                self.wrong(f"{language!r} is not a language code; write one such as ru", kind, at, language)
            elif not isinstance(name, str) or not name.strip():
                self.wrong(
                    f"the name in {language!r} must be text in quotes, and not empty", kind, at, language
                )
            else:
                found[language] = name.strip()
        return found

    def feed(self, at: int, entry: dict[str, Any], slugs: set[str]) -> FeedEntry:
        place = ("feed", at)
        keys = ("url", "topics", "language", "publish", "backfill", "interval", "name", "kind", "paused")
        self.known(entry, keys, *place)
        kind, url = entry.get("kind", FEED), entry.get("url")
        if kind not in KINDS:
            self.wrong(f"kind must be one of {', '.join(KINDS)}", *place, "kind")
        elif kind == FEED and not (isinstance(url, str) and is_web_address(url)):
            self.wrong("url must be an http or https address", *place, "url")
        elif not isinstance(url, str) or not url.strip():
            self.wrong("url must say where the source is", *place, "url")
        wanted = self.words(entry, "topics", *place)
        for slug in dict.fromkeys(wanted):
            if slug not in slugs:
                self.wrong(f"there is no topic {slug!r} in this file", *place, "topics")
        language = entry.get("language", self.language)
        if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
            self.wrong("language must be a language code, such as ru", *place, "language")
        publish = entry.get("publish", PUBLISH[0])
        if publish not in PUBLISH:
            self.wrong('publish must be "auto" or "draft"', *place, "publish")
        name = entry.get("name", "")
        if not isinstance(name, str):
            self.wrong("name must be text in quotes", *place, "name")
            name = ""
        return FeedEntry(
            url=url if isinstance(url, str) else "",
            topics=wanted,
            language=language,
            publish=publish,
            backfill=self.number(entry, "backfill", (0, 1000), place, default=0),
            interval=self.number(entry, "interval", (1, LONGEST_INTERVAL), place, default=DEFAULT_INTERVAL),
            name=name.strip(),
            kind=kind,
            language_named="language" in entry,
            paused=self.flag(entry, "paused", place),
        )

    def synonyms(self, at: int, entry: dict[str, Any]) -> tuple[str, ...]:
        self.known(entry, ("words",), "synonyms", at)
        words = self.words(entry, "words", "synonyms", at)
        if len(words) < 2 and not self.faults:
            self.wrong("words must name at least two words that mean the same", "synonyms", at, "words")
        return words

    def check_tree(self, entries: tuple[TopicEntry, ...]) -> None:
        parents: dict[str, str | None] = {}
        for at, entry in enumerate(entries):
            if entry.slug and entry.slug in parents:
                self.wrong(f"topic {entry.slug!r} is in the file twice", "topic", at, "slug")
            parents[entry.slug] = entry.parent
        for at, entry in enumerate(entries):
            way, up = {entry.slug}, entry.parent
            while up is not None:
                if up not in parents:
                    # Of a parent's own parents the parent's entry says so.
                    if up == entry.parent:
                        what = f"parent names the topic {up!r}, which is not in this file"
                        self.wrong(what, "topic", at, "parent")
                    break
                if up in way:
                    if up == entry.slug:
                        what = f"topic {up!r} is its own ancestor: follow its parents to find the circle"
                        self.wrong(what, "topic", at, "parent")
                    break
                way.add(up)
                up = parents[up]

    def check_words(self, entries: tuple[TopicEntry, ...]) -> None:
        owners: dict[str, str] = {}
        for at, entry in enumerate(entries):
            for word in (entry.slug, *entry.names.values(), *entry.aliases):
                owner = owners.setdefault(word.casefold(), entry.slug)
                if entry.slug and owner and owner != entry.slug:
                    self.wrong(
                        f"{word!r} already means topic {owner!r}: give each word to one topic", "topic", at
                    )
