"""Puts everything of a rich message where Telegram allows it, whatever a template or a story had in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.rendering.rich.tags import DEEPEST, HOLDS, INLINE, MEDIA, NEEDED, PARTS, TEXTUAL
from bot.rendering.rich.tree import Element, Node, elements, text_of

_SPACES = re.compile(r"[ \t\n\r\f]+")


def tidy(nodes: Iterable[Node]) -> list[Node]:
    """Return the tree with every node where Telegram allows it. Text is kept; a tag out of place is dropped."""
    made = _flow(nodes, "", 0)
    names = {each.attributes["name"] for each in elements(made) if "name" in each.attributes}
    for each in elements(made):
        if each.attributes.get("href", "").startswith("#") and each.attributes["href"][1:] not in names | {
            ""
        }:
            del each.attributes["href"]
    return _without_bare(made)


def _without_bare(nodes: list[Node]) -> list[Node]:
    """Return the nodes without tags that say nothing: a link without address, a time without a time."""
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            kept.append(node)
            continue
        node.children = _without_bare(node.children)
        bare = node.name == "a" and not node.attributes
        kept.extend(node.children if bare else [node])
    return kept


def _flow(nodes: Iterable[Node], parent: str, depth: int) -> list[Node]:
    """Return blocks, text between them in paragraphs of its own."""
    made: list[Node] = []
    loose: list[Node] = []

    def gather() -> None:
        held = _phrase(loose, depth + 1)
        loose.clear()
        if held:
            made.append(Element("p", {}, held))

    for node in nodes:
        if isinstance(node, str) or node.name in INLINE:
            loose.append(node)
            continue
        gather()
        made.extend(_block(node, parent, depth))
    gather()
    return made


def _block(node: Element, parent: str, depth: int) -> list[Node]:
    name = node.name
    if name == "summary" and parent == "details":
        return [Element(name, {}, _phrase(node.children, depth + 1))]
    if name == "cite" or name in PARTS or name in ("li", "tr") or depth >= DEEPEST - 1:
        return _flow(node.children, parent, depth)
    if name in NEEDED and NEEDED[name] not in node.attributes:
        return _flow(node.children, parent, depth)
    if name in MEDIA or name in ("hr", "tg-map"):
        return [Element(name, node.attributes)]
    if name == "pre":
        return _preformatted(node, depth)
    if name in TEXTUAL:
        held = _phrase(node.children, depth + 1, cited=name == "aside")
        return [Element(name, {}, held)] if held else []
    if name in HOLDS:
        return _structure(node, depth)
    return _quotation(node, depth) if name == "blockquote" else _details(node, depth)


def _preformatted(node: Element, depth: int) -> list[Node]:
    text = text_of(node.children).strip("\n")
    if not text.strip():
        return []
    code = next((each for each in elements(node.children) if "class" in each.attributes), None)
    inner: Node = Element("code", code.attributes, [text]) if code and depth + 1 < DEEPEST else text
    return [Element("pre", {}, [inner])]


def _quotation(node: Element, depth: int) -> list[Node]:
    cites = [each for each in node.children if isinstance(each, Element) and each.name == "cite"]
    rest = [each for each in node.children if each not in cites]
    flat = "expandable" in node.attributes
    held = _phrase(rest, depth + 1) if flat else _flow(rest, "blockquote", depth + 1)
    credit = [Element("cite", {}, said) for each in cites if (said := _phrase(each.children, depth + 2))]
    return [Element("blockquote", node.attributes, [*held, *credit])] if held or credit else []


def _details(node: Element, depth: int) -> list[Node]:
    held = _flow(node.children, "details", depth + 1)
    summaries = [each for each in held if isinstance(each, Element) and each.name == "summary"]
    rest = [each for each in held if each not in summaries]
    summary = Element("summary", {}, [each for one in summaries for each in one.children] or ["…"])
    return (
        [Element("details", node.attributes, [summary, *rest])]
        if rest
        else [Element("p", {}, summary.children)]
    )


def _structure(node: Element, depth: int) -> list[Node]:
    """Return a list, table, figure or gallery with only what it may hold, in it."""
    name = node.name
    held: list[Node] = []
    for child in node.children:
        if isinstance(child, str) or child.name not in HOLDS[name]:
            continue
        if child.name == "li":
            held.append(Element("li", child.attributes, _item(child, depth + 2)))
        elif child.name == "tr":
            cells = [
                Element(cell.name, cell.attributes, _phrase(cell.children, depth + 3))
                for cell in child.children
                if isinstance(cell, Element) and cell.name in HOLDS["tr"]
            ]
            held += [Element("tr", {}, list(cells))] if cells else []
        elif child.name in PARTS:
            said = _phrase(child.children, depth + 2, cited=child.name == "figcaption")
            held += [Element(child.name, {}, said)] if said else []
        elif NEEDED[child.name] in child.attributes:
            held.append(Element(child.name, child.attributes))
    if name == "figure" and not any(
        each.name in (*MEDIA, "tg-map") for each in held if isinstance(each, Element)
    ):
        return _flow([each for one in held if isinstance(one, Element) for each in one.children], "", depth)
    return [Element(name, node.attributes, held)] if held else []


def _item(item: Element, depth: int) -> list[Node]:
    held = _flow(item.children, "li", depth)
    only = held[0] if len(held) == 1 else None
    return only.children if isinstance(only, Element) and only.name == "p" else held


def _phrase(nodes: Iterable[Node], depth: int, *, cited: bool = False) -> list[Node]:
    """Return inline content: blocks in it give up their tags, blanks are made few, ends are bare."""
    held = _squeezed(_inline(nodes, depth, cited), [True])
    _strip_end(held)
    return held if any(isinstance(each, Element) or each for each in held) else []


def _inline(nodes: Iterable[Node], depth: int, cited: bool) -> list[Node]:
    made: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            made.append(node)
        elif node.name == "br":
            made.append(" ")
        elif node.name in INLINE and depth < DEEPEST and (node.name != "cite" or cited):
            # A button holds words alone.
            inner = _inline(node.children, depth + 1, False) if node.name != "tg-button" else _words(node)
            bare = node.name in NEEDED and NEEDED[node.name] not in node.attributes
            kept = inner or (node.name == "a" and "name" in node.attributes)
            made.extend(inner if bare else [Element(node.name, node.attributes, inner)] if kept else [])
        else:
            made.extend([" ", *_inline(node.children, depth, cited), " "])
    return made


def _words(node: Element) -> list[Node]:
    said = text_of(node.children).strip()
    return [said] if said else []


def _squeezed(nodes: list[Node], blank: list[bool]) -> list[Node]:
    """Return the nodes with one blank where there were several, none at the beginning."""
    made: list[Node] = []
    for node in nodes:
        if isinstance(node, Element):
            node.children = _squeezed(node.children, blank)
            made.append(node)
            continue
        text = _SPACES.sub(" ", node)
        if blank[0]:
            text = text.lstrip(" ")
        if text:
            blank[0] = text.endswith(" ")
            made.append(text)
    return made


def _strip_end(nodes: list[Node]) -> None:
    while nodes:
        last = nodes[-1]
        if isinstance(last, Element):
            _strip_end(last.children)
            if last.children or "name" in last.attributes:
                return
            nodes.pop()
            continue
        nodes[-1] = last.rstrip(" ")
        if nodes[-1]:
            return
        nodes.pop()
