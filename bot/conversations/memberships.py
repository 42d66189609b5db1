"""The bot's own comings and goings: blocked, added to a group, made administrator of a channel, moved."""

from __future__ import annotations

import logging

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
    ReplyKeyboardRemove,
)
from aiogram.types.chat_member_union import ChatMemberUnion

from bot.conversations.access import need_manager, role_of
from bot.conversations.answers import send
from bot.conversations.places.channels import REQUEST, channel_meant, need_private
from bot.conversations.places.rights import bots_rights, rights_page
from bot.conversations.reader.topic_menu import post_menu
from bot.conversations.reader.topics import channel_page, topics_page
from bot.conversations.visit import Visit
from bot.desk.newsroom import setup
from bot.log import Event
from bot.model.chat import Chat, ChatKind, ChatState
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right
from bot.readers import membership
from bot.readers.places import keepers
from bot.services import Services
from bot.telegram.replies import show
from bot.tongues import of_person

log = logging.getLogger(__name__)

router = Router(name="memberships")


@router.my_chat_member()
async def changed(event: ChatMemberUpdated, services: Services) -> None:
    """Take note of where the bot may write, and introduce it where it may now."""
    kind = ChatKind(event.chat.type)
    if reason := _hindrance(kind, event.new_chat_member):
        await membership.shut_out(
            services.db,
            services.bot.id,
            event.chat.id,
            reason=reason,
            at=services.now(),
            by=event.from_user.id,
        )
        return
    if kind is ChatKind.PRIVATE:
        await membership.come_back(services.db, services.bot.id, event.chat.id, services.now())
        return
    before = await membership.find(services.db, services.bot.id, event.chat.id)
    here = await _join(event, services)
    # Whoever has just chosen the channel by Telegram's button is shown it by that.
    shown = before is not None and before.kind is ChatKind.CHANNEL and before.state is ChatState.ACTIVE
    if _hindrance(kind, event.old_chat_member) and not shown:
        await _introduce(event, services, here)


@router.message(F.chat_shared.request_id == REQUEST)
async def chosen(message: Message, visit: Visit) -> None:
    """Show a channel that its administrator chose by Telegram's button: its topics, or the rights that lack."""
    need_private(visit)
    shared, services = message.chat_shared, visit.services
    if shared is None or shared.chat_id >= 0 or visit.user_id is None:
        raise Refusal("stale")
    await need_manager(visit, message, shared.chat_id)
    before = await membership.find(services.db, services.bot.id, shared.chat_id)
    there = await channel_meant(visit, shared.chat_id)
    taken = visit.say("channel_taken", title=there.title)
    await visit.client.send_message(visit.telegram_id, taken, reply_markup=ReplyKeyboardRemove())
    if not (await bots_rights(visit, there)).writes:
        await send(visit, await rights_page(visit, there, there.telegram_id))
    elif before is None or not await keepers.is_new(services.db, before, services.now()):
        await send(visit, await channel_page(visit, there))


@router.message(F.migrate_to_chat_id)
async def moved(message: Message, services: Services) -> None:
    """Follow a group that became a supergroup, as the old one tells it."""
    if message.migrate_to_chat_id is not None:
        await _move(services, message.chat.id, message.migrate_to_chat_id)


@router.message(F.migrate_from_chat_id)
async def arrived(message: Message, services: Services) -> None:
    """Follow a group that became a supergroup, as the new one tells it."""
    if message.migrate_from_chat_id is not None:
        await _move(services, message.migrate_from_chat_id, message.chat.id)


async def _move(services: Services, telegram_id: int, new_telegram_id: int) -> None:
    await membership.move(services.db, services.bot.id, telegram_id, new_telegram_id, at=services.now())


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


async def _join(event: ChatMemberUpdated, services: Services) -> Chat:
    known, _ = await membership.join(
        services.db,
        services.bot.id,
        event.chat.id,
        kind=ChatKind(event.chat.type),
        title=event.chat.title or "",
        language=of_person(event.from_user.language_code, services.bot.language),
        zone=services.bot.zone,
        at=services.now(),
        invited_by=event.from_user.id,
    )
    return known


async def _is_for_tests(event: ChatMemberUpdated, services: Services) -> bool:
    """Return whether a channel is the answer to the set-up's question: it gets its topics there."""
    role = await role_of(services, event.from_user.id)
    awaits = await setup.awaits_channel(services.db, services.bot.id, at=services.now())
    return role.may(Right.SOURCES) and awaits


async def _introduce(event: ChatMemberUpdated, services: Services, here: Chat) -> None:
    channel = here.kind is ChatKind.CHANNEL
    if channel and await _is_for_tests(event, services):
        return
    target = event.from_user.id if channel else event.chat.id
    person = await membership.find(services.db, services.bot.id, event.from_user.id)
    language = person.language if person else of_person(event.from_user.language_code, services.bot.language)
    visit = Visit(
        services=services,
        user_id=None,
        language=language,
        telegram_id=target,
        kind=ChatKind.PRIVATE if channel else here.kind,
    )
    try:
        if channel:
            await show(services.client, target, await channel_page(visit, here))
        else:
            hello = await topics_page(visit, here.id, None, text=visit.say("group_hello"))
            await post_menu(visit, here, hello)
    except TelegramAPIError as error:
        # Whoever promoted the bot never spoke with it: it may not write first. /start offers it then.
        log.info(Event("hello.refused", chat=target, reason=error.message))
