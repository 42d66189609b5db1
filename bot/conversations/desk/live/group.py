"""A group as the desk: an owner chooses it, and cards appear there. Rights stay personal."""

from __future__ import annotations

import logging

from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import BaseFilter, Command, CommandObject
from aiogram.types import Message

from bot.conversations.access import need
from bot.conversations.answers import send
from bot.conversations.chats import joined
from bot.conversations.visit import Visit
from bot.desk import lookup
from bot.desk.live import groups
from bot.log import Event
from bot.model.chat import ChatKind
from bot.model.desk.title import title
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.newsroom.role import Right
from bot.model.press import pack
from bot.readers import membership
from bot.services import Services
from bot.telegram.replies import show

log = logging.getLogger(__name__)
router = Router(name="desk_group")

MOST_LISTED = 10
"""How many new drafts a list has buttons for."""


class _Says(BaseFilter):
    """Passes /desk with one of some words after it."""

    def __init__(self, *words: str) -> None:
        self._words = words

    async def __call__(self, _message: Message, command: CommandObject) -> bool:
        return (command.args or "").strip().casefold() in self._words


@router.message(Command("desk"), _Says("here", "здесь"))
async def choose_group(message: Message, visit: Visit) -> None:
    """Make the group the desk; in a forum, the topic that the command was written in."""
    owner = await _need_owner(visit)
    services = visit.services
    await joined(visit, message.chat, anew=True)
    chosen = await groups.choose(
        *(services.db, services.bot.id, visit.telegram_id),
        thread_id=visit.thread_id,
        at=services.now(),
        by=owner,
    )
    await send(visit, OutgoingMessage(visit.say("desk_group", chosen=True, new=chosen)))


@router.message(Command("desk"), _Says("off", "выкл"))
async def leave_group(_message: Message, visit: Visit) -> None:
    """Let the group be the desk no more."""
    owner = await _need_owner(visit)
    services = visit.services
    left = await groups.leave(services.db, services.bot.id, visit.telegram_id, at=services.now(), by=owner)
    await send(visit, OutgoingMessage(visit.say("desk_group", chosen=False, new=left)))


async def list_drafts(services: Services, drafts: list[int]) -> None:
    """Tell the desk's groups in one message of drafts that sources brought."""
    stories = [await lookup.get(services.db, each) for each in drafts[:MOST_LISTED]]
    rows = tuple(
        (Button(title(each.id, each.content.headline), press=pack("desk", "card", each.id)),)
        for each in stories
    )
    for group in await groups.of_bot(services.db, services.bot.id):
        known = await membership.find(services.db, services.bot.id, group.chat_id)
        language = known.language if known else services.bot.language
        text = services.talk.say("desk_drafts", language, count=len(drafts), listed=len(stories))
        page = OutgoingMessage(text, buttons=rows)
        try:
            await show(services.client, group.chat_id, page, group.thread_id)
        except TelegramAPIError as error:
            log.info(Event("drafts.untold", chat=group.chat_id, reason=error.message))


async def _need_owner(visit: Visit) -> int:
    if visit.user_id is None:
        raise Refusal("as-yourself")
    owner = await need(visit, Right.PEOPLE)
    if visit.kind is ChatKind.PRIVATE:
        raise Refusal("groups-only")
    return owner
