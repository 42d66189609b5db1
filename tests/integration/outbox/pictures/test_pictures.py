"""Pictures on their way to many chats: real ones, a server with faults, the sandbox as strict as Telegram."""

from __future__ import annotations

import random
import string
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from bot.model.delivery import Lane
from bot.model.story.content import Figure, Media, MediaKind
from bot.model.story.form import Form, Style
from bot.sources.fetch.pictures import PictureFetcher
from bot.store.newsroom.tables import media
from tests.integration.outbox.pictures.picturing import at, photo, uploads
from tests.support.engine import Engine
from tests.support.figures import figure
from tests.support.servers.pictures import PictureServer, encoded, opened, picture


async def test_fifty_chats_get_a_picture_that_was_fetched_and_uploaded_once(
    shown: Engine, server: PictureServer
) -> None:
    readers = await shown.readers(50)
    _, bulletin = await shown.publish("Мост открыт", picture=at(server.put("a.jpg", picture())))
    assert (await shown.done(bulletin)).accepted == 50
    assert all(photo(shown, reader) == picture() for reader in readers)
    assert server.asked == {"a.jpg": 1}
    assert len(uploads(shown)) == 1
    assert len(shown.sandbox.calls(method="sendPhoto")) == 50


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(picture("WEBP"), id="webp"),
        pytest.param(picture("PNG", (300, 9000)), id="too long"),
        pytest.param(picture("GIF"), id="gif"),
        pytest.param(picture("BMP", (2400, 2000)), id="too heavy"),
    ],
)
async def test_a_picture_that_telegram_would_refuse_is_made_anew(
    shown: Engine, server: PictureServer, content: bytes
) -> None:
    (anna,) = await shown.readers(1)
    _, bulletin = await shown.publish("Мост открыт", picture=at(server.put("a", content)))
    assert (await shown.done(bulletin)).accepted == 1
    assert opened(photo(shown, anna)).format == "JPEG"


async def _faulty(server: PictureServer, fault: str) -> str:
    whole = picture()
    match fault:
        case "not there":
            return f"{server.url}/none.jpg"
        case "a page":
            return server.put("a.jpg", b"<html>", Content_Type="text/html")
        case "truncated":
            return server.put("a.jpg", whole[: len(whole) // 2])
        case "huge":
            return server.put("a.jpg", bytes(21 * 1024 * 1024))
        case "nobody listens":
            return "http://127.0.0.1:9/a.jpg"
        case "redirect without end":
            return server.put("a.jpg", status=302, Location=f"{server.url}/a.jpg")
    return server.hang("a.jpg")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("not there", "http-404"),
        ("a page", "not-a-picture"),
        ("truncated", "broken"),
        ("huge", "too-big"),
        ("nobody listens", "refused"),
        ("redirect without end", "redirects"),
        ("no answer", "timeout"),
    ],
)
async def test_a_picture_that_cannot_be_had_never_holds_the_story_back(
    still_sqlite: Engine, server: PictureServer, fault: str, reason: str
) -> None:
    counted = figure("vestnik_pictures_total", outcome=reason)
    async with PictureFetcher(allow_private=True, seconds=1 if fault == "no answer" else 60) as fetcher:
        still_sqlite.fetch = fetcher.fetch
        await still_sqlite.start()
        readers = await still_sqlite.readers(10)
        _, bulletin = await still_sqlite.publish("Мост открыт", picture=at(await _faulty(server, fault)))
        assert (await still_sqlite.done(bulletin)).accepted == 10
        assert all(still_sqlite.count(reader, "Мост открыт") == 1 for reader in readers)
        assert not any(
            "photo" in message for reader in readers for message in still_sqlite.sandbox.messages(reader)
        )
        assert sum(server.asked.values()) <= 6  # once, or as often as an endless way is followed
        assert figure("vestnik_pictures_total", outcome=reason) == counted + 1


async def test_a_private_address_is_neither_asked_nor_handed_on(
    still_sqlite: Engine, server: PictureServer
) -> None:
    async with PictureFetcher(allow_private=False, seconds=60) as fetcher:
        still_sqlite.fetch = fetcher.fetch
        await still_sqlite.start()
        (anna,) = await still_sqlite.readers(1)
        _, bulletin = await still_sqlite.publish("Мост открыт", picture=at(server.put("a.jpg", picture())))
        assert (await still_sqlite.done(bulletin)).accepted == 1
        assert still_sqlite.count(anna, "Мост открыт") == 1
        assert not server.asked
        assert not still_sqlite.sandbox.calls(method="sendPhoto")


