"""Who may do what, asked anew at each message and press: both can be forged."""

from __future__ import annotations

from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Message

from bot.conversations.context import Visit
from bot.desk import staff
from bot.model.chat import ChatKind
from bot.model.errors import Refusal

MANAGERS = (ChatMemberStatus.CREATOR, ChatMemberStatus.ADMINISTRATOR)


async def is_editor(visit: Visit) -> bool:
    """Return whether the visitor may send breaking news."""
    if visit.user_id is None:
        return False
    context = visit.context
    return visit.user_id in context.owner_ids or await staff.is_editor(
        context.db, context.bot_id, visit.user_id
    )


async def need_editor(visit: Visit) -> int:
    """Return the editor's id; refused for anybody else."""
    if visit.user_id is None or not await is_editor(visit):
        raise Refusal("editors-only")
    return visit.user_id


def need_owner(visit: Visit) -> int:
    """Return the owner's id; refused for anybody else."""
    if visit.user_id is None or visit.user_id not in visit.context.owner_ids:
        raise Refusal("owners-only")
    return visit.user_id


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
        member = await visit.bot.get_chat_member(meant, visit.user_id)
    except TelegramAPIError:
        raise Refusal("admins-only") from None
    if member.status not in MANAGERS:
        raise Refusal("admins-only")
