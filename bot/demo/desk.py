"""The demo's desk: an author writes, an editor reads and approves or sends back, a duty editor brings it out.

They use the bot's own buttons. What they leave undone waits for the visitor.
"""

from __future__ import annotations

import asyncio
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.demo.hands import PATIENCE, asked, newest_button, press_newest
from bot.demo.people import ASKAR, MARIA, NINA, TIMUR, Cast
from bot.demo.stories import SAMPLE
from bot.sandbox import Impossible, Sandbox

PAUSE, LATER = 40.0, 150.0  # seconds between two drafts; once each was written, when there is enough to read
READING = 6.0  # seconds that an editor reads before deciding
LEFT_FOR_THE_VISITOR = 3
"""Of so many stories one is left in review, for whoever watches; of the first round alone: a pile is no fun."""


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
    anyway: str


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
        "Всё равно",
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
        "anyway",
    ),
}


async def work(sandbox: Sandbox, cast: Cast, rounds: int | None = None) -> None:
    """Give the three their rights, then let them work until cancelled, or for so many rounds of what the author writes.

    Who gets no answer gives up quietly.
    """
    labels = LABELS[cast.language]
    with suppress(TimeoutError, Impossible):
        names = [cast.names[each].split()[0] for each in ("timur", "nina", "askar")]
        for person, name, role in zip((TIMUR, NINA, ASKAR), names, labels.roles, strict=True):
            await _hire(sandbox, labels, person, name=name, role=role)
    drafts = load_drafts(cast.language)
    for number in count() if rounds is None else range(rounds * len(drafts)):
        lap, place = divmod(number, len(drafts))
        leave = lap == 0 and place % LEFT_FOR_THE_VISITOR == 1
        with suppress(TimeoutError, Impossible):
            await _story(sandbox, labels, turned(drafts[place], lap), leave=leave)
        await asyncio.sleep(LATER if lap else PAUSE)


def load_drafts(language: str) -> list[dict[str, Any]]:
    """Return what the author writes, in the order in which it is written."""
    drafts: list[dict[str, Any]] = tomllib.loads(
        (SAMPLE / "desk" / f"{language}.toml").read_text(encoding="utf-8")
    )["draft"]
    return drafts


def turned(draft: dict[str, Any], lap: int) -> dict[str, Any]:
    """Return a draft as it is written in that round: other facts under another headline."""

    def say(words: str) -> str:
        for first, *others in draft.get("turns", ()):
            words = words.replace(first, (first, *others)[lap % (1 + len(others))])
        return words

    texts = {name: say(value) for name, value in draft.items() if isinstance(value, str)}
    slips = {name: say(value) for name, value in draft.get("flaw", {}).items()}
    return {**draft, **texts, **({"flaw": slips} if slips else {})}


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
    await _decide(sandbox, labels, TIMUR, labels.submit, headline=headline)
    await _open(sandbox, NINA, headline)
    await asyncio.sleep(READING)
    if note := draft.get("note"):
        await press_newest(sandbox, NINA, labels.send_back, about=headline)
        question = await asked(sandbox, NINA, labels.question)
        sandbox.send(NINA, NINA, note, reply_to=question)
        await asyncio.sleep(READING)
        sandbox.edit(TIMUR, TIMUR, own, text.replace(draft["find"], draft["mended"]))
        await sandbox.wait_until(lambda: _mended(sandbox, labels, headline), PATIENCE)
        await _decide(sandbox, labels, TIMUR, labels.submit, headline=headline)
        await _open(sandbox, NINA, headline)
        await asyncio.sleep(READING)
    if leave:
        return
    await _decide(sandbox, labels, NINA, labels.approve, headline=headline)
    await _open(sandbox, ASKAR, headline)
    await asyncio.sleep(READING)
    await _decide(sandbox, labels, ASKAR, labels.publish, headline=headline)
    if flaw := draft.get("flaw"):
        await _correct(sandbox, labels, headline, flaw)


async def _decide(sandbox: Sandbox, labels: Labels, person: int, label: str, *, headline: str) -> None:
    """Press a button of the story's card; where the desk warns of a story that is like it, do it all the same."""
    await press_newest(sandbox, person, label, about=headline)
    # A press is answered when the page that it leads to is there.
    if newest_button(sandbox, person, labels.anyway, headline) is not None:
        await press_newest(sandbox, person, labels.anyway, about=headline)


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
