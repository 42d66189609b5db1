"""Rich messages."""

from __future__ import annotations

import pytest

from bot.sandbox import Impossible, Sandbox
from bot.sandbox.world.pictures import draw
from tests.integration.sandbox.conftest import Api, Cast

STORY = """<h1>Порт&nbsp;открыт</h1><p>Первые суда <b>ждут</b> разгрузки.</p>
<figure><img src="tg://photo?id=p1"/><figcaption>Причал <cite>Агентство</cite></figcaption></figure>
<details open><summary>Подробно</summary><ul><li>раз</li><li>два</li></ul></details>
<table bordered><tr><th>Год</th><td colspan="2" align="right">2026</td></tr></table><hr/>
<blockquote>Первая<br>вторая<cite>Автор</cite></blockquote><aside>Выноска</aside>
<p>См. <a href="#n1">1</a>, <tg-time unix="1769500000" format="r">давно</tg-time></p>
<p><tg-reference name="n1">1. Сноска</tg-reference></p>
<tg-button-row><tg-button type="url" url="https://t.me">Открыть</tg-button></tg-button-row>
<footer>—&mdash;</footer>"""
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
        ("a < b", "unclosed or malformed tag at 2"),
        ("<p>x", 'can\'t find end tag of "p"'),
        ("<ul><li>x</ul>", 'unexpected end tag "ul"'),
        ("<p><h2>x</h2></p>", 'tag "h2" inside of a paragraph'),
        ("<table><tr><td><p>x</p></td></tr></table>", 'tag "p" inside of "td"'),
        ("<ul>x</ul>", 'text directly in "ul"'),
        ("<ul></ul>", '"ul" is empty'),
        ("<p onclick='x'>x</p>", 'attribute "onclick" of "p"'),
        ("<a href='javascript:x'>x</a>", 'value "javascript:x"'),
        ("<a href='#gone'>x</a>", 'there is no anchor "gone"'),
        ("<a>x</a>", 'needs either "href" or "name"'),
        ("<code class='language-py'>x</code>", "only code in a preformatted block"),
        ("<details>x</details>", 'needs a "summary"'),
        ("<details>x<summary>y</summary></details>", '"summary" must come first'),
        ("<figure><figcaption>x</figcaption></figure>", "holds one medium"),
        ("<tg-time>x</tg-time>", 'lacks the attribute "unix"'),
        ("<tg-time unix='1' format='q'>x</tg-time>", 'value "q"'),
        ("<ul><li>x</li></ul>" * 170, "RICH_MESSAGE_BLOCKS_TOO_MUCH"),
        ("<table><tr><td rowspan='2' colspan='20'>x</td></tr><tr><td>y</td></tr></table>", "TOO_WIDE"),
        ("<img src='https://e.com/none.png'>", "failed to get HTTP URL content"),
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