async def test_a_picture_that_only_telegram_reaches_goes_by_its_address(shown: Engine) -> None:
    url = "https://news.example.com/a.png"
    shown.sandbox.offer_picture(url, picture("PNG"))
    readers = await shown.readers(5)
    _, bulletin = await shown.publish("Мост открыт", picture=at(url))
    assert (await shown.done(bulletin)).accepted == 5
    assert all(photo(shown, reader) == picture("PNG") for reader in readers)
    given = [call["params"]["photo"] for call in shown.sandbox.calls(method="sendPhoto")]
    assert given.count(url) == 1


async def test_breaking_news_does_not_wait_for_a_picture(shown: Engine, server: PictureServer) -> None:
    (anna,) = await shown.readers(1)
    _, bulletin = await shown.publish("Мост закрыт", lane=Lane.FLASH, picture=at(server.hang("a.jpg")))
    assert (await shown.done(bulletin)).accepted == 1
    assert shown.count(anna, "Мост закрыт") == 1


async def test_an_id_that_went_bad_is_brought_anew_once(shown: Engine, server: PictureServer) -> None:
    readers = await shown.readers(10)
    one = at(server.put("a.jpg", picture()))
    await shown.done((await shown.publish("Мост открыт", picture=one))[1])
    shown.sandbox.world.files.expire()
    _, second = await shown.publish("Мост закрыт", picture=one)
    assert (await shown.done(second)).accepted == 10
    assert all(photo(shown, reader) == picture() for reader in readers)
    assert len(uploads(shown)) == 2


async def test_a_photo_refused_as_it_is_goes_anew_and_else_the_story_goes_without(
    shown: Engine, server: PictureServer
) -> None:
    (anna,) = await shown.readers(1)
    refused = {"code": 400, "description": "Bad Request: IMAGE_PROCESS_FAILED"}
    shown.sandbox.fault("error", match={"method": "sendPhoto"}, **refused)
    await shown.done((await shown.publish("Раз", picture=at(server.put("a.jpg", picture()))))[1])
    assert opened(photo(shown, anna)).format == "JPEG"
    assert photo(shown, anna) != picture()
    shown.sandbox.fault("error", match={"method": "sendPhoto"}, times=2, **refused)
    await shown.done((await shown.publish("Два", picture=at(server.put("b.jpg", picture(seed=9)))))[1])
    assert "Два" in shown.sandbox.messages(anna)[-1]["text"]


async def test_a_group_that_takes_no_photos_takes_them_from_nobody_else(
    shown: Engine, server: PictureServer
) -> None:
    readers = await shown.readers(3)
    denied = {"code": 400, "description": "Bad Request: not enough rights to send photos to the chat"}
    shown.sandbox.fault("error", match={"chat_id": readers[0], "method": "sendPhoto"}, times=9, **denied)
    _, bulletin = await shown.publish("Мост открыт", picture=at(server.put("a.jpg", picture())))
    assert (await shown.done(bulletin)).accepted == 3
    assert "text" in shown.sandbox.messages(readers[0])[-1]
    assert all("photo" in shown.sandbox.messages(reader)[-1] for reader in readers[1:])


async def test_a_picture_is_looked_at_again_after_an_hour_and_not_uploaded_if_it_is_the_same(
    shown: Engine, server: PictureServer
) -> None:
    (anna,) = await shown.readers(1)
    one = at(server.put("chart.jpg", picture()))
    await shown.done((await shown.publish("Курс", picture=one))[1])
    shown.clock.advance(timedelta(hours=2))
    await shown.done((await shown.publish("Курс снова", picture=one))[1])
    assert (server.asked["chart.jpg"], len(uploads(shown))) == (2, 1)
    shown.clock.advance(timedelta(hours=2))
    server.put("chart.jpg", picture(seed=40))
    await shown.done((await shown.publish("Курс изменился", picture=one))[1])
    assert photo(shown, anna) == picture(seed=40)


