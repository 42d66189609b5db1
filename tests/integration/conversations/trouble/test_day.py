"""A day at the desk on which each statement that writes fails once: everything is done in the end, and done once."""

from __future__ import annotations

from typing import Any

from bot.desk import record
from bot.model.story.article import Status
from bot.store.desk import threads
from tests.integration.conversations.trouble.conftest import Shaken, is_told
from tests.support.desk.editors import story
from tests.support.messages import Message, plain
from tests.support.people import EDITOR as EGOR
from tests.support.world import BOT

WRITTEN = "Мост через Светлую открыли\n\nПервыми проехали автобусы, сообщили дорожники. #экономика"
NEXT = "Мост снова закрыли\nДо вторника, сообщили дорожники."

DEEDS = ["draft", "edit", "submit", "approve", "schedule", "unschedule", "publish", "correct", "kill"]


class Day:
    """Egor at work: what he presses he presses until it is done, what he says he says once."""

    def __init__(self, room: Shaken) -> None:
        assert room.trouble is not None
        self.room, self.trouble = room, room.trouble
        self.refused: dict[str, int] = {}

    async def press(self, message: Message, verb: str) -> None:
        """Press a verb's button until it is not said any more that it was not done."""
        data = next((each for each in pressable(message) if f"{each}:".startswith(f"{verb}:")), None)
        assert data, f"no {verb} among {pressable(message)}"
        await self.room.services.errands.settle()
        self.trouble.creep()
        times = 0
        while is_told(str((await self.room.forge(EGOR, message, data)).get("text"))):
            times += 1
        self.trouble.end()
        self.refused[verb] = times
        await self.room.services.errands.settle()

    async def say(self, text: str, words: str, **options: Any) -> Message:
        """Say something once, and return the bot's answer to it that holds some words."""
        await self.room.services.errands.settle()
        before = len(self.room.shown(EGOR))
        self.trouble.creep()
        self.room.send(EGOR, text, **options)

        def found() -> Message | None:
            shown = self.room.shown(EGOR)[before:]
            return next((each for each in shown if words in plain(each)), None)

        answer = await self.room.until(found)
        self.trouble.end()
        return answer

    async def answer(self, text: str, question: str, words: str) -> Message:
        """Answer the bot's question."""
        asked = await self.room.answer(EGOR, question)
        return await self.say(text, words, reply_to=asked["message_id"])

    async def card(self, number: int) -> Message:
        """Open a story's card anew, in peace."""
        own = await self.room.say(EGOR, "/id")
        await self.room.forge(EGOR, own, f"desk:card:{number}")
        return await self.room.changed(own, "№")


def pressable(message: Message) -> list[str]:
    """Return the data of a message's buttons."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [each["callback_data"] for row in rows for each in row if "callback_data" in each]


async def test_a_story_from_its_first_word_to_its_end(shaken: Shaken) -> None:
    day = Day(shaken)
    await day.say(WRITTEN, "Язык:")
    card = await day.card(1)
    await day.press(card, "desk:change")
    page = await shaken.changed(card, "Лид…")
    await day.press(page, "edit:ask:1:1:lead")
    await day.answer("Сначала автобусы.", "Пришлите новый лид", "Лид: Сначала автобусы.")
    await day.press(await day.card(1), "desk:submit")
    await day.press(await day.card(1), "desk:approve")
    await day.press(await day.card(1), "desk:schedule")
    await day.answer("завтра в 9:00", "Когда выпустить", "Запланирована")
    await day.press(await day.card(1), "desk:unschedule")
    await day.press(await day.card(1), "desk:publish")
    assert (await story(shaken, 1)).status is Status.PUBLISHED
    card = await day.card(1)
    await day.press(card, "desk:correct")
    page = await shaken.changed(card, "Читатели ничего не увидят")
    await day.press(page, "desk:fixheadline")
    page = await day.answer("Мост открыли утром", "Каким должен быть заголовок", "Мост открыли утром")
    await day.press(page, "desk:fixdated")
    await day.press(await day.card(1), "desk:update")
    await day.answer(NEXT, "Что было дальше", "Черновик")
    card = await day.card(1)
    await day.press(card, "desk:withdraw")
    await day.press(await shaken.changed(card, "Отозвать отовсюду"), "desk:kill")
    await day.answer("Мост не тот", "Почему отзываете", "Отозвана")
    deeds = (await record.of_article(shaken.db, BOT, 1, 50)).deeds
    assert [each.verb for each in reversed(deeds)] == DEEDS
    assert (
        min(day.refused[each] for each in ("desk:submit", "desk:approve", "desk:publish", "desk:fixdated"))
        > 1
    )
    async with shaken.db.read() as tx:
        assert len(await threads.updates_of(tx, 1, 5)) == 1
