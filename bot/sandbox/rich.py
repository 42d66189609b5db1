"""Rich messages: checked for their tags and limits, kept as they were given.

The tags and limits are the Bot API's; how it words a mistake is not known, so these words are ours. The
Message carries the given `html` or `markdown` and `media` beside a rough rendering in `blocks`.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from bot.sandbox.answers import Json, bad_request

MAX_TEXT = 32_768  # characters
MAX_BLOCKS = 500
MAX_DEPTH = 16
MAX_MEDIA = 50
MAX_COLUMNS = 20

_INLINE_WORDS = (
    "b strong i em u ins s strike del code mark sub sup tg-spoiler a tg-reference tg-emoji tg-time "
    "tg-math tg-button br cite"
)
_INLINE = frozenset(_INLINE_WORDS.split())
_BLOCKS_WORDS = (
    "h1 h2 h3 h4 h5 h6 p pre footer hr ul ol li blockquote aside table tr details figure tg-map "
    "tg-math-block tg-button-row tg-collage tg-slideshow img video audio tg-document"
)
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_PARTS_WORDS = "caption thead tbody th td summary figcaption input"
_PARTS = frozenset(_PARTS_WORDS.split())
_MEDIA = frozenset({"img", "video", "audio", "tg-document"})
_VOID = frozenset({"br", "hr", "img", "input"})
_IMPLIED = {"p": {"p"}, "li": {"li"}, "tr": {"tr", "td", "th"}, "td": {"td", "th"}, "th": {"td", "th"}}
_NAMED = re.compile(r"tg://(?:photo|video|document|audio)\?id=([A-Za-z0-9_-]{1,64})\Z")
_MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_BUTTONS_WORDS = (
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text disabled"
)
_BUTTONS = frozenset(_BUTTONS_WORDS.split())
_MAX_DATA = 64  # bytes
_REFERENCE = re.compile(r"&([a-zA-Z]+);")
_REFERENCES_WORDS = "lt gt amp quot apos nbsp hellip mdash ndash lsquo rsquo ldquo rdquo"
_REFERENCES = frozenset(_REFERENCES_WORDS.split())


class _Checker(HTMLParser):
    """Walks rich HTML, counts, and refuses what is not allowed."""

    def __init__(self, media_ids: set[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.media_ids = media_ids
        self.opened: list[str] = []
        self.blocks = self.media = self.characters = self.columns = 0
        self.paragraphs: list[str] = [""]
        self.callback_data: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE | _BLOCKS | _PARTS:
            raise bad_request(f'can\'t parse rich message: unsupported start tag "{tag}"')
        while self.opened and self.opened[-1] in _IMPLIED.get(tag, ()):
            self.opened.pop()
        if tag in _BLOCKS:
            self.blocks += 1
            self.paragraphs.append("")
        if tag in _MEDIA:
            self._count_media(tag, dict(attrs).get("src") or "")
        if tag == "tg-button":
            self._take_button(dict(attrs))
        self.columns = {"tr": 0, "td": self.columns + 1, "th": self.columns + 1}.get(tag, self.columns)
        if self.columns > MAX_COLUMNS:
            raise bad_request("RICH_MESSAGE_TABLE_TOO_WIDE")
        if tag not in _VOID:
            self.opened.append(tag)
        if len(self.opened) > MAX_DEPTH:
            raise bad_request("RICH_MESSAGE_DEPTH_EXCEEDED")

    def _count_media(self, tag: str, source: str) -> None:
        if "p" in self.opened:
            raise bad_request(f'can\'t parse rich message: tag "{tag}" inside of a paragraph')
        named = _NAMED.match(source)
        if named and named[1] not in self.media_ids:
            raise bad_request(f'can\'t parse rich message: media "{named[1]}" not found')
        if not named and not source.startswith(("http://", "https://")):
            raise bad_request("can't parse rich message: wrong media source specified")
        self.media += 1

    def _take_button(self, attributes: dict[str, str | None]) -> None:
        kind, data = attributes.get("type") or "", attributes.get("data") or ""
        if kind not in _BUTTONS:
            raise bad_request(f'can\'t parse rich message: unsupported button type "{kind}"')
        if kind == "callback_data":
            if not 1 <= len(data.encode()) <= _MAX_DATA:
                raise bad_request("BUTTON_DATA_INVALID")
            self.callback_data.add(data)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.opened and self.opened[-1] != tag and self.opened[-1] in _IMPLIED:
            self.opened.pop()
        if not self.opened or self.opened[-1] != tag:
            raise bad_request(f'can\'t parse rich message: unexpected end tag "{tag}"')
        self.opened.pop()

    def handle_data(self, data: str) -> None:
        self.characters += len(data)
        self.paragraphs[-1] += data


def callback_data(rich: Json) -> set[str]:
    """Return the data of the callback buttons inside a rich message that was taken."""
    checker = _Checker({str(item["id"]) for item in rich.get("media", ())})
    checker.feed(str(rich.get("html", "")))
    return checker.callback_data


def read_rich(given: Json) -> Json:
    """Return the RichMessage of an InputRichMessage.

    Raises:
        Refusal: it has not exactly one kind of content, a tag that does not exist, or too much of something.
    """
    kinds = [name for name in ("html", "markdown", "blocks") if given.get(name)]
    if len(kinds) != 1:
        raise bad_request("exactly one of html, markdown and blocks must be specified in a rich message")
    media = given.get("media") or []
    if not isinstance(media, list):
        raise bad_request("expected an Array of InputRichMessageMedia")
    ids = {str(item.get("id")) for item in media if isinstance(item, dict)}
    if len(ids) != len(media) or not all(map(_MEDIA_ID.match, ids)):
        raise bad_request("wrong identifiers of rich message media specified")
    blocks = given["blocks"] if kinds == ["blocks"] else _blocks(kinds[0], str(given[kinds[0]]), ids)
    kept = {name: given[name] for name in ("html", "markdown", "media", "is_rtl") if given.get(name)}
    return {"blocks": blocks, **kept}


def _blocks(kind: str, text: str, media_ids: set[str]) -> list[Json]:
    if kind == "markdown":
        _check_counts(len(text), 0, 0)
        return _paragraphs(text.split("\n\n"))
    unknown = set(_REFERENCE.findall(text)) - _REFERENCES
    if unknown:
        raise bad_request(f'can\'t parse rich message: unsupported entity "&{sorted(unknown)[0]};"')
    checker = _Checker(media_ids)
    checker.feed(text)
    checker.close()
    open_tags = [tag for tag in checker.opened if tag not in _IMPLIED]
    if open_tags:
        raise bad_request(f"can't parse rich message: can't find end tag of \"{open_tags[-1]}\"")
    _check_counts(checker.characters, checker.blocks, checker.media)
    paragraphs = _paragraphs(checker.paragraphs)
    if not paragraphs and not checker.media:
        raise bad_request("rich message must be non-empty")
    return paragraphs


def _check_counts(characters: int, blocks: int, media: int) -> None:
    if characters > MAX_TEXT:
        raise bad_request("RICH_MESSAGE_TOO_LONG")
    if blocks > MAX_BLOCKS:
        raise bad_request("RICH_MESSAGE_BLOCKS_TOO_MUCH")
    if media > MAX_MEDIA:
        raise bad_request("RICH_MESSAGE_MEDIA_TOO_MUCH")


def _paragraphs(texts: list[str]) -> list[Json]:
    return [{"type": "paragraph", "text": text.strip()} for text in texts if text.strip()]
