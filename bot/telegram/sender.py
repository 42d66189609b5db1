"""Sends, edits and takes back messages. Raises model errors, never Telegram's own."""

from __future__ import annotations

import operator
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError
from aiogram.methods import CreateForumTopic, DeleteMessage, PinChatMessage, UnpinChatMessage
from aiogram.methods.base import TelegramMethod
from aiogram.types import Message, ReplyParameters

from bot.model.delivery import Shown
from bot.model.errors import DeliveryError, OurFault, PictureRefused, Unreachable
from bot.model.message import PHOTO, OutgoingMessage
from bot.telegram.client import Session
from bot.telegram.methods import method_for
from bot.telegram.parameters import Call, to_change_picture, to_edit
from bot.telegram.pictures.names import addresses, with_ids
from bot.telegram.refusal import meaning
from bot.telegram.transport.errors import is_not_modified, translate
from bot.telegram.transport.prepared import Prepared, prepare
from bot.telegram.transport.ticket import CallTicket, Recalled

T = TypeVar("T")

KEPT = 256


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
    """What the courier asks of Telegram; each call travels by its delivery's ticket."""

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
        ticket: CallTicket,
        silent: bool = False,
        reply_to: int | None = None,
    ) -> list[int]:
        """Send a message, or several as one album, and return their numbers in the chat.

        `silent` lets no phone sound. `reply_to` is the message that it replies to, if that still stands. Raises
        RichRefused where Telegram does not take a rich message as it is, and PictureRefused with the pictures that it
        can't have.
        """
        try:
            answer = await (
                self._send(chat_id, tuple(messages), ticket, thread_id=thread_id, silent=silent)
                if reply_to is None
                else self._reply(
                    chat_id, messages, ticket, thread_id=thread_id, reply_to=reply_to, silent=silent
                )
            )
        except OurFault as error:
            raise meaning(error, messages) from error.__cause__
        numbers = _numbers(answer)
        if len(numbers) != len(messages):
            raise Unreachable("answer", "the answer holds no message", ambiguous=True)
        return numbers

    async def _send(
        self,
        chat_id: int,
        messages: tuple[OutgoingMessage, ...],
        ticket: CallTicket,
        *,
        thread_id: int | None,
        silent: bool,
    ) -> Any:
        kept = self._prepared(messages, silent, ticket.paid)
        if kept is not None:
            try:
                return await _said(
                    self._session.send(self._bot, kept.call, chat_id, thread_id, ticket=ticket)
                )
            except PictureRefused as error:
                # An id may have gone bad: then the pictures are brought again, once.
                if error.by_address or not await self._session.forget(kept.ids):
                    raise
        call = prepare(messages, silent=silent, paid=ticket.paid)
        return await self._call(method_for(call, chat_id, message_thread_id=thread_id), ticket)

    async def _reply(
        self,
        chat_id: int,
        messages: Sequence[OutgoingMessage],
        ticket: CallTicket,
        *,
        thread_id: int | None,
        reply_to: int,
        silent: bool,
    ) -> Any:
        """Send as a reply: the body is another for each chat, so that none is kept."""
        call = prepare(messages, silent=silent, paid=ticket.paid)
        replied = ReplyParameters(message_id=reply_to, allow_sending_without_reply=True)
        fields = {"message_thread_id": thread_id, "reply_parameters": replied}
        return await self._call(method_for(call, chat_id, **fields), ticket)

    async def _call(self, method: TelegramMethod[T], ticket: CallTicket) -> T:
        return await _said(self._session.call(self._bot, method, ticket))

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

    async def edit(
        self, chat_id: int, standing: Shown, message: OutgoingMessage, *, ticket: CallTicket
    ) -> None:
        """Make a message that stands there read like `message`, its picture as it is.

        Raises RichRefused where Telegram does not take a rich message as it is.
        """
        call = to_edit(message, caption=standing.form == PHOTO)
        try:
            await self._change(call, chat_id, standing, ticket)
        except OurFault as error:
            raise meaning(error, (message,)) from error.__cause__

    async def change_picture(
        self, chat_id: int, standing: Shown, message: OutgoingMessage, *, ticket: CallTicket
    ) -> None:
        """Give a message that stands there another picture, or a text message its first one."""
        await self._change(to_change_picture(message), chat_id, standing, ticket)

    async def withdraw(self, chat_id: int, message_id: int, *, ticket: CallTicket) -> None:
        """Delete the message. Raises MessageGone where Telegram no longer allows it, or it is not there."""
        await self._call(DeleteMessage(chat_id=chat_id, message_id=message_id), ticket)

    async def open_thread(self, chat_id: int, name: str, *, ticket: CallTicket) -> int:
        """Open a thread in a forum, or in a private chat, and return its number."""
        return (await self._call(CreateForumTopic(chat_id=chat_id, name=name), ticket)).message_thread_id

    async def pin(self, chat_id: int, message_id: int, *, ticket: CallTicket) -> None:
        """Pin the message without a notice: the message itself has sounded."""
        pinning = PinChatMessage(chat_id=chat_id, message_id=message_id, disable_notification=True)
        await self._call(pinning, ticket)

    async def unpin(self, chat_id: int, message_id: int, *, ticket: CallTicket) -> None:
        """Unpin the message."""
        await self._call(UnpinChatMessage(chat_id=chat_id, message_id=message_id), ticket)

    async def _change(self, call: Call, chat_id: int, standing: Shown, ticket: CallTicket) -> None:
        try:
            await self._call(method_for(call, chat_id, message_id=standing.message_id), ticket)
        except DeliveryError as error:
            if not (error.__cause__ and is_not_modified(error.__cause__)):
                raise


def _numbers(answer: Any) -> list[int]:
    """Return the numbers of the messages of an answer, decoded or as it came; none where it holds none."""
    found = answer if isinstance(answer, list) else [answer]
    return [
        each.message_id if isinstance(each, Message) else each["message_id"]
        for each in found
        if isinstance(each, Message) or (isinstance(each, dict) and "message_id" in each)
    ]


async def _said(call: Awaitable[T]) -> T:
    try:
        return await call
    except (Recalled, DeliveryError):
        raise
    except ClientDecodeError as error:
        if not _was_carried_out(error):
            raise translate(error) from error
        # A newer Bot API may answer in ways that aiogram can't read yet: made again, the call would be a double.
        return cast(T, error.data["result"])
    except Exception as error:
        raise translate(error) from error


def _was_carried_out(error: ClientDecodeError) -> bool:
    return isinstance(error.data, dict) and error.data.get("ok") is True and "result" in error.data
