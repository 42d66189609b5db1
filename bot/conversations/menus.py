"""How the bot presents itself: its description, and command menus by language and kind of chat.

Staff, and whoever switched the language, have menus of their own.
"""

from __future__ import annotations

import logging

from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeUnion,
)

from bot.conversations.access import role_of
from bot.conversations.places.aside import QUIET_COMMANDS
from bot.desk import staff
from bot.log import Event
from bot.model.chat import ChatKind
from bot.readers import membership
from bot.services import Services
from bot.tongues import codes

log = logging.getLogger(__name__)


async def present(services: Services) -> None:
    """Tell Telegram what the bot can do, and its menus."""
    await describe(services)
    await set_commands(services)


async def set_commands(services: Services) -> None:
    """Tell Telegram the menus. What it does not take is logged: the bot works without them."""
    for language in _spoken():
        spoken = language or services.bot.language
        private = services.talk.command_menu(spoken, "private")
        group = services.talk.command_menu(spoken, "group")
        await _set(services, private, BotCommandScopeAllPrivateChats(), language)
        await _set(services, group, BotCommandScopeAllGroupChats(), language)
    given = {user_id for _, user_id in await staff.listing(services.db, services.bot.id)}
    owners = services.bot.owner_ids
    former = await staff.owners_before(services.db, services.bot.id, owners, services.now())
    for person in sorted(given | owners | former):
        await set_menu(services, person)


async def describe(services: Services) -> None:
    """Say at Telegram what the bot is called and what it can do, in each language, as its greeting does.

    A description stays that @BotFather, or an earlier start, was told already. The name is @BotFather's, too, unless
    the newsroom file has names by language.
    """
    client, talk = services.client, services.talk
    try:
        for language, name in talk.names.items():
            # Telegram lets a name be set a few times a day.
            if (await client.get_my_name(language_code=language)).name != name:
                await client.set_my_name(name, language_code=language)
        if not any([(await client.get_my_description(language_code=each)).description for each in _spoken()]):
            for each in _spoken():
                about = talk.about(each or services.bot.language)
                await client.set_my_description(about, language_code=each)
        if not any(
            [
                (await client.get_my_short_description(language_code=each)).short_description
                for each in _spoken()
            ]
        ):
            for each in _spoken():
                about = talk.about_briefly(each or services.bot.language)
                await client.set_my_short_description(about, language_code=each)
    except TelegramAPIError as error:
        log.info(Event("description.refused", reason=error.message))


async def set_menu(services: Services, telegram_id: int) -> None:
    """Tell Telegram the menu of one chat: in the language chosen there, with what the person may do."""
    known = await membership.find(services.db, services.bot.id, telegram_id)
    kind = "private" if known is None or known.kind is ChatKind.PRIVATE else "group"
    role = await role_of(services, telegram_id)
    for language in _spoken():
        spoken = known.language if known else language or services.bot.language
        menu = services.talk.command_menu(spoken, kind, role.rights)
        await _set(services, menu, BotCommandScopeChat(chat_id=telegram_id), language)


async def _set(
    services: Services, menu: list[tuple[str, str]], scope: BotCommandScopeUnion, language: str | None
) -> None:
    # Nobody else in a group sees what an administrator asks there, nor that it was asked.
    quiet = QUIET_COMMANDS if isinstance(scope, BotCommandScopeAllGroupChats) else frozenset()
    commands = [
        BotCommand(command=command, description=about, is_ephemeral=command in quiet or None)
        for command, about in menu
    ]
    try:
        await services.client.set_my_commands(commands, scope=scope, language_code=language)
    except TelegramAPIError as error:
        log.info(Event("menu.refused", reason=error.message))


def _spoken() -> tuple[str | None, ...]:
    """Return the languages in which Telegram is told something; None: for everybody else."""
    return (None, *codes())
