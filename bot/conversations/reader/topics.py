"""/topics: the list of topics, with what the chat follows shown in place."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import need_manager
from bot.conversations.context import Visit
from bot.conversations.joining import joined
from bot.conversations.managing import managed
from bot.conversations.visits import answer_press
from bot.model.chat import Chat, follows
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack, unpack
from bot.model.topic import Topics
from bot.readers import settings, topics
from bot.telegram.buttons import change, show

router = Router(name="topics")

ON, OFF, BELOW = "✅", "▫️", "›"


@router.message(Command("topics"))
async def offer(message: Message, visit: Visit) -> None:
    """Show all topics with buttons."""
    await need_manager(visit, message)
    here = await joined(visit, message.chat)
    await post_here(visit, here)
    await show(visit.bot, message.chat.id, await topics_page(visit, here.id, None), visit.thread_id)


@router.callback_query(F.data.startswith("topics"))
async def turn(press: CallbackQuery, visit: Visit) -> None:
    """Show the topics below one, or the first page."""
    said = unpack(press.data or "")
    here = await managed(press, visit, said.number(1))
    meant = here if said.number(1) else None
    page = await topics_page(visit, here.id, said.number(0) or None, meant)
    await _edit(press, visit.bot, page)


@router.callback_query(F.data.startswith("pick:"))
async def pick(press: CallbackQuery, visit: Visit) -> None:
    """Follow a topic, or leave it."""
    said = unpack(press.data or "")
    topic_id = said.number(0)
    if topic_id is None:
        raise Refusal("stale")
    here = await managed(press, visit, said.number(2))
    meant = here if said.number(2) else None
    context = visit.context
    thread_id = None if meant else visit.thread_id
    topic, followed = await topics.toggle(context.db, here.id, topic_id, context.clock.now(), thread_id)
    name = topic.name(visit.language)
    await answer_press(press, visit.notice("following" if followed else "not_following", topic=name))
    if (page := said.number(1)) is not None:
        await _edit(press, visit.bot, await topics_page(visit, here.id, page or None, meant))


async def topics_page(
    visit: Visit, chat_id: int, parent_id: int | None, meant: Chat | None = None, *, text: str | None = None
) -> OutgoingMessage:
    """Return the topics below `parent_id`, or the top ones. `meant` is another chat that they are for."""
    known, chosen = await topics.choices(visit.context.db, chat_id)
    rows = []
    for topic in known.children(parent_id):
        mark = ON if follows(known.chain(topic.id), chosen) else OFF
        data = pack("pick", topic.id, parent_id or 0, *_tail(meant))
        row = [Button(f"{mark} {topic.name(visit.language)}", press=data)]
        if known.children(topic.id):
            row.append(Button(BELOW, press=pack("topics", topic.id, *_tail(meant))))
        rows.append(tuple(row))
    if parent_id is not None and parent_id in known.by_id:
        above = known.by_id[parent_id].parent_id or 0
        rows.append((Button(visit.label("back"), press=pack("topics", above, *_tail(meant))),))
    elif meant is not None:
        rows.append((Button(visit.label("settings"), press=pack("set", *_tail(meant))),))
    if text is None:
        path = _path(known, parent_id, visit.language)
        text = visit.say("topics", path=path, empty=not known.all, channel=meant.title if meant else "")
    return OutgoingMessage(text, buttons=tuple(rows))


async def channel_page(visit: Visit, channel: Chat) -> OutgoingMessage:
    """Return what somebody who brought the bot into a channel is told: that it may post, and what it could."""
    hello = visit.say("channel_hello", title=channel.title)
    return await topics_page(visit, channel.id, None, channel, text=hello)


async def post_here(visit: Visit, here: Chat) -> None:
    """Let what goes to the whole group come to the thread where the topics were asked for."""
    if here.thread_id != visit.thread_id:
        context = visit.context
        await settings.choose(context.db, here.id, context.clock.now(), thread_id=visit.thread_id)


def _tail(meant: Chat | None) -> tuple[int, ...]:
    return () if meant is None else (meant.telegram_id,)


def _path(known: Topics, topic_id: int | None, language: str) -> str:
    if topic_id is None:
        return ""
    return " › ".join(known.names(reversed(known.chain(topic_id)), language))


async def _edit(press: CallbackQuery, bot: Bot, page: OutgoingMessage) -> None:
    if press.message is not None:
        await change(bot, press.message.chat.id, press.message.message_id, page, photo=False)
