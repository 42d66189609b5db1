"""What is found while somebody types: pages of readable stories, in the person's languages, on both databases."""

from __future__ import annotations

import pytest

from bot.desk.amend import kill
from bot.model.errors import Refusal
from bot.model.search.query import Order
from bot.readers.search.find import SearchReader, glance
from tests.support.readers import ECONOMY, NOW, Newsroom

NOBODY = SearchReader(None, "ru", "UTC", NOW)


async def headlines(
    newsroom: Newsroom, text: str = "", page: int = 0, order: Order = Order.NEWEST
) -> list[str]:
    """Return what a page of two stories has."""
    found = await glance(newsroom.db, NOBODY, text, page=page, per_page=2, order=order)
    return [each.content.headline for each in found.articles]


async def test_without_words_the_newest_are_found_page_by_page(newsroom: Newsroom) -> None:
    for number in range(5):
        await newsroom.story(f"Мост-{number}")
    await newsroom.story("Bridge", language="en")
    pages = [await headlines(newsroom, page=page) for page in range(4)]
    assert pages == [["Мост-4", "Мост-3"], ["Мост-2", "Мост-1"], ["Мост-0"], []]
    more = [(await glance(newsroom.db, NOBODY, "", page=page, per_page=2)).more for page in range(4)]
    assert more == [True, True, False, False]


async def test_words_and_filters_find_as_in_a_search(newsroom: Newsroom) -> None:
    await newsroom.story("Мост открыт", ECONOMY)
    await newsroom.story("Погода", text="У моста туман.")
    assert await headlines(newsroom, "мосты") == ["Погода", "Мост открыт"]
    assert await headlines(newsroom, "мосты", order=Order.BEST) == ["Мост открыт", "Погода"]
    assert await headlines(newsroom, "#экономика") == ["Мост открыт"]
    assert await headlines(newsroom, "мост -туман") == ["Мост открыт"]
    assert await headlines(newsroom, "зебра") == []


async def test_what_was_taken_back_is_found_by_nobody(newsroom: Newsroom) -> None:
    gone = await newsroom.story("Мост закрыт")
    await kill(newsroom.db, gone, newsroom.now)
    assert await headlines(newsroom) == await headlines(newsroom, "мост") == []


async def test_too_long_a_text_is_refused(newsroom: Newsroom) -> None:
    with pytest.raises(Refusal, match="search-too-long"):
        await headlines(newsroom, "мост " * 50)
