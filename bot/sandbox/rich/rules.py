"""The rules of rich HTML: which tag may stand in which, with which attributes.

The tags and attributes are those that the Bot API lists under «Rich HTML style»; what holds what follows from
its types (a RichBlockParagraph has a text, a RichBlockBlockQuotation has blocks).
"""

from __future__ import annotations

import re

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_STYLED = (
    "b strong i em u ins s strike del code mark sub sup tg-spoiler a tg-reference tg-emoji tg-time tg-math"
)
INLINE = frozenset(_STYLED.split())
MEDIA = frozenset({"img", "video", "audio", "tg-document"})
_CONTAINERS = "ul ol blockquote table details figure tg-collage tg-slideshow tg-button-row"
_WHOLE = "p pre footer hr aside tg-map tg-math-block"
BLOCKS = frozenset({*HEADINGS, *MEDIA, *_CONTAINERS.split(), *_WHOLE.split()})
COUNTED = BLOCKS | {"li", "tr"}
VOID = frozenset({"hr", "br", "img", "input", "tg-map"})
ROOT = ""
FLOW = frozenset({ROOT, "li", "details", "blockquote"})
"""Tags that hold blocks, and text between them."""

STYLED_TEXT = INLINE | {"tg-button"}
HOLDS: dict[str, frozenset[str]] = {
    ROOT: BLOCKS | STYLED_TEXT,
    "li": BLOCKS | STYLED_TEXT | {"input"},
    "details": BLOCKS | STYLED_TEXT | {"summary"},
    "blockquote": BLOCKS | STYLED_TEXT | {"cite", "br"},
    "aside": STYLED_TEXT | {"cite"},
    "figcaption": STYLED_TEXT | {"cite"},
    "pre": frozenset({"code"}),
    "ul": frozenset({"li"}),
    "ol": frozenset({"li"}),
    "table": frozenset({"caption", "tr"}),
    "tr": frozenset({"td", "th"}),
    "figure": MEDIA | {"tg-map", "figcaption"},
    "tg-collage": MEDIA | {"figcaption"},
    "tg-slideshow": MEDIA | {"figcaption"},
    "tg-button-row": frozenset({"tg-button"}),
    "tg-button": frozenset({"tg-time", "tg-emoji"}),
    "code": frozenset(),
    "tg-math": frozenset(),
    "tg-math-block": frozenset(),
    **dict.fromkeys(MEDIA, frozenset[str]()),
}
"""The tags that may stand in a tag; a tag that is not named here holds text with its styles."""

TEXTLESS = frozenset(
    {"ul", "ol", "table", "tr", "figure", "tg-collage", "tg-slideshow", "tg-button-row", *MEDIA}
)
"""Tags inside which only blanks may stand between tags."""

_NUMBER = r"-?\d{1,9}"
_FLAG = r""
_NAME = r"[A-Za-z0-9_-]{1,64}"
_CELL = {
    "colspan": r"[1-9]\d?",
    "rowspan": r"[1-9]\d{0,2}",
    "align": "left|center|right",
    "valign": "top|middle|bottom",
}
_DEGREES = r"-?\d{1,3}(?:\.\d+)?"
_ANY = r"[^\x00-\x1f]*"
ATTRIBUTES: dict[str, dict[str, str]] = {
    "a": {"href": r"(?:https?://|mailto:|tel:|tg://user\?id=)[^\s]+|#[^\s]*", "name": _NAME},
    "tg-reference": {"name": _NAME},
    "tg-emoji": {"emoji-id": r"\d{1,20}"},
    "tg-time": {"unix": r"[1-9]\d{0,9}", "format": r"r|w?[dD]?[tT]?"},
    "code": {"class": r"language-\S+"},
    "blockquote": {"expandable": _FLAG},
    "details": {"open": _FLAG},
    "ol": {"start": _NUMBER, "type": "[1aAiI]", "reversed": _FLAG},
    "li": {"value": _NUMBER, "type": "[1aAiI]"},
    "input": {"type": "checkbox", "checked": _FLAG},
    "table": {"bordered": _FLAG, "striped": _FLAG, "compact": _FLAG},
    "td": _CELL,
    "th": _CELL,
    "img": {"src": _ANY, "tg-spoiler": _FLAG},
    "video": {"src": _ANY, "tg-spoiler": _FLAG},
    "audio": {"src": _ANY},
    "tg-document": {"src": _ANY},
    "tg-map": {"lat": _DEGREES, "long": _DEGREES, "zoom": r"1?\d|2[0-4]"},
    "tg-button-row": {"align": "left|center|right"},
    "tg-button": {
        "type": "url|callback_data|web_app|login_url|switch_inline_query|switch_inline_query_current_chat"
        "|switch_inline_query_chosen_chat|copy_text|disabled",
        "style": "danger|success|primary|link",
        "url": r"(?:https?|tg)://\S+",
        "data": _ANY,
        "query": _ANY,
        "text": _ANY,
        "forward-text": _ANY,
        **dict.fromkeys(
            (
                "request-write-access",
                "allow-user-chats",
                "allow-bot-chats",
                "allow-group-chats",
                "allow-channel-chats",
            ),
            _FLAG,
        ),
    },
}
NEEDED = {
    "tg-reference": ("name",),
    "tg-emoji": ("emoji-id",),
    "tg-time": ("unix",),
    "tg-map": ("lat", "long"),
    "input": ("type",),
    "tg-button": ("type",),
    **dict.fromkeys(MEDIA, ("src",)),
}
TAGS = frozenset(
    STYLED_TEXT | COUNTED | {"td", "th", "caption", "summary", "figcaption", "cite", "br", "input"}
)
TAG = re.compile(
    r"""<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s"'<>=]+))?)*)\s*(/?)>"""
)
ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=]+)))?""")
REFERENCE = re.compile(r"&([a-zA-Z][a-zA-Z0-9]*);")
_REFERENCES_WORDS = "lt gt amp quot apos nbsp hellip mdash ndash lsquo rsquo ldquo rdquo"
REFERENCES = frozenset(_REFERENCES_WORDS.split())
