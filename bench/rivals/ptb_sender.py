"""python-telegram-bot with its rate limiter: `python -m bench.rivals.ptb_sender URL COUNT RATE`."""

from __future__ import annotations

import asyncio
import json
import logging
import sys

from telegram import InlineKeyboardMarkup
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bench.support.cores import pin
from bench.support.news import BUTTONS, FIRST_CHAT, TEXT, TOKEN
from bench.support.stopwatch import Stopwatch


async def main(url: str, count: int, rate: float) -> dict[str, float]:
    limiter = AIORateLimiter(overall_max_rate=rate, overall_time_period=1, max_retries=10)
    bot: ExtBot[None] = ExtBot(
        TOKEN,
        base_url=f"{url}/bot",
        rate_limiter=limiter,
        request=HTTPXRequest(connection_pool_size=100, pool_timeout=600),
    )
    markup = InlineKeyboardMarkup.de_json({"inline_keyboard": BUTTONS}, bot)
    chats = iter(range(FIRST_CHAT, FIRST_CHAT + count))

    async def work() -> None:
        for chat in chats:
            await bot.send_message(chat, TEXT, reply_markup=markup)

    async with bot:
        watch = Stopwatch()
        await asyncio.gather(*(work() for _ in range(100)))
        return watch.read(count)


if __name__ == "__main__":
    pin()
    logging.disable(logging.CRITICAL)
    print(json.dumps(asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))))
