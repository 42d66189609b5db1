"""A picture is brought to Telegram by one call; what that finds out is news to the others."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import SendPhoto, TelegramMethod

from bot.media.pictures import Given, Pictures
from bot.model.clock import Clock
from bot.model.errors import MediaError, PictureRefused
from bot.store.engine.database import Database
from bot.telegram.pictures.upload import PictureUpload
from bot.telegram.transport.ticket import CallTicket
from tests.support.figures import figure

TOKEN = "700700:" + "T" * 35
PICTURE = "https://news.example.com/a.jpg"


async def barred(url: str) -> bytes:
    raise MediaError("refused", elsewhere=True)


class Late(Pictures):
    """Hands the one who asks first what it `found` only once `seen` is set."""

    found: asyncio.Event
    seen: asyncio.Event

    async def get(self, url: str, *, checked: bool = True) -> Given:
        late = not self.found.is_set()
        found = await super().get(url, checked=checked)
        self.found.set()
        if late:
            await self.seen.wait()
        return found


async def test_a_picture_refused_meanwhile_is_not_tried_again_with_what_was_found_before(
    sqlite_db: Database,
) -> None:
    pictures = Late(sqlite_db, 700700, Clock(), barred)
    pictures.found, pictures.seen = asyncio.Event(), asyncio.Event()
    uploads = PictureUpload(pictures, 5)
    bot = Bot(TOKEN)
    calls: list[TelegramMethod[Any]] = []

    async def refuse(bot: Bot, method: TelegramMethod[Any]) -> Any:
        calls.append(method)
        raise TelegramBadRequest(method, "Bad Request: failed to get HTTP URL content")

    async def send(chat_id: int) -> None:
        request: NextRequestMiddlewareType[Any] = refuse
        await uploads(request, bot, SendPhoto(chat_id=chat_id, photo=PICTURE), CallTicket())

    counted = figure("vestnik_pictures_total", outcome="refused")
    late = asyncio.create_task(send(1))
    await pictures.found.wait()
    with pytest.raises(PictureRefused):
        await send(2)
    pictures.seen.set()
    with pytest.raises(PictureRefused):
        await late
    assert len(calls) == 1
    assert figure("vestnik_pictures_total", outcome="refused") == counted + 1
    await bot.session.close()
