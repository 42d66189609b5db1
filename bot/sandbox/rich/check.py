"""Reads rich HTML as strictly as the Bot API describes it, counts, and refuses any mistake.

How Telegram words a mistake is not known: these words are ours, with the place in characters.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from bot.sandbox.calls.answers import bad_request
from bot.sandbox.rich import rules

MAX_TEXT = 32_768  # characters
MAX_BLOCKS = 500
MAX_DEPTH = 16
MAX_MEDIA = 50
MAX_COLUMNS = 20
MAX_ROW_BUTTONS = 8
MAX_DATA = 64  # bytes
_NAMED = re.compile(r"tg://(?:photo|video|document|audio)\?id=([A-Za-z0-9_-]{1,64})")
_PART_ONCE = frozenset({"figcaption", "caption", "summary", "cite"})


@dataclass(slots=True)
class _Open:
    tag: str
    children: list[str] = field(default_factory=list)
    loose: bool = False
    columns: int = 0
    text: bool = False


@dataclass(slots=True)
class Checked:
    """The content of a rich message: its paragraphs' texts, its media as (tag, source), and the counts."""

    paragraphs: list[str] = field(default_factory=lambda: [""])
    media: list[tuple[str, str]] = field(default_factory=list)
    blocks: int = 0
    characters: int = 0


