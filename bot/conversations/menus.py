"""How the bot presents itself: its description, and command menus by language and kind of chat.

Staff, and whoever switched the language, have menus of their own.
"""

from __future__ import annotations

import logging

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeUnion,
)

from bot.conversations.context import Context
from bot.conversations.language import NAMES
from bot.desk import staff
from bot.model.chat import ChatKind
from bot.readers import membership

log = logging.getLogger(__name__)


async def present(bot: Bot, context: Context) -> None:
    """Tell Telegram what the bot can do, and its menus."""
    await describe(bot, context)
    await set_commands(bot, context)


async def set_commands(bot: Bot, context: Context) -> None:
    """Tell Telegram the menus. What it does not take is logged: the bot works without them."""
    for language in (None, *NAMES):
        spoken = language or context.language
        private = context.talk.command_menu(spoken, "private")
        group = context.talk.command_menu(spoken, "group")
        await _set(bot, private, BotCommandScopeAllPrivateChats(), language)
        await _set(bot, group, BotCommandScopeAllGroupChats(), language)
    editors = {user_id for _, user_id in await staff.listing(context.db, context.bot_id)}
    for person in sorted(editors | context.owner_ids):
        await set_menu(bot, context, person)


async def describe(bot: Bot, context: Context) -> None:
    """Say what the bot can do to whoever opens it first, unless @BotFather was told something already."""
    languages = (None, *NAMES)
    try:
        if any([(await bot.get_my_description(language_code=each)).description for each in languages]):
            return
        for language in languages:
            about = context.talk.about(language or context.language)
            await bot.set_my_description(about, language_code=language)
    except TelegramAPIError as error:
        log.info("a description was not taken: %s", error.message)


async def set_menu(bot: Bot, context: Context, telegram_id: int) -> None:
    """Tell Telegram the menu of one chat: in the language chosen there, with what the person may do."""
    known = await membership.find(context.db, context.bot_id, telegram_id)
    kind = "private" if known is None or known.kind is ChatKind.PRIVATE else "group"
    role = await _role(context, telegram_id)
    for language in (None, *NAMES):
        spoken = known.language if known else language or context.language
        menu = context.talk.command_menu(spoken, kind, role)
        await _set(bot, menu, BotCommandScopeChat(chat_id=telegram_id), language)


async def _role(context: Context, user_id: int) -> str:
    if user_id in context.owner_ids:
        return "owner"
    return "editor" if await staff.is_editor(context.db, context.bot_id, user_id) else "reader"


async def _set(
    bot: Bot, menu: list[tuple[str, str]], scope: BotCommandScopeUnion, language: str | None
) -> None:
    commands = [BotCommand(command=command, description=about) for command, about in menu]
    try:
        await bot.set_my_commands(commands, scope=scope, language_code=language)
    except TelegramAPIError as error:
        log.info("a command menu was not taken: %s", error.message)
