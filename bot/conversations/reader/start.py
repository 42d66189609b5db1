"""/start with its deep links, /help, /id, and a kind answer to what is not understood."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import is_editor, need_manager
from bot.conversations.context import Visit
from bot.conversations.joining import joined
from bot.conversations.reader.stories import show_story
from bot.conversations.reader.topics import topics_page
from bot.conversations.visits import answer_press
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack, read_start
from bot.readers import topics
from bot.telegram.buttons import show

router = Router(name="start")
last_router = Router(name="last")


@router.message(CommandStart())
async def start(message: Message, command: CommandObject, visit: Visit) -> None:
    """Greet, and offer topics; a deep link shows its topic or story."""
    await need_manager(visit, message)
    here = await joined(visit, message.chat)
    link = read_start(command.args or "")
    if link and link[0] == "article":
        await show_story(visit, int(link[1]))
        return
    known = await topics.all_topics(visit.context.db)
    topic = known.find(link[1]) if link else None
    if topic is not None:
        name = topic.name(visit.language)
        follow = Button(visit.label("follow", topic=name), press=pack("pick", topic.id))
        every = Button(visit.label("topics"), press=pack("topics", 0))
        text = visit.say("start_topic", topic=name)
        await show(visit.bot, message.chat.id, OutgoingMessage(text, buttons=((follow,), (every,))))
        return
    name = message.from_user.first_name if message.from_user and message.chat.type == "private" else ""
    page = await topics_page(visit, here.id, None, text=visit.say("start", name=name))
    await show(visit.bot, message.chat.id, page, visit.thread_id)


@router.message(Command("help"))
async def tell_help(message: Message, visit: Visit) -> None:
    """Say what there is."""
    owner = visit.user_id in visit.context.owner_ids
    await message.answer(visit.say("help", editor=await is_editor(visit), owner=owner))


@router.message(Command("id"))
async def tell_ids(message: Message, visit: Visit) -> None:
    """Say the ids of person, chat and thread."""
    text = visit.say("id", user_id=visit.user_id, chat_id=message.chat.id, thread_id=visit.thread_id)
    await message.answer(text)


@last_router.message(F.chat.type == "private", F.text | F.photo | F.sticker | F.voice | F.document | F.video)
async def not_understood(message: Message, visit: Visit) -> None:
    """Answer kindly, in private alone."""
    await message.answer(visit.say("unknown"))


@last_router.callback_query()
async def stale(press: CallbackQuery, visit: Visit) -> None:
    """Say that a button leads nowhere any more."""
    await answer_press(press, visit.notice("stale"))
