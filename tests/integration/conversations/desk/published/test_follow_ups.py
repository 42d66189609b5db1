"""A story is followed up from its card, and taken back with an account of where that failed."""

from __future__ import annotations

from bot.desk.story import release, review
from bot.model.desk.rules import DeskRules
from bot.model.newsroom.role import AUTHOR, DUTY_EDITOR
from bot.model.story.article import Content, Status
from bot.readers import topics
from bot.sandbox import Sandbox
from bot.store.desk import threads
from bot.store.engine.database import Database
from tests.integration.conversations.desk.published.test_correction import card_of
from tests.support.desk.editors import QUICK, answered, draft, hire, story
from tests.support.messages import labels, plain
from tests.support.people import ANNA, BORIS, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import ECONOMY, World, settings_for

OPENED = "Мост через Светлую открыли"
NEXT = "Мост снова закрыли\nДо вторника, сообщили дорожники."


async def test_a_follow_up_is_written_on_the_card_and_reaches_the_reader_as_a_reply(out: World) -> None:
    number = await out.story(OPENED, ECONOMY)
    first = await out.answer(BORIS, OPENED)
    card = await card_of(out, EGOR, number)
    await out.press(EGOR, card, "Продолжение…")
    made = await answered(out, EGOR, NEXT, "Что было дальше")
    assert "Черновик" in plain(made)
    assert "Темы: Экономика" in plain(made)
    assert f"↰ {OPENED}" in labels(made)
    async with out.db.read() as tx:
        (follow_up,) = await threads.updates_of(tx, number, 5)
    assert (follow_up.update_of, follow_up.content.lead) == (number, "До вторника, сообщили дорожники.")
    await out.press(EGOR, card, "Обновить")
    again = await out.changed(card, "↳ Мост снова закрыли")
    # One is being made already: it is shown before another is begun.
    await out.press(EGOR, again, "Продолжение…")
    asked = await out.changed(card, "Написать ещё одно")
    assert "уже готовится" in plain(asked)
    await out.press(EGOR, asked, "Мост снова закрыли")
    await out.changed(card, "↰")
    at, rules = out.clock.now(), DeskRules()
    await review.approve(out.db, follow_up.id, at=at, by=OLGA, seen=1, rules=rules)
    await release.publish(out.db, follow_up.id, at=at, by=OLGA, rules=rules)
    out.services.bell.ring()
    told = await out.answer(BORIS, "снова закрыли")
    assert told["reply_to_message"]["message_id"] == first["message_id"]


async def test_of_two_who_follow_up_at_once_the_second_is_shown_the_first(desk: World) -> None:
    number = await desk.story(OPENED, ECONOMY)
    theirs, mine = await card_of(desk, EGOR, number), await card_of(desk, OLGA, number)
    await desk.press(EGOR, theirs, "Продолжение…")
    await answered(desk, EGOR, NEXT, "Что было дальше")
    await desk.press(OLGA, mine, "Продолжение…")
    asked = await desk.changed(mine, "Написать ещё одно")
    await desk.press(OLGA, asked, "Написать ещё одно")
    assert "Черновик" in plain(await answered(desk, OLGA, "Ярмарка на мосту", "Что было дальше"))
    # The same answer told twice, as after a crash, is one draft.
    async with desk.db.read() as tx:
        assert len(await threads.updates_of(tx, number, 5)) == 2


async def test_a_story_that_is_not_out_is_not_followed_up_here_and_a_question_outlives_a_restart(
    sandbox: Sandbox, sqlite_db: Database
) -> None:
    room = World(sandbox, sqlite_db, settings_for(sandbox, **QUICK))
    await room.prepare()
    async with room.listening():
        await room.say(OLGA, "/start")
        unread = (await draft(room)).id
        assert "Продолжение…" not in labels(await card_of(room, OLGA, unread))
        number = await room.story(OPENED, ECONOMY)
        await room.press(OLGA, await card_of(room, OLGA, number), "Продолжение…")
        await room.answer(OLGA, "Что было дальше")
    async with room.listening():
        room.sandbox.send(
            OLGA,
            OLGA,
            photo=True,
            caption=NEXT,
            reply_to=(await room.answer(OLGA, "Что было дальше"))["message_id"],
        )
        assert "Черновик" in plain(await room.answer(OLGA, "Мост снова закрыли"))
    async with room.db.read() as tx:
        (made,) = await threads.updates_of(tx, number, 5)
    assert made.content.picture


