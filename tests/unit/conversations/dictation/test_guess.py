"""What is guessed of a draft: headline, lead, dateline, source, topics; and what an edited message leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from aiogram.types import Message

from bot.conversations.dictation.guess import TopicGuess, guessed, renewed, with_figures
from bot.model.newsroom.role import AUTHOR, OWNER
from bot.model.story.content import Figure, Gallery, plain_text
from bot.model.story.topic import Topic, Topics
from tests.unit.conversations.dictation.test_message import message, photo, video

HEADLINE = "Мост через Светлую открыли для движения"
LEAD = "Первыми проехали автобусы."
BODY = "ЭНСК (Вести долины). Мост строили два года."
KNOWN = Topics(
    (
        Topic(1, "economy", {"ru": "Экономика"}, keywords=("мост",)),
        Topic(2, "sport", {"ru": "Спорт"}, keywords=("матч",)),
    )
)


def said(text: str, *entities: Any, **more: Any) -> Any:
    return guessed(message(text, *entities, **more), KNOWN, "ru")


def forwarded(origin: dict[str, Any]) -> Message:
    body = message(f"{HEADLINE}\n{LEAD}").model_dump(exclude_none=True)
    return Message.model_validate({**body, "forward_origin": {"date": 0, **origin}})


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (HEADLINE, (HEADLINE, "", "", "")),
        (f"{HEADLINE}.", (HEADLINE, "", "", "")),
        (f"{HEADLINE}\n{LEAD}", (HEADLINE, LEAD, "", "")),
        (f"{HEADLINE}\n{LEAD}\n{BODY}", (HEADLINE, LEAD, "ЭНСК (Вести долины).", "Мост строили два года.")),
        (f"{HEADLINE}\n{BODY}", (HEADLINE, "Мост строили два года.", "ЭНСК (Вести долины).", "")),
        (f"{HEADLINE} #economy\n{LEAD}\n#sport #economy", (HEADLINE, LEAD, "", "")),
        (f"{HEADLINE} #мост", (f"{HEADLINE} #мост", "", "", "")),
        (f"{HEADLINE}. {LEAD} #economy, #спорт", (f"{HEADLINE}. {LEAD[:-1]}", "", "", "")),
        (f"{HEADLINE}\n{LEAD} #economy\n{BODY} #sport", (HEADLINE, LEAD, None, "Мост строили два года.")),
        (f"{HEADLINE}\nПодробности в рубрике #sport", (HEADLINE, "Подробности в рубрике #sport", "", "")),
        (f"{HEADLINE}\nВ рубрике #sport новости.", (HEADLINE, "В рубрике #sport новости.", "", "")),
        (f"{HEADLINE}\n{LEAD} #мост", (HEADLINE, f"{LEAD} #мост", "", "")),
        (f"{HEADLINE}. {LEAD} " + "Потом машины. " * 9, (HEADLINE, None, "", "")),
        ("", ("", "", "", "")),
    ],
)
def test_headline_lead_dateline_and_body(text: str, parts: tuple[str | None, ...]) -> None:
    content = said(text)
    found = content.headline, content.lead, content.dateline, plain_text(content.blocks)
    assert [each for each, wanted in zip(found, parts, strict=True) if wanted not in (None, each)] == []
    assert content.language == "ru"


def test_a_paragraph_with_emphasis_is_no_lead() -> None:
    content = said(f"{HEADLINE}\n{LEAD}", ("bold", LEAD, {}))
    assert content.lead == ""
    assert plain_text(content.blocks) == LEAD


def test_no_word_of_a_long_text_is_lost() -> None:
    words = [f"слово{number}" for number in range(400)]
    content = said(" ".join(words))
    assert content.headline.endswith("…")
    assert plain_text(content.blocks).split() == words


def test_a_channel_is_a_source_and_a_person_is_not() -> None:
    channel = {"type": "channel", "message_id": 7, "chat": {"id": -1, "type": "channel", "title": "Вести"}}
    content = guessed(forwarded(channel), KNOWN, "ru")
    assert (content.source_name, content.url) == ("Вести", None)
    channel["chat"] = {"id": -1, "type": "channel", "title": "Вести", "username": "valley"}
    assert guessed(forwarded(channel), KNOWN, "ru").url == "https://t.me/valley/7"
    person = {"id": 5, "is_bot": False, "first_name": "Анна"}
    for origin in (
        {"type": "user", "sender_user": person},
        {"type": "hidden_user", "sender_user_name": "Анна"},
        {"type": "chat", "sender_chat": {"id": -2, "type": "supergroup", "title": "Редакция"}},
    ):
        content = guessed(forwarded(origin), KNOWN, "ru")
        assert (content.source_name, content.url) == ("", None)


def test_an_edited_message_keeps_what_it_does_not_say() -> None:
    first = message(HEADLINE, media_group_id="a", **photo("one"))
    second = message(media_group_id="a", number=2, **photo("two"))
    before = replace(with_figures(guessed(first, KNOWN, "ru"), [first, second]), source_name="Вести")
    after = renewed(
        message("Мост закрыли до самого утра", media_group_id="a", **photo("one")), before, KNOWN, "ru"
    )
    assert (after.headline, after.source_name) == ("Мост закрыли до самого утра", "Вести")
    assert (after.picture, after.blocks) == (before.picture, before.blocks)
    replaced = renewed(
        message(HEADLINE, **video("new")),
        guessed(message(HEADLINE, **video("old")), KNOWN, "ru"),
        KNOWN,
        "ru",
    )
    [shown] = replaced.blocks
    assert isinstance(shown, Figure)
    assert shown.media.file_id == "new"


def test_an_album_stands_together() -> None:
    parts = [
        message(HEADLINE, **photo("one")),
        message(number=2, **photo("two")),
        message(number=3, **video("film")),
    ]
    content = with_figures(guessed(parts[0], KNOWN, "ru"), parts)
    [gallery] = content.blocks
    assert isinstance(gallery, Gallery)
    assert [each.media.file_id for each in gallery.figures] == ["two", "film"]
    assert content.picture
    assert content.picture.file_id == "one"


def test_topics_are_named_or_told_by_words_and_within_the_person_s_own() -> None:
    content = said(HEADLINE)
    assert TopicGuess(KNOWN, OWNER).choose(content, HEADLINE) == (1,)
    assert TopicGuess(KNOWN, OWNER).choose(content, "#спорт") == (2,)
    assert TopicGuess(KNOWN, OWNER).choose(content, "", ("Спорт",)) == (2,)
    of_sport = replace(AUTHOR, topics=frozenset({2}))
    assert TopicGuess(KNOWN, of_sport).choose(content, HEADLINE) == (2,)
    of_others = replace(AUTHOR, topics=frozenset({3, 4}))
    assert TopicGuess(KNOWN, of_others).choose(content, HEADLINE) == ()
    assert TopicGuess(KNOWN, OWNER).choose(said("Снег на перевале идёт третий день"), "") == ()
