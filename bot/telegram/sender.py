"""Sends, edits and takes back messages. Raises model errors, never Telegram's own."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from aiogram import Bot
from aiogram.methods import DeleteMessage, EditMessageMedia
from aiogram.types import InputMediaPhoto

from bot.model.errors import DeliveryError, OurFault, PictureRefused, RichRefused, Unreachable
from bot.model.message import PHOTO, OutgoingMessage
from bot.telegram.client import Session
from bot.telegram.edits import edit_caption, edit_rich, edit_text, markup
from bot.telegram.errors import is_not_modified, translate
from bot.telegram.gate import Recalled, turn
from bot.telegram.parameters import picture_of
from bot.telegram.prepared import Prepared, prepare, prepare_album

T = TypeVar("T")

KEPT = 256


@dataclass(frozen=True, slots=True)
class Sent:
    """The message that stands in the chat now; `file_id` is Telegram's name of its picture."""

    message_id: int
    file_id: str | None = None


class Sender:
    """What the courier asks of Telegram. Lanes travel in `bot.telegram.gate.turn`."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._session = cast(Session, bot.session)
        self._prepared: dict[tuple[int, bool, bool], tuple[OutgoingMessage, Prepared]] = {}

    async def send(
        self,
        chat_id: int,
        message: OutgoingMessage,
        thread_id: int | None = None,
        *,
        silent: bool = False,
    ) -> Sent:
        """Send the message; `silent` lets no phone sound. A paid turn buys the higher rate.

        Raises RichRefused where Telegram does not take a rich message as it is.
        """
        try:
            result = await self._call(self._prepare(message, silent, _paid()), chat_id, thread_id)
        except OurFault as error:
            raise _of_rich(error, message) from error
        return _sent(result, message)

    async def send_album(
        self,
        chat_id: int,
        messages: Sequence[OutgoingMessage],
        thread_id: int | None = None,
        *,
        silent: bool = False,
    ) -> list[Sent]:
        """Send pictures as one album; return what stands there of each, in order."""
        call = prepare_album(messages, silent=silent, paid=_paid())
        results = await self._call(call, chat_id, thread_id)
        if not isinstance(results, list) or len(results) != len(messages):
            raise Unreachable("answer", "the answer holds no album", ambiguous=True)
        return [_sent(result, message) for result, message in zip(results, messages, strict=True)]

    async def _call(self, call: Prepared, chat_id: int, thread_id: int | None) -> Any:
        try:
            return await self._session.send(self._bot, call, chat_id, thread_id)
        except (Recalled, DeliveryError):
            raise
        except Exception as error:
            raise translate(error) from error

    async def edit(self, chat_id: int, message_id: int, message: OutgoingMessage, form: str) -> None:
        """Make a message that stands there as `form` read like `message`, its picture as it is.

        Raises RichRefused where Telegram does not take a rich message as it is.
        """
        edit = edit_caption if form == PHOTO else edit_rich if message.rich else edit_text
        try:
            await _changed(self._bot(edit(chat_id, message_id, message)))
        except OurFault as error:
            raise _of_rich(error, message) from error

    async def change_picture(self, chat_id: int, message_id: int, message: OutgoingMessage) -> None:
        """Give a message that stands there another picture, or a text message its first one."""
        assert message.picture is not None
        media = InputMediaPhoto(media=picture_of(message.picture), caption=message.html, parse_mode="HTML")
        await _changed(
            self._bot(
                EditMessageMedia(
                    chat_id=chat_id, message_id=message_id, media=media, reply_markup=markup(message.buttons)
                )
            )
        )

    async def withdraw(self, chat_id: int, message_id: int) -> None:
        """Delete the message. Raises MessageGone where Telegram no longer allows it, or it is not there."""
        await _said(self._bot(DeleteMessage(chat_id=chat_id, message_id=message_id)))

    def _prepare(self, message: OutgoingMessage, silent: bool, paid: bool) -> Prepared:
        # The same object is sent to many: its bytes are kept with it, so that the id can't be another's.
        key = (id(message), silent, paid)
        known = self._prepared.get(key)
        if known is None or known[0] is not message:
            if len(self._prepared) >= KEPT:
                self._prepared.clear()
            known = self._prepared[key] = (message, prepare(message, silent=silent, paid=paid))
        return known[1]


def _paid() -> bool:
    mine = turn.get(None)
    return mine is not None and mine.paid


def _sent(result: Any, message: OutgoingMessage) -> Sent:
    try:
        return Sent(result["message_id"], result["photo"][-1]["file_id"] if message.picture else None)
    except (KeyError, TypeError, IndexError):
        raise Unreachable("answer", "the answer holds no message", ambiguous=True) from None


def _of_rich(error: OurFault, message: OutgoingMessage) -> OurFault:
    if not message.rich or isinstance(error, PictureRefused):
        return error
    return RichRefused(error.reason, error.detail)


async def _said(call: Awaitable[T]) -> T:
    try:
        return await call
    except Recalled:
        raise
    except Exception as error:
        raise translate(error) from error


async def _changed(call: Awaitable[Any]) -> None:
    try:
        await _said(call)
    except DeliveryError as error:
        if not (error.__cause__ and is_not_modified(error.__cause__)):
            raise
