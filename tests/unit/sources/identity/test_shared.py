"""In one fetch an identity is one story's; what several stories share is none of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.sources.formats.feed import parse_feed
from bot.sources.identity.shared import told_apart
from bot.sources.item import Item

SITE = "https://news.example/"
FIRST = Item(SITE, "Мост открыт", "Движение пущено утром.", url=SITE + "1")
SECOND = Item(SITE, "Урожай собран", "Хозяйства закончили жатву.", url=SITE + "2")


def test_stories_under_one_guid_are_known_by_their_links() -> None:
    assert [each.uid for each in told_apart([FIRST, SECOND])] == [SITE + "1", SITE + "2"]


def test_stories_under_one_guid_and_one_link_are_known_by_their_words() -> None:
    first, second = (replace(each, url=SITE) for each in (FIRST, SECOND))
    found = told_apart([first, second])
    assert len({each.uid for each in found}) == 2
    assert all(each.uid.startswith("sha256:") for each in found)
    assert [each.uid for each in told_apart([second, first])] == [each.uid for each in found][::-1]


def test_a_shared_identity_takes_no_other_storys_identity_away() -> None:
    alone = replace(FIRST, uid="7", headline="Погода", url=SITE + "3")
    assert [each.uid for each in told_apart([alone, FIRST, SECOND])] == ["7", SITE + "1", SITE + "2"]


@pytest.mark.parametrize(
    "again",
    [
        FIRST,
        replace(FIRST, lead="Движение пущено утром, сообщила мэрия."),
        replace(FIRST, headline="Открыт мост", url=FIRST.url),
        replace(FIRST, headline="Мост открыт, уточнение", lead="Движение пущено в девять."),
    ],
)
def test_a_story_that_is_listed_again_is_one_story_under_its_own_identity(again: Item) -> None:
    assert told_apart([FIRST, again]) == [FIRST]


def test_a_feed_that_gives_all_its_stories_one_guid_has_them_all() -> None:
    items = "".join(
        f"<item><title>Story {word}</title><link>{SITE}{word}</link><guid>{SITE}</guid>"
        f"<description>{word} text.</description></item>"
        for word in ("one", "two", "three")
    )
    found = parse_feed(f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode())
    assert [each.uid for each in found] == [SITE + word for word in ("one", "two", "three")]
