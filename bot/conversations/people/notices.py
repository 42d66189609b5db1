"""Tells people that their rights have changed, or ended, and gives them the menu that goes with the rights."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from aiogram.exceptions import TelegramAPIError

from bot.conversations.menus import set_menu
from bot.conversations.people.pages import rights_facts
from bot.desk import staff
from bot.log import Event
from bot.model.message import OutgoingMessage
from bot.model.newsroom.grant import Grant
from bot.readers import membership, topics
from bot.services import Services
from bot.telegram.replies import change, show

log = logging.getLogger(__name__)

SAME_CHANGE = timedelta(minutes=10)
"""How long a person's notice is brought up to date in its place: an owner presses several buttons in a row."""


async def tell_rights(services: Services, grant: Grant, by: str = "") -> None:
    """Tell a person what they may do from now on, and set their menu.

    `by` names who changed it; empty where the time ran out.
    """
    now = services.now()
    known = await membership.find(services.db, services.bot.id, grant.user_id)
    language = known.language if known else services.bot.language
    facts = rights_facts(services, grant, await topics.all_topics(services.db), language)
    page = OutgoingMessage(services.talk.say("rights_changed", language, **facts | {"by": by}))
    try:
        await _show(services, grant, page, now)
    except TelegramAPIError as error:
        # A bot can't write first to whoever has not started it.
        log.info(Event("rights.untold", person=grant.user_id, reason=error.message))
    await set_menu(services, grant.user_id)


async def tell_ended(services: Services, now: datetime) -> None:
    """Tell those whose rights have ended since the last look."""
    for grant in await staff.end_due(services.db, services.bot.id, now):
        log.info(Event("rights.ended", person=grant.user_id))
        await tell_rights(services, grant)


async def _show(services: Services, grant: Grant, page: OutgoingMessage, now: datetime) -> None:
    bot_id, user_id = services.bot.id, grant.user_id
    standing = await staff.told(services.db, bot_id, user_id, since=now - SAME_CHANGE)
    if standing is not None and not grant.ended(now):
        try:
            await change(services.client, user_id, standing, page, photo=False)
        except TelegramAPIError as error:
            log.info(Event("rights.notice_gone", person=user_id, reason=error.message))
        else:
            return
    shown = await show(services.client, user_id, page)
    await staff.note_told(services.db, bot_id, user_id, message_id=shown.message_id, at=now)
