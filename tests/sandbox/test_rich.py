"""Rich messages."""

from __future__ import annotations

import pytest

from bot.sandbox import Impossible, Sandbox
from bot.sandbox.pictures import draw
from tests.sandbox.conftest import Api, Cast

STORY = """<h1>Порт&nbsp;открыт</h1><p>Первые суда <b>ждут</b> разгрузки.</p>
<figure><img src="tg://photo?id=p1"/><figcaption>Причал <cite>Агентство</cite></figcaption></figure>
<details open><summary>Подробно</summary><ul><li>раз<li>два</ul></details>
<table bordered><tr><th>Год<td>2026</tr></table><hr><footer>—&mdash;</footer>"""
PICTURE = "https://news.example.com/a.png"
MEDIA = [{"id": "p1", "media": {"type": "photo", "media": PICTURE}}]


async def test_a_story_is_sent_kept_raw_and_edited(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    sandbox.offer_picture(PICTURE, draw(1))
    sent = await api("sendRichMessage", chat_id=cast.anna, rich_message={"html": STORY, "media": MEDIA})
    rich = sent["result"]["rich_message"]
    assert rich["html"] == STORY
    assert rich["blocks"][0] == {"type": "paragraph", "text": "Порт\xa0открыт"}
    assert sandbox.world.files.get(rich["media"][0]["media"]["media"]) is not None
    message = sent["result"]["message_id"]
    edited = await api(
        "editMessageText", chat_id=cast.anna, message_id=message, rich_message={"html": "<p>Снято</p>"}
    )
    assert edited["result"]["rich_message"]["html"] == "<p>Снято</p>"
    plain = await api("editMessageText", chat_id=cast.anna, message_id=message, text="просто")
    assert "rich_message" not in plain["result"]


@pytest.mark.parametrize(
    ("html", "part"),
    [
        ("<div>x</div>", 'unsupported start tag "div"'),
        ("<p>x</b></p>", 'unexpected end tag "b"'),
        ("<b>x", 'can\'t find end tag of "b"'),
        ("<p><img src='https://e.com/a.png'></p>", "inside of a paragraph"),
        ("<img src='a.png'>", "wrong media source"),
        ("<img src='tg://photo?id=none'>", 'media "none" not found'),
        ("<p>&copy;</p>", 'unsupported entity "&copy;"'),
        ("x" * 32_769, "RICH_MESSAGE_TOO_LONG"),
        ("<p>x</p>" * 501, "RICH_MESSAGE_BLOCKS_TOO_MUCH"),
        ("<b>" * 17 + "x" + "</b>" * 17, "RICH_MESSAGE_DEPTH_EXCEEDED"),
        ("<img src='https://e.com/a.png'>" * 51, "RICH_MESSAGE_MEDIA_TOO_MUCH"),
        ("<table><tr>" + "<td>x</td>" * 21 + "</tr></table>", "RICH_MESSAGE_TABLE_TOO_WIDE"),
        ("  ", "must be non-empty"),
        ("<tg-button type='call'>x</tg-button>", 'unsupported button type "call"'),
        ("<tg-button type='callback_data' data=''>x</tg-button>", "BUTTON_DATA_INVALID"),
        (f"<tg-button type='callback_data' data='{'ж' * 33}'>x</tg-button>", "BUTTON_DATA_INVALID"),
    ],
)
async def test_what_does_not_exist_or_is_too_much_is_refused(
    api: Api, cast: Cast, html: str, part: str
) -> None:
    answer = await api("sendRichMessage", chat_id=cast.anna, rich_message={"html": html})
    assert answer["error_code"] == 400
    assert part in answer["description"]


async def test_a_rich_message_has_one_kind_of_content(api: Api, cast: Cast) -> None:
    both = {"html": "<p>x</p>", "markdown": "x"}
    answer = await api("sendRichMessage", chat_id=cast.anna, rich_message=both)
    assert "exactly one of" in answer["description"]
    assert (await api("sendRichMessage", chat_id=cast.anna, rich_message={"markdown": "# x"}))["ok"]


async def test_a_button_inside_is_pressed_like_one_beneath(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    html = "<p><tg-button type='callback_data' style='link' data='open:1'>Читать</tg-button></p>"
    sent = await api("sendRichMessage", chat_id=cast.anna, rich_message={"html": html})
    number = sent["result"]["message_id"]
    sandbox.press(cast.anna, cast.anna, number, "open:1")
    with pytest.raises(Impossible):
        sandbox.press(cast.anna, cast.anna, number, "open:2")
