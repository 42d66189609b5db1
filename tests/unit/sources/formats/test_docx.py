"""Documents of a word processor, and those that a stranger made to break what reads them."""

from __future__ import annotations

import io
import zipfile

import pytest

from bot.model.story.content import Paragraph, plain_text
from bot.sources.formats.docx import MOST_PARTS, MOST_XML, read_docx
from bot.sources.formats.files import read_document, read_stories
from bot.sources.item import SourceError
from bot.sources.parser_pool import ParserPool
from tests.support.sources.documents import BOLD, docx, paragraph, picture

BRIDGE = "Мост через Светлую открыли"
BODY = paragraph(BRIDGE) + paragraph("Первыми проехали автобусы.") + paragraph("Мост строили два года.")


def reason(data: bytes) -> str:
    with pytest.raises(SourceError) as refused:
        read_docx(data)
    return refused.value.reason


def test_the_first_line_is_the_headline_and_the_next_the_lead() -> None:
    [item], pictures = read_document("a.docx", docx(BODY))
    assert (item.headline, item.lead) == (BRIDGE, "Первыми проехали автобусы.")
    assert plain_text(item.blocks) == "Мост строили два года."
    assert pictures == 0


def test_one_paragraph_has_its_first_sentence_for_a_headline() -> None:
    said = f"{BRIDGE}. " + "Первыми проехали автобусы, за ними остальные. " * 5
    [item] = read_stories("a.docx", docx(paragraph(said)))
    assert item.headline == f"{BRIDGE}."
    assert item.lead.startswith("Первыми") or plain_text(item.blocks).startswith("Первыми")


def test_a_lead_with_emphasis_stays_in_the_body() -> None:
    [item] = read_stories("a.docx", docx(paragraph(BRIDGE) + paragraph("Важно.", BOLD) + paragraph("Да.")))
    assert item.lead == ""
    assert len(item.blocks) == 2


def test_pictures_are_counted_and_nothing_outside_is_opened() -> None:
    body = BODY + picture("inside") + picture("outside", "link")
    [item], pictures = read_docx(docx(body, more={"word/media/image1.png": b"no picture"}))
    assert pictures == 2
    assert all(isinstance(each, Paragraph) for each in item.blocks)


def test_ten_thousand_paragraphs_are_read() -> None:
    [item], _ = read_docx(docx(BODY + paragraph("Ещё абзац.") * 10_000))
    assert len(item.blocks) == 10_001


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE w SYSTEM "https://example.org/a.dtd">',
    ],
)
def test_entities_are_refused(before: str) -> None:
    assert reason(docx(BODY, before=before)) == "entities"


def test_entities_hide_in_no_other_encoding() -> None:
    part = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w [<!ENTITY a "a">]><w/>'.encode("utf-16")
    assert reason(docx(BODY, more={"word/styles.xml": part})) == "entities"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = docx(BODY, more={"word/styles.xml": b" " * (MOST_XML + 1)})
    assert len(bomb) < 100_000
    assert reason(bomb) == "too-much"


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(docx(BODY, more={"word/styles.xml": b" " * (4 * MOST_XML)}))
    size = (4 * MOST_XML).to_bytes(4, "little")
    while (at := bomb.find(size)) >= 0:
        bomb[at : at + 4] = (100).to_bytes(4, "little")
    assert reason(bytes(bomb)) == "broken"


def test_too_many_parts_are_refused() -> None:
    assert reason(docx(BODY, more={f"x{at}": b"" for at in range(MOST_PARTS)})) == "too-much"


def test_what_is_no_document_is_refused() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    assert reason(kept.getvalue()) == "broken"
    assert reason(docx(BODY)[:-30]) == "broken"
    assert reason(docx("<w:p><w:r>")) == "broken"
    assert reason(docx("")) == "empty"


async def test_a_deep_document_ends_its_parser_and_no_more() -> None:
    deep = docx("<w:smartTag>" * 200_000 + "</w:smartTag>" * 200_000)
    async with ParserPool() as parsers:
        with pytest.raises(SourceError) as refused:
            await parsers.document("a.docx", deep)
        assert refused.value.reason in ("too-much", "too-slow", "broken")
        assert (await parsers.document("a.docx", docx(BODY))).items[0].headline == BRIDGE
