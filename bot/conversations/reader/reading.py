"""A story as a rich message in a conversation; what Telegram refuses is remembered, and not tried again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiogram.types import CallbackQuery, Message

from bot.conversations.context import Visit
from bot.model.article import without_media
from bot.model.chat import ChatKind
from bot.model.errors import MediaForbidden, PictureRefused, RichRefused
from bot.model.form import Form
from bot.model.message import OutgoingMessage
from bot.rendering.buttons import BRIEF, CLOSE
from bot.rendering.story import Story
from bot.telegram.buttons import change, show


def is_photo(press: CallbackQuery) -> bool:
    """Return whether the button stands under a photo, whose caption alone can be edited."""
    return isinstance(press.message, Message) and bool(press.message.photo)


async def open_rich(
    visit: Visit, press: CallbackQuery, story: Story, back: str | None, *, below: bool
) -> bool:
    """Open a story as an article, and return whether that was done.

    It takes the message's place, or, where that is a photo (`below`), stands as a reply below it: in a
    private chat alone, where it disturbs nobody.
    """
    if visit.style.form is Form.CLASSIC:
        return False
    if not below:
        return await put_rich(visit, press, story, 0, back or BRIEF)
    if visit.kind is not ChatKind.PRIVATE or press.message is None:
        return False
    return await send_rich(visit, story, way=CLOSE, reply_to=press.message.message_id)


async def put_rich(visit: Visit, press: CallbackQuery, story: Story, page: int, way: str | None) -> bool:
    """Put a page of the article in the message's place; return whether Telegram took it."""
    message = press.message
    if message is None:
        return False

    async def put(made: OutgoingMessage) -> None:
        await change(visit.bot, message.chat.id, message.message_id, made, photo=False)

    return await _taken(visit, story, page, way, put)


async def send_rich(
    visit: Visit, story: Story, *, way: str | None = None, reply_to: int | None = None
) -> bool:
    """Send the article; return whether Telegram took it."""

    async def send(made: OutgoingMessage) -> None:
        await show(visit.bot, visit.telegram_id, made, visit.thread_id, reply_to=reply_to)

    return await _taken(visit, story, 0, way, send)


async def _taken(
    visit: Visit,
    story: Story,
    page: int,
    way: str | None,
    put: Callable[[OutgoingMessage], Awaitable[None]],
) -> bool:
    """Try the article, again without the pictures that Telegram can't have, and at last without any."""
    refusals = visit.context.refusals
    if (story.id, story.revision) in refusals:
        return False
    for pictures in (visit.style.pictures, visit.style.pictures, False):
        made = visit.context.articles.rich(story, visit.audience, page, pictures=pictures, way=way)
        try:
            await put(made)
        except (PictureRefused, MediaForbidden) as refused:
            names = refused.pictures if isinstance(refused, PictureRefused) else ()
            story = replace(story, content=without_media(story.content, names or None))
            continue
        except RichRefused as refused:
            refusals.add(story.id, story.revision, refused.detail)
            return False
        return True
    return False
