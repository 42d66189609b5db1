"""The sandbox as one object: started and stopped in a process, moved by its methods."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox import groups, people
from bot.sandbox.answers import Impossible, Json
from bot.sandbox.calls import CallLog
from bot.sandbox.control import Control
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.limits import Gate, Limits
from bot.sandbox.live import Live
from bot.sandbox.server import BotApi
from bot.sandbox.state import Bot, Chat, Person, World
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.views import chat_view

FIRST_USER = 100_000
MAX_REQUEST = 55 << 20  # bytes
STOP_SECONDS = 1.0
_TOKEN = re.compile(r"\d{1,19}:[A-Za-z0-9_-]{30,}\Z")
_PAGE = Path(__file__).parent / "page"


class PortBusy(OSError):
    """Another program listens where the sandbox should; the text is a sentence for people."""


class Sandbox:
    """A Bot API server with its people and chats, in memory, on a loopback address.

    Verbs return Bot API objects as dictionaries, and raise `Impossible` for what cannot be.
    """

    def __init__(
        self,
        *,
        strict: bool = True,
        limits: Limits | None = None,
        accept_any_token: bool = False,
        calls_kept: int = 50_000,
    ) -> None:
        """Make one, not yet serving.

        Args:
            strict: refuse parameters that a method does not have, where Telegram ignores them.
            limits: flood limits, none by default; `Limits.telegram()` has Telegram's figures.
            accept_any_token: register the bot of any well-formed token when it first calls.
            calls_kept: how many calls the log keeps.
        """
        self.world = World(Files())
        self.call_log = CallLog(calls_kept)
        self.faults = Faults()
        self.gate = Gate(limits or Limits(), self.world.now)
        self.url = ""
        self._welcome = self._welcome_any if accept_any_token else None
        self._api = BotApi(
            self.world, self.call_log, self.faults, self.gate, strict=strict, welcome=self._welcome
        )
        self._live = Live(self.world)
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> str:
        """Serve the Bot API, the control API and the page, and return the address; port 0 takes a free one.

        Raises:
            PortBusy: another program listens there.
        """
        app = web.Application(client_max_size=MAX_REQUEST)
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self._api.serve)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._api.download)
        app.router.add_routes(Control(self).routes())
        app.router.add_get("/sandbox/live", self._live.serve)
        app.router.add_get("/", _index)
        app.router.add_static("/static", _PAGE)
        app.on_response_prepare.append(_guard)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=STOP_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            await runner.cleanup()
            if error.errno == errno.EADDRINUSE:
                raise PortBusy(f"Port {port} on {host} is busy: another program listens there.") from None
            raise
        self._runner = runner
        self.url = f"http://{host}:{runner.addresses[0][1]}"
        return self.url

    async def stop(self) -> None:
        """Stop serving; what waits is let go at once."""
        self._api.stop()
        await self._live.close()
        for bot in self.world.bots.values():
            bot.updates.release()
            if bot.webhook is not None:
                await bot.webhook.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def add_bot(self, token: str, username: str, first_name: str = "") -> Json:
        """Register a bot and return its User; its id is what stands before the token's colon."""
        if not _TOKEN.match(token):
            raise Impossible("a token is digits, a colon and at least 30 letters, digits, _ or -")
        bot_id = int(token.partition(":")[0])
        user = {"id": bot_id, "is_bot": True, "first_name": first_name or username, "username": username}
        self.world.bots[bot_id] = Bot(token, user, UpdateQueue(self.world.now))
        self.world.changes.wake()
        return user

    def _welcome_any(self, token: str) -> Bot:
        user = self.add_bot(token, f"bot{token.partition(':')[0]}_bot")
        return self.world.bots[user["id"]]

    def bot(self, bot_id: int | None = None) -> Bot:
        """Return a bot, the first one where none is named (its `privacy` may be changed)."""
        return self.world.bots[bot_id] if bot_id else next(iter(self.world.bots.values()))

    def set_stars(self, amount: int, bot_id: int | None = None) -> None:
        """Put so many Telegram Stars on a bot's balance; paid broadcasts are charged to it."""
        self.bot(bot_id).stars.tenths = amount * 10

    def add_user(
        self,
        first_name: str,
        *,
        id: int | None = None,
        last_name: str = "",
        username: str = "",
        language_code: str = "",
    ) -> Json:
        """Add a person, or change one who is there, and return their User."""
        user: Json = {"id": id or FIRST_USER + self.world.serial(), "is_bot": False, "first_name": first_name}
        given = {"last_name": last_name, "username": username, "language_code": language_code}
        user.update({name: value for name, value in given.items() if value})
        self.world.people[user["id"]] = Person(user)
        self.world.changes.tell("user", user=user)
        return user

    def add_chat(
        self,
        type: str,
        *,
        title: str,
        creator: int,
        username: str = "",
        is_forum: bool = False,
        members: Iterable[int] = (),
    ) -> Json:
        """Make a group, supergroup or channel and return its ChatInfo; bots among the members are told."""
        chat = groups.create(self.world, type, title, creator, username=username, is_forum=is_forum)
        for member in members:
            if member in self.world.bots:
                status = "administrator" if type == "channel" else "member"
                groups.set_member(self.world, chat, member, status, by=creator)
            elif member != creator:
                self.world.user(member)
                chat.members[member] = {"status": "member"}
        groups.tell(self.world, chat)
        return chat_view(self.world, chat)

    def chat(self, chat_id: int, bot_id: int | None = None) -> Chat:
        """Return a chat as it is kept; a private one is the first bot's unless `bot_id` says whose."""
        return self.world.chat(chat_id, bot_id)

    def set_member(
        self, chat_id: int, user_id: int, status: str, *, by: int | None = None, rights: Json | None = None
    ) -> Json:
        """Change somebody's status in a chat (a bot's too) and return the ChatInfo.

        An administrator for whom no rights are given has them all.
        """
        chat = self.chat(chat_id)
        actor = by if by is not None else next(iter(chat.members))
        groups.set_member(self.world, chat, user_id, status, by=actor, rights=rights)
        return chat_view(self.world, chat)

    def restrict(self, chat_id: int, **permissions: bool) -> None:
        """Set what members of a group may do, as `can_send_photos=False`; administrators are free."""
        self.chat(chat_id).permissions.update(permissions)

    def send(self, chat_id: int, user_id: int, text: str = "", **options: Any) -> Json:
        """Let a person write and return the message; the options are those of `people.write`."""
        return people.write(self.world, self.chat(chat_id), user_id, text, **options).view()

    def edit(self, chat_id: int, user_id: int, message_id: int, text: str) -> Json:
        """Let a person edit their message and return it."""
        return people.edit(self.world, self.chat(chat_id), user_id, message_id, text).view()

    def press(self, chat_id: int, user_id: int, message_id: int, data: str, *, forge: bool = False) -> str:
        """Let a person press a button and return the callback query's id."""
        return people.press(self.world, self.chat(chat_id), user_id, message_id, data, forge=forge).id

    def callback(self, callback_id: str) -> Json:
        """Return what the bot answered to a press: {"answered": …, "text"?, "show_alert"?, "url"?}."""
        answer = self.world.callbacks[callback_id].answer
        return {"answered": answer is not None, **(answer or {})}

    def block(self, user_id: int, *, bot_id: int | None = None, blocked: bool = True) -> None:
        """Let a person stop the bot, or (`blocked=False`) start it again."""
        people.set_blocked(self.world, self.chat(user_id, bot_id), blocked)

    def deactivate(self, user_id: int) -> None:
        """Delete a person's account."""
        people.deactivate(self.world, user_id)

    def add_thread(self, chat_id: int, name: str) -> int:
        """Open a topic in a forum and return its id."""
        return groups.open_thread(self.world, self.chat(chat_id), name).id

    def change_thread(
        self, chat_id: int, thread_id: int, *, closed: bool | None = None, deleted: bool | None = None
    ) -> None:
        """Close, reopen or delete a topic."""
        groups.change_thread(self.world, self.chat(chat_id), thread_id, closed=closed, deleted=deleted)

    def upgrade(self, chat_id: int) -> int:
        """Make a supergroup of a basic group and return its new id."""
        return groups.upgrade(self.world, self.chat(chat_id)).id

    def delete_chat(self, chat_id: int) -> None:
        """Delete a group or channel for everybody."""
        groups.delete_chat(self.world, self.chat(chat_id))

    def messages(self, chat_id: int, *, include_deleted: bool = False) -> list[Json]:
        """Return a chat's messages, oldest first."""
        stored = self.chat(chat_id).messages.values()
        return [message.view() for message in stored if include_deleted or not message.deleted]

    def calls(self, since: int = 0, method: str = "") -> list[Json]:
        """Return the logged calls, those of one method where it is named."""
        wanted = method.lower()
        return [c.view() for c in self.call_log.since(since) if not wanted or c.method.lower() == wanted]

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self.world.offset += seconds
        self.world.changes.tell("clock", now=self.world.now())

    def set_clock(self, at: float) -> None:
        """Set the clock to a Unix time."""
        self.advance(at - self.world.now())

    def fault(self, kind: str | int, *, match: Json | None = None, **options: Any) -> Json:
        """Make calls go wrong; kinds and options are those of `faults.Fault`."""
        if str(kind) == "undecodable":
            for bot in self.world.bots.values():
                bot.updates.spoil_next(options.get("times", 1))
            return {"kind": "undecodable"}
        return self.faults.add(str(kind), match, **options).view()

    def clear_faults(self) -> None:
        """Drop every fault, and open what a 429 has closed."""
        self.faults.clear()
        self.gate.open()

    def offer_picture(self, url: str, content: bytes) -> None:
        """Have a picture stand behind a URL, without a network."""
        self.world.files.offered[url] = content

    async def wait_until(self, predicate: Callable[[], Any], timeout: float = 10) -> Any:
        """Return the predicate's first true value, asked again after each change and call.

        Raises:
            TimeoutError: `timeout` seconds went by without one.
        """
        return await self.world.changes.until(predicate, timeout)


async def _index(request: web.Request) -> web.FileResponse:
    return web.FileResponse(_PAGE / "index.html")


async def _guard(request: web.Request, response: web.StreamResponse) -> None:
    """Keep browsers from guessing types, from caching an old page, and from running anything foreign."""
    if request.path.startswith("/bot"):
        return
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; frame-ancestors 'self'"
    )
