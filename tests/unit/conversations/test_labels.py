"""What a button says as it is typed."""

from __future__ import annotations

import pytest

from bot.conversations.reader.ways.labels import plain


@pytest.mark.parametrize(
    ("label", "typed"),
    [("✅ Don’t send", "don't send"), ("Ждём ответа.", "ждем ответа"), ("22:00–7:00", "22:00 7:00")],
)
def test_a_label_is_typed_without_its_signs_and_with_any_apostrophe(label: str, typed: str) -> None:
    assert plain(label) == plain(typed) == typed
