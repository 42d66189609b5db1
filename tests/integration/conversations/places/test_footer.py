"""A channel's line: by its administrators alone; a question that is another's, or stale, sets nothing."""

from __future__ import annotations

from bot.readers.places import footers
from tests.support.messages import Message, labels, plain
from tests.support.people import ANNA, BORIS
from tests.support.world import BOT, World


async def channel(room: World, **options: str) -> int:
    """Let Anna have a channel with the bot in it."""
    await room.say(ANNA, "/start")
    made = room.sandbox.add_chat("channel", title="Долина", creator=ANNA, members=[BOT], **options)["id"]
    await room.answer(ANNA, "Долина")
    return int(made)


async def line(room: World, made: int) -> str:
    return await footers.words_of(room.db, await room.chat(made))


async def page(room: World, made: int) -> Message:
    """Open the page of the line and return it."""
    shown = await room.say(ANNA, "/channels")
    await room.forge(ANNA, shown, f"foot:{made}")
    return await room.changed(shown, "Написать подпись")


async def test_the_usual_line_is_taken_and_removed(room: World) -> None:
    made = await channel(room, username="valley")
    shown = await page(room, made)
    await room.press(ANNA, shown, "Взять обычную")
    shown = await room.changed(shown, "Под каждым постом")
    assert "@valley · Подписаться" in plain(shown)
    assert await line(room, made) == '@valley · <a href="https://t.me/valley">Подписаться</a>'
    assert "Взять обычную" not in labels(shown)
    await room.press(ANNA, shown, "Убрать подпись")
    await room.changed(shown, "ничего нет")
    assert await line(room, made) == ""


async def test_a_channel_without_a_name_has_no_usual_line(room: World) -> None:
    made = await channel(room)
    shown = await page(room, made)
    assert "Взять обычную" not in labels(shown)
    assert (await room.forge(ANNA, shown, f"foot:{made}:usual"))["show_alert"]


async def test_what_is_wrong_is_refused_in_words_and_another_try_is_taken(room: World) -> None:
    made = await channel(room)
    await room.press(ANNA, await page(room, made), "Написать подпись")
    question = await room.answer(ANNA, "Какую строку")
    said = await room.say(ANNA, "я" * 121, reply_to=question["message_id"])
    assert "120" in plain(said)
    await room.say(ANNA, "<b>Долина</b> & Ко", reply_to=question["message_id"])
    assert await line(room, made) == "&lt;b&gt;Долина&lt;/b&gt; &amp; Ко"


async def test_nobody_else_sets_it_nor_who_rules_the_channel_no_more(room: World) -> None:
    made = await channel(room)
    shown = await room.say(BORIS, "/start")
    for data in (f"foot:{made}", f"foot:{made}:off", f"may:{made}", f"set:{made}"):
        assert "администратор" in (await room.forge(BORIS, shown, data))["text"], data
    await room.press(ANNA, await page(room, made), "Написать подпись")
    question = await room.answer(ANNA, "Какую строку")
    room.sandbox.set_member(made, ANNA, "left", by=ANNA)
    said = await room.say(ANNA, "Долина", reply_to=question["message_id"])
    assert "администратор" in plain(said)
    assert await line(room, made) == ""


async def test_a_channel_that_is_chosen_without_rights_is_shown_what_lacks(room: World) -> None:
    await room.say(ANNA, "/start")
    made = room.sandbox.add_chat("channel", title="Долина", creator=ANNA)["id"]
    room.sandbox.share_chat(ANNA, ANNA, 3, made, forge=True)
    await room.answer(ANNA, "администратор")
    room.sandbox.set_member(made, BOT, "administrator", by=ANNA, rights={"can_post_messages": False})
    room.sandbox.share_chat(ANNA, ANNA, 3, made, forge=True)
    shown = await room.answer(ANNA, "❌ публиковать")
    room.sandbox.set_member(made, BOT, "administrator", by=ANNA)
    await room.press(ANNA, shown, "Проверить права")
    await room.changed(shown, "✅ публиковать")


async def test_another_persons_channel_can_not_be_shared(room: World) -> None:
    made = await channel(room)
    await room.say(BORIS, "/start")
    room.sandbox.share_chat(BORIS, BORIS, 3, made, forge=True)
    assert "администратор" in plain(await room.answer(BORIS, "администратор"))
