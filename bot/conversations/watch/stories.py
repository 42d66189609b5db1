"""Follow what comes of a story, and no more; /follow in answer to one; /following, all that are followed."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import need_manager
from bot.conversations.answers import change, own_button, replace_buttons, send
from bot.conversations.chats import joined, managed
from bot.conversations.presses import answer_press
from bot.conversations.reader.opened.answered import own_message, story_answered
from bot.conversations.visit import Visit
from bot.conversations.watch.alert_pages import FOLLOWED, back_to_alerts
from bot.model.chat import Chat
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack, unpack
from bot.readers.watch import stories
from bot.rendering.buttons import UNWATCH, WATCH, press_to_watch
from bot.rendering.text.breaks import shorten
from bot.rendering.variables import headline

router = Router(name="followed")

PER_PAGE = 8
GONE = "unfollow"


@router.message(Command("follow", magic=~F.args), F.reply_to_message, ~F.reply_to_message.forum_topic_created)
async def follow_answered(message: Message, visit: Visit) -> None:
    """Follow the story that the message answers."""
    await need_manager(visit, message)
    here = await joined(visit, message.chat)
    asked, services = message.reply_to_message, visit.services
    article_id = await story_answered(visit, asked) if asked else None
    if asked is None or article_id is None:
        raise Refusal("follow-what")
    await stories.follow(
        services.db,
        here.id,
        article_id,
        services.now(),
        message_id=own_message(asked),
        thread_id=visit.thread_id,
    )
    await message.answer(visit.notice("watching", days=stories.DAYS))


@router.message(Command("following"))
async def show(message: Message, visit: Visit) -> None:
    """Show the stories that the chat follows."""
    await need_manager(visit, message)
    await send(visit, await _page(visit, await joined(visit, message.chat), 0))


@router.callback_query(F.data.startswith(f"{WATCH}:") | F.data.startswith(f"{UNWATCH}:"))
async def choose(press: CallbackQuery, visit: Visit) -> None:
    """Follow a story, or follow it no more: each press says which, so that a second press undoes nothing."""
    own_button(visit, press)
    said, services = unpack(press.data or ""), visit.services
    article_id, watches = said.number(0), said.verb == WATCH
    if article_id is None or press.message is None:
        raise Refusal("stale")
    here = await managed(press, visit, None)
    if watches:
        await stories.follow(
            services.db,
            here.id,
            article_id,
            services.now(),
            message_id=own_message(press.message) if isinstance(press.message, Message) else None,
            thread_id=visit.thread_id,
        )
    else:
        await stories.unfollow(services.db, here.id, article_id)
    await answer_press(press, visit.notice("watching" if watches else "not_watching", days=stories.DAYS))
    after = Button(visit.label("unwatch" if watches else "watch"), press=press_to_watch(article_id, watches))
    await replace_buttons(visit, press, {press_to_watch(article_id, not watches): after})


@router.callback_query(F.data.startswith(f"{FOLLOWED}:") | F.data.startswith(f"list:{FOLLOWED}:"))
async def turn(press: CallbackQuery, visit: Visit) -> None:
    """Show a page of the stories that the chat follows, or the page again from which one was opened."""
    own_button(visit, press)
    here = await managed(press, visit, None)
    said = unpack((press.data or "").removeprefix("list:"))
    await change(visit, press, await _page(visit, here, said.number(0) or 0))


@router.callback_query(F.data.startswith(f"{GONE}:"))
async def give_up(press: CallbackQuery, visit: Visit) -> None:
    """Follow a story of the list no more, and show the list without it."""
    own_button(visit, press)
    said = unpack(press.data or "")
    article_id = said.number(0)
    if article_id is None:
        raise Refusal("stale")
    here = await managed(press, visit, None)
    await stories.unfollow(visit.services.db, here.id, article_id)
    await answer_press(press, visit.notice("not_watching"))
    await change(visit, press, await _page(visit, here, said.number(1) or 0))


async def _page(visit: Visit, here: Chat, page: int) -> OutgoingMessage:
    """Return a page, numbered from 0; one out of range is the nearest that exists."""
    found = await stories.of_chat(visit.services.db, here.id)
    total = len(found.articles)
    page = max(0, min(page, (total - 1) // PER_PAGE))
    first = page * PER_PAGE
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                f"{at}. {shorten(headline(each.content), 40)}",
                press=pack("open", each.id, FOLLOWED, page),
            ),
            Button(visit.label("unwatch"), press=pack(GONE, each.id, page)),
        )
        for at, each in enumerate(found.articles[first : first + PER_PAGE], first + 1)
    ]
    turns = [
        Button(visit.label(label), press=pack(FOLLOWED, at))
        for label, at in (("search_back", page - 1), ("search_on", page + 1))
        if 0 <= at * PER_PAGE < total
    ]
    if turns:
        rows.append(tuple(turns))
    text = visit.say("followed", total=total, days=stories.DAYS)
    return OutgoingMessage(text, buttons=(*rows, *back_to_alerts(visit)))
