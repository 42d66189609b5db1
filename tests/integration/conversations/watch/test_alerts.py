"""/alert and /alerts: previews, words by commands, answers and buttons, in private and in groups, in both languages."""

from __future__ import annotations

import pytest

from bot.model.chat import ChatKind
from bot.readers.watch import alerts
from bot.readers.watch.alerts import MOST
from tests.support.messages import Message, data_of, labels, plain
from tests.support.world import ECONOMY, World

BOT, ANNA, BORIS, JAMES = 700700, 21, 22, 23


async def said(room: World, user: int = ANNA) -> list[str]:
    """Return what a chat watches for."""
    return [each.said for each in await alerts.of_chat(room.db, (await room.chat(user)).id)]


async def kept(room: World, words: str, user: int = ANNA) -> Message:
    """Let somebody watch for words; return the list that shows then."""
    preview = await room.say(user, f"/alert {words}")
    await room.forge(user, preview, str(data_of(preview, "Да, следить")))
    return await room.changed(preview, "Теперь слежу")


async def test_a_preview_shows_the_week_and_nothing_is_kept_before_yes(room: World) -> None:
    await room.story("Мосты Бишкека", ECONOMY)
    await room.story("Новый мост")
    preview = await room.say(ANNA, "/alert моста, порт")
    assert "За неделю — 2 новости" in plain(preview)
    assert "• Новый мост" in plain(preview)
    assert "За неделю — ни одной новости" in plain(preview)
    assert await said(room) == []
    pressed = await room.press(ANNA, preview, "Да, следить за всеми")
    assert pressed["text"] == "Слежу"
    page = await room.changed(preview, "Теперь слежу")
    assert "моста, порт" in plain(page)
    assert {"🔔 моста", "🔔 порт"} <= set(labels(page))
    assert await said(room) == ["моста", "порт"]
    # The same press, once more.
    await room.forge(ANNA, page, "alerts:keep:0:0")
    assert await said(room) == ["моста", "порт"]


async def test_no_keeps_nothing(room: World) -> None:
    preview = await room.say(ANNA, "/alert мост")
    await room.press(ANNA, preview, "Нет, не надо")
    await room.changed(preview, "Ничего не добавлено")
    assert await said(room) == []


async def test_words_are_said_without_a_command(room: World) -> None:
    await room.say(ANNA, "/start")
    preview = await room.say(ANNA, "Следить: нефть, Бишкек -футбол")
    assert "Бишкек −футбол" in plain(preview)
    await room.press(ANNA, preview, "Да, следить")
    await room.changed(preview, "Теперь слежу")
    assert await said(room) == ["нефть", "Бишкек −футбол"]


async def test_by_buttons_alone_from_the_settings(room: World) -> None:
    page = await room.say(ANNA, "/settings")
    await room.press(ANNA, page, "Уведомления по словам")
    page = await room.changed(page, "Здесь пока пусто")
    await room.press(ANNA, page, "Следить за словами")
    asked = await room.answer(ANNA, "За какими словами следить")
    assert "по словам" in plain(asked)
    preview = await room.say(ANNA, "мост\nпорт", reply_to=asked["message_id"])
    await room.press(ANNA, preview, "Да, следить за всеми")
    page = await room.changed(preview, "Теперь слежу")
    assert await said(room) == ["мост", "порт"]
    await room.press(ANNA, page, "🔔 мост")
    one = await room.changed(page, "На паузу")
    await room.press(ANNA, one, "На паузу")
    one = await room.changed(one, "Следить снова")
    assert "На паузе" in plain(one)
    await room.press(ANNA, one, "Следить снова")
    one = await room.changed(one, "На паузу")
    await room.press(ANNA, one, "Другие слова")
    asked = await room.answer(ANNA, "Другие слова")
    preview = await room.say(ANNA, "вокзал", reply_to=asked["message_id"])
    assert "вместо прежнего" in plain(preview)
    await room.press(ANNA, preview, "Да, следить")
    page = await room.changed(preview, "Теперь слежу")
    assert await said(room) == ["порт", "вокзал"]
    await room.press(ANNA, page, "🔔 порт")
    one = await room.changed(page, "Удалить")
    await room.press(ANNA, one, "Удалить")
    page = await room.changed(one, "🔔 вокзал")
    assert await said(room) == ["вокзал"]
    # What is gone stays gone, and says so.
    assert "уже нет" in (await room.forge(ANNA, page, "alerts:pause:1"))["text"]
    await room.press(ANNA, page, "Настройки")
    await room.changed(page, "Формат")


