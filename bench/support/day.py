"""A newsroom's day in fast motion: a clock, a feed that tells stories and mends some, readers who ask."""

from __future__ import annotations

import itertools
import random
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any

from bench.support.news import FIRST_CHAT, TEXT
from bot.model.clock import Clock


class FastClock(Clock):
    """A clock that goes so many times as fast as the wall's, from a time on."""

    def __init__(self, begins: datetime, speed: float) -> None:
        super().__init__()
        self._begins, self._speed, self._at = begins, speed, time.monotonic()

    def now(self) -> datetime:
        """Return the time of the day that is played."""
        return self._begins + (time.monotonic() - self._at) * self._speed * timedelta(seconds=1)


class WireFile:
    """An RSS file that a `[[feed]]` of kind "file" reads."""

    KEPT = 30

    def __init__(self, path: Path) -> None:
        self._path = path
        self._items: deque[tuple[int, datetime, str]] = deque(maxlen=self.KEPT)
        self.told = 0
        self._write()

    @property
    def feed(self) -> str:
        """What stands in the newsroom's file about this one."""
        about = f'[[feed]]\nurl = "{self._path}"\nkind = "file"\ntopics = ["economy"]\n'
        return about + 'language = "ru"\ninterval = 60\nbackfill = 50\n'

    def tell(self, at: datetime) -> None:
        """Add a story."""
        self.told += 1
        self._items.appendleft((self.told, at, ""))
        self._write()

    def correct(self, back: int) -> None:
        """Mend the story that many stories ago."""
        number, at, _ = self._items[back]
        self._items[back] = (number, at, " Уточняется: речь идёт о пешеходной части.")
        self._write()

    def _write(self) -> None:
        items = "".join(map(self._item, self._items))
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Лента</title>{items}</channel></rss>'
        part = self._path.with_suffix(".part")
        part.write_text(body, encoding="utf-8")
        part.replace(self._path)

    def _item(self, item: tuple[int, datetime, str]) -> str:
        number, at, mended = item
        made = random.Random(number)
        words = " ".join(made.sample(TEXT.split(), 30))
        return (
            f"<item><guid isPermaLink='false'>w{number}</guid><title>{escape(_headline(made, number))}</title>"
            f"<pubDate>{format_datetime(at.astimezone(UTC))}</pubDate>"
            f"<description>{escape(words)} {number}.{mended} {escape(TEXT)}</description></item>"
        )


def _headline(made: random.Random, number: int) -> str:
    who = made.choice(("Совет города", "Дирекция дорог", "Речной порт", "Школа на набережной", "Рынок"))
    did = made.choice(("объявил о планах", "открывает новый зал", "меняет расписание", "подводит итоги"))
    return f"{who}: {did}, сообщение {number}"


class Readers:
    """People who write to the bot and press, each in a chat of their own."""

    ASKED = (
        "/latest",
        "/search мост",
        "/search расписание за неделю",
        "/topics",
        "/settings",
        "/help",
        "/saved",
    )

    def __init__(self, count: int) -> None:
        self._count, self._numbers, self._made = count, itertools.count(1), random.Random(5)

    def ask(self) -> dict[str, Any]:
        """Return the update of somebody who asks for something."""
        person = FIRST_CHAT + self._made.randrange(self._count)
        who = {"id": person, "is_bot": False, "first_name": "A", "language_code": "ru"}
        words = self._made.choice(self.ASKED)
        entity = {"type": "bot_command", "offset": 0, "length": len(words.split(maxsplit=1)[0])}
        chat = {"id": person, "type": "private", "first_name": "A"}
        message = {"message_id": next(self._numbers), "date": int(time.time()), "chat": chat, "from": who}
        message |= {"text": words, "entities": [entity]}
        return {"update_id": next(self._numbers), "message": message}
