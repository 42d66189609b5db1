"""The command menus, by language and kind of chat."""

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

log = logging.getLogger(__name__)


async def set_commands(bot: Bot, context: Context) -> None:
    """Tell Telegram the menus. What it does not take is logged: the bot works without them."""
    for language in (None, *NAMES):
        spoken = language or context.language
        private = context.talk.command_menu(spoken, "private")
        group = context.talk.command_menu(spoken, "group")
        await _set(bot, private, BotCommandScopeAllPrivateChats(), language)
        await _set(bot, group, BotCommandScopeAllGroupChats(), language)
        for owner in context.owner_ids:
            menu = context.talk.command_menu(spoken, "private", editor=True)
            await _set(bot, menu, BotCommandScopeChat(chat_id=owner), language)


async def _set(
    bot: Bot, menu: list[tuple[str, str]], scope: BotCommandScopeUnion, language: str | None
) -> None:
    commands = [BotCommand(command=command, description=about) for command, about in menu]
    try:
        await bot.set_my_commands(commands, scope=scope, language_code=language)
    except TelegramAPIError as error:
        log.info("a command menu was not taken: %s", error.message)
