"""Who may do what, asked anew at each message and press: both can be forged."""

from __future__ import annotations

from collections.abc import Collection

from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Message

from bot.conversations.visit import Visit, Visitor
from bot.desk import staff
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.model.newsroom.grant import ACCOUNTS_OF_MANY
from bot.model.newsroom.role import OWNER, READER, Right, Role
from bot.rendering.text.times import date_words
from bot.services import Services

MANAGERS = (ChatMemberStatus.CREATOR, ChatMemberStatus.ADMINISTRATOR)


async def role_of(services: Services, user_id: int | None) -> Role:
    """Return the role of the person with that Telegram id; None is an anonymous administrator."""
    if user_id is None or user_id in ACCOUNTS_OF_MANY:
        return READER
    if user_id in services.bot.owner_ids:
        return OWNER
    return await staff.role_of(services.db, services.bot.id, user_id, services.now())


async def may(visitor: Visitor, right: Right, topic: int | None = None) -> bool:
    """Return whether the visitor has a right; with a topic's id, whether the right holds for that topic."""
    return (await role_of(visitor.services, visitor.user_id)).may(right, topic)


async def need(visitor: Visitor, right: Right, topic: int | None = None) -> int:
    """Return the visitor's Telegram id. Refused where the visitor lacks the right."""
    role = await role_of(visitor.services, visitor.user_id)
    if visitor.user_id is None or not role.may(right):
        raise await _lacking(visitor, role, right)
    if topic is not None and not role.may(right, topic):
        raise Refusal("other-topics")
    return visitor.user_id


async def need_for(visitor: Visitor, right: Right, topics: Collection[int] | None) -> int:
    """Return the visitor's Telegram id. Refused where the right does not hold for every one of the topics.

    None are all topics that there are, as for what goes to everybody.
    """
    role = await role_of(visitor.services, visitor.user_id)
    if visitor.user_id is None or not role.may(right):
        raise await _lacking(visitor, role, right)
    if not role.covers(right, topics):
        raise Refusal("other-topics")
    return visitor.user_id


async def _lacking(visitor: Visitor, role: Role, right: Right) -> Refusal:
    """Return why the visitor may not: no such right, no right any more, or none at all."""
    services, user_id = visitor.services, visitor.user_id
    if user_id is not None and not role.rights:
        grant = await staff.find(services.db, services.bot.id, user_id)
        now = services.now()
        if grant.until is not None and grant.ended(now) and right in grant.rights:
            return Refusal(
                "rights-ended", until=date_words(grant.until, now, visitor.language, services.bot.zone)
            )
    if role.rights:
        return Refusal("no-right", right=visitor.label(f"right_{right}"))
    return Refusal("owners-only" if right in (Right.PEOPLE, Right.SOURCES) else "editors-only")


async def need_manager(visit: Visit, event: Message | CallbackQuery, chat_id: int | None = None) -> None:
    """Refuse whoever may not decide what the chat gets: anybody but administrators, outside private chats.

    `chat_id` is the Telegram id of the chat that is meant, where it is not the one spoken in.
    """
    meant = chat_id if chat_id is not None else visit.telegram_id
    if visit.kind is ChatKind.PRIVATE and meant == visit.telegram_id:
        return
    # An anonymous administrator speaks as the group itself. The press of one shows the person.
    if isinstance(event, Message) and event.sender_chat and event.sender_chat.id == meant:
        return
    if visit.user_id is None:
        raise Refusal("admins-only")
    try:
        member = await visit.client.get_chat_member(meant, visit.user_id)
    except TelegramAPIError:
        raise Refusal("admins-only") from None
    if member.status not in MANAGERS:
        raise Refusal("admins-only")
