"""Invented stories that have everything a story can have: templates are tried on them, pictures show them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.model.story.article import Content
from bot.model.story.content import (
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
    Text,
)
from bot.rendering.search import SearchHeading
from bot.rendering.story import Story
from bot.rendering.story_list import Group
from bot.rendering.text.zones import LocalTime

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
PICTURES = "https://example.org/"


def _text(said: str, *marks: Mark) -> Text:
    return (Run(said, frozenset(marks)),)


def _picture(name: str, caption: str, credit: str = "Фото: Вестник Долины") -> Figure:
    media = Media(MediaKind.PICTURE, PICTURES + name, alt=caption)
    return Figure(media, _text(caption), _text(credit))


_ROWS = (("Год", "Машин в сутки", "Автобусов"), ("2024", "12 000", "140"), ("2026", "15 500", "188"))
_TABLE = Table(
    tuple(
        tuple(
            Cell(_text(said), header=at == 0, align="right" if column else "")
            for column, said in enumerate(row)
        )
        for at, row in enumerate(_ROWS)
    ),
    _text("Движение по мосту"),
)
_WORKS = ListBlock(
    ((Paragraph(_text("заменены обе опоры;")),), (Paragraph(_text("уложено новое покрытие, 412 м;")),))
)
_EVERYTHING = (
    Paragraph(
        (
            Run("По мосту через Тихую прошли первые автобусы. Ремонт закончили "),
            Run("на две недели раньше срока", frozenset({Mark.BOLD})),
            Run(", сообщили в "),
            Run("управлении дорог", href="https://example.org/roads"),
            Run(" Долинска."),
            Run("1", note="1"),
        )
    ),
    Heading(_text("Что сделано"), 2),
    _WORKS,
    Quote(
        (Paragraph(_text("Мы каждое утро объезжали реку сорок минут. Теперь — пять.")),),
        _text("Житель Заречья"),
    ),
    _TABLE,
    Gallery(
        (
            _picture("river.jpg", "Тихая у моста"),
            _picture("park.jpg", "Новая набережная"),
            _picture("skyline.jpg", "Вид на город"),
        )
    ),
    Quote((Paragraph(_text("На две недели раньше срока")),), pull=True),
    Details(
        _text("Справка: мост через Тихую"),
        (Paragraph(_text("Мост построен в 1968 году, длина — 412 метров. Это третий его ремонт.")),),
    ),
    Preformatted(_text("№ 7   05:40–23:10\n№ 12  06:00–22:30")),
    Embed("https://example.org/video", "Открытие моста: как это было", "Видео"),
    Divider(),
    Footnotes((("1", _text("По данным на 4 мая.")),)),
)
_BODY = (Paragraph(_text("Движение открыто утром.")), Paragraph(_text("Мост <строили> & ждали.")))
EVERYTHING = Content(
    "Мост через Тихую открыт после ремонта",
    "Движение пущено в шесть утра: автобусы № 7 и № 12 вернулись на прежний путь.",
    "ДОЛИНСК (Вестник Долины).",
    _EVERYTHING,
    Media(MediaKind.PICTURE, PICTURES + "bridge.jpg", alt="Мост утром"),
    url="https://example.org/1",
    source_name="Вестник Долины",
)
_CONTENTS = (
    EVERYTHING,
    Content("Bridge <opens> & closes", "", "", _BODY, EVERYTHING.picture, "en", source_name="Agency"),
    Content("Заголовок"),
    replace(EVERYTHING, blocks=_BODY, picture=None),
)
STORIES = tuple(
    Story(
        number,
        1,
        content,
        (("town", "Город"),),
        AT,
        AT if number == 2 else None,
        number == 3,
        (Story(9, 1, _CONTENTS[1]),) if number == 1 else (),
    )
    for number, content in enumerate(_CONTENTS, 1)
)
FLASH = replace(STORIES[3], flash=True)

_LISTED = (
    ("Урожай яблок в долине вырос на треть", "Сады Сосногорья дали 46 тысяч тонн. Часть пойдёт на сок."),
    ("Цены на хлеб не изменились", "В трёх сетях буханка стоит столько же, сколько в марте."),
    ("Курс к вечеру вырос", "Торги закрылись ростом на полпроцента. Объём — обычный для понедельника."),
    ("Завод в Заречье берёт людей", "Нужны наладчики и водители: смена — восемь часов."),
)
_SPORT = (
    ("«Долина» выиграла дома", "Два гола забили в последние десять минут. Следующий матч — в среду."),
    ("Бассейн открылся после зимы", "Дорожки свободны с семи утра. Дети плавают бесплатно."),
)


def _listed(first: int, told: tuple[tuple[str, str], ...]) -> tuple[Story, ...]:
    return tuple(Story(at, 1, Content(*said), (), AT) for at, said in enumerate(told, first))


FOUND = tuple((story, (Run("…через "), *_text("Тихую", Mark.BOLD), Run(" прошли"))) for story in STORIES)
HEADING = SearchHeading(
    ("мост", "«две недели»"),
    ("<поезд>",),
    "Город",
    date(2026, 5, 1),
    date(2026, 5, 4),
    ("Русский",),
    no_topic="<река>",
    most=10,
    short=True,
    best=True,
)
GROUPS = (
    Group(1, "Экономика", _listed(11, _LISTED * 3)),
    Group(2, "Спорт", _listed(31, _SPORT)),
    Group(3, "Город", STORIES),
    Group(None, "", STORIES[:1]),
)

FOLLOWING_TALKS: dict[str, dict[str, Any]] = {
    "topic_mode": {
        "channel": "<Канал>",
        "path": "Мир › Азия",
        "digest_at": ["09:00"],
        "comes": "сразу",
        "followed": True,
        "muted": True,
        "muted_above": "Мир",
        "until": "3 мая, 00:00",
        "no_digest": True,
    },
    "mode_chosen": {"said": "Мир: сразу"},
    "mute_what": {},
    "mute_span": {"what": "<Мир>", "source": False},
    "muted": {"what": "<Мир>", "until": "3 мая, 00:00"},
    "mutes": {"channel": "<Канал>", "mutes": [("<Мир>", "3 мая, 00:00"), ("Лента", "")]},
    "unknown_mute": {"words": "<x>", "topics": ["Мир"]},
}
"""What the pages of modes and mutes are tried with."""

_BROUGHT = {
    "said": "<мост> −поезд",
    "count": 80,
    "more": False,
    "most": 100,
    "wide": True,
    "headlines": ["<Мост> открыт"],
}
WATCH_TALKS: dict[str, dict[str, Any]] = {
    "alert_ask": {"link": "https://t.me/vestnik_bot?start=alert", "title": "Слова", "change": True},
    "alert_preview": {
        "alerts": [_BROUGHT, {**_BROUGHT, "more": True}, {**_BROUGHT, "count": 0}],
        "change": True,
    },
    "alert": {**_BROUGHT, "paused": True},
    "alert_left": {},
    "alerts": {"count": 2, "kept": ["<мост>"]},
    "followed": {"total": 2, "days": 30},
}
"""What is said of words to watch and of followed stories, with the variables of each."""

DEAF = {"code": "undelivered", "host": "other.example", "pending": 7, "why": "Connection refused"}

STATUS = {
    "active": 1,
    "stopped": 0,
    "blocked": 0,
    "waiting": 2,
    "topics": [("Мир", 1)],
    "feeds": [("Лента", "timeout")],
    "troubles": [("owner_backup", {"why": "no room", "hours": None}), ("owner_paid", {"why": "ceiling"})],
    "roles": [("courier", "machine-1:42:first"), ("poller", "machine-2:7:second"), ("matcher", "")],
    "processes": 2,
    "way": "webhook",
    **DEAF,
    "backup": {"makes": True, "hours": 5, "stale": False},
}

NOTICES = (
    replace(STORIES[0], notice="change"),
    replace(STORIES[0], notice="end"),
)
"""What somebody is told who follows a story."""
PLACES: dict[str, dict[str, Any]] = {
    "place_where": {
        "topics": [("Мир", "<Новости>")],
        "digest": "General",
        "flash": "",
        "closed": ["<Новости>"],
    },
    "place_thread": {"what": "<Мир>"},
    "place_sections": {"on": True},
    "place_rights": {
        "title": "<Канал>",
        "channel": True,
        "writes": False,
        "rights": [("post", False), ("edit", True), ("delete", True)],
    },
    "channels": {"empty": False, "shut": ["<Канал>"]},
    "channel_ask": {},
    "channel_taken": {"title": "<Канал>"},
    "footer": {
        "title": "<Канал>",
        "words": '<a href="https://t.me/valley">Подписаться</a>',
        "usual": "@valley",
    },
    "footer_ask": {"title": "<Канал>", "link": "https://t.me/vestnik_bot?start=foot-1", "most": 120},
    "chat_notice": {"title": "<Канал>", "channel": True, "trouble": "thread-closed", "thread": "<Новости>"},
}
"""The variables of what is said of groups, forums and channels."""
HOURS: dict[str, dict[str, Any]] = {
    "settings": {
        "title": "<Канал>",
        "form": "Коротко",
        "pictures": True,
        "quiet": ["23:00", "07:00"],
        "weekend": ["01:00", "10:00"],
        "loud_weekend": False,
        "at_night": True,
        "most_hour": 3,
        "most_day": 10,
        "silent": True,
        "away": "3 мая, 12:00",
        "language_name": "Русский",
        "news_languages": ["Русский", "English"],
        "instant": True,
        "digests": [(127, ["09:00", "18:00"]), (31, ["13:00"]), (5, ["15:00"])],
        "chat_zone": "Europe/Moscow",
        "local": LocalTime("Москва", "+03:00", "14:20"),
        "topics": [("🔔 сразу", ["Мир"])],
        "muted": ["Спорт"],
    },
    "choose_digest": {"digests": [], "most": 6, "capped": True},
    "choose_days": {"at": "09:00", "days": 96},
    "choose_weekend": {"begins": "", "weekend": ["01:00", "10:00"], "loud": False},
    "choose_limit": {"most_hour": 3, "most_day": 10, "digests": [(127, ["19:00"])], "merges": True},
    "choose_most": {"topic": "<Мир>", "empty": False},
    "choose_pause": {"away": "3 мая, 12:00", "flash": True},
    "choose_quiet": {
        "begins": "",
        "quiet": ["23:00", "07:00"],
        "weekend": ["01:00", "10:00"],
        "at_night": False,
        "merges": True,
    },
}

OWNER_TALKS: dict[str, dict[str, Any]] = {
    "owner_deaf": DEAF,
    "owner_unread": {"count": 2},
    "owner_feed": {"feed": "Лента", "error": "timeout"},
    "owner_letters": {"feed": "Лента", "count": 2},
    "owner_refused": {"bot": "@second_bot"},
    "owner_template": {"problem": "brief.j2:3: unexpected end"},
    "owner_push": {"waiting": 9},
    "owner_flood": {"minutes": 5},
    "owner_backup": {"why": "", "hours": 50},
    "owner_chat": {"title": "<Канал>", "reason": "no-rights"},
    "owner_held": {"headline": "Мост", "reason": "text", "number": 5},
    "owner_paused": {"headline": "Мост"},
    "owner_paid": {"why": "ceiling"},
    "owner_article": {"headline": "Мост", "error": "refused"},
    "owner_canary": {"minutes": 20},
    "owner_canary_well": {"seconds": 0.8},
    "owner_canary_chat": {"chat": -100},
}
"""What owners are told that something is wrong with."""
