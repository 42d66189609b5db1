"""/status: how the bot is doing."""

from __future__ import annotations

import asyncio

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from bot.conversations.access import need
from bot.conversations.visit import Visit
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right
from bot.operations import status
from bot.operations.backup import backup_facts

router = Router(name="status")


@router.message(Command("status"))
async def tell_status(message: Message, visit: Visit) -> None:
    """Say how the bot is doing, in private: it is nothing for a group."""
    await need(visit, Right.PUBLISH)
    if visit.kind is not ChatKind.PRIVATE:
        raise Refusal("private-only")
    now, flow = visit.services.now(), visit.services.update_flow
    facts = await status.status(visit.services.db, visit.services.bot.id, visit.language, now)
    facts["backup"] = await asyncio.to_thread(backup_facts, visit.services.backups, now)
    deafness = status.deafness(flow)
    # Of its own deafness this process knows more than the row.
    troubles = [
        each for each in facts.pop("reported") if not (deafness["code"] and each.talk == "owner_deaf")
    ]
    facts["troubles"] = [(each.talk, each.facts) for each in troubles]
    await message.answer(visit.say("status", way=flow.way, **facts, **deafness))
