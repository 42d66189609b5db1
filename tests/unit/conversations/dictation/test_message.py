"""An editor's message as a story: every kind of entity, photo, video, album, file."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram.types import Message
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversations.dictation.message import content_of, story_of
from bot.model.story.content import (
    Figure,
    Gallery,
    Mark,
    MediaKind,
    Paragraph,
    Preformatted,
    Quote,
    Run,
    plain_text,
)


def message(
    text: str = "", *entities: tuple[str, str, dict[str, Any]], number: int = 1, **more: Any
) -> Message:
    """Return a message whose entities are given as (type, the words under it, what else it holds)."""
    made = []
    for kind, under, held in entities:
        at = len(text[: text.index(under)].encode("utf-16-le")) // 2
        made.append({"type": kind, "offset": at, "length": len(under.encode("utf-16-le")) // 2, **held})
    field = "caption" if more else "text"
    given = {field: text, "entities" if field == "text" else "caption_entities": made} if text else {}
    chat = {"id": 1, "type": "private", "first_name": "А"}
    return Message.model_validate({"message_id": number, "date": 0, "chat": chat, **given, **more})


def photo(name: str) -> dict[str, Any]:
    sizes = [(f"{name}-s", 90), (name, 1280)]
    return {
        "photo": [
            {"file_id": each, "file_unique_id": each, "width": side, "height": side} for each, side in sizes
        ]
    }


def video(name: str) -> dict[str, Any]:
    return {"video": {"file_id": name, "file_unique_id": name, "width": 640, "height": 360, "duration": 5}}


def test_the_first_line_is_the_headline_and_one_plain_line_the_lead() -> None:
    content = content_of(message("Мост открыт\n\nУтром."), "ru")
    assert (content.headline, content.lead, content.blocks) == ("Мост открыт", "Утром.", ())


def test_a_command_is_skipped_and_offsets_count_utf_16() -> None:
    text = "/breaking 🎉🎉 Мост\nРаз 👩‍👩‍👧 два"
    content = content_of(message(text, ("bold", "два", {})), "ru", skip=len("/breaking"))
    assert content.headline == "🎉🎉 Мост"
    assert content.blocks == (Paragraph((Run("Раз 👩‍👩‍👧 "), Run("два", frozenset({Mark.BOLD})))),)


@pytest.mark.parametrize(
    ("kind", "held", "run"),
    [
        ("bold", {}, Run("x.org", frozenset({Mark.BOLD}))),
        ("spoiler", {}, Run("x.org", frozenset({Mark.SPOILER}))),
        ("code", {}, Run("x.org", frozenset({Mark.CODE}))),
        ("text_link", {"url": "https://a.org/"}, Run("x.org", href="https://a.org/")),
        ("url", {}, Run("x.org", href="https://x.org")),
        ("email", {}, Run("x.org", href="mailto:x.org")),
        ("date_time", {"unix_time": 1777878000, "date_time_format": "r"}, Run("x.org", unix=1777878000)),
        ("mention", {}, Run("x.org")),
        ("hashtag", {}, Run("x.org")),
        ("text_mention", {"user": {"id": 5, "is_bot": False, "first_name": "Б"}}, Run("x.org")),
        ("custom_emoji", {"custom_emoji_id": "1"}, Run("x.org")),
    ],
)
def test_each_entity_is_what_it_means(kind: str, held: dict[str, Any], run: Run) -> None:
    content = content_of(message("Мост\nx.org\nКонец", (kind, "x.org", held)), "ru")
    assert content.blocks == (Paragraph((run,)), Paragraph((Run("Конец"),)))


def test_quotations_and_code_are_blocks_of_their_own() -> None:
    text = "Мост\nДо\nЦитата\nдва\nif x:\n  y\nПосле"
    content = content_of(
        message(
            text,
            ("expandable_blockquote", "Цитата\nдва", {}),
            ("bold", "два", {}),
            ("pre", "if x:\n  y", {"language": "python"}),
        ),
        "ru",
    )
    assert content.blocks == (
        Paragraph((Run("До"),)),
        Quote((Paragraph((Run("Цитата"),)), Paragraph((Run("два", frozenset({Mark.BOLD})),)))),
        Preformatted((Run("if x:\n  y"),), "python"),
        Paragraph((Run("После"),)),
    )


def test_a_headline_that_is_too_long_goes_on_in_the_body() -> None:
    content = content_of(message("я" * 300), "ru")
    assert len(content.headline) == 250
    assert content.lead == "я" * 50


def test_a_photo_is_the_picture_and_other_media_stand_in_the_body() -> None:
    shown = content_of(message("Мост", **photo("p")), "ru").picture
    assert shown is not None
    assert (shown.file_id, shown.width) == ("p", 1280)
    (film,) = content_of(message("Мост", **video("v")), "ru").blocks
    assert isinstance(film, Figure)
    assert (film.media.kind, film.media.file_id) == (MediaKind.VIDEO, "v")


def test_an_album_is_one_story_with_all_its_pictures() -> None:
    album = [
        message("Мост открыт\nУтром.", number=1, **photo("a")),
        message(number=2, **photo("b")),
        message(number=3, **video("c")),
        message(number=4, **photo("d")),
    ]
    content = story_of(album[0], album, "ru")
    assert content.picture is not None
    assert (content.headline, content.lead, content.picture.file_id) == ("Мост открыт", "Утром.", "a")
    (gallery,) = content.blocks
    assert isinstance(gallery, Gallery)
    assert [each.media.file_id for each in gallery.figures] == ["b", "c", "d"]


@given(
    st.text(min_size=1, max_size=60),
    st.lists(
        st.tuples(
            st.sampled_from(["bold", "pre", "blockquote", "url", "code"]),
            st.integers(0, 60),
            st.integers(1, 60),
        )
    ),
)
@settings(deadline=None)
def test_entities_of_any_kind_anywhere_lose_no_word(text: str, spans: list[tuple[str, int, int]]) -> None:
    text = "Мост\n" + text.encode("utf-8", "ignore").decode()
    entities = [{"type": kind, "offset": at, "length": length} for kind, at, length in spans]
    chat = {"id": 1, "type": "private", "first_name": "А"}
    said = Message.model_validate(
        {"message_id": 1, "date": 0, "chat": chat, "text": text, "entities": entities}
    )
    content = content_of(said, "ru")
    told = f"{content.headline} {content.lead} {plain_text(content.blocks)}"
    if not any(_splits(text, at, at + length) for _, at, length in spans):
        assert "".join(told.split()) == "".join(text.split())


def _splits(text: str, *places: int) -> bool:
    """Return whether a place stands inside a character of two UTF-16 units."""
    units = text.encode("utf-16-le")
    return any(at * 2 < len(units) and 0xDC <= units[at * 2 + 1] <= 0xDF for at in places)
