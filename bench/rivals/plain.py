"""Plain aiogram and raw aiohttp: `python -m bench.rivals.plain HOW URL COUNT`, HOW one of the names below."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable

import aiohttp
import uvloop
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramRetryAfter
from aiogram.types import InlineKeyboardMarkup

from bench.support.cores import pin
from bench.support.news import BUTTONS, FIRST_CHAT, TEXT, TOKEN
from bench.support.stopwatch import Stopwatch

Send = Callable[[int], Awaitable[object]]
KEYBOARD = InlineKeyboardMarkup.model_validate({"inline_keyboard": BUTTONS})


async def workers(send: Send, count: int, many: int) -> dict[str, float]:
    """Send to so many chats from so many workers."""
    chats = iter(range(FIRST_CHAT, FIRST_CHAT + count))

    async def work() -> None:
        for chat in chats:
            await send(chat)

    watch = Stopwatch()
    await asyncio.gather(*(work() for _ in range(many)))
    return watch.read(count)


async def aiogram(url: str, count: int, many: int) -> dict[str, float]:
    """Send as any bot does that uses aiogram, waiting where a 429 asks for it."""
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))

    async def send(chat: int) -> None:
        while True:
            try:
                await bot.send_message(chat, TEXT, reply_markup=KEYBOARD)
                return
            except TelegramRetryAfter as error:
                await asyncio.sleep(error.retry_after)

    async with bot:
        return await workers(send, count, many)


async def raw(url: str, count: int, many: int) -> dict[str, float]:
    """Send bytes that were encoded once, with aiohttp alone: what any client on it can't be faster than."""
    message = {"text": TEXT, "reply_markup": {"inline_keyboard": BUTTONS}}
    tail = json.dumps(message, ensure_ascii=False)[1:].encode()
    headers = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session:

        async def send(chat: int) -> None:
            body = b'{"chat_id":%d,%b' % (chat, tail)
            async with session.post(f"{url}/bot{TOKEN}/sendMessage", data=body, headers=headers) as answer:
                await answer.read()

        return await workers(send, count, many)


HOWS: dict[str, Callable[[str, int], Awaitable[dict[str, float]]]] = {
    "aiogram": lambda url, count: aiogram(url, count, 100),
    "aiogram-one-by-one": lambda url, count: aiogram(url, count, 1),
    "raw": lambda url, count: raw(url, count, 100),
}


async def main(how: str, url: str, count: int) -> dict[str, float]:
    """Measure one of them."""
    return await HOWS[how](url, count)


if __name__ == "__main__":
    pin()
    print(json.dumps(uvloop.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))))
