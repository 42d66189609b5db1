"""Who asks from a chat where the bot need not be, and stories as Telegram takes them there."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    User,
)

from bot.conversations.visit import Visit
from bot.model.chat import ChatKind, ChatState
from bot.model.message import OutgoingMessage, SharedMessage
from bot.model.story.article import Article
from bot.model.story.content import Media, MediaKind, plain_text
from bot.model.story.topic import Topics
from bot.readers import membership
from bot.rendering.text.breaks import shorten
from bot.rendering.text.links import safe_url
from bot.rendering.variables import headline
from bot.services import Services
from bot.sources.fetch.addresses import is_public
from bot.tongues import of_person

_TITLE, _ABOUT = 128, 160
_SHOWN = re.compile(r"([1-9][0-9]{0,17})-([1-9][0-9]{0,8})")


async def asker(services: Services, person: User) -> Visit:
    """Return the person as a visitor of their own chat with the bot, which need not be known.

    Who has said /stop is somebody whom the bot does not know.
    """
    known = await membership.find(services.db, services.bot.id, person.id)
    if known is not None and known.state is ChatState.STOPPED:
        known = None
    return Visit(
        services=services,
        user_id=person.id,
        language=known.language if known else of_person(person.language_code, services.bot.language),
        telegram_id=person.id,
        kind=ChatKind.PRIVATE,
        chat=known,
    )


def shared(visit: Visit, article: Article, topics: Topics) -> OutgoingMessage:
    """Return the message that a story becomes in the chat for which it is chosen."""
    return visit.services.articles.shared(visit.story(article, topics), visit.readership)


def shown_by(visit: Visit, inline_message_id: str, article: Article) -> SharedMessage:
    """Return the message that shows a story now, as it is remembered."""
    readership = visit.readership
    return SharedMessage(
        inline_message_id, article.id, article.revision, readership.language, readership.zone
    )


def story_result(article: Article, message: OutgoingMessage) -> InlineQueryResultArticle:
    """Return a story to choose, and the message that it becomes; its id says which revision was shown."""
    content = article.content
    title = f"⚡️ {headline(content)}" if article.flash else headline(content)
    about = content.lead or plain_text(content.blocks[:1])
    return result(
        f"{article.id}-{article.revision}",
        message,
        title=shorten(title, _TITLE),
        about=shorten(" ".join(about.split()), _ABOUT),
        picture=_thumbnail(content.picture),
    )


def result(
    number: str, message: OutgoingMessage, *, title: str, about: str = "", picture: str | None = None
) -> InlineQueryResultArticle:
    """Return a result that becomes that message; `picture` is the address of a picture beside its title."""
    return InlineQueryResultArticle(
        id=number,
        title=title,
        description=about or None,
        thumbnail_url=picture,
        input_message_content=InputTextMessageContent(
            message_text=message.html,
            parse_mode="HTML",
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        reply_markup=links(message),
    )


def _thumbnail(picture: Media | None) -> str | None:
    """Return the address of a picture that Telegram can fetch by itself: an id serves messages alone."""
    if picture is None or picture.barred:
        return None
    url = safe_url(picture.url if picture.kind is MediaKind.PICTURE else picture.poster)
    return url if url and is_public(urlsplit(url).hostname or "", literal_only=True) else None


def links(message: OutgoingMessage) -> InlineKeyboardMarkup:
    """Return a message's buttons, all of which are links."""
    rows = [[InlineKeyboardButton(text=each.text, url=each.url) for each in row] for row in message.buttons]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def revision_shown(result_id: str) -> tuple[int, int] | None:
    """Return the story and the revision that a result's id names; None where it names none."""
    found = _SHOWN.fullmatch(result_id)
    return (int(found[1]), int(found[2])) if found else None
