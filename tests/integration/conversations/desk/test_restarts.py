"""A restart in the middle of a dialogue: what was asked, or shown, before it is answered, or pressed, after it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from bot.conversations.desk.answers import ANSWERS
from bot.conversations.desk.fields.fields import FIELDS
from bot.conversations.desk.published import fields as published
from bot.conversations.desk.published.boxes import FIX, FOLLOW_UP, LOUD
from bot.conversations.newsroom.questions import ASKED
from bot.desk import highlights
from bot.desk.afterwards import proposals
from bot.desk.newsroom import feeds
from bot.desk.story import lock
from bot.model.newsroom.role import DUTY_EDITOR
from bot.model.story.article import Content
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from tests.integration.conversations.desk.live.test_races import (
    a_draft,
    approved,
    embargoed,
    going_out,
    in_review,
)
from tests.support.code import sources
from tests.support.desk.editors import QUICK, draft, hire
from tests.support.messages import Message, labels, plain
from tests.support.people import BORIS
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, World, settings_for

ADDRESS = "http://127.0.0.1:9/feed"
EDITED = "Будет изменено сообщений"


@dataclass(frozen=True)
class Dialogue:
    """What is there, the button that asks, the answer, and what follows it; `{0}` is the number of what is there."""

    stands: Callable[[World], Awaitable[int]]
    button: str
    answer: str
    then: str
    photo: bool = False


async def nothing(_room: World) -> int:
    return 0


async def a_feed(room: World) -> int:
    return (await feeds.add(room.db, ADDRESS, at=room.clock.now(), by=None)).id


async def prepared(room: World) -> int:
    """Let a correction be prepared."""
    number, at = await going_out(room), room.clock.now()
    await proposals.propose(
        room.db, number, lambda each: replace(each, lead="Иначе."), at=at, by=OLGA, seen=1
    )
    return number


async def top_stories(room: World) -> int:
    for headline in ("Мост открыт", "Порт открыт"):
        number = await room.story(headline, 3)
        picked = await highlights.pick(room.db, number, BOT, at=room.clock.now(), by=None)
    return picked.id


async def an_editor(room: World) -> int:
    await hire(room, BORIS, "Борис", DUTY_EDITOR.rights)
    return BORIS


DIALOGUES = {
    "schedule": Dialogue(approved, "desk:schedule:{0}:1", "через 2 часа", "Запланирована"),
    "embargo": Dialogue(embargoed, "desk:embargo:{0}:1", "через 2 часа", "Эмбарго"),
    "return": Dialogue(in_review, "desk:return:{0}:1", "Нет даты", "Нет даты"),
    **{
        verb: Dialogue(going_out, f"desk:{verb}:{{0}}:1", "Ошибка", "Причина: Ошибка")
        for verb in ("kill", "killquiet", "takedown", "unpublish")
    },
    "headline": Dialogue(a_draft, "edit:ask:{0}:1:headline", "Мост назвали иначе", "Мост назвали иначе"),
    "lead": Dialogue(a_draft, "edit:ask:{0}:1:lead", "Начали с автобусов.", "Начали с автобусов."),
    "dateline": Dialogue(a_draft, "edit:ask:{0}:1:dateline", "ЭНСК", "ЭНСК"),
    "text": Dialogue(a_draft, "edit:ask:{0}:1:text", "Мост строили два года.", "Мост строили"),
    "picture": Dialogue(a_draft, "edit:ask:{0}:1:picture", "", "Убрать фото", photo=True),
    "fixwords": Dialogue(going_out, "desk:fixwords:{0}:1", "Мост\nПуть", EDITED),
    "fixheadline": Dialogue(going_out, "desk:fixheadline:{0}:1", "Мост назвали иначе", EDITED),
    "fixlead": Dialogue(going_out, "desk:fixlead:{0}:1", "Начали с автобусов.", EDITED),
    "fixdateline": Dialogue(going_out, "desk:fixdateline:{0}:1", "ЭНСК", EDITED),
    "fixtext": Dialogue(going_out, "desk:fixtext:{0}:1", "Мост строили два года.", EDITED),
    "fixpicture": Dialogue(going_out, "desk:fixpicture:{0}:1", "", EDITED, photo=True),
    "fixtopics": Dialogue(going_out, "desk:fixtopics:{0}:1", "Мир", EDITED),
    "loud": Dialogue(prepared, "desk:fixloud:{0}:1:1", "Мы ошиблись", "версия 2"),
    "followup": Dialogue(going_out, "desk:update:{0}:1", "Мост снова закрыли до утра", "Черновик"),
    "title": Dialogue(top_stories, "picks:title:{0}:3", "Итоги дня", "Итоги дня"),
    "at": Dialogue(top_stories, "picks:at:{0}:3", "через 2 часа", "Изменить"),
    "feed": Dialogue(nothing, "src:new-feed", ADDRESS, ADDRESS),
    "fname": Dialogue(a_feed, "src:fname:{0}:2", "Вести долины", "Вести долины"),
    "topic": Dialogue(nothing, "src:new-topic", "Спорт", "Спорт"),
    "tname": Dialogue(nothing, "src:tname:3:1", "Рынок", "Рынок"),
    "until": Dialogue(an_editor, "staff:ask:{0}:1", "до 1 декабря 2040", "1 декабря 2040"),
    # The same questions, put elsewhere.
    "topic below": Dialogue(nothing, "src:tbelow:3:1", "Торговля", "Торговля"),
    "topic of the set-up": Dialogue(nothing, "setup:own", "Наука", "Наука"),
    "feed of the set-up": Dialogue(nothing, "setup:feed", ADDRESS, ADDRESS),
}
ELSEWHERE = {"topic below", "topic of the set-up", "feed of the set-up"}


def test_every_question_is_asked_before_a_restart() -> None:
    after = {FIX + each for each in published.FIELDS} | {LOUD, FOLLOW_UP}
    asked = {*ANSWERS, *FIELDS, *after, "title", "at", *ASKED, "until"}
    assert set(DIALOGUES) - ELSEWHERE == asked
    asking = {each.module for each in sources("bot/conversations") if "ForceReply(" in each.text}
    desk = "bot.conversations.desk"
    assert asking == {
        *(f"{desk}.{each}" for each in ("questions", "fields.questions", "published.boxes")),
        *(f"{desk}.highlights.questions", "bot.conversations.newsroom.questions"),
        "bot.conversations.people.rights",
        # A reader's: what to search for. The answer is known by the question's own words, in no process's memory.
        "bot.conversations.search.presses",
        # A reader's, too: the words to watch for.
        "bot.conversations.watch.alerts",
        # Who sets a channel up: the line under its posts. Tried with a restart among the journeys.
        "bot.conversations.places.footer",
    }


@pytest.fixture
async def world(sqlite_db: Database, sandbox: Sandbox) -> World:
    """A newsroom whose bot the test starts, again and again, on the same database."""
    made = World(sandbox, sqlite_db, settings_for(sandbox, **QUICK))
    await made.prepare()
    return made


@pytest.mark.parametrize("name", DIALOGUES)
async def test_a_question_is_answered_after_a_restart(world: World, name: str) -> None:
    dialogue = DIALOGUES[name]
    async with world.listening():
        own = await world.say(OLGA, "/start")
        number = await dialogue.stands(world)
        await world.forge(OLGA, own, dialogue.button.format(number))
        asked = await world.until(lambda: question(world))
    before = len(world.shown(OLGA))
    async with world.listening():
        options = {"photo": True} if dialogue.photo else {}
        world.send(OLGA, dialogue.answer, reply_to=asked["message_id"], **options)
        await world.until(lambda: dialogue.then in said(world, before))


def question(room: World) -> Message | None:
    return next((each for each in room.shown(OLGA) if "force_reply" in each.get("reply_markup", {})), None)


def said(room: World, before: int) -> str:
    """What the bot has shown Olga since, words and buttons."""
    return "\n".join("\n".join((plain(each), *labels(each))) for each in room.shown(OLGA)[before:])


async def page(room: World, data: str, words: str) -> Message:
    """Let a page stand in Olga's chat, and return it."""
    own = await room.say(OLGA, "/id")
    await room.forge(OLGA, own, data)
    return await room.until(lambda: found(room, words))


