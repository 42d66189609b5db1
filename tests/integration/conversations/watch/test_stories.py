"""Following a story from under it and by command, the list, groups; each press says what it wants."""

from __future__ import annotations

import pytest

from bot.desk.amend import kill
from bot.readers.watch import stories
from bot.store.watch import stories as kept
from tests.support.messages import data_of, labels, plain
from tests.support.world import ECONOMY, World

BOT, ANNA, BORIS, JAMES = 700700, 21, 22, 23


async def followed(room: World, user: int = ANNA) -> list[str]:
    found = await stories.of_chat(room.db, (await room.chat(user)).id)
    return [each.content.headline for each in found.articles]


@pytest.mark.parametrize("form", ["classic", "rich", "headline"])
async def test_a_story_is_followed_from_under_it_and_no_more(room: World, form: str) -> None:
    await room.choose(ANNA, form=form)
    article = await room.story("Мост открыт", ECONOMY, text="Подробности. " * 30)
    story = await room.brief(ANNA, article)
    pressed = await room.press(ANNA, story, "🔔 Следить")
    assert "ответом на эту новость" in pressed["text"]
    assert "30" in pressed["text"]
    story = await room.changed(story, "🔕 Не следить")
    assert await followed(room) == ["Мост открыт"]
    assert {"Поделиться", "☆ Сохранить"} <= set(labels(story))
    # An old button pressed again undoes nothing.
    await room.forge(ANNA, story, f"watch:{article}")
    assert await followed(room) == ["Мост открыт"]
    assert "Не следить" in " ".join(labels(await room.brief(ANNA, article)))
    await room.press(ANNA, story, "🔕 Не следить")
    await room.changed(story, "🔔 Следить")
    assert await followed(room) == []
    await room.forge(ANNA, story, f"unwatch:{article}")
    assert await followed(room) == []


async def test_opened_in_full_and_folded_it_knows_that_it_is_followed(room: World) -> None:
    await room.choose(ANNA, form="classic")
    await room.story("Мост открыт", ECONOMY, text="Подробности. " * 30)
    page = await room.say(ANNA, "/latest")
    await room.press(ANNA, page, "1")
    story = await room.changed(page, "🔔 Следить")
    await room.press(ANNA, story, "🔔 Следить")
    story = await room.changed(story, "🔕 Не следить")
    assert "‹ К списку" in labels(story)
    async with room.db.read() as tx:
        (spot,) = await kept.spots(tx, [1], [(await room.chat(ANNA)).id])
    # The list comes back into this message: what comes of the story stands alone.
    assert spot.message_id is None
    page = await room.say(ANNA, "/latest")
    await room.press(ANNA, page, "1")
    opened = await room.changed(page, "🔕 Не следить")
    await room.say(ANNA, "/follow", reply_to=opened["message_id"])
    async with room.db.read() as tx:
        (spot,) = await kept.spots(tx, [1], [(await room.chat(ANNA)).id])
    assert spot.message_id is None


async def test_a_story_that_came_is_followed_by_an_answer_and_listed(room: World) -> None:
    article = await room.story("Мост открыт", ECONOMY)
    story = await room.brief(ANNA, article)
    assert "Здесь пока пусто" in plain(await room.say(ANNA, "/following"))
    topics = await room.say(ANNA, "/follow")
    assert plain(topics).startswith("Темы"), "without a story it is about topics"
    assert "Ответьте командой /follow" in plain(
        await room.say(ANNA, "/follow", reply_to=topics["message_id"])
    )
    assert "Продолжения" in plain(await room.say(ANNA, "/follow", reply_to=story["message_id"]))
    for at in range(9):
        await stories.follow(
            room.db,
            (await room.chat(ANNA)).id,
            await room.story(f"Новость-{at}"),
            room.clock.now(),
            message_id=None,
        )
    page = await room.say(ANNA, "/following")
    assert "· 10" in plain(page)
    assert "30 дней" in plain(page)
    await room.press(ANNA, page, "Дальше")
    page = await room.changed(page, "10. Мост открыт")
    await room.press(ANNA, page, "10. Мост открыт")
    story = await room.changed(page, "🔕 Не следить")
    await room.press(ANNA, story, "К списку")
    page = await room.changed(story, "10. Мост открыт")
    await room.forge(ANNA, page, f"unfollow:{article}:1")
    page = await room.changed(page, "9. Новость-0")
    assert "Мост открыт" not in await followed(room)
    await room.press(ANNA, page, "Уведомления по словам")
    page = await room.changed(page, "Новости, за которыми вы следите")
    await room.press(ANNA, page, "Новости, за которыми вы следите")
    await room.changed(page, "· 9")


async def test_in_english(room: World) -> None:
    article = await room.story("Bridge opened", ECONOMY, language="en")
    story = await room.brief(JAMES, article)
    pressed = await room.press(JAMES, story, "🔔 Follow story")
    assert "After 30 days" in pressed["text"].replace("\xa0", " ")
    await room.changed(story, "🔕 Stop following")
    assert "Followed stories · 1" in plain(await room.say(JAMES, "/following"))


async def test_what_is_gone_or_never_was_can_not_be_followed(room: World) -> None:
    article = await room.story("Мост открыт", ECONOMY)
    story = await room.brief(ANNA, article)
    await kill(room.db, article, room.clock.now())
    for forged in (f"watch:{article}", "watch:999999999", "watch:x", "watch:", "unfollow:x", "followed:x"):
        assert (await room.forge(ANNA, story, forged))["answered"]
    assert await followed(room) == []


async def test_in_a_group_administrators_alone_follow(room: World) -> None:
    group = room.sandbox.add_chat("supergroup", title="Дом", creator=ANNA, members=[BORIS, BOT])["id"]
    room.sandbox.set_member(group, BOT, "administrator", by=ANNA)
    await room.answer(group, "Администраторы")
    await room.story("Мост открыт", ECONOMY)
    page = await room.say(BORIS, "/latest@vestnik_bot", group)
    await room.press(BORIS, page, str(data_of(page, "1") and "1"))
    story = await room.changed(page, "🔔 Следить")
    assert "администратор" in (await room.press(BORIS, story, "🔔 Следить"))["text"]
    assert await followed(room, group) == []
    await room.press(ANNA, story, "🔔 Следить")
    await room.changed(story, "🔕 Не следить")
    assert await followed(room, group) == ["Мост открыт"]
    assert "администратор" in plain(await room.refused(BORIS, "/following@vestnik_bot", group))
