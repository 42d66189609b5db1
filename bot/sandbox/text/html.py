"""The HTML parse mode, for where TDLib's own parser is not installed.

What is accepted and how each mistake is worded was taken from TDLib's; a test holds the two equal. Like
there, everything is done on bytes, because errors give byte offsets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.sandbox.calls.answers import Json
from bot.sandbox.text.entities import ordered
from bot.sandbox.text.links import checked_link, mentioned_user

_STYLES = {
    b"b": "bold",
    b"strong": "bold",
    b"i": "italic",
    b"em": "italic",
    b"u": "underline",
    b"ins": "underline",
    b"s": "strikethrough",
    b"strike": "strikethrough",
    b"del": "strikethrough",
    b"span": "spoiler",
    b"tg-spoiler": "spoiler",
}
TAGS = frozenset(_STYLES) | {b"a", b"code", b"pre", b"blockquote", b"tg-emoji", b"tg-time"}
_REFERENCE = re.compile(rb"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([a-zA-Z]*))")
_NAMED = {b"lt": 60, b"gt": 62, b"amp": 38, b"quot": 34}
_TAG_NAME = re.compile(rb"[^ \t\r\n\v\0>]*")
_SPACE = re.compile(rb"[ \t\r\n\v]*")
_ATTRIBUTE = re.compile(rb"""[^ \t\r\n\v\0=>/"']*""")
_TOKEN = re.compile(rb"[A-Za-z0-9.\-]*")
_PLAIN = re.compile(rb"[^<&]+")
_TIME_FORMAT = re.compile(r"(?:r|w?[dD]?[tT]?)\Z")
_LEADING_NUMBER = re.compile(rb"-?[0-9]*")
_END = b"\0"
_INVALID = (
    "Text contains invalid Unicode characters after decoding HTML entities, "
    "check for unmatched surrogate code units"
)


class MarkupError(ValueError):
    """The markup can't be parsed; the text is TDLib's, without the prefix that the server adds."""


@dataclass(slots=True)
class _Open:
    """A start tag that waits for its end."""

    tag: bytes
    attributes: dict[bytes, bytes]
    utf16: int
    start: int


