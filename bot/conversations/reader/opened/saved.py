"""/saved, and what is pressed under an opened story: save it, take it out again, follow its topic.

Saving is a person's own: it is done in private chats alone.
"""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.conversations.answers import change, own_button, replace_buttons, send
from bot.conversations.chats import joined, managed
from bot.conversations.presses import answer_press
from bot.conversations.reader.opened.answered import story_answered
from bot.conversations.visit import Visit
from bot.model.chat import Chat, ChatKind
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.press import unpack
from bot.readers import saved, topics
from bot.readers.places.threads import spoken_in
from bot.rendering.buttons import SAVE, UNSAVE, press_to_keep

router = Router(name="saved")


@router.message(Command("saved"))
async def show(message: Message, visit: Visit) -> None:
    """Show what the person saved, newest first."""
    _need_private(visit)
    await send(visit, await _page(visit, await joined(visit, message.chat), 0))


@router.message(Command("save"))
async def save_answered(message: Message, visit: Visit) -> None:
    """Save the story that the message answers: also one that came by itself, without the button."""
    _need_private(visit)
    here = await joined(visit, message.chat)
    asked, services = message.reply_to_message, visit.services
    article_id = await story_answered(visit, asked) if asked else None
    if article_id is None:
        raise Refusal("save-what")
    await saved.save(services.db, here.id, article_id, services.now())
    await message.answer(visit.notice("kept_for_later"))


@router.callback_query(F.data.startswith("saved:") | F.data.startswith("list:saved:"))
async def turn(press: CallbackQuery, visit: Visit) -> None:
    """Show another page, or the page again from which a story was opened."""
    _need_private(visit)
    said = unpack((press.data or "").removeprefix("list:"))
    await change(visit, press, await _page(visit, await _here(press, visit), said.number(0) or 0))


@router.callback_query(F.data.startswith(f"{SAVE}:") | F.data.startswith(f"{UNSAVE}:"))
async def keep(press: CallbackQuery, visit: Visit) -> None:
    """Save a story, or take it out: each press says which, so that a second press undoes nothing."""
    _need_private(visit)
    said, services = unpack(press.data or ""), visit.services
    article_id, keeps = said.number(0), said.verb == SAVE
    if article_id is None:
        raise Refusal("stale")
    here = await _here(press, visit)
    if keeps:
        await saved.save(services.db, here.id, article_id, services.now())
    else:
        await saved.take_out(services.db, here.id, article_id)
    await answer_press(press, visit.notice("kept_for_later" if keeps else "taken_out"))
    after = Button(visit.label("saved" if keeps else "save"), press=press_to_keep(article_id, keeps))
    await replace_buttons(visit, press, {press_to_keep(article_id, not keeps): after})


@router.callback_query(F.data.startswith("join:"))
async def follow(press: CallbackQuery, visit: Visit) -> None:
    """Follow the topic that is offered under a story; the story stays, the offer goes."""
    here = await managed(press, visit, None)
    topic_id = unpack(press.data or "").number(0)
    if topic_id is None:
        raise Refusal("stale")
    services = visit.services
    topic = await topics.follow(
        services.db, here.id, topic_id, services.now(), thread_id=spoken_in(here, visit.thread_id)
    )
    await answer_press(press, visit.notice("following", topic=topic.name(visit.language)))
    await replace_buttons(visit, press, {press.data or "": None})


async def _page(visit: Visit, here: Chat, page: int) -> OutgoingMessage:
    found = await saved.page_of(visit.services.db, here.id, page)
    return visit.services.digests.saved(
        [visit.story(each, found.topics) for each in found.articles],
        visit.readership,
        page=found.page,
        total=found.total,
        now=visit.services.now(),
    )


async def _here(press: CallbackQuery, visit: Visit) -> Chat:
    own_button(visit, press)
    if press.message is None:
        raise Refusal("stale")
    return await joined(visit, press.message.chat)


def _need_private(visit: Visit) -> None:
    if visit.kind is not ChatKind.PRIVATE:
        raise Refusal("private-only")
