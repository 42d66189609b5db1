"""Whom an owner means: by an ID, an @name, a message replied to, a contact, or a choice among all of Telegram."""

from __future__ import annotations

import re

from aiogram.exceptions import TelegramAPIError
from aiogram.types import Contact, Message, MessageOriginUser

from bot.conversations.visit import Visitor
from bot.desk import staff
from bot.model.errors import Refusal
from bot.model.newsroom.grant import ACCOUNTS_OF_MANY
from bot.readers import membership

USER_ID = re.compile(r"[1-9][0-9]{0,15}")
"""A person's id: at most 52 bits (core.telegram.org/bots/api#user)."""

USERNAME = re.compile(r"@([A-Za-z][A-Za-z0-9_]{3,31})")


async def person_meant(visitor: Visitor, message: Message, words: str) -> tuple[int, str] | None:
    """Return the id and the name of whom an owner names; None where nobody is named.

    Refused where that can't be told.
    """
    if match := USERNAME.fullmatch(words):
        return await _by_username(visitor, match[1])
    if words:
        if not USER_ID.fullmatch(words) or int(words) in ACCOUNTS_OF_MANY:
            raise Refusal("no-user-id")
        return int(words), await name_of(visitor, int(words), "")
    replied = message.reply_to_message
    return _of_reply(message, replied) if replied and not replied.forum_topic_created else None


async def name_of(visitor: Visitor, user_id: int, unknown: str | None = None) -> str:
    """Return a person's name as the bot knows it, else `unknown`, or the id where that is None."""
    services = visitor.services
    known = await membership.find(services.db, services.bot.id, user_id)
    name = known.title if known else ""
    if not name:
        name = (await staff.find(services.db, services.bot.id, user_id)).name
    return name or (str(user_id) if unknown is None else unknown)


async def _by_username(visitor: Visitor, username: str) -> tuple[int, str]:
    services = visitor.services
    for user_id in await membership.seen_as(services.db, services.bot.id, username):
        try:
            # An @name can pass to somebody else, and rights must not.
            person = await visitor.client.get_chat(user_id)
        except TelegramAPIError:
            continue
        now = (person.username, *(person.active_usernames or ()))
        if username.lower() in (each.lower() for each in now if each):
            return user_id, person.full_name
    raise Refusal("unknown-username", username=username)


def _of_reply(message: Message, replied: Message) -> tuple[int, str] | None:
    if isinstance(replied.forward_origin, MessageOriginUser):
        person = replied.forward_origin.sender_user
    elif replied.contact and replied.contact.user_id:
        return replied.contact.user_id, _full_name(replied.contact)
    elif replied.forward_origin or replied.contact or replied.sender_chat or replied.from_user is None:
        raise Refusal("hidden-user")
    else:
        person = replied.from_user
    if message.from_user and person.id == message.from_user.id:
        return None
    if person.is_bot or person.id in ACCOUNTS_OF_MANY:
        raise Refusal("hidden-user")
    return person.id, person.full_name


def _full_name(contact: Contact) -> str:
    return " ".join(filter(None, (contact.first_name, contact.last_name)))
