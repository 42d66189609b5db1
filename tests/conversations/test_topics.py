"""/topics: chosen in place, nested, and never for a chat that is not the presser's."""

from __future__ import annotations

from bot.readers import topics

ANNA, BORIS, JAMES = 21, 22, 23
WORLD, ASIA, ECONOMY = 1, 2, 3


def text_of(message) -> str:
    return message.get("text") or message.get("caption") or ""


def labels(message) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


async def chosen(room, chat: int) -> dict[int, bool]:
    return (await topics.choices(room.db, (await room.chat(chat)).id))[1]


async def test_several_topics_are_chosen_in_the_same_message(room) -> None:
    page = await room.say(ANNA, "/topics")
    answer = await room.press(ANNA, page, "Экономика")
    assert "Экономика" in answer["text"]
    page = await room.changed(page, "✅ Экономика")
    await room.press(ANNA, page, "Мир")
    page = await room.changed(page, "✅ Мир")
    assert await chosen(room, ANNA) == {WORLD: True, ECONOMY: True}
    await room.press(ANNA, page, "Экономика")
    await room.changed(page, "▫️ Экономика")
    assert await chosen(room, ANNA) == {WORLD: True}
    assert len(room.shown(ANNA)) == 1


async def test_a_parent_covers_its_children_and_one_can_be_left_out(room) -> None:
    page = await room.say(ANNA, "/topics")
    await room.press(ANNA, page, "Мир")
    page = await room.changed(page, "✅ Мир")
    await room.press(ANNA, page, "›")
    page = await room.changed(page, "✅ Азия")
    await room.press(ANNA, page, "Азия")
    page = await room.changed(page, "▫️ Азия")
    assert await chosen(room, ANNA) == {WORLD: True, ASIA: False}
    await room.press(ANNA, page, "Назад")
    await room.changed(page, "✅ Мир")


async def test_two_fast_presses_of_one_button_end_where_they_began(room) -> None:
    page = await room.say(ANNA, "/topics")
    for _ in range(2):
        await room.forge(ANNA, page, "pick:3:0")
    assert await chosen(room, ANNA) == {}


async def test_a_topic_that_is_gone_is_refused_kindly(room) -> None:
    page = await room.say(ANNA, "/topics")
    answer = await room.forge(ANNA, page, "pick:99:0")
    assert answer["text"]
    assert await chosen(room, ANNA) == {}


async def test_a_forged_press_can_not_choose_for_somebody_else(room) -> None:
    await room.say(BORIS, "/start")
    page = await room.say(ANNA, "/topics")
    answer = await room.forge(ANNA, page, f"pick:3:0:{BORIS}")
    assert "администратор" in answer["text"]
    assert await chosen(room, BORIS) == {}


async def test_an_english_reader_reads_the_topics_in_english(room) -> None:
    page = await room.say(JAMES, "/topics")
    assert any("Economy" in label for label in labels(page))
    assert "Topics" in text_of(page)
