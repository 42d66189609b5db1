"""From story to story through the list that one was opened from, also one that has moved on; and shared links."""

from __future__ import annotations

import pytest

from bot.desk.amend import kill
from bot.model.following.mode import Mode
from bot.model.following.mute import MuteKind, MuteSpan, MuteTarget
from bot.readers import topics
from bot.readers.following import mutes
from tests.support.messages import Message, data_of, labels, text_of
from tests.support.readers import choices
from tests.support.world import ASIA, ECONOMY, World

ANNA, BORIS, JAMES = 21, 22, 23
NAMES = ("Курс вырос", "Мост открыт", "Порт расширен")


async def stories(room: World) -> list[int]:
    """Publish three stories, the oldest first."""
    await room.choose(ANNA, form="classic")
    return [await room.story(each, ECONOMY) for each in NAMES]


async def opened(room: World, page: Message, number: str, words: str) -> Message:
    await room.press(ANNA, page, number)
    return await shows(room, page, words)


async def shows(room: World, page: Message, words: str) -> Message:
    """Wait until a story stands there alone, and return it."""
    await room.until(lambda: "‹ К списку" in labels(room.again(page)) and words in text_of(room.again(page)))
    return room.again(page)


async def test_a_list_is_walked_through_to_both_ends(room: World) -> None:
    await stories(room)
    page = await room.say(ANNA, "/latest экономика")
    story = await opened(room, page, "1", "Порт расширен")
    assert not any("←" in each for each in labels(story))
    for words in ("Мост открыт", "Курс вырос"):
        await room.press(ANNA, story, "→")
        story = await shows(room, story, words)
    assert not any("→" in each for each in labels(story))
    await room.press(ANNA, story, "←")
    story = await shows(room, story, "Мост открыт")
    await room.press(ANNA, story, "К списку")
    await room.changed(story, "Последнее: Экономика")


async def test_articles_are_walked_through_as_well(room: World) -> None:
    await stories(room)
    await room.choose(ANNA, form="rich")
    page = await room.say(ANNA, "/latest")
    await room.press(ANNA, page, "1")
    story = await room.changed(page, "К списку")
    await room.press(ANNA, story, "→")
    await room.changed(story, "←")
    assert "Мост открыт" in str(room.again(story)["rich_message"])


async def test_a_digest_is_walked_through(room: World) -> None:
    await room.press(ANNA, await room.say(ANNA, "/topics"), "Экономика")
    await room.choose(ANNA, instant=False)
    await stories(room)
    page = await room.say(ANNA, "/digest")
    story = await opened(room, page, "1", "Порт расширен")
    await room.press(ANNA, story, "→")
    await shows(room, story, "Мост открыт")


async def test_what_was_taken_back_meanwhile_is_passed_by(room: World) -> None:
    first, second, third = await stories(room)
    page = await room.say(ANNA, "/latest")
    story = await opened(room, page, "1", "Порт расширен")
    await kill(room.db, second, room.clock.now())
    await room.press(ANNA, story, "→")
    story = await shows(room, story, "Курс вырос")
    await kill(room.db, first, room.clock.now())
    await kill(room.db, third, room.clock.now())
    assert "Дальше новостей нет" in (await room.press(ANNA, story, "←"))["text"]


async def test_a_list_that_moved_on_is_joined_at_the_nearest_in_time(room: World) -> None:
    await stories(room)
    page = await room.say(ANNA, "/latest 1")
    await room.story("Школа достроена", ECONOMY)
    story = await opened(room, page, "1", "Порт расширен")
    await room.press(ANNA, story, "←")
    story = await shows(room, story, "Школа достроена")
    assert not any("←" in each for each in labels(story))


