"""The bot's own comings and goings: blocked, added to a group, made administrator of a channel, moved."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import TelegramAPIError
from aiogram.types import ChatMemberUpdated, Message

from bot.conversations.context import Context, Visit
from bot.conversations.language import of_person
from bot.conversations.reader.topics import topics_page
from bot.model.chat import Chat, ChatKind
from bot.readers import membership
from bot.telegram.buttons import show

router = Router(name="memberships")

OUT = (ChatMemberStatus.KICKED, ChatMemberStatus.LEFT)


@router.my_chat_member()
async def changed(event: ChatMemberUpdated, bot: Bot, context: Context) -> None:
    """Take note of where the bot may write, and introduce it where it may now."""
    now, was = event.new_chat_member.status, event.old_chat_member.status
    kind = ChatKind(event.chat.type)
    if now in OUT:
        reason = "blocked" if kind is ChatKind.PRIVATE else str(now)
        await membership.shut_out(context.db, context.bot_id, event.chat.id, reason, context.clock.now())
        return
    if kind is ChatKind.PRIVATE:
        await membership.come_back(context.db, context.bot_id, event.chat.id, context.clock.now())
        return
    if kind is ChatKind.CHANNEL and now != ChatMemberStatus.ADMINISTRATOR:
        return
    here = await _join(event, context)
    if was in OUT or (kind is ChatKind.CHANNEL and was != ChatMemberStatus.ADMINISTRATOR):
        await _introduce(event, bot, context, here)


@router.message(F.migrate_to_chat_id)
async def moved(message: Message, context: Context) -> None:
    """Follow a group that became a supergroup."""
    if message.migrate_to_chat_id is not None:
        await membership.move(context.db, context.bot_id, message.chat.id, message.migrate_to_chat_id)


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
    language = of_person(event.from_user.language_code, context.language)
    kind = ChatKind.PRIVATE if channel else here.kind
    visit = Visit(context, bot, target, kind, event.from_user.id, language, None)
    hello = visit.say("channel_hello", title=event.chat.title or "") if channel else visit.say("group_hello")
    meant = event.chat.id if channel else None
    page = await topics_page(visit, here.id, None, meant, text=hello)
    try:
        await show(bot, target, page)
    except TelegramAPIError:
        # Whoever promoted the bot never spoke with it: it may not write first.
        return
