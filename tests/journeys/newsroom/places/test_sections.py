"""A private chat with a thread for each section: opened by news, opened anew after a deletion, one press back."""

from __future__ import annotations

from tests.journeys.newsroom.conftest import Newsroom
from tests.journeys.newsroom.places.conftest import Side, tell
from tests.support.messages import labels


async def test_sections_have_threads_until_one_press_brings_the_stream_back(
    newsroom: Newsroom, side: Side
) -> None:
    reader = side.keeper
    await newsroom.follow(reader, side.economy)
    await newsroom.press_newest(reader, side.world)
    await newsroom.first_look()
    button = side.of("Ветка для каждой", "A thread for each")
    assert not any(button in label for label in labels(await newsroom.say(reader, "/settings")))
    newsroom.sandbox.set_topics()
    await newsroom.restart()
    page = await newsroom.say(reader, "/settings")
    await newsroom.press(reader, page, button)
    page = await newsroom.changed(page, side.of("Завести ветки", "Give each"))
    await newsroom.press(reader, page, side.of("Завести ветки", "Give each"))
    await newsroom.changed(page, side.of("единую ленту", "one stream"))
    first = await newsroom.answer(reader, await tell(newsroom, 1, "economy"))
    again = await newsroom.answer(reader, await tell(newsroom, 2, "economy"))
    other = await newsroom.answer(reader, await tell(newsroom, 3, "asia"))
    assert first["message_thread_id"] == again["message_thread_id"] != other["message_thread_id"]
    names = {each.name for each in newsroom.sandbox.chat(reader).threads.values()}
    assert names == {side.economy, side.world}
    newsroom.sandbox.change_thread(reader, first["message_thread_id"], deleted=True)
    anew = await newsroom.answer(reader, await tell(newsroom, 4, "economy"))
    assert anew["message_thread_id"] not in (first["message_thread_id"], other["message_thread_id"])
    page = newsroom.again(page)
    await newsroom.press(reader, page, side.of("единую ленту", "one stream"))
    await newsroom.changed(page, side.of("Завести ветки", "Give each"))
    assert "message_thread_id" not in await newsroom.answer(reader, await tell(newsroom, 5, "economy"))
