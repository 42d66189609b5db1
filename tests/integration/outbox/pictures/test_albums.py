"""Several pictures in one message: albums, and articles with pictures among their words."""

from __future__ import annotations

from aiogram.types import BufferedInputFile

from bot.model.story.content import Figure, Media, MediaKind, Run
from bot.model.story.form import Form, Style
from tests.integration.outbox.pictures.picturing import at, content_of, figures, uploads
from tests.support.engine import Engine
from tests.support.servers.pictures import PictureServer, picture


async def _classic(engine: Engine, leading: str, *others: str) -> tuple[int, int]:
    engine.renders.style = Style(Form.CLASSIC)
    return await engine.publish("Галерея", picture=at(leading), blocks=figures(*others))


async def test_an_album_is_uploaded_once_and_loses_only_what_cannot_be_had(
    shown: Engine, server: PictureServer
) -> None:
    readers = await shown.readers(20)
    shown.sandbox.clear_faults()
    urls = [server.put(f"{n}.jpg", picture(seed=n)) for n in range(3)]
    broken = server.put("broken.jpg", b"<html>")
    _, bulletin = await _classic(shown, urls[0], *urls[1:], broken)
    assert (await shown.done(bulletin)).accepted == 20
    for reader in readers:
        album = [message for message in shown.sandbox.messages(reader) if "photo" in message]
        assert [len({message["media_group_id"] for message in album}), len(album)] == [1, 3]
    assert len(uploads(shown, "sendMediaGroup")) == 1
    assert set(server.asked.values()) == {1}


async def test_an_album_is_corrected_picture_by_picture_and_taken_back_whole(
    shown: Engine, server: PictureServer
) -> None:
    (anna,) = await shown.readers(1)
    urls = [server.put(f"{n}.jpg", picture(seed=n)) for n in range(4)]
    article, bulletin = await _classic(shown, *urls[:3])
    await shown.done(bulletin)
    stood = [each["message_id"] for each in shown.sandbox.messages(anna) if "photo" in each]
    blocks = figures(urls[1], urls[3])
    await shown.done(await shown.correct(article, "Галерея открыта", picture=at(urls[0]), blocks=blocks))
    album = [each for each in shown.sandbox.messages(anna) if "photo" in each]
    assert [each["message_id"] for each in album] == stood
    assert content_of(shown, album[2]) == picture(seed=3)
    assert content_of(shown, album[1]) == picture(seed=1)
    assert shown.count(anna, "Галерея открыта") == 1
    await shown.done(await shown.take_away(article))
    assert not [each for each in shown.sandbox.messages(anna) if each.get("from", {}).get("is_bot")]


async def test_an_editors_photos_go_out_by_their_ids_and_one_that_went_bad_is_left_out(
    shown: Engine,
) -> None:
    (anna,) = await shown.readers(1)
    ids = []
    for seed in range(3):
        sent = await shown.line.client.send_photo(anna, BufferedInputFile(picture(seed=seed), "photo.jpg"))
        assert sent.photo
        ids.append(sent.photo[-1].file_id)
    media = [Media(MediaKind.PICTURE, file_id=each) for each in [*ids, "bad"]]
    shown.renders.style = Style(Form.CLASSIC)
    _, bulletin = await shown.publish("Галерея", picture=media[0], blocks=tuple(map(Figure, media[1:])))
    assert (await shown.done(bulletin)).accepted == 1
    album = [each for each in shown.sandbox.messages(anna) if "media_group_id" in each]
    assert [each["photo"][-1]["file_id"] for each in album] == ids
    assert shown.count(anna, "Галерея") == 1


async def test_an_article_calls_its_pictures_by_id_once_one_chat_has_brought_them(
    shown: Engine, server: PictureServer
) -> None:
    shown.renders.style = Style(Form.RICH)
    readers = await shown.readers(20)
    urls = [server.put(f"{n}.jpg", picture(seed=n)) for n in range(3)]
    broken = server.put("broken.webp", b"<html>")
    _, bulletin = await shown.publish("Статья", picture=at(urls[0]), blocks=figures(*urls[1:], broken))
    assert (await shown.done(bulletin)).accepted == 20
    assert len(uploads(shown, "sendRichMessage")) == 1
    assert set(server.asked.values()) == {1}
    for reader in readers:
        rich = shown.sandbox.messages(reader)[-1]["rich_message"]
        assert [block["type"] for block in rich["blocks"]].count("photo") == 3
        assert "Подпись 3" in rich["html"]


async def test_a_story_with_several_bad_videos_goes_out_after_a_few_attempts(
    shown: Engine, server: PictureServer
) -> None:
    shown.renders.style = Style(Form.RICH)
    (anna,) = await shown.readers(1)
    urls = [f"https://news.example.com/{number}.mp4" for number in range(4)]
    videos = tuple(Figure(Media(MediaKind.VIDEO, url=url), (Run("Съёмка"),)) for url in urls)
    refused = {"code": 400, "description": "Bad Request: failed to get HTTP URL content"}
    shown.sandbox.clear_faults()
    shown.sandbox.fault("error", match={"method": "sendRichMessage"}, times=1000, **refused)
    _, bulletin = await shown.publish("Статья", picture=at(server.put("a.jpg", picture())), blocks=videos)
    assert (await shown.done(bulletin)).accepted == 1
    refusals = [each for each in shown.sandbox.calls(method="sendRichMessage") if each["status"] == 400]
    assert 1 < len(refusals) <= 5
    assert shown.count(anna, "Статья") == 1


async def test_a_video_that_telegram_cannot_fetch_becomes_a_link_and_the_pictures_stay(
    shown: Engine, server: PictureServer
) -> None:
    shown.renders.style = Style(Form.RICH)
    (anna,) = await shown.readers(1)
    video = Figure(Media(MediaKind.VIDEO, url="https://news.example.com/large.mp4"), (Run("Съёмка"),))
    refused = {"code": 400, "description": "Bad Request: failed to get HTTP URL content"}
    shown.sandbox.fault("error", match={"method": "sendRichMessage"}, **refused)
    url = server.put("a.jpg", picture())
    _, bulletin = await shown.publish("Статья", picture=at(url), blocks=(video,))
    assert (await shown.done(bulletin)).accepted == 1
    rich = shown.sandbox.messages(anna)[-1]["rich_message"]["html"]
    assert "<video" not in rich
    assert "<img" in rich
    assert '<a href="https://news.example.com/large.mp4">Съёмка</a>' in rich
    assert server.asked["a.jpg"] == 1
