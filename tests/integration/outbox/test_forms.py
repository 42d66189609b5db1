"""Stories in their forms through the courier: parts that become fewer or more, albums, what Telegram refuses."""

from __future__ import annotations

from typing import Any

from bot.model.story.content import Blocks, Figure, Media, MediaKind, Paragraph, Run
from bot.model.story.form import Form, Style
from bot.sandbox.world.pictures import draw
from tests.support.engine import Engine
from tests.support.figures import figure

URLS = [f"https://news.example.com/{number}.png" for number in range(3)]


def paragraphs(count: int, word: str = "участок") -> Blocks:
    """Return a body of so many paragraphs of 200 characters."""
    text = "Строители закончили {} {} раньше срока, и движение по нему открыто для всех. " * 2
    return tuple(Paragraph((Run(text.format(word, number, word, number)),)) for number in range(count))


def shown(engine: Engine, chat: int) -> list[dict[str, Any]]:
    return [each for each in engine.sandbox.messages(chat) if each["from"]["is_bot"]]


def rich(message: dict[str, Any]) -> str:
    return str(message.get("rich_message", {}).get("html", ""))


async def test_a_story_of_three_parts_becomes_two_and_then_four(still: Engine) -> None:
    still.style = Style(Form.CLASSIC)
    (anna,) = await still.readers(1)
    await still.start()
    article, bulletin = await still.publish("Дорога достроена", blocks=paragraphs(65))
    await still.done(bulletin)
    three = shown(still, anna)
    assert len(three) == 3
    assert [f"{number}/3" in each["text"] for number, each in enumerate(three, 1)] == [True] * 3
    assert "Поделиться" in str(three[-1]["reply_markup"])
    assert "Поделиться" not in str(three[0]["reply_markup"])

    await still.done(await still.correct(article, "Дорога открыта", blocks=paragraphs(40)))
    two = shown(still, anna)
    assert [each["message_id"] for each in two] == [each["message_id"] for each in three[:2]]
    assert "Дорога открыта" in two[0]["text"]
    assert "участок 39" in two[1]["text"].replace("\u00a0", " ")
    assert "Поделиться" in str(two[-1]["reply_markup"])

    await still.done(await still.correct(article, "Дорога закрыта", blocks=paragraphs(90)))
    four = shown(still, anna)
    assert len(four) == 4
    assert [each["message_id"] for each in four[:2]] == [each["message_id"] for each in two]
    assert "участок 89" in four[3]["text"].replace("\u00a0", " ")
    (row,) = await still.rows()
    assert (row.wanted, row.shown) == (3, 3)
    assert len(await still.messages()) == 4

    await still.done(await still.take_away(article))
    assert shown(still, anna) == []
    assert await still.messages() == []


async def test_several_pictures_open_the_story_as_an_album(still: Engine) -> None:
    still.style = Style(Form.CLASSIC)
    for number, url in enumerate(URLS):
        still.sandbox.offer_picture(url, draw(number))
    figures = tuple(Figure(Media(MediaKind.PICTURE, url), (Run(f"Вид {url[-5]}"),)) for url in URLS)
    (anna,) = await still.readers(1)
    await still.start()
    _, bulletin = await still.publish("Мост открыт", blocks=(*figures, *paragraphs(3)))
    await still.done(bulletin)
    first, *others = shown(still, anna)
    assert len({each["media_group_id"] for each in (first, *others[:2])}) == 1
    assert "Мост открыт" in first["caption"]
    assert "caption" not in others[0]
    assert "reply_markup" not in first
    assert "Поделиться" in str(others[-1]["reply_markup"])
    assert len(still.sandbox.calls(method="sendMediaGroup")) == 1
    assert len(await still.messages()) == len(others) + 1


async def test_a_rich_story_is_sent_corrected_in_place_and_withdrawn(still: Engine) -> None:
    still.style = Style(Form.RICH)
    (anna,) = await still.readers(1)
    await still.start()
    article, bulletin = await still.publish("Мост открыт", blocks=paragraphs(30))
    await still.done(bulletin)
    (sent,) = shown(still, anna)
    assert "<h1>Мост открыт</h1>" in rich(sent)
    await still.done(await still.correct(article, "Мост закрыт", blocks=paragraphs(2)))
    (edited,) = shown(still, anna)
    assert edited["message_id"] == sent["message_id"]
    assert "<h1>Мост закрыт</h1>" in rich(edited)
    await still.done(await still.take_away(article))
    assert shown(still, anna) == []


async def test_what_telegram_refuses_as_rich_goes_out_classic_to_all_and_is_counted(still: Engine) -> None:
    still.style = Style(Form.RICH)
    readers = await still.readers(12)
    still.window = 1
    still.sandbox.fault(
        "error",
        match={"method": "sendRichMessage"},
        times=None,
        code=400,
        description="Bad Request: can't parse rich message",
    )
    counted = figure("vestnik_rich_refused_total")
    await still.start()
    article, bulletin = await still.publish("Мост открыт", blocks=paragraphs(3))
    told = await still.done(bulletin)
    assert (told.accepted, told.stopped) == (12, False)
    for reader in readers:
        (message,) = shown(still, reader)
        assert "участок 2" in message["text"].replace("\u00a0", " ")
    assert figure("vestnik_rich_refused_total") == counted + 1
    assert len(still.sandbox.calls(method="sendRichMessage")) < 12

    still.sandbox.clear_faults()
    await still.done(await still.correct(article, "Мост закрыт", blocks=paragraphs(3)))
    assert all("<h1>Мост закрыт</h1>" in rich(shown(still, reader)[0]) for reader in readers)


async def test_only_a_refusal_of_the_classic_form_as_well_stops_the_story(still: Engine) -> None:
    still.style = Style(Form.RICH)
    await still.readers(3)
    for method in ("sendRichMessage", "sendMessage"):
        still.sandbox.fault(
            "error",
            match={"method": method, "text_contains": "Мост"},
            times=None,
            code=400,
            description="Bad Request: can't parse entities",
        )
    await still.start()
    _, bulletin = await still.publish("Мост открыт", blocks=paragraphs(3))
    told = await still.done(bulletin)
    assert told.stopped
    assert told.accepted == 0


async def test_a_picture_that_can_not_be_had_leaves_the_rich_story_without_it(still: Engine) -> None:
    still.style = Style(Form.RICH)
    (anna,) = await still.readers(1)
    await still.start()
    picture = Media(MediaKind.PICTURE, "https://news.example.com/none.png")
    _, bulletin = await still.publish("Мост открыт", picture=picture, blocks=paragraphs(2))
    await still.done(bulletin)
    (message,) = shown(still, anna)
    assert "<h1>Мост открыт</h1>" in rich(message)
    assert "<img" not in rich(message)
