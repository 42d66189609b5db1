"""Webhooks: updates are posted in order, one at a time, each until the bot takes it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import orjson

from bot.sandbox.calls.answers import Json
from bot.sandbox.calls.updates import UpdateQueue

ANSWER_SECONDS = 60
LONGEST_PAUSE = 60  # seconds
_HEADER = "X-Telegram-Bot-Api-Secret-Token"

Reply = Callable[[Json], Awaitable[None]]


class Webhook:
    """Posts one bot's updates to an address until it is stopped."""

    def __init__(self, url: str, secret: str, queue: UpdateQueue, reply: Reply) -> None:
        self.url = url
        self.secret = secret
        self.last_error = ""
        self.last_error_at = 0
        self._queue = queue
        self._reply = reply
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Stop posting."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        offset, pause = 0, 0.0
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        headers = {"Content-Type": "application/json"} | ({_HEADER: self.secret} if self.secret else {})
        async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
            while True:
                found = await self._queue.poll(offset, 1, ANSWER_SECONDS)
                if not found:
                    continue
                if await self._post(session, found[0]):
                    offset, pause = found[0]["update_id"] + 1, 0.0
                    self._queue.confirm(offset)
                else:
                    await asyncio.sleep(pause)
                    pause = min(max(1.0, pause * 2), LONGEST_PAUSE)

    async def _post(self, session: aiohttp.ClientSession, update: Json) -> bool:
        try:
            async with session.post(self.url, data=orjson.dumps(update), allow_redirects=False) as response:
                body = await response.read()
                if not 200 <= response.status < 300:
                    self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
                    return False
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            self._failed(f"Connection failed: {type(error).__name__}")
            return False
        await self._answer(body)
        return True

    async def _answer(self, body: bytes) -> None:
        """Carry out the method that the bot put into its answer, if any; nobody is told the result."""
        try:
            asked = orjson.loads(body)
        except orjson.JSONDecodeError:
            return
        if isinstance(asked, dict) and "method" in asked:
            await self._reply(asked)

    def _failed(self, why: str) -> None:
        self.last_error = why
        self.last_error_at = int(self._queue.now())
