"""Topics, chosen by a source's categories and by a story's words."""

from __future__ import annotations

import pytest

from bot.model.story.article import Content
from bot.model.story.content import Paragraph, Run
from bot.model.story.topic import Topic, Topics
from bot.sources.classify import Classifier
from bot.stemming import stems

TOPICS = Topics(
    (
        Topic(1, "world", {"ru": "Мир", "en": "World"}, aliases=("За рубежом",)),
        Topic(2, "asia", {"ru": "Азия"}, parent_id=1, keywords=("пустыня", "horse race")),
        Topic(3, "town", {"ru": "Город"}, keywords=("ёлка",)),
    )
)


@pytest.mark.parametrize(
    ("categories", "headline", "body", "chosen"),
    [
        (["Мир"], "x", "", [1]),
        (["за  РУБЕЖОМ", "world", "Погода"], "x", "", [1]),
        (["world/asia"], "x", "", [2]),
        ([], "В пустыне дождь", "", [2]),
        ([], "Two horses raced", "", [2]),
        ([], "Horse races are back", "", [2]),
        ([], "Праздник", "Поставили ёлки и ёлочки", [3]),
        ([], "Елку поставили", "", [3]),
        ([], "Ничего", "", [3]),
    ],
)
def test_topics_are_chosen_by_categories_then_words_then_as_the_source_says(
    categories: list[str], headline: str, body: str, chosen: list[int]
) -> None:
    content = Content(headline, blocks=(Paragraph((Run(body),)),))
    assert Classifier(TOPICS).choose(content, categories, ["town", "absent"]) == chosen


def test_words_are_compared_by_their_stems() -> None:
    assert stems("Пустыни пустыней") == stems("пустыня Пустыню")
    assert stems("RACING") == stems("race")
