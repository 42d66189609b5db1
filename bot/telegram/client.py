"""The aiogram client that everything goes out through: paced, tolerant of updates it can't read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

import orjson
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import SendMediaGroup
from aiogram.methods.base import Response, TelegramMethod, TelegramType
from aiogram.types import Message
from aiohttp import ClientError, ClientSession, DummyCookieJar
from yarl import URL

from bot.media.pictures import FileId, Pictures
from bot.model.delivery import Lane
from bot.telegram.chat_ends import ChatEnds
from bot.telegram.pictures.upload import PictureUpload
from bot.telegram.transport.gate import Gate, is_paced
from bot.telegram.transport.keepalive import KeepaliveClient
from bot.telegram.transport.prepared import Prepared, PreparedCall
from bot.telegram.transport.ticket import CallTicket

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 30.0
PATIENCE_SECONDS = 60.0


def make_bot(
    token: str,
    api_url: str,
    gate: Gate,
    *,
    connections: int = 100,
    pictures: Pictures | None = None,
    picture_seconds: float = 10.0,
) -> Bot:
    """Return a client of the Bot API at `api_url`, all of whose calls go through the gate.

    Pictures are brought by `pictures`, and waited for so long at most; without it Telegram gets addresses.
    """
    session = Session(
        gate,
        pictures,
        picture_seconds,
        api=TelegramAPIServer.from_base(api_url),
        limit=connections,
        timeout=TIMEOUT_SECONDS,
        json_loads=orjson.loads,
    )
    return Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML"))


class Session(AiohttpSession):
    """aiogram's session. Every call passes through the gate, and brings its pictures before that.

    The courier's calls come with their ticket (`send`, `call`); aiogram's own have none, and travel with the
    ticket of a reply to a person.
    """

    def __init__(self, gate: Gate, pictures: Pictures | None, picture_seconds: float, **options: Any) -> None:
        super().__init__(**options)
        self._gate = gate
        self._pictures = pictures
        self._uploads = PictureUpload(pictures, picture_seconds) if pictures is not None else None
        self._kept = KeepaliveClient(self._connector_init["ssl"], TIMEOUT_SECONDS)
        self._urls: dict[str, URL] = {}
        self.ends = ChatEnds()
        self.middleware(self._reply)

    async def create_session(self) -> ClientSession:
        """Return the open session. The Bot API sets no cookies: none are looked for."""
        if self._session is None or self._session.closed:
            self._session = ClientSession(
                connector=self._connector_type(**self._connector_init), cookie_jar=DummyCookieJar()
            )
        return self._session

    async def close(self) -> None:
        """Close all connections, and return when they are closed.

        aiogram rests a quarter of a second after that, for connections whose end nothing told of; since 3.13 aiohttp
        waits for the end itself.
        """
        self._kept.close()
        if self._session is not None:
            await self._session.close()
        # What was given up is closed in the loop's next round.
        await asyncio.sleep(0)

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Read an answer. Raises aiogram's own exceptions."""
        _answer_to(method.__returning__)
        return super().check_response(bot, method, status_code, content)

    def picture_id(self, url: str) -> str | None:
        """Return what a picture can be sent by at once: Telegram's id, its address where nobody brings it."""
        return self._pictures.known(url) if self._pictures is not None else url

    async def forget(self, ids: Mapping[str, str]) -> bool:
        """Forget the ids of pictures; return whether they can be brought anew."""
        if self._pictures is None:
            return False
        return any([await self._pictures.refused(url, FileId(file_id)) for url, file_id in ids.items()])

    async def send(
        self, bot: Bot, call: Prepared, chat_id: int, thread_id: int | None, *, ticket: CallTicket
    ) -> Any:
        """Send what was prepared and return the answer's `result` as it came.

        Raises aiogram's own exceptions, and Recalled.
        """
        answer = await self._gate.through(
            call.name,
            chat_id,
            lambda: self._send(bot, call, chat_id, thread_id),
            ticket=ticket,
            messages=call.messages,
        )
        if isinstance(answer, dict):
            self.ends.note(chat_id, answer.get("message_id"))
        return answer

    async def call(self, bot: Bot, method: TelegramMethod[TelegramType], ticket: CallTicket) -> TelegramType:
        """Make one of aiogram's calls, and return its result.

        Raises aiogram's own exceptions, Recalled, and PictureRefused with the pictures that can't be had.
        """
        return cast(TelegramType, await self._passed_on(self.make_request, bot, method, ticket))

    async def _reply(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        answer = await self._passed_on(make_request, bot, method, CallTicket())
        if isinstance(answer, Message):
            self.ends.note(answer.chat.id, answer.message_id)
        return answer

    async def _passed_on(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
        ticket: CallTicket,
    ) -> Response[TelegramType]:
        async def paced(bot: Bot, method: TelegramMethod[TelegramType]) -> Response[TelegramType]:
            return await self._paced(make_request, bot, method, ticket)

        return await (self._uploads(paced, bot, method, ticket) if self._uploads else paced(bot, method))

    async def _paced(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
        ticket: CallTicket,
    ) -> Response[TelegramType]:
        name = method.__api_method__
        if not is_paced(name):
            return await make_request(bot, method)
        chat_id = getattr(method, "chat_id", None)
        chat_id = chat_id if isinstance(chat_id, int) else None
        messages = len(method.media) if isinstance(method, SendMediaGroup) else 1

        async def called() -> Response[TelegramType]:
            return await self._gate.through(
                name, chat_id, lambda: make_request(bot, method), ticket=ticket, messages=messages
            )

        try:
            return await called()
        except TelegramRetryAfter as error:
            # What the outbox sends it makes again by itself; an answer to a person has nobody else for that.
            if ticket.lane is not Lane.REPLY or error.retry_after > PATIENCE_SECONDS:
                raise
        return await called()

    async def _send(self, bot: Bot, call: Prepared, chat_id: int, thread_id: int | None) -> Any:
        url = self._urls.get(call.name)
        if url is None:
            url = self._urls[call.name] = URL(self.api.api_url(token=bot.token, method=call.name))
        try:
            answer = await self._kept.post(url, call.body(chat_id, thread_id))
        except (TimeoutError, ClientError) as error:
            raise _failed(PreparedCall(name=call.name), error) from error
        if answer.status == 200:
            try:
                return orjson.loads(answer.body)["result"]
            except (ValueError, KeyError, TypeError):
                pass
        method = PreparedCall(name=call.name)
        self.check_response(bot, method, answer.status, answer.body.decode(errors="replace"))
        raise TelegramNetworkError(method=method, message="the answer holds no message")


@cache
def _answer_to(returning: Any) -> type[Response[Any]]:
    """Keep the class of the answers with such a result.

    aiogram asks for it at each answer, and pydantic forgets a class that nobody keeps: to make one anew takes
    milliseconds.
    """
    return Response[returning]


def _failed(method: TelegramMethod[Any], error: Exception) -> TelegramNetworkError:
    # An aiohttp error's own text may carry the URL, and with it the token.
    text = "Request timeout error" if isinstance(error, TimeoutError) else type(error).__name__
    return TelegramNetworkError(method=method, message=text)
