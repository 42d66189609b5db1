"""Answering pressed buttons."""

from __future__ import annotations

from bot.sandbox.calls.answers import Json, bad_request
from bot.sandbox.calls.updates import CALLBACK_LIFE
from bot.sandbox.methods.call import Call, Handler

MAX_TEXT = 200
TOO_LATE = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(call: Call) -> bool:
    """Stop the spinner on the presser's phone, with a notice or without."""
    params = call.params
    callback = call.world.callbacks.get(params.text("callback_query_id"))
    if callback is None or callback.bot_id != call.bot.id or callback.answer is not None:
        raise bad_request(TOO_LATE)
    if call.world.now() - callback.at > CALLBACK_LIFE:
        raise bad_request(TOO_LATE)
    if len(params.text("text")) > MAX_TEXT:
        raise bad_request("MESSAGE_TOO_LONG")
    answer: Json = {"show_alert": params.flag("show_alert")}
    for name in ("text", "url"):
        if params.text(name):
            answer[name] = params.text(name)
    callback.answer = answer
    event = {"text": "", "url": "", **answer}
    call.world.changes.tell("answer", callback_query_id=callback.id, user_id=callback.user_id, **event)
    return True


METHODS: dict[str, Handler] = {"answerCallbackQuery": answer_callback_query}
