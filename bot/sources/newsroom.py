"""The newsroom file: the agency's name, its topics and its feeds.

Every mistake in it is one sentence that names the file, the line and the entry.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.errors import SetupError
from bot.model.form import CHOOSABLE, USUAL, Form, Style
from bot.store import feeds, topics

ORIGIN = "file"
SLUG = re.compile(r"[a-z0-9-]{1,40}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,4})?")
PUBLISH = ("auto", "draft")
DEFAULT_INTERVAL = 0
LONGEST_INTERVAL = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """A `[[topic]]`. `parent` is a slug; `aliases` are what sources call it."""

    slug: str
    names: dict[str, str]
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A `[[feed]]`. `topics` are slugs for items that choose none; `interval` is in seconds."""

    url: str
    topics: tuple[str, ...] = ()
    language: str = "ru"
    publish: str = "auto"
    backfill: int = 0
    interval: int = DEFAULT_INTERVAL
    name: str = ""


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What the file says. Topics stand in its order; `style` is what chats get that chose nothing else."""

    name: str
    topics: tuple[TopicEntry, ...] = ()
    feeds: tuple[FeedEntry, ...] = ()
    style: Style = USUAL


def load_newsroom(path: Path, language: str = "ru") -> Newsroom:
    """Return what the file says; `language` is that of feeds which name none.

    Raises SetupError for a file that can't be read and for the first mistake in it.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SetupError(f"{path}: can't be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SetupError(f"{path}: is not UTF-8") from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"{path}: {error}") from None
    return _Reading(path, text, language).newsroom(values)


async def apply(tx: AsyncConnection, newsroom: Newsroom, at: datetime) -> None:
    """Make the store's topics and feeds those of the file, as often as wanted.

    What came from the file and has left it is retired; what was made otherwise stays; what returns is
    revived with its history.
    """
    ids: dict[str, int] = {}
    positions = {entry.slug: at for at, entry in enumerate(newsroom.topics)}
    for entry in _parents_first(newsroom.topics):
        ids[entry.slug] = await topics.put(
            tx,
            entry.slug,
            entry.names,
            parent_id=ids[entry.parent] if entry.parent else None,
            aliases=entry.aliases,
            keywords=entry.keywords,
            position=positions[entry.slug],
            origin=ORIGIN,
        )
    in_use = (await topics.load(tx)).all
    await topics.retire(
        tx, [each.id for each in in_use if each.origin == ORIGIN and each.slug not in ids], at
    )
    urls = {entry.url for entry in newsroom.feeds}
    for feed in newsroom.feeds:
        await feeds.put(
            tx,
            feed.url,
            name=feed.name or newsroom.name,
            topics=feed.topics,
            language=feed.language,
            publish=feed.publish,
            backfill=feed.backfill,
            interval=feed.interval,
            origin=ORIGIN,
            at=at,
        )
    asked = await feeds.all_in_use(tx)
    await feeds.retire(tx, [each.id for each in asked if each.origin == ORIGIN and each.url not in urls], at)


def _parents_first(entries: tuple[TopicEntry, ...]) -> list[TopicEntry]:
    by_slug = {entry.slug: entry for entry in entries}

    def depth(entry: TopicEntry) -> int:
        return 1 + depth(by_slug[entry.parent]) if entry.parent else 0

    return sorted(entries, key=depth)


