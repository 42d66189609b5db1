"""Sending text."""

from __future__ import annotations

from bot.sandbox.answers import Json
from bot.sandbox.call import Call, Handler, extra_fields
from bot.sandbox.keyboards import check_markup_for, read_markup
from bot.sandbox.posting import post
from bot.sandbox.previews import preview_fields
from bot.sandbox.texts import check_text, read_text, text_fields


def send_message(call: Call) -> Json:
    """Send a text."""
    formatted = read_text(call.params)
    markup = read_markup(call.params)
    chat, thread_id, reply_to = call.target()
    check_text(formatted)
    check_markup_for(chat, markup)
    content = text_fields(call.world, formatted)
    content.update(preview_fields(call.params))
    content.update(extra_fields(call.params))
    stored = post(
        call.world,
        chat,
        content,
        sender=call.bot.user,
        bot_id=call.bot.id,
        thread_id=thread_id,
        reply_to=reply_to,
        markup=markup,
    )
    return stored.body


METHODS: dict[str, Handler] = {"sendMessage": send_message}
