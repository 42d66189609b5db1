"""What Telegram says of a forum's threads: their names, and that one is open again."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import Message

from bot.conversations.visit import Visit
from bot.model.chat import Chat, ChatKind, ChatState
from bot.readers.places import threads

router = Router(name="threads")


@router.message(F.forum_topic_edited.name)
async def renamed(message: Message, visit: Visit) -> None:
    """Keep a thread's new name."""
    here, edited = _forum(visit), message.forum_topic_edited
    if here is not None and edited and edited.name and message.message_thread_id:
        await threads.note_name(visit.services.db, here.id, message.message_thread_id, edited.name)


@router.message(F.forum_topic_created)
async def created(message: Message, visit: Visit) -> None:
    """Keep the name of a new thread: administrators can let topics come there."""
    here, made = _forum(visit), message.forum_topic_created
    if here is not None and made and message.message_thread_id:
        await threads.note(visit.services.db, here.id, message.message_thread_id, made.name)


@router.message(F.forum_topic_reopened | F.general_forum_topic_unhidden)
async def reopened(message: Message, visit: Visit) -> None:
    """Let what waited for the thread go there."""
    if here := _forum(visit):
        services = visit.services
        await threads.reopened(services.db, here.id, visit.thread_id, services.now())
        services.bell.ring()


async def note_spoken(message: Message, visit: Visit, here: Chat) -> None:
    """Keep the thread that was spoken in, with the name that its first message has."""
    if visit.thread_id is None or here.kind is ChatKind.PRIVATE:
        return
    first = message.reply_to_message
    made = first.forum_topic_created if first else None
    await threads.note(visit.services.db, here.id, visit.thread_id, made.name if made else "")


def _forum(visit: Visit) -> Chat | None:
    known = visit.chat
    return known if known and not known.private and known.state is ChatState.ACTIVE else None
