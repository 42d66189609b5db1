"""A bell that is heard in every process of the installation, where the database is PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from uuid import uuid4

from bot.bell import DECIDED, LocalBell
from bot.store.engine.database import UNAVAILABLE, Database
from bot.store.operations import notify


class FarBell:
    """Rings here at once, and elsewhere as soon as the database has passed it on."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._here = LocalBell()
        self._name = uuid4().hex[:8]
        self._unsaid: dict[str, None] = {}
        self._woken = asyncio.Event()
        self._listened: set[str] = set()

    def ring(self, what: str = DECIDED) -> None:
        """Tell everyone who listens for it, here and elsewhere. Several rings at once are one elsewhere."""
        self._here.ring(what)
        self._unsaid[what] = None
        self._woken.set()

    def listen(self, listener: Callable[[], None], what: str = DECIDED) -> None:
        """Call `listener` at every such ring from now on, whichever process rings."""
        self._here.listen(listener, what)
        self._listened.add(what)

    def carriers(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """Return what passes rings on, and what hears the others'."""
        return {"bell": self.speak, "other bells": self.hear}

    async def speak(self) -> None:
        """Pass rings on until cancelled. What could not be passed on is found by the others' next look."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            words, self._unsaid = list(self._unsaid), {}
            await notify.say(self._db, *(f"{self._name} {word}" for word in words))

    async def hear(self) -> None:
        """Hear the others until cancelled; where the connection breaks, whoever keeps this begins it again."""
        await notify.listen(self._db, self._heard, self._ring_all)
        raise ConnectionError("the connection that hears other processes broke")

    def _heard(self, said: str) -> None:
        name, _, word = said.partition(" ")
        if name != self._name:
            self._here.ring(word)

    def _ring_all(self) -> None:
        """What was rung before this process heard it is looked for now."""
        for what in self._listened:
            self._here.ring(what)


async def ring_once(db: Database) -> None:
    """Ring from a process that only decides something and ends: a command."""
    if notify.can_notify(db):
        try:
            await notify.say(db, f"command {DECIDED}")
        except UNAVAILABLE:
            # What was decided is written; it is found by the next look.
            return
