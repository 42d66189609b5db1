"""Tells the items of one fetch apart: an identity that several of them share identifies none of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from bot.model.story.content import plain_text
from bot.sources.identity.links import canonical
from bot.sources.item import Item, digest, short_uid
from bot.stemming import folded, stems

_WORDS = 40


def told_apart(items: Iterable[Item]) -> list[Item]:
    """Return the items in their order, each story once, and each under an identity that is its own.

    Where different stories share an identity, each is known by its link; where they share that too, by its words.
    """
    by_uid: dict[str, list[Item]] = defaultdict(list)
    stories: list[Item] = []
    for item in items:
        if not any(_same(item, other) for other in by_uid[item.uid]):
            by_uid[item.uid].append(item)
            stories.append(item)
    shared = {uid for uid, each in by_uid.items() if len(each) > 1}
    if not shared:
        return stories
    links: dict[str, int] = defaultdict(int)
    for item in stories:
        links[canonical(item.url)] += 1
    return _each_once(_renamed(item, links) if item.uid in shared else item for item in stories)


def other_uid(item_uid: str, link: str, *words: str) -> str:
    """Return an identity for a story that came under one which already means another story."""
    return short_uid(f"{item_uid[:400]}#{digest(link, *(() if link else words))[-16:]}")


def _same(one: Item, other: Item) -> bool:
    """Return whether two items under one identity are one story, or two versions of it, as Atom allows."""
    link, text = canonical(one.url), _beginning(one)
    same_link, same_text = link == canonical(other.url), text == _beginning(other)
    if folded(one.headline) == folded(other.headline):
        return same_link or same_text
    return same_link and (
        (bool(text) and same_text) or (bool(link) and _much_alike(one.headline, other.headline))
    )


def _much_alike(headline: str, other: str) -> bool:
    first, second = set(stems(headline)), set(stems(other))
    return len(first & second) * 2 > max(len(first), len(second))


def _renamed(item: Item, links: dict[str, int]) -> Item:
    link = canonical(item.url)
    own = item.url if link and links[link] == 1 else None
    return replace(item, uid=short_uid(own or digest(item.headline, _beginning(item))))


def _beginning(item: Item) -> str:
    return " ".join(f"{item.lead} {plain_text(item.blocks)}".split(maxsplit=_WORDS)[:_WORDS])


def _each_once(items: Iterable[Item]) -> list[Item]:
    found: dict[str, Item] = {}
    for item in items:
        found.setdefault(item.uid, item)
    return list(found.values())