async def test_the_same_bytes_at_another_address_are_not_uploaded_again(
    shown: Engine, server: PictureServer
) -> None:
    await shown.readers(1)
    for path in ("a.jpg", "a.jpg?w=800"):
        url = server.put(path.partition("?")[0], picture()) + path.partition(".jpg")[2]
        await shown.done((await shown.publish(path, picture=at(url)))[1])
    assert len(uploads(shown)) == 1


async def test_ids_are_kept_in_the_database(engine: Engine) -> None:
    url = "https://news.example.com/a.png"
    engine.sandbox.offer_picture(url, picture("PNG"))
    await engine.readers(3)
    await engine.done((await engine.publish("Мост открыт", picture=at(url)))[1])
    async with engine.db.reader.connect() as tx:
        (row,) = (await tx.execute(select(media))).all()
    assert row.url == url
    sent = engine.sandbox.calls(method="sendPhoto")
    assert [call["params"]["photo"] for call in sent] == [url, row.file_id, row.file_id]


async def test_a_message_is_not_sent_again_because_its_pictures_id_cannot_be_kept(engine: Engine) -> None:
    words = "".join(random.Random(7).choices(string.ascii_letters, k=9_000))  # more than an index takes
    url = f"https://news.example.com/a.png?{words}"
    engine.sandbox.offer_picture(url, picture("PNG"))
    readers = await engine.readers(3)
    _, bulletin = await engine.publish("Мост открыт", picture=at(url))
    assert (await engine.done(bulletin)).accepted == 3
    assert [engine.count(reader, "Мост открыт") for reader in readers] == [1, 1, 1]


@pytest.mark.parametrize("form", [Form.BRIEF, Form.CLASSIC, Form.RICH])
@pytest.mark.parametrize(
    "media", [at("file:///etc/hostname"), Media(MediaKind.PICTURE, file_id="file:///etc/x")]
)
async def test_a_file_of_the_servers_own_disk_is_never_asked_for(
    shown: Engine, form: Form, media: Media
) -> None:
    (anna,) = await shown.readers(1)
    shown.renders.style = Style(form)
    _, bulletin = await shown.publish("Мост открыт", picture=media, blocks=(Figure(media), Figure(media)))
    assert (await shown.done(bulletin)).accepted == 1
    assert shown.count(anna, "Мост открыт") + str(shown.sandbox.messages(anna)[-1]).count("<h1>") == 1
    assert "file:" not in str(shown.sandbox.calls())


async def test_a_heavy_picture_is_uploaded_in_pieces(shown: Engine, server: PictureServer) -> None:
    (anna,) = await shown.readers(1)
    noise = Image.effect_noise((1600, 1200), 90)
    heavy = encoded(Image.merge("RGB", [noise] * 3), "PNG", compress_level=1)
    assert len(heavy) > 1 << 20
    _, bulletin = await shown.publish("Мост открыт", picture=at(server.put("a.png", heavy)))
    assert (await shown.done(bulletin)).accepted == 1
    assert photo(shown, anna) == heavy


async def test_a_corrected_picture_takes_the_place_of_the_one_that_stands(
    shown: Engine, server: PictureServer
) -> None:
    (anna,) = await shown.readers(1)
    first, second = (at(server.put(f"{n}.jpg", picture(seed=n))) for n in (1, 2))
    article, bulletin = await shown.publish("Мост открыт", picture=first)
    await shown.done(bulletin)
    await shown.done(await shown.correct(article, "Мост закрыт", picture=second))
    assert photo(shown, anna) == picture(seed=2)
    assert shown.count(anna, "Мост закрыт") == 1


async def test_a_story_that_waits_for_its_picture_lets_breaking_news_through(
    shown: Engine, server: PictureServer
) -> None:
    (anna,) = await shown.readers(1)
    _, story = await shown.publish("Мост открыт", picture=at(server.hang("a.jpg")))
    await server.was_asked("a.jpg")
    _, flash = await shown.publish("Мост закрыт", lane=Lane.FLASH)
    await shown.done(flash)
    server.let_go("a.jpg")
    await shown.done(story)
    first, second = shown.texts(anna)
    assert "Мост закрыт" in first
    assert "Мост открыт" in second
