"""Sending text."""

from __future__ import annotations

from bot.sandbox.calls.answers import Json, bad_request
from bot.sandbox.methods.call import Call, Handler, Target, extra_fields
from bot.sandbox.text.previews import preview_fields
from bot.sandbox.text.stored import check_text, read_text
from bot.sandbox.world.access import receiver
from bot.sandbox.world.content import text_fields
from bot.sandbox.world.keyboards import check_markup_for, is_inline, read_markup
from bot.sandbox.world.posts import post_ephemeral


def send_message(call: Call) -> Json:
    """Send a text."""
    formatted = read_text(call.params)
    markup = read_markup(call.params)
    target = call.place()
    check_text(formatted)
    check_markup_for(target.chat, markup)
    content = text_fields(call.world, formatted)
    content.update(preview_fields(call.params))
    if given := call.ephemeral:
        return _send_ephemeral(call, target, given, content, markup=markup)
    return call.post(target, content, markup=markup)


def _send_ephemeral(call: Call, target: Target, given: Json, content: Json, *, markup: Json | None) -> Json:
    if not is_inline(markup):
        raise bad_request("inline keyboard expected")
    replied = call.params.object("reply_parameters", "reply parameters") or {}
    command = replied.get("ephemeral_message_id")
    person = receiver(call.world, call.bot, target.chat, given, command=command)
    stored = post_ephemeral(
        call.world,
        target.chat,
        {**content, **extra_fields(call.params)},
        sender=call.bot.user,
        receiver=person,
        bot_id=call.bot.id,
        thread_id=target.thread_id,
        markup=markup,
    )
    return stored.body


METHODS: dict[str, Handler] = {"sendMessage": send_message}
