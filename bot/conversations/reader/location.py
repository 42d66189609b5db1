"""A time zone by a shared location: asked for by a button, or sent as an attachment; in private chats alone."""

from __future__ import annotations

import asyncio

from aiogram import F, Router
from aiogram.filters import BaseFilter
from aiogram.types import (
    CallbackQuery,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.conversations.chats import joined
from bot.conversations.reader.settings.pages import ZONE_HERE
from bot.conversations.visit import Visit
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.readers import settings
from bot.rendering.text.zones import local_time, zone_at
from bot.tongues import codes

router = Router(name="location")


class Cancelled(BaseFilter):
    """Passes the words of the keyboard's 'Cancel', in any language: the keyboard may be older than the choice."""

    async def __call__(self, message: Message, visit: Visit) -> bool:
        """Look whether these are the words."""
        return message.text in {visit.services.talk.label("cancel", code) for code in codes()}


@router.callback_query(F.data == ZONE_HERE)
async def ask(_press: CallbackQuery, visit: Visit) -> None:
    """Offer a button that shares the location. Telegram has such buttons in private chats alone."""
    if visit.kind is not ChatKind.PRIVATE:
        raise Refusal("private-only")
    share = KeyboardButton(text=visit.label("send_location"), request_location=True)
    cancel = KeyboardButton(text=visit.label("cancel"))
    keyboard = ReplyKeyboardMarkup(keyboard=[[share], [cancel]], resize_keyboard=True, one_time_keyboard=True)
    await visit.client.send_message(visit.telegram_id, visit.say("choose_location"), reply_markup=keyboard)


@router.message(F.chat.type == "private", F.location)
async def take(message: Message, visit: Visit) -> None:
    """Choose the zone of the place; the place itself is kept nowhere."""
    here = await joined(visit, message.chat)
    if message.location is None:
        return
    place = message.location.latitude, message.location.longitude
    zone = await asyncio.to_thread(zone_at, *place)
    services = visit.services
    now = services.now()
    here = await settings.choose(services.db, here.id, now, zone=zone or "")
    text = visit.say("zone_chosen", local=local_time(here.zone, now, visit.language))
    await message.answer(text, reply_markup=ReplyKeyboardRemove())


@router.message(F.chat.type == "private", F.text, Cancelled())
async def cancel(message: Message, visit: Visit) -> None:
    """Take the keyboard away."""
    await message.answer(visit.say("stayed"), reply_markup=ReplyKeyboardRemove())
