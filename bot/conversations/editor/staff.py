"""/editors: who may send breaking news. /status: how the bot is doing."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message, MessageOriginUser

from bot.conversations.access import need_editor, need_owner
from bot.conversations.context import Visit
from bot.desk import staff, status
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack, unpack
from bot.telegram.buttons import change, show

router = Router(name="staff")


@router.message(Command("editors"))
async def editors(message: Message, command: CommandObject, visit: Visit) -> None:
    """List the editors; with an id, or in reply to somebody's message, add one."""
    owner = need_owner(visit)
    context = visit.context
    person = _person(message, command.args or "")
    if person is not None:
        user_id, name = person
        await staff.add(context.db, context.bot_id, user_id, name, owner, context.clock.now())
        await message.answer(visit.say("editor_added", name=name, user_id=user_id))
    await show(visit.bot, message.chat.id, await _page(visit), visit.thread_id)


@router.callback_query(F.data.startswith("editor:"))
async def remove(press: CallbackQuery, visit: Visit) -> None:
    """Take one off the editors."""
    owner = need_owner(visit)
    user_id = unpack(press.data or "").number(0)
    if user_id is None or press.message is None:
        raise Refusal("not-found")
    context = visit.context
    await staff.remove(context.db, context.bot_id, user_id, owner, context.clock.now())
    page = await _page(visit)
    await change(visit.bot, press.message.chat.id, press.message.message_id, page, photo=False)


@router.message(Command("status"))
async def tell_status(message: Message, visit: Visit) -> None:
    """Say how the bot is doing."""
    await need_editor(visit)
    facts = await status.status(visit.context.db, visit.context.bot_id, visit.language)
    await message.answer(visit.say("status", **facts))


async def _page(visit: Visit) -> OutgoingMessage:
    listed = await staff.listing(visit.context.db, visit.context.bot_id)
    rows = tuple(
        (Button(visit.label("remove", name=name or str(user_id)), press=pack("editor", user_id)),)
        for name, user_id in listed
    )
    return OutgoingMessage(visit.say("editors", editors=listed), buttons=rows)


def _person(message: Message, words: str) -> tuple[int, str] | None:
    if words.strip().isdecimal():
        return int(words), ""
    replied = message.reply_to_message
    if replied is None:
        return None
    if isinstance(replied.forward_origin, MessageOriginUser):
        person = replied.forward_origin.sender_user
        return person.id, person.full_name
    if replied.contact and replied.contact.user_id:
        return replied.contact.user_id, replied.contact.first_name
    if replied.from_user and not replied.from_user.is_bot:
        return replied.from_user.id, replied.from_user.full_name
    return None
