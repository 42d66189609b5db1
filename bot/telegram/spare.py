"""Calls that wait among those of a lane: what nobody waits for takes the slots that readers leave."""

from __future__ import annotations

import asyncio
from typing import cast

from aiogram import Bot
from aiogram.methods.base import TelegramMethod, TelegramType

from bot.model.delivery import Lane
from bot.telegram.client import Session
from bot.telegram.transport.ticket import CallTicket, Recalled


async def call_in(lane: Lane, bot: Bot, method: TelegramMethod[TelegramType]) -> TelegramType:
    """Make a call when its lane has a slot. Raises aiogram's own exceptions, and Recalled."""
    return await cast(Session, bot.session).call(bot, method, CallTicket(lane))


async def spare_call(bot: Bot, method: TelegramMethod[TelegramType], seconds: float) -> TelegramType:
    """Make a call behind all that readers are waiting for, and after so many seconds as a reply to a person.

    Without that end a push to a million would hold back what tells how the push is doing. Raises aiogram's own
    exceptions.
    """
    session, ticket = cast(Session, bot.session), CallTicket(Lane.DIGEST)
    patience = asyncio.get_running_loop().call_later(seconds, ticket.recall)
    try:
        return await session.call(bot, method, ticket)
    except Recalled:
        return await bot(method)
    finally:
        patience.cancel()
