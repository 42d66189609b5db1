"""`python -m bot demo`: starts the sandbox, the wire and the bot, and stops them."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bot.demo import desk
from bot.demo.child import GaveUp, keep_running
from bot.demo.folder import DATABASE, LOG, NEWSROOM, TEMPLATES, Folder, InUse, take_folder
from bot.demo.free_port import free_port
from bot.demo.people import MARIA, Cast, has_answered, settle_in
from bot.demo.stories import SAMPLE
from bot.demo.wire import Wire
from bot.demo.words import WORDS, Words, system_language, welcome
from bot.sandbox import Limits, PortBusy, Sandbox

EXIT_SETUP = 2
PORTS_TRIED = 50
BOT_ID = 5_550_100
USERNAME = "vestnik_demo_bot"
ZONES = {"ru": "Europe/Moscow", "en": "Europe/London"}
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_ROOT = Path(__file__).parents[2]


class CannotStart(Exception):
    """The demo can't start; the text is a sentence for people."""


def main(port: int, host: str, folder: Path | None, language: str | None) -> int:
    """Run the demo until Ctrl-C or SIGTERM and return the exit code.

    Args:
        port: where the page is served, or the next free one; 0 takes any.
        host: a loopback address.
        folder: for the database and the log; none: `data/demo`.
        language: of the terminal, the editor and the newcomer, ru or en; none: the system's.
    """
    spoken = language or system_language()
    words = WORDS[spoken]
    try:
        taken = _taken(folder, words)
        try:
            return asyncio.run(_Demo(words, Cast(spoken), taken).run(host, port))
        finally:
            taken.close()
    except CannotStart as error:
        print(error, file=sys.stderr)
        return EXIT_SETUP
    except KeyboardInterrupt:  # before the signals are the demo's own
        return 0


def _taken(folder: Path | None, words: Words) -> Folder:
    try:
        return take_folder(folder)
    except InUse:
        raise CannotStart(words.folder_in_use.format(folder=folder)) from None
    except OSError as error:
        named = folder or Path(error.filename or ".")
        raise CannotStart(words.no_folder.format(folder=named, reason=error.strerror)) from None


class _Demo:
    def __init__(self, words: Words, cast: Cast, folder: Folder) -> None:
        self.words = words
        self.cast = cast
        self.folder = folder
        self.log = folder.shown / LOG
        self.sandbox = Sandbox(limits=Limits.telegram())
        # A token of this start alone: a bot left over from an earlier one is refused, not obeyed.
        self.token = f"{BOT_ID}:{secrets.token_urlsafe(26)}"
        self.operator_token = secrets.token_urlsafe(18)
        self.web = ("", 0)

    async def run(self, host: str, port: int) -> int:
        stop = asyncio.Event()
        for number in SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        self.sandbox.add_bot(self.token, USERNAME, self.cast.agency)
        self.sandbox.set_inline()
        self.cast.arrive(self.sandbox)
        await self._open_page(host, port)
        wire = Wire()
        try:
            _say(welcome(self.words, self.cast, str(self.log)))
            return await self._live(wire, await wire.start(host), stop)
        finally:
            await wire.stop()
            await self.sandbox.stop()

    async def _open_page(self, host: str, port: int) -> None:
        for offered in range(port, port + PORTS_TRIED):
            try:
                url = await self.sandbox.start(offered, host)
            except PortBusy:
                continue
            except (OSError, OverflowError) as error:
                reason = getattr(error, "strerror", None) or error
                raise CannotStart(self.words.no_port.format(port=offered, reason=reason)) from None
            _say(self.words.address.format(url=url + "/"))
            if offered != port:
                _say(self.words.busy.format(asked=port, port=offered))
            self._say_where_the_operator_looks(host, offered)
            return
        raise CannotStart(self.words.no_port.format(port=port, reason="EADDRINUSE"))

    def _say_where_the_operator_looks(self, host: str, beside: int) -> None:
        """Choose the port of the bot's own page, beside that of the chats, and print a link that logs in."""
        self.web = host, free_port(host, beside + 1 if beside else 0)
        shown = f"[{host}]" if ":" in host else host
        # Behind the # the token is sent to nobody.
        url = f"http://{shown}:{self.web[1]}/operator#{self.operator_token}"
        _say(self.words.operator.format(url=url))

    async def _live(self, wire: Wire, wire_url: str, stop: asyncio.Event) -> int:
        sample = (SAMPLE / NEWSROOM).read_text(encoding="utf-8")
        newsroom = sample.replace("{wire}", wire_url)
        (self.folder.path / NEWSROOM).write_text(newsroom, encoding="utf-8")
        tasks = [
            asyncio.create_task(keep_running(self._environment(), self.folder.path, self._died)),
            asyncio.create_task(self._news(wire)),
            asyncio.create_task(stop.wait()),
        ]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            _say(self.words.stopping)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            for task in done:
                task.result()
        except GaveUp:
            _say(self.words.gave_up.format(log=self.log))
            return 1
        return 0

    async def _news(self, wire: Wire) -> None:
        await asyncio.gather(settle_in(self.sandbox, self.cast), self._say_when_it_works())
        await asyncio.gather(wire.play(), desk.work(self.sandbox, self.cast))

    async def _say_when_it_works(self) -> None:
        if await has_answered(self.sandbox):
            _say(self.words.works)

    def _environment(self) -> Mapping[str, str]:
        # Run in the folder, so that no .env of a real bot is read.
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH")))),
            "BOT_TOKEN": self.token,
            "BOT_API_URL": self.sandbox.url,
            "DATABASE_URL": f"sqlite:///{DATABASE}",
            "OWNER_IDS": str(MARIA),
            "LANGUAGE": self.cast.language,
            "TIME_ZONE": ZONES[self.cast.language],
            "NEWSROOM_FILE": NEWSROOM,
            "TEMPLATES_DIR": TEMPLATES,
            "FEED_MIN_INTERVAL": "5",
            "ALLOW_PRIVATE_FEEDS": "1",
            "LOG_FILE": LOG,
            "WEB_HOST": self.web[0],
            "WEB_PORT": str(self.web[1]),
            "OPERATOR_TOKEN": self.operator_token,
        }

    def _died(self, code: int, last_words: list[str]) -> None:
        _say(self.words.died.format(code=code))
        for line in last_words:
            shown = line.replace(self.token, "<token>").replace(self.operator_token, "<token>")
            _say(f"  {shown}")


def _say(text: str) -> None:
    with suppress(OSError):  # whoever read the terminal may be gone
        print(text, flush=True)