async def test_the_card_says_how_far_a_kill_is_and_tries_again_where_it_failed(out: World) -> None:
    await out.say(ANNA, "/start")
    await topics.toggle(out.db, (await out.chat(ANNA)).id, ECONOMY, out.clock.now())
    number = await out.story(OPENED, ECONOMY)
    await out.answer(BORIS, OPENED)
    await out.answer(ANNA, OPENED)
    for method, said in (
        ("deleteMessage", "Bad Request: message can't be deleted for everyone"),
        ("editMessageText", "Bad Request: message can't be edited"),
    ):
        found = {"method": method, "chat_id": BORIS}
        out.sandbox.fault("error", match=found, code=400, description=said, times=None)
    card = await card_of(out, EGOR, number)
    await out.press(EGOR, card, "Отозвать…")
    await out.press(EGOR, await out.changed(card, "Отозвать отовсюду"), "Отозвать отовсюду")
    card = await answered(out, EGOR, "Мост не тот\nОткрыли соседний.", "Почему отзываете")
    assert "Причина: Мост не тот" in plain(card)
    # The reason is the desk's; what stands below it is for who had the story.
    for reader in (ANNA, BORIS):
        told = plain(await out.answer(reader, "соседний"))
        assert told.startswith(f"Отозвано: {OPENED}")
        assert "Мост не тот" not in told
    assert any("🔕 Отозвано" in each for each in labels(out.again(card)))

    async def settled(words: str) -> None:
        while words not in plain(out.again(card)):
            await out.press(EGOR, out.again(card), "Обновить")

    await settled("Осталось в чатах: 1")
    shown = out.again(card)
    for words in ("Удалено в чатах: 1", "Борис: Telegram не даёт ни удалить, ни изменить"):
        assert words in plain(shown), words
    out.sandbox.clear_faults()
    assert (await out.press(EGOR, shown, "Попробовать отозвать"))["text"] == "Пробую ещё раз."
    await settled("Удалено в чатах: 2")
    assert not [each for each in out.texts(BORIS) if "Лид." in each]
    # A second press finds nothing more to try.
    assert "Попробовать отозвать" not in labels(out.again(card))
    assert (await story(out, number)).status is Status.KILLED


async def test_nobody_is_told_of_a_story_that_is_taken_back_without_a_word(out: World) -> None:
    number = await out.story(OPENED, ECONOMY)
    first = await out.answer(BORIS, OPENED)
    card = await card_of(out, EGOR, number)
    await out.press(EGOR, card, "Отозвать…")
    await out.press(EGOR, await out.changed(card, "Отозвать без слов"), "Отозвать без слов")
    await answered(out, EGOR, "Пробная новость", "Почему отзываете")
    await out.until(lambda: first not in out.shown(BORIS))
    async with out.db.read() as tx:
        assert await threads.withdrawal_of(tx, number) is None
    assert (await story(out, number)).reason == "Пробная новость"


async def test_a_notice_in_a_storys_place_is_counted_apart(out: World) -> None:
    number = await out.story(OPENED, ECONOMY)
    await out.answer(BORIS, OPENED)
    found = {"method": "deleteMessage", "chat_id": BORIS}
    said = "Bad Request: message can't be deleted for everyone"
    out.sandbox.fault("error", match=found, code=400, description=said, times=None)
    await hire(out, JAMES, "James", DUTY_EDITOR.rights)
    card = await card_of(out, JAMES, number)
    await out.press(JAMES, card, "Take back…")
    await out.press(JAMES, await out.changed(card, "For legal reasons"), "For legal reasons")
    card = await answered(out, JAMES, "A court asked", "Why is it taken back")
    while "a notice in its place: 1" not in plain(out.again(card)):
        await out.press(JAMES, out.again(card), "Refresh")
    assert "Deleted in chats: 0" in plain(out.again(card))
    await out.answer(BORIS, "юридическим")


async def test_an_author_follows_up_in_english_and_corrects_nothing(desk: World) -> None:
    number = await desk.story("The bridge is open", ECONOMY, language="en")
    await hire(desk, JAMES, "James", AUTHOR.rights)
    card = await card_of(desk, JAMES, number)
    await desk.press(JAMES, card, "Follow up…")
    made = await answered(desk, JAMES, "The bridge is closed again", "What happened next")
    assert "Draft" in plain(made)
    async with desk.db.read() as tx:
        (follow_up,) = await threads.updates_of(tx, number, 5)
    assert follow_up.content == Content("The bridge is closed again", language="en")


async def test_an_edit_of_the_message_changes_the_follow_up(desk: World) -> None:
    number = await desk.story(OPENED, ECONOMY)
    await desk.press(EGOR, await card_of(desk, EGOR, number), "Продолжение…")
    asked = await desk.answer(EGOR, "Что было дальше")
    sent = desk.send(EGOR, NEXT, reply_to=asked["message_id"])
    await desk.answer(EGOR, "Черновик")
    desk.sandbox.edit(EGOR, EGOR, sent["message_id"], "Мост закрыли до среды\nСообщили дорожники.")
    await desk.answer(EGOR, "версия 2")
    async with desk.db.read() as tx:
        (follow_up,) = await threads.updates_of(tx, number, 5)
    assert follow_up.content.headline == "Мост закрыли до среды"
