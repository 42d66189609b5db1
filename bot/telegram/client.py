"""The aiogram client that everything goes out through: paced, tolerant of updates it can't read."""

from __future__ import annotations

import logging
import time
from contextvars import ContextVar
from typing import Any, Protocol, cast

import orjson
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import GetUpdates
from aiogram.methods.base import Response, TelegramMethod, TelegramType
from aiogram.types import Update
from aiohttp import ClientError, ClientTimeout
from pydantic import ValidationError

from bot.metrics import CALL_SECONDS, CALLS, UPDATES_SKIPPED
from bot.model.delivery import Lane
from bot.telegram.prepared import PreparedSend

log = logging.getLogger(__name__)

lane: ContextVar[Lane] = ContextVar("lane", default=Lane.REPLY)
"""In which lane the calls of this task travel."""

PACED = ("send", "edit", "copy", "forward", "delete")
UNPACED = ("deletemycommands", "deletewebhook", "editforumtopic", "deleteforumtopic", "sendchataction")
TIMEOUT_SECONDS = 30.0
LATENCY_ALLOWED = 1.0


class Pace(Protocol):
    """What the client asks of the pace."""

    async def wait(self, chat_id: int | None, lane: Lane) -> None:
        """Return when the call may be made."""

    def refused(self, chat_id: int | None, retry_after: float) -> None:
        """Take note of a 429."""

    def took(self, seconds: float) -> None:
        """Take note of how long a call took."""


def make_bot(token: str, api_url: str, pace: Pace, *, rate: float = 30) -> Bot:
    """Return a client of the Bot API at `api_url` with connections for `rate` calls a second."""
    session = Session(
        api=TelegramAPIServer.from_base(api_url),
        limit=max(100, int(rate * LATENCY_ALLOWED * 2)),
        timeout=TIMEOUT_SECONDS,
        json_loads=orjson.loads,
    )
    session.middleware(Paced(pace))
    return Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML"))


class Paced(BaseRequestMiddleware):
    """Makes every call that shows something wait for its slot, and counts all of them."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Pass the call on when the pace allows it."""
        name = method.api_method if isinstance(method, PreparedSend) else method.__api_method__
        if not is_paced(name):
            return await make_request(bot, method)
        chat_id = getattr(method, "chat_id", None)
        chat_id = chat_id if isinstance(chat_id, int) else None
        await self._pace.wait(chat_id, lane.get())
        started = time.monotonic()
        outcome = "error"
        try:
            answer = await make_request(bot, method)
            outcome = "ok"
            return answer
        except TelegramRetryAfter as error:
            outcome = "429"
            self._pace.refused(chat_id, float(error.retry_after))
            raise
        finally:
            took = time.monotonic() - started
            self._pace.took(took)
            CALL_SECONDS.observe(took)
            CALLS.labels(name, outcome).inc()


def is_paced(name: str) -> bool:
    """Return whether a method counts against what a bot may send."""
    low = name.lower()
    return low.startswith(PACED) and low not in UNPACED


class Session(AiohttpSession):
    """aiogram's session, with two paths of its own: prepared sends, and updates one by one."""

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        """Return the result of a call; raises aiogram's own exceptions."""
        if isinstance(method, PreparedSend):
            return cast(TelegramType, await self._send_prepared(bot, method))
        if isinstance(method, GetUpdates):
            return cast(TelegramType, await self._get_updates(bot, method, timeout))
        return await super().make_request(bot, method, timeout)

    async def _send_prepared(self, bot: Bot, method: PreparedSend) -> int:
        url = self.api.api_url(token=bot.token, method=method.api_method)
        headers = {"Content-Type": "application/json"}
        status, raw = await self._post(method, url, data=method.body(), headers=headers)
        if status == 200:
            try:
                return int(orjson.loads(raw)["result"]["message_id"])
            except (ValueError, KeyError, TypeError):
                pass
        self.check_response(bot, method, status, raw.decode(errors="replace"))
        raise TelegramNetworkError(method=method, message="the answer holds no message")

    async def _get_updates(self, bot: Bot, method: GetUpdates, timeout: int | None) -> list[Update]:
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        form = self.build_form_data(bot=bot, method=method)
        status, raw = await self._post(method, url, data=form, timeout=timeout)
        try:
            values = orjson.loads(raw)["result"] if status == 200 else None
        except (ValueError, KeyError, TypeError):
            values = None
        if not isinstance(values, list):
            response = self.check_response(bot, method, status, raw.decode(errors="replace"))
            return list(response.result or ())
        return [found for value in values if (found := _update(bot, value)) is not None]

    async def _post(
        self, method: TelegramMethod[Any], url: str, *, timeout: int | None = None, **body: Any
    ) -> tuple[int, bytes]:
        session = await self.create_session()
        try:
            async with session.post(url, timeout=ClientTimeout(timeout or self.timeout), **body) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TelegramNetworkError(method=method, message="Request timeout error") from error
        except ClientError as error:
            # An aiohttp error may carry the URL, and with it the token.
            raise TelegramNetworkError(method=method, message=type(error).__name__) from error


def _update(bot: Bot, value: Any) -> Update | None:
    """Return the update; where it can't be read, an empty one, so that those behind it are not held up."""
    try:
        return Update.model_validate(value, context={"bot": bot})
    except ValidationError as error:
        number = value.get("update_id") if isinstance(value, dict) else None
        UPDATES_SKIPPED.inc()
        log.warning("update %s can't be read and is skipped: %s", number, error.errors()[0]["loc"])
        return Update.model_construct(update_id=number) if isinstance(number, int) else None
