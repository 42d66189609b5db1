"""The straight path: follow, an item comes in, the right chats get it, once."""

from __future__ import annotations

ANNA, BORIS, OWNER = 21, 22, 11


async def test_an_item_reaches_those_who_follow_its_topic_once(newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    await newsroom.follow(BORIS, "Мир")
    await newsroom.until(lambda: newsroom.app.schedule is not None)
    await newsroom.tick()
    newsroom.wire.put("1", "Мост открыт", "Движение пущено утром.", "Деньги")
    await newsroom.answer(ANNA, "Мост открыт")
    await newsroom.tick()
    assert sum("Мост открыт" in text for text in newsroom.texts(ANNA)) == 1
    assert not any("Мост открыт" in text for text in newsroom.texts(BORIS))
