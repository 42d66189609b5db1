"""Two editors press the same button at once: it is done once, and the second is told what the first did.

Every button of the card has a line here. A new offer needs one, or a place among those that only show something.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.conversations.desk.offers import OFFERS
from bot.desk import pushes, record
from bot.desk.flash.send import Choice, send_story
from bot.desk.story import release, review
from bot.model.audience import Everybody
from bot.model.delivery import Lane, State, SubjectKind
from bot.model.desk.rules import DeskRules
from bot.store.tables.ledger import delivery
from tests.support.desk.editors import draft, opened
from tests.support.messages import plain
from tests.support.people import BORIS, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, World

RULES = DeskRules()
ONLY_SHOW = {"preview", "looks", "change", "flash", "figures", "correct", "update"}
NAMES = ("Ольга", "Егор")


async def a_draft(room: World) -> int:
    return (await draft(room)).id


async def in_review(room: World) -> int:
    number = await a_draft(room)
    await review.submit(room.db, number, at=room.clock.now(), by=BORIS)
    return number


async def approved(room: World) -> int:
    number = await a_draft(room)
    await review.approve(room.db, number, at=room.clock.now(), by=BORIS, seen=1, rules=RULES)
    return number


async def scheduled(room: World) -> int:
    number, now = await approved(room), room.clock.now()
    hour = now.replace(year=now.year + 1)
    await release.schedule(room.db, number, hour, at=now, by=BORIS, zone="UTC", rules=RULES)
    return number


async def going_out(room: World) -> int:
    number = await approved(room)
    await release.publish(room.db, number, at=room.clock.now(), by=BORIS, rules=RULES)
    return number


async def paused(room: World) -> int:
    number = await going_out(room)
    for each in await pushes.of_article(room.db, number):
        await pushes.pause(room.db, each, room.clock.now(), BORIS)
    return number


async def embargoed(room: World) -> int:
    number, now = await a_draft(room), room.clock.now()
    await release.embargo(room.db, number, now.replace(year=now.year + 1), at=now, by=BORIS, zone="UTC")
    return number


async def can_be_undone(room: World) -> int:
    """Publish a flash whose moment to take it back lasts as long as the test."""
    number, rules = await approved(room), replace(RULES, flash_undo=timedelta(minutes=5))
    choice = Choice(Everybody(), undo=rules.flash_undo)
    await send_story(room.db, number, choice, at=room.clock.now(), by=BORIS, rules=rules, bot_id=BOT)
    return number


async def in_doubt(room: World) -> int:
    number, now = await going_out(room), room.clock.now()
    await room.say(JAMES, "/start")
    (bulletin,) = await pushes.of_article(room.db, number)
    values = {"bot_id": BOT, "kind": SubjectKind.ARTICLE, "subject_id": number, "bulletin_id": bulletin}
    values |= {"chat_id": (await room.chat(JAMES)).id, "state": State.DOUBT, "lane": Lane.STORY}
    async with room.db.write() as tx:
        await tx.execute(insert(delivery).values(**values, wanted=1, due_at=now))
    return number


@dataclass(frozen=True)
class Race:
    """How the story stands, the button, the deed that it leaves, and what is answered where it asks first."""

    stands: Callable[[World], Awaitable[int]]
    button: str
    deed: str
    answer: str = ""
    between: str = ""


RACES = {
    "submit": Race(a_draft, "На проверку", "submit"),
    "approve": Race(in_review, "Одобрить", "approve"),
    "return": Race(in_review, "Вернуть автору", "send-back", "Нет даты"),
    "publish": Race(approved, "Опубликовать", "publish"),
    "schedule": Race(approved, "Запланировать", "schedule", "через 2 часа"),
    "unschedule": Race(scheduled, "Снять время выхода", "unschedule"),
    "pause": Race(going_out, "Пауза", "pause"),
    "resume": Race(paused, "Продолжить", "resume"),
    "stop": Race(going_out, "Остановить", "stop"),
    "embargo": Race(embargoed, "Эмбарго", "embargo", "через 2 часа"),
    "lift": Race(embargoed, "Снять эмбарго", "lift-embargo"),
    "undo": Race(can_be_undone, "Не отправлять", "undo"),
    "pick": Race(going_out, "В «Главное»", "pick"),
    "again": Race(in_doubt, "Отправить ещё раз", "send-doubtful"),
    "leave": Race(in_doubt, "Не отправлять", "drop-doubtful"),
    "withdraw": Race(going_out, "Отозвать…", "kill", "Ошибка", "Отозвать отовсюду"),
}
AGAIN = {"schedule", "embargo"}
"""What may be done twice: another hour takes the place of the first. Both stand on the card."""


def test_every_button_is_raced_for() -> None:
    assert {each.verb for each in OFFERS} == {*RACES, *ONLY_SHOW}


@pytest.mark.parametrize("verb", RACES)
async def test_of_two_who_press_at_once_one_does_it_and_the_other_is_told_who(desk: World, verb: str) -> None:
    race = RACES[verb]
    number = await race.stands(desk)
    told = await (_answered if race.answer else _pressed)(desk, race)
    deeds = (await record.of_article(desk.db, BOT, number, 9)).deeds
    done = [each for each in deeds if each.verb == race.deed]
    if verb in AGAIN:
        assert all(name in "".join(told) for name in NAMES)
        return
    (deed,) = done
    first = "Ольга" if deed.actor == OLGA else "Егор"
    late = told[1] if deed.actor == OLGA else told[0]
    assert first in late, told


async def _pressed(room: World, race: Race) -> list[str]:
    """Both press, in their own chats, before either is answered; return what Olga and Egor are told."""
    cards = [await opened(room, each) for each in (OLGA, EGOR)]
    presses = []
    for person, card in zip((OLGA, EGOR), cards, strict=True):
        data = next(
            button["callback_data"]
            for row in card["reply_markup"]["inline_keyboard"]
            for button in row
            if race.button in button["text"]
        )
        presses.append(room.sandbox.press(person, person, card["message_id"], data))
    return [(await room.until(lambda each=each: room.answered(each)))["text"] for each in presses]


async def _answered(room: World, race: Race) -> list[str]:
    """Both are asked, and answer before either answer is taken; return what stands in their chats then."""
    for person in (OLGA, EGOR):
        card = await opened(room, person)
        await room.press(person, card, race.button)
        if race.between:
            await room.press(person, await room.changed(card, race.between), race.between)
    questions = {person: await room.until(lambda p=person: _question(room, p)) for person in (OLGA, EGOR)}
    before = {person: len(room.shown(person)) for person in (OLGA, EGOR)}
    for person, asked in questions.items():
        room.send(person, race.answer, reply_to=asked["message_id"])
    told = []
    for person in (OLGA, EGOR):
        # The card comes last, below what a late one is told.
        await room.until(
            lambda p=person: "Язык:" in plain(room.shown(p)[-1]) and len(room.shown(p)) > before[p]
        )
        told.append("".join(room.texts(person)[before[person] :]))
    return told


def _question(room: World, person: int) -> dict[str, object] | None:
    return next(
        (each for each in reversed(room.shown(person)) if "force_reply" in each.get("reply_markup", {})), None
    )
