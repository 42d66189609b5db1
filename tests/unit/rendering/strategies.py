"""Any story at all: block trees of every kind, with texts that nobody would write on purpose."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.model.story.article import Content
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
)

ZALGO = "З̸̛͎а̵͕͝л̶̨̕г̴̢̛о̸̯͝"
HOSTILE = (
    "<b>не жирный</b>",
    "</blockquote></p></h1>",
    "<script>alert(1)</script>",
    "&lt;&amp;&#0;&nbsp;&copy;",
    "a < b > c & d",
    ZALGO,
    "\u202eпотом\u202c \u200fсправа\u200e",
    "👨‍👩‍👧‍👦🏳️‍🌈🇰🇬🇷🇺👍🏽",
    "\x00\x01\x07\x1b[31m",
    "\ud800одинокий",
    "{{ 7 * 7 }}{% raw %}",
    "#тег @имя $TICK /start https://e.example/?a=1&b=2 a@b.example",
    '"кавычки "внутри" и" - тире...',
    "\u2028\u2029\r\n\t\v\f",
    "слово" * 900,
    "Предложение за предложением. " * 300,
)
words = st.one_of(
    # By number: hypothesis would write the long ones out in its own messages.
    st.integers(0, len(HOSTILE) - 1).map(lambda at: HOSTILE[at]),
    st.text(max_size=40),
    st.text("абвгд еж.!? \n", max_size=60),
    st.just(""),
)
ADDRESSES = (
    None,
    "https://example.org/a?b=1&c=%22",
    "http://localhost/x",
    "javascript:alert(1)",
    "mailto:a@b.example",
    "tel:+79990000000",
    "https://example.org/" + "д" * 3000,
    'https://example.org/"><b>',
    "#top",
)
urls = st.integers(0, len(ADDRESSES) - 1).map(lambda at: ADDRESSES[at])
runs = st.builds(
    Run,
    # A blank at the end: what is told behind a link (a mail address) does not grow into the next word.
    words.map(lambda text: f"{text} "),
    st.frozensets(st.sampled_from(Mark), max_size=3),
    urls,
    st.one_of(st.none(), st.integers(-5, 2**34)),
    st.one_of(st.none(), st.sampled_from(("1", "*", "я" * 80))),
)
texts = st.lists(runs, max_size=4).map(tuple)
media = st.builds(
    Media,
    st.sampled_from(MediaKind),
    st.one_of(urls, st.sampled_from(("https://example.org/a.jpg", "https://example.org/b.mp4"))),
    st.one_of(st.none(), st.just("AgACAgIAAxkBAAM")),
    words,
)
figures = st.builds(Figure, media, texts, texts, urls)
cells = st.builds(
    Cell, texts, st.booleans(), st.integers(1, 25), st.integers(1, 3), st.sampled_from(("", "left", "odd"))
)
tables = st.builds(Table, st.lists(st.lists(cells, max_size=8).map(tuple), max_size=5).map(tuple), texts)
leaves = st.one_of(
    st.builds(Paragraph, texts),
    st.builds(Heading, texts, st.integers(0, 9)),
    figures,
    st.builds(Gallery, st.lists(figures, max_size=12).map(tuple), texts),
    tables,
    st.builds(Preformatted, texts, st.sampled_from(("", "python", 'x"><b>'))),
    st.builds(
        Embed,
        urls.map(lambda url: url or ""),
        words,
        words,
        texts,
        st.one_of(st.none(), st.just((42.87, 74.6))),
    ),
    st.builds(Footnotes, st.lists(st.tuples(st.sampled_from(("1", "*")), texts), max_size=3).map(tuple)),
    st.just(Divider()),
)


def _nested(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    blocks = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Quote, blocks, texts, st.booleans()),
        st.builds(Details, texts, blocks, st.booleans()),
        st.builds(
            ListBlock,
            st.lists(blocks, max_size=4).map(tuple),
            st.booleans(),
            st.integers(-3, 9),
            st.booleans(),
            st.sampled_from("1aAiI"),
        ),
    )


blocks = st.recursive(leaves, _nested, max_leaves=8)
contents = st.builds(
    Content,
    words.map(lambda text: f"Заголовок {text}"),
    words,
    st.sampled_from(("", "ДОЛИНСК (Агентство).")),
    st.lists(blocks, max_size=6).map(tuple),
    st.one_of(st.none(), st.just(Media(MediaKind.PICTURE, "https://example.org/lead.jpg"))),
    st.sampled_from(("ru", "en", "ky")),
    st.one_of(st.none(), st.just("https://example.org/1")),
    st.sampled_from(("", "Агентство <&>")),
)
