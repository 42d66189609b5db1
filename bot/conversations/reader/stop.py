"""/stop: asks once, then leaves the chat alone and erases what is known of it."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import need_manager
from bot.conversations.answers import change
from bot.conversations.places.aside import answer
from bot.conversations.visit import Visit
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.readers import membership

router = Router(name="stop")


@router.message(Command("stop"))
async def ask(message: Message, visit: Visit) -> None:
    """Ask whether that is meant."""
    await need_manager(visit, message)
    buttons = (
        (Button(visit.label("leave"), press="leave", style="danger"),),
        (Button(visit.label("stay"), press="stay"),),
    )
    page = OutgoingMessage(visit.say("stop_ask"), buttons=buttons)
    await answer(visit, message, page)


@router.callback_query(F.data.in_({"leave", "stay"}))
async def decide(press: CallbackQuery, visit: Visit) -> None:
    """Leave, or stay."""
    if press.message is None:
        raise Refusal("stale")
    await need_manager(visit, press)
    if press.data == "leave" and visit.chat is not None:
        await membership.leave(visit.services.db, visit.chat.id, visit.services.now())
    text = visit.say("stopped" if press.data == "leave" else "stayed")
    await change(visit, press, OutgoingMessage(text))
