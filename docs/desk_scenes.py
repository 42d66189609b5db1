"""Scenes at the editors' desk, played for pictures: the bot runs against the sandbox, and people press its buttons.

The texts are those of the demo's author. The clock stands at the same hour each time, so that only what was changed
in the bot changes a picture.
"""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import SecretStr

from bot.app import App, start
from bot.commands.session import opened
from bot.demo.hands import asked, press_newest
from bot.demo.stories import SAMPLE
from bot.model.clock import Clock
from bot.sandbox import Sandbox
from bot.settings import Settings
from bot.store.audience import chats, subscriptions
from bot.store.newsroom import topics

TIMUR, NINA, ASKAR = 1006, 1007, 1008
READERS = range(2001, 2081)
FOLLOWED = {"society": 1, "weather": 2, "economy": 3, "culture": 4, "science": 5, "sport": 7}
"""Each so-many-th reader follows the topic."""

AT_ONCE, SLOW = 45, 12
"""Telegram takes so many messages of a push at once, and so many seconds for each of the others."""

SETTLED = 6.0
"""Seconds after which a story has reached everybody, and its card says so."""

FLASH = "Мост через Светлую закрыт до вечера"

Take = Callable[..., Awaitable[None]]
"""Photographs the newest message (`messages`: or so many) in a person's chat: `take(name, person)`."""


async def play(sandbox: Sandbox, token: str, at: datetime, take: Take) -> None:
    """Play the scenes one after the other, from `at` on; `take` is called where one is to be photographed."""
    for person, name in ((TIMUR, "Тимур Автор"), (NINA, "Нина Редактор"), (ASKAR, "Аскар Дежурный")):
        first, _, last = name.partition(" ")
        sandbox.add_user(first, id=person, last_name=last, language_code="ru")
    async with running(sandbox, token, at) as app:
        await gather_readers(sandbox, app)
        texts = await _drafts(sandbox, take)
        await _bring_out(sandbox, texts)
        await _correct(sandbox, texts[2], take)
        sandbox.send(ASKAR, ASKAR, "/desk")
        await seen(sandbox, ASKAR, "Черновики")
        await take("desk", ASKAR)
        await _highlights(sandbox, texts, take)
        await _figures(sandbox, take)
        await _flash(sandbox, take)


@asynccontextmanager
async def running(sandbox: Sandbox, token: str, at: datetime, **options: Any) -> AsyncIterator[App]:
    """Run the bot at that time, with the demo's newsroom and further settings, for as long as the block lasts."""
    head = (SAMPLE / "newsroom.toml").read_text(encoding="utf-8").partition("[[feed]]")[0]
    with TemporaryDirectory() as made:
        newsroom = Path(made) / "newsroom.toml"
        newsroom.write_text(head, encoding="utf-8")
        settings = Settings(
            _env_file=None,
            bot_token=SecretStr(token),
            bot_api_url=sandbox.url,
            database_url=f"sqlite:///{made}/vestnik.db",
            newsroom_file=newsroom,
            owner_ids=frozenset({TIMUR, NINA, ASKAR}),
            global_rate=1000,
            chat_rate=1000,
            chat_burst=100,
            flash_undo_seconds=0,
            report_at=None,
            **options,
        )
        clock = Clock()
        clock.advance(at - clock.now())
        async with opened(settings.database_url) as db:
            app = await start(settings, db, clock, asyncio.Event())
            assert app is not None
            try:
                yield app
            finally:
                await app.stop()


async def gather_readers(sandbox: Sandbox, app: App, *, staff: Sequence[int] = (TIMUR, NINA, ASKAR)) -> None:
    """Let the editors and the readers start the bot, and the readers follow topics."""
    for person in staff:
        sandbox.send(person, person, "/start")
    for reader in READERS:
        sandbox.add_user(f"Читатель {reader}", id=reader, language_code="ru")
        sandbox.send(reader, reader, "/start")
    await sandbox.wait_until(lambda: all(len(sandbox.messages(each)) > 1 for each in READERS), 60)
    services = app.services
    async with services.db.write() as tx:
        known = await topics.load(tx)
        for reader in READERS:
            chat = await chats.by_telegram(tx, services.bot.id, reader)
            assert chat is not None
            for slug, every in FOLLOWED.items():
                topic = known.find(slug)
                if topic is not None and reader % every == 0:
                    await subscriptions.subscribe(tx, chat.id, topic.id, services.now())


