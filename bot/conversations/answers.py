"""Messages shown to a visitor: at the end of the chat, or in the place of the message whose button was pressed."""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping

from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from bot.conversations.live import places
from bot.conversations.visit import Visit
from bot.model.chat import ChatKind
from bot.model.delivery import Subject
from bot.model.errors import Refusal
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.press import unpack
from bot.model.story.fallback import Attempt
from bot.model.story.form import Style
from bot.telegram import replies
from bot.telegram.replies import Place, Standing

SIGNATURE_CHARACTERS = 12
"""72 bits: nobody guesses them by what Telegram lets a person send."""

_QUESTION = re.compile(rf"\?start=([a-z0-9-]+)-([A-Za-z0-9_-]{{{SIGNATURE_CHARACTERS}}})$")


def link_asking(visit: Visit, mark: str) -> str:
    """Return the link of a question that the visitor's chat is asked; `mark` says what it is about.

    A mark is Latin letters, digits and dashes. By it the answer is understood after a restart. The words of others
    stand in the bot's messages too, with links of their own choice: so that nobody else can write a question, each
    link is signed for its chat, with the bot's token as the key.
    """
    return f"https://t.me/{visit.services.bot.username}?start={mark}-{_signature(visit, mark)}"


def marks_asked(message: Message, visit: Visit) -> Iterator[str]:
    """Yield what the bot's own question that the message answers is about; nothing where it answers none."""
    asked = message.reply_to_message
    if asked is None or asked.from_user is None or asked.from_user.id != visit.services.bot.id:
        return
    if asked.forward_origin:
        return
    for entity in asked.entities or ():
        found = _QUESTION.search(entity.url or "")
        if found and hmac.compare_digest(found[2], _signature(visit, found[1])):
            yield found[1]


def _signature(visit: Visit, mark: str) -> str:
    said = f"question:{visit.services.bot.id}:{visit.telegram_id}:{mark}"
    digest = hmac.digest(visit.client.token.encode(), said.encode(), "sha256")
    return urlsafe_b64encode(digest).decode()[:SIGNATURE_CHARACTERS]


def chat_end(visit: Visit) -> Place:
    """Return the end of the visitor's chat."""
    return Place(visit.client, visit.telegram_id, visit.thread_id)


def pressed(visit: Visit, press: CallbackQuery) -> Place:
    """Return the place of the message whose button was pressed. Refused where that message is gone."""
    if press.message is None:
        raise Refusal("stale")
    message = press.message
    if isinstance(message, Message) and message.ephemeral_message_id is not None:
        standing = message.ephemeral_message_id
        return Place(visit.client, message.chat.id, visit.thread_id, standing, receiver=visit.user_id)
    photo = isinstance(message, Message) and bool(message.photo)
    return Place(visit.client, message.chat.id, visit.thread_id, message.message_id, photo)


def own_button(visit: Visit, press: CallbackQuery) -> None:
    """Refuse a press in a group whose button does not stand in the message: it is forged, or long out of date.

    In a group it would put what one member chose in the place of what all members read.
    """
    if visit.kind is ChatKind.PRIVATE:
        return
    if not isinstance(press.message, Message) or press.data not in data_in(press.message):
        raise Refusal("stale")


def data_in(message: Message) -> list[str]:
    """Return the data of all buttons in a message: below the words, and between them in a rich message."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    below = [button.callback_data for row in rows for button in row if button.callback_data]
    return [*below, *_values_of(_rich(message), "callback_data")]


def links_in(message: Message) -> list[str]:
    """Return the addresses in a message: those of its buttons first, then those behind its words."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    below = [button.url for row in rows for button in row if button.url]
    behind = [each.url for each in message.entities or message.caption_entities or () if each.url]
    return [*below, *behind, *_values_of(_rich(message), "url")]


def words_in(message: Message) -> str:
    """Return what a message says: text or caption, or the words of a rich message, without their form."""
    return message.text or message.caption or " ".join(_values_of(_rich(message), "text"))


def _rich(message: Message) -> object:
    return message.rich_message.model_dump(mode="json") if message.rich_message else None


def _values_of(body: object, name: str) -> Iterator[str]:
    if isinstance(body, dict):
        if isinstance(found := body.get(name), str):
            yield found
        body = list(body.values())
    if isinstance(body, list):
        for each in body:
            yield from _values_of(each, name)


async def send(visit: Visit, page: OutgoingMessage, *, reply_to: int | None = None) -> Standing:
    """Send a page to the visitor, as an answer to the message `reply_to` where that is given."""
    chat, thread = visit.telegram_id, visit.thread_id
    standing = await replies.show(visit.client, chat, page, thread, reply_to=reply_to)
    await places.note(visit, page, standing.message_id)
    return standing


async def change(visit: Visit, press: CallbackQuery, page: OutgoingMessage) -> None:
    """Put a page in the place of the message whose button was pressed."""
    place = pressed(visit, press)
    if page.card is not None or unpack(press.data or "").verb == "desk":
        await places.change(visit, press, place, page)
    else:
        await replies.put(place, page)


async def change_buttons(visit: Visit, press: CallbackQuery, buttons: Keyboard) -> None:
    """Change the buttons alone of the message whose button was pressed; the words stay."""
    await replies.put_buttons(pressed(visit, press), buttons)


async def replace_buttons(visit: Visit, press: CallbackQuery, changes: Mapping[str, Button | None]) -> None:
    """Put other buttons in the place of those with that data; None takes one away. All others stay as they are."""
    markup = press.message.reply_markup if isinstance(press.message, Message) else None
    rows = markup.inline_keyboard if markup else []
    if not any(each.callback_data in changes for row in rows for each in row):
        return
    changed = tuple(
        tuple(new for each in row if (new := changes.get(each.callback_data or "", _button(each))))
        for row in rows
    )
    await change_buttons(visit, press, tuple(filter(None, changed)))


def _button(shown: InlineKeyboardButton) -> Button:
    return Button(shown.text, press=shown.callback_data, url=shown.url)


async def show(
    visit: Visit,
    place: Place,
    make: Callable[[Attempt], OutgoingMessage],
    *,
    style: Style,
    subject: Subject,
    revision: int,
) -> Standing:
    """Show a story or a digest in a style, or else in the fullest form that Telegram takes."""
    refusals = visit.services.refusals
    return await replies.show_as(style, place, make, subject=subject, revision=revision, refusals=refusals)
