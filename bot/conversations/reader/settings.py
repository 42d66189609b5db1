"""/settings: how stories look, when they come, digests, language and zone; for a channel from its manager's chat."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import time
from typing import Any

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import need_manager
from bot.conversations.answers import change, chat_end, send, show
from bot.conversations.chats import joined, managed
from bot.conversations.language import NAMES
from bot.conversations.menus import set_menu
from bot.conversations.presses import answer_press
from bot.conversations.reader.setting_pages import DEFAULT, HOURS, SIZES, Pages
from bot.conversations.visit import Visit, readership_of
from bot.model.chat import Chat
from bot.model.delivery import Subject, SubjectKind
from bot.model.errors import Refusal
from bot.model.languages import ANY
from bot.model.message import Button, OutgoingMessage
from bot.model.press import unpack
from bot.model.story.fallback import Attempt
from bot.model.story.form import CHOOSABLE
from bot.readers import settings, stories, topics
from bot.rendering.story import story_of
from bot.rendering.text.zones import zone_meant

router = Router(name="settings")

MOST_HOURS = 2
_SWITCHES = {"instant": "instant", "pictures": "pictures", "empty": "digest_empty", "night": "flash_at_night"}
_STAY = {
    "form": "form",
    "pictures": "form",
    "digest": "digest",
    "size": "digest",
    "empty": "digest",
    "up": "order",
    "news": "news",
    "night": "quiet",
}
_DROP = "sample-off"


@router.message(Command("settings"))
async def offer(message: Message, visit: Visit) -> None:
    """Show what is set, with buttons."""
    await need_manager(visit, message)
    here = await joined(visit, message.chat)
    await send(visit, await Pages(visit, here).main())


@router.message(Command("zone"))
async def set_zone(message: Message, command: CommandObject, visit: Visit) -> None:
    """Set a time zone by a city, an offset or the zone's own name."""
    await need_manager(visit, message)
    here = await joined(visit, message.chat)
    services = visit.services
    words, now = (command.args or "").strip(), services.now()
    if not words:
        await send(visit, Pages(visit, here).zone())
        return
    # The first time, the names of all cities are gathered.
    zone = await asyncio.to_thread(zone_meant, words, now)
    here = await settings.choose(services.db, here.id, now, zone=zone or words)
    await send(visit, await Pages(visit, here).main())


@router.callback_query(F.data.startswith("set:") | (F.data == "set"))
async def choose(press: CallbackQuery, visit: Visit) -> None:
    """Offer the values of a setting, or keep one."""
    said = unpack(press.data or "")
    meant = said.number(0) or 0
    here = await managed(press, visit, meant)
    name, values = (*said.args[1:2], "")[0], said.args[2:]
    if not values or (name == "quiet" and values != ("off",) and len(values) == 1):
        await change(visit, press, await _offered(Pages(visit, here, meant), name, values))
        return
    here = await _keep(visit, here, name, values)
    await answer_press(press, visit.notice("saved"))
    if name == "language" and not meant:
        visit = replace(visit, language=here.language, chat=here)
        await set_menu(visit.services, here.telegram_id)
    await change(visit, press, await _offered(Pages(visit, here, meant), _STAY.get(name, ""), ()))
    if name in ("form", "pictures") and visit.kind == "private":
        await _show_sample(visit, here)


@router.callback_query(F.data == _DROP)
async def drop_sample(press: CallbackQuery, visit: Visit) -> None:
    """Take a sample away again."""
    if press.message is not None:
        with suppress(TelegramAPIError):
            await visit.client.delete_message(press.message.chat.id, press.message.message_id)


async def _offered(pages: Pages, name: str, values: Sequence[str]) -> OutgoingMessage:
    """Return the page of a setting; the main one where there is none of that name."""
    match name:
        case "":
            return await pages.main()
        case "order":
            return await pages.order()
        case "quiet":
            return pages.quiet(_hour(values[0]) if values else None)
        case "news":
            return await pages.news()
        case "language" | "form" | "digest" | "zone":
            return getattr(pages, name)()  # type: ignore[no-any-return]
    raise Refusal("stale")


async def _keep(visit: Visit, here: Chat, name: str, values: Sequence[str]) -> Chat:
    services = visit.services
    now = services.now()
    if name == "up" and values[0].isdecimal():
        await topics.move_up(services.db, here.id, int(values[0]))
        return here
    if name == "language" and values[0] in NAMES:
        return await settings.choose_language(services.db, here.id, now, values[0])
    if name == "news" and values[0] in await settings.news_languages(services.db, here, tuple(NAMES)):
        return await settings.toggle_news_language(services.db, here.id, now, values[0])
    return await settings.choose(services.db, here.id, now, **_choice(here, name, values))


def _choice(here: Chat, name: str, values: Sequence[str]) -> dict[str, Any]:
    """Return what a press chooses. Refused for anything that no button offers."""
    match name, *values:
        case ("news", "all"):
            return {"news_languages": ANY}
        case ("instant" | "pictures" | "empty" | "night", "on" | "off" as state):
            return {_SWITCHES[name]: state == "on"}
        case ("form", form) if form == DEFAULT or form in CHOOSABLE:
            return {"form": None if form == DEFAULT else form}
        case ("digest", "off"):
            return {"digest_at": ()}
        case ("digest", hour):
            return {"digest_at": _toggled(here.digest_at, time(_hour(hour)))}
        case ("size", size) if size.isdecimal() and int(size) in SIZES:
            return {"digest_size": int(size)}
        case ("quiet", "off"):
            return {"quiet": None}
        case ("quiet", begins, ends) if begins != ends:
            return {"quiet": (time(_hour(begins)), time(_hour(ends)))}
        case ("zone", zone):
            return {"zone": zone}
    raise Refusal("stale")


def _hour(word: str) -> int:
    if not word.isdecimal() or int(word) not in HOURS:
        raise Refusal("stale")
    return int(word)


def _toggled(chosen: tuple[time, ...], hour: time) -> tuple[time, ...]:
    """Return the hours with one more or one less; a third takes the place of the one chosen first in the day."""
    if hour in chosen:
        return tuple(each for each in chosen if each != hour)
    return (*chosen[-(MOST_HOURS - 1) :], hour)


async def _show_sample(visit: Visit, here: Chat) -> None:
    """Show how stories come from now on: the latest there is, with a button that takes it away."""
    services = visit.services
    found = await stories.latest(services.db, here.id, None, 1)
    if not found.articles:
        return
    readership = readership_of(services, here.kind, here.language, here)
    newest = found.articles[0]
    story = story_of(newest, newest.content, found.topics, readership)
    style = services.bot.style.chosen(here.form, here.pictures)
    drop = Button(visit.label("sample_off"), press=_DROP)

    def make(tried: Attempt) -> OutgoingMessage:
        shown = replace(story, content=tried.left(story.content))
        return replace(services.articles.parts(shown, readership, tried.style)[0], buttons=((drop,),))

    subject = Subject(SubjectKind.ARTICLE, story.id)
    await show(visit, chat_end(visit), make, style=style, subject=subject, revision=story.revision)
