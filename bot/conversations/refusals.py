"""How a refusal is said: to the person who asked, and to nobody else.

A press is answered by an alert, a message in a private chat by a message. In a group Telegram offers ephemeral
messages, which one member sees; where it does not take one, the person's own chat with the bot is left, or silence.

While the database is away, here is the one place that says so for every verb of readers and of the desk. A press is
not done, and is pressed again. What was said is kept by whoever took it from Telegram, and done later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    CallbackQuery,
    EphemeralMessageParameters,
    Message,
    ReplyParameters,
    TelegramObject,
    User,
)

from bot.conversations.presses import answer_press, is_answered
from bot.log import Event
from bot.model.chat import ChatKind, ChatState
from bot.readers import membership
from bot.rendering.text.breaks import shorten
from bot.services import Services

log = logging.getLogger(__name__)

Wording = Callable[[str], str]
"""Words a refusal in a language (IETF code)."""

UNKEPT, AGAIN, GIVEN_UP = "unkept", "again", "given-up"
"""Why an update comes to a conversation: it can't be kept, and nothing is done about it but to say so; it met an
outage before, which was said; it met so many that it is not handled any more."""

LONGEST_LABEL = 40


async def refuse(
    services: Services, event: TelegramObject, word: Wording, language: str, *, aloud: bool = False
) -> None:
    """Say in the `language` why a message or a press was not done; an empty refusal is not said.

    In the person's own chat with the bot it is said in the language of that chat. What is said `aloud` everybody in
    a group reads: whom it is for writes as the group itself.
    """
    if isinstance(event, CallbackQuery):
        if not is_answered(event):
            await answer_press(event, word(language), alert=True)
    elif isinstance(event, Message) and (text := word(language)):
        try:
            if event.chat.type == ChatKind.PRIVATE or aloud:
                await event.answer(text, parse_mode=None)
            elif not await _said_in_group(event, text):
                await _say_in_private(services, event, word)
        except TelegramAPIError as error:
            log.info(Event("refusal.unsaid", reason=error.message))
        except Exception as error:
            # The refusal may be that of a database that is away.
            if not (reason := services.outage(error)):
                raise
            log.info(Event("refusal.unsaid", reason=reason))


async def tell_outage(
    services: Services, event: TelegramObject, language: str, *, said: str = "", written: bool = False
) -> None:
    """Say that the database is away, and what becomes of the press or the message.

    `said` is why the update came, one of the words above or empty; `written` is whether some of what was asked for is
    written down.
    """
    if isinstance(event, CallbackQuery):
        name, facts = ("half_done", {}) if written else ("not_done", {"button": _label(event)})
    elif said == AGAIN or not _asks(services, event):
        return
    else:
        name, facts = "given_up" if said == GIVEN_UP else "kept", {}
    await refuse(services, event, lambda spoken: services.talk.notice(name, spoken, **facts), language)


async def _said_in_group(message: Message, text: str) -> bool:
    """Send an ephemeral message; return whether the person alone can see it."""
    person = _person(message)
    if person is None or message.bot is None:
        return False
    command = message.ephemeral_message_id
    try:
        sent = await message.bot.send_message(
            message.chat.id,
            text,
            parse_mode=None,
            message_thread_id=message.message_thread_id if message.is_topic_message else None,
            ephemeral_message_parameters=EphemeralMessageParameters(receiver_user_id=person.id),
            reply_parameters=ReplyParameters(ephemeral_message_id=command) if command else None,
        )
    except TelegramAPIError as error:
        # Telegram takes it from an administrator, or as the answer to an ephemeral command.
        log.info(Event("refusal.not_ephemeral", reason=error.message))
        return False
    if sent.ephemeral_message_id is None:
        # A Bot API server that is older than ephemeral messages drops what it does not know.
        await sent.delete()
        return False
    return True


async def _say_in_private(services: Services, message: Message, word: Wording) -> None:
    """Send the refusal to the person's chat with the bot, if that is open; it names the group."""
    person = _person(message)
    own = await membership.find(services.db, services.bot.id, person.id) if person else None
    if own is None or own.state is not ChatState.ACTIVE:
        log.info(Event("refusal.unsaid", reason="nobody can be told"))
        return
    text = f"{message.chat.title}: {word(own.language)}"
    await services.client.send_message(own.telegram_id, text, parse_mode=None)


def _person(message: Message) -> User | None:
    """Return who wrote; None for an anonymous administrator, who is nobody that could be told."""
    return message.from_user if message.from_user and not message.from_user.is_bot else None


def _label(press: CallbackQuery) -> str:
    """Return what stands on the button that was pressed; empty where nobody can tell."""
    markup = press.message.reply_markup if isinstance(press.message, Message) else None
    for row in markup.inline_keyboard if markup else ():
        for button in row:
            if button.callback_data == press.data:
                return shorten(button.text, LONGEST_LABEL)
    return ""


def _asks(services: Services, event: TelegramObject) -> bool:
    """Return whether whoever wrote waits for an answer of the bot's."""
    if not isinstance(event, Message):
        return False
    asked = event.reply_to_message
    answers = asked is not None and asked.from_user is not None and asked.from_user.id == services.bot.id
    return event.chat.type == ChatKind.PRIVATE or answers or (event.text or "").startswith("/")
