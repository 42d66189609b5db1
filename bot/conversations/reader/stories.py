"""Stories on request: in full in place, through a list."""

from __future__ import annotations

from dataclasses import replace

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import may
from bot.conversations.answers import change, own_button
from bot.conversations.reader import story_pages
from bot.conversations.reader.opened import lists
from bot.conversations.reader.opened.surroundings import AFTER, BEFORE, opened_by_link, opened_from, watched
from bot.conversations.visit import Visit
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right
from bot.model.press import pack, unpack
from bot.readers import stories
from bot.readers.walk import Stop, around
from bot.rendering.story import Story

router = Router(name="stories")

RELATED = 3


@router.callback_query(F.data.startswith("brief:"))
async def collapse(press: CallbackQuery, visit: Visit) -> None:
    """Show the brief again in the place of the full story."""
    own_button(visit, press)
    story = await _story(visit, unpack(press.data or "").number(0))
    story = replace(story, opened=replace(story.opened, watched=await watched(visit, story)))
    await change(visit, press, visit.services.articles.short(story, visit.readership, visit.style))


@router.callback_query(F.data.startswith("close"))
async def close(press: CallbackQuery, visit: Visit) -> None:
    """Delete the full story that was sent below its brief. In private chats alone: nobody else reads it."""
    if isinstance(press.message, Message) and press.message.chat.type == ChatKind.PRIVATE:
        await press.message.delete()


@router.callback_query(F.data.startswith("full:") | F.data.startswith("open:"))
async def read(press: CallbackQuery, visit: Visit) -> None:
    """Show a story in full: as an article in its brief's place, or below a picture; else page by page."""
    own_button(visit, press)
    said = unpack(press.data or "")
    opened = said.verb == "open"
    if opened:
        page, back = 0, pack("list", *said.args[1:]) if len(said.args) > 1 else None
    else:
        page, back = said.number(1) or 0, ":".join(said.args[2:]) or None
    story = await opened_from(visit, press, await _story(visit, said.number(0)), back)
    await story_pages.open_story(visit, press, story, page=page, back=back)
    # What an editor previews is no reading, nor is a page turned.
    if story.published_at is not None and not page:
        await stories.opened(visit.services.db, story.id)


@router.callback_query(F.data.startswith("rich:"))
async def turn_page(press: CallbackQuery, visit: Visit) -> None:
    """Show another page of a story that is longer than one rich message."""
    own_button(visit, press)
    said = unpack(press.data or "")
    way = ":".join(said.args[2:]) or None
    story = await opened_from(visit, press, await _story(visit, said.number(0)), way)
    await story_pages.turn_page(visit, press, story, page=said.number(1) or 0, way=way)


@router.callback_query(F.data.startswith(f"{BEFORE}:") | F.data.startswith(f"{AFTER}:"))
async def step(press: CallbackQuery, visit: Visit) -> None:
    """Open the neighbour that a button names, in the place of the story before; where it is gone, the next nearest."""
    own_button(visit, press)
    said = unpack(press.data or "")
    key = ":".join(said.args[1:])
    story = await _reached(visit, press, said.number(0), key)
    back = pack("list", key)
    story = await opened_from(visit, press, story, back)
    await story_pages.open_story(visit, press, story, page=0, back=back)
    if story.published_at is not None:
        await stories.opened(visit.services.db, story.id)


async def show_story(visit: Visit, article_id: int) -> None:
    """Send a story into the chat that asked for it: as an article where the chat likes those, else briefly."""
    await story_pages.send_story(visit, await opened_by_link(visit, await _story(visit, article_id)))


async def _story(visit: Visit, article_id: int | None) -> Story:
    if article_id is None:
        raise Refusal("stale")
    # An editor reads on in a preview, too.
    draft = await may(visit, Right.WRITE)
    coverage = visit.services.bot.coverage
    found = await stories.read(visit.services.db, article_id, related=RELATED, draft=draft, coverage=coverage)
    return visit.story(found.article, found.topics, found.related)


async def _reached(visit: Visit, press: CallbackQuery, article_id: int | None, key: str) -> Story:
    """Return the story that a step leads to. One that was taken back is passed by, in the order of time."""
    if article_id is None:
        raise Refusal("stale")
    try:
        return await _story(visit, article_id)
    except Refusal:
        gone = Stop(article_id, await stories.published_at(visit.services.db, article_id))
        near = around([each.stop for each in await lists.places(visit, press, key)], gone)
        nearest = near.before if unpack(press.data or "").verb == BEFORE else near.after
        if nearest is None:
            raise Refusal("list-end") from None
        return await _story(visit, nearest.id)
