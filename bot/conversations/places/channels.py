"""/channels: the channels of a person, chosen by Telegram's own button or by having added the bot."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command
from aiogram.types import (
    CallbackQuery,
    ChatAdministratorRights,
    KeyboardButton,
    KeyboardButtonRequestChat,
    Message,
    ReplyKeyboardMarkup,
)

from bot.conversations.answers import change, send
from bot.conversations.visit import Visit
from bot.model.chat import Chat, ChatKind, ChatState
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack
from bot.readers import membership
from bot.readers.places import keepers

router = Router(name="channels")

REQUEST = 3
"""Says which request Telegram answers: the one for a channel of a reader's."""

MOST = 20

_NONE = dict.fromkeys(
    (name for name, field in ChatAdministratorRights.model_fields.items() if field.is_required()), False
)
POSTING = {"can_post_messages": True, "can_edit_messages": True, "can_delete_messages": True}
BOTS_RIGHTS = ChatAdministratorRights(**_NONE | POSTING | {"can_manage_chat": True})
"""What the bot needs in a channel: to post, to correct and pin, and to take back."""

PERSONS_RIGHTS = ChatAdministratorRights(
    **_NONE | POSTING | {"can_manage_chat": True, "can_promote_members": True, "can_invite_users": True}
)
"""What the person must have there: all that the bot gets, and to make somebody an administrator."""


@router.message(Command("channels"))
async def open_channels(_message: Message, visit: Visit) -> None:
    """Show the channels of a person."""
    await send(visit, await channels_page(visit))


@router.callback_query(F.data == "channels")
async def show_channels(press: CallbackQuery, visit: Visit) -> None:
    """Show the channels of a person."""
    await change(visit, press, await channels_page(visit))


@router.callback_query(F.data == "channels:add")
async def ask_channel(_press: CallbackQuery, visit: Visit) -> None:
    """Show the button with which Telegram lets somebody choose a channel and make the bot its administrator."""
    need_private(visit)
    request = KeyboardButtonRequestChat(
        request_id=REQUEST,
        chat_is_channel=True,
        user_administrator_rights=PERSONS_RIGHTS,
        bot_administrator_rights=BOTS_RIGHTS,
        request_title=True,
    )
    choose = KeyboardButton(text=visit.label("choose_channel"), request_chat=request)
    cancel = KeyboardButton(text=visit.label("cancel"))
    keyboard = ReplyKeyboardMarkup(
        keyboard=[[choose], [cancel]], resize_keyboard=True, one_time_keyboard=True
    )
    await visit.client.send_message(visit.telegram_id, visit.say("channel_ask"), reply_markup=keyboard)


async def channels_page(visit: Visit) -> OutgoingMessage:
    """Return a person's channels, each with a button: to its settings, or to what the bot lacks there."""
    need_private(visit)
    services = visit.services
    found = await keepers.channels_of(services.db, services.bot.id, visit.user_id or 0, MOST)
    shut = [each.title for each in found if each.state is not ChatState.ACTIVE]
    rows = [(_channel_button(each),) for each in found]
    rows.append((Button(visit.label("add_channel"), press="channels:add"),))
    rows.append((Button(visit.label("settings"), press="set:0"),))
    return OutgoingMessage(visit.say("channels", empty=not found, shut=shut), buttons=tuple(rows))


def _channel_button(channel: Chat) -> Button:
    if channel.state is ChatState.ACTIVE:
        return Button(f"📢 {channel.title}"[:64], press=pack("set", channel.telegram_id))
    return Button(f"⚠️ {channel.title}"[:64], press=pack("may", channel.telegram_id))


async def channel_meant(visit: Visit, telegram_id: int) -> Chat:
    """Return the channel as the bot knows it from now on. Refused for what is no channel that the bot can see."""
    services = visit.services
    try:
        found = await visit.client.get_chat(telegram_id)
    except TelegramAPIError:
        raise Refusal("not-channel-admin") from None
    if found.type != ChatKind.CHANNEL:
        raise Refusal("not-channel-admin")
    known, _ = await membership.join(
        services.db,
        services.bot.id,
        telegram_id,
        kind=ChatKind.CHANNEL,
        title=found.title or "",
        language=visit.language,
        zone=visit.chat.zone if visit.chat else services.bot.zone,
        at=services.now(),
        invited_by=visit.user_id,
    )
    return known


def need_private(visit: Visit) -> None:
    """Refuse what is done in a person's own chat alone."""
    if visit.kind is not ChatKind.PRIVATE:
        raise Refusal("private-only")
