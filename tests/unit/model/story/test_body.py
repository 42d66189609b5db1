"""A body that is typed anew keeps what words can't say, and what was left as it was."""

from __future__ import annotations

from bot.model.story.body import retyped, spoken
from bot.model.story.content import (
    Block,
    Divider,
    Embed,
    Figure,
    Heading,
    ListBlock,
    Media,
    MediaKind,
    Paragraph,
    Quote,
    Run,
    Table,
)
from bot.model.story.links import links_in, story_linked

PHOTO = Figure(Media(MediaKind.PICTURE, url="https://example.org/1.jpg"), href="https://example.org/big")
TABLE = Table(())


def line(words: str, href: str | None = None) -> Paragraph:
    return Paragraph((Run(words, href=href),))


def test_pictures_and_tables_stay_behind_as_many_blocks_of_text() -> None:
    former = (PHOTO, line("Раз."), TABLE, line("Два."))
    assert spoken(former) == (line("Раз."), line("Два."))
    assert retyped(former, [line("А."), line("Б."), line("В.")]) == (
        PHOTO,
        line("А."),
        TABLE,
        line("Б."),
        line("В."),
    )
    assert retyped(former, [line("А.")]) == (PHOTO, line("А."), TABLE)
    assert retyped(former, []) == (PHOTO, TABLE)


def test_a_heading_a_list_and_a_break_that_were_left_are_what_they_were() -> None:
    rows = ListBlock(((line("первый рейс"),), (line("второй рейс"),)))
    numbered = ListBlock(((line("утро"),), (line("день"),)), ordered=True)
    former: tuple[Block, ...] = (Heading((Run("Что известно"),)), rows, Divider(), numbered, line("Всё."))
    typed = [
        *(line("Что известно"), line("• первый рейс"), line("• второй рейс"), line("* * *")),
        *(line("1. утро"), line("2. день"), line("Всё, кроме поездов.")),
    ]
    assert retyped(former, typed) == (*former[:4], line("Всё, кроме поездов."))
    changed = retyped(former, [line("Что неизвестно"), line("• первый рейс")])
    assert changed == (line("Что неизвестно"), line("• первый рейс"))


def test_links_are_those_of_words_pictures_and_embeds_each_once() -> None:
    page, own = "https://example.org/a", "https://t.me/vestnik_bot?start=a-7"
    quote = Quote((line("раз", page), line("два", own), line("три", page), line("телефон", "tel:+7")))
    embed = Embed("https://example.org/film")
    assert links_in((quote, PHOTO, embed)) == [page, own, "https://example.org/big", embed.url]
    assert [story_linked(each) for each in (page, own)] == [None, 7]
