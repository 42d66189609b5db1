"""Undoes HTML that was escaped once too often, so that no reader meets `<p>` or `&nbsp;` as words.

A text that speaks of markup is left as it is: one tag alone, tags that stand as words, all that stands in code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape
from html.entities import html5

# A site's engine, the feed's and a bridge between them may each escape.
_MOST_TIMES = 3
_TAG = re.compile(r"(<[^<>]*>)")
_CODE = re.compile(r"<(/?)(?:pre|code|samp|kbd|textarea|tt)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp;)+(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31}\d{0,2});")
# Names that a text about HTML says too: between spaces they are its words.
_SPOKEN = {"lt", "gt", "quot", "nbsp"}
_ESCAPED = re.compile(r"&lt;(/?)([a-zA-Z][\w:-]{0,20})((?:(?!&[lg]t;)[^<>]){0,2000}?)/?\s?&gt;")
_COMMENT = re.compile(r"&lt;!--(?:(?!--)[^<>]){0,2000}--&gt;")
_BOXES = {
    "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "html", "iframe", "li", "main", "nav", "noscript", "ol", "p",
    "picture", "script", "section", "style", "svg", "table", "tbody", "td", "th", "thead", "tr", "ul", "video",
}  # fmt: skip
_INLINE = {
    "a", "abbr", "audio", "b", "big", "button", "cite", "code", "del", "em", "font", "i", "ins", "label", "mark",
    "nobr", "q", "s", "small", "source", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
}  # fmt: skip
_ALONE = {"br", "hr", "img", "input", "wbr"}
_KNOWN = _BOXES | _INLINE | _ALONE
# What stands around a tag that is a word of a sentence.
_BEFORE, _AFTER = " \n\t\u00a0«“„\"'([—–", " \n\t\u00a0»”“\"')],.;:!?—–"


def escaped(text: str) -> str:
    """Return plain text as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def said_plainly(html: str) -> str:
    """Return the HTML without the escapes that are too many; where there are none, the HTML itself."""
    for _ in range(_MOST_TIMES):
        before = html
        if "&amp;" in html:
            html = _with_words(html, lambda words: _ENTITY.sub(_entity, words))
        if "&lt;" in html and _is_markup(_words(html)):
            html = _with_words(html, lambda words: _ESCAPED.sub(_tag, _COMMENT.sub("", words)))
        if html == before:
            break
    return html


def _words(html: str) -> list[str]:
    found: list[str] = []

    def keep(words: str) -> str:
        found.append(words)
        return words

    _with_words(html, keep)
    return found


def _with_words(html: str, change: Callable[[str], str]) -> str:
    """Return the HTML with the words between its tags changed, those of code aside."""
    parts, depth = _TAG.split(html), 0
    for at, part in enumerate(parts):
        if at % 2 == 0:
            parts[at] = change(part) if part and not depth else part
        elif found := _CODE.match(part):
            depth = max(depth - 1, 0) if found[1] else depth + 1
    return "".join(parts)


def _entity(found: re.Match[str]) -> str:
    name = found[1]
    if not name.startswith("#") and f"{name};" not in html5:
        return found[0]
    before, after = _around(found)
    # What was escaped twice over is nobody's word.
    spoken = name in _SPOKEN and found[0].count("amp;") == 1 and not before.strip() and not after.strip()
    return found[0] if spoken else f"&{name};"


def _is_markup(words: Iterable[str]) -> bool:
    """Return whether the escaped tags in words would be markup: several that do not stand as words."""
    signs = 0
    for text in words:
        tags = [found for found in _ESCAPED.finditer(text) if found[2].lower() in _KNOWN]
        if not tags:
            continue
        opens = tags[0][2].lower() in _BOXES and not tags[0][1] and not text[: tags[0].start()].strip()
        closes = bool(tags[-1][1]) and not text[tags[-1].end() :].strip()
        if opens and (closes or text[tags[0].end() :][:1].isalnum()):
            return True
        signs += sum(_sign(found) for found in tags)
    return signs > 1


def _sign(found: re.Match[str]) -> int:
    """Return how surely an escaped tag is markup: 0 for a word, 2 for what needs no second tag."""
    name = found[2].lower()
    before, after = _around(found)
    spoken = before in _BEFORE and after in _AFTER and "=" not in found[3]
    if spoken:
        return int(name == "br")
    return 2 if name in _ALONE else 1


def _around(found: re.Match[str]) -> tuple[str, str]:
    """Return the characters before and after what was found, empty at the ends."""
    text, at, end = found.string, found.start(), found.end()
    return text[max(at - 1, 0) : at], text[end : end + 1]


def _tag(found: re.Match[str]) -> str:
    name = found[2].lower()
    return f"<{found[1]}{name}{unescape(found[3])}>" if name in _KNOWN or ":" in name else found[0]
