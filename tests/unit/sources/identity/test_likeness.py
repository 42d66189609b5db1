"""Which tellings are one story: words in their order, and no number, name, day or opposite against another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.model.story.article import Content
from bot.sources.identity.likeness import Told, changed_altogether, keys, near, same_story

AT = datetime(2026, 5, 14, 9, tzinfo=UTC)
HEADLINE = "Новый мост через Светлую открыли для движения"
TEXT = (
    "Движение по новому мосту через Светлую открыли утром 14 мая. Длина моста составляет 412 метров. "
    "По словам мэра Ивана Берёзова, мост сократит путь на 20 минут."
)
LINK = "https://news.example/2026/05/bridge"


def told(
    text: str = TEXT,
    headline: str = HEADLINE,
    *,
    url: str | None = LINK,
    source: str = "feed:1",
    hours: float = 0,
    dateline: str = "",
) -> Told:
    content = Content(headline, text, dateline, url=url)
    return Told(source, content, AT + timedelta(hours=hours))


def one(first: Told, second: Told) -> bool:
    """Return whether they are found by a key, and alike."""
    return bool(set(keys(first)) & set(keys(second))) and same_story(first, second)


OTHER = {"url": "https://other.example/n/1", "source": "feed:2"}


@pytest.mark.parametrize(
    "again",
    [
        told(hours=200),
        told(url="https://agency.example/2026/05/bridge"),
        told(url="http://www.news.example/2026/05/bridge/?utm_source=rss", source="feed:2"),
        told(source="feed:2", url="https://other.example/n/1", hours=20),
        told(TEXT.split(" По словам", maxsplit=1)[0], source="feed:2", url="https://other.example/n/1"),
        told(TEXT + " Позднее движение приостановили на три часа."),
        told(TEXT.replace("ё", "е"), HEADLINE.upper(), source="feed:2", url=None),
    ],
)
def test_one_story(again: Told) -> None:
    assert one(told(), again)


def test_a_slip_that_was_mended_where_nothing_else_tells_the_story() -> None:
    assert one(told(url=None, headline=HEADLINE.replace("движения", "двжиения")), told(url=None, hours=1))
    assert one(told(TEXT.replace("составляет", "состваляет"), url=None), told(url=None, hours=1))
    assert one(told("", "Мост чераз Светлую", url=None), told("", "Мост через Светлую", url=None))


@pytest.mark.parametrize(
    "other",
    [
        told(source="feed:2", url=None, hours=37),
        told(TEXT.replace("412", "418"), source="feed:2", url=None),
        told(TEXT.replace("Берёзова", "Соснина"), source="feed:2", url=None),
        told(TEXT.replace("открыли", "закрыли"), source="feed:2", url=None),
        told(TEXT.replace("14 мая", "14 июня"), source="feed:2", url=None),
        told(TEXT.replace("сократит", "не сократит"), source="feed:2", url=None),
        told(TEXT + " Позднее движение по мосту приостановили на три часа.", source="feed:2", url=None),
        told(headline=HEADLINE.replace("открыли", "закрыли"), source="feed:2", url=None),
        told(url="https://news.example/2026/05/again", hours=24),
        told("", source="feed:2", url=None),
    ],
)
def test_two_stories(other: Told) -> None:
    assert not one(told(), other)


def test_the_same_words_from_two_cities_are_two_stories() -> None:
    first = told(dateline="СЕВЕРСК (Вестник)", url=None)
    assert not one(first, told(dateline="КАМЕНКА (Волна)", source="feed:2", url=None))
    assert one(first, told(dateline="СЕВЕРСК (Волна)", source="feed:2", url=None))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("мост через реку открыт", "мост через реку открыт", True),
        ("мост через реку открыт", "мост через реку закрыт", False),
        ("два человека пострадали", "три человека пострадали", False),
        ("петров выиграл турнир", "петрова выиграл турнир", False),
        ("команда гаити прилетела", "команда таити прилетела", False),
        ("счёт 2:1 в матче", "счёт 1:2 в матче", False),
        ("пункт а закрыт", "пункт б закрыт", False),
    ],
)
def test_a_slip_is_one_letter_inside_a_word(first: str, second: str, same: bool) -> None:
    assert near(first.split(), second.split()) is same


BRIDGE = Content(
    "Мост открыт", "Движение по мосту пущено утром, сообщила мэрия.", url=LINK, source_name="Вестник"
)
HARVEST = Content("Урожай собран", "Хозяйства области закончили жатву раньше срока.", url=LINK + "2")


def test_an_identity_stands_for_another_story_where_everything_changed() -> None:
    assert changed_altogether(BRIDGE, HARVEST)


def test_stories_with_links_of_their_own_may_share_words() -> None:
    first = Content("First story", "One text.", url="https://news.example/1")
    assert changed_altogether(first, Content("Second story", "Two text.", url="https://news.example/2"))


@pytest.mark.parametrize(
    "after",
    [
        Content(HARVEST.headline, HARVEST.lead, url=LINK),
        Content("Мост открыт", HARVEST.lead, url=LINK + "2"),
        Content("Мост через Светлую пустил первых", BRIDGE.lead + " Позже добавят знаки.", url=LINK + "2"),
        Content("Мост закрыт", "Движение по мосту остановлено утром, сообщила мэрия."),
        Content(HARVEST.headline, BRIDGE.lead, url=LINK + "2"),
    ],
)
def test_a_story_that_kept_link_headline_or_text_is_the_same(after: Content) -> None:
    assert not changed_altogether(BRIDGE, after)


def test_two_agencies_under_one_headline_tell_two_stories() -> None:
    other = Content(BRIDGE.headline, HARVEST.lead, source_name="Волна")
    assert changed_altogether(BRIDGE, other)
    same_agency = Content(BRIDGE.headline, HARVEST.lead, source_name="Вестник")
    assert not changed_altogether(BRIDGE, same_agency)
    assert changed_altogether(BRIDGE, same_agency, made_up=True)
