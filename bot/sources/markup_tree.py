"""Web HTML as a clean tree: mended as browsers mend it, without what is not a story's."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from html import unescape

import lxml.html
import nh3
from lxml.html import HtmlElement

from bot.model.content import Mark
from bot.sources.runs import clean

# Deeper than any story nests; what lies below keeps its words alone.
DEEPEST = 60
# The browser's parser takes time by the square of the depth, and of the entities in a row.
_DEEPEST, _MOST_ENTITIES, _MOST_TAGS = 500, 40_000, 100_000
LONGEST = 2_000_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_NOSCRIPT = re.compile(r"<(/?)noscript(?=[\s>/])", re.IGNORECASE)
NOSCRIPT = "data-noscript"
"""Marks what a page shows only where no scripts run: among it, the picture that a script would load late."""
_UNCLOSED = {
    "area", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p",
    "source", "tbody", "td", "tfoot", "th", "thead", "tr", "wbr",
}  # fmt: skip
MARKS = {
    "b": Mark.BOLD,
    "strong": Mark.BOLD,
    "i": Mark.ITALIC,
    "em": Mark.ITALIC,
    "dfn": Mark.ITALIC,
    "var": Mark.ITALIC,
    "u": Mark.UNDERLINE,
    "ins": Mark.UNDERLINE,
    "s": Mark.STRIKE,
    "strike": Mark.STRIKE,
    "del": Mark.STRIKE,
    "code": Mark.CODE,
    "kbd": Mark.CODE,
    "samp": Mark.CODE,
    "tt": Mark.CODE,
    "mark": Mark.MARKED,
    "sub": Mark.SUBSCRIPT,
    "sup": Mark.SUPERSCRIPT,
    "tg-spoiler": Mark.SPOILER,
}
_INLINE = {
    *MARKS,
    "a",
    "span",
    "font",
    "small",
    "big",
    "abbr",
    "time",
    "q",
    "cite",
    "bdi",
    "bdo",
    "label",
} - {"dt"}
BOXES = {
    "address", "article", "aside", "body", "caption", "center", "dd", "div", "dl", "dt", "figcaption",
    "footer", "header", "hgroup", "li", "main", "p", "section", "summary", "tbody", "td", "tfoot", "th",
    "thead", "tr",
}  # fmt: skip
_OTHERS = {
    "audio", "blockquote", "br", "details", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "iframe",
    "img", "ol", "picture", "pre", "source", "table", "ul", "video", "menu",
}  # fmt: skip
_DROPPED = {
    "button", "embed", "input", "math", "nav", "object", "option", "script", "select", "style", "svg",
    "template", "textarea", "title",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"class", "style", "hidden", "id", "role", "itemprop"},
    "a": {"href", "name"},
    "blockquote": {"cite"},
    "iframe": {"src", "title"},
    "img": {"src", "srcset", "alt", "width", "height"},
    "ol": {"start", "reversed", "type"},
    "details": {"open"},
    "time": {"datetime"},
    "source": {"src", "srcset"},
    "video": {"src", "width", "height", "poster"},
    "audio": {"src"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align"},
}
_CREDIT = re.compile(
    r"(?:^|[\s_-])(?:credits?|copyright|source|author|photographer)(?:$|[\s_-])", re.IGNORECASE
)
_CAPTION = re.compile(r"(?:^|\s)(?:wp-caption-text|gallery-caption)(?:\s|$)")
FIGURE = re.compile(r"(?:^|\s)(?:wp-caption|gallery-item)(?:\s|$)")
GALLERY = re.compile(r"(?:^|[\s-])gallery(?:$|[\s-])")
EMOJI = re.compile(r"(?:^|\s)(?:emoji|wp-smiley)(?:\s|$)")


def parse(html: str) -> HtmlElement | None:
    """Return the tree of any HTML as one element, None where it says nothing."""
    html = clean(html[:LONGEST])
    if _hopeless(html):
        return _words_alone(html)
    # A parser that knows no scripts would take what stands in `noscript` for mere text.
    html = _NOSCRIPT.sub(rf"<\1span {NOSCRIPT}", html)
    tidy = nh3.clean(
        html,
        tags=_INLINE | BOXES | _OTHERS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        generic_attribute_prefixes={"data-"},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    if not tidy.strip():
        return None
    parser = lxml.html.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    root = lxml.html.document_fromstring(f"<div>{tidy}</div>".encode(), parser=parser)[0][0]
    _flatten(root)
    _drop_forms(root)
    return root


def _hopeless(html: str) -> bool:
    """Return whether the HTML is made to cost time, not to be read."""
    return html.count("<") > _MOST_TAGS or html.count("&") > _MOST_ENTITIES or _too_deep(html)


def _too_deep(html: str) -> bool:
    depth = 0
    for closing, name in _TAG.findall(html):
        if name.lower() not in _UNCLOSED:
            depth = max(depth - 1, 0) if closing else depth + 1
            if depth > _DEEPEST:
                return True
    return False


def _words_alone(html: str) -> HtmlElement | None:
    """Return an element of the words between the tags, None where there are none."""
    words = re.sub(r"<[^<>]*>", " ", re.sub(r"(?is)<(script|style)\b.*?(?:</\1|$)", " ", html))
    element: HtmlElement = lxml.html.Element("div")
    element.text = clean(unescape(words))
    return element if element.text.strip() else None


def _drop_forms(root: HtmlElement) -> None:
    """Drop boxes to subscribe, search and comment; a form around the whole page is only how it was made."""
    for form in list(root.iter("form")):
        if form.getparent() is not None and len(form.text_content()) * 2 < len(root.text_content()):
            form.drop_tree()


def _flatten(root: HtmlElement) -> None:
    depths = {root: 0}
    for element in list(root.iterdescendants()):
        above = element.getparent()
        if above is None or above not in depths:
            continue
        depths[element] = depths[above] + 1
        if depths[element] == DEEPEST and len(element):
            words = element.text_content()
            for child in list(element):
                element.remove(child)
            element.text = words


def outermost(
    element: HtmlElement, wanted: Callable[[HtmlElement], bool], *, stop: Container[str]
) -> Iterator[HtmlElement]:
    """Yield the descendants that are wanted, none inside another or inside an element named in `stop`."""
    for child in element:
        if wanted(child):
            yield child
        elif str(child.tag) not in stop:
            yield from outermost(child, wanted, stop=stop)


def is_last(element: HtmlElement, box: HtmlElement) -> bool:
    """Return whether no words follow the element inside the box."""
    at: HtmlElement | None = element
    while at is not None and at is not box:
        if (at.tail or "").strip() or any(each.text_content().strip() for each in at.itersiblings()):
            return False
        at = at.getparent()
    return True


def is_caption(element: HtmlElement) -> bool:
    """Return whether the element describes a figure."""
    return element.tag == "figcaption" or bool(_CAPTION.search(element.get("class", "")))


def is_credit(element: HtmlElement) -> bool:
    """Return whether the element, inside a caption, says whose the figure is."""
    named = element.get("itemprop", "") in ("copyrightHolder", "creditText", "author")
    return element.tag in ("cite", "small") or named or bool(_CREDIT.search(element.get("class", "")))
