"""A rich message as a tree: read leniently from a template's output, measured, written strictly."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.rendering.rich.tags import ATTRIBUTES, BLOCKS, FLOW, INLINE, MEDIA, TAGS, VOID
from bot.rendering.text.spans import ATTRIBUTE, SYNONYMS, TOKEN, clean, escape, quoted


@dataclass(slots=True)
class Element:
    """A tag with its attributes and the nodes inside it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)


Node = Element | str


@dataclass(frozen=True, slots=True)
class Cost:
    """The size of a rich message as Telegram counts it: characters of text, blocks, media."""

    chars: int = 0
    blocks: int = 0
    media: int = 0

    def within(self, room: Cost) -> bool:
        """Return whether no count is above the room's."""
        return self.chars <= room.chars and self.blocks <= room.blocks and self.media <= room.media

    def plus(self, other: Cost) -> Cost:
        """Return the sum."""
        return Cost(self.chars + other.chars, self.blocks + other.blocks, self.media + other.media)

    def less(self, taken: Cost) -> Cost:
        """Return the room that is left after `taken`; counts may fall below 0."""
        return Cost(self.chars - taken.chars, self.blocks - taken.blocks, self.media - taken.media)


ROOM = Cost(chars=32_000, blocks=480, media=50)
"""A little under Telegram's 32,768 characters, 500 blocks and 50 media (tdlib: OptionManager.cpp)."""


def unknown_tags(markup: str) -> list[str]:
    """Return the names, in order, of the markup's tags that rich messages don't have."""
    names = [match[2].lower() for match in TOKEN.finditer(markup) if match[2]]
    return sorted({name for name in names if SYNONYMS.get(name, name) not in TAGS})


def read(markup: str) -> list[Node]:
    """Return the tree of rich HTML. Unknown tags are dropped; an element left open ends with its parent."""
    root = Element("")
    stack = [root]
    at = 0
    for token in TOKEN.finditer(markup):
        _text(stack[-1], markup[at : token.start()])
        at = token.end()
        name = SYNONYMS.get((token[2] or "").lower(), (token[2] or "").lower())
        if name not in TAGS:
            continue
        if token[1]:
            _close(stack, name)
            continue
        _make_way(stack, name)
        element = Element(name, _attributes(name, token[3]))
        stack[-1].children.append(element)
        if name not in VOID and not token[0].endswith("/>"):
            stack.append(element)
    _text(stack[-1], markup[at:])
    return root.children


def _text(parent: Element, raw: str) -> None:
    if raw and (text := clean(html.unescape(raw))):
        parent.children.append(text)


def _close(stack: list[Element], name: str) -> None:
    for at in range(len(stack) - 1, 0, -1):
        if stack[at].name == name:
            del stack[at:]
            return


def _make_way(stack: list[Element], name: str) -> None:
    """Close a paragraph that a block begins in, and a list item, row or cell before the next one."""
    ends = {"li": ("li",), "tr": ("tr", "td", "th"), "td": ("td", "th"), "th": ("td", "th")}.get(name, ())
    if name in BLOCKS and name != "li":
        ends = (*ends, "p")
    for at in range(len(stack) - 1, 0, -1):
        if stack[at].name in ends:
            del stack[at:]
            return
        if stack[at].name not in INLINE and stack[at].name not in ("td", "th"):
            return


def _attributes(name: str, raw: str) -> dict[str, str]:
    known = ATTRIBUTES.get(name)
    if not known or not raw:
        return {}
    kept: dict[str, str] = {}
    for match in ATTRIBUTE.finditer(raw):
        key = match[1].lower()
        if key in known:
            value = known[key](clean(html.unescape(match[2] or match[3] or "")))
            if value is not None:
                kept[key] = value
    return kept


def elements(nodes: Iterable[Node]) -> Iterator[Element]:
    """Yield every element of the tree, outer ones first."""
    for node in nodes:
        if isinstance(node, Element):
            yield node
            yield from elements(node.children)


def text_of(nodes: Iterable[Node]) -> str:
    """Return the text of all nodes, without tags."""
    return "".join(node if isinstance(node, str) else text_of(node.children) for node in nodes)


def measure(nodes: Iterable[Node]) -> Cost:
    """Return the tree's cost; text that stands loose in a block counts as one more block."""
    chars = blocks = media = 0
    for node in nodes:
        if isinstance(node, str):
            chars += len(node)
            continue
        inner = measure(node.children)
        loose = node.name in FLOW and any(map(_is_loose, node.children))
        chars += inner.chars
        blocks += inner.blocks + (node.name in BLOCKS) + loose
        media += inner.media + (node.name in MEDIA)
    return Cost(chars, blocks, media)


def _is_loose(node: Node) -> bool:
    return isinstance(node, str) or (node.name in INLINE and node.name != "cite")


def depth_of(nodes: Iterable[Node]) -> int:
    """Return how many tags lie inside one another at the deepest place."""
    return max((1 + depth_of(node.children) for node in nodes if isinstance(node, Element)), default=0)


def write(nodes: Iterable[Node]) -> str:
    """Return the tree as rich HTML."""
    return "".join(_written(nodes))


def _written(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield escape(node)
            continue
        said = "".join(
            f' {key}="{quoted(value)}"' if value else f" {key}" for key, value in node.attributes.items()
        )
        if node.name in VOID:
            yield f"<{node.name}{said}/>"
            continue
        yield f"<{node.name}{said}>"
        yield from _written(node.children)
        yield f"</{node.name}>"
