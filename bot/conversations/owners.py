"""Tells the owners what they should know."""

from __future__ import annotations

import logging
from datetime import datetime
from hashlib import sha256

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from bot.conversations.context import Context
from bot.desk import staff, status
from bot.readers import membership

log = logging.getLogger(__name__)


async def tell_owners(context: Context, bot: Bot, now: datetime) -> None:
    """Write to each owner what is wrong and was not told within a day, and to editors what is theirs.

    Each reads it in the language of their chat with the bot.
    """
    also = [_template(problem) for problem in context.talk.problems()]
    if why := context.unpaid():
        also.append(status.Trouble(f"paid:{why}", "owner_paid", {"why": why}))
    for trouble in await status.untold(context.db, context.bot_id, now, also):
        log.warning("%s: %s", trouble.talk, trouble.facts)
        told = context.owner_ids
        if trouble.editors:
            told |= {user_id for _, user_id in await staff.listing(context.db, context.bot_id)}
        for owner in told:
            known = await membership.find(context.db, context.bot_id, owner)
            language = known.language if known else context.language
            try:
                await bot.send_message(owner, context.talk.say(trouble.talk, language, **trouble.facts))
            except TelegramAPIError as error:
                log.info("an owner could not be told: %s", error.message)


def _template(problem: str) -> status.Trouble:
    key = sha256(problem.encode()).hexdigest()
    return status.Trouble(f"template:{key}", "owner_template", {"problem": problem})
