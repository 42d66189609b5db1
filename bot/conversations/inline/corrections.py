"""What people shared follows the newsroom: a correction or a withdrawal reaches the messages in their chats."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.methods import EditMessageText
from aiogram.types import LinkPreviewOptions

from bot.conversations.inline.results import links
from bot.log import Event
from bot.model.chat import ChatKind
from bot.model.delivery import Lane
from bot.model.errors import Refusal
from bot.model.message import OutgoingMessage, SharedMessage
from bot.model.story.article import Status
from bot.readers import shared, stories
from bot.rendering.story import Readership, story_of
from bot.services import Services
from bot.telegram.spare import call_in
from bot.telegram.transport.errors import is_not_modified
from bot.telegram.transport.ticket import Recalled

log = logging.getLogger(__name__)

AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a story stands: its revision (None: withdrawn), and the message that says so."""

    revision: int | None
    message: OutgoingMessage


async def put_right(services: Services, now: datetime) -> None:
    """Put some messages right that show what is no longer so."""
    for one in await shared.due(services.db, services.bot.id, now, AT_ONCE):
        await _edit(services, one, await _standing(services, one), now)


async def _edit(services: Services, one: SharedMessage, standing: _Standing, now: datetime) -> None:
    method = EditMessageText(
        inline_message_id=one.inline_message_id,
        text=standing.message.html,
        parse_mode="HTML",
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_markup=links(standing.message) if standing.message.buttons else None,
    )
    lane = Lane.KILL if standing.revision is None else Lane.CORRECTION
    bot_id = services.bot.id
    try:
        await call_in(lane, services.client, method)
    except Recalled:
        # Another process may speak for the bot by now.
        return
    except (TelegramBadRequest, TelegramForbiddenError) as error:
        if not isinstance(error, TelegramBadRequest) or not is_not_modified(error):
            # Whoever shared it deleted it since, or Telegram knows it no more.
            log.info(Event("inline.not_corrected", article=one.article_id, reason=error.message))
            await shared.settled(services.db, bot_id, one, None)
            return
    except TelegramAPIError as error:
        log.info(Event("inline.put_off", article=one.article_id, reason=error.message))
        await shared.failed(services.db, bot_id, one, now)
        return
    await shared.settled(services.db, bot_id, one, standing.revision)


async def _standing(services: Services, one: SharedMessage) -> _Standing:
    readership = Readership(one.language, str(ChatKind.PRIVATE), services.bot.username, zone=one.zone)
    try:
        found = await stories.read(services.db, one.article_id)
    except Refusal:
        return _Standing(None, services.articles.withdrawn(readership, Status.KILLED))
    story = story_of(found.article, found.article.content, found.topics, readership)
    return _Standing(found.article.revision, services.articles.shared(story, readership))
