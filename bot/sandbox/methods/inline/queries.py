"""Answering inline queries, and the questions of guests."""

from __future__ import annotations

import re

from bot.sandbox.calls.answers import Json, bad_request
from bot.sandbox.calls.updates import INLINE_LIFE
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.methods.callbacks import TOO_LATE
from bot.sandbox.methods.inline.results import read_result
from bot.sandbox.world.posts import post
from bot.sandbox.world.state import Query

MAX_RESULTS = 50
MAX_NEXT_OFFSET = 64  # bytes
MAX_CACHE = 86_400  # seconds
USUAL_CACHE = 300  # seconds
MAX_START = 64
_START = re.compile(r"[A-Za-z0-9_-]+\Z")


def answer_inline_query(call: Call) -> bool:
    """Show results to the person who typed a query, and keep them for whoever types it again."""
    params = call.params
    given = params.json("results", "inline query results")
    if not isinstance(given, list):
        raise bad_request("expected an Array of InlineQueryResult")
    if len(given) > MAX_RESULTS:
        raise bad_request("too many inline query results specified")
    results = [read_result(call.world, each) for each in given]
    if len({each["id"] for each in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    button = _button(params.object("button", "inline query results button"))
    if len(params.text("next_offset").encode()) > MAX_NEXT_OFFSET:
        raise bad_request("NEXT_OFFSET_INVALID")
    query = _waiting(call, "inline_query_id")
    personal = params.flag("is_personal")
    seconds = params.integer("cache_time", USUAL_CACHE, 0, MAX_CACHE)
    answer: Json = {"results": results, "next_offset": params.text("next_offset"), "button": button}
    answer |= {"cache_time": seconds, "is_personal": personal}
    query.answer = answer
    whose = query.user_id if personal else None
    key = (call.bot.id, query.text, query.offset, whose)
    call.world.inline_cache[key] = (call.world.now() + seconds, answer)
    return True


def answer_guest_query(call: Call) -> Json:
    """Post the one message of a bot that was asked where it is no member."""
    item = call.params.json("result", "inline query result")
    result = read_result(call.world, item)
    query = _waiting(call, "guest_query_id", guest=True)
    chat = call.world.chat(query.chat_id)
    content = {**result["content"], "guest_bot_caller_user": call.world.user(query.user_id)}
    query.answer = result
    stored = post(
        call.world,
        chat,
        content,
        sender=call.bot.user,
        reply_to=query.asked,
        markup=result["reply_markup"],
    )
    message_id = stored.body["message_id"]
    return {"inline_message_id": call.world.remember_inline(call.bot.id, chat.id, message_id)}


def _waiting(call: Call, name: str, *, guest: bool = False) -> Query:
    query = call.world.queries.get(call.params.text(name))
    if query is None or query.bot_id != call.bot.id or (query.asked is not None) is not guest:
        raise bad_request(TOO_LATE)
    if query.answer is not None or call.world.now() - query.at > INLINE_LIFE:
        raise bad_request(TOO_LATE)
    return query


def _button(given: Json | None) -> Json | None:
    if given is None:
        return None
    if not str(given.get("text", "")).strip():
        raise bad_request("can't parse inline query results button: text must be non-empty")
    if "web_app" in given:
        return {"text": given["text"], "web_app": given["web_app"]}
    start = str(given.get("start_parameter", ""))
    if not start:
        raise bad_request("can't use empty start_parameter")
    if len(start) > MAX_START:
        raise bad_request("too long start_parameter specified")
    if not _START.match(start):
        raise bad_request("unallowed characters in start_parameter are used")
    return {"text": given["text"], "start_parameter": start}


METHODS: dict[str, Handler] = {
    "answerInlineQuery": answer_inline_query,
    "answerGuestQuery": answer_guest_query,
}
