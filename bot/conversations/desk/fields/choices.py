"""What is chosen by buttons: a story's topics, its language, and for readers of which languages it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.conversations.access import role_of
from bot.conversations.answers import change
from bot.conversations.desk.fields.choice_pages import (
    OWN,
    language_page,
    languages_offered,
    readers_page,
    topics_page,
)
from bot.conversations.desk.fields.pressed import EditPress, Page, edit_pressed, edited, taken
from bot.conversations.visit import Visit
from bot.desk.story import draft
from bot.model.errors import Refusal
from bot.model.message import OutgoingMessage
from bot.model.newsroom.role import Right
from bot.readers import topics

router = Router(name="desk_choices")


@router.callback_query(F.data.startswith("edit:topics:"))
async def show_topics(press: CallbackQuery, visit: Visit) -> None:
    """Show a page of the topics, or of those below one, those of the story marked."""
    pressed = await edit_pressed(press, visit)
    if await taken(press, visit, pressed):
        above = int(pressed.word) if pressed.word.isdecimal() else 0
        page = await topics_page(visit, pressed.article_id, above or None, pressed.number)
        await change(visit, press, page)


@router.callback_query(F.data.startswith("edit:topic:"))
async def choose_topic(press: CallbackQuery, visit: Visit) -> None:
    """Put the story under a topic, or take it away from there. The editor's right must hold for the topic."""
    pressed, services = await edit_pressed(press, visit), visit.services
    known = await topics.all_topics(services.db)
    topic = known.by_id.get(int(pressed.word)) if pressed.word.isdecimal() else None
    if topic is None:
        raise Refusal("stale")
    role = await role_of(services, visit.user_id)
    after = set(pressed.article.topic_ids) ^ {topic.id}
    if not role.may(Right.WRITE, topic.id):
        raise Refusal("other-topics")
    if not role.covers(Right.WRITE, after):
        # A story without a topic is out of the reach of whose rights hold for some topics only.
        raise Refusal("last-topic")

    async def again(visit: Visit, article_id: int) -> OutgoingMessage:
        return await topics_page(visit, article_id, topic.parent_id, pressed.number)

    if await taken(press, visit, pressed):
        await _change(press, visit, pressed, again, topic_ids=tuple(sorted(after)))


@router.callback_query(F.data.startswith("edit:lang:"))
async def choose_language(press: CallbackQuery, visit: Visit) -> None:
    """Show the languages that the story can be in; with one, say that the story is in it."""
    pressed, services = await edit_pressed(press, visit), visit.services
    if not await taken(press, visit, pressed):
        return
    code = pressed.word
    if not code:
        await change(visit, press, await language_page(visit, pressed.article_id))
        return
    if code not in await languages_offered(visit, pressed.article):
        raise Refusal("stale")
    deed = draft.change(
        services.db,
        pressed.article_id,
        "language",
        lambda content: replace(content, language=code),
        at=services.now(),
        by=pressed.editor,
        seen=pressed.seen,
    )
    await edited(press, visit, pressed, deed)


@router.callback_query(F.data.startswith("edit:for:"))
async def choose_readers(press: CallbackQuery, visit: Visit) -> None:
    """Show readers of which languages can get the story; with one, add or take it away."""
    pressed = await edit_pressed(press, visit)
    if not await taken(press, visit, pressed):
        return
    code, chosen = pressed.word, pressed.article.languages
    if not code:
        await change(visit, press, await readers_page(visit, pressed.article_id))
        return
    if code != OWN and code not in await languages_offered(visit, pressed.article):
        raise Refusal("stale")
    without = tuple(each for each in chosen if each != code)
    after = () if code == OWN else without if code in chosen else (*chosen, code)
    await _change(press, visit, pressed, readers_page, languages=after)


async def _change(press: CallbackQuery, visit: Visit, pressed: EditPress, page: Page, **what: Any) -> None:
    services = visit.services
    deed = draft.edit(
        services.db,
        pressed.article_id,
        at=services.now(),
        by=pressed.editor,
        seen=pressed.seen,
        **what,
    )
    await edited(press, visit, pressed, deed, page=page)
