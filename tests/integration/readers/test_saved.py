"""What a person saved: in, out, in order, bounded, and what becomes of stories that are taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk.amend import correct, kill
from bot.model.chat import Chat
from bot.model.errors import Refusal
from bot.model.story.article import Content
from bot.readers import membership, saved
from bot.readers.walk import Neighbours, Stop, around
from bot.store.newsroom import articles
from tests.support.readers import ECONOMY, NOW, Newsroom
from tests.support.transactions import writes


async def put(newsroom: Newsroom, here: Chat, *ids: int) -> None:
    """Save stories, one after the other."""
    for each in ids:
        newsroom.now += timedelta(seconds=1)
        await saved.save(newsroom.db, here.id, each, newsroom.now)


async def listed(newsroom: Newsroom, here: Chat, page: int = 0) -> list[str]:
    found = await saved.page_of(newsroom.db, here.id, page)
    return [each.content.headline for each in found.articles]


async def test_what_was_saved_last_stands_first_and_once(newsroom: Newsroom) -> None:
    here, other = await newsroom.join(21), await newsroom.join(22)
    first, second = await newsroom.story("Мост", ECONOMY), await newsroom.story("Порт", ECONOMY)
    await put(newsroom, here, second, first, second)
    assert await listed(newsroom, here) == ["Мост", "Порт"]
    assert await listed(newsroom, other) == []
    assert await saved.holds(newsroom.db, here.id, first)
    for _ in range(2):
        await saved.take_out(newsroom.db, here.id, first)
    assert await listed(newsroom, here) == ["Порт"]
    assert not await saved.holds(newsroom.db, here.id, first)


async def test_pages_hold_all_that_is_saved_and_one_out_of_range_is_the_nearest(newsroom: Newsroom) -> None:
    here = await newsroom.join()
    names = [f"Новость-{at:02}" for at in range(saved.PER_PAGE + 2)]
    for each in names:
        await put(newsroom, here, await newsroom.story(each, ECONOMY))
    assert await listed(newsroom, here) == names[:1:-1]
    assert await listed(newsroom, here, 1) == await listed(newsroom, here, 99) == ["Новость-01", "Новость-00"]
    assert await listed(newsroom, here, -5) == names[:1:-1]
    assert len(await saved.stops(newsroom.db, here.id)) == len(names)


async def test_a_story_that_is_taken_back_leaves_and_a_corrected_one_reads_corrected(
    newsroom: Newsroom,
) -> None:
    here = await newsroom.join()
    gone, stays = await newsroom.story("Ошибка", ECONOMY), await newsroom.story("Мост закрыт", ECONOMY)
    await put(newsroom, here, gone, stays)
    await kill(newsroom.db, gone, newsroom.now)
    await correct(newsroom.db, stays, Content("Мост открыт", "Лид."), newsroom.now)
    assert await listed(newsroom, here) == ["Мост открыт"]
    assert (await saved.page_of(newsroom.db, here.id, 0)).total == 1


async def test_what_nobody_can_read_can_not_be_saved(newsroom: Newsroom) -> None:
    here = await newsroom.join()
    gone = await newsroom.story("Ошибка", ECONOMY)
    await kill(newsroom.db, gone, newsroom.now)
    draft = await writes(articles.add)(
        newsroom.db, Content("Черновик"), source="desk", uid="d", at=newsroom.now
    )
    for each in (gone, draft.id, 999_999_999):
        with pytest.raises(Refusal, match="not-found"):
            await saved.save(newsroom.db, here.id, each, newsroom.now)
    assert await saved.stops(newsroom.db, here.id) == []


async def test_when_all_room_is_taken_that_is_said_and_nothing_goes_by_itself(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "MOST", 2)
    here = await newsroom.join()
    first, second, third = [await newsroom.story(each, ECONOMY) for each in ("Мост", "Порт", "Курс")]
    await put(newsroom, here, first, second, first)
    with pytest.raises(Refusal, match="saved-full") as refused:
        await put(newsroom, here, third)
    assert refused.value.facts == {"most": 2}
    assert await listed(newsroom, here) == ["Порт", "Мост"]
    await kill(newsroom.db, first, newsroom.now)
    await put(newsroom, here, third)
    assert await listed(newsroom, here) == ["Курс", "Порт"]


async def test_who_leaves_leaves_nothing_saved(newsroom: Newsroom) -> None:
    here, other = await newsroom.join(21), await newsroom.join(22)
    story = await newsroom.story("Мост", ECONOMY)
    await put(newsroom, here, story)
    await put(newsroom, other, story)
    await membership.leave(newsroom.db, here.id, newsroom.now)
    assert await listed(newsroom, here) == []
    assert await listed(newsroom, other) == ["Мост"]


def test_neighbours_are_the_lists_and_else_the_nearest_in_time() -> None:
    early, middle, late = (Stop(at, NOW + timedelta(hours=at)) for at in (1, 2, 3))
    assert around([late, middle, early], middle) == Neighbours(late, early)
    assert around([middle, late, early], middle) == Neighbours(None, late)
    assert around([late, early], middle) == Neighbours(late, early)
    assert around([early], late) == Neighbours(None, early)
    assert around([late], early) == Neighbours(late, None)
    assert around([late, early], Stop(9, None)) == around([], middle) == Neighbours()
