"""A story as an article: in its brief's place and back, below a picture, and what Telegram refuses."""

from __future__ import annotations

from typing import Any

from bot.model.chat import ChatKind
from bot.readers import membership
from tests.support.figures import figure
from tests.support.messages import labels
from tests.support.world import BOT, World

ANNA, BORIS = 21, 22
ECONOMY = 3
LONG = " ".join(f"Строители закончили участок {n} раньше срока." for n in range(300))
ENDLESS = " ".join(f"Строители закончили участок {n} раньше срока." for n in range(900))


def rich(message: dict[str, Any]) -> str:
    """Return the HTML of a rich message, empty for another."""
    return str(message.get("rich_message", {}).get("html", ""))


async def opened(room: World, message: dict[str, Any]) -> dict[str, Any]:
    """Wait until the message is a rich one, and return it."""
    await room.until(lambda: rich(room.again(message)))
    return room.again(message)


async def test_a_brief_opens_as_an_article_in_its_place_and_collapses(room: World) -> None:
    article = await room.story("Дорога достроена", ECONOMY, text=LONG)
    brief = await room.brief(ANNA, article)
    stands = len(room.shown(ANNA))
    await room.press(ANNA, brief, "Читать полностью")
    full = await opened(room, brief)
    assert "<h1>Дорога достроена</h1>" in rich(full)
    assert "участок 299" in rich(full)
    assert "text" not in full
    await room.press(ANNA, full, "Свернуть")
    collapsed = await room.changed(full, "Читать полностью")
    assert collapsed["text"] == brief["text"]
    assert "rich_message" not in collapsed
    assert len(room.shown(ANNA)) == stands


async def test_an_article_names_the_newest_others_of_its_topic(room: World) -> None:
    other = await room.story("Курс вырос", ECONOMY)
    article = await room.story("Дорога достроена", ECONOMY, text=LONG)
    brief = await room.brief(ANNA, article)
    await room.press(ANNA, brief, "Читать полностью")
    assert f'<a href="https://t.me/vestnik_bot?start=a-{other}">Курс вырос</a>' in rich(
        await opened(room, brief)
    )


async def test_a_story_longer_than_a_rich_message_is_read_on_page_by_page(room: World) -> None:
    article = await room.story("Дорога достроена", ECONOMY, text=ENDLESS)
    brief = await room.brief(ANNA, article)
    await room.press(ANNA, brief, "Читать полностью")
    first = await opened(room, brief)
    assert "участок 899" not in rich(first)
    await room.press(ANNA, first, "Читать дальше")
    second = await room.changed(first, "2/2")
    assert "участок 899" in rich(second)
    await room.press(ANNA, second, "Свернуть")
    assert "text" in await room.changed(second, "Читать полностью")


async def test_an_article_opened_from_a_list_leads_back_to_it(room: World) -> None:
    await room.story("Дорога достроена", ECONOMY, text=LONG)
    page = await room.say(ANNA, "/latest экономика")
    await room.press(ANNA, page, "1")
    full = await opened(room, page)
    await room.press(ANNA, full, "К списку")
    back = await room.changed(full, "Последнее: Экономика")
    assert not rich(back)


async def test_below_a_picture_the_article_is_a_reply_that_can_be_closed(room: World) -> None:
    article = await room.story("Дорога достроена", ECONOMY, text=LONG, photo=True)
    brief = await room.brief(ANNA, article)
    stands = len(room.shown(ANNA))
    await room.press(ANNA, brief, "Читать полностью")
    await room.until(lambda: len(room.shown(ANNA)) == stands + 1)
    full = room.shown(ANNA)[-1]
    assert full["reply_to_message"]["message_id"] == brief["message_id"]
    assert '<img src="https://example.org/picture.png"/>' in rich(full)
    await room.press(ANNA, full, "Свернуть")
    await room.until(lambda: len(room.shown(ANNA)) == stands)
    assert room.shown(ANNA)[-1]["photo"]


async def test_in_a_group_a_picture_s_caption_is_paged_and_nothing_is_sent_below(room: World) -> None:
    group = room.sandbox.add_chat("group", title="Редакция", creator=ANNA, members=[BOT])["id"]
    await membership.join(
        room.db,
        BOT,
        group,
        kind=ChatKind.GROUP,
        title="Редакция",
        language="ru",
        zone="UTC",
        at=room.clock.now(),
    )
    article = await room.story("Дорога достроена", ECONOMY, text=LONG, photo=True)
    room.sandbox.send(group, ANNA, f"/start@vestnik_bot a-{article}")
    brief = await room.answer(group, "Дорога достроена")
    stands = len(room.shown(group))
    await room.press(ANNA, brief, "Читать полностью")
    full = await room.changed(brief, "1/")
    assert len(full["caption"]) <= 1024
    await room.forge(BORIS, full, "close")
    assert len(room.shown(group)) == stands


async def test_what_telegram_refuses_as_an_article_opens_in_the_classic_form_from_then_on(
    room: World,
) -> None:
    article = await room.story("Дорога достроена", ECONOMY, text=LONG)
    room.sandbox.fault(
        "error",
        match={"text_contains": "<h1>"},
        times=None,
        code=400,
        description="Bad Request: can't parse rich message: RICH_MESSAGE_INVALID",
    )
    refused = figure("vestnik_rich_refused_total")
    for person in (ANNA, BORIS):
        brief = await room.brief(person, article)
        await room.press(person, brief, "Читать полностью")
        full = await room.changed(brief, "1/4")
        assert "участок 0 " in full["text"]
    assert figure("vestnik_rich_refused_total") == refused + 1
    tried = [
        call for call in room.sandbox.calls(method="editMessageText") if "rich_message" in call["params"]
    ]
    assert len(tried) == 1


async def test_a_picture_that_can_not_be_had_leaves_the_article_without_it(room: World) -> None:
    article = await room.story("Дорога достроена", ECONOMY, text=LONG, photo="https://example.org/none.png")
    brief = await room.brief(ANNA, article)
    await room.press(ANNA, brief, "Читать полностью")
    full = await opened(room, brief)
    assert "<img" not in rich(full)
    assert "участок 299" in rich(full)


async def test_who_likes_articles_gets_one_and_who_likes_headlines_a_headline(room: World) -> None:
    article = await room.story("Дорога достроена", ECONOMY, text=LONG)
    await room.choose(ANNA, form="rich")
    assert "<h1>Дорога достроена</h1>" in rich(await room.brief(ANNA, article))
    await room.choose(BORIS, form="headline")
    short = await room.brief(BORIS, article)
    assert "Лид" not in short["text"]
    assert "Читать полностью" in labels(short)
