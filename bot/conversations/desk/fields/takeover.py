"""Tells an editor that somebody else took the editing of a story over. The one who did it gets no message."""

from __future__ import annotations

import logging

from aiogram.exceptions import TelegramAPIError

from bot.conversations.people.person import name_of
from bot.conversations.visit import Visit
from bot.log import Event
from bot.model.desk.title import head
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack
from bot.model.story.article import Article
from bot.readers import membership
from bot.telegram.replies import show

log = logging.getLogger(__name__)


async def tell_taken_over(visit: Visit, person: int, article: Article) -> None:
    """Tell the person who was editing the story, in their own language, who edits it from now on."""
    services = visit.services
    known = await membership.find(services.db, services.bot.id, person)
    language = known.language if known else services.bot.language
    name = await name_of(visit, visit.user_id or 0)
    text = services.talk.say(
        "desk_taken_over", language, name=name, headline=head(article.id, article.content.headline)
    )
    card = Button(services.talk.label("open_card", language), press=pack("desk", "card", article.id))
    try:
        await show(services.client, person, OutgoingMessage(text, buttons=((card,),)))
    except TelegramAPIError as error:
        # A bot can't write first to whoever has blocked it.
        log.info(Event("lock.untold", person=person, reason=error.message))
