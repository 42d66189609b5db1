"""A topic's own page: when its stories come, in place, for who presses once, twice, late, or what is not theirs."""

from __future__ import annotations

from datetime import time

import pytest

from bot.model.chat import ChatKind
from bot.model.following.mode import WIRE, Mode
from bot.readers import membership, topics
from tests.support.messages import Message, data_of, labels, plain, text_of
from tests.support.world import World

BOT, ANNA, BORIS, JAMES = 700700, 21, 22, 23
WORLD, ASIA, ECONOMY = 1, 2, 3


async def modes(room: World, user: int) -> dict[int, Mode]:
    """Return what the chat chose, by topic."""
    here = await room.chat(user)
    return dict((await topics.following(room.db, here.id, room.clock.now())).chosen)


async def topic_page(room: World, user: int, name: str, state: str) -> Message:
    """Follow a topic in the list, and open its page by the button beside it."""
    page = await room.say(user, "/topics")
    await room.press(user, page, name)
    page = await room.changed(page, state)
    await room.press(user, page, state)
    return await room.changed(page, "✅")


@pytest.mark.parametrize(
    ("user", "name", "states"),
    [
        (
            ANNA,
            "Экономика",
            ("🔔 сразу", "В дайджест", "🗞 в дайджест", "Только срочные", "⚡️ только срочные"),
        ),
        (
            JAMES,
            "Economy",
            ("🔔 at once", "In the digest", "🗞 in the digest", "Breaking", "⚡️ breaking only"),
        ),
    ],
)
async def test_a_mode_is_chosen_a_page_deeper_and_shown_in_the_list_in_words(
    room: World, user: int, name: str, states: tuple[str, ...]
) -> None:
    at_once, digest, in_digest, flash, only_flash = states
    page = await topic_page(room, user, name, at_once)
    await room.press(user, page, digest)
    page = await room.changed(page, f"✅ {digest}")
    assert await modes(room, user) == {ECONOMY: Mode.DIGEST}
    await room.press(user, page, "‹")
    page = await room.changed(page, in_digest)
    rows = page["reply_markup"]["inline_keyboard"]
    assert [[each["text"] for each in row] for row in rows if name in row[0]["text"]] == [
        [f"✅ {name}", in_digest]
    ]
    await room.press(user, page, in_digest)
    page = await room.changed(page, f"✅ {digest}")
    await room.press(user, page, flash)
    page = await room.changed(page, f"✅ {flash}")
    assert await modes(room, user) == {ECONOMY: Mode.FLASH}
    await room.press(user, page, "‹")
    await room.changed(page, only_flash)


async def test_a_topic_in_the_digest_brings_a_digest_to_who_had_none_and_says_so(room: World) -> None:
    page = await topic_page(room, ANNA, "Экономика", "🔔 сразу")
    answer = await room.press(ANNA, page, "В дайджест")
    assert "09:00" in answer["text"]
    page = await room.changed(page, "09:00")
    here = await room.chat(ANNA)
    assert here.digest_at == (time(9),)
    assert here.digest_due is not None
    again = await room.press(ANNA, page, "В дайджест")
    assert "09:00" not in again["text"]
    assert "в дайджест" in again["text"]


async def test_whoever_has_digests_keeps_their_hour(room: World) -> None:
    await room.choose(ANNA, digest_at=(time(18),))
    page = await topic_page(room, ANNA, "Экономика", "🔔 сразу")
    assert "09:00" not in (await room.press(ANNA, page, "В дайджест"))["text"]
    assert (await room.chat(ANNA)).digest_at == (time(18),)


