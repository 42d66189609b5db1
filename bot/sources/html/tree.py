"""Parses web HTML into a clean tree: mended as browsers mend it, without scripts, forms and styles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterator
from html import unescape
from itertools import islice

import lxml.html
import nh3
from lxml.html import HtmlElement

from bot.model.story.content import Mark
from bot.sources.text.plain import clean

# Deeper than any story nests; what lies below keeps its words alone.
DEEPEST = 60
# The browser's parser takes time by the square of the depth, and of the entities in a row; what is left open
# and gives words a look is opened again in each box that follows.
_DEEPEST, _MOST_ENTITIES, _MOST_TAGS, _MOST_REOPENED = 500, 40_000, 100_000, 300_000
LONGEST = 2_000_000
# More empty elements than these after a quotation's credit are no part of a text.
_MOST_EMPTY = 20
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_NOSCRIPT = re.compile(r"<(/?)noscript(?=[\s>/])", re.IGNORECASE)
# Stands for non-breaking spaces where nh3 takes time by the square of their number; `clean` has dropped all others.
_SPACE = "\uffff"
_LEAST_WORDS = 140
_ABOUT_SCRIPTS = re.compile(r"java\s?script|джаваскрипт|браузер", re.IGNORECASE)
NOSCRIPT = "data-noscript"
"""Marks an element that a page shows only where no scripts run, such as a picture that a script loads late."""
# What shows a player or a post and is no frame: a script that draws itself, an element of its own, a plug-in.
_PLAYER = re.compile(
    r"<(script|lite-youtube|youtube-embed|amp-youtube|lite-vimeo|object|embed)\b([^<>]*+)>", re.IGNORECASE
)
_POST = re.compile(r"\sdata-telegram-post\s*=\s*[\"']?([A-Za-z0-9_]{1,64}/\d{1,12})", re.IGNORECASE)
_VIDEO = re.compile(r"\s(?:data-)?video-?id\s*=\s*[\"']?([\w-]{6,20})", re.IGNORECASE)
_ADDRESS = re.compile(r"\s(?:data|src)\s*=\s*[\"']?((?:https?:)?//[^\"'<>\s]{1,2000})", re.IGNORECASE)
_AMP = re.compile(r"<(/?)amp-(?:anim|(img|video|audio|iframe))(?=[\s>/])", re.IGNORECASE)
_UNCLOSED = {
    "area", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p",
    "source", "tbody", "td", "tfoot", "th", "thead", "tr", "wbr",
}  # fmt: skip
# HTML's formatting elements: where one is left open, browsers open it again in the next paragraph.
_REOPENED = {
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
}  # fmt: skip
_WALLS = {"table", "td", "th", "caption", "object", "template"}
_OPENS_AGAIN = {"p", "div", "li", "td", "th", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "section"}
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
    """Return the tree of any HTML as one element, None where it has no content.

    HTML above 2 MB is cut; HTML made to cost time is reduced to its words.
    """
    html = clean(html[:LONGEST])
    if is_hopeless(html):
        return _words_alone(html)
    html = _PLAYER.sub(_framed, html)
    if "<amp-" in html:
        html = _AMP.sub(lambda found: f"<{found[1]}{found[2] or 'img'}", html)
    # A parser that knows no scripts would take what stands in `noscript` for mere text.
    html = _NOSCRIPT.sub(rf"<\1span {NOSCRIPT}", html)
    tidy = nh3.clean(
        html.replace("\u00a0", _SPACE),
        tags=_INLINE | BOXES | _OTHERS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        generic_attribute_prefixes={"data-"},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    tidy = tidy.replace(_SPACE, "\u00a0")
    if not tidy.strip():
        return None
    parser = lxml.html.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    root = lxml.html.document_fromstring(f"<div>{tidy}</div>".encode(), parser=parser)[0][0]
    _flatten(root)
    _drop_forms(root)
    return root


def _framed(found: re.Match[str]) -> str:
    """Return the frame that shows what an element shows, before the element itself; a frame is known everywhere."""
    name, attributes = found[1].lower(), found[2]
    pattern, site = {
        "script": (_POST, "https://t.me/"),
        "object": (_ADDRESS, ""),
        "embed": (_ADDRESS, ""),
        "lite-vimeo": (_VIDEO, "https://player.vimeo.com/video/"),
    }.get(name, (_VIDEO, "https://www.youtube.com/embed/"))
    shown = pattern.search(attributes)
    return f'<iframe src="{site}{shown[1]}"></iframe>{found[0]}' if shown else found[0]


def is_hopeless(html: str) -> bool:
    """Return whether the HTML is made to cost time, not to be read."""
    return html.count("<") > _MOST_TAGS or html.count("&") > _MOST_ENTITIES or _too_deep(html)


def _too_deep(html: str) -> bool:
    """Return whether a browser's tree of the HTML would be deeper, or grow larger, than any page's."""
    opened: list[str] = []
    looks: Counter[str] = Counter()
    reopened = 0
    for closing, written in _TAG.findall(html):
        name = written.lower()
        if closing:
            looks[name] -= 1 if looks[name] else 0
            _close(opened, name)
            continue
        reopened += looks.total() if name in _OPENS_AGAIN else 0
        if name in _REOPENED:
            looks[name] += 1
        if name not in _UNCLOSED:
            opened.append(name)
        if len(opened) > _DEEPEST or reopened > _MOST_REOPENED:
            return True
    return False


def _close(opened: list[str], name: str) -> None:
    """Close the last element of that name, and all in it, unless a table's cell stands between."""
    for at in range(len(opened) - 1, -1, -1):
        if opened[at] == name:
            del opened[at:]
            return
        if opened[at] in _WALLS and name not in _WALLS:
            return


