"""The sandbox as one object: started and stopped in a process, moved by its methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.sandbox import people
from bot.sandbox.answers import Json
from bot.sandbox.calls import CallLog
from bot.sandbox.files import Files
from bot.sandbox.server import BotApi
from bot.sandbox.state import Bot, Chat, Person, World
from bot.sandbox.updates import UpdateQueue

FIRST_USER = 100_001
FIRST_CHANNEL = -1_001_000_000_001


class Sandbox:
    """A Bot API server with its people and chats, in memory, on a loopback address."""

    def __init__(self, *, strict: bool = True, calls_kept: int = 50_000) -> None:
        self.world = World(Files())
        self.call_log = CallLog(calls_kept)
        self._api = BotApi(self.world, self.call_log, strict=strict)
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> str:
        """Serve, and return the address; port 0 takes a free one.

        Raises:
            OSError: the port is busy; the text says so in a sentence.
        """
        app = web.Application(client_max_size=55 << 20)
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self._api.serve)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        taken = self._runner.addresses[0][1]
        self.url = f"http://{host}:{taken}"
        return self.url

    async def stop(self) -> None:
        """Stop serving; long polls are answered at once."""
        for bot in self.world.bots.values():
            bot.updates.release()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def add_bot(self, token: str, username: str, first_name: str = "") -> Json:
        """Register a bot; its id is what stands before the token's colon."""
        bot_id = int(token.partition(":")[0])
        user = {"id": bot_id, "is_bot": True, "first_name": first_name or username, "username": username}
        self.world.bots[bot_id] = Bot(token, user, UpdateQueue(self.world.now))
        return user

    def add_user(
        self,
        first_name: str,
        *,
        id: int | None = None,
        last_name: str = "",
        username: str = "",
        language_code: str = "",
    ) -> Json:
        """Add a person and return their User object."""
        user: Json = {"id": id or FIRST_USER + self.world.serial(), "is_bot": False, "first_name": first_name}
        given = {"last_name": last_name, "username": username, "language_code": language_code}
        user.update({name: value for name, value in given.items() if value})
        self.world.people[user["id"]] = Person(user)
        return user

    def chat(self, chat_id: int) -> Chat:
        """Return a chat."""
        return self.world.chat(chat_id)

    def send(self, chat_id: int, user_id: int, text: str, **options: Any) -> Json:
        """Let a person write; see `people.write` for the options."""
        return people.write(self.world, self.chat(chat_id), user_id, text, **options).body

    def press(self, chat_id: int, user_id: int, message_id: int, data: str, *, forge: bool = False) -> str:
        """Let a person press a button and return the callback query's id."""
        return people.press(self.world, self.chat(chat_id), user_id, message_id, data, forge=forge).id

    def messages(self, chat_id: int, *, include_deleted: bool = False) -> list[Json]:
        """Return a chat's messages, oldest first."""
        stored = self.chat(chat_id).messages.values()
        return [message.view() for message in stored if include_deleted or not message.deleted]

    def calls(self, since: int = 0, method: str = "") -> list[Json]:
        """Return the logged calls, those of one method where it is named."""
        wanted = method.lower()
        return [c.view() for c in self.call_log.since(since) if not wanted or c.method.lower() == wanted]

    async def wait_until(self, predicate: Callable[[], Any], timeout: float = 10) -> Any:  # noqa: ASYNC109
        """Return the predicate's first true value, asked again after each change.

        Raises:
            TimeoutError: `timeout` seconds went by without one.
        """
        return await self.world.changes.until(predicate, timeout)
