"""Messages shown in a conversation: sent, or put in a standing one's place, as well as Telegram takes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramNotFound
from aiogram.types import Message, ReplyParameters

from bot.model.delivery import Subject
from bot.model.errors import DeliveryError, PictureRefused, RichRefused
from bot.model.message import Keyboard, MessageForm, OutgoingMessage
from bot.model.story.fallback import REFUSALS, Attempt, next_attempt
from bot.model.story.form import Form, Style
from bot.telegram import ephemeral
from bot.telegram.methods import method_for
from bot.telegram.parameters import to_edit, to_edit_buttons, to_send
from bot.telegram.refusal import meaning
from bot.telegram.rich_refusals import RichRefusals
from bot.telegram.transport.errors import is_not_modified, translate


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation shows a message: at the chat's end, or in the place of the message `standing`.

    Of a `photo` that stands there only the caption can change: a rich message is sent as a reply below it.
    """

    bot: Bot
    chat_id: int
    thread_id: int | None = None
    standing: int | None = None
    photo: bool = False
    reply_to: int | None = None
    """The message that one sent to the chat's end answers."""

    receiver: int | None = None
    """The member who alone sees the message `standing`, where that is ephemeral."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A message that stands in a chat now."""

    message_id: int
    form: MessageForm


async def show(
    bot: Bot,
    chat_id: int,
    message: OutgoingMessage,
    thread_id: int | None = None,
    *,
    reply_to: int | None = None,
) -> Standing:
    """Send a message, without its picture where Telegram can't have the picture."""

    def make(tried: Attempt) -> OutgoingMessage:
        return message if tried == first else replace(message, picture=None)

    first = Attempt(Style(Form.CLASSIC, pictures=message.picture is not None))
    return await _first_taken(Place(bot, chat_id, thread_id, reply_to=reply_to), make, first)


async def change(bot: Bot, chat_id: int, message_id: int, message: OutgoingMessage, *, photo: bool) -> None:
    """Edit a standing message, or of a photo the caption; a message that reads so already is left alone."""
    await put(Place(bot, chat_id, standing=message_id, photo=photo), message)


async def put_buttons(place: Place, buttons: Keyboard) -> None:
    """Give a standing message other buttons; a message that has those already is left alone."""
    edit = to_edit_buttons(buttons)
    try:
        if place.receiver is not None and place.standing is not None:
            named = {"receiver": place.receiver, "standing": place.standing}
            await ephemeral.edit_buttons(place.bot, place.chat_id, buttons, **named)
        else:
            await place.bot(method_for(edit, place.chat_id, message_id=place.standing))
    except TelegramBadRequest as error:
        if not is_not_modified(error):
            raise


async def show_as(
    style: Style,
    place: Place,
    make: Callable[[Attempt], OutgoingMessage],
    *,
    subject: Subject,
    revision: int,
    refusals: RichRefusals,
) -> Standing:
    """Show a subject in a style, or else in the fullest form that Telegram takes.

    `make` renders each attempt. A refusal of the rich form is remembered in `refusals`, and what was refused
    before is not tried again. Raises the last refusal where nothing is left to try.
    """

    def refused(error: RichRefused) -> None:
        refusals.add(subject, revision, error.detail)

    first = Attempt(refusals.allowed(style, subject, revision))
    return await _first_taken(place, make, first, refused)


async def _first_taken(
    place: Place,
    make: Callable[[Attempt], OutgoingMessage],
    tried: Attempt,
    rich_refused: Callable[[RichRefused], None] = lambda _: None,
) -> Standing:
    while True:
        try:
            return await put(place, make(tried))
        except REFUSALS as error:
            if isinstance(error, RichRefused):
                rich_refused(error)
            following = next_attempt(tried, error)
            if following is None:
                raise
            tried = following


async def put(place: Place, message: OutgoingMessage) -> Standing:
    """Make one attempt to show a message; one that reads so already is left alone.

    Raises one of REFUSALS, or Telegram's own error where the message is not at fault.
    """
    try:
        if place.standing is None or (place.photo and message.rich):
            return await _send(place, message)
        if place.receiver is not None:
            named = {"receiver": place.receiver, "standing": place.standing}
            await ephemeral.edit(place.bot, place.chat_id, message, **named)
            return Standing(0, message.form)
        edit = to_edit(message, caption=place.photo)
        await place.bot(method_for(edit, place.chat_id, message_id=place.standing))
    except (TelegramBadRequest, TelegramNotFound, PictureRefused) as error:
        if place.standing is None or not is_not_modified(error):
            refusal = _refusal(error, message)
            if refusal is None or refusal is error:
                raise
            raise refusal from error
    return Standing(place.standing, message.form)


async def _send(place: Place, message: OutgoingMessage) -> Standing:
    fields: dict[str, Any] = {"message_thread_id": place.thread_id}
    if answered := place.standing or place.reply_to:
        fields["reply_parameters"] = ReplyParameters(message_id=answered, allow_sending_without_reply=True)
    sent: Message = await place.bot(method_for(to_send((message,)), place.chat_id, **fields))
    return Standing(sent.message_id, message.form)


def _refusal(error: Exception, message: OutgoingMessage) -> DeliveryError | None:
    """Return the refusal of the message's form or pictures, if Telegram refused either."""
    if not (message.rich or message.picture):
        return None
    found = meaning(translate(error), (message,))
    return found if isinstance(found, REFUSALS) else None
