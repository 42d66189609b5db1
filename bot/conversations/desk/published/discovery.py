"""A story's card, opened by one of its messages: forwarded to the bot, or answered with /desk."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aiogram import F, Router
from aiogram.filters import BaseFilter, Command
from aiogram.types import Message, MessageOriginChannel, MessageOriginUser

from bot.conversations.access import role_of
from bot.conversations.answers import data_in, links_in, send, words_in
from bot.conversations.desk.card import story_card
from bot.conversations.desk.entrance import DESK, need_desk
from bot.conversations.desk.published.pages import choice_page
from bot.conversations.visit import Visit
from bot.desk import breaking, lookup
from bot.desk.afterwards import sought
from bot.model.chat import ChatKind
from bot.model.press import read_start
from bot.readers import membership

router = Router(name="desk_opening")

MOST = 10
"""How many stories of one message are offered: a digest's."""

_START = re.compile(r"[?&](?:start|startapp)=(a-[0-9]{1,18})|%3[Ff]start%3[Dd](a-[0-9]{1,18})")
_ABOUT = re.compile(r"(?:full|rich|brief|open|mute):([0-9]{1,18})(?::|$)")


class AnswersStory(BaseFilter):
    """Passes an editor's message that answers one of the bot's own with stories: `stories` are their numbers."""

    async def __call__(self, message: Message, visit: Visit) -> bool | dict[str, list[int]]:
        """Look in the ledger, then at what the answered message itself names."""
        shown = message.reply_to_message
        if shown is None or len((message.text or "").split()) > 1 or not await _at_the_desk(visit):
            return False
        if shown.forward_origin is not None:
            found = await _forwarded(visit, shown)
        elif shown.from_user is None or shown.from_user.id != visit.services.bot.id:
            return False
        else:
            services = visit.services
            known = await sought.by_message(services.db, services.bot.id, message.chat.id, shown.message_id)
            found = known or await sought.existing(services.db, _named(visit, shown))
        return {"stories": found} if found else False


class ForwardsStory(BaseFilter):
    """Passes what an editor forwards of the bot, or of a channel of its readers, if that is a story."""

    async def __call__(self, message: Message, visit: Visit) -> bool | dict[str, list[int]]:
        """Look in the ledger where the origin is told, else at links and the headline."""
        if not await _at_the_desk(visit):
            return False
        services = visit.services
        here = services.bot.id, message.chat.id, visit.user_id or 0
        # What /breaking asked for is its text.
        if await breaking.awaited(services.db, *here, at=services.now()):
            return False
        found = await _forwarded(visit, message)
        return {"stories": found} if found else False


@router.message(Command("desk"), F.chat.type == "private", F.reply_to_message, AnswersStory())
async def open_answered(_message: Message, visit: Visit, stories: list[int]) -> None:
    """Show the card of the story that /desk answers."""
    await need_desk(visit)
    await _show(visit, stories)


@router.message(F.chat.type == "private", F.forward_origin, ForwardsStory())
async def open_forwarded(_message: Message, visit: Visit, stories: list[int]) -> None:
    """Show the card of the story that was forwarded."""
    await need_desk(visit)
    await _show(visit, stories)


async def _show(visit: Visit, stories: list[int]) -> None:
    if len(stories) == 1:
        await send(visit, await story_card(visit, stories[0]))
        return
    await send(
        visit, choice_page(visit, [await lookup.get(visit.services.db, each) for each in stories[:MOST]])
    )


async def _at_the_desk(visit: Visit) -> bool:
    if visit.user_id is None or visit.kind is not ChatKind.PRIVATE:
        return False
    role = await role_of(visit.services, visit.user_id)
    return any(role.may(each) for each in DESK)


async def _forwarded(visit: Visit, message: Message) -> list[int]:
    """Return the stories of a message that was forwarded from the bot, or from a channel in which the bot posts."""
    services, origin = visit.services, message.forward_origin
    match origin:
        case MessageOriginChannel():
            found = await sought.by_message(services.db, services.bot.id, origin.chat.id, origin.message_id)
            if found:
                return found
            named = await sought.existing(services.db, _named(visit, message))
            # What stands in a channel that the bot never was in may say the same: it is not ours.
            ours = await membership.find(services.db, services.bot.id, origin.chat.id) is not None
            return named or (await sought.by_words(services.db, words_in(message)) if ours else [])
        case MessageOriginUser() if origin.sender_user.id == services.bot.id:
            named = await sought.existing(services.db, _named(visit, message))
            return named or await sought.by_words(services.db, words_in(message))
        case _:
            return []


def _named(visit: Visit, message: Message) -> list[int]:
    """Return the numbers of the stories that a message's buttons name, else those of its links; they can be forged."""
    about = [_ABOUT.match(each) for each in data_in(message)]
    found = [int(each[1]) for each in about if each is not None]
    return (found or [number for link in links_in(message) for number in _linked(visit, link)])[:MOST]


def _linked(visit: Visit, link: str) -> Iterator[int]:
    if (visit.services.bot.username or "").casefold() not in link.casefold():
        return
    for found in _START.finditer(link):
        start = read_start(found[1] or found[2])
        if start is not None:
            yield int(start[1])
