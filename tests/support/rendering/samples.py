"""An invented magazine story with a block of every kind, to measure with."""

from __future__ import annotations

from datetime import UTC, datetime

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
    Media,
    MediaKind,
    Paragraph,
    Preformatted,
    Quote,
    Run,
    Table,
    Text,
)
from bot.rendering.story import Readership, Story

READERSHIP = Readership("ru", "private", "vestnik_bot")


def _text(words: str) -> Text:
    return (Run(words),)


def _said(words: str) -> Paragraph:
    return Paragraph(_text(words))


def _picture(name: str, caption: str) -> Figure:
    media = Media(MediaKind.PICTURE, f"https://example.org/{name}.jpg")
    return Figure(media, _text(caption), _text("Фото: Агентство"))


_ROWS = (("Год", "Грузы, тыс. т"), ("2025", "310"), ("2026", "415"))
BLOCKS: tuple[Block, ...] = (
    *(
        _said(
            f"В {number} часов утра через мост прошёл грузовой поезд. Диспетчер «Долинска» сказал, что движение "
            "идёт по графику, а ограничения сняты с обеих сторон реки - раньше срока на 12 дней."
        )
        for number in range(5, 11)
    ),
    Heading(_text("Как строили")),
    _picture("bridge", "Мост утром"),
    Quote((_said("Мы успели до первого снега."),), _text("начальник участка")),
    ListBlock(
        ((_said("опоры"),), (_said("пролёты"), ListBlock(((_said("сварка"),), (_said("окраска"),))))), True
    ),
    Table(
        tuple(tuple(Cell(_text(cell), at == 0) for cell in row) for at, row in enumerate(_ROWS)),
        _text("Грузы"),
    ),
    Details(_text("Справка"), (_said("Первый мост здесь построили из дерева; он простоял сорок лет."),)),
    Gallery(tuple(_picture(f"view{number}", f"Вид {number}") for number in range(5)), _text("Виды")),
    Preformatted(_text("км 12  мост\nкм 14  станция")),
    Embed("https://video.example.org/1", "Мост с воздуха", "Видео"),
    Paragraph((Run("По данным порта"), Run("1", note="1"), Run(", поток вырос."))),
    Footnotes((("1", _text("Отчёт за полгода.")),)),
    Divider(),
    _said("Следующий поезд пройдёт в полдень."),
)
STORY = Story(
    1,
    1,
    Content(
        "Мост через реку открыт раньше срока",
        "Первые поезда прошли утром, ограничения сняты.",
        "ДОЛИНСК (Агентство).",
        BLOCKS,
        Media(MediaKind.PICTURE, "https://example.org/lead.jpg"),
        "ru",
        "https://example.org/bridge",
        "Агентство",
    ),
    (("city", "Город"),),
    datetime(2026, 5, 4, 9, 30, tzinfo=UTC),
)