@dataclass(slots=True)
class _Parser:
    source: bytes  # ends with a zero byte, so that looking one ahead is always allowed
    at: int = 0
    text: bytearray = field(default_factory=bytearray)
    utf16: int = 0
    opened: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def run(self) -> tuple[str, list[Json]]:
        end = len(self.source) - 1
        while self.at < end:
            if plain := _PLAIN.match(self.source, self.at, end):
                self._append(plain[0])
                self.at = plain.end()
            elif self.source[self.at] == ord("&"):
                self._append(self._reference() or self._take(1))
            elif self.source[self.at + 1 : self.at + 2] == b"/":
                self._end_tag()
            else:
                self._start_tag()
        if self.opened:
            tag = self.opened[-1].tag
            raise MarkupError(f"Can't find end tag corresponding to start tag {_quoted(tag)}")
        try:
            text = self.text.decode()
        except UnicodeDecodeError:
            raise MarkupError(_INVALID) from None
        return text, ordered(self.entities)

    def _append(self, piece: bytes) -> None:
        self.text += piece
        self.utf16 += sum((c & 0xC0 != 0x80) + (c >= 0xF0) for c in piece)

    def _take(self, count: int) -> bytes:
        piece = self.source[self.at : self.at + count]
        self.at += count
        return piece

    def _peek(self) -> bytes:
        return self.source[self.at : self.at + 1]

    def _skip_space(self) -> None:
        self.at = _SPACE.match(self.source, self.at).end()  # type: ignore[union-attr]

    def _match(self, pattern: re.Pattern[bytes]) -> bytes:
        found = pattern.match(self.source, self.at)
        assert found is not None
        self.at = found.end()
        return found[0]

    def _reference(self) -> bytes:
        """Take a character reference and return its character; take nothing where it is none."""
        found = _REFERENCE.match(self.source, self.at)
        assert found is not None
        hexadecimal, decimal, name = found.groups()
        if name is not None:
            code = _NAMED.get(name, 0)
        else:
            digits, base = (hexadecimal, 16) if decimal is None else (decimal, 10)
            code = int(digits or b"0", base)
            if code >= 0x10FFFF or len(found[0]) >= 10:
                code = 0
        if not code:
            return b""
        self.at = found.end()
        if self._peek() == b";":
            self.at += 1
        return chr(code).encode("utf-8", "surrogatepass")

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._match(_TAG_NAME).lower()
        if self._peek() == _END:
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")
        if tag not in TAGS:
            raise MarkupError(f"Unsupported start tag {_quoted(tag)} at byte offset {begin}")
        attributes: dict[bytes, bytes] = {}
        while self._peek() != b">":
            self._skip_space()
            if self._peek() != b">":
                self._attribute(tag, begin, attributes)
        self.at += 1
        if tag == b"span" and attributes.get(b"class") != b"tg-spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.opened.append(_Open(tag, attributes, self.utf16, len(self.text)))

    def _attribute(self, tag: bytes, begin: int, attributes: dict[bytes, bytes]) -> None:
        unclosed = MarkupError(f"Unclosed start tag {_quoted(tag)} at byte offset {begin}")
        name = self._match(_ATTRIBUTE)
        if not name:
            raise MarkupError(f"Empty attribute name in the tag {_quoted(tag)} at byte offset {begin}")
        self._skip_space()
        if self._peek() != b"=":
            if self._peek() == _END:
                raise unclosed
            attributes.setdefault(name, b"")
            return
        self.at += 1
        self._skip_space()
        if self._peek() == _END:
            raise unclosed
        value = self._string() if self._peek() in (b"'", b'"') else self._token()
        if self._peek() == _END:
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")
        # Only a class with the right prefix counts, so a later one of another kind changes nothing.
        if name != b"class" or value.startswith(b"language-" if tag == b"code" else b"tg-"):
            attributes[name] = value

    def _token(self) -> bytes:
        start = self.at
        value = self._match(_TOKEN).lower()
        if self._peek() not in (b" ", b"\t", b"\r", b"\n", b"\v", _END, b">"):
            raise MarkupError(f"Unexpected end of name token at byte offset {start}")
        return value

    def _string(self) -> bytes:
        quote = self._take(1)
        value = bytearray()
        while self._peek() not in (quote, _END):
            decoded = self._reference() if self._peek() == b"&" else b""
            value += decoded or self._take(1)
        if self._peek() == quote:
            self.at += 1
        return bytes(value)

    def _end_tag(self) -> None:
        begin = self.at
        if not self.opened:
            raise MarkupError(f"Unexpected end tag at byte offset {begin}")
        self.at += 2
        tag = self._match(_TAG_NAME).lower()
        self._skip_space()
        if self._peek() != b">":
            raise MarkupError(f"Unclosed end tag at byte offset {begin}")
        expected = self.opened[-1].tag
        if tag and tag != expected:
            names = f'expected "</{_shown(expected)}>", found "</{_shown(tag)}>"'
            raise MarkupError(f"Unmatched end tag at byte offset {begin}, {names}")
        self.at += 1
        opened = self.opened.pop()
        if self.utf16 > opened.utf16:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        place: Json = {"offset": opened.utf16, "length": self.utf16 - opened.utf16}
        last = self.entities[-1] if self.entities else None
        same = last if last and all(last[k] == v for k, v in place.items()) else None
        language = _shown(opened.attributes.get(b"class", b"")).removeprefix("language-")
        if opened.tag == b"pre" and same and same["type"] == "code" and same.get("_language"):
            same["type"], same["language"] = "pre", same.pop("_language")
        elif opened.tag == b"code" and same and same["type"] == "pre" and language and "language" not in same:
            same["language"] = language
        elif (kind := self._kind(opened, language)) is not None:
            self.entities.append({**place, **kind})

    def _kind(self, opened: _Open, language: str) -> Json | None:
        tag, attributes = opened.tag, opened.attributes
        if tag in _STYLES:
            return {"type": _STYLES[tag]}
        if tag == b"pre":
            return {"type": "pre"}
        if tag == b"code":
            return {"type": "code", "_language": language}
        if tag == b"blockquote":
            return {"type": "expandable_blockquote" if b"expandable" in attributes else "blockquote"}
        if tag == b"tg-emoji":
            return _custom_emoji(attributes.get(b"emoji-id", b""))
        if tag == b"tg-time":
            return _date_time(attributes.get(b"unix", b""), _shown(attributes.get(b"format", b"")))
        return _link(attributes.get(b"href") or bytes(self.text[opened.start :]))


def _shown(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _quoted(raw: bytes) -> str:
    return f'"{_shown(raw)}"'


def _custom_emoji(raw: bytes) -> Json:
    try:
        number = int(raw) if re.fullmatch(rb"-?[0-9]+", raw) else 0
    except ValueError:
        number = 0
    if not number or not -(1 << 63) <= number < 1 << 63:
        raise MarkupError("Invalid custom emoji identifier specified")
    return {"type": "custom_emoji", "custom_emoji_id": str(number)}


def _date_time(unix: bytes, form: str) -> Json | None:
    if not _TIME_FORMAT.match(form):
        raise MarkupError("Invalid date format used")
    digits = _LEADING_NUMBER.match(unix)
    seconds = int(digits[0]) if digits and digits[0] not in (b"", b"-") else 0
    if seconds <= 0:
        return None
    return {"type": "date_time", "unix_time": seconds, **({"date_time_format": form} if form else {})}


def _link(href: bytes) -> Json | None:
    if user_id := mentioned_user(href):
        return {"type": "text_mention", "_user_id": user_id}
    url = checked_link(href)
    return {"type": "text_link", "url": _shown(url)} if url else None


def parse_html(markup: str) -> tuple[str, list[Json]]:
    """Return the text and its entities (offsets and lengths in UTF-16 units), unfixed as TDLib's are.

    A mention carries `_user_id` for whoever knows the people.

    Raises:
        MarkupError: the markup is wrong, in the words that TDLib has for it.
    """
    text, entities = _Parser(markup.encode("utf-8", "surrogatepass") + _END).run()
    for entity in entities:
        entity.pop("_language", None)
    return text, entities
