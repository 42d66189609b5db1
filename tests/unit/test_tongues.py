"""The languages that the bot speaks: who gets which, and what stands in for one."""

from __future__ import annotations

import pytest

from bot import stemming, tongues
from bot.model.story.topic import Topic


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("ru", "ru"),
        ("ky", "ky"),
        ("ky-KG", "ky"),
        ("KY_kg", "ky"),
        ("kk", "ru"),
        ("uk", "ru"),
        ("en-GB", "en"),
        ("de", "en"),
        ("", "ky"),
        (None, "ky"),
    ],
)
def test_people_are_spoken_to_in_the_language_of_their_telegram(code: str | None, language: str) -> None:
    assert tongues.of_person(code, "ky") == language


def test_each_person_gets_one_language_and_each_stand_in_is_spoken() -> None:
    claimed = [code for each in tongues.TONGUES for code in (each.code, *each.people.split())]
    assert len(claimed) == len(set(claimed))
    for each in tongues.TONGUES:
        assert set(tongues.chain(each.code)) <= set(tongues.codes())
        assert bool(each.instead) == each.draft


def test_languages_that_stand_in_for_each_other_end(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = tongues.Tongue("aa", "A", instead="bb"), tongues.Tongue("bb", "B", instead="aa")
    monkeypatch.setattr(tongues, "TONGUES", (one, other))
    assert tongues.chain("aa") == ("aa", "bb")


def test_a_topic_without_a_name_in_the_language_has_that_of_the_stand_in() -> None:
    topic = Topic(1, "economy", {"en": "Economy", "ru": "Экономика"})
    assert [topic.name(each) for each in ("ky", "ru", "en", "de")] == [
        "Экономика",
        "Экономика",
        "Economy",
        "Economy",
    ]


def test_words_of_a_language_without_a_stemmer_are_found_as_they_are_written() -> None:
    """Letters that Kyrgyz shares with Russian take Russian endings off: the same ones in a story and in a search."""
    for word in ("өкмөт", "көпүрө", "жол", "шаар", "курулуш"):
        assert stemming.stems(word) == (word,)
    assert stemming.stems("Көпүрөнүн") != stemming.stems("көпүрө")
