"""/mydata, in private chats alone: what is kept is a person's own business."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import BufferedInputFile, Message

from bot.conversations.own_data.file import file_of
from bot.conversations.visit import Visit
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.readers import own_data

router = Router(name="own_data")

FILE = "mydata.json"


@router.message(Command("mydata"))
async def send_own_data(_message: Message, visit: Visit) -> None:
    """Send the file. Whoever has stopped may ask too, and nobody's chat begins by it."""
    if visit.kind is not ChatKind.PRIVATE or visit.user_id is None:
        raise Refusal("private-only")
    services = visit.services
    owner = visit.user_id in services.bot.owner_ids
    data = await own_data.of_person(services.db, services.bot.id, visit.user_id, owner=owner)
    document = BufferedInputFile(file_of(visit, data), FILE)
    text = visit.say("mydata", editor=data.staffed is not None)
    await visit.client.send_document(visit.telegram_id, document, caption=text)
