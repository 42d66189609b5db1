"""Many updates over many lives of one bot, as processes: killed and restarted, with a webhook and by polling."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox import Sandbox
from bot.store.engine.database import open_database
from bot.store.operations import inbox
from tests.support.process import Lives
from tests.support.servers.ports import free_port

BOT_ID = 700700
TOKEN = f"{BOT_ID}:" + "T" * 35
FIRST, PEOPLE = 1000, 200
SECONDS = 120.0


@dataclass
class Tally:
    """How often each person asked and was answered.

    `doubt` is how often a kill fell between an answer and its row: the next life answers that once more, because it
    can't know. A restart in order leaves nothing in doubt.
    """

    asked: Counter[int] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    doubt: Counter[int] = field(default_factory=Counter)
    kills: int = 0
    restarts: int = 0
    codes: list[int | None] = field(default_factory=list)

    @property
    def lost(self) -> dict[int, int]:
        """Who got fewer answers than they asked for, and how many fewer."""
        return dict(self.asked - self.answered)

    @property
    def twice(self) -> dict[int, int]:
        """Who got more answers than that, but for what was in doubt."""
        return dict(self.answered - (self.asked + self.doubt))


class Telephone:
    """People who ask the bot for their number again and again, whatever becomes of it."""

    def __init__(self, folder: Path, url: str, sandbox: Sandbox, seed: int = 7) -> None:
        self.tally = Tally()
        self._persons: dict[int, int] = {}
        self.sandbox = sandbox
        self._url = url
        self._dice = random.Random(seed)
        port = str(free_port())
        self._hook = {"WEBHOOK_URL": f"http://127.0.0.1:{port}", "WEB_PORT": port}
        rates = {"GLOBAL_RATE": "2000", "CHAT_RATE": "1000", "CHAT_BURST": "1000"}
        settings = {"BOT_TOKEN": TOKEN, "BOT_API_URL": sandbox.url, "DATABASE_URL": url, "OWNER_IDS": "11"}
        self.lives = Lives(folder, settings | rates)
        sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
        (folder / "newsroom.toml").write_text('name = "Вестник Долины"\n', encoding="utf-8")
        for number in range(FIRST, FIRST + PEOPLE):
            sandbox.add_user(f"Читатель {number}", id=number)
            sandbox.chat(number).started = True

    def begin(self, *, polls: bool = False) -> None:
        """Begin a life, with a webhook unless it polls."""
        self.lives.begin(**({} if polls else self._hook))

    def ask(self, count: int) -> None:
        """Let so many ask at once."""
        for _ in range(count):
            person = FIRST + self._dice.randrange(PEOPLE)
            self.tally.asked[person] += 1
            self.sandbox.send(person, person, "/id")
            [*_, one] = self.sandbox.bot().updates.waiting_after(max(self._persons, default=0))
            self._persons[one.id] = person

    def answers(self) -> int:
        """Count the answers so far."""
        calls = self.sandbox.calls(method="sendMessage")
        self.tally.answered = Counter(int(each["chat_id"]) for each in calls if each["status"] == 200)
        return self.tally.answered.total()

    async def answered(self, count: int) -> None:
        """Wait until there are so many answers in all."""
        await self.sandbox.wait_until(lambda: self.answers() >= count, timeout=SECONDS)

    async def kill(self) -> None:
        """End the life at once, and take note of what is in doubt."""
        await self.lives.kill()
        self.tally.kills += 1
        before = -1
        while before != (before := len(self.sandbox.calls())):
            await asyncio.sleep(0.05)
        self.answers()
        left = Counter(self._persons[each] for each in await self.unhandled())
        handled = self.tally.asked - left
        self.tally.doubt += self.tally.answered - self.tally.doubt - handled

    async def restart(self) -> None:
        """End the life in order."""
        self.tally.codes.append(await self.lives.stop())
        self.tally.restarts += 1

    async def unhandled(self) -> set[int]:
        """Return the updates that are with Telegram, or in the inbox, and not written down as handled."""
        db = open_database(self._url)
        async with db.read() as tx:
            waiting, handled = await inbox.waiting(tx, BOT_ID), await inbox.handled(tx, BOT_ID)
        await db.close()
        with_telegram = {each.id for each in self.sandbox.bot().updates.waiting_after(0)}
        return {*waiting} | (with_telegram - handled)


async def live_again_and_again(phone: Telephone, *, updates: int, ends: int) -> Tally:
    """Let so many updates come over twice so many lives: one is killed, the next restarted; each fifth polls."""
    each = updates // (2 * ends)
    for life in range(2 * ends):
        phone.begin(polls=life % 5 == 4)
        phone.ask(each)
        # Somewhere in the middle of what it has to do.
        await phone.answered(phone.answers() + 1 + life * each // (2 * ends))
        await (phone.restart() if life % 2 else phone.kill())
    lives = len(phone.sandbox.calls(method="setWebhook"))
    phone.begin()
    await phone.sandbox.wait_until(
        lambda: len(phone.sandbox.calls(method="setWebhook")) > lives, timeout=SECONDS
    )
    while await phone.unhandled() or len(phone.sandbox.bot().updates):
        await asyncio.sleep(0.05)
    phone.tally.codes.append(await phone.lives.stop())
    phone.answers()
    return phone.tally
