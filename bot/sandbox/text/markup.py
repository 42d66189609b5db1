"""Parses markup with TDLib where it is installed, else with a parser of our own (HTML only).

TDLib comes in the package `tdjson` (about 50 MB, loaded at the first markup that is parsed). Its
`parseTextEntities` needs no client and no network.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol, cast

import orjson

from bot.sandbox.calls.answers import Json, bad_request
from bot.sandbox.text import html
from bot.sandbox.text.html import MarkupError

_KINDS = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "PreCode": "pre",
    "BlockQuote": "blockquote",
    "ExpandableBlockQuote": "expandable_blockquote",
    "TextUrl": "text_link",
    "MentionName": "text_mention",
    "CustomEmoji": "custom_emoji",
    "DateTime": "date_time",
}
_PREFIX = "Can't parse entities: "


class _Library(Protocol):
    def td_execute(self, request: bytes) -> bytes | None: ...


@cache
def tdlib() -> _Library | None:
    """Return TDLib, None where it is not installed."""
    try:
        import tdjson
    except ImportError:
        return None
    library = cast(_Library, tdjson)
    library.td_execute(b'{"@type":"setLogVerbosityLevel","new_verbosity_level":0}')
    return library


def parse_html(markup: str) -> tuple[str, list[Json]]:
    """Return the text and entities of HTML.

    Raises:
        MarkupError: it is wrong.
    """
    library = tdlib()
    if library is None or "\0" in markup or _has_surrogates(markup):
        return html.parse_html(markup)
    return _execute(library, markup, {"@type": "textParseModeHTML"})


def parse_markdown(markup: str, version: int) -> tuple[str, list[Json]]:
    """Return the text and entities of Markdown, version 1 or 2.

    Raises:
        MarkupError: it is wrong.
        Refusal: TDLib is not installed.
    """
    library = tdlib()
    if library is None:
        raise bad_request("the sandbox parses Markdown only where the package tdjson is installed")
    return _execute(library, markup, {"@type": "textParseModeMarkdown", "version": version})


def _has_surrogates(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _execute(library: _Library, markup: str, mode: Json) -> tuple[str, list[Json]]:
    request = {"@type": "parseTextEntities", "text": markup, "parse_mode": mode}
    answer: Json = orjson.loads(library.td_execute(orjson.dumps(request)) or b"{}")
    if answer["@type"] == "error":
        raise MarkupError(answer["message"].removeprefix(_PREFIX))
    return answer["text"], [_converted(entity) for entity in answer["entities"]]


def _converted(entity: Json) -> Json:
    details: Json = entity["type"]
    kind = _KINDS[details["@type"].removeprefix("textEntityType")]
    converted: Json = {"offset": entity["offset"], "length": entity["length"], "type": kind}
    if "language" in details:
        converted["language"] = details["language"]
    if "url" in details:
        converted["url"] = details["url"]
    if "user_id" in details:
        converted["_user_id"] = details["user_id"]
    if "custom_emoji_id" in details:
        converted["custom_emoji_id"] = details["custom_emoji_id"]
    if "unix_time" in details:
        converted["unix_time"] = details["unix_time"]
        if form := _time_format(details.get("formatting_type")):
            converted["date_time_format"] = form
    return converted


def _time_format(details: Any) -> str:
    if details is None:
        return ""
    if details["@type"] == "dateTimeFormattingTypeRelative":
        return "r"
    letter = {"dateTimePartPrecisionShort": str.lower, "dateTimePartPrecisionLong": str.upper}
    form = "w" if details.get("show_day_of_week") else ""
    for name, part in (("date_precision", "d"), ("time_precision", "t")):
        if change := letter.get(details[name]["@type"]):
            form += change(part)
    return form
