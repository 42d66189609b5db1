"""A feed's picture on its way to readers, and to whoever asks for the story later."""

from __future__ import annotations

from typing import Any

from tests.journeys.newsroom.conftest import Newsroom
from tests.support.people import ANNA, BORIS, EDITOR, OWNER
from tests.support.servers.pictures import opened, picture, picture_server


async def test_a_feeds_picture_is_fetched_once_for_readers_and_for_who_asks_later(newsroom: Newsroom) -> None:
    async with picture_server() as server:
        for reader in (ANNA, BORIS):
            await newsroom.follow(reader, "Экономика")
        await newsroom.first_look()
        url = server.put("harbour.webp", picture("WEBP"), Content_Type="image/webp")
        newsroom.wire.put("p1", "Порт открыт", "Первые суда ждут разгрузки.", picture=url)
        shown = [await newsroom.answer(reader, "Порт открыт") for reader in (ANNA, BORIS)]
        (photo,) = {each["photo"][-1]["file_id"] for each in shown}
        stored = newsroom.sandbox.world.files.get(photo)
        assert stored is not None
        assert opened(stored.content).format == "JPEG"
        newsroom.send(EDITOR, "/start a-1")
        asked = await newsroom.answer(EDITOR, "Порт открыт")
        assert asked["photo"][-1]["file_id"] == photo
        assert server.asked == {"harbour.webp": 1}


async def test_breaking_news_with_an_editors_photo_goes_out_by_its_id(newsroom: Newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    newsroom.send(OWNER, "/start")
    sent = newsroom.send(OWNER, "", photo=True, caption="/breaking Мост закрыт")
    await newsroom.press_newest(OWNER, "Отправить")
    await newsroom.press_newest(OWNER, "Да, отправить")
    shown: dict[str, Any] = await newsroom.answer(ANNA, "Мост закрыт")
    assert shown["photo"][-1]["file_id"] == sent["photo"][-1]["file_id"]
