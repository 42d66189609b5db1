"""/topics: chosen in place, nested, and never for a chat that is not the presser's."""

from __future__ import annotations

from bot.store.newsroom import topics as newsroom_topics
from tests.support.messages import labels, text_of
from tests.support.readers import choices
from tests.support.world import World

ANNA, BORIS, JAMES = 21, 22, 23
WORLD, ASIA, ECONOMY = 1, 2, 3


async def chosen(room: World, chat: int) -> dict[int, bool]:
    return await choices(room.db, (await room.chat(chat)).id)


async def test_several_topics_are_chosen_in_the_same_message(room: World) -> None:
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


async def test_a_parent_covers_its_children_and_one_can_be_left_out(room: World) -> None:
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


async def test_a_way_below_is_smaller_than_its_topic_and_twenty_topics_make_a_page(room: World) -> None:
    async with room.db.write() as tx:
        for at in range(23):
            await newsroom_topics.put(
                tx, f"extra-{at}", {"ru": f"Раздел {at}"}, origin="file", position=10 + at
            )
    page = await room.say(ANNA, "/topics")
    rows = page["reply_markup"]["inline_keyboard"]
    assert [len(row) for row in rows[:21]] == [1] * 21
    assert [button["text"] for button in rows[0]] == ["▫️ Все новости"]
    assert [button["text"] for button in rows[21]] == ["Мир ›"]
    assert [button["text"] for button in rows[-1]] == ["1/2", "Страница 2 ›"]
    await room.forge(ANNA, page, rows[-1][1]["callback_data"])
    page = await room.changed(page, "Раздел 22")
    assert [button["text"] for button in page["reply_markup"]["inline_keyboard"][-1]] == [
        "‹ Страница 1",
        "2/2",
    ]
    await room.press(ANNA, page, "Раздел 22")
    page = await room.changed(page, "✅ Раздел 22")
    assert "2/2" in labels(page), "a press stays on its page"


async def test_two_fast_presses_of_one_button_end_where_they_began(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    for _ in range(2):
        await room.forge(ANNA, page, "pick:3:0")
    assert await chosen(room, ANNA) == {}


async def test_a_topic_that_is_gone_is_refused_kindly(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    answer = await room.forge(ANNA, page, "pick:99:0")
    assert answer["text"]
    assert await chosen(room, ANNA) == {}


async def test_a_forged_press_can_not_choose_for_somebody_else(room: World) -> None:
    await room.say(BORIS, "/start")
    page = await room.say(ANNA, "/topics")
    answer = await room.forge(ANNA, page, f"pick:3:0:{BORIS}")
    assert "администратор" in answer["text"]
    assert await chosen(room, BORIS) == {}


async def test_an_english_reader_reads_the_topics_in_english(room: World) -> None:
    page = await room.say(JAMES, "/topics")
    assert any("Economy" in label for label in labels(page))
    assert "Topics" in text_of(page)