class Checker:
    """Reads one rich HTML text. `media_ids` are the names of the media that came with it."""

    def __init__(self, text: str, media_ids: set[str]) -> None:
        self._text = text
        self._media_ids = media_ids
        self._stack = [_Open(rules.ROOT)]
        self._anchors: set[str] = set()
        self._wanted: set[str] = set()
        self._reaching: list[int] = []
        self._found = Checked()

    def run(self) -> Checked:
        """Return the text's content.

        Raises:
            Refusal: something in it is not allowed, or too much.
        """
        at = 0
        for token in rules.TAG.finditer(self._text):
            self._data(self._text[at : token.start()], at)
            self._tag(token)
            at = token.end()
        self._data(self._text[at:], at)
        if len(self._stack) > 1:
            _refuse(f'can\'t find end tag of "{self._stack[-1].tag}"')
        if self._wanted - self._anchors:
            _refuse(f'there is no anchor "{sorted(self._wanted - self._anchors)[0]}"')
        self._limits()
        return self._found

    def _limits(self) -> None:
        found = self._found
        for count, most, name in (
            (found.characters, MAX_TEXT, "RICH_MESSAGE_TOO_LONG"),
            (found.blocks, MAX_BLOCKS, "RICH_MESSAGE_BLOCKS_TOO_MUCH"),
            (len(found.media), MAX_MEDIA, "RICH_MESSAGE_MEDIA_TOO_MUCH"),
        ):
            if count > most:
                raise bad_request(name)

    def _data(self, raw: str, at: int) -> None:
        if not raw:
            return
        if (place := raw.find("<")) >= 0:
            _refuse(f"unclosed or malformed tag at {at + place}")
        if unknown := set(rules.REFERENCE.findall(raw)) - rules.REFERENCES:
            _refuse(f'unsupported entity "&{sorted(unknown)[0]};"')
        text = html.unescape(raw)
        parent = self._stack[-1]
        self._found.characters += len(text)
        self._found.paragraphs[-1] += text
        if not text.strip(" \t\r\n"):
            return
        if parent.tag in rules.TEXTLESS:
            _refuse(f'text directly in "{parent.tag}" at {at}')
        self._loose(parent)

    def _loose(self, parent: _Open) -> None:
        """Count text that stands in a block without a paragraph of its own."""
        parent.text = True
        if parent.tag in rules.FLOW and not parent.loose:
            parent.loose = True
            self._found.blocks += 1

    def _tag(self, token: re.Match[str]) -> None:
        tag = token[2].lower()
        if tag not in rules.TAGS:
            _refuse(f'unsupported start tag "{tag}"')
        if token[1]:
            self._end(tag)
            return
        self._place(tag)
        attributes = self._attributes(tag, token[3])
        self._count(tag, attributes)
        if len(self._stack) > MAX_DEPTH:
            raise bad_request("RICH_MESSAGE_DEPTH_EXCEEDED")
        if tag not in rules.VOID:
            self._stack.append(_Open(tag))
            if token[4]:
                self._end(tag)

    def _place(self, tag: str) -> None:
        parent = self._stack[-1]
        if tag not in rules.HOLDS.get(parent.tag, rules.STYLED_TEXT):
            inside = (
                "a paragraph" if parent.tag == "p" else f'"{parent.tag}"' if parent.tag else "the message"
            )
            _refuse(f'tag "{tag}" inside of {inside}')
        if tag in _PART_ONCE and tag in parent.children:
            _refuse(f'a second "{tag}" inside of "{parent.tag}"')
        if tag == "summary" and (parent.children or parent.text):
            _refuse('"summary" must come first')
        if parent.tag == "figure" and tag != "figcaption" and parent.children:
            _refuse('a "figure" holds one medium')
        parent.children.append(tag)
        if tag in rules.INLINE or tag == "tg-button":
            self._loose(parent)
        elif tag in rules.BLOCKS:
            parent.loose = False

    def _attributes(self, tag: str, raw: str) -> dict[str, str]:
        known = rules.ATTRIBUTES.get(tag, {})
        found: dict[str, str] = {}
        for name, value in attributes_of(raw):
            if name not in known or name in found:
                _refuse(f'attribute "{name}" of "{tag}"')
            if tag == "tg-button" and name == "type" and not re.fullmatch(known[name], value):
                _refuse(f'unsupported button type "{value}"')
            if not re.fullmatch(known[name], value):
                _refuse(f'value "{value}" of the attribute "{name}" of "{tag}"')
            found[name] = value
        if missing := [name for name in rules.NEEDED.get(tag, ()) if name not in found]:
            _refuse(f'"{tag}" lacks the attribute "{missing[0]}"')
        if found.get("type") == "callback_data" and not 1 <= len(found.get("data", "").encode()) <= MAX_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
        if tag == "a" and len(found) != 1:
            _refuse('"a" needs either "href" or "name"')
        if tag == "code" and found and self._stack[-1].tag != "pre":
            _refuse("only code in a preformatted block has a language")
        return found

    def _count(self, tag: str, attributes: dict[str, str]) -> None:
        found = self._found
        if tag in rules.COUNTED:
            found.blocks += 1
            found.paragraphs.append("")
        if tag in rules.MEDIA:
            self._medium(tag, attributes["src"])
        if "name" in attributes:
            self._anchors.add(attributes["name"])
        if attributes.get("href", "").startswith("#") and attributes["href"] != "#":
            self._wanted.add(attributes["href"][1:])
        if tag == "table":
            self._reaching = []
        elif tag == "tr":
            self._reaching = [left - 1 for left in self._reaching if left > 1]
            self._stack[-1].columns = len(self._reaching)
        elif tag in ("td", "th"):
            self._cell(int(attributes.get("colspan", 1)), int(attributes.get("rowspan", 1)))

    def _cell(self, columns: int, rows: int) -> None:
        table = self._stack[-2]
        table.columns += columns
        self._reaching += [rows] * columns if rows > 1 else []
        if table.columns > MAX_COLUMNS:
            raise bad_request("RICH_MESSAGE_TABLE_TOO_WIDE")

    def _medium(self, tag: str, source: str) -> None:
        named = _NAMED.fullmatch(source)
        if named and named[1] not in self._media_ids:
            _refuse(f'media "{named[1]}" not found')
        if not named and not re.fullmatch(r"https?://[^\s]+", source):
            _refuse("wrong media source specified")
        self._found.media.append((tag, source))

    def _end(self, tag: str) -> None:
        last = self._stack[-1]
        if last.tag != tag or tag in rules.VOID:
            _refuse(f'unexpected end tag "{tag}"')
        if tag in ("ul", "ol", "table", "tr", "tg-collage", "tg-slideshow", "figure") and not last.children:
            _refuse(f'"{tag}" is empty')
        if tag == "figure" and last.children == ["figcaption"]:
            _refuse('a "figure" holds one medium')
        if tag == "details" and "summary" not in last.children:
            _refuse('"details" needs a "summary"')
        if tag == "tg-button-row" and not 1 <= len(last.children) <= MAX_ROW_BUTTONS:
            _refuse("a row holds 1 to 8 buttons")
        self._stack.pop()


def attributes_of(raw: str) -> Iterator[tuple[str, str]]:
    """Yield the names and values of a tag's attributes, from the text behind the tag's name."""
    for match in rules.ATTRIBUTE.finditer(raw):
        yield match[1].lower(), html.unescape(match[2] or match[3] or match[4] or "")


def _refuse(what: str) -> NoReturn:
    raise bad_request(f"can't parse rich message: {what}")
