"""Tells whoever set a group or channel up what went wrong there, once, and what can be done."""

from __future__ import annotations

import logging
from datetime import datetime

from aiogram.exceptions import TelegramAPIError

from bot.log import Event
from bot.model.chat import ChatKind, ChatState
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.places.notice import ChatNotice, ChatTrouble
from bot.model.press import pack
from bot.readers import membership
from bot.readers.places import keepers
from bot.services import Services
from bot.telegram import replies

log = logging.getLogger(__name__)

CHECKABLE = (ChatTrouble.SILENCED, ChatTrouble.NO_PINS)
"""Troubles that are over when the bot has its rights."""


async def tell(services: Services, now: datetime) -> None:
    """Tell what is still to be told. Whoever has no open chat with the bot can't be told, and is not tried again."""
    for notice in await keepers.untold(services.db, services.bot.id):
        try:
            await _tell(services, notice)
        except TelegramAPIError as error:
            log.info(Event("notice.untold", person=notice.user_id, reason=error.message))
        await keepers.told(services.db, notice, now)


async def _tell(services: Services, notice: ChatNotice) -> None:
    person = await membership.find(services.db, services.bot.id, notice.user_id)
    if person is None or person.state is not ChatState.ACTIVE:
        return
    talk, language = services.talk, person.language
    text = talk.say(
        "chat_notice",
        language,
        title=notice.title,
        channel=notice.kind is ChatKind.CHANNEL,
        trouble=str(notice.trouble),
        thread=notice.thread,
    )
    rows: Keyboard = ()
    if notice.trouble in CHECKABLE:
        rows = ((Button(talk.label("look_again", language), press=pack("may", notice.telegram_id)),),)
    await replies.show(services.client, person.telegram_id, OutgoingMessage(text, buttons=rows))
