"""Rich messages: checked for their tags and limits, kept as they were given.

The Message carries the given `html` or `markdown` and `media` beside a rough rendering in `blocks`.
"""

from __future__ import annotations

import re

from bot.sandbox.calls.answers import Json, bad_request
from bot.sandbox.rich.check import MAX_TEXT, Checked, Checker, attributes_of
from bot.sandbox.rich.rules import TAG

_MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


def callback_data(rich: Json) -> set[str]:
    """Return the data of the callback buttons inside a rich message that was taken."""
    tags = (token for token in TAG.finditer(str(rich.get("html", ""))) if token[2].lower() == "tg-button")
    return {data for token in tags if (data := dict(attributes_of(token[3])).get("data"))}


def read_rich(given: Json) -> tuple[Json, Checked]:
    """Return the RichMessage of an InputRichMessage, and the content of its HTML.

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
    kept = {name: given[name] for name in ("html", "markdown", "media", "is_rtl") if given.get(name)}
    if kinds == ["blocks"]:
        return {"blocks": given["blocks"], **kept}, Checked()
    text = str(given[kinds[0]])
    found = Checker(text, ids).run() if kinds == ["html"] else _markdown(text)
    blocks = _paragraphs(found.paragraphs)
    if not blocks and not found.media:
        raise bad_request("rich message must be non-empty")
    return {"blocks": blocks, **kept}, found


def _markdown(text: str) -> Checked:
    if len(text) > MAX_TEXT:
        raise bad_request("RICH_MESSAGE_TOO_LONG")
    return Checked(text.split("\n\n"))


def _paragraphs(texts: list[str]) -> list[Json]:
    return [{"type": "paragraph", "text": text.strip()} for text in texts if text.strip()]
