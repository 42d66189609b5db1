"""What the bot may do in a channel or group, in words, with a button that looks again."""

from __future__ import annotations

from typing import NamedTuple

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, ChatMemberAdministrator, ChatMemberOwner, ChatMemberRestricted
from aiogram.types.chat_member_union import ChatMemberUnion

from bot.conversations.access import need_manager
from bot.conversations.answers import change
from bot.conversations.presses import answer_press
from bot.conversations.visit import Visit
from bot.model.chat import Chat, ChatKind, ChatState
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack, unpack
from bot.readers import membership

router = Router(name="bots_rights")

CHANNEL = {"post": "can_post_messages", "edit": "can_edit_messages", "delete": "can_delete_messages"}
GROUP = {"delete": "can_delete_messages", "pin": "can_pin_messages"}


class BotsRights(NamedTuple):
    """Whether the bot may write in a chat, and each right with whether it has it."""

    writes: bool
    rights: list[tuple[str, bool]]


@router.callback_query(F.data.startswith("may:"))
async def show(press: CallbackQuery, visit: Visit) -> None:
    """Show what the bot may do there, as Telegram says it now."""
    meant = unpack(press.data or "").number(0) or 0
    there = await meant_chat(press, visit, meant)
    page = await rights_page(visit, there, meant)
    await answer_press(press, visit.notice("looked_again"))
    await change(visit, press, page)


async def meant_chat(press: CallbackQuery, visit: Visit, meant: int) -> Chat:
    """Return the group or channel that a button names, also one where the bot may not write just now.

    Refused for whoever is no administrator there: the number can be forged.
    """
    if meant > 0:
        raise Refusal("admins-only")
    telegram_id = meant or visit.telegram_id
    await need_manager(visit, press, telegram_id)
    services = visit.services
    found = await membership.find(services.db, services.bot.id, telegram_id)
    if found is None or found.private or found.state in (ChatState.GONE, ChatState.STOPPED):
        raise Refusal("stale")
    return found


async def rights_page(visit: Visit, there: Chat, meant: int) -> OutgoingMessage:
    """Return what the bot may do in a chat; a chat that was shut out and may be written to again comes back."""
    found = await bots_rights(visit, there)
    services, now = visit.services, visit.services.now()
    if found.writes and there.state is ChatState.BLOCKED:
        await membership.come_back(services.db, services.bot.id, there.telegram_id, now)
    elif not found.writes and there.state is ChatState.ACTIVE:
        await membership.shut_out(
            services.db,
            services.bot.id,
            there.telegram_id,
            reason="no-rights",
            at=now,
            by=visit.user_id,
        )
    text = visit.say(
        "place_rights",
        title=there.title,
        channel=there.kind is ChatKind.CHANNEL,
        writes=found.writes,
        rights=found.rights,
    )
    again = Button(visit.label("look_again"), press=pack("may", meant))
    # Of a chat that can't be written to nothing can be set.
    back = (Button(visit.label("back"), press=pack("set", meant)),) if found.writes else ()
    return OutgoingMessage(text, buttons=tuple(filter(None, ((again,), back))))


async def bots_rights(visit: Visit, there: Chat) -> BotsRights:
    """Ask Telegram what the bot may do in a chat."""
    try:
        member = await visit.client.get_chat_member(there.telegram_id, visit.services.bot.id)
    except TelegramAPIError:
        return BotsRights(writes=False, rights=[])
    wanted = CHANNEL if there.kind is ChatKind.CHANNEL else GROUP
    rights = [(name, _has(member, right)) for name, right in wanted.items()]
    if there.kind is ChatKind.CHANNEL:
        return BotsRights(writes=dict(rights)["post"], rights=rights)
    silenced = isinstance(member, ChatMemberRestricted) and not member.can_send_messages
    present = member.status not in ("left", "kicked") and not silenced
    return BotsRights(writes=present, rights=[("write", present), *rights])


def _has(member: ChatMemberUnion, right: str) -> bool:
    if isinstance(member, ChatMemberOwner):
        return True
    return isinstance(member, ChatMemberAdministrator) and bool(getattr(member, right, False))
