"""A post of the bot's own, forwarded or copied to breaking news, is the story without what the bot's form added."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from aiogram.types import Message

from bot.conversations.dictation.message import content_of
from bot.model.message import OutgoingMessage
from bot.model.story.article import Content
from bot.model.story.content import Paragraph, Run, plain_text
from bot.rendering.article import ArticleRenderer
from bot.rendering.check import checked_templates
from bot.rendering.story import Readership, Story
from bot.sandbox.text.html import parse_html

RENDERER = ArticleRenderer(checked_templates(agency="Вестник Долины"))
AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
STORIES = {
    "ru": ("Мост через Светлую закрыт", "Объезд открыт с утра."),
    "en": ("The valley bridge is closed", "A detour has been open since the morning."),
}


def said(text: str, entities: list | None = None) -> Message:
    chat = {"id": 1, "type": "private", "first_name": "А"}
    given = {"message_id": 1, "date": 0, "chat": chat, "text": text, "entities": entities or []}
    return Message.model_validate(given)


def told(content: Content) -> tuple[str, str]:
    body = f"{content.lead}{plain_text(content.blocks)}"
    return content.headline, body.replace("\N{NO-BREAK SPACE}", " ")


def forms(language: str, *, corrected: bool) -> list[OutgoingMessage]:
    headline, lead = STORIES[language]
    body = (Paragraph((Run(lead),)),)
    content = Content(headline, lead, url="https://example.org/1", source_name="Вестник", language=language)
    readership = Readership(language, "private", "vestnik_bot")
    at = AT if corrected else None
    flash, calm = (Story(1, 1, content, (), AT, corrected_at=at, flash=flash) for flash in (True, False))
    whole = Story(1, 1, Content(headline, blocks=body, url="https://example.org/1"), (), AT)
    return [
        RENDERER.brief(flash, readership),
        RENDERER.brief(calm, readership),
        RENDERER.full(whole, readership),
    ]


@pytest.mark.parametrize("corrected", [False, True])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_post_of_the_bots_is_the_story_alone(language: str, corrected: bool) -> None:
    for form in forms(language, corrected=corrected):
        text, entities = parse_html(form.html)
        for given in (entities, []):
            content = content_of(said(text, given), language)
            assert told(content) == STORIES[language], (text, given)


@pytest.mark.parametrize(
    "text",
    [
        "⚡ СРОЧНО\nМост закрыт\nОбъезд.\n🕘 3 минуты назад\n🔗 Вестник\nЧитать полностью",
        "⚡️ СРОЧНО: Мост закрыт\nОбъезд.\n✏️ Исправлено 2 часа назад",
        "⚡️ СРОЧНО\n\n⚡️ СРОЧНО\n\nМост закрыт\nОбъезд.",
        "⚡️BREAKING\nМост закрыт\nОбъезд.\n🕘 5 minutes ago\nRead in full\n1/2",
        "⚡️ Мост закрыт\nОбъезд.\n🕘 3 минуты назад\nВестник Долины",
        "⚡️ Срочно: Мост закрыт\nОбъезд.\n🕘 3 минуты назад\nВестник Долины",
        "⚡️ Шашылыш: Мост закрыт\nОбъезд.\n🕘 3 мүнөт мурун\nТолук окуу",
        "СРОЧНО!\nМост закрыт\nОбъезд.",
    ],
)
def test_a_copy_in_any_of_its_shapes_is_the_story_alone(text: str) -> None:
    assert told(content_of(said(text), "ru")) == ("Мост закрыт", "Объезд.")


@pytest.mark.parametrize(
    "text",
    [
        "Срочно эвакуируют жителей\nДороги открыты.",
        "Срочно: эвакуируют жителей\nДороги открыты.",
        "СРОЧНОЕ заседание\n🔗 Читайте дальше",
        "Мост закрыт\n🕘 Начало в 18:00",
        "Breaking the ice\n1/2",
        "Мост закрыт\nОбъезд через Светлую.",
    ],
)
def test_an_editors_own_words_stay(text: str) -> None:
    content = content_of(said(text), "ru")
    assert "\n".join(told(content)) == text
