"""The tags of rich HTML: what each tag may hold, and its attributes with the values they may have.

The tags are those of the Bot API's «Rich HTML style»; what a tag may hold follows from the types that the
tag stands for (InputRichBlock…): a paragraph, heading, cell or caption holds text alone, a quotation, list item or
details hold blocks. The limits are TDLib's (OptionManager.cpp).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.model.press import CALLBACK_BYTES
from bot.rendering.text.links import address_of, safe_url

DEEPEST = 16
COLUMNS = 20
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_INLINE_WORDS = "b i u s code mark sub sup tg-spoiler a tg-reference tg-emoji tg-time tg-button cite br"
INLINE = frozenset(_INLINE_WORDS.split())
MEDIA = frozenset({"img", "video", "audio", "tg-document"})
TEXTUAL = frozenset({*_HEADINGS, "p", "pre", "footer", "aside"})
_STRUCTURE_WORDS = "ul ol li blockquote table tr details figure tg-collage tg-slideshow tg-map hr"
BLOCKS = TEXTUAL | MEDIA | frozenset(_STRUCTURE_WORDS.split())
PARTS = frozenset({"td", "th", "caption", "summary", "figcaption"})
TAGS = INLINE | BLOCKS | PARTS
VOID = frozenset({"br", "hr", "img", "tg-map"})
FLOW = frozenset({"", "blockquote", "li", "details"})
HOLDS = {
    "ul": {"li"},
    "ol": {"li"},
    "table": {"caption", "tr"},
    "tr": {"td", "th"},
    "figure": {*MEDIA, "tg-map", "figcaption"},
    "tg-collage": {"img", "video", "figcaption"},
    "tg-slideshow": {"img", "video", "figcaption"},
}
_MEDIA_SOURCE = re.compile(r"tg://(?:photo|video|audio|document)\?id=[A-Za-z0-9_-]{1,64}")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def _link(value: str) -> str | None:
    if value.startswith("#"):
        # Without a name it leads to the top of the message.
        return value if value == "#" or _NAME.fullmatch(value[1:]) else None
    if address_of(value):
        return None if re.search(r"[\s<>\"]", value) else value
    return safe_url(value)


def _source(value: str) -> str | None:
    return value if _MEDIA_SOURCE.fullmatch(value) else safe_url(value)


def _number(low: int, high: int) -> Callable[[str], str | None]:
    return lambda value: value if re.fullmatch(r"-?\d{1,10}", value) and low <= int(value) <= high else None


def _like(pattern: str) -> Callable[[str], str | None]:
    return lambda value: value if re.fullmatch(pattern, value) else None


def _flag(_value: str) -> str:
    return ""


_SPAN = _number(1, COLUMNS)
_CELL = {
    "colspan": _SPAN,
    "rowspan": _number(1, 500),
    "align": _like("left|center|right"),
    "valign": _like("top|middle|bottom"),
}
_DEGREES = _like(r"-?\d{1,3}(?:\.\d{1,8})?")
ATTRIBUTES: dict[str, dict[str, Callable[[str], str | None]]] = {
    "a": {"href": _link, "name": _like(_NAME.pattern)},
    "tg-reference": {"name": _like(_NAME.pattern)},
    "tg-emoji": {"emoji-id": _like(r"\d{1,20}")},
    "tg-time": {"unix": _number(1, 2**31 - 1), "format": _like(r"r|w?[dD]?[tT]?")},
    "tg-button": {
        "type": _like("callback_data"),
        "style": _like("link|primary|success|danger"),
        "data": lambda value: value if 1 <= len(value.encode()) <= CALLBACK_BYTES else None,
    },
    "code": {"class": _like(r"language-[\w+#.-]{1,40}")},
    "blockquote": {"expandable": _flag},
    "details": {"open": _flag},
    "ol": {"start": _number(-(10**9), 10**9), "type": _like("[1aAiI]"), "reversed": _flag},
    "li": {"value": _number(-(10**9), 10**9), "type": _like("[1aAiI]")},
    "table": {"bordered": _flag, "striped": _flag, "compact": _flag},
    "td": _CELL,
    "th": _CELL,
    "img": {"src": _source, "tg-spoiler": _flag},
    "video": {"src": _source, "tg-spoiler": _flag},
    "audio": {"src": _source},
    "tg-document": {"src": _source},
    "tg-map": {"lat": _DEGREES, "long": _DEGREES, "zoom": _number(0, 24)},
}
NEEDED = {
    "tg-reference": "name",
    "tg-emoji": "emoji-id",
    "tg-time": "unix",
    "tg-button": "data",
    "tg-map": "lat",
    **dict.fromkeys(MEDIA, "src"),
}
