"""Alerts and followed stories go where their chat goes: into its file, with its upgrade, away with it."""

from __future__ import annotations

import pytest

from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.readers import membership, own_data
from bot.readers.watch import alerts, stories
from bot.store.audience import chats, choices
from bot.store.audience.places import threads
from bot.store.watch import stories as kept
from tests.support.readers import BOT, ECONOMY, Newsroom
from tests.support.transactions import writes


async def watch(newsroom: Newsroom, chat_id: int, *said: str) -> None:
    for each in said:
        await alerts.keep(newsroom.db, chat_id, each, newsroom.now, thread_id=7)


async def said(newsroom: Newsroom, chat_id: int) -> list[str]:
    return [each.said for each in await alerts.of_chat(newsroom.db, chat_id)]


async def test_all_of_it_is_in_the_persons_file_and_nothing_after_a_stop(newsroom: Newsroom) -> None:
    here, other = await newsroom.join(21), await newsroom.join(22)
    story = await newsroom.story("Мост", ECONOMY)
    for chat in (here, other):
        await watch(newsroom, chat.id, "мост", "порт -море")
        await stories.follow(newsroom.db, chat.id, story, newsroom.now, message_id=5)
    found = await own_data.of_person(newsroom.db, BOT, 21)
    assert [each.said for each in found.alerts] == ["мост", "порт −море"]
    assert [each.article_id for each in found.followed] == [story]
    await membership.leave(newsroom.db, here.id, newsroom.now)
    gone = await own_data.of_person(newsroom.db, BOT, 21)
    assert (gone.alerts, gone.followed) == ([], [])
    assert await said(newsroom, other.id) == ["мост", "порт −море"]


async def test_a_group_that_becomes_a_supergroup_keeps_both_and_its_messages_mean_nothing(
    newsroom: Newsroom,
) -> None:
    group = await newsroom.join(-5, kind=ChatKind.GROUP)
    double = await newsroom.join(-1005, kind=ChatKind.SUPERGROUP)
    first, second = await newsroom.story("Мост", ECONOMY), await newsroom.story("Порт", ECONOMY)
    await watch(newsroom, group.id, "мост")
    await watch(newsroom, double.id, "мост", "порт")
    await stories.follow(newsroom.db, group.id, first, newsroom.now, message_id=5)
    for each in (first, second):
        await stories.follow(newsroom.db, double.id, each, newsroom.now, message_id=6)
    await writes(chats.move)(newsroom.db, group.id, -1005)
    assert await said(newsroom, group.id) == ["мост", "порт"]
    async with newsroom.db.read() as tx:
        spots = await kept.spots(tx, [first, second], [group.id])
    assert {(each.article_id, each.message_id) for each in spots} == {(first, None), (second, None)}


async def test_a_thread_that_is_closed_gives_its_words_to_the_whole_chat(newsroom: Newsroom) -> None:
    group = await newsroom.join(-1005, kind=ChatKind.SUPERGROUP)
    await watch(newsroom, group.id, "мост")
    await writes(threads.lose)(newsroom.db, group.id, 7)
    assert [each.thread_id for each in await alerts.of_chat(newsroom.db, group.id)] == [None]


async def test_a_preview_counts_the_week_in_the_chats_languages(newsroom: Newsroom) -> None:
    here = await newsroom.join(21)
    await writes(choices.change)(newsroom.db, here.id, newsroom.now, news_languages=("ru",))
    await newsroom.story("Bridge", ECONOMY, text="мост", language="en")
    mine = await newsroom.story("Мост", ECONOMY)
    (found,) = await alerts.preview(newsroom.db, here.id, "мосты", newsroom.now, language="ru")
    assert (found.count, found.more, [each.id for each in found.newest]) == (1, False, [mine])
    (late,) = await alerts.preview(
        newsroom.db, here.id, "мосты", newsroom.now + alerts.WEEK * 2, language="ru"
    )
    assert late.count == 0


async def test_an_alert_of_another_chat_is_nobodys(newsroom: Newsroom) -> None:
    here, other = await newsroom.join(21), await newsroom.join(22)
    await watch(newsroom, here.id, "мост")
    (mine,) = await alerts.of_chat(newsroom.db, here.id)
    with pytest.raises(Refusal, match="no-alert"):
        await alerts.look(newsroom.db, other.id, mine.id, newsroom.now, language="ru")
    with pytest.raises(Refusal, match="no-alert"):
        await alerts.pause(newsroom.db, other.id, mine.id, paused=True)
    await alerts.remove(newsroom.db, other.id, mine.id)
    assert await said(newsroom, here.id) == ["мост"]
    # The same words in another order are the same alert.
    await watch(newsroom, here.id, "порт мост", "мосты порта")
    assert await said(newsroom, here.id) == ["мост", "порт мост"]
