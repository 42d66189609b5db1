import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.content import (
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
from bot.model.content_json import dump_blocks, load_blocks

runs = st.builds(
    Run,
    st.text(min_size=1),
    st.frozensets(st.sampled_from(Mark)),
    st.none() | st.just("https://example.org/"),
    st.none() | st.integers(0, 2**40),
)
texts = st.lists(runs, max_size=3).map(tuple)
media = st.builds(Media, st.sampled_from(MediaKind), st.none() | st.just("https://example.org/a.jpg"))
pictures = st.builds(Figure, media, texts, texts)
rows = st.lists(st.builds(Cell, texts), max_size=2).map(tuple)
leaves = (
    st.builds(Paragraph, texts)
    | st.builds(Heading, texts, st.integers(1, 6))
    | pictures
    | st.builds(Gallery, st.lists(pictures, max_size=2).map(tuple), texts)
    | st.builds(
        Table, st.lists(st.lists(st.builds(Cell, texts), max_size=2).map(tuple), max_size=2).map(tuple)
    )
    | st.builds(Preformatted, texts)
    | st.builds(Embed, st.just("https://example.org/"), st.text())
    | st.builds(Footnotes, st.lists(st.tuples(st.text(), texts), max_size=2).map(tuple))
    | st.just(Divider())
)


def nest(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    several = st.lists(inner, max_size=3).map(tuple)
    return (
        st.builds(Quote, several, texts, st.booleans())
        | st.builds(ListBlock, st.lists(several, max_size=2).map(tuple), st.booleans())
        | st.builds(Details, texts, several)
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
    ],
)
def test_what_does_not_fit_is_named(value: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        load_blocks(value)


def test_words_and_figures_are_found_at_any_depth() -> None:
    picture = Figure(Media(MediaKind.PICTURE, "https://example.org/a.jpg"), (Run("Подпись"),))
    some: tuple[Block, ...] = (
        Paragraph((Run("Один "), Run("два", frozenset({Mark.BOLD})))),
        Quote((ListBlock(((Paragraph((Run("три"),)),),)), picture), (Run("Автор"),)),
    )
    assert plain_text(some) == "Один два\nтри\nПодпись\nАвтор"
    assert list(figures(some)) == [picture]
