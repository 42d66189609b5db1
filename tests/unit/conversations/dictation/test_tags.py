"""Tags that name topics leave a text where they stand apart from its words."""

from __future__ import annotations

import pytest

from bot.conversations.dictation.tags import only_tags, topics_in, without_topics
from bot.model.story.article import Content
from bot.model.story.content import Mark, Paragraph, Run, plain_text
from bot.model.story.topic import Topic, Topics

KNOWN = Topics((Topic(1, "economy", {"ru": "Экономика"}), Topic(2, "sport", {"ru": "Спорт"})))
BOLD = frozenset({Mark.BOLD})


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Мост открыт. #economy", "Мост открыт."),
        ("«Мост открыт!» #economy; #спорт", "«Мост открыт!»"),
        ("Мост открыт #economy #sport", "Мост открыт"),
        ("#economy, #sport", ""),
        ("Всё о мосте: в рубрике #economy", "Всё о мосте: в рубрике #economy"),
        ("Мост #economy открыт.", "Мост #economy открыт."),
        ("Мост открыт. #мост", "Мост открыт. #мост"),
        ("Мост открыт. #sport #мост", "Мост открыт. #sport #мост"),
    ],
)
def test_only_tags_that_stand_apart_leave_a_paragraph(said: str, left: str) -> None:
    content = Content("Мост", lead=said, blocks=(Paragraph((Run(said),)), Paragraph((Run("Конец."),))))
    kept = without_topics(content, KNOWN)
    assert (kept.lead, plain_text(kept.blocks)) == (left, f"{left}\nКонец.".strip())


def test_what_is_left_keeps_its_emphasis() -> None:
    text = (Run("Мост "), Run("открыт.", BOLD), Run(" "), Run("#economy"), Run(" #sport"))
    [kept] = without_topics(Content("Мост", blocks=(Paragraph(text),)), KNOWN).blocks
    assert kept == Paragraph((Run("Мост "), Run("открыт.", BOLD)))


def test_a_headline_loses_its_last_tags_and_stays_one() -> None:
    assert without_topics(Content("Мост открыт #economy"), KNOWN).headline == "Мост открыт"
    assert without_topics(Content("#economy #sport"), KNOWN).headline == "#economy #sport"


def test_tags_name_topics_wherever_they_stand() -> None:
    assert topics_in("#economy\nВ #спорт, и #мост", KNOWN) == (1, 2)
    assert only_tags(" #economy #спорт ", KNOWN)
    assert not only_tags("#economy #мост", KNOWN)
    assert not only_tags(" ", KNOWN)
