"""Walks one story through the running bot, and prints the modules that it passes: `python -m docs.walk`.

The whole bot runs against the sandbox, with one editor and one reader. The editor presses 'Send'; later the story is
corrected. Every call from one module into another is noted, each task by itself, until the reader's phone shows it.
`docs/architecture.md` draws what is printed here. Modules that every line of code leans on (words, the database's
engine, templates, the log) are left out.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import Any

from pydantic import SecretStr

import bot
from bot.app import App, start
from bot.commands.session import opened
from bot.desk import amend
from bot.model.clock import Clock
from bot.sandbox import Sandbox
from bot.settings import Settings
from bot.store.engine.database import Database
from bot.store.newsroom import articles

ROOT = f"{Path(bot.__file__).parent}/"
TOKEN = "700700:" + "W" * 35
EDITOR, READER = 11, 21
HEADLINE, CORRECTED = "Мост открыт", "Мост открыт снова"
NEWSROOM = 'name = "Вестник Долины"\n[[topic]]\nslug = "economy"\nnames.ru = "Экономика"\n'
LEFT_OUT = (
    "model/",
    "store/engine/",
    "rendering/",
    "log",
    "metrics/",
    "sandbox/",
    "operations/lease",
    "services",
)
TASKS = {
    "press": "conversations/editor/card_presses",
    "correct": "desk/amend",
    "plan": "matching/matcher",
    "claim": "outbox/ledger",
    "deliver": "outbox/reconcile",
}
"""What each task of the walk is called, and the module by which its task is known."""


@dataclass
class Walk:
    """Notes calls between modules, by task, as a profiler (`sys.setprofile`)."""

    steps: dict[int, list[str]] = field(default_factory=dict)
    _seen: dict[int, FrameType] = field(default_factory=dict)

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        """Note a call into a module; a coroutine that goes on calls nobody."""
        module = _module(frame)
        if event != "call" or module is None or id(frame) in self._seen:
            return
        # Kept, so that no other frame gets the same id.
        self._seen[id(frame)] = frame
        above = frame.f_back
        while above is not None and _module(above) is None:
            above = above.f_back
        if above is not None and _module(above) == module:
            return
        task = asyncio.current_task()
        steps = self.steps.setdefault(id(task), [])
        if not steps or steps[-1] != module:
            steps.append(module)

    def tasks(self) -> dict[str, list[str]]:
        """Return the modules that each task of the walk entered, in order; after a ring others go on."""
        found: dict[str, list[str]] = {}
        for steps in self.steps.values():
            name = next((name for name, known_by in TASKS.items() if known_by in steps), None)
            if name and name not in found:
                found[name] = steps[: steps.index("bell") + 1] if "bell" in steps else steps
        return {name: found[name] for name in TASKS if name in found}


def _module(frame: FrameType) -> str | None:
    """Return the module of a function of the bot; None for others, and for what a comprehension makes."""
    path, name = frame.f_code.co_filename, frame.f_code.co_name
    if not path.startswith(ROOT) or name.startswith("<"):
        return None
    module = path.removeprefix(ROOT).removesuffix(".py")
    return None if module.startswith(LEFT_OUT) else module


async def _walk(work: Callable[[], Awaitable[object]], seen: Callable[[], Awaitable[object]]) -> Walk:
    """Do the work and wait until its end is seen."""
    walk = Walk()
    sys.setprofile(walk)
    try:
        await asyncio.create_task(work())  # type: ignore[arg-type]
        await seen()
    finally:
        sys.setprofile(None)
    return walk


def _print(title: str, walk: Walk) -> None:
    print(f"{title}\n")
    for name, steps in walk.tasks().items():
        print(f"  {name}")
        for module in dict.fromkeys(steps):
            times = steps.count(module)
            print(f"    {module}{f'  ({times} times)' if times > 1 else ''}")
    print()


def _shown(sandbox: Sandbox, person: int, words: str) -> dict[str, Any] | None:
    return next((each for each in sandbox.messages(person) if words in str(each)), None)


def _send_button(message: dict[str, Any]) -> str:
    rows = message["reply_markup"]["inline_keyboard"]
    return str(
        next(each["callback_data"] for row in rows for each in row if ":send:" in each["callback_data"])
    )


async def _correct(db: Database, app: App) -> None:
    async with db.read() as tx:
        (story,) = await articles.newest(tx, 1)
    content = replace(story.content, headline=CORRECTED)
    await amend.correct(db, story.id, content, app.services.now())
    app.services.bell.ring()


async def _main(folder: Path) -> None:
    newsroom = folder / "newsroom.toml"
    newsroom.write_text(NEWSROOM, encoding="utf-8")
    sandbox = Sandbox()
    await sandbox.start()
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    for person, name in ((EDITOR, "Ольга"), (READER, "Анна")):
        sandbox.add_user(name, id=person, language_code="ru")
    settings = Settings(
        flash_undo_seconds=0,
        _env_file=None,
        bot_token=SecretStr(TOKEN),
        bot_api_url=sandbox.url,
        database_url=f"sqlite:///{folder / 'vestnik.db'}",
        newsroom_file=newsroom,
        owner_ids=frozenset({EDITOR}),
    )
    async with opened(settings.database_url) as db:
        app = await start(settings, db, Clock(), asyncio.Event())
        assert app is not None
        sandbox.send(READER, READER, "/start")
        await sandbox.wait_until(lambda: _shown(sandbox, READER, "Экономика"))
        sandbox.send(EDITOR, EDITOR, f"/breaking {HEADLINE}")
        card = await sandbox.wait_until(lambda: _shown(sandbox, EDITOR, ":send:"))

        async def press() -> None:
            sandbox.press(EDITOR, EDITOR, card["message_id"], _send_button(card))

        walk = await _walk(press, lambda: sandbox.wait_until(lambda: _shown(sandbox, READER, HEADLINE)))
        _print("An editor's press", walk)
        corrected = lambda: sandbox.wait_until(lambda: _shown(sandbox, READER, CORRECTED))  # noqa: E731
        _print("A correction", await _walk(lambda: _correct(db, app), corrected))
        await app.stop()
    await sandbox.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        asyncio.run(_main(Path(made)))
