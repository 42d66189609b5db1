"""What the demo's author writes comes round with other facts, under other headlines and some topic."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from bot.demo.desk import load_drafts, turned
from bot.demo.stories import SAMPLE
from bot.model.story.article import Content
from bot.model.story.content import Paragraph, Run
from bot.model.story.topic import Topic, Topics
from bot.sources.classify import Classifier
from bot.sources.newsroom.file import load_newsroom
from bot.stemming import overlap, stems

ROUNDS = 4
LIKE = 0.75
"""From here on the desk warns that two headlines are nearly the same."""


def headline(draft: dict[str, str]) -> str:
    return draft["text"].strip().partition("\n")[0]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_headline_is_like_another_for_four_rounds(language: str) -> None:
    drafts = load_drafts(language)
    written = [headline(turned(draft, lap)) for lap in range(ROUNDS) for draft in drafts]
    like = [
        (one, other) for one, other in combinations(written, 2) if overlap(stems(one), stems(other)) >= LIKE
    ]
    assert like == []
    assert [headline(turned(draft, ROUNDS)) for draft in drafts] == list(map(headline, drafts))


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("lap", range(ROUNDS))
def test_each_turn_says_something_else_and_can_be_mended(language: str, lap: int) -> None:
    for draft in load_drafts(language):
        assert {len(each) for each in draft["turns"]} == {ROUNDS}
        for first, *_ in draft["turns"]:
            assert first in str(draft), first
        now = turned(draft, lap)
        for slip in (now, now.get("flaw", {})):
            assert slip.get("find", "") in now["text"]
        assert now["text"] == draft["text"] or lap


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("lap", range(ROUNDS))
def test_each_finds_a_topic_of_the_demos_newsroom(tmp_path: Path, language: str, lap: int) -> None:
    text = (SAMPLE / "newsroom.toml").read_text(encoding="utf-8").replace("{wire}", "http://127.0.0.1:1")
    (tmp_path / "newsroom.toml").write_text(text, encoding="utf-8")
    named = load_newsroom(tmp_path / "newsroom.toml").topics
    known = Topics(
        tuple(
            Topic(number, each.slug, each.names, keywords=tuple(each.keywords))
            for number, each in enumerate(named, 1)
        )
    )
    for draft in load_drafts(language):
        first, *others = turned(draft, lap)["text"].strip().split("\n\n")
        body = tuple(Paragraph((Run(each),)) for each in others[1:])
        assert Classifier(known).choose(Content(first, others[0], blocks=body)), first
