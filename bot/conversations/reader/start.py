"""/start with its deep links, /help, /id, and a kind answer to what is not understood."""

from __future__ import annotations

from dataclasses import replace

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import need_manager, role_of
from bot.conversations.answers import send
from bot.conversations.chats import SAID, joined
from bot.conversations.menus import set_menu
from bot.conversations.reader.links import take_up
from bot.conversations.reader.stories import show_story
from bot.conversations.reader.topic_menu import post_menu
from bot.conversations.reader.topics import channel_page, post_here, topics_page
from bot.conversations.reader.ways.buttons import command_buttons
from bot.conversations.search.keys import FIND
from bot.conversations.visit import Visit
from bot.model.chat import Chat, ChatKind, ChatState
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.newsroom.role import READER, Right
from bot.model.press import pack, read_start
from bot.model.story.topic import Topic
from bot.readers import membership, topics
from bot.readers.search.asked import MOST_CHARACTERS

router = Router(name="start")
last_router = Router(name="last")

CHANNELS = 5


@router.message(CommandStart())
async def start(message: Message, command: CommandObject, visit: Visit) -> None:
    """Greet, and offer topics; a deep link sets topics up, or shows its topic, or its story after a greeting."""
    kind, what = read_start(command.args or "") or ("", "")
    if kind == "article" and visit.kind is not ChatKind.PRIVATE:
        # Reading is everybody's; what the group follows is its administrators'.
        await _tell(visit, int(what))
        return
    await need_manager(visit, message)
    new = visit.chat is None or visit.chat.state is not ChatState.ACTIVE
    here = await joined(visit, message.chat, anew=True)
    here = await post_here(message, visit, here)
    topic = (
        (await topics.offered(visit.services.db, visit.services.bot.coverage)).find(what)
        if kind == "topic"
        else None
    )
    if topic is not None:
        await _offer(visit, topic)
        return
    if new and here.private and (await role_of(visit.services, visit.user_id)).rights:
        # Before they had started the bot, their own menu could not be set.
        await set_menu(visit.services, here.telegram_id)
    if kind == "topics" and await take_up(replace(visit, chat=here), here, what, new=new):
        await _tell_of_channels(visit, here, new=new)
        return
    if new or kind != "article":
        await _greet(visit, message, here, new=new, stale=kind == "topics")
    if kind == "article":
        await _tell(replace(visit, chat=here), int(what))


async def _tell(visit: Visit, article_id: int) -> None:
    """Send the story of a shared link; whoever follows one to a story that is gone is shown where others are."""
    try:
        await show_story(visit, article_id)
    except Refusal as refusal:
        if refusal.code != "not-found":
            raise
        await send(visit, OutgoingMessage(visit.say("story_gone")))


async def _offer(visit: Visit, topic: Topic) -> None:
    name = topic.name(visit.language)
    follow = Button(visit.label("follow", topic=name), press=pack("follow", topic.id))
    every = Button(visit.label("topics"), press=pack("topics", 0))
    page = OutgoingMessage(visit.say("start_topic", topic=name), buttons=((follow,), (every,)))
    await send(visit, page)


async def _greet(visit: Visit, message: Message, here: Chat, *, new: bool, stale: bool = False) -> None:
    """Greet; `stale` is whether the link that led here sets nothing up (any more)."""
    name = message.from_user.first_name if message.from_user and here.private else ""
    text = visit.say("start", name=name, setup=await _to_set_up(visit), stale=stale)
    await post_menu(visit, here, await topics_page(visit, here.id, None, text=text))
    await _tell_of_channels(visit, here, new=new)


async def _tell_of_channels(visit: Visit, here: Chat, *, new: bool) -> None:
    if new and here.private:
        # Whoever brought the bot into a channel before could not be written to then.
        for channel in await membership.channels_of(
            visit.services.db, here.bot_id, here.telegram_id, CHANNELS
        ):
            await send(visit, await channel_page(visit, channel))


async def _to_set_up(visit: Visit) -> bool:
    """Return whether the visitor runs topics and feeds, and there are no topics yet."""
    if visit.kind is not ChatKind.PRIVATE or not (await role_of(visit.services, visit.user_id)).may(
        Right.SOURCES
    ):
        return False
    return not (await topics.all_topics(visit.services.db)).all


@router.message(Command("help"))
async def tell_help(message: Message, visit: Visit) -> None:
    """Say what there is; to editors, in private, what they have beside that."""
    private = visit.kind is ChatKind.PRIVATE
    role = await role_of(visit.services, visit.user_id) if private else READER
    commands = dict(visit.services.talk.command_menu(visit.language, "private", role.rights))
    text = visit.say(
        "help",
        editor=bool(role.rights),
        desk="desk" in commands,
        writer=role.may(Right.WRITE),
        flash=role.may(Right.FLASH),
        status=role.may(Right.PUBLISH),
        owner=role.may(Right.PEOPLE),
        sources=role.may(Right.SOURCES),
        fallback=visit.services.bot.fallback,
    )
    await send(visit, OutgoingMessage(text, buttons=command_buttons(visit) if private else ()))


@router.message(Command("id"))
async def tell_ids(message: Message, visit: Visit) -> None:
    """Say the ids of person, chat and thread."""
    text = visit.say("id", user_id=visit.user_id, chat_id=message.chat.id, thread_id=visit.thread_id)
    await message.answer(text)


@last_router.message(F.chat.type == "private", F.content_type.in_(SAID))
async def not_understood(message: Message, visit: Visit) -> None:
    """Answer kindly, in private alone: words with a search for them. Of an album only what has words."""
    if message.media_group_id is not None and not message.caption:
        return
    words = message.text or ""
    kind = "other" if not words else "command" if words.startswith("/") else "words"
    if kind == "words" and len(words) > MOST_CHARACTERS:
        kind = "long"
    search = ((Button(visit.label("search"), press=FIND),),) if kind == "words" else ()
    await send(
        visit, OutgoingMessage(visit.say("unknown", kind=kind), buttons=search), reply_to=message.message_id
    )


@last_router.callback_query()
async def stale(_press: CallbackQuery) -> None:
    """Say that a button leads nowhere any more."""
    raise Refusal("stale")
