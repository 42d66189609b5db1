"""Stories as rich messages: blocks in their places, what a template may break, pages, buttons."""

from __future__ import annotations

import pytest

from bot.model.story.article import Content
from bot.model.story.content import (
    Block,
    Cell,
    Details,
    Embed,
    Figure,
    Footnotes,
    Gallery,
    Media,
    MediaKind,
    Paragraph,
    Preformatted,
    Quote,
    Run,
    Table,
)
from bot.rendering.article import ArticleRenderer
from bot.rendering.check import checked_templates
from bot.rendering.rich.tidy import tidy
from bot.rendering.rich.tree import measure, read, write
from bot.rendering.story import Readership, Story
from tests.support.rendering.judge import wrong
from tests.support.rendering.samples import BLOCKS

RENDERER = ArticleRenderer(checked_templates(agency="Вестник"))
ANNA = Readership("ru", "private", "vestnik_bot")


def said(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def picture(name: str, caption: str = "", **facts: str) -> Figure:
    url = None if "file_id" in facts else f"https://example.org/{name}.jpg"
    return Figure(Media(MediaKind.PICTURE, url, **facts), (Run(caption),) if caption else ())


def story(*blocks: Block, **facts: object) -> Story:
    return Story(1, 1, Content("Мост открыт", blocks=blocks, **facts))  # type: ignore[arg-type]


def body(*blocks: Block, pictures: bool = True) -> str:
    """Return the rich HTML of blocks, without the headline before them."""
    message = RENDERER.rich(story(*blocks), ANNA, pictures=pictures)
    assert wrong(message) is None
    return message.html.removeprefix("<h1>Мост открыт</h1>")


CASES = [
    (
        Quote((said("Раз"), said("два")), (Run("Автор"),)),
        "<blockquote><p>Раз</p><p>два</p><cite>Автор</cite></blockquote>",
    ),
    (Quote((said("Раз"),), (Run("Автор"),), pull=True), "<aside>Раз <cite>Автор</cite></aside>"),
    (
        Details((Run("Справка"),), (said("Давно"),)),
        "<details><summary>Справка</summary><p>Давно</p></details>",
    ),
    (Preformatted((Run("a\n  <b>"),), "py"), '<pre><code class="language-py">a\n  &lt;b&gt;</code></pre>'),
    (said("строка\nещё одна"), "<p>строка</p><p>ещё одна</p>"),
    (
        Table(((Cell((Run("Год"),), True, columns=2), Cell((Run("1"),), align="right")),), (Run("Итог"),)),
        "<table bordered striped><caption>Итог</caption>"
        '<tr><th colspan="2">Год</th><td align="right">1</td></tr></table>',
    ),
    (
        Gallery((picture("a"), picture("b"))),
        '<tg-collage><img src="https://example.org/a.jpg"/><img src="https://example.org/b.jpg"/></tg-collage>',
    ),
    (
        Figure(Media(MediaKind.VIDEO, "https://example.org/v.mp4"), (Run("Полёт"),)),
        '<figure><video src="https://example.org/v.mp4"></video><figcaption>Полёт</figcaption></figure>',
    ),
    (
        Figure(Media(MediaKind.VIDEO, "https://example.org/watch?v=1"), (Run("Полёт"),)),
        '<p>▶️ <a href="https://example.org/watch?v=1">Полёт</a></p>',
    ),
    (
        Embed("https://maps.example.org/1", "Карта", place=(42.5, 74.6)),
        '<figure><tg-map lat="42.500000" long="74.600000" zoom="14"/><figcaption>'
        '<a href="https://maps.example.org/1">Карта</a></figcaption></figure>',
    ),
]


@pytest.mark.parametrize(("block", "html"), CASES)
def test_each_kind_of_block_has_its_place(block: Block, html: str) -> None:
    assert body(block) == html


def test_a_note_is_led_to_from_the_text_and_a_reference_to_none_is_no_link() -> None:
    text = Paragraph((Run("Поток"), Run("1", note="1"), Run(" вырос"), Run("*", note="*")))
    html = body(text, Footnotes((("1", (Run("Отчёт."),)),)))
    assert html == (
        '<p>Поток<sup><a href="#note-1">1</a></sup> вырос<sup>*</sup></p>'
        '<p><tg-reference name="note-1">1. Отчёт.</tg-reference></p>'
    )


def test_many_captions_make_a_slideshow_that_numbers_them() -> None:
    html = body(Gallery((picture("a", "Утро"), picture("b", "Вечер")), (Run("Виды"),)))
    assert html.startswith("<tg-slideshow><img")
    assert "<figcaption>Виды · 1/2 Утро · 2/2 Вечер</figcaption>" in html


def test_who_wants_no_pictures_gets_links_to_them() -> None:
    assert (
        body(picture("a", "Мост"), pictures=False) == '<p>🖼 <a href="https://example.org/a.jpg">Мост</a></p>'
    )


def test_a_picture_that_telegram_has_goes_by_its_id() -> None:
    message = RENDERER.rich(story(picture("a", "Мост", file_id="AgAC")), ANNA)
    assert '<img src="tg://photo?id=m1"/>' in message.html
    assert [(name, media.file_id) for name, media in message.media] == [("m1", "AgAC")]
    assert wrong(message) is None


def test_pictures_beyond_fifty_are_links_and_no_word_is_lost() -> None:
    html = body(*(picture(f"p{number}", f"Вид {number}") for number in range(60)))
    assert html.count("<img") == 50
    assert "Вид 59" in html


def test_a_table_wider_than_telegram_draws_is_a_list() -> None:
    row = tuple(Cell((Run(f"графа {number}"),)) for number in range(21))
    html = body(Table((row,)))
    assert html.startswith("<ul><li>графа 0 · графа 1")


def test_the_leading_picture_is_shown_once() -> None:
    lead = Media(MediaKind.PICTURE, "https://example.org/a.jpg")
    html = RENDERER.rich(story(said("Текст"), picture("a", "Мост"), picture=lead), ANNA).html
    assert html.count("example.org/a.jpg") == 1


def test_a_dateline_opens_the_text_also_where_a_picture_opens_the_body() -> None:
    html = RENDERER.rich(story(picture("a"), said("Текст"), dateline="ДОЛИНСК (Агентство)."), ANNA).html
    assert "<p><b>ДОЛИНСК (Агентство).</b> Текст</p>" in html
    assert html.index("a.jpg") < html.index("ДОЛИНСК")


def test_a_story_has_lead_dateline_topics_time_and_related_ones() -> None:
    from dataclasses import replace

    from tests.support.rendering.samples import STORY

    other = Story(9, 1, Content("Порт <работает>"))
    message = RENDERER.rich(replace(STORY, related=(other,)), ANNA)
    assert wrong(message) is None
    assert "<p><i>Первые поезда прошли утром" in message.html
    assert "<p><b>ДОЛИНСК (Агентство).</b> В" in message.html
    assert '<li><a href="https://t.me/vestnik_bot?start=a-9">Порт &lt;работает&gt;</a></li>' in message.html
    assert (
        '<footer>🔗 <a href="https://example.org/bridge">Агентство</a> · 🕘 <tg-time unix="' in message.html
    )
    assert message.html.endswith("#Город</footer>")
    assert len(BLOCKS) > 10


TEMPLATES = [
    ("<p>раз<p>два", "<p>раз</p><p>два</p>"),
    ("просто <b>текст</b>", "<p>просто <b>текст</b></p>"),
    ("<div>раз<br>два</div>", "<p>раз два</p>"),
    ("<p>a<h2>b</h2></p>", "<p>a</p><h2>b</h2>"),
    ("<h1>a<p>b</p></h1>", "<h1>a b</h1>"),
    ("<ul>x<li>1<li>2</ul>", "<ul><li>1</li><li>2</li></ul>"),
    ("<table><tr><td><p>1</p><td>2</table>", "<table><tr><td>1</td><td>2</td></tr></table>"),
    ("<a href='javascript:x'>y</a>", "<p>y</p>"),
    ("<a href='#none'>y</a>", "<p>y</p>"),
    ("<img src='x.png'>z", "<p>z</p>"),
    ("<tg-time>полдень</tg-time>", "<p>полдень</p>"),
    ("<p onclick='x' class='y'>z</p>", "<p>z</p>"),
    ("<figure><figcaption>одна подпись</figcaption></figure>", "<p>одна подпись</p>"),
    ("<p>  </p><h2></h2>", ""),
    ("<script>x</script>", "<p>x</p>"),
]


@pytest.mark.parametrize(("written", "wanted"), TEMPLATES)
def test_whatever_a_template_writes_is_put_where_telegram_allows_it(written: str, wanted: str) -> None:
    made = tidy(read(written))
    assert write(made) == wanted
    assert write(tidy(read(wanted))) == wanted
    assert measure(read(wanted)) == measure(made)