async def test_a_topic_below_goes_with_its_section_until_it_is_told_otherwise(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    await room.press(ANNA, page, "Мир")
    page = await room.changed(page, "✅ Мир")
    await room.press(ANNA, page, "Мир ›")
    page = await room.changed(page, "✅ Азия")
    await room.press(ANNA, page, "🔔 сразу")
    page = await room.changed(page, "Как «Мир»")
    assert "✅ Как «Мир»: сразу" in labels(page)
    assert "Мир › Азия" in plain(page)
    await room.press(ANNA, page, "Только срочные")
    page = await room.changed(page, "✅ Только срочные")
    assert await modes(room, ANNA) == {WORLD: Mode.USUAL, ASIA: Mode.FLASH}
    await room.press(ANNA, page, "Как «Мир»")
    page = await room.changed(page, "✅ Как «Мир»")
    assert await modes(room, ANNA) == {WORLD: Mode.USUAL}
    await room.press(ANNA, page, "Не присылать")
    page = await room.changed(page, "✅ Не присылать")
    assert await modes(room, ANNA) == {WORLD: Mode.USUAL, ASIA: Mode.OFF}
    await room.press(ANNA, page, "‹")
    await room.changed(page, "▫️ Азия")


async def test_the_whole_wire_is_a_row_of_its_own_and_one_topic_can_be_left_out(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    answer = await room.press(ANNA, page, "Все новости")
    assert "Все новости" in answer["text"]
    page = await room.changed(page, "✅ Экономика")
    assert labels(page)[:2] == ["✅ Все новости", "🔔 сразу"]
    await room.press(ANNA, page, "Экономика")
    page = await room.changed(page, "▫️ Экономика")
    assert await modes(room, ANNA) == {WIRE: Mode.USUAL, ECONOMY: Mode.OFF}
    await room.press(ANNA, page, "Готово")
    folded = await room.changed(page, "кроме: Экономика")
    assert "сразу: Все новости" in plain(folded)
    settings = plain(await room.say(ANNA, "/settings"))
    assert "сразу: Все новости" in settings
    assert "кроме: Экономика" in settings
    page = await room.say(ANNA, "/topics")
    await room.press(ANNA, page, "Все новости")
    await room.changed(page, "▫️ Все новости")
    assert await modes(room, ANNA) == {}


async def test_what_is_off_is_followed_by_one_press_and_has_no_page_beside_it(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    assert [label for label in labels(page) if "сразу" in label] == []
    for _ in range(2):
        await room.forge(ANNA, page, f"mode:{ECONOMY}:0:0:0:{int(Mode.DIGEST)}")
    assert await modes(room, ANNA) == {ECONOMY: Mode.DIGEST}, "pressed twice it stays"


async def test_forged_and_stale_presses_choose_nothing(room: World) -> None:
    await room.say(BORIS, "/start")
    page = await room.say(ANNA, "/topics")
    for data in (
        "mode:99:0:0:0:3",
        "mode:99",
        "mode:3:0:0:0:9",
        "mode:3:0:0:0:",
        "mode:x",
        "mode:-1:0:0:0:3",
    ):
        assert (await room.forge(ANNA, page, data))["text"], data
    assert "администратор" in (await room.forge(ANNA, page, f"mode:3:0:{BORIS}:0:3"))["text"]
    assert "администратор" in (await room.forge(ANNA, page, "mode:3:0:-1009999:0:3"))["text"]
    for data in ("mode:3:999999999999999999:0:999999999999999999", "mode:3:-5:0:-5"):
        await room.forge(ANNA, page, data)
    assert await modes(room, ANNA) == {}
    assert await modes(room, BORIS) == {}


async def test_in_a_group_the_list_and_a_topics_page_are_its_administrators(room: World) -> None:
    chat = room.sandbox.add_chat("supergroup", title="Соседи", creator=ANNA, members=[BORIS, BOT])["id"]
    hello = await room.answer(chat, "Администраторы")
    assert "администратор" in (await room.forge(BORIS, hello, f"mode:{ECONOMY}:0:0:0:2"))["text"]
    assert await modes(room, chat) == {}
    await room.press(ANNA, hello, "Экономика")
    hello = await room.changed(hello, "🔔 сразу")
    await room.press(ANNA, hello, "🔔 сразу")
    hello = await room.changed(hello, "В дайджест")
    await room.press(ANNA, hello, "В дайджест")
    await room.changed(hello, "✅ В дайджест")
    assert await modes(room, chat) == {ECONOMY: Mode.DIGEST}


async def test_a_channel_has_modes_from_its_managers_chat(room: World) -> None:
    await room.say(ANNA, "/start")
    channel = room.sandbox.add_chat("channel", title="Канал", creator=ANNA, members=[BOT])["id"]
    await membership.join(
        room.db,
        BOT,
        channel,
        kind=ChatKind.CHANNEL,
        title="Канал",
        language="ru",
        zone="UTC",
        at=room.clock.now(),
        invited_by=ANNA,
    )
    page = await room.say(ANNA, "/topics")
    await room.forge(ANNA, page, f"mode:{ECONOMY}:0:{channel}:0:{int(Mode.FLASH)}")
    page = await room.changed(page, "✅ Только срочные")
    assert "Канал «Канал»" in plain(page)
    assert await modes(room, channel) == {ECONOMY: Mode.FLASH}
    assert await modes(room, ANNA) == {}
    assert data_of(page, "‹") == f"topics:0:{channel}:0"


async def test_languages_of_the_news_stand_with_the_topics_where_there_are_several(room: World) -> None:
    assert "Языки новостей" not in text_of(await room.say(ANNA, "/topics"))
    await room.story("Rates rise", ECONOMY, language="en")
    await room.story("Курс вырос", ECONOMY)
    page = await room.say(ANNA, "/topics")
    assert all(name in plain(page) for name in ("Языки новостей: ", "Русский", "English"))
    await room.press(ANNA, page, "Языки новостей")
    await room.changed(page, "English")
