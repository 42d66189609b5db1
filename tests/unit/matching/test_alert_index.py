"""A story is compared with what chats watch for: by stems, phrases and what the newsroom takes for the same."""

from __future__ import annotations

import random

import pytest

from bot.matching.alert_index import AlertIndex, SaidWords
from bot.model.search.alert import AlertTerms, Term
from bot.model.story.article import Content
from bot.model.story.content import Paragraph, Run
from bot.readers.search.synonyms import grouped
from bot.readers.watch.words import wanted_in
from bot.store.watch.matches import Condition

GROUPS = (("Киргизия", "Кыргызстан", "Кыргызская Республика"), ("ОАЭ", "Эмираты"))

STORY = Content(
    "Новые мосты открыли в Бишкеке",
    "Премьер Кыргызстана приехал утром.",
    blocks=(Paragraph((Run("Нефть подешевела. Oil prices fell in the United Kingdom."),)),),
)


def index_of(*said: str) -> AlertIndex:
    """Return an index of alerts, numbered from 1, each found by its longest stems."""
    index = AlertIndex()
    for number, text in enumerate(said, 1):
        (wanted,) = wanted_in(text, grouped(GROUPS))
        stems = sorted(
            {stem for each in wanted.terms.wanted for stem in each.stems}, key=lambda stem: -len(stem)
        )
        index.put(Condition(number, wanted.terms.dump(), stems[0], stems[1] if len(stems) > 1 else None))
    return index


def meets(text: str, story: Content = STORY) -> bool:
    return index_of(text).met(SaidWords(story, GROUPS)) == [1]


@pytest.mark.parametrize(
    "text",
    [
        "мост",
        "бишкек мостов",
        "нефть oils price",
        "«новый мост»",
        "киргизия",
        "Кыргызская Республика",
        "киргизия нефть",
        "киргизия мост нефть",
        "премьер -футбол",
        "«united kingdom» нефть -«новый порт»",
    ],
)
def test_a_story_has_it(text: str) -> None:
    assert meets(text)


@pytest.mark.parametrize(
    "text",
    [
        "порт",
        "мост порт",
        "мост бишкек порт",
        "«мост новый»",
        "«бишкек премьер»",  # from the headline into the lead
        "«киргизия»",  # in quotes, a word stands for itself
        "мост -нефть",
        "нефть -киргизия",
        "республика",  # a part of a name that a synonym stands for
        "эмираты",
        "премьер -«нефть подешевела»",
    ],
)
def test_a_story_has_it_not(text: str) -> None:
    assert not meets(text)


def test_of_many_alerts_those_are_found_that_a_story_meets() -> None:
    index = index_of(
        "мост", "порт", "мост бишкек", "мост порт", "мост нефть бишкек", "мост -порт", "порт -мост"
    )
    assert sorted(index.met(SaidWords(STORY))) == [1, 3, 5, 6]
    assert index.met(SaidWords(Content(""))) == []


def _random_terms(made: random.Random) -> AlertTerms:
    def term() -> Term:
        stems = tuple(made.choice("abcdefgh") for _ in range(made.choice((1, 1, 1, 1, 2))))
        return Term(stems, literal=made.random() < 0.1)

    return AlertTerms(
        tuple(term() for _ in range(made.choice((1, 2, 2, 3, 4)))),
        tuple(term() for _ in range(made.choice((0, 0, 1, 2)))),
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_index_finds_what_comparing_each_alert_would_find(seed: int) -> None:
    made = random.Random(seed)
    conditions = {
        kept: number
        for number, kept in enumerate(sorted({_random_terms(made).dump() for _ in range(800)}), 1)
    }
    index = AlertIndex()
    for kept, number in conditions.items():
        stems = list(dict.fromkeys(stem for each in AlertTerms.load(kept).wanted for stem in each.stems))
        index.put(Condition(number, kept, stems[0], stems[1] if len(stems) > 1 else None))
    for _ in range(20):
        words = " ".join(made.choices("abcdefgh", k=made.randint(3, 9)))
        said = SaidWords(Content(words, ""), (("a", "h"), ("b", "c d")))
        expected = [number for kept, number in conditions.items() if said.meet(AlertTerms.load(kept))]
        assert sorted(index.met(said)) == sorted(expected)
