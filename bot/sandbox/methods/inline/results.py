"""The results of an answer, read as strictly as Telegram reads them. Articles with a text alone are had here.

The words of most errors are those of MTProto's `messages.setInlineBotResults`; some are the sandbox's own.
"""

from __future__ import annotations

from bot.sandbox.calls.answers import Json, Refusal, bad_request
from bot.sandbox.calls.parameters import Parameters
from bot.sandbox.text.previews import preview_fields
from bot.sandbox.text.stored import check_text, read_text
from bot.sandbox.world.content import text_fields
from bot.sandbox.world.keyboards import inline_keyboard
from bot.sandbox.world.state import World

MAX_ID = 64  # bytes
_KINDS = frozenset(
    (
        *("article", "audio", "contact", "document", "game", "gif", "location"),
        *("mpeg4_gif", "photo", "sticker", "venue", "video", "voice"),
    )
)
_OTHER_CONTENT = ("rich_message", "latitude", "phone_number", "payload")


def read_result(world: World, item: object) -> Json:
    """Return a result with the fields of the Message that it becomes as `content`, and its keyboard.

    Raises:
        Refusal: it lacks something, or has too much; 501 for what is no article with a text.
    """
    if not isinstance(item, dict):
        raise bad_request("can't parse inline query result: expected an Object")
    kind, result_id = str(item.get("type", "")).lower(), str(item.get("id", ""))
    if kind not in _KINDS:
        raise bad_request("can't parse inline query result: unallowed type")
    if not result_id:
        raise bad_request("RESULT_ID_EMPTY")
    if len(result_id.encode()) > MAX_ID:
        raise bad_request("RESULT_ID_INVALID")
    if kind != "article":
        raise Refusal(501, "Not Implemented: the sandbox has no inline results but articles")
    if not str(item.get("title", "")).strip():
        raise bad_request("can't parse inline query result: title must be non-empty")
    shown = {
        name: str(item[name]) for name in ("title", "description", "url", "thumbnail_url") if item.get(name)
    }
    markup = item.get("reply_markup")
    rows = inline_keyboard(markup.get("inline_keyboard")) if isinstance(markup, dict) else None
    return {"type": kind, "id": result_id, **shown, "content": _content(world, item), "reply_markup": rows}


def _content(world: World, item: Json) -> Json:
    given = item.get("input_message_content")
    if not isinstance(given, dict):
        raise bad_request("can't parse inline query result: input_message_content is needed")
    if any(name in given for name in _OTHER_CONTENT):
        raise Refusal(501, "Not Implemented: the sandbox has no inline results but texts")
    params = Parameters({**given, "text": given.get("message_text", "")})
    formatted = read_text(params)
    check_text(formatted)
    return {**text_fields(world, formatted), **preview_fields(params)}