async def test_the_words_of_a_search_are_watched_for(room: World) -> None:
    await room.story("Мост и порт", ECONOMY)
    page = await room.say(ANNA, "/search мост, порт -поезд #экономика за неделю")
    await room.press(ANNA, page, "Следить за этими словами")
    preview = await room.answer(ANNA, "Следить за этим?")
    assert "мост порт −поезд" in plain(preview)
    await room.press(ANNA, preview, "Да, следить")
    await room.changed(preview, "Теперь слежу")
    assert await said(room) == ["мост порт −поезд"]


async def test_in_english(room: World) -> None:
    await room.story("Bridges reopened", text="Two bridges.", language="en")
    preview = await room.say(JAMES, "/alert bridge")
    assert "1 story in the last week" in plain(preview)
    await room.press(JAMES, preview, "Yes, watch for it")
    page = await room.changed(preview, "From now on")
    assert "Words to watch · 1" in plain(page)
    assert "Every story has such words: the" in plain(await room.say(JAMES, "/alert the"))
    assert "a word which" not in plain(await room.say(JAMES, "watch: oil"))


async def test_a_wide_one_is_seen(room: World) -> None:
    for at in range(71):
        await room.story(f"Мост {at}")
    assert "Это много" in plain(await room.say(ANNA, "/alert мост"))


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("на", "есть в каждой новости"),
        ("🔥🔥🔥", "нет ни одного слова"),
        ("-футбол", "нет ни одного слова"),
        ("\u200b\u202e", "нет ни одного слова"),
        ("м" * 300, "Слишком длинно"),
        ("мост " * 700, "Слишком длинно"),
        ("а1 а2 а3 а4 а5 а6 а7 а8 а9 б1 б2", "Слишком много слов"),
        ("а1, а2, а3, а4, а5, а6", "Слишком много для одного сообщения"),
        ("<b>'; DROP TABLE chat; --", "DROP TABLE"),
        ("\u202eмост\u202c {{ 7 * 7 }} %s", "мост"),
        ("(a+)+$", "Следить за этим"),
    ],
)
async def test_any_words_are_answered(room: World, words: str, answer: str) -> None:
    assert answer in plain(await room.say(ANNA, f"/alert {words}"))
    assert await said(room) == []


async def test_there_is_room_for_so_many(room: World) -> None:
    await room.say(ANNA, "/start")
    here = (await room.chat(ANNA)).id
    for at in range(MOST):
        await alerts.keep(room.db, here, f"слово{at}", room.clock.now())
    preview = await room.say(ANNA, "/alert мост")
    assert f"{MOST} запросов" in (await room.press(ANNA, preview, "Да, следить"))["text"].replace("\xa0", " ")
    assert len(await said(room)) == MOST


async def test_forged_and_stale_presses_do_nothing(room: World) -> None:
    await kept(room, "мост")
    (mine,) = await alerts.of_chat(room.db, (await room.chat(ANNA)).id)
    theirs = await room.say(BORIS, "/alerts")
    for press in ("drop", "pause", "open", "ask"):
        await room.forge(BORIS, theirs, f"alerts:{press}:{mine.id}")
    assert await said(room) == ["мост"]
    assert "устарела" in (await room.forge(BORIS, theirs, "alerts:keep:0:0"))["text"]
    for forged in ("alerts:open:x", "alerts:drop:", "alerts:nothing:1", "alerts:keep:9:9", "alerts:these"):
        assert (await room.forge(BORIS, theirs, forged))["answered"]
    assert await said(room, BORIS) == []
    # Whoever stopped watches for nothing more.
    await room.say(ANNA, "/stop")
    await room.press_newest(ANNA, "Да, остановить")
    await room.answer(ANNA, "/start")
    assert await said(room) == []


async def test_in_a_group_administrators_alone(room: World) -> None:
    group = room.sandbox.add_chat("supergroup", title="Дом", creator=ANNA, members=[BORIS, BOT])["id"]
    room.sandbox.set_member(group, BOT, "administrator", by=ANNA)
    await room.answer(group, "Администраторы")
    refused = await room.refused(BORIS, "/alert@vestnik_bot мост", group)
    assert "администратор" in plain(refused)
    preview = await room.say(ANNA, "/alert@vestnik_bot мост", group)
    await room.press(BORIS, preview, "Да, следить")
    assert await room.chat(group)
    assert await said(room, group) == []
    await room.press(ANNA, preview, "Да, следить")
    page = await room.changed(preview, "Теперь слежу")
    assert await said(room, group) == ["мост"]
    (mine,) = await alerts.of_chat(room.db, (await room.chat(group)).id)
    await room.press(BORIS, page, "🔔 мост")
    await room.forge(BORIS, page, f"alerts:drop:{mine.id}")
    assert await said(room, group) == ["мост"]
    asked = await room.say(ANNA, "/alert@vestnik_bot", group)
    assert "после команды" in plain(asked)
    assert (await room.chat(group)).kind in (ChatKind.GROUP, ChatKind.SUPERGROUP)
