"""A search's words: things to look for and filters, whatever is typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.errors import Refusal
from bot.model.story.topic import Topic, Topics
from bot.readers.search.asked import MOST_CHARACTERS, MOST_THINGS, Asked, asked
from bot.readers.search.filters import ALL
from bot.readers.search.synonyms import Synonyms

TODAY = date(2026, 11, 27)
TOPICS = Topics(
    (Topic(1, "economy", {"ru": "Экономика", "en": "Economy"}), Topic(2, "world-news", {"ru": "Мир"}))
)
SAME = Synonyms([("Киргизия", "Кыргызстан", "Кыргызская Республика"), ("ЦБ", "Центральный банк")])


def read(text: str) -> Asked:
    return asked(text, TOPICS, SAME, TODAY)


def said(text: str) -> list[str]:
    return [each.said for each in read(text).things]


def test_words_are_looked_for_by_their_stems() -> None:
    (bridge,) = read("мостами").things
    assert bridge.sought.phrases == (("мост",),)
    assert read("Ёлка").things[0].sought == read("елки").things[0].sought


def test_a_phrase_in_quotes_stands_side_by_side() -> None:
    for text in ("«новый мост»", '"новый мост"', "“новый мост”"):
        (phrase,) = read(text).things
        assert phrase.sought.phrases == (("нов", "мост"),)


def test_a_hyphened_word_is_a_phrase() -> None:
    assert read("Нью-Йорк").things[0].sought.phrases == (("нью", "йорк"),)


def test_minus_words_and_phrases_are_not_wanted() -> None:
    found = read("мост -поезд −«новая дорога» Нью-Йорк")
    assert [each.said for each in found.things] == ["мост", "Нью-Йорк"]
    assert [each.sought.phrases for each in found.unwanted] == [(("поезд",),), (("нов", "дорог"),)]


def test_a_prefix_is_three_letters_or_more() -> None:
    (thing,) = read("энерг*").things
    assert thing.sought.prefix == "энерг"
    short = read("эн*")
    assert (short.short, short.things[0].sought.prefix) == (True, "")


def test_synonyms_join_whatever_form_and_however_many_words() -> None:
    of_one = set(read("киргизии").things[0].sought.phrases)
    assert of_one == {("киргиз",), ("кыргызста",), ("кыргызск", "республик")}
    (bank,) = read("центрального банка").things
    assert set(bank.sought.phrases) == {("центральн", "банк"), ("цб",)}
    assert read("«киргизии»").things[0].sought.phrases == (("киргиз",),)


def test_filters_are_taken_out_of_the_words() -> None:
    found = read("нефть #экономики с 1 ноября по 5 ноября in English")
    assert said("нефть #экономики с 1 ноября по 5 ноября in English") == ["нефть"]
    assert found.topic == TOPICS.by_id[1]
    assert (found.since, found.until) == (date(2026, 11, 1), date(2026, 11, 6))
    assert found.languages == ("en",)


def test_every_language_and_any_code() -> None:
    assert read("мост на всех языках").languages == ALL
    assert read("мост на английском языке").languages == ("en",)
    assert read("мост lang:ky").languages == ("ky",)


def test_in_quotes_nothing_is_a_filter() -> None:
    found = read("«за неделю»")
    assert found.since is None
    assert found.things[0].sought.phrases == (("за", "недел"),)


def test_a_topic_with_a_blank_is_written_together() -> None:
    assert read("#world_news").topic is None
    assert read("#мир").topic == TOPICS.by_id[2]


def test_words_that_name_no_topic_are_looked_for() -> None:
    found = read("#погода")
    assert (found.no_topic, [each.sought.phrases for each in found.things]) == ("погода", [(("погод",),)])


def test_little_words_count_only_by_themselves() -> None:
    assert said("пожар в порту") == ["пожар", "порту"]
    assert said("на") == ["на"]
    assert read("«в порту»").things[0].sought.phrases == (("в", "порт"),)


def test_too_much_is_bounded() -> None:
    many = read(" ".join(f"слово{at}" for at in range(MOST_THINGS + 5)))
    assert (len(many.things), many.cut) == (MOST_THINGS, True)
    with pytest.raises(Refusal, match="search-too-long"):
        read("м" * (MOST_CHARACTERS + 1))


@pytest.mark.parametrize("text", ["", "!!!", "«»", '"', "*", "-", "#", "— — —", "👍", "\u0301", "'\");--"])
def test_what_asks_for_nothing_is_nothing(text: str) -> None:
    assert not read(text)


@given(st.text(max_size=MOST_CHARACTERS))
def test_anything_at_all_is_read_into_letters_and_digits(text: str) -> None:
    found = read(text)
    for thing in (*found.things, *found.unwanted):
        for stem in (
            *(stem for phrase in thing.sought.phrases for stem in phrase),
            thing.sought.prefix or "x",
        ):
            assert stem.isalnum()
            assert len(stem) <= 64


@given(st.text(alphabet='сзапод 1нябре.-*«»"#хи:', max_size=80))
def test_what_looks_like_a_search_is_read_too(text: str) -> None:
    read(text)


@pytest.mark.parametrize(
    ("text", "phrases", "prefix"),
    [
        ("новый мост", (("мост",),), "мост"),
        ("мостами", (("мост",),), "мостами"),
        ("новый мост ", (("мост",),), ""),
        ("мо", (("мо",),), ""),
        ("«новый мост»", (("нов", "мост"),), ""),
        ("Нью-Й", (("нью", "й"),), ""),
        ("для", (("для",),), "для"),
        ("ЦБ", (("цб",), ("центральн", "банк")), ""),
    ],
)
def test_while_somebody_types_the_last_word_may_be_a_beginning(
    text: str, phrases: tuple[tuple[str, ...], ...], prefix: str
) -> None:
    last = asked(text, TOPICS, SAME, TODAY, typing=True).things[-1].sought
    assert (last.phrases, last.prefix) == (phrases, prefix)


def test_what_is_typed_before_a_filter_or_after_a_minus_is_no_beginning() -> None:
    for text in ("мост вчера", "мост #экономика"):
        assert [each.sought.prefix for each in asked(text, TOPICS, SAME, TODAY, typing=True).things] == [""]
    found = asked("мост -поезд", TOPICS, SAME, TODAY, typing=True)
    assert (found.things[0].sought.prefix, found.unwanted[0].sought.prefix) == ("", "")
