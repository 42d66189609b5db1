"""A message as plain lines for a terminal: a reader's text, with links and pictures as their addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from textwrap import wrap

from bot.model.message import Keyboard, OutgoingMessage
from bot.rendering.rich import tree
from bot.rendering.rich.tags import INLINE, MEDIA
from bot.rendering.rich.tree import Element, Node
from bot.rendering.text import spans

WIDTH = 100
_SIGNS = {"img": "🖼", "video": "▶️", "audio": "🎧", "tg-document": "📎"}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def lines(message: OutgoingMessage) -> list[str]:
    """Return the message's lines, wrapped at 100 characters, control characters replaced."""
    shown = [f"🖼 {_address(message)}"] if message.picture else []
    if message.rich:
        shown += _rich(message)
    else:
        shown += _classic(message.html).split("\n")
    safe = (_CONTROL.sub("\ufffd", line) for line in [*shown, *_keys(message.buttons)])
    return [part for line in safe for part in _wrapped(line)]


def _wrapped(line: str) -> list[str]:
    hanging = " " * (len(line) - len(line.lstrip(" │┆")))
    return wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False, subsequent_indent=hanging) or [
        ""
    ]


def _address(message: OutgoingMessage) -> str:
    assert message.picture is not None
    return message.picture.url or message.picture.file_id or ""


def _keys(buttons: Keyboard) -> list[str]:
    return ["  ".join(f"[ {button.text} ]" for button in row) for row in buttons]


def _classic(html: str) -> str:
    made: list[str] = []
    opened: tuple[spans.Tag, ...] = ()
    for span in (*spans.read(html), spans.Span("")):
        for tag in reversed(opened):
            if tag not in span.tags and tag.name == "a":
                made.append(f" <{dict(tag.attributes).get('href', '')}>")
        made.append(span.text)
        opened = span.tags
    return "".join(made)


def _rich(message: OutgoingMessage) -> list[str]:
    media = {name: each.url or each.file_id or "" for name, each in message.media}
    made: list[str] = []
    for node in tree.read(message.html):
        made += ["", *_blocks([node], media, "")]
    return made[1:]


def _blocks(nodes: Iterable[Node], media: dict[str, str], before: str) -> Iterator[str]:
    loose: list[Node] = []
    for node in nodes:
        if isinstance(node, str) or (node.name in INLINE and node.name != "cite"):
            loose.append(node)
            continue
        if loose:
            yield before + _text(loose)
            loose = []
        yield from _block(node, media, before)
    if loose:
        yield before + _text(loose)


def _block(node: Element, media: dict[str, str], before: str) -> Iterator[str]:
    name, inner = node.name, node.children
    if name in MEDIA:
        source = node.attributes.get("src", "")
        yield f"{before}{_SIGNS[name]} {media.get(source.rpartition('=')[2], source)}"
    elif name in ("blockquote", "aside"):
        yield from _blocks(inner, media, before + "│ ")
    elif name in ("ul", "ol"):
        yield from _items(node, media, before)
    elif name == "tr":
        yield before + " │ ".join(_text(cell.children) for cell in inner if isinstance(cell, Element))
    elif name == "details":
        yield from _blocks(inner, media, before + "┆ ")
    elif name == "hr":
        yield before + "* * *"
    elif name == "tg-map":
        yield f"{before}📍 {node.attributes.get('lat')}, {node.attributes.get('long')}"
    elif name in ("figure", "tg-collage", "tg-slideshow", "table"):
        yield from _blocks(inner, media, before)
    elif name == "pre":
        yield from (before + line for line in tree.text_of(inner).split("\n"))
    else:
        heading = {"h1": "# ", "summary": "▸ ", "cite": "— "}.get(name, "## " if name.startswith("h") else "")
        yield f"{before}{heading}{_text(inner)}"


def _items(node: Element, media: dict[str, str], before: str) -> Iterator[str]:
    number = int(node.attributes.get("start", "1"))
    for item in node.children:
        if not isinstance(item, Element):
            continue
        sign = "• " if node.name == "ul" else f"{number}. "
        held = list(_blocks(item.children, media, ""))
        yield from (before + (sign if at == 0 else " " * len(sign)) + line for at, line in enumerate(held))
        number += -1 if "reversed" in node.attributes else 1


def _text(nodes: Iterable[Node]) -> str:
    made: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            made.append(node)
            continue
        if node.name == "cite":
            made.append(" — ")
        made.append(_text(node.children))
        href = node.attributes.get("href", "")
        if href and not href.startswith("#"):
            made.append(f" <{href}>")
    return "".join(made)
