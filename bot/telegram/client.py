"""The aiogram client that everything goes out through: paced, tolerant of updates it can't read."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, cast

import orjson
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import GetUpdates, SendMediaGroup
from aiogram.methods.base import Response, TelegramMethod, TelegramType
from aiogram.types import Update
from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar
from pydantic import ValidationError
from yarl import URL

from bot.media.pictures import FileId, Pictures
from bot.metrics import UPDATES_SKIPPED
from bot.telegram.bringing import Bringing
from bot.telegram.gate import Gate, is_paced, turn
from bot.telegram.prepared import Prepared, PreparedCall
from bot.telegram.wire import Wire

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
        api=TelegramAPIServer.from_base(api_url),
        limit=connections,
        timeout=TIMEOUT_SECONDS,
        json_loads=orjson.loads,
    )
    if pictures is not None:
        session.middleware(Bringing(pictures, picture_seconds))
    session.middleware(Paced(gate))
    return Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML"))


class Paced(BaseRequestMiddleware):
    """Makes aiogram's own calls go through the gate; an answer refused for haste goes out a little later."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Pass the call on when the pace allows it."""
        name = method.__api_method__
        if not is_paced(name):
            return await make_request(bot, method)
        chat_id = getattr(method, "chat_id", None)
        chat_id = chat_id if isinstance(chat_id, int) else None
        messages = len(method.media) if isinstance(method, SendMediaGroup) else 1

        async def called() -> Response[TelegramType]:
            return await self._gate.through(name, chat_id, lambda: make_request(bot, method), messages)

        try:
            return await called()
        except TelegramRetryAfter as error:
            # What the outbox sends it makes again by itself; an answer to a person has nobody else for that.
            if turn.get(None) is not None or error.retry_after > PATIENCE_SECONDS:
                raise
        return await called()


class Session(AiohttpSession):
    """aiogram's session, with two paths of its own: prepared sends, and updates one by one."""

    def __init__(self, gate: Gate, pictures: Pictures | None, **options: Any) -> None:
        super().__init__(**options)
        self._gate = gate
        self._pictures = pictures
        self._wire = Wire(self._connector_init["ssl"], TIMEOUT_SECONDS)
        self._urls: dict[str, URL] = {}

    async def create_session(self) -> ClientSession:
        """Return the open session. The Bot API sets no cookies: none are looked for."""
        if self._session is None or self._session.closed:
            self._session = ClientSession(
                connector=self._connector_type(**self._connector_init), cookie_jar=DummyCookieJar()
            )
        return self._session

    async def close(self) -> None:
        """Close all connections."""
        self._wire.close()
        await super().close()

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        """Return the result of a call; raises aiogram's own exceptions."""
        if isinstance(method, GetUpdates):
            return cast(TelegramType, await self._get_updates(bot, method, timeout))
        return await super().make_request(bot, method, timeout)

    def picture_id(self, url: str) -> str | None:
        """Return what a picture can be sent by at once: Telegram's id, its address where nobody brings it."""
        return self._pictures.known(url) if self._pictures is not None else url

    async def forget(self, ids: Mapping[str, str]) -> bool:
        """Forget the ids of pictures; return whether they can be brought anew."""
        if self._pictures is None:
            return False
        return any([await self._pictures.refused(url, FileId(file_id)) for url, file_id in ids.items()])

    async def send(self, bot: Bot, call: Prepared, chat_id: int, thread_id: int | None) -> Any:
        """Send what was prepared and return the answer's `result` as it came.

        Raises aiogram's own exceptions, and Recalled.
        """
        return await self._gate.through(
            call.name, chat_id, lambda: self._send(bot, call, chat_id, thread_id), call.messages
        )

    async def _send(self, bot: Bot, call: Prepared, chat_id: int, thread_id: int | None) -> Any:
        url = self._urls.get(call.name)
        if url is None:
            url = self._urls[call.name] = URL(self.api.api_url(token=bot.token, method=call.name))
        try:
            answer = await self._wire.post(url, call.body(chat_id, thread_id))
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

    async def _get_updates(self, bot: Bot, method: GetUpdates, timeout: int | None) -> list[Update]:
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        session = await self.create_session()
        try:
            async with session.post(
                url,
                data=self.build_form_data(bot=bot, method=method),
                timeout=ClientTimeout(total=timeout or self.timeout),
            ) as answer:
                raw = await answer.read()
        except (TimeoutError, ClientError) as error:
            raise _failed(method, error) from error
        try:
            values = orjson.loads(raw)["result"] if answer.status == 200 else None
        except (ValueError, KeyError, TypeError):
            values = None
        if not isinstance(values, list):
            response = self.check_response(bot, method, answer.status, raw.decode(errors="replace"))
            return list(response.result or ())
        return [found for value in values if (found := _update(bot, value)) is not None]


def _failed(method: TelegramMethod[Any], error: Exception) -> TelegramNetworkError:
    # An aiohttp error's own text may carry the URL, and with it the token.
    text = "Request timeout error" if isinstance(error, TimeoutError) else type(error).__name__
    return TelegramNetworkError(method=method, message=text)


def _update(bot: Bot, value: Any) -> Update | None:
    """Return the update; where it can't be read, an empty one, so that those behind it are not held up."""
    try:
        return Update.model_validate(value, context={"bot": bot})
    except ValidationError as error:
        number = value.get("update_id") if isinstance(value, dict) else None
        UPDATES_SKIPPED.inc()
        log.warning("update %s can't be read and is skipped: %s", number, error.errors()[0]["loc"])
        return Update.model_construct(update_id=number) if isinstance(number, int) else None