def found(room: World, words: str) -> Message | None:
    return next(
        (each for each in reversed(room.shown(OLGA)) if words in "\n".join((plain(each), *labels(each)))),
        None,
    )


async def test_the_page_of_breaking_news_is_pressed_after_a_restart(world: World) -> None:
    async with world.listening():
        await world.say(OLGA, "/start")
        shown = await page(world, f"desk:flash:{await approved(world)}:1", "Кому")
    async with world.listening():
        await world.press(OLGA, shown, "Мир")
        shown = await world.changed(shown, "✅ Мир")
    async with world.listening():
        await world.press(OLGA, shown, "Без звука")
        await world.changed(shown, "🔘 🔕")


async def test_words_looked_for_are_known_after_a_restart(world: World) -> None:
    async with world.listening():
        await world.say(OLGA, "/start")
        for number in range(10):
            await draft(world, Content(f"Мост номер {number}"))
        shown = await world.say(OLGA, "/desk мост")
        assert "Мост номер 0" not in labels(shown)
    async with world.listening():
        await world.press(OLGA, shown, "Раньше")
        await world.changed(shown, "Мост номер 0")


async def test_the_order_of_the_top_stories_is_changed_after_a_restart(world: World) -> None:
    async with world.listening():
        await world.say(OLGA, "/start")
        shown = await page(world, f"picks:show:{await top_stories(world)}", "2. Порт открыт")
    async with world.listening():
        await world.press(OLGA, shown, "↑")
        await world.changed(shown, "1. Порт открыт")


