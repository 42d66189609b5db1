"""Webhooks: updates are posted to the bot's address, each until the bot takes it.

Queues, waits and the words of errors: `WebhookActor.cpp` of the Bot API server. Unlike there, connections are opened
without a wait, and an update's last wait ends when the update expires.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import orjson

from bot.sandbox.calls.answers import Json
from bot.sandbox.calls.updates import UpdateQueue, Waiting

ANSWER_SECONDS = 60
LONGEST_PAUSE = 60  # seconds; up to twice as long, by chance
LONGEST_RETRY_AFTER = 3600  # seconds
USUAL_CONNECTIONS, MOST_CONNECTIONS = 40, 100
_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_OF_PERSONS = ("callback_query", "inline_query", "chosen_inline_result")

Reply = Callable[[Json], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook posts to, what it shows there, and by how many connections at once."""

    url: str
    secret: str
    connections: int = USUAL_CONNECTIONS


class Webhook:
    """Posts one bot's updates to an address until it is stopped: those of a chat one after the other."""

    def __init__(self, target: Target, queue: UpdateQueue, reply: Reply, posted: Callable[[], None]) -> None:
        """Begin to post; `posted` is called after each try."""
        self.target = target
        self.last_error = ""
        self.last_error_at = 0
        self._queue = queue
        self._reply = reply
        self._posted = posted
        self._slots = asyncio.Semaphore(target.connections)
        self._waiting: dict[tuple[bool, int], deque[Waiting]] = {}
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Stop posting. What was not answered yet is not confirmed."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        headers = {"Content-Type": "application/json"}
        if self.target.secret:
            headers[_HEADER] = self.target.secret
        connector = aiohttp.TCPConnector(limit=self.target.connections)
        last = 0
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout, headers=headers) as session,
            asyncio.TaskGroup() as posting,
        ):
            while True:
                self._queue.arrived.clear()
                for one in self._queue.waiting_after(last):
                    last = one.id
                    if (key := _key(one.update)) in self._waiting:
                        self._waiting[key].append(one)
                    else:
                        self._waiting[key] = deque([one])
                        posting.create_task(self._post_all(session, key))
                await self._queue.arrived.wait()

    async def _post_all(self, session: aiohttp.ClientSession, key: tuple[bool, int]) -> None:
        """Post what one chat said, in order: an update that is not taken holds up those behind it."""
        waiting = self._waiting[key]
        while waiting:
            pause, fails = 1, 0
            while self._queue.holds(waiting[0]):
                async with self._slots:
                    retry_after = await self._post(session, waiting[0].update)
                if retry_after is None:
                    self._queue.forget(waiting[0].id)
                self._posted()
                if retry_after is None:
                    break
                if not retry_after and fails:
                    pause = min(random.randint(LONGEST_PAUSE, 2 * LONGEST_PAUSE), pause * 2)  # noqa: S311
                    retry_after = pause
                fails += 1
                await asyncio.sleep(retry_after)
            waiting.popleft()
        del self._waiting[key]

    async def _post(self, session: aiohttp.ClientSession, update: Json) -> int | None:
        """Post an update once; return None where it was taken, else for how long the bot asks to wait."""
        body = orjson.dumps(update)
        try:
            async with session.post(self.target.url, data=body, allow_redirects=False) as response:
                said = await response.read()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            self._failed(f"Connection failed: {type(error).__name__}")
            return 0
        if 200 <= response.status < 300:
            await self._answer(said)
            return None
        self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
        asked = response.headers.get("Retry-After", "")
        return min(LONGEST_RETRY_AFTER, int(asked)) if asked.isdecimal() else 0

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


def _key(update: Json) -> tuple[bool, int]:
    """Return whose updates wait for one another: a person's presses and queries, a chat's everything else."""
    kind = next(name for name in update if name != "update_id")
    event = update[kind]
    if kind in _OF_PERSONS or "chat" not in event:
        return True, int(event["from"]["id"]) if isinstance(event["from"]["id"], int) else 0
    return False, int(event["chat"]["id"])
