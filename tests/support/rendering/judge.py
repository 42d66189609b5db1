"""Telegram's judgement of rendered stories: what TDLib's parser makes of classic HTML, what limits say.

Without the package `tdjson` the sandbox's own parser judges, which is tested against TDLib's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from bot.model.message import OutgoingMessage
from bot.model.story.article import Content
from bot.model.story.content import plain
from bot.model.story.content import texts as texts_of
from bot.rendering.rich import tags, tree
from bot.rendering.text import spans
from bot.sandbox.calls.answers import Refusal
from bot.sandbox.rich.check import Checker
from bot.sandbox.text.entities import detect, fix
from bot.sandbox.text.html import MarkupError
from bot.sandbox.text.links import checked_link
from bot.sandbox.text.markup import parse_html
from bot.sandbox.text.stored import MAX_CAPTION, MAX_ENTITIES, MAX_TEXT, parse

_WORD = re.compile(r"\w+")
_TYPES = {
    "b": "bold",
    "i": "italic",
    "u": "underline",
    "s": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-time": "date_time",
}


def wrong(message: OutgoingMessage) -> str | None:
    """Return what Telegram would not show as it is meant, None where all is well."""
    if message.rich:
        return _wrong_rich(message)
    return _wrong_classic(message)


def _wrong_rich(message: OutgoingMessage) -> str | None:
    try:
        found = Checker(message.html, {name for name, _ in message.media}).run()
    except Refusal as refused:
        return refused.description
    meant = tree.measure(tree.read(message.html))
    counted = (found.characters, found.blocks, len(found.media))
    return (
        None if counted == (meant.chars, meant.blocks, meant.media) else f"{counted} is counted, not {meant}"
    )


def _wrong_classic(message: OutgoingMessage) -> str | None:
    if not message.html:
        return None if message.grouped else "it is empty"
    meant = spans.read(message.html)
    try:
        text, entities = parse_html(message.html)
        parse(message.html, "html")
    except (MarkupError, Refusal) as error:
        return str(error)
    if text != spans.text_of(meant):
        return "its text is another one"
    if fix(text, [])[0] != text:
        return "its text would be trimmed"
    if sorted(map(_key, entities)) != sorted(map(_key, intended(meant))):
        return f"its entities are other ones: {entities} instead of {intended(meant)}"
    if len(text) > (MAX_CAPTION if message.picture else MAX_TEXT):
        return f"it has {len(text)} characters"
    if len(detect(*fix(text, entities))) > MAX_ENTITIES:
        return "it has more entities than are kept"
    return None


def _key(entity: dict[str, Any]) -> str:
    return repr(sorted(entity.items()))


def intended(meant: Iterable[spans.Span]) -> list[dict[str, Any]]:
    """Return the entities that stretches of text under tags stand for; offsets count UTF-16 units."""
    places: dict[spans.Tag, list[int]] = {}
    at = 0
    for span in meant:
        end = at + len(span.text.encode("utf-16-le", "surrogatepass")) // 2
        for tag in span.tags:
            places.setdefault(tag, [at, at])[1] = end
        at = end
    made = []
    for tag, (start, end) in places.items():
        details = _details(tag)
        if details is not None and end > start:
            made.append({"offset": start, "length": end - start, **details})
    return made


def _details(tag: spans.Tag) -> dict[str, Any] | None:
    said = dict(tag.attributes)
    if tag.name == "blockquote":
        return {"type": "expandable_blockquote" if "expandable" in said else "blockquote"}
    details: dict[str, Any] = {"type": _TYPES[tag.name]}
    if tag.name == "a":
        details["url"] = checked_link(said["href"].encode()).decode()
    if tag.name == "tg-time":
        details["unix_time"] = int(said["unix"])
        if "format" in said:
            details["date_time_format"] = said["format"]
    return details


def text_of(message: OutgoingMessage) -> str:
    """Return what a message says."""
    if message.rich:
        return _apart(tree.read(message.html))
    return spans.text_of(spans.read(message.html))


def _apart(nodes: Iterable[tree.Node]) -> str:
    """Return the text of a tree with a blank between blocks."""
    made: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            made.append(node)
        elif node.name in tags.INLINE and node.name != "cite":
            made.append(_apart(node.children))
        else:
            made += [" ", _apart(node.children), " "]
    return "".join(made)


def words(text: str) -> Counter[str]:
    """Return the words of a text, each as often as it stands there; raised and lowered digits are digits."""
    import unicodedata

    return Counter(_WORD.findall(unicodedata.normalize("NFKC", spans.clean(text)).lower()))


def lost(content: Content, shown: Sequence[OutgoingMessage]) -> Counter[str]:
    """Return the words of a story that none of its messages holds."""
    told = "\n".join(
        (content.headline, content.lead, content.dateline, *map(plain, texts_of(content.blocks)))
    )
    if content.lead.strip() and _repeated(content):
        told = told.replace(content.lead, "", 1)
    return words(told) - words("\n".join(map(text_of, shown)))


def _repeated(content: Content) -> bool:
    body = " ".join(" ".join(map(plain, texts_of(content.blocks))).split())
    return body.startswith(" ".join(content.lead.split()).rstrip("…. "))
