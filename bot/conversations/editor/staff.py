"""/editors: who may send breaking news. /status: how the bot is doing."""

from __future__ import annotations

import re

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Contact, Message, MessageOriginUser

from bot.conversations.access import need_editor, need_owner
from bot.conversations.context import Visit
from bot.conversations.menus import set_menu
from bot.desk import staff, status
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack, unpack
from bot.readers import membership
from bot.telegram.buttons import change, show

router = Router(name="staff")

USER_ID = re.compile(r"[1-9][0-9]{0,15}")
"""A person's id: at most 52 bits (core.telegram.org/bots/api#user)."""


@router.message(Command("editors"))
async def editors(message: Message, command: CommandObject, visit: Visit) -> None:
    """List the editors; with an id, or in reply to somebody's message or contact, add one."""
    owner = need_owner(visit)
    context = visit.context
    person = _person(message, (command.args or "").strip())
    if person is not None:
        user_id, name = person
        name = name or await _name(visit, user_id)
        await staff.add(context.db, context.bot_id, user_id, name, owner, context.clock.now())
        await message.answer(visit.say("editor_added", name=name, user_id=user_id))
        await set_menu(visit.bot, context, user_id)
    elif visit.kind is not ChatKind.PRIVATE:
        raise Refusal("private-only")
    if visit.kind is ChatKind.PRIVATE:
        await show(visit.bot, message.chat.id, await _page(visit))


@router.callback_query(F.data.startswith("editor:"))
async def remove(press: CallbackQuery, visit: Visit) -> None:
    """Take one off the editors."""
    owner = need_owner(visit)
    user_id = unpack(press.data or "").number(0)
    if user_id is None or press.message is None:
        raise Refusal("stale")
    context = visit.context
    await staff.remove(context.db, context.bot_id, user_id, owner, context.clock.now())
    await set_menu(visit.bot, context, user_id)
    page = await _page(visit)
    await change(visit.bot, press.message.chat.id, press.message.message_id, page, photo=False)


@router.message(Command("status"))
async def tell_status(message: Message, visit: Visit) -> None:
    """Say how the bot is doing, in private: it is nothing for a group."""
    await need_editor(visit)
    if visit.kind is not ChatKind.PRIVATE:
        raise Refusal("private-only")
    facts = await status.status(visit.context.db, visit.context.bot_id, visit.language)
    await message.answer(visit.say("status", **facts))


async def _page(visit: Visit) -> OutgoingMessage:
    listed = await staff.listing(visit.context.db, visit.context.bot_id)
    rows = tuple(
        (Button(visit.label("remove", name=name or str(user_id)), press=pack("editor", user_id)),)
        for name, user_id in listed
    )
    return OutgoingMessage(visit.say("editors", editors=listed), buttons=rows)


async def _name(visit: Visit, user_id: int) -> str:
    """Return the name of whoever has met the bot."""
    known = await membership.find(visit.context.db, visit.context.bot_id, user_id)
    return known.title if known else ""


def _person(message: Message, words: str) -> tuple[int, str] | None:
    """Return whom an owner names, by id or by the message replied to; None where nobody is named.

    Refused where that can't be told.
    """
    if words:
        if not USER_ID.fullmatch(words):
            raise Refusal("no-user-id")
        return int(words), ""
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created:
        return None
    if isinstance(replied.forward_origin, MessageOriginUser):
        person = replied.forward_origin.sender_user
    elif replied.contact and replied.contact.user_id:
        return replied.contact.user_id, _full_name(replied.contact)
    elif replied.forward_origin or replied.contact or replied.sender_chat or replied.from_user is None:
        raise Refusal("hidden-user")
    else:
        person = replied.from_user
    if message.from_user and person.id == message.from_user.id:
        return None
    if person.is_bot:
        raise Refusal("hidden-user")
    return person.id, person.full_name


def _full_name(contact: Contact) -> str:
    return " ".join(filter(None, (contact.first_name, contact.last_name)))
