"""What people write behind /follow and /mute: names in any inflection, modes and times in either language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.following.mode import WIRE, Mode
from bot.model.following.mute import MuteSpan
from bot.model.story.topic import Topic, Topics
from bot.readers.following.phrases import Wish, mute_wish, wish

ECONOMY, FLASHES, SPORT = 1, 2, 3
TOPICS = Topics(
    (
        Topic(ECONOMY, "economy", {"ru": "Экономика", "en": "Economy"}),
        Topic(FLASHES, "digest-club", {"ru": "Клуб сразу", "en": "Digest"}),
        Topic(SPORT, "sport", {"ru": "Спорт", "en": "Sport"}),
    )
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("экономику", Wish(ECONOMY)),
        ("Экономика сразу", Wish(ECONOMY, Mode.AT_ONCE)),
        ("экономика, в дайджест", Wish(ECONOMY, Mode.DIGEST)),
        ("новости экономики дайджестом", Wish(ECONOMY, Mode.DIGEST)),
        ("только срочное экономика", Wish(ECONOMY, Mode.FLASH)),
        ("СПОРТ — ТОЛЬКО СРОЧНЫЕ", Wish(SPORT, Mode.FLASH)),
        ("спорт как обычно", Wish(SPORT, Mode.USUAL)),
        ("economy digest", Wish(ECONOMY, Mode.DIGEST)),
        ("sport breaking news only", Wish(SPORT, Mode.FLASH)),
        ("sports at once", Wish(SPORT, Mode.AT_ONCE)),
        ("everything in the digest", Wish(WIRE, Mode.DIGEST)),
        ("всё", Wish(WIRE)),
        ("Все новости сразу", Wish(WIRE, Mode.AT_ONCE)),
        ("клуб сразу", Wish(FLASHES)),
        ("digest", Wish(FLASHES)),
        ("котики в дайджест", Wish(None, Mode.DIGEST)),
        ("в дайджест", Wish(None, Mode.DIGEST)),
        ("", Wish(None)),
    ],
)
def test_a_topic_and_its_mode_are_understood(words: str, found: Wish) -> None:
    assert wish(words, TOPICS) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("спорт до завтра", ("спорт", MuteSpan.TOMORROW)),
        ("Спорт, на неделю", ("Спорт", MuteSpan.WEEK)),
        ("спорт навсегда!", ("спорт", MuteSpan.GOOD)),
        ("до завтра спорт", ("спорт", MuteSpan.TOMORROW)),
        ("Example News for a week", ("Example News", MuteSpan.WEEK)),
        ("sport until tomorrow", ("sport", MuteSpan.TOMORROW)),
        ("sport for good", ("sport", MuteSpan.GOOD)),
        ("sport week", ("sport", MuteSpan.WEEK)),
        ("sport", ("sport", None)),
        ("на неделю", ("", MuteSpan.WEEK)),
        ("", ("", None)),
    ],
)
def test_what_and_for_how_long_is_understood(words: str, found: tuple[str, MuteSpan | None]) -> None:
    assert mute_wish(words) == found


@given(st.text(max_size=80))
def test_any_words_at_all_are_read(words: str) -> None:
    assert wish(words, TOPICS).topic_id in (None, WIRE, ECONOMY, FLASHES, SPORT)
    rest, _ = mute_wish(words)
    assert len(rest) <= len(words)
