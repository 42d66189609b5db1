import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.story.content import (
    Block,
    Cell,
    Details,
    Divider,
    Embed,
    Figure,
    Footnotes,
    Gallery,
    Heading,
    ListBlock,
    Mark,
    Media,
    MediaKind,
    Paragraph,
    Preformatted,
    Quote,
    Run,
    Table,
    figures,
    plain_text,
)
from bot.model.story.content_json import dump_blocks, load_blocks

runs = st.builds(
    Run,
    st.text(min_size=1),
    st.frozensets(st.sampled_from(Mark)),
    st.none() | st.just("https://example.org/"),
    st.none() | st.integers(0, 2**40),
    st.none() | st.just("1"),
)
texts = st.lists(runs, max_size=3).map(tuple)
urls = st.none() | st.just("https://example.org/a.jpg")
media = st.builds(Media, st.sampled_from(MediaKind), urls, poster=urls)
pictures = st.builds(Figure, media, texts, texts, urls)
cells = st.builds(Cell, texts, st.booleans(), st.integers(1, 9), align=st.sampled_from(["", "right"]))
rows = st.lists(cells, max_size=2).map(tuple)
places = st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))
leaves = (
    st.builds(Paragraph, texts)
    | st.builds(Heading, texts, st.integers(1, 6))
    | pictures
    | st.builds(Gallery, st.lists(pictures, max_size=2).map(tuple), texts)
    | st.builds(Table, st.lists(rows, max_size=2).map(tuple))
    | st.builds(Preformatted, texts)
    | st.builds(Embed, st.just("https://example.org/"), st.text(), place=places)
    | st.builds(Footnotes, st.lists(st.tuples(st.text(), texts), max_size=2).map(tuple))
    | st.just(Divider())
)


def nest(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    several = st.lists(inner, max_size=3).map(tuple)
    return (
        st.builds(Quote, several, texts, st.booleans())
        | st.builds(
            ListBlock,
            st.lists(several, max_size=2).map(tuple),
            st.booleans(),
            reversed=st.booleans(),
            style=st.sampled_from("1aAiI"),
        )
        | st.builds(Details, texts, several, st.booleans())
    )


blocks = st.lists(st.recursive(leaves, nest, max_leaves=6), max_size=4).map(tuple)


@given(blocks)
def test_blocks_survive_the_store(some: tuple[Block, ...]) -> None:
    assert load_blocks(json.loads(json.dumps(dump_blocks(some)))) == some


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("text", "a list is wanted"),
        ([{"type": "marquee"}], "unknown type 'marquee'"),
        ([{"type": "paragraph", "text": "x", "size": 1}], "unknown field 'size'"),
        ([{"type": "paragraph"}], "paragraph"),
        ([{"type": "paragraph", "text": 5}], "a string or a list of runs"),
        ([{"type": "figure", "media": {"kind": "hologram"}}], "hologram"),
        ([{"type": ["paragraph"]}], "unknown type"),
        ([{"type": "heading", "text": "x", "level": "two"}], "heading: level"),
        ([{"type": "heading", "text": "x", "level": True}], "heading: level"),
        ([{"type": "paragraph", "text": [{"text": "x", "href": 5}]}], "run: href"),
        ([{"type": "paragraph", "text": [{"text": "x", "marks": "bold"}]}], "marks: a list"),
        ([{"type": "paragraph", "text": [{"text": "x", "marks": ["loud"]}]}], "loud"),
        ([{"type": "paragraph", "text": [{"text": "x", "size": 1}]}], "unknown field 'size'"),
        ([{"type": "table", "rows": 1}], "rows: a list"),
        ([{"type": "table", "rows": [[{"text": "x", "columns": "2"}]]}], "cell: columns"),
        ([{"type": "embed", "url": "https://example.org/", "place": [1]}], "place"),
        ([{"type": "footnotes", "notes": [1]}], "notes: a list"),
    ],
)
def test_what_does_not_fit_is_named(value: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        load_blocks(value)


def test_blocks_in_blocks_without_end_are_refused() -> None:
    value: object = {"type": "divider"}
    for _ in range(5000):
        value = {"type": "quote", "blocks": [value]}
    with pytest.raises(ValueError, match="nested deeper"):
        load_blocks([value])


def test_what_an_older_version_wrote_is_read() -> None:
    old = [
        {
            "type": "paragraph",
            "text": ["Слово ", {"text": "дело", "marks": ["bold"], "href": "https://a.org/"}],
        },
        {"type": "list", "items": [[{"type": "paragraph", "text": "раз"}]], "ordered": True, "start": 3},
        {"type": "figure", "media": {"kind": "picture", "url": "https://a.org/1.jpg", "alt": "Мост"}},
        {"type": "table", "rows": [[{"text": "1", "header": True}], ["2"]]},
        {"type": "details", "summary": "Ещё", "blocks": []},
        {"type": "embed", "url": "https://a.org/", "title": "Карта"},
    ]
    words, bullets, figure, table, details, embed = load_blocks(old)
    assert words == Paragraph(
        (Run("Слово "), Run("дело", frozenset({Mark.BOLD}), "https://a.org/")),
    )
    assert isinstance(bullets, ListBlock)
    assert (bullets.start, bullets.reversed, bullets.style) == (3, False, "1")
    assert figure == Figure(Media(MediaKind.PICTURE, "https://a.org/1.jpg", alt="Мост"))
    assert table == Table(((Cell((Run("1"),), header=True),), (Cell((Run("2"),)),)))
    assert details == Details((Run("Ещё"),), ())
    assert embed == Embed("https://a.org/", "Карта")


def test_words_and_figures_are_found_at_any_depth() -> None:
    picture = Figure(Media(MediaKind.PICTURE, "https://example.org/a.jpg"), (Run("Подпись"),))
    some: tuple[Block, ...] = (
        Paragraph((Run("Один "), Run("два", frozenset({Mark.BOLD})))),
        Quote((ListBlock(((Paragraph((Run("три"),)),),)), picture), (Run("Автор"),)),
    )
    assert plain_text(some) == "Один два\nтри\nПодпись\nАвтор"
    assert list(figures(some)) == [picture]
