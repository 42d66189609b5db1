"""Text as Telegram sees it: stretches of characters, each under a stack of tags.

Every classic message is made of spans: HTML is read leniently, measured and cut as spans, and written as
HTML that Telegram's parser takes, whatever a template or a feed had in it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

TAGS = frozenset({"a", "b", "i", "u", "s", "code", "pre", "blockquote", "tg-spoiler", "tg-time", "tg-emoji"})
SYNONYMS = {"strong": "b", "em": "i", "ins": "u", "strike": "s", "del": "s"}
_ATTRIBUTES = {
    "a": ("href",),
    "blockquote": ("expandable",),
    "code": ("class",),
    "tg-time": ("unix", "format"),
    "tg-emoji": ("emoji-id",),
}
TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)/?>|<!--(?:(?!<!--).)*?-->", re.DOTALL)
ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?""")
# TDLib's clean_input_string (td/telegram/misc.cpp) does the same to every text it is given.
_DROPPED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_BLANKED = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
_EMPTY_LINES = re.compile(r"(?<![ \t])[ \t]*+\n(?:[ \t]*+\n)++")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Tag:
    """An open tag. `attributes` are (name, value); no two openings are the same tag (`serial`)."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    serial: int = 0

    def opening(self) -> str:
        """Return the opening tag as HTML."""
        said = "".join(f' {key}="{quoted(value)}"' if value else f" {key}" for key, value in self.attributes)
        return f"<{self.name}{said}>"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters under the same tags, outermost first."""

    text: str
    tags: tuple[Tag, ...] = ()


Spans = tuple[Span, ...]


def clean(text: str) -> str:
    """Return the text without the characters that Telegram drops: controls, line separators, bidi overrides."""
    return _SURROGATE.sub("\ufffd", _BLANKED.sub(" ", _DROPPED.sub("", text)))


def escape(text: str) -> str:
    """Return the text for use between tags: `&`, `<` and `>` escaped, as the Bot API asks."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def written(markup: str) -> Markup:
    """Return HTML that was made safe before, as templates take it without escaping it again."""
    return Markup(markup)


def quoted(value: str) -> str:
    """Return the text for use in an attribute between double quotes."""
    return escape(value).replace('"', "&quot;")


def unknown_tags(markup: str) -> list[str]:
    """Return the names, in order, of the markup's tags that Telegram's classic HTML doesn't have."""
    names = [match[2].lower() for match in TOKEN.finditer(markup) if match[2]]
    return sorted({name for name in names if SYNONYMS.get(name, name) not in TAGS})


def read(markup: str) -> Spans:
    """Return the spans of classic HTML. Unknown tags are dropped; a tag left open ends with the text."""
    found: list[Span] = []
    stack: list[Tag] = []
    at = 0
    for serial, token in enumerate(TOKEN.finditer(markup), 1):
        found += _span(markup[at : token.start()], stack)
        at = token.end()
        name = SYNONYMS.get((token[2] or "").lower(), (token[2] or "").lower())
        if name not in TAGS:
            continue
        if token[1]:
            _close(stack, name)
        else:
            stack.append(Tag(name, _attributes(name, token[3]), serial))
    found += _span(markup[at:], stack)
    return tuple(found)


def _span(raw: str, stack: list[Tag]) -> list[Span]:
    text = clean(html.unescape(raw))
    return [Span(text, tuple(stack))] if text else []


def _close(stack: list[Tag], name: str) -> None:
    for at in range(len(stack) - 1, -1, -1):
        if stack[at].name == name:
            del stack[at:]
            return


def _attributes(name: str, raw: str) -> tuple[tuple[str, str], ...]:
    wanted = _ATTRIBUTES.get(name, ())
    return tuple(
        (match[1].lower(), clean(html.unescape(match[2] or match[3] or "")))
        for match in ATTRIBUTE.finditer(raw)
        if match[1].lower() in wanted
    )


def write(spans: Iterable[Span]) -> str:
    """Return the spans as classic HTML, every tag closed in its order."""
    parts: list[str] = []
    opened: tuple[Tag, ...] = ()
    for span in spans:
        parts += _step(opened, span.tags)
        parts.append(escape(span.text))
        opened = span.tags
    parts += _step(opened, ())
    return "".join(parts)


def _step(opened: tuple[Tag, ...], wanted: tuple[Tag, ...]) -> list[str]:
    shared = 0
    while shared < min(len(opened), len(wanted)) and opened[shared] == wanted[shared]:
        shared += 1
    closing = [f"</{tag.name}>" for tag in reversed(opened[shared:])]
    return closing + [tag.opening() for tag in wanted[shared:]]


def text_of(spans: Iterable[Span]) -> str:
    """Return the text of all spans, without tags."""
    return "".join(span.text for span in spans)


def part(spans: Spans, start: int, end: int) -> Spans:
    """Return the spans of the characters from `start` up to `end`."""
    found: list[Span] = []
    at = 0
    for span in spans:
        text = span.text[max(0, start - at) : max(0, end - at)]
        if text:
            found.append(Span(text, span.tags))
        at += len(span.text)
    return tuple(found)


def tidy(spans: Spans) -> Spans:
    """Return the spans without blanks at both ends, and with at most one empty line in a row.

    Telegram trims the end, and the start up to the first entity; doing it here keeps what was sent equal
    to what was meant. Preformatted text keeps its empty lines.
    """
    found: list[Span] = []
    tail = ""
    for span in spans:
        text = span.text if any(tag.name == "pre" for tag in span.tags) else _few_lines(tail, span.text)
        if text:
            found.append(Span(text, span.tags))
            tail = (tail + text)[-2:]
    whole = text_of(found)
    return part(tuple(found), len(whole) - len(whole.lstrip()), len(whole.rstrip()))


def _few_lines(tail: str, text: str) -> str:
    squeezed = _EMPTY_LINES.sub("\n\n", text)
    before = len(tail) - len(tail.rstrip("\n"))
    after = len(squeezed) - len(squeezed.lstrip("\n"))
    return squeezed[max(0, min(after, before + after - 2)) :]
