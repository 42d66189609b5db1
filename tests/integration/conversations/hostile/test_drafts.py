"""What an editor's chat can bring at once, and how long it may be: bounded work, and a word about what was left."""

from __future__ import annotations

import asyncio

import pytest

from bot.desk.story import lists
from bot.desk.story.lists import Shelf
from bot.model.newsroom.role import AUTHOR
from bot.model.story.content import Gallery
from bot.store.newsroom import articles
from bot.updates.floods import OF_A_PERSON
from tests.support.desk.editors import hire
from tests.support.figures import figure
from tests.support.messages import labels, plain
from tests.support.people import BORIS
from tests.support.people import EDITOR as EGOR
from tests.support.world import BOT, World

LONG = "Мост <b>через</b> {{ реку }} & канал. "
AT_ONCE = 1000


@pytest.fixture
async def author(room: World) -> World:
    """Egor writes."""
    await hire(room, EGOR, "Егор", AUTHOR.rights)
    return room


async def made(room: World) -> int:
    return len(await lists.shelf(room.db, Shelf.DRAFTS, room.clock.now(), limit=2 * AT_ONCE))


def dropped() -> int:
    return int(figure("vestnik_updates_dropped_total"))


@pytest.mark.usefixtures("no_errors")
async def test_of_a_thousand_messages_each_that_is_taken_is_a_draft_and_one_word_tells_of_the_rest(
    author: World,
) -> None:
    before, answered = dropped(), len(author.shown(EGOR))
    for number in range(AT_ONCE):
        author.send(EGOR, f"Мост номер {number} через Светлую открыли для движения")
    assert "Этот чат" in plain(await author.say(BORIS, "/id")), "nobody else waits"
    await author.until(lambda: not len(author.sandbox.bot(BOT).updates))
    taken = AT_ONCE - (dropped() - before)
    assert OF_A_PERSON <= taken < AT_ONCE
    await author.until(lambda: len(author.shown(EGOR)) == answered + taken + 1, seconds=100)
    said = author.texts(EGOR)[answered:]
    assert len([each for each in said if "Слишком много сообщений" in each]) == 1
    assert await made(author) == taken


@pytest.mark.parametrize(
    "words",
    [
        LONG * 110,
        "я" * 4000,
        "<b>" * 1333,
        "😀" * 2000,
        "\u202e" + "мост " * 790,
        "Мост\n" * 800,
        "Мост через Светлую открыли.\n" + "\n".join("#" + "я" * 60 for _ in range(60)),
    ],
    ids=["markup", "one word", "tags", "emoji", "sideways", "lines", "topics"],
)
@pytest.mark.usefixtures("no_errors")
async def test_a_message_as_long_as_telegram_takes_is_a_draft_with_a_card(author: World, words: str) -> None:
    said = await author.say(EGOR, words[:4096])
    if "Язык:" not in plain(said):
        # However long, below five words may be meant otherwise.
        await author.press(EGOR, said, labels(said)[0])
    card = await author.answer(EGOR, "Язык:")
    assert await made(author) == 1
    assert "Черновик" in plain(card)
    await author.press(EGOR, card, "Изменить")
    await author.changed(card, "Заголовок…")
    await author.press(EGOR, author.again(card), "Текст…")
    asked = await author.answer(EGOR, "Пришлите новый текст")
    assert "force_reply" in asked["reply_markup"]


@pytest.mark.usefixtures("no_errors")
async def test_albums_at_once_are_a_draft_each(author: World) -> None:
    for album in range(5):
        for number in range(10):
            caption = "" if number else f"Мост номер {album} через Светлую открыли для движения"
            author.send(EGOR, "", photo=True, media_group=f"album-{album}", caption=caption)
    # A part that comes late joins its draft: what counts is how the drafts stand in the end.
    async with asyncio.timeout(100):
        while await galleries(author) != [9] * 5:
            await asyncio.sleep(0.05)
    assert await made(author) == 5


async def galleries(room: World) -> list[int]:
    """How many pictures follow the text of each draft."""
    listed = await lists.shelf(room.db, Shelf.DRAFTS, room.clock.now(), limit=50)
    async with room.db.read() as tx:
        drafts = await articles.many(tx, [each.id for each in listed])
    ends = [each.content.blocks[-1] if each.content.blocks else None for each in drafts]
    return [len(each.figures) for each in ends if isinstance(each, Gallery)]


@pytest.mark.parametrize(
    "words",
    ["я" * 4000, "<b>{{ 7 * 7 }}</b> & " * 190, "%_\\'\"; drop table article -- " * 100, "\u202e\n" * 2000],
    ids=["one word", "markup", "signs", "sideways"],
)
@pytest.mark.usefixtures("no_errors")
async def test_words_behind_desk_however_long_are_looked_for(author: World, words: str) -> None:
    author.send(EGOR, "Мост через Светлую открыли для движения утром")
    await author.answer(EGOR, "Язык:")
    page = await author.say(EGOR, f"/desk {words}"[:4096])
    assert "Здесь пусто" in plain(page) or "Черновики" in plain(page)
    assert len(plain(page)) < 300
    told = (await author.forge(EGOR, page, "desk:find:1")).get("text") or ""
    assert "пошло не так" not in told
    assert await made(author) == 1
