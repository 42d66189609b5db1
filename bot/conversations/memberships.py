"""The bot's own comings and goings: blocked, added to a group, made administrator of a channel, moved."""

from __future__ import annotations

import logging

from aiogram import Bot, F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
)
from aiogram.types.chat_member_union import ChatMemberUnion

from bot.conversations.context import Context, Visit
from bot.conversations.language import of_person
from bot.conversations.reader.topics import channel_page, topics_page
from bot.model.chat import Chat, ChatKind
from bot.readers import membership
from bot.telegram.buttons import show

log = logging.getLogger(__name__)

router = Router(name="memberships")


@router.my_chat_member()
async def changed(event: ChatMemberUpdated, bot: Bot, context: Context) -> None:
    """Take note of where the bot may write, and introduce it where it may now."""
    kind = ChatKind(event.chat.type)
    if reason := _hindrance(kind, event.new_chat_member):
        await membership.shut_out(context.db, context.bot_id, event.chat.id, reason, context.clock.now())
        return
    if kind is ChatKind.PRIVATE:
        await membership.come_back(context.db, context.bot_id, event.chat.id, context.clock.now())
        return
    here = await _join(event, context)
    if _hindrance(kind, event.old_chat_member):
        await _introduce(event, bot, context, here)


@router.message(F.migrate_to_chat_id)
async def moved(message: Message, context: Context) -> None:
    """Follow a group that became a supergroup, as the old one tells it."""
    if message.migrate_to_chat_id is not None:
        await _move(context, message.chat.id, message.migrate_to_chat_id)


@router.message(F.migrate_from_chat_id)
async def arrived(message: Message, context: Context) -> None:
    """Follow a group that became a supergroup, as the new one tells it."""
    if message.migrate_from_chat_id is not None:
        await _move(context, message.migrate_from_chat_id, message.chat.id)


async def _move(context: Context, telegram_id: int, new_telegram_id: int) -> None:
    await membership.move(context.db, context.bot_id, telegram_id, new_telegram_id, context.clock.now())


def _hindrance(kind: ChatKind, member: ChatMemberUnion) -> str:
    """Return why the bot may not write there as what it is, empty where it may."""
    if isinstance(member, ChatMemberBanned):
        return "blocked" if kind is ChatKind.PRIVATE else "kicked"
    if isinstance(member, ChatMemberLeft) or (
        isinstance(member, ChatMemberRestricted) and not member.is_member
    ):
        return "left"
    if isinstance(member, ChatMemberRestricted) and not member.can_send_messages:
        return "no-rights"
    posts = isinstance(member, ChatMemberAdministrator) and member.can_post_messages
    return "no-rights" if kind is ChatKind.CHANNEL and not posts else ""


async def _join(event: ChatMemberUpdated, context: Context) -> Chat:
    known, _ = await membership.join(
        context.db,
        context.bot_id,
        event.chat.id,
        kind=ChatKind(event.chat.type),
        title=event.chat.title or "",
        language=of_person(event.from_user.language_code, context.language),
        zone=context.zone,
        at=context.clock.now(),
        invited_by=event.from_user.id,
    )
    return known


async def _introduce(event: ChatMemberUpdated, bot: Bot, context: Context, here: Chat) -> None:
    channel = here.kind is ChatKind.CHANNEL
    target = event.from_user.id if channel else event.chat.id
    person = await membership.find(context.db, context.bot_id, event.from_user.id)
    language = person.language if person else of_person(event.from_user.language_code, context.language)
    visit = Visit(context, bot, target, ChatKind.PRIVATE if channel else here.kind, None, language, None)
    if channel:
        page = await channel_page(visit, here)
    else:
        page = await topics_page(visit, here.id, None, text=visit.say("group_hello"))
    try:
        await show(bot, target, page)
    except TelegramAPIError as error:
        # Whoever promoted the bot never spoke with it: it may not write first. /start offers it then.
        log.info("nobody could be told of a new chat: %s", error.message)
