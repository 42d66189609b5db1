"""The line under a channel's posts as somebody writes it: one line, links alone, nothing that Telegram drops."""

from __future__ import annotations

import pytest
from aiogram.types import MessageEntity

from bot.conversations.places.footer import line_of
from bot.model.errors import Refusal
from bot.readers.places.footers import MOST_CHARACTERS, MOST_LINKS


def link(offset: int, length: int, url: str) -> MessageEntity:
    return MessageEntity(type="text_link", offset=offset, length=length, url=url)


def test_links_keep_their_form_and_all_else_is_words() -> None:
    bold = MessageEntity(type="bold", offset=0, length=3)
    # Two units of UTF-16 stand before the link: the sign beyond the basic plane counts twice.
    line = line_of("📢 A&B <b>\nздесь", [bold, link(11, 5, "https://t.me/valley?a=1&b=2")])
    assert line == '📢 A&amp;B &lt;b&gt; <a href="https://t.me/valley?a=1&amp;b=2">здесь</a>'


def test_a_link_inside_another_is_let_be() -> None:
    found = line_of("вместе", [link(0, 6, "https://a.example"), link(2, 2, "https://b.example")])
    assert found == '<a href="https://a.example">вместе</a>'


@pytest.mark.parametrize(
    ("text", "entities", "code"),
    [
        ("x" * (MOST_CHARACTERS + 1), [], "too-long"),
        ("\u2066 \n", [], "footer-empty"),
        ("там", [link(0, 3, "http://localhost/")], "footer-link"),
        ("там", [link(0, 3, "javascript:alert(1)")], "footer-link"),
        ("там" * 9, [link(at * 3, 3, "https://a.example") for at in range(MOST_LINKS + 1)], "footer-links"),
        ("см. 127.1:99999/x", [MessageEntity(type="url", offset=4, length=13)], "footer-link"),
    ],
)
def test_what_would_not_stand_is_refused(text: str, entities: list[MessageEntity], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        line_of(text, entities)
    assert refused.value.code == code