class _Reading:
    """One reading of one file: knows where its entries stand, so that a mistake can say so."""

    def __init__(self, path: Path, text: str, language: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.language = language

    def newsroom(self, values: dict[str, Any]) -> Newsroom:
        self.known(values, ("name", "form", "pictures", "topic", "feed"))
        name = values.get("name")
        if not isinstance(name, str) or not name.strip():
            raise self.wrong("name = … (the agency's name) is missing", key="name")
        topic_entries = tuple(self.topic(at, entry) for at, entry in enumerate(self.entries(values, "topic")))
        self.check_tree(topic_entries)
        self.check_words(topic_entries)
        slugs = {entry.slug for entry in topic_entries}
        feed_entries = tuple(
            self.feed(at, entry, slugs) for at, entry in enumerate(self.entries(values, "feed"))
        )
        for at, feed in enumerate(feed_entries):
            if feed.url in [other.url for other in feed_entries[:at]]:
                raise self.wrong("the same url stands twice", "feed", at, "url")
        return Newsroom(name.strip(), topic_entries, feed_entries, self.style(values))

    def style(self, values: dict[str, Any]) -> Style:
        form, pictures = values.get("form", Form.BRIEF), values.get("pictures", True)
        if form not in CHOOSABLE:
            raise self.wrong(f"form must be one of {', '.join(CHOOSABLE)}", key="form")
        if not isinstance(pictures, bool):
            raise self.wrong("pictures must be true or false", key="pictures")
        return Style(Form(form), pictures)

    def entries(self, values: dict[str, Any], kind: str) -> list[dict[str, Any]]:
        found = values.get(kind, [])
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            raise self.wrong(f"{kind} must be written as [[{kind}]]", key=kind)
        return found

    def topic(self, at: int, entry: dict[str, Any]) -> TopicEntry:
        place = ("topic", at)
        self.known(entry, ("slug", "parent", "names", "aliases", "keywords"), *place)
        slug = entry.get("slug")
        if not isinstance(slug, str) or not SLUG.fullmatch(slug):
            raise self.wrong("slug must be 1 to 40 of a-z, 0-9 and -", *place, "slug")
        names = entry.get("names")
        if not isinstance(names, dict) or not names:
            raise self.wrong(f"topic {slug!r} needs a name: [topic.names] ru = …", *place, "names")
        for language, name in names.items():
            if not LANGUAGE.fullmatch(language):
                raise self.wrong(f"{language!r} is not a language's code such as ru", *place, language)
            if not isinstance(name, str) or not name.strip():
                raise self.wrong(f"the name in {language!r} must be words", *place, language)
        parent = entry.get("parent")
        if parent is not None and not isinstance(parent, str):
            raise self.wrong("parent must be a topic's slug", *place, "parent")
        return TopicEntry(
            slug,
            {language: name.strip() for language, name in names.items()},
            parent,
            self.words(entry, "aliases", *place),
            self.words(entry, "keywords", *place),
        )

    def feed(self, at: int, entry: dict[str, Any], slugs: set[str]) -> FeedEntry:
        place = ("feed", at)
        self.known(entry, ("url", "topics", "language", "publish", "backfill", "interval", "name"), *place)
        url = entry.get("url")
        if not isinstance(url, str) or not _is_web_address(url):
            raise self.wrong("url must be an http or https address", *place, "url")
        wanted = self.words(entry, "topics", *place)
        if unknown := [slug for slug in wanted if slug not in slugs]:
            raise self.wrong(f"there is no topic {unknown[0]!r}", *place, "topics")
        language = entry.get("language", self.language)
        if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
            raise self.wrong("language must be a code such as ru", *place, "language")
        publish = entry.get("publish", PUBLISH[0])
        if publish not in PUBLISH:
            raise self.wrong('publish must be "auto" or "draft"', *place, "publish")
        name = entry.get("name", "")
        if not isinstance(name, str):
            raise self.wrong("name must be words", *place, "name")
        return FeedEntry(
            url=url,
            topics=wanted,
            language=language,
            publish=publish,
            backfill=self.number(entry, "backfill", (0, 1000), 0, place),
            interval=self.number(entry, "interval", (1, LONGEST_INTERVAL), DEFAULT_INTERVAL, place),
            name=name.strip(),
        )

    def words(self, entry: dict[str, Any], key: str, kind: str, at: int) -> tuple[str, ...]:
        found = entry.get(key, [])
        if not isinstance(found, list) or not all(isinstance(word, str) and word.strip() for word in found):
            raise self.wrong(f"{key} must be a list of words in quotes", kind, at, key)
        return tuple(word.strip() for word in found)

    def number(
        self, entry: dict[str, Any], key: str, span: tuple[int, int], default: int, place: tuple[str, int]
    ) -> int:
        if key not in entry:
            return default
        found = entry[key]
        if isinstance(found, bool) or not isinstance(found, int) or not span[0] <= found <= span[1]:
            raise self.wrong(f"{key} must be a whole number from {span[0]} to {span[1]}", *place, key)
        return found

    def known(self, entry: dict[str, Any], keys: tuple[str, ...], kind: str = "", at: int = 0) -> None:
        for key in entry:
            if key not in keys:
                raise self.wrong(f"unknown key {key!r}; known are {', '.join(keys)}", kind, at, key)

    def check_tree(self, entries: tuple[TopicEntry, ...]) -> None:
        parents: dict[str, str | None] = {}
        for at, entry in enumerate(entries):
            if entry.slug in parents:
                raise self.wrong(f"topic {entry.slug!r} stands twice", "topic", at, "slug")
            parents[entry.slug] = entry.parent
        for at, entry in enumerate(entries):
            way, up = {entry.slug}, entry.parent
            while up is not None:
                if up not in parents:
                    raise self.wrong(f"there is no topic {up!r} to be a parent", "topic", at, "parent")
                if up in way:
                    raise self.wrong(f"topic {entry.slug!r} is its own ancestor", "topic", at, "parent")
                way.add(up)
                up = parents[up]

    def check_words(self, entries: tuple[TopicEntry, ...]) -> None:
        owners: dict[str, str] = {}
        for at, entry in enumerate(entries):
            for word in (entry.slug, *entry.names.values(), *entry.aliases):
                owner = owners.setdefault(word.casefold(), entry.slug)
                if owner != entry.slug:
                    raise self.wrong(f"{word!r} already means topic {owner!r}", "topic", at)

    def wrong(self, what: str, kind: str = "", at: int = 0, key: str = "") -> SetupError:
        """Return the mistake as an error that names its place."""
        line = self.line_of(kind, at, key)
        where = f"{self.path}, line {line}" if line else str(self.path)
        return SetupError(f"{where}, [[{kind}]] {at + 1}: {what}" if kind else f"{where}: {what}")

    def line_of(self, kind: str, at: int, key: str) -> int | None:
        """Return the line of the entry's key, else of the entry, counted from 1."""
        heads = [n for n, line in enumerate(self.lines) if re.match(rf"\s*\[\[\s*{kind}\s*\]\]", line)]
        start = heads[at] if kind and at < len(heads) else None
        name = re.compile(rf"""\s*(\[{kind}\.)?["']?{re.escape(key)}["']?\s*[=.\]]""")
        for n in range(start + 1 if start is not None else 0, len(self.lines)) if key else ():
            if self.lines[n].lstrip().startswith("[["):
                break
            if name.match(self.lines[n]):
                return n + 1
        return start + 1 if start is not None else None


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 80) > 0
    except ValueError:
        return False