async def test_an_editing_that_was_taken_over_before_a_restart_keeps_what_was_typed(world: World) -> None:
    async with world.listening():
        own = await world.say(OLGA, "/start")
        await hire(world, EGOR, "Егор", DUTY_EDITOR.rights)
        number = await a_draft(world)
        await world.forge(OLGA, own, f"edit:ask:{number}:1:lead")
        asked = await world.until(lambda: question(world))
    async with world.listening():
        theirs = await world.say(EGOR, "/id")
        await world.forge(EGOR, theirs, f"edit:over:{number}:1")
        await world.answer(OLGA, "Егор")
    async with world.listening():
        kept = await world.say(OLGA, "Начали с автобусов.", reply_to=asked["message_id"])
        assert "Начали с автобусов." in plain(kept)
        assert "Егор" in plain(kept)
        await lock.give_back(world.db, number, by=EGOR)
    async with world.listening():
        await world.press(OLGA, kept, "Всё равно внести")
        await world.changed(kept, "Заголовок…")


async def test_a_merge_is_sure_after_a_restart(world: World) -> None:
    async with world.listening():
        await world.say(OLGA, "/start")
        shown = await page(world, "src:tinto:3:1:1", "Да, объединить")
    async with world.listening():
        assert "часть темы" in (await world.press(OLGA, shown, "Да, объединить"))["text"]


async def test_a_prepared_correction_goes_out_after_a_restart(world: World) -> None:
    async with world.listening():
        await world.say(OLGA, "/start")
        shown = await page(world, f"desk:correct:{await prepared(world)}:1", "Выпустить с пометкой")
    async with world.listening():
        await world.press(OLGA, shown, "Выпустить с пометкой")
        await world.changed(shown, "версия 2")


async def test_a_person_and_a_channel_are_chosen_after_a_restart(world: World) -> None:
    async with world.listening():
        own = await world.say(OLGA, "/start")
        await world.forge(OLGA, own, "staff:add")
    async with world.listening():
        world.sandbox.share_users(OLGA, OLGA, 1, [BORIS])
        await world.answer(OLGA, "Борис")
        await world.forge(OLGA, own, "setup:channel")
        channel = world.sandbox.add_chat("channel", title="Проба", creator=OLGA)["id"]
    async with world.listening():
        world.sandbox.share_chat(OLGA, OLGA, 2, channel)
        await world.answer(OLGA, "Тестовый канал — «Проба»")


async def test_the_words_that_breaking_asked_for_come_after_a_restart(world: World) -> None:
    async with world.listening():
        await world.say(OLGA, "/start")
        await world.say(OLGA, "/breaking")
    async with world.listening():
        world.send(OLGA, "Мост закрыт до утра")
        await world.answer(OLGA, "Кому")
