"""Commands that say when news come: /digest at…, /quiet, /limit, /pause, /resume, /silent, /zone."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.conversations.access import need_manager
from bot.conversations.chats import joined
from bot.conversations.people.until import read_until
from bot.conversations.places.aside import answer
from bot.conversations.reader.settings import hour_pages, pages
from bot.conversations.reader.settings.page import Page
from bot.conversations.visit import Visit
from bot.model.chat import Chat
from bot.model.errors import Refusal
from bot.model.newsroom.moment import moment
from bot.readers import settings
from bot.readers.hours import hour_words, news_hours
from bot.rendering.text.zones import zone_meant

router = Router(name="hours")


@router.message(Command("digest", magic=F.args))
async def set_digests(message: Message, command: CommandObject, visit: Visit) -> None:
    """Let digests come at the times that the words say."""
    here = await _here(message, visit)
    times = hour_words.digest_times(command.args or "")
    here = await news_hours.set_digests(visit.services.db, here.id, visit.services.now(), times)
    await answer(visit, message, await hour_pages.digest(Page(visit, here)))


@router.message(Command("quiet"))
async def set_quiet(message: Message, command: CommandObject, visit: Visit) -> None:
    """Choose the quiet hours that the words say; show the page where they say nothing."""
    here = await _here(message, visit)
    if command.args:
        said = hour_words.quiet_hours(command.args)
        chosen = {"quiet": said.quiet} if said.quiet_said else {}
        chosen |= {"weekend": said.weekend} if said.weekend_said else {}
        here = await settings.choose(visit.services.db, here.id, visit.services.now(), **chosen)
    await answer(visit, message, await hour_pages.quiet(Page(visit, here)))


@router.message(Command("limit"))
async def set_limit(message: Message, command: CommandObject, visit: Visit) -> None:
    """Let so many stories come at once as the words say; show the page where they say nothing."""
    here = await _here(message, visit)
    if command.args:
        said = hour_words.limits(command.args)
        bounds, now = here.bounds, visit.services.now()
        hour = None if said.off else said.hour or bounds.most_hour
        day = None if said.off else said.day or bounds.most_day
        here = await news_hours.cap(visit.services.db, here.id, now, hour=hour, day=day)
    await answer(visit, message, await hour_pages.limit(Page(visit, here)))


@router.message(Command("pause"))
async def pause(message: Message, command: CommandObject, visit: Visit) -> None:
    """Leave the chat alone until the time that the words say; offer times where they say none."""
    here = await _here(message, visit)
    if command.args:
        now = visit.services.now()
        until = _until(command.args, now, here.zone)
        here = await news_hours.leave_alone(visit.services.db, here.id, now, until)
    await answer(visit, message, await hour_pages.pause(Page(visit, here)))


@router.message(Command("resume"))
async def resume(message: Message, visit: Visit) -> None:
    """Let news come again."""
    here = await _here(message, visit)
    here = await news_hours.come_back(visit.services.db, here.id, visit.services.now())
    await answer(visit, message, await pages.main(Page(visit, here)))


@router.message(Command("silent"))
async def be_silent(message: Message, command: CommandObject, visit: Visit) -> None:
    """Let only breaking news sound, or all again."""
    here = await _here(message, visit)
    silent = not hour_words.is_off(command.args or "")
    here = await settings.choose(visit.services.db, here.id, visit.services.now(), silent=silent)
    await answer(visit, message, await pages.main(Page(visit, here)))


@router.message(Command("zone"))
async def set_zone(message: Message, command: CommandObject, visit: Visit) -> None:
    """Set a time zone by a city, an offset or the zone's own name."""
    here = await _here(message, visit)
    services = visit.services
    words, now = (command.args or "").strip(), services.now()
    if not words:
        await answer(visit, message, await pages.zone(Page(visit, here)))
        return
    # The first time, the names of all cities are gathered.
    zone = await asyncio.to_thread(zone_meant, words, now)
    here = await settings.choose(services.db, here.id, now, zone=zone or words)
    await answer(visit, message, await pages.main(Page(visit, here)))


async def _here(message: Message, visit: Visit) -> Chat:
    await need_manager(visit, message)
    return await joined(visit, message.chat)


def _until(words: str, now: datetime, zone: str) -> datetime:
    """Return the time that is meant: a day or a length, or an hour such as `until 18:00`."""
    if len(words) > hour_words.LONGEST:
        raise Refusal("unclear-pause")
    until = read_until(words, now, zone)
    if until is not None:
        return until
    hour = re.sub(
        r"^(?:до|until|till)\s+", "в " if re.search(r"[а-я]", words) else "at ", words.strip().lower()
    )
    try:
        return moment(hour, now, zone).at
    except Refusal:
        raise Refusal("unclear-pause") from None
