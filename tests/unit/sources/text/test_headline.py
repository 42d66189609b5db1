"""Nothing is said twice: headline, lead and body each say what the others do not."""

from __future__ import annotations

import pytest

from bot.model.story.content import plain_text
from bot.sources.html.blocks import to_blocks
from bot.sources.item import Item, make_item
from bot.sources.text.headline import without_site

LONG = "Паром через залив снова ходит после ремонта, который шёл всю зиму и половину весны."


def made(headline: str, lead: str = "", body: str = "", url: str | None = None) -> tuple[str, str, str]:
    item = make_item(Item("1", headline, lead, blocks=to_blocks(body), url=url))
    assert item is not None
    return item.headline, item.lead, plain_text(item.blocks)


@pytest.mark.parametrize(
    ("lead", "body", "left"),
    [
        ("Мост открыт.", "", ("", "")),
        ("«Мост» — открыт…", "<p>Движение пущено.</p>", ("", "Движение пущено.")),
        ("", "<p>Мост открыт</p><p>Движение пущено.</p>", ("", "Движение пущено.")),
        ("", "<h1>Мост открыт</h1><p>Движение пущено.</p>", ("", "Движение пущено.")),
        ("", "<p><b>Мост открыт.</b> Движение пущено.</p>", ("", "Движение пущено.")),
        ("Мост открыт. Движение пущено.", "", ("Движение пущено.", "")),
        ("", "<p>Мост открыт для всех.</p>", ("", "Мост открыт для всех.")),
        ("", "<p>Мост открытки.</p>", ("", "Мост открытки.")),
    ],
)
def test_the_headline_is_not_said_again(lead: str, body: str, left: tuple[str, str]) -> None:
    assert made("Мост открыт", lead, body) == ("Мост открыт", *left)


@pytest.mark.parametrize(
    "lead",
    [
        "Паром «Чайка» снова ходит — билеты прежние",
        "Паром Чайка снова ходит, билеты…",
        'Паром "Чайка" снова ходит - билеты прежние. И очереди [...]',
    ],
)
def test_a_lead_that_says_the_same_with_other_signs_goes(lead: str) -> None:
    body = 'Паром "Чайка" снова ходит - билеты прежние. И очереди нет.'
    assert made("Залив", lead, f"<p>{body}</p>") == ("Залив", "", body)


def test_a_lead_of_its_own_stays() -> None:
    assert made("Залив", "Паром", "<p>Паромная переправа открыта.</p>")[1] == "Паром"


def test_a_post_without_a_title_gives_its_first_sentence_as_the_headline() -> None:
    assert made("", "", f"<p>{LONG} Билеты прежние, расписание тоже, и очередей нет.</p>") == (
        LONG,
        "",
        "Билеты прежние, расписание тоже, и очередей нет.",
    )
    assert made("", "Мост открыт.") == ("Мост открыт.", "", "")
    tagged = 'Мост открыт <a href="https://example.org/2">https://example.org/2</a> <a href="https://t.example/">#мост</a>'
    assert made("", "", f"<p>{tagged}</p>") == ("Мост открыт", "", "https://example.org/2 #мост")


def test_a_headline_that_was_cut_becomes_its_whole_sentence() -> None:
    body = f"<p>{LONG} Билеты прежние.</p>"
    assert made("Паром через залив снова ходит после ремонта, кот…", "", body) == (
        LONG,
        "",
        "Билеты прежние.",
    )
    endless = "Паром ходит, " * 30
    assert made("Паром ходит, Паром...", "", f"<p>{endless}</p>")[0] == "Паром ходит, Паром..."


def test_an_abbreviation_ends_no_sentence() -> None:
    first = "Паром через залив снова ходит от причала на ул. Морской до острова, как и раньше."
    rest = "Билеты прежние, расписание тоже, и очередей нет."
    assert made("", "", f"<p>{first} {rest}</p>") == (first, "", rest)


def test_words_with_a_link_of_their_own_stay() -> None:
    linked = '<p><a href="https://example.com/2">Мост открыт</a></p><p>Движение пущено.</p>'
    assert made("Мост открыт", "", linked)[2] == "Мост открыт\nДвижение пущено."
    own = linked.replace("https://example.com/2", "https://example.org/1?from=rss")
    assert made("Мост открыт", "", own, "https://example.org/1")[2] == "Движение пущено."


@pytest.mark.parametrize("between", [" - ", " — ", " | ", " · "])
def test_a_headline_does_not_end_with_its_sites_name(between: str) -> None:
    assert without_site(f"Мост открыт{between}Вести порта", "Вести порта") == "Мост открыт"


@pytest.mark.parametrize(
    "headline", ["Вести порта", "Открыты Вести порта", "Мост — Вести порта", "Мост открыт - Вести"]
)
def test_a_sites_name_that_belongs_to_a_headline_stays(headline: str) -> None:
    assert without_site(headline, "Вести порта") == headline
