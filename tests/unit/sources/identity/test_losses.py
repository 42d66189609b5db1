"""An edit towards more is taken; one that takes a picture, most of a text, or readability away is held."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model.story.article import Content
from bot.model.story.content import Figure, Media, MediaKind, Paragraph, Run
from bot.sources.identity.losses import Loss, loss

PICTURE = Media(MediaKind.PICTURE, "https://news.example/1.jpg")
TEXT = "Движение по мосту пущено утром, сообщила мэрия. Ремонт шёл три года."
STORY = Content("Мост открыт", TEXT, picture=PICTURE)


@pytest.mark.parametrize(
    ("after", "held"),
    [
        (replace(STORY, picture=None), Loss.PICTURE),
        (replace(STORY, lead="Движение пущено."), Loss.TEXT),
        (replace(STORY, lead=""), Loss.TEXT),
        (replace(STORY, lead="\ufffd" * 40 + TEXT), Loss.UNREADABLE),
        (replace(STORY, headline="\ufffd\ufffd\ufffd\ufffd открыт"), Loss.UNREADABLE),
        (replace(STORY, lead=TEXT + " Подробности позже."), None),
        (replace(STORY, headline="Мост закрыт"), None),
        (replace(STORY, lead=TEXT.partition(". ")[0]), None),
        (replace(STORY, picture=None, blocks=(Figure(PICTURE), Paragraph((Run("Снимок."),)))), None),
    ],
)
def test_what_an_edit_loses(after: Content, held: Loss | None) -> None:
    assert loss(STORY, after) is held


def test_a_text_that_could_never_be_read_may_change() -> None:
    broken = replace(STORY, lead="\ufffd" * 60)
    assert loss(broken, replace(broken, lead="\ufffd" * 50)) is None