def _words_alone(html: str) -> HtmlElement | None:
    """Return an element of the words between the tags, None where there are none."""
    words = re.sub(r"<[^<>]*>", " ", re.sub(r"(?is)<(script|style)\b.*?(?:</\1|$)", " ", html))
    element: HtmlElement = lxml.html.Element("div")
    element.text = clean(unescape(words))
    return element if element.text.strip() else None


def _drop_forms(root: HtmlElement) -> None:
    """Drop boxes to subscribe, search and comment; a form around the whole page is only how it was made."""
    whole = len(root.text_content())
    for form in list(root.iter("form")):
        own = len(form.text_content())
        if form is not root and own * 2 < whole:
            drop(form)
            whole -= own


def drop(element: HtmlElement) -> None:
    """Take an element out of the story; the words after the element stay.

    The element stays as an empty, hidden one: to remove many from a row takes time by the square of their number.
    """
    element.clear(keep_tail=True)
    element.tag = "span"
    element.set("hidden", "")


def show_without_scripts(root: HtmlElement) -> None:
    """Let a page's words for readers without scripts stay, where they say more than all the others."""
    found = [each for each in root.iter("span") if NOSCRIPT in each.attrib]
    if not found:
        return
    whole = len(root.text_content())
    for element in found:
        own = element.text_content()
        others = whole - len(own)
        if (
            others < len(own)
            and (len(own) >= _LEAST_WORDS or not others)
            and not _ABOUT_SCRIPTS.search(own[:200])
        ):
            del element.attrib[NOSCRIPT]


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
    """Yield the wanted descendants, none inside another wanted one or inside a tag of `stop`."""
    for child in element:
        if wanted(child):
            yield child
        elif str(child.tag) not in stop:
            yield from outermost(child, wanted, stop=stop)


def is_last(element: HtmlElement, box: HtmlElement) -> bool:
    """Return whether the element is followed by no words inside the box."""
    at: HtmlElement | None = element
    while at is not None and at is not box:
        after = list(islice(at.itersiblings(), _MOST_EMPTY + 1))
        if (
            (at.tail or "").strip()
            or len(after) > _MOST_EMPTY
            or any(each.text_content().strip() for each in after)
        ):
            return False
        at = at.getparent()
    return True


def is_caption(element: HtmlElement) -> bool:
    """Return whether the element is a figure's caption."""
    return element.tag == "figcaption" or bool(_CAPTION.search(element.get("class", "")))


def is_credit(element: HtmlElement) -> bool:
    """Return whether the element, inside a caption, names the figure's author or owner."""
    named = element.get("itemprop", "") in ("copyrightHolder", "creditText", "author")
    return element.tag in ("cite", "small") or named or bool(_CREDIT.search(element.get("class", "")))
