"""/latest with whatever it is asked for, its pages, and what they are narrowed down to."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.conversations.answers import change, own_button, send
from bot.conversations.reader.latest.keys import LATEST, LIST, NARROW, wanted_of
from bot.conversations.reader.latest.pages import page
from bot.conversations.search.pages import searcher
from bot.conversations.visit import Visit
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.readers.latest import Listing, latest, requested

router = Router(name="latest")


@router.message(Command("latest"))
async def show(message: Message, command: CommandObject, visit: Visit) -> None:
    """Show the latest stories: `/latest [topic] [days] [language] [n]`, in any order and inflection."""
    found = await requested(visit.services.db, searcher(visit), command.args or "")
    if found.unknown:
        names = [each.name(visit.language) for each in found.topics.children(None)]
        await message.answer(visit.say("unknown_topic", words=found.unknown, topics=names))
        return
    await send(visit, page(visit, found))


@router.callback_query(F.data.startswith(f"{LATEST}:"))
async def send_latest(press: CallbackQuery, visit: Visit) -> None:
    """Send the latest stories of what the chat follows. In private chats alone: in a group it takes a command."""
    if visit.kind is not ChatKind.PRIVATE:
        raise Refusal("stale")
    await send(visit, page(visit, await _found(visit, press.data or "")))


@router.callback_query(F.data.startswith(f"{LIST}:{LATEST}:"))
async def show_page(press: CallbackQuery, visit: Visit) -> None:
    """Show a page in the place of another, or of a story that was opened from it."""
    own_button(visit, press)
    found = await _found(visit, (press.data or "").removeprefix(f"{LIST}:"))
    await change(visit, press, page(visit, found))


@router.callback_query(F.data.startswith(f"{NARROW}:{LATEST}:"))
async def show_filters(press: CallbackQuery, visit: Visit) -> None:
    """Show under a page what it can be narrowed down to."""
    own_button(visit, press)
    found = await _found(visit, (press.data or "").removeprefix(f"{NARROW}:"))
    await change(visit, press, page(visit, found, narrow=True))


async def _found(visit: Visit, key: str) -> Listing:
    return await latest(visit.services.db, searcher(visit), wanted_of(key))
