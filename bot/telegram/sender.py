"""Sends, edits and takes back messages. Raises model errors, never Telegram's own."""

from __future__ import annotations

import operator
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from aiogram import Bot
from aiogram.methods import (
    DeleteMessage,
    EditMessageMedia,
    SendMediaGroup,
    SendMessage,
    SendPhoto,
    SendRichMessage,
)
from aiogram.methods.base import TelegramMethod
from aiogram.types import InputMediaPhoto, Message

from bot.model.errors import DeliveryError, OurFault, PictureRefused, RichRefused, Unreachable
from bot.model.message import PHOTO, OutgoingMessage
from bot.telegram.client import Session
from bot.telegram.edits import edit_caption, edit_rich, edit_text, markup
from bot.telegram.errors import is_not_modified, translate
from bot.telegram.gate import Recalled, turn
from bot.telegram.parameters import picture_of
from bot.telegram.pictures import addresses, fetched, pictures_in, with_ids
from bot.telegram.prepared import Prepared, prepare

T = TypeVar("T")

KEPT = 256
METHODS: dict[str, type[TelegramMethod[Any]]] = {
    each.__api_method__: each for each in (SendMessage, SendPhoto, SendMediaGroup, SendRichMessage)
}


@dataclass(frozen=True, slots=True)
class _Kept:
    """A prepared call, the messages that it sends, and the ids of their pictures that stand in it."""

    messages: tuple[OutgoingMessage, ...]
    call: Prepared
    ids: Mapping[str, str]

    def sends(self, messages: tuple[OutgoingMessage, ...]) -> bool:
        """Return whether it is the call for these very objects."""
        return len(messages) == len(self.messages) and all(map(operator.is_, self.messages, messages))

    def holds(self, known: Callable[[str], str | None]) -> bool:
        """Return whether the ids are still those that are known."""
        return all(known(url) == file_id for url, file_id in self.ids.items())


class Sender:
    """What the courier asks of Telegram. Lanes travel in `bot.telegram.gate.turn`."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._session = cast(Session, bot.session)
        self._kept: dict[tuple[int, bool, bool], _Kept] = {}

    async def send(
        self,
        chat_id: int,
        messages: Sequence[OutgoingMessage],
        thread_id: int | None = None,
        *,
        silent: bool = False,
    ) -> list[int]:
        """Send a message, or several as one album, and return their numbers in the chat.

        `silent` lets no phone sound. A paid turn buys the higher rate. Raises RichRefused where Telegram does
        not take a rich message as it is, and PictureRefused with the pictures that it can't have.
        """
        try:
            answer = await self._send(chat_id, tuple(messages), thread_id, silent)
        except OurFault as error:
            raise _meant(error, messages) from error.__cause__
        numbers = _numbers(answer)
        if len(numbers) != len(messages):
            raise Unreachable("answer", "the answer holds no message", ambiguous=True)
        return numbers

    async def _send(
        self, chat_id: int, messages: tuple[OutgoingMessage, ...], thread_id: int | None, silent: bool
    ) -> Any:
        kept = self._prepared(messages, silent, _paid())
        if kept is not None:
            try:
                return await _said(self._session.send(self._bot, kept.call, chat_id, thread_id))
            except PictureRefused as error:
                # An id may have gone bad: then the pictures are brought again, once.
                if error.by_address or not await self._session.forget(kept.ids):
                    raise
        name, fields = prepare(messages, silent=silent, paid=_paid())
        to = {"chat_id": chat_id, "message_thread_id": thread_id}
        return await _said(self._bot(METHODS[name].model_validate(to | fields)))

    def _prepared(self, messages: tuple[OutgoingMessage, ...], silent: bool, paid: bool) -> _Kept | None:
        """Return the call for all chats alike; None while some of its pictures must be brought first."""
        # The same objects are sent to many: they are kept with their call, so that the id can't be another's.
        key = (id(messages[0]), silent, paid)
        kept = self._kept.get(key)
        known = self._session.picture_id
        if kept is not None and kept.sends(messages) and kept.holds(known):
            return kept
        ids = {url: known(url) for message in messages for url in addresses(message)}
        found = {url: file_id for url, file_id in ids.items() if file_id}
        if len(found) < len(ids):
            return None
        if len(self._kept) >= KEPT:
            self._kept.clear()
        made = prepare([with_ids(each, found) for each in messages], silent=silent, paid=paid)
        self._kept[key] = _Kept(messages, Prepared.of(*made, len(messages)), found)
        return self._kept[key]

    async def edit(self, chat_id: int, message_id: int, message: OutgoingMessage, form: str) -> None:
        """Make a message that stands there as `form` read like `message`, its picture as it is.

        Raises RichRefused where Telegram does not take a rich message as it is.
        """
        edit = edit_caption if form == PHOTO else edit_rich if message.rich else edit_text
        try:
            await _changed(self._bot(edit(chat_id, message_id, message)))
        except OurFault as error:
            raise _meant(error, (message,)) from error.__cause__

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


def _paid() -> bool:
    mine = turn.get(None)
    return mine is not None and mine.paid


def _numbers(answer: Any) -> list[int]:
    """Return the numbers of the messages of an answer, decoded or as it came; none where it holds none."""
    found = answer if isinstance(answer, list) else [answer]
    return [
        each.message_id if isinstance(each, Message) else each["message_id"]
        for each in found
        if isinstance(each, Message) or (isinstance(each, dict) and "message_id" in each)
    ]


def _meant(error: OurFault, messages: Sequence[OutgoingMessage]) -> OurFault:
    """Return what a refusal means for these messages: of which of their media, or of a rich message."""
    if isinstance(error, PictureRefused):
        if error.pictures:
            return error
        named = [name for message in messages for name in pictures_in(message)]
        if error.by_address and (others := fetched(messages[0])):
            named = others
        elif error.place is not None and error.place < len(named):
            named = [named[error.place]]
        if named:
            error.pictures = tuple(named)
            return error
    if messages[0].rich:
        return RichRefused(error.reason, error.detail)
    return error


async def _said(call: Awaitable[T]) -> T:
    try:
        return await call
    except (Recalled, DeliveryError):
        raise
    except Exception as error:
        raise translate(error) from error


async def _changed(call: Awaitable[Any]) -> None:
    try:
        await _said(call)
    except DeliveryError as error:
        if not (error.__cause__ and is_not_modified(error.__cause__)):
            raise
