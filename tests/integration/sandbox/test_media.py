"""Photos, albums, copies and files."""

from __future__ import annotations

import io
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox import Limits, Sandbox
from bot.sandbox.calls.answers import Impossible
from bot.sandbox.world.pictures import draw, measure
from tests.integration.sandbox.conftest import TOKEN, Api, Cast

PICTURE = "https://news.example.com/a.png"


async def upload(
    http: aiohttp.ClientSession, url: str, fields: dict[str, str], ending: str = "png", **files: bytes
) -> Any:
    form = aiohttp.FormData(fields)
    for name, content in files.items():
        form.add_field(name, io.BytesIO(content), filename=f"{name}.{ending}", content_type="image/png")
    async with http.post(url, data=form) as response:
        return await response.json()


def test_a_drawn_picture_is_a_png_of_its_size() -> None:
    assert measure(draw(1, 40, 30)) == ("image/png", 40, 30)
    assert measure(b"<html>") is None
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x1e\x00\x28\x01\x00\x00\x00"
    assert measure(jpeg) == ("image/jpeg", 40, 30)


async def test_a_photo_is_uploaded_once_and_sent_again_by_its_id(
    api: Api, cast: Cast, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    fields = {"chat_id": str(cast.anna), "caption": "<b>Порт</b>", "parse_mode": "HTML"}
    sent = await upload(http, f"{sandbox.url}/bot{TOKEN}/sendPhoto", fields, photo=draw(1))
    photo = sent["result"]["photo"][-1]
    assert (photo["width"], photo["height"], sent["result"]["caption"]) == (480, 300, "Порт")
    again = await api("sendPhoto", chat_id=cast.channel, photo=photo["file_id"], has_spoiler=True)
    assert again["result"]["photo"][-1] == photo
    assert again["result"]["has_media_spoiler"] is True
    found = (await api("getFile", file_id=photo["file_id"]))["result"]
    async with http.get(f"{sandbox.url}/file/bot{TOKEN}/{found['file_path']}") as response:
        assert await response.read() == draw(1)


async def test_a_person_sends_a_document_or_a_video_and_the_bot_fetches_it(
    api: Api, cast: Cast, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    given = {"name": "копия.txt", "mime": "text/plain", "content": "Мост".encode()}
    sent = sandbox.send(cast.anna, cast.anna, "", document=given, caption="Смотрите")
    document = sent["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == (
        "копия.txt",
        "text/plain",
        8,
    )
    [update] = (await api("getUpdates", offset=-1))["result"]
    assert update["message"]["document"] == document
    found = (await api("getFile", file_id=document["file_id"]))["result"]
    assert found["file_path"].startswith("documents/")
    assert found["file_path"].endswith(".txt")
    async with http.get(f"{sandbox.url}/file/bot{TOKEN}/{found['file_path']}") as response:
        assert await response.read() == "Мост".encode()
    edited = sandbox.edit(cast.anna, cast.anna, sent["message_id"], "Смотрите ещё раз")
    assert (edited["caption"], edited["document"]) == ("Смотрите ещё раз", document)
    assert "text" not in edited
    clip = {"name": "a.mp4", "mime": "video/mp4", "content": "data:video/mp4;base64,AAAA"}
    shown = sandbox.send(cast.anna, cast.anna, "", document=clip)["video"]
    assert (shown["file_size"], shown["duration"]) == (3, 10)
    with pytest.raises(Impossible, match="empty"):
        sandbox.send(cast.anna, cast.anna, "", document={"name": "a.txt"})


async def test_a_file_above_twenty_megabytes_can_not_be_fetched(
    api: Api, cast: Cast, sandbox: Sandbox
) -> None:
    given = {"name": "a.txt", "mime": "text/plain", "content": b"a" * (20 * 1024 * 1024 + 1)}
    sent = sandbox.send(cast.anna, cast.anna, "", document=given)
    answer = await api("getFile", file_id=sent["document"]["file_id"])
    assert answer["description"] == "Bad Request: file is too big"


async def test_a_press_shows_what_its_message_answers_as_that_stands_now(
    api: Api, cast: Cast, sandbox: Sandbox
) -> None:
    asked = sandbox.send(cast.anna, cast.anna, "Мост закрыт")
    button = {"inline_keyboard": [[{"text": "Да", "callback_data": "yes"}]]}
    reply = {"message_id": asked["message_id"]}
    said = await api(
        "sendMessage", chat_id=cast.anna, text="Это новость?", reply_markup=button, reply_parameters=reply
    )
    sandbox.edit(cast.anna, cast.anna, asked["message_id"], "Мост открыт")
    sandbox.press(cast.anna, cast.anna, said["result"]["message_id"], "yes")
    [update] = (await api("getUpdates", offset=-1))["result"]
    assert update["callback_query"]["message"]["reply_to_message"]["text"] == "Мост открыт"


async def test_a_file_id_belongs_to_one_bot(
    api: Api, cast: Cast, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    sandbox.offer_picture(PICTURE, draw(2))
    sent = await api("sendPhoto", chat_id=cast.channel, photo=PICTURE)
    other = "77:" + "b" * 35
    sandbox.add_bot(other, "other_bot")
    sandbox.set_member(cast.channel, 77, "administrator")
    params = {"chat_id": str(cast.channel), "photo": sent["result"]["photo"][-1]["file_id"]}
    async with http.post(f"{sandbox.url}/bot{other}/sendPhoto", data=params) as response:
        answer = await response.json()
    assert answer["description"] == "Bad Request: wrong file identifier/HTTP URL specified"


async def test_a_photo_comes_by_url_from_this_machine_or_from_what_was_offered(
    api: Api, cast: Cast, sandbox: Sandbox
) -> None:
    async def picture(request: web.Request) -> web.Response:
        return web.Response(body=draw(3), content_type="image/png")

    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<html>", content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/a.png", picture), web.get("/page", page)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        answers = [
            await api("sendPhoto", chat_id=cast.anna, photo=url)
            for url in (f"{base}/a.png", f"{base}/page", f"{base}/none", PICTURE, "http://nodot/a.png")
        ]
    finally:
        await runner.cleanup()
    assert answers[0]["ok"]
    assert [answer["description"] for answer in answers[1:]] == [
        "Bad Request: wrong type of the web page content",
        "Bad Request: failed to get HTTP URL content",
        "Bad Request: failed to get HTTP URL content",
        "Bad Request: wrong HTTP URL specified",
    ]


async def test_wrong_photos_and_captions_are_refused(
    api: Api, cast: Cast, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    url = f"{sandbox.url}/bot{TOKEN}/sendPhoto"
    fields = {"chat_id": str(cast.anna)}
    assert (await upload(http, url, fields, photo=b"text"))["description"] == (
        "Bad Request: IMAGE_PROCESS_FAILED"
    )
    thin = await upload(http, url, fields, photo=draw(1, 300, 10))
    assert thin["description"] == "Bad Request: PHOTO_INVALID_DIMENSIONS"
    webp = await upload(http, url, fields, ending="webp", photo=draw(1))
    assert webp["description"] == (
        "Bad Request: photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp"
    )
    wide = await upload(http, url, fields, photo=draw(1, 9_000, 1_001))
    assert wide["description"] == "Bad Request: PHOTO_INVALID_DIMENSIONS"
    heavy = await upload(http, url, fields, photo=bytes((10 << 20) + 1))
    assert "is too big for a photo" in heavy["description"]
    sandbox.offer_picture(PICTURE, draw(1))
    long = await api("sendPhoto", chat_id=cast.anna, photo=PICTURE, caption="😀" * 1025)
    assert long["description"] == "Bad Request: message caption is too long"


async def test_an_album_has_two_to_ten_photos_and_no_keyboard(
    api: Api, cast: Cast, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    sandbox.offer_picture(PICTURE, draw(1))
    item = {"type": "photo", "media": PICTURE}
    media = f'[{{"type":"photo","media":"attach://p","caption":"Подпись"}},{{"type":"photo","media":"{PICTURE}"}}]'
    url = f"{sandbox.url}/bot{TOKEN}/sendMediaGroup"
    sent = await upload(http, url, {"chat_id": str(cast.channel), "media": media}, p=draw(9))
    groups = {message["media_group_id"] for message in sent["result"]}
    assert (len(sent["result"]), len(groups), sent["result"][0]["caption"]) == (2, 1, "Подпись")
    many = await api("sendMediaGroup", chat_id=cast.anna, media=[item] * 11)
    assert many["description"] == "Bad Request: too many messages to send as an album"
    wrong = await api("sendMediaGroup", chat_id=cast.anna, media=[item, {"type": "photo", "media": "x"}])
    assert wrong["description"] == (
        "Bad Request: failed to send message #2 with the error message "
        '"wrong file identifier/HTTP URL specified"'
    )


@pytest.mark.parametrize("kinds", [("photo", "document"), ("audio", "document"), ("photo", "animation")])
async def test_an_album_holds_what_goes_together(
    api: Api, cast: Cast, sandbox: Sandbox, kinds: tuple[str, ...]
) -> None:
    sandbox.offer_picture(PICTURE, draw(1))
    media = [{"type": kind, "media": PICTURE} for kind in kinds]
    answer = await api("sendMediaGroup", chat_id=cast.anna, media=media)
    assert answer["description"] == "Bad Request: can't use the media of the specified type in the album"


async def test_an_album_counts_as_many_messages_as_it_has_pictures(
    api: Api, cast: Cast, sandbox: Sandbox
) -> None:
    sandbox.gate.limits = Limits(group_per_minute=20)
    sandbox.offer_picture(PICTURE, draw(1))
    item = {"type": "photo", "media": PICTURE}
    for _ in range(2):
        assert (await api("sendMediaGroup", chat_id=cast.group, media=[item] * 10))["ok"]
    assert (await api("sendMessage", chat_id=cast.group, text="x"))["error_code"] == 429
    sandbox.advance(61)
    assert (await api("sendMessage", chat_id=cast.group, text="x"))["ok"]


async def test_an_article_shows_photos_by_name_and_needs_the_right_to_send_them(
    api: Api, cast: Cast, sandbox: Sandbox
) -> None:
    sandbox.offer_picture(PICTURE, draw(1))
    sent = (await api("sendPhoto", chat_id=cast.anna, photo=PICTURE))["result"]["photo"][-1]["file_id"]
    rich = {
        "html": f'<p>x</p><img src="tg://photo?id=a"/><img src="{PICTURE}"/>',
        "media": [{"id": "a", "media": {"type": "photo", "media": sent}}],
    }
    shown = (await api("sendRichMessage", chat_id=cast.anna, rich_message=rich))["result"]["rich_message"]
    photos = [block["photo"][-1]["file_id"] for block in shown["blocks"] if block["type"] == "photo"]
    assert (photos[0], len(photos)) == (sent, 2)
    sandbox.restrict(cast.supergroup, can_send_photos=False)
    denied = await api("sendRichMessage", chat_id=cast.supergroup, rich_message=rich)
    assert denied["description"] == "Bad Request: not enough rights to send photos to the chat"


async def test_a_text_becomes_a_photo_and_its_caption_is_edited(
    api: Api, cast: Cast, sandbox: Sandbox
) -> None:
    sandbox.offer_picture(PICTURE, draw(1))
    message = (await api("sendMessage", chat_id=cast.anna, text="x"))["result"]["message_id"]
    params = {"chat_id": cast.anna, "message_id": message}
    media = {"type": "photo", "media": PICTURE, "caption": "раз"}
    edited = (await api("editMessageMedia", **params, media=media))["result"]
    assert (edited["caption"], "text" in edited) == ("раз", False)
    captioned = await api("editMessageCaption", **params, caption="два")
    assert captioned["result"]["caption"] == "два"
    no_text = await api("editMessageText", **params, text="y")
    assert no_text["description"] == "Bad Request: there is no text in the message to edit"


async def test_copies_hide_their_source_and_forwards_name_it(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    asked = sandbox.send(cast.anna, cast.anna, "новость", photo=True)
    source = {"from_chat_id": cast.anna, "message_id": asked["message_id"]}
    copy = (await api("copyMessage", chat_id=cast.channel, **source))["result"]
    assert list(copy) == ["message_id"]
    shown = sandbox.messages(cast.channel)[-1]
    assert (shown["caption"], "forward_origin" in shown) == ("новость", False)
    forwarded = (await api("forwardMessage", chat_id=cast.group, **source))["result"]
    assert forwarded["forward_origin"]["sender_user"]["id"] == cast.anna
    edit = await api(
        "editMessageCaption", chat_id=cast.group, message_id=forwarded["message_id"], caption="y"
    )
    assert edit["description"] == "Bad Request: message can't be edited"


async def test_protected_content_stays_where_it_is(api: Api, cast: Cast) -> None:
    sent = await api("sendMessage", chat_id=cast.anna, text="x", protect_content=True)
    source = {"from_chat_id": cast.anna, "message_id": sent["result"]["message_id"]}
    answer = await api("copyMessage", chat_id=cast.group, **source)
    assert answer["description"] == "Bad Request: message has protected content and can't be forwarded"
    gone = await api("copyMessage", chat_id=cast.group, from_chat_id=cast.anna, message_id=999)
    assert gone["description"] == "Bad Request: message to copy not found"


async def test_people_send_albums_and_forward_too(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    for _ in range(2):
        sandbox.send(cast.anna, cast.anna, caption="x", photo=True, media_group="g")
    post = sandbox.send(cast.channel, cast.anna, "пост")
    origin = {"chat_id": cast.channel, "message_id": post["message_id"]}
    sandbox.send(cast.anna, cast.anna, forward_from=origin)
    updates = (await api("getUpdates"))["result"]
    assert {u["message"]["media_group_id"] for u in updates[:2]} == {"g"}
    photo = updates[0]["message"]["photo"][-1]["file_id"]
    assert (await api("sendPhoto", chat_id=cast.anna, photo=photo))["ok"]
    assert updates[-1]["message"]["forward_origin"]["message_id"] == post["message_id"]
