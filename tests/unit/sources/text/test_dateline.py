"""Datelines: told from the text that they open, and lifted out of it."""

from __future__ import annotations

import pytest

from bot.model.story.content import Heading, Mark, Paragraph, Run
from bot.sources.text.dateline import lift_dateline, split_dateline


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("БИШКЕК (Агентство). Текст", "БИШКЕК (Агентство)."),
        ("НЬЮ-ЙОРК, 3 мая (Агентство) — Текст", "НЬЮ-ЙОРК, 3 мая (Агентство) —"),
        ("МОСКВА, 3 мая /Агентство/. Текст", "МОСКВА, 3 мая /Агентство/."),
        ("LONDON, May 3 (Agency) — Text", "LONDON, May 3 (Agency) —"),
        ("ОСЛО, 3 мая — Агентство. Текст", "ОСЛО, 3 мая — Агентство."),
        ("НАТО (альянс) Текст", ""),
        ("Бишкек (Агентство). Текст", ""),
        ("США и Россия договорились", ""),
        ("", ""),
    ],
)
def test_a_dateline_is_told_from_the_text(text: str, dateline: str) -> None:
    found, rest = split_dateline(text)
    assert found == dateline
    assert not dateline or rest in ("Текст", "Text")


def test_a_dateline_is_lifted_out_of_marked_words() -> None:
    blocks = (
        Heading((Run("Глава"),)),
        Paragraph((Run("ОСЛО (Агентство).", frozenset({Mark.BOLD})), Run(" Текст"))),
    )
    assert lift_dateline(blocks) == ("ОСЛО (Агентство).", (blocks[0], Paragraph((Run("Текст"),))))
    assert lift_dateline((Paragraph((Run("Просто текст"),)),))[0] == ""
