"""A card has six rows at most, the last of them for the ways to and fro; nothing is lost behind 'More…'."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from bot.conversations.desk.offers import MOST_ROWS, NEVER, OFFERS, Beside, Row, Standing, laid_out, rows
from bot.desk.pushes import NOTHING_GOES, StoryPushes
from bot.model.bulletin import Progress
from bot.model.desk.rules import DeskRules
from bot.model.message import Button
from bot.model.newsroom.role import OWNER
from bot.model.story.article import Article, Content, Status
from bot.rendering.check import checked_templates
from bot.rendering.talk import Talk
from tests.support.readers import NOW

GOING = StoryPushes(Progress(9, 3, 4, 2, planned=True, stopped=False, created_at=NOW))
HELD: Row = (Button("Правка ленты задержана ›", press="desk:held:1"),)
LINKS: list[Row] = [(Button(f"↳ Мост открыт {each}", press=f"desk:card:{each}"),) for each in range(2, 8)]


@pytest.fixture(scope="module")
def talk() -> Talk:
    return Talk(checked_templates())


def visit(talk: Talk, language: str) -> Any:
    return SimpleNamespace(label=lambda name, /, **facts: talk.label(name, language, **facts))


def presses(keyboard: Sequence[Row]) -> list[str]:
    return sorted(str(button.press) for row in keyboard for button in row)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("embargoed", [False, True])
@pytest.mark.parametrize("links", [0, 1, 6])
@pytest.mark.parametrize("status", list(Status))
def test_a_card_fits_a_phone_and_nothing_is_lost(
    talk: Talk, language: str, status: Status, links: int, *, embargoed: bool
) -> None:
    article = Article(1, status, 1, Content("Мост"), embargo_until=NOW if embargoed else None)
    out = status is Status.PUBLISHED
    for pushes in (NOTHING_GOES, GOING) if out else (NOTHING_GOES,):
        standing = Standing(article, ["embargoed"] if embargoed else [], DeskRules(), 5, pushes)
        beside = Beside([HELD] if out and pushes is NOTHING_GOES else [], LINKS[:links])
        here = visit(talk, language)
        card, more = laid_out(here, standing, OWNER, beside)
        assert len(card) < MOST_ROWS
        whole = [*rows(here, standing, OWNER), *beside.verbs, *beside.links]
        assert presses([*card, *more]) == presses(whole)
        assert (more == []) == (len(whole) < MOST_ROWS)


def test_what_decides_over_a_story_stays_on_its_card() -> None:
    for verb in ("approve", "publish", "flash", "correct", "pause", "stop", "undo", "embargo", "lift"):
        (offer,) = (each for each in OFFERS if each.verb == verb)
        assert offer.rank(Standing(Article(1, Status.PUBLISHED, 1, Content("")), (), DeskRules(), 5)) == NEVER
