"""What a newsroom may call its topics and feeds: slugs, languages, addresses, and names as an owner writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.model.errors import Refusal

SLUG = re.compile(r"[a-z0-9-]{1,40}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,4})?")
PUBLISH = ("auto", "draft")
LONGEST_NAME, LONGEST_ADDRESS, MOST_NAMES = 64, 1000, 20
"""Characters of a topic's or a feed's name, characters of an address, names of one topic."""

USUAL_TOPICS = {
    "politics": {"ru": "Политика", "en": "Politics", "ky": "Саясат"},
    "economy": {"ru": "Экономика", "en": "Economy", "ky": "Экономика"},
    "society": {"ru": "Общество", "en": "Society", "ky": "Коом"},
    "incidents": {"ru": "Происшествия", "en": "Incidents", "ky": "Окуялар"},
    "culture": {"ru": "Культура", "en": "Culture", "ky": "Маданият"},
    "sport": {"ru": "Спорт", "en": "Sport", "ky": "Спорт"},
    "world": {"ru": "В мире", "en": "World", "ky": "Дүйнө"},
}
"""What many newsrooms begin with: names by slug and language."""

_LINE = re.compile(r"\s*([A-Za-z]{2,4}(?:-[A-Za-z0-9]{2,4})?)\s*[:=]\s*(.*)")
_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_SOUNDS = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya"
_LATIN = dict(zip(_CYRILLIC, (each.strip("_") for each in _SOUNDS.split()), strict=True))


@dataclass(frozen=True, slots=True)
class TopicWords:
    """What an owner calls a topic: names by language (IETF code), and the slug, empty where none was given."""

    names: dict[str, str] = field(default_factory=dict)
    slug: str = ""


def topic_words(words: str, language: str) -> TopicWords:
    """Return the names that the words give, a line each: `en: Economy`, `slug: economy`, or a name alone.

    A name alone is in `language`. Refused as `no-topic-name` where there is none, or it is too long.
    """
    names: dict[str, str] = {}
    slug = ""
    for line in words.splitlines():
        found = _LINE.fullmatch(line)
        key, said = (found[1], found[2]) if found else (language, line)
        if key.casefold() == "slug":
            slug = said.strip().casefold()
        elif name := " ".join(said.split()):
            names[key if found is None else key.lower()] = name
    fits = 0 < len(names) <= MOST_NAMES and all(len(each) <= LONGEST_NAME for each in names.values())
    if not fits or not all(LANGUAGE.fullmatch(each) for each in names):
        raise Refusal("no-topic-name")
    if slug and not SLUG.fullmatch(slug):
        raise Refusal("no-slug")
    return TopicWords(names, slug)


def slug_of(names: dict[str, str]) -> str:
    """Return a slug made of the English name, else of the first one; empty where its letters are neither."""
    name = (names.get("en") or next(iter(names.values()), "")).casefold()
    latin = "".join(_LATIN.get(each, each) for each in name)
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:40].strip("-")


def is_web_address(url: str) -> bool:
    """Return whether that is an http or https address with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 80) > 0
    except ValueError:
        return False


def web_address(words: str) -> str:
    """Return the address that a person wrote, with https where they named no scheme. Refused where it is none."""
    url = words.strip()
    if url and "://" not in url and "." in url.partition("/")[0]:
        url = f"https://{url}"
    if len(url) > LONGEST_ADDRESS or any(each.isspace() for each in url) or not is_web_address(url):
        raise Refusal("no-address")
    return url
