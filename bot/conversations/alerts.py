"""Tells the owners what they should know."""

from __future__ import annotations

import logging
from datetime import datetime
from hashlib import sha256

from aiogram.exceptions import TelegramAPIError

from bot.desk import staff
from bot.log import Event
from bot.model.newsroom.role import Right
from bot.operations import status
from bot.readers import membership
from bot.services import Services

log = logging.getLogger(__name__)


async def tell_owners(services: Services, now: datetime) -> None:
    """Write to each owner what is wrong and was not told within a day, and to editors what is theirs.

    Each person reads it in the language of their chat with the bot.
    """
    found = [_template(problem) for problem in services.talk.problems()]
    for trouble in await status.untold(services.db, services.bot.id, now, found):
        log.warning(Event("trouble.found", trouble=trouble.key, facts=trouble.facts))
        told = services.bot.owner_ids
        if trouble.editors:
            told |= set(await staff.holding(services.db, services.bot.id, Right.PUBLISH, now))
        for owner in told:
            known = await membership.find(services.db, services.bot.id, owner)
            language = known.language if known else services.bot.language
            try:
                await services.client.send_message(
                    owner, services.talk.say(trouble.talk, language, **trouble.facts)
                )
            except TelegramAPIError as error:
                log.info(Event("trouble.untold", person=owner, reason=error.message))


def _template(problem: str) -> status.Trouble:
    key = sha256(problem.encode()).hexdigest()
    return status.Trouble(f"template:{key}", "owner_template", {"problem": problem})
