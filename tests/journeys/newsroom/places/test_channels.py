"""A channel is chosen by Telegram's own button, has a line under its posts, and loses and regains its rights."""

from __future__ import annotations

from typing import Any

from tests.journeys.newsroom.conftest import Newsroom
from tests.journeys.newsroom.places.conftest import BORIS, Side, tell
from tests.support.messages import Message
from tests.support.world import BOT

RIGHTS = {"can_post_messages": True, "can_edit_messages": True, "can_delete_messages": True}


async def chosen(newsroom: Newsroom, side: Side) -> int:
    """Let the keeper choose a channel of theirs by Telegram's button, and the economy for it."""
    await newsroom.say(side.keeper, "/start")
    channel = newsroom.sandbox.add_chat("channel", title="Долина", creator=side.keeper, username="valley")[
        "id"
    ]
    page = await newsroom.say(side.keeper, "/channels")
    await newsroom.press(side.keeper, page, side.of("Выбрать канал", "Choose a channel"))
    await newsroom.answer(side.keeper, side.of("Нажмите кнопку внизу", "Press the button below"))
    newsroom.sandbox.share_chat(side.keeper, side.keeper, 3, channel)
    await newsroom.answer(side.keeper, side.of("Канал «Долина» выбран", "The channel “Долина” is chosen"))
    hello = await newsroom.answer(
        side.keeper, side.of("новости в канале «Долина»", "I can now post news in “Долина”")
    )
    await newsroom.press(side.keeper, hello, side.economy)
    await newsroom.changed(hello, f"✅ {side.economy}")
    return int(channel)


async def test_a_chosen_channel_gets_news_with_its_own_line_below(newsroom: Newsroom, side: Side) -> None:
    await newsroom.first_look()
    channel = await chosen(newsroom, side)
    page = await newsroom.say(side.keeper, "/channels")
    await newsroom.press(side.keeper, page, "Долина")
    page = await newsroom.changed(page, side.of("Подпись", "Footer"))
    await newsroom.press(side.keeper, page, side.of("Подпись", "Footer"))
    page = await newsroom.changed(page, side.of("Написать подпись", "Write the footer"))
    await newsroom.press(side.keeper, page, side.of("Написать подпись", "Write the footer"))
    question = await newsroom.answer(side.keeper, side.of("Какую строку", "Which line"))
    await newsroom.restart()
    words = side.of("@valley · Подписаться", "@valley · Subscribe")
    at = words.index("·") + 2
    link = {"type": "text_link", "offset": at, "length": len(words) - at, "url": "https://t.me/valley"}
    newsroom.send(side.keeper, words, entities=[link], reply_to=question["message_id"])
    await newsroom.answer(side.keeper, words)
    headline = await tell(newsroom, 1, "economy")
    post = await posted(newsroom, channel, headline)
    assert post["text"].endswith(words)
    assert {"type": "text_link", "url": "https://t.me/valley"}.items() <= post["entities"][-1].items()


async def test_lost_rights_are_told_once_and_news_goes_on_when_they_return(
    newsroom: Newsroom, side: Side
) -> None:
    await newsroom.first_look()
    channel = await chosen(newsroom, side)
    newsroom.sandbox.set_member(channel, BORIS, "administrator", by=side.keeper)
    without = RIGHTS | {"can_post_messages": False}
    newsroom.sandbox.set_member(channel, BOT, "administrator", by=BORIS, rights=without)
    page = await newsroom.answer(side.keeper, side.of("больше нельзя писать", "may not write"))
    await tell(newsroom, 1, "economy")
    await newsroom.press(side.keeper, page, side.of("Проверить права", "Check the rights"))
    page = await newsroom.changed(page, side.of("❌ публиковать", "❌ post"))
    newsroom.sandbox.set_member(channel, BOT, "administrator", by=BORIS, rights=RIGHTS)
    await newsroom.press(side.keeper, page, side.of("Проверить права", "Check the rights"))
    await newsroom.changed(page, side.of("✅ публиковать", "✅ post"))
    await posted(newsroom, channel, await tell(newsroom, 2, "economy"))
    newsroom.sandbox.set_member(channel, BOT, "kicked", by=BORIS)
    await newsroom.answer(side.keeper, side.of("удалили из канала", "removed from the channel"))


async def posted(newsroom: Newsroom, channel: int, headline: str) -> Message:
    """Wait for a post in the channel."""

    def found() -> dict[str, Any] | None:
        posts = newsroom.sandbox.messages(channel)
        return next((each for each in posts if headline in each.get("text", "")), None)

    return await newsroom.until(found)