async def test_a_forged_step_shows_nothing_that_could_not_be_read(room: World) -> None:
    first, _, third = await stories(room)
    await room.say(BORIS, "/start")
    await kill(room.db, third, room.clock.now())
    page = await room.say(ANNA, "/latest")
    for key in ("digest:1", "more:1:0:0", "saved:0", "x", "", "find"):
        assert "Дальше" in (await room.forge(ANNA, page, f"prev:{third}:{key}"))["text"], key
        await room.forge(BORIS, await room.say(BORIS, "/latest"), f"next:{first}:{key}")
    assert "Дальше" in (await room.forge(ANNA, page, "next:999999999:latest:0:5"))["text"]


async def test_a_shared_story_opens_for_a_stranger_and_offers_its_topic(room: World) -> None:
    article = await room.story("Мост открыт", ECONOMY)
    room.sandbox.send(ANNA, ANNA, f"/start a-{article}")
    story = await room.answer(ANNA, "Мост открыт")
    assert "Экономика" in (await room.press(ANNA, story, "Подписаться: Экономика"))["text"]
    await room.until(lambda: data_of(room.again(story), "Подписаться") is None)
    assert "Поделиться" in labels(room.again(story))
    assert await choices(room.db, (await room.chat(ANNA)).id) == {ECONOMY: True}
    again = await room.say(ANNA, f"/start a-{article}")
    assert data_of(again, "Подписаться") is None
    assert data_of(again, "Меньше такого") == f"mute:{article}"
    await room.forge(ANNA, story, f"join:{ECONOMY}")
    assert await choices(room.db, (await room.chat(ANNA)).id) == {ECONOMY: True}


async def test_what_was_switched_off_or_muted_is_not_offered(room: World) -> None:
    article = await room.story("Мост открыт", ASIA)
    await room.press(ANNA, await room.say(ANNA, "/topics"), "Мир")
    here, now = await room.chat(ANNA), room.clock.now()
    await topics.choose(room.db, here.id, ASIA, now, mode=Mode.OFF)
    assert data_of(await room.say(ANNA, f"/start a-{article}"), "Подписаться") is None
    article = await room.story("Курс вырос", ECONOMY)
    await mutes.mute(room.db, here.id, MuteTarget(MuteKind.TOPIC, ECONOMY), now, span=MuteSpan.WEEK)
    assert data_of(await room.say(ANNA, f"/start a-{article}"), "Подписаться") is None


@pytest.mark.parametrize(("user", "words"), [(ANNA, "больше нет"), (JAMES, "is gone")])
async def test_a_link_to_what_is_gone_leads_on(room: World, user: int, words: str) -> None:
    article = await room.story("Ошибка", ECONOMY)
    await room.say(user, "/start")
    await kill(room.db, article, room.clock.now())
    for number in (article, 999, 10**17):
        said = text_of(await room.say(user, f"/start a-{number}"))
        assert words in said
        assert "/latest" in said


async def test_what_was_found_by_words_is_walked_through_from_page_to_page(room: World) -> None:
    await room.choose(ANNA, form="classic")
    numbers = [await room.story(f"Мост-{number}", ECONOMY) for number in range(7)]
    page = await room.say(ANNA, "/search мост")
    await room.press(ANNA, page, "5")
    story = await shows(room, page, "Мост-2")
    await kill(room.db, numbers[1], room.clock.now())
    await room.press(ANNA, story, "→")
    story = await shows(room, story, "Мост-0")
    assert "→" not in labels(story)
    await room.press(ANNA, story, "К списку")
    page = await room.changed(story, "6. Мост-0")
    await room.press(ANNA, page, "6")
    story = await shows(room, page, "Мост-0")
    await room.press(ANNA, story, "←")
    await shows(room, story, "Мост-2")


async def test_without_the_words_a_found_story_has_no_neighbours(room: World) -> None:
    await room.choose(ANNA, form="classic")
    numbers = [await room.story(f"Мост-{number}", ECONOMY) for number in range(2)]
    page = await room.say(ANNA, "/latest")
    await room.forge(ANNA, page, f"open:{numbers[1]}:search:0:n:-:-:0:0")
    story = await shows(room, page, "Мост-1")
    assert not {"←", "→"} & set(labels(story))
