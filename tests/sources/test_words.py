"""Datelines, topics, encodings: what is read out of words and bytes."""

from __future__ import annotations

import pytest

from bot.model.article import Content
from bot.model.content import Heading, Mark, Paragraph, Run
from bot.model.topic import Topic, Topics
from bot.sources.classify import Classifier, stems
from bot.sources.dateline import lift_dateline, split_dateline
from bot.sources.encodings import charset, decode_html, decode_text, decode_xml
from bot.sources.item import SourceError


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


@pytest.mark.parametrize(
    ("data", "content_type", "text"),
    [
        ("Мост".encode(), "", "Мост"),
        ('<meta charset="windows-1251">Мост'.encode("cp1251"), "", '<meta charset="windows-1251">Мост'),
        ("Мост".encode("koi8-r"), "text/html; charset=KOI8-R", "Мост"),
        ("Мост".encode("cp1251"), "", "Мост"),
        ("Мост".encode("utf-16"), "", "Мост"),
        ("Мост".encode(), "text/html; charset=no-such-thing", "Мост"),
        ("Café".encode("cp1252"), "text/html; charset=iso-8859-1", "Café"),
        (b"\x93x\x94", "text/html; charset=latin1", "“x”"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=utf-16">x', "", None),
    ],
)
def test_a_pages_encoding_is_found_as_browsers_find_it(
    data: bytes, content_type: str, text: str | None
) -> None:
    assert decode_html(data, content_type) == (data.decode() if text is None else text)


def test_a_charset_that_is_no_charset_is_none() -> None:
    assert charset("text/xml; charset=utf-8") == "utf-8"
    assert charset('text/xml; charset="a\r\nb"') is not None
    assert charset("") is None
    assert decode_xml(b"<?xml version='1.0' encoding='zlib_codec'?><a/>").startswith("<?xml")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(SourceError):
        decode_text(b"\x98\xff")
    with pytest.raises(SourceError):
        decode_xml(b"<a>\xff</a>")
