"""Documents become drafts: agency copy in any encoding, .docx, pages; what can't be read is refused in words."""

from __future__ import annotations

import json

import pytest

from bot.conversations.dictation import document
from bot.model.newsroom.role import AUTHOR
from bot.model.story.content import Mark, Paragraph, plain_text
from tests.integration.conversations.desk.test_writing import BRIDGE, answered, card_of, drafts, the_draft
from tests.support.desk.editors import hire
from tests.support.messages import Message, plain
from tests.support.people import ANNA, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.sources.documents import BOLD, WORD, docx, file, link, paragraph, picture
from tests.support.world import ECONOMY, World

COPY = f"{BRIDGE}\n\nПервыми проехали автобусы.\n\nЭНСК (Вести долины). Мост строили два года.\n"


@pytest.fixture
async def desk(room: World) -> World:
    """Egor and James, who speaks English, write."""
    await hire(room, EGOR, "Егор", AUTHOR.rights)
    await hire(room, JAMES, "James", AUTHOR.rights)
    return room


async def sent(
    room: World, name: str, content: bytes, mime: str = "", *, user: int = EGOR, **more: str
) -> Message:
    """Send a document, and return the bot's answer to it."""
    message = room.send(user, "", document=file(name, content, mime), **more)
    return await card_of(room, user, message)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r"])
async def test_agency_copy_is_read_in_any_encoding(desk: World, encoding: str) -> None:
    card = await sent(desk, "копия.txt", COPY.encode(encoding), "text/plain", caption="Прочтите #economy")
    assert BRIDGE in plain(card)
    made = await the_draft(desk)
    assert (made.content.lead, made.content.dateline) == (
        "Первыми проехали автобусы.",
        "ЭНСК (Вести долины).",
    )
    assert plain_text(made.content.blocks) == "Мост строили два года."
    assert (made.content.language, made.topic_ids, made.edited_by) == ("ru", (ECONOMY,), EGOR)


async def test_a_docx_keeps_emphasis_and_links_and_says_what_was_left_out(desk: World) -> None:
    body = (
        paragraph(BRIDGE, style="Title")
        + paragraph("Первыми проехали автобусы.")
        + picture("inside")
        + picture("outside", "link")
        + paragraph("ЭНСК (Вести долины). Мост строили два года.")
        + paragraph("Он прочный.", BOLD)
        + link("Подробности")
    )
    written = docx(body, more={"word/media/image1.png": b"\x89PNG"})
    said = await sent(desk, "Мост.docx", written, WORD)
    left = await desk.answer(EGOR, "фото из документа")
    assert plain(left) == "2 фото из документа не вошли в черновик."
    assert answered(left) == answered(said)
    content = (await the_draft(desk)).content
    assert (content.headline, content.lead, content.dateline) == (
        BRIDGE,
        "Первыми проехали автобусы.",
        "ЭНСК (Вести долины).",
    )
    _, bold, linked = content.blocks
    assert isinstance(bold, Paragraph)
    assert isinstance(linked, Paragraph)
    assert Mark.BOLD in bold.text[0].marks
    assert linked.text[0].href == "https://example.org/1"


async def test_a_page_and_marked_text_are_read_too(desk: World) -> None:
    page = f"<html><body><article><h1>{BRIDGE}</h1><p>Первыми проехали автобусы, потом люди.</p></article>"
    await sent(desk, "a.html", page.encode(), "text/html")
    await sent(desk, "a.md", f"# {BRIDGE} сегодня\n\n## Автобусы\n\nОни проехали первыми.\n".encode())
    assert [each.content.headline for each in await drafts(desk)] == [BRIDGE, f"{BRIDGE} сегодня"]


async def test_a_file_of_several_stories_makes_as_many_drafts(desk: World) -> None:
    copy = "\n\n=====\n\n".join(f"Новость {number}\n\nОна короткая, но важная." for number in range(3))
    await sent(desk, "a.txt", copy.encode())
    await desk.until(lambda: sum("Язык:" in text for text in desk.texts(EGOR)) == 3)
    assert [each.content.headline for each in await drafts(desk)] == ["Новость 0", "Новость 1", "Новость 2"]


async def test_what_is_beyond_ten_stories_is_counted(desk: World) -> None:
    stories = [{"headline": f"Новость {number}", "text": "Она короткая."} for number in range(13)]
    await sent(desk, "a.txt", json.dumps(stories).encode())
    left = await desk.answer(EGOR, "В файле остались ещё 3 новости")
    assert "не больше 10" in plain(left)
    assert len(await drafts(desk)) == 10


async def test_a_file_of_another_kind_goes_with_the_words_below_it(desk: World) -> None:
    said = "Мост через Светлую открыли сегодня утром\nПодробности в отчёте."
    await sent(desk, "report.pdf", b"%PDF-1.7", "application/pdf", caption=said)
    made = await the_draft(desk)
    assert made.content.headline == "Мост через Светлую открыли сегодня утром"
    assert "подойдут" in plain(await sent(desk, "report.pdf", b"%PDF-1.7", "application/pdf")).lower()
    english = await sent(desk, "report.odt", b"PK\x03\x04", user=JAMES)
    assert "I read .docx, .txt, .md and .html" in plain(english)
    assert len(await drafts(desk)) == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", b"PK\x03\x04 no zip", "повреждён"),
        ("a.docx", b"no zip at all\n" * 30, "повреждён"),
        ("a.docx", docx(""), "нет текста"),
        ("a.docx", docx(paragraph("x"), before='<!DOCTYPE w [<!ENTITY a "x">]>'), "повреждён"),
        ("a.txt", b"   \n\n ", "нет текста"),
        ("a.txt", b"\xff\xfe\x00\xd8" * 9, "нет текста|повреждён|строка"),
        ("a.txt", ("слово " * 99).encode(), "Первая строка"),
        ("a.txt", b"a" * (document.TEXT + 1), "не больше 2 МБ"),
        ("a.txt", f"{BRIDGE}\n\n{'слово ' * 20_000}".encode(), "слишком много"),
    ],
)
async def test_what_cannot_be_read_is_refused_in_words(
    desk: World, name: str, content: bytes, words: str
) -> None:
    said = plain(await sent(desk, name, content))
    assert any(each in said for each in words.split("|")), said
    assert not await drafts(desk)
    # Nothing holds up what comes behind.
    await sent(desk, "b.txt", COPY.encode())
    assert len(await drafts(desk)) == 1


async def test_a_file_that_telegram_does_not_give_is_asked_for_again(desk: World) -> None:
    desk.sandbox.fault("error", match={"method": "getFile"}, code=400, description="Bad Request: no file")
    assert "ещё раз" in plain(await sent(desk, "a.txt", COPY.encode()))
    assert not await drafts(desk)


async def test_a_reader_s_file_is_not_even_fetched(desk: World) -> None:
    await desk.say(ANNA, "/start")
    answer = await desk.say(ANNA, "", document=file("a.txt", COPY.encode(), "text/plain"))
    assert "не понимаю" in plain(answer)
    assert not desk.sandbox.calls(method="getFile")
