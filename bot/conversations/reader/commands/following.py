"""/follow, /unfollow, /mute, /unmute and /muted: all that the buttons can, in words."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.conversations.access import need_manager
from bot.conversations.answers import send
from bot.conversations.chats import joined
from bot.conversations.reader.following.modes import told
from bot.conversations.reader.following.mutes import list_page, muted_page, span_page, what_page
from bot.conversations.reader.opened.answered import story_answered
from bot.conversations.reader.topic_menu import post_menu
from bot.conversations.reader.topics import post_here, topics_page
from bot.conversations.visit import Visit
from bot.model.chat import Chat
from bot.model.following.mode import Mode
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack
from bot.readers import topics
from bot.readers.following import mutes
from bot.readers.following.phrases import mute_wish, wish
from bot.readers.topics import Chosen

router = Router(name="follow_commands")

MOST_CHARACTERS = 200
"""How much of what stands behind a command is read: the longest name of a topic is far shorter."""


@router.message(Command("follow"))
async def follow(message: Message, command: CommandObject, visit: Visit) -> None:
    """Follow a topic or everything: `/follow NAME [at once|digest|flash]`. Without words: show the topics."""
    here = await _here(message, visit)
    words = _words(command)
    if not words:
        here = await post_here(message, visit, here)
        await post_menu(visit, here, await topics_page(visit, here.id, None))
        return
    services = visit.services
    known = await topics.offered(services.db, services.bot.coverage)
    said = wish(words, known)
    if said.topic_id is None:
        await _unknown(message, visit, words)
        return
    made = await topics.choose(
        services.db, here.id, said.topic_id, services.now(), mode=said.mode, thread_id=visit.thread_id
    )
    await _answer(visit, made, said.topic_id)


@router.message(Command("unfollow"))
async def unfollow(message: Message, command: CommandObject, visit: Visit) -> None:
    """Follow a topic, or everything, no longer: `/unfollow NAME`. Without words: show the topics."""
    here = await _here(message, visit)
    words = _words(command)
    if not words:
        await post_menu(visit, here, await topics_page(visit, here.id, None))
        return
    services = visit.services
    said = wish(words, await topics.offered(services.db, services.bot.coverage))
    if said.topic_id is None:
        await _unknown(message, visit, words)
        return
    made = await topics.choose(services.db, here.id, said.topic_id, services.now(), mode=Mode.OFF)
    await _answer(visit, made, said.topic_id)


@router.message(Command("mute"))
async def mute(message: Message, command: CommandObject, visit: Visit) -> None:
    """Mute a topic or a source: `/mute NAME [until tomorrow|week|for good]`; in reply to a story, what is in it.

    Without words: show what is muted.
    """
    here = await _here(message, visit)
    words = _words(command)
    services = visit.services
    if not words:
        asked = message.reply_to_message
        article_id = await story_answered(visit, asked) if asked else None
        page = await what_page(visit, article_id) if article_id else await list_page(visit, here)
        await send(visit, page)
        return
    name, span = mute_wish(words)
    what = await mutes.called(services.db, name or words)
    if what is None:
        await _unknown(message, visit, name or words, source=True)
    elif span is None:
        await send(visit, span_page(visit, what))
    else:
        made = await mutes.mute(services.db, here.id, what.target, services.now(), span=span)
        await send(visit, muted_page(visit, here, made))


@router.message(Command("unmute"))
async def unmute(message: Message, command: CommandObject, visit: Visit) -> None:
    """Let a topic or a source come again: `/unmute NAME`. Without words: show what is muted."""
    here = await _here(message, visit)
    words = _words(command)
    services = visit.services
    what = await mutes.called(services.db, words) if words else None
    if what is None:
        if words:
            await _unknown(message, visit, words, source=True)
        else:
            await send(visit, await list_page(visit, here))
        return
    await mutes.unmute(services.db, here.id, what.target)
    await message.answer(visit.notice("unmuted", what=what.name(visit.language)))


@router.message(Command("muted"))
async def show_muted(message: Message, visit: Visit) -> None:
    """Show what is muted."""
    await send(visit, await list_page(visit, await _here(message, visit)))


async def _here(message: Message, visit: Visit) -> Chat:
    await need_manager(visit, message)
    return await joined(visit, message.chat)


def _words(command: CommandObject) -> str:
    return (command.args or "")[:MOST_CHARACTERS].strip()


async def _answer(visit: Visit, made: Chosen, topic_id: int) -> None:
    """Say what was chosen, with the way to change it."""
    parent = made.topic.parent_id if made.topic else None
    more = Button(visit.label("topic_more"), press=pack("mode", topic_id, parent or 0, 0, 0))
    await send(visit, OutgoingMessage(visit.say("mode_chosen", said=told(visit, made)), buttons=((more,),)))


async def _unknown(message: Message, visit: Visit, words: str, *, source: bool = False) -> None:
    known = await topics.offered(visit.services.db, visit.services.bot.coverage)
    names = [each.name(visit.language) for each in known.children(None)]
    name = "unknown_mute" if source else "unknown_topic"
    await message.answer(visit.say(name, words=words, topics=names))
