"""The demo's desk: an author writes, an editor reads and approves or sends back, a duty editor brings it out.

They use the bot's own buttons. What they leave undone waits for the visitor.
"""

from __future__ import annotations

import asyncio
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.demo.hands import PATIENCE, asked, newest_button, press_newest
from bot.demo.people import ASKAR, MARIA, NINA, TIMUR, Cast
from bot.demo.stories import SAMPLE
from bot.sandbox import Impossible, Sandbox

PAUSE = 40.0  # seconds between two drafts
READING = 6.0  # seconds that an editor reads before deciding
LEFT_FOR_THE_VISITOR = 3
"""Of so many stories one is left in review, for whoever watches."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What stands on the bot's buttons and in its questions, in the language of the desk."""

    add: str
    add_request: int
    roles: tuple[str, str, str]
    submit: str
    approve: str
    send_back: str
    question: str
    publish: str
    correct: str
    words: str
    which: str
    dated: str


LABELS = {
    "ru": Labels(
        "Добавить человека",
        1,
        ("автор", "редактор", "дежурный"),
        "На проверку",
        "Одобрить",
        "Вернуть автору",
        "Что исправить автору",
        "Опубликовать",
        "Исправить…",
        "Несколько слов…",
        "Какие слова",
        "Выпустить с пометкой",
    ),
    "en": Labels(
        "Add a person",
        1,
        ("author", "editor", "duty editor"),
        "For review",
        "Approve",
        "Send back",
        "What should the author change",
        "Publish",
        "Correct…",
        "Some words…",
        "Which words should change",
        "Let it out with a dated line",
    ),
}


async def work(sandbox: Sandbox, cast: Cast) -> None:
    """Give the three their rights, then let them work until cancelled. Who gets no answer gives up quietly."""
    drafts = tomllib.loads((SAMPLE / "desk" / f"{cast.language}.toml").read_text(encoding="utf-8"))["draft"]
    labels = LABELS[cast.language]
    with suppress(TimeoutError, Impossible):
        names = [cast.names[each].split()[0] for each in ("timur", "nina", "askar")]
        for person, name, role in zip((TIMUR, NINA, ASKAR), names, labels.roles, strict=True):
            await _hire(sandbox, labels, person, name=name, role=role)
    for number, draft in enumerate(drafts):
        with suppress(TimeoutError, Impossible):
            await _story(sandbox, labels, draft, leave=number % LEFT_FOR_THE_VISITOR == 1)
        await asyncio.sleep(PAUSE)


async def _hire(sandbox: Sandbox, labels: Labels, person: int, *, name: str, role: str) -> None:
    """Let the owner choose the person and give them a role."""
    sandbox.send(person, person, "/start")
    sandbox.send(MARIA, MARIA, "/editors")
    await press_newest(sandbox, MARIA, labels.add)
    await sandbox.wait_until(lambda: _asks_for_people(sandbox), PATIENCE)
    sandbox.share_users(MARIA, MARIA, labels.add_request, [person])
    await press_newest(sandbox, MARIA, f" {role}", about=name)


def _asks_for_people(sandbox: Sandbox) -> bool:
    last = sandbox.messages(MARIA)[-1]
    return "keyboard" in last.get("reply_markup", {})


async def _story(sandbox: Sandbox, labels: Labels, draft: dict[str, Any], *, leave: bool) -> None:
    """Take one story from the author's message to the readers, as far as the three go."""
    text = draft["text"].strip()
    headline = text.partition("\n")[0]
    own = sandbox.send(TIMUR, TIMUR, text)["message_id"]
    await press_newest(sandbox, TIMUR, labels.submit, about=headline)
    await _open(sandbox, NINA, headline)
    await asyncio.sleep(READING)
    if note := draft.get("note"):
        await press_newest(sandbox, NINA, labels.send_back, about=headline)
        question = await asked(sandbox, NINA, labels.question)
        sandbox.send(NINA, NINA, note, reply_to=question)
        await asyncio.sleep(READING)
        sandbox.edit(TIMUR, TIMUR, own, text.replace(draft["find"], draft["mended"]))
        await sandbox.wait_until(lambda: _mended(sandbox, labels, headline), PATIENCE)
        await press_newest(sandbox, TIMUR, labels.submit, about=headline)
        await _open(sandbox, NINA, headline)
        await asyncio.sleep(READING)
    if leave:
        return
    await press_newest(sandbox, NINA, labels.approve, about=headline)
    await _open(sandbox, ASKAR, headline)
    await asyncio.sleep(READING)
    await press_newest(sandbox, ASKAR, labels.publish, about=headline)
    if flaw := draft.get("flaw"):
        await _correct(sandbox, labels, headline, flaw)


def _mended(sandbox: Sandbox, labels: Labels, headline: str) -> bool:
    """Return whether the author's card has the draft's second version: the first one's button would be refused."""
    found = newest_button(sandbox, TIMUR, labels.submit, headline)
    return found is not None and not found[1].endswith(":1")


async def _correct(sandbox: Sandbox, labels: Labels, headline: str, flaw: dict[str, str]) -> None:
    """Let the duty editor mend a slip of the author's that went out: every copy is edited, with a dated line."""
    await asyncio.sleep(READING)
    await press_newest(sandbox, ASKAR, labels.correct, about=headline)
    await press_newest(sandbox, ASKAR, labels.words, about=headline)
    question = await asked(sandbox, ASKAR, labels.which)
    sandbox.send(ASKAR, ASKAR, f"{flaw['find']}\n{flaw['say']}", reply_to=question)
    await press_newest(sandbox, ASKAR, labels.dated, about=headline)


async def _open(sandbox: Sandbox, person: int, headline: str) -> None:
    """Find the story at the desk by its headline, and open its card."""
    sandbox.send(person, person, f"/desk {headline}")
    await press_newest(sandbox, person, headline[:20], about=headline)