async def _drafts(sandbox: Sandbox, take: Take) -> list[str]:
    """Let the author send in all drafts; return their headlines."""
    drafts = tomllib.loads((SAMPLE / "desk" / "ru.toml").read_text(encoding="utf-8"))["draft"]
    headlines = []
    for number, draft in enumerate(drafts):
        text = draft["text"].strip()
        headlines.append(text.partition("\n")[0])
        sandbox.send(TIMUR, TIMUR, text)
        await seen(sandbox, TIMUR, headlines[-1], "Черновик")
        if number == 0:
            await take("desk-card", TIMUR)
            await press_newest(sandbox, TIMUR, "Изменить…", about=headlines[0])
            await seen(sandbox, TIMUR, "К карточке")
            await take("desk-edit", TIMUR)
            await press_newest(sandbox, TIMUR, "К карточке")
    return headlines


async def _bring_out(sandbox: Sandbox, headlines: list[str]) -> None:
    for headline in headlines[:4]:
        await press_newest(sandbox, TIMUR, "На проверку", about=headline)
    for headline in headlines[:3]:
        await _open(sandbox, NINA, headline)
        await press_newest(sandbox, NINA, "Одобрить", about=headline)
    for headline in (headlines[0], headlines[2]):
        await _open(sandbox, ASKAR, headline)
        await press_newest(sandbox, ASKAR, "Опубликовать", about=headline)
        await asyncio.sleep(SETTLED)


async def _correct(sandbox: Sandbox, headline: str, take: Take) -> None:
    await press_newest(sandbox, ASKAR, "Исправить…", about=headline)
    await press_newest(sandbox, ASKAR, "Несколько слов…", about=headline)
    question = await asked(sandbox, ASKAR, "Какие слова")
    sandbox.send(ASKAR, ASKAR, "до пяти сантиметров\nдо семи сантиметров", reply_to=question)
    await seen(sandbox, ASKAR, "до семи")
    await take("desk-correct", ASKAR)
    await press_newest(sandbox, ASKAR, "Выпустить с пометкой", about=headline)


async def _highlights(sandbox: Sandbox, headlines: list[str], take: Take) -> None:
    for headline in (headlines[0], headlines[2]):
        await _open(sandbox, ASKAR, headline)
        await press_newest(sandbox, ASKAR, "«Главное»", about=headline)
    await seen(sandbox, ASKAR, "дайджестов", *(each[:20] for each in (headlines[0], headlines[2])))
    await press_newest(sandbox, ASKAR, "Всем")
    await seen(sandbox, ASKAR, f"{len(READERS) + 3}")
    await take("desk-highlights", ASKAR)


async def _flash(sandbox: Sandbox, take: Take) -> None:
    sandbox.send(NINA, NINA, f"/breaking {FLASH}\n\nОбъезд — через Ольховку, паром ходит без перерывов.")
    await press_newest(sandbox, NINA, "Всем")
    await press_newest(sandbox, NINA, "Отправить:")
    await seen(sandbox, NINA, "Да, отправить")
    await take("desk-breaking", NINA, messages=2)
    sandbox.fault(
        "slow", match={"text_contains": FLASH.partition(" до ")[0]}, seconds=SLOW, after=AT_ONCE, times=None
    )
    await press_newest(sandbox, NINA, "Да, отправить")
    await asyncio.sleep(SETTLED)
    await take("desk-live", NINA)


async def _figures(sandbox: Sandbox, take: Take) -> None:
    sandbox.send(ASKAR, ASKAR, "/stats")
    await seen(sandbox, ASKAR, "Графики")
    await take("desk-figures", ASKAR)


async def _open(sandbox: Sandbox, person: int, headline: str) -> None:
    sandbox.send(person, person, f"/desk {headline}")
    await press_newest(sandbox, person, headline[:20], about=headline)


async def seen(sandbox: Sandbox, person: int, *words: str) -> None:
    """Wait until the newest message says all the words, in itself or on its buttons."""

    def newest() -> bool:
        shown: dict[str, Any] = sandbox.messages(person)[-1]
        return all(each in str(shown) for each in words)

    await sandbox.wait_until(newest, 30)
