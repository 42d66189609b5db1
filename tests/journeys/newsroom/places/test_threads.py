"""A forum: topics into threads, General included, moved by a button; closed and deleted threads lose no news."""

from __future__ import annotations

from tests.journeys.newsroom.conftest import Newsroom
from tests.journeys.newsroom.places.conftest import OWNER, Side, forum, tell


async def test_each_thread_gets_its_topics_and_one_is_moved(newsroom: Newsroom, side: Side) -> None:
    chat, (money, planet) = await forum(newsroom, side)
    await newsroom.first_look()
    for thread, topic in ((money, side.economy), (planet, side.world)):
        menu = await newsroom.say(side.keeper, "/topics@vestnik_bot", chat, thread_id=thread)
        await newsroom.press(side.keeper, menu, topic)
        await newsroom.changed(menu, f"✅ {topic}")
    assert (await newsroom.answer(chat, await tell(newsroom, 1, "economy")))["message_thread_id"] == money
    assert (await newsroom.answer(chat, await tell(newsroom, 2, "world")))["message_thread_id"] == planet
    menu = await newsroom.say(side.keeper, "/topics@vestnik_bot", chat)
    assert f"✅ {side.economy} → Деньги" in str(menu)
    await newsroom.press(side.keeper, menu, side.of("Что куда", "What comes"))
    page = await newsroom.changed(menu, side.of("Дайджест", "Digest"))
    await newsroom.press(side.keeper, page, side.economy)
    page = await newsroom.changed(menu, "Планета")
    await newsroom.press(side.keeper, page, "General")
    await newsroom.changed(menu, f"{side.economy} → General")
    page = newsroom.again(menu)
    await newsroom.press(side.keeper, page, side.of("Срочная новость", "Breaking"))
    page = await newsroom.changed(menu, "Планета")
    await newsroom.press(side.keeper, page, "Планета")
    await newsroom.changed(menu, "→ Планета")
    assert "message_thread_id" not in await newsroom.answer(chat, await tell(newsroom, 3, "economy"))
    newsroom.send(OWNER, "/breaking Землетрясение")
    await newsroom.press_newest(OWNER, "Отправить")
    await newsroom.press_newest(OWNER, "Да, отправить")
    assert (await newsroom.answer(chat, "Землетрясение"))["message_thread_id"] == planet


async def test_a_closed_thread_holds_and_a_deleted_one_gives_way_and_the_keeper_is_told_once(
    newsroom: Newsroom, side: Side
) -> None:
    await newsroom.say(side.keeper, "/start")
    chat, (money, _) = await forum(newsroom, side)
    await newsroom.first_look()
    menu = await newsroom.say(side.keeper, "/topics@vestnik_bot", chat, thread_id=money)
    await newsroom.press(side.keeper, menu, side.economy)
    await newsroom.answer(chat, await tell(newsroom, 1, "economy"))
    newsroom.sandbox.change_thread(chat, money, closed=True)
    held = [await tell(newsroom, 2, "economy")]
    await newsroom.until(lambda: any(each["status"] == 400 for each in newsroom.sandbox.calls()))
    held.append(await tell(newsroom, 3, "economy"))
    closed = side.of("закрыта ветка «Деньги»", "“Деньги” is closed")
    await told(newsroom, side, closed)
    newsroom.sandbox.change_thread(chat, money, closed=False)
    for headline in held:
        assert (await newsroom.answer(chat, headline))["message_thread_id"] == money
    newsroom.sandbox.change_thread(chat, money, deleted=True)
    assert "message_thread_id" not in await newsroom.answer(chat, await tell(newsroom, 4, "economy"))
    await told(newsroom, side, side.of("удалена ветка", "was deleted"))
    assert "message_thread_id" not in await newsroom.answer(chat, await tell(newsroom, 5, "economy"))
    refused = [each["description"] for each in newsroom.sandbox.calls() if each["status"] == 400]
    assert sum("TOPIC_" in each for each in refused) == 2
    assert sum(closed in text for text in newsroom.texts(side.keeper)) == 1


async def told(newsroom: Newsroom, side: Side, words: str) -> None:
    """Wait until whoever set the group up is told."""
    await newsroom.answer(side.keeper, words)
