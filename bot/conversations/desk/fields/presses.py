"""The buttons of the page where a story is changed. Each press asks for the right anew, and keeps the lock."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.conversations.access import need_for
from bot.conversations.answers import change
from bot.conversations.desk.card import story_card
from bot.conversations.desk.entrance import story_pressed
from bot.conversations.desk.fields.fields import FIELDS, without_picture
from bot.conversations.desk.fields.links import look_at_links
from bot.conversations.desk.fields.pages import edit_page
from bot.conversations.desk.fields.pressed import edit_pressed, edited, taken
from bot.conversations.desk.fields.questions import ask_field
from bot.conversations.desk.fields.takeover import tell_taken_over
from bot.conversations.desk.outcome import do
from bot.conversations.desk.questions import ask
from bot.conversations.presses import answer_press
from bot.conversations.visit import Visit
from bot.desk.story import draft, lock, release
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right
from bot.model.story.article import Status

router = Router(name="desk_fields_page")

BEFORE_A_TIME = (Status.DRAFT, Status.REVIEW, Status.APPROVED)
"""Where a story stands that can have an embargo: one that is scheduled has its time already."""


@router.callback_query(F.data.startswith("desk:change:"))
async def open_page(press: CallbackQuery, visit: Visit) -> None:
    """Show what the story's fields say, and hold the story for this editor."""
    pressed = await edit_pressed(press, visit)
    if await taken(press, visit, pressed):
        await change(visit, press, await edit_page(visit, pressed.article_id))


@router.callback_query(F.data.startswith("edit:ask:"))
async def ask_words(press: CallbackQuery, visit: Visit) -> None:
    """Open the reply box for a field."""
    pressed = await edit_pressed(press, visit)
    if pressed.word not in FIELDS:
        raise Refusal("stale")
    if await taken(press, visit, pressed):
        await ask_field(visit, pressed.word, pressed.article)


@router.callback_query(F.data.startswith("edit:unpicture:"))
async def remove_picture(press: CallbackQuery, visit: Visit) -> None:
    """Take the leading picture away."""
    pressed, services = await edit_pressed(press, visit), visit.services
    if not await taken(press, visit, pressed):
        return
    deed = draft.change(
        services.db,
        pressed.article_id,
        "picture",
        without_picture,
        at=services.now(),
        by=pressed.editor,
        seen=pressed.seen,
    )
    await edited(press, visit, pressed, deed)


@router.callback_query(F.data.startswith("edit:page:"))
async def show_page(press: CallbackQuery, visit: Visit) -> None:
    """Show the fields again, from a page of choices."""
    pressed = await edit_pressed(press, visit)
    if await taken(press, visit, pressed):
        await change(visit, press, await edit_page(visit, pressed.article_id))


@router.callback_query(F.data.startswith("edit:over:"))
async def take_over(press: CallbackQuery, visit: Visit) -> None:
    """Take the editing over from somebody else, who is told; it takes the right to approve the story."""
    pressed, services = await edit_pressed(press, visit), visit.services
    await need_for(visit, Right.APPROVE, pressed.article.topic_ids)
    now = services.now()
    before = await lock.holder(services.db, pressed.article_id, now)
    await lock.take(services.db, pressed.article_id, at=now, by=pressed.editor, force=True)
    await change(visit, press, await edit_page(visit, pressed.article_id))
    if before is not None and before.user_id != pressed.editor:
        await tell_taken_over(visit, before.user_id, pressed.article)


@router.callback_query(F.data.startswith("edit:back:"))
async def go_back(press: CallbackQuery, visit: Visit) -> None:
    """Give the story back, and show its card."""
    pressed = await edit_pressed(press, visit, out=True)
    await lock.give_back(visit.services.db, pressed.article_id, by=pressed.editor)
    await answer_press(press)
    look_at_links(visit, pressed.article_id)
    await change(visit, press, await story_card(visit, pressed.article_id))


@router.callback_query(F.data.startswith("desk:embargo:"))
async def ask_until(press: CallbackQuery, visit: Visit) -> None:
    """Ask until when nobody may see the story; the answer sets the embargo, or another in its place."""
    pressed = await story_pressed(press, visit, Right.PUBLISH)
    article = pressed.article
    if article.status not in BEFORE_A_TIME:
        raise Refusal(f"already-{article.status}", headline=article.content.headline)
    await ask(visit, "embargo", article, article.revision)


@router.callback_query(F.data.startswith("desk:lift:"))
async def lift(press: CallbackQuery, visit: Visit) -> None:
    """Lift the story's embargo."""
    pressed, services = await story_pressed(press, visit, Right.PUBLISH), visit.services
    deed = release.embargo(services.db, pressed.article_id, None, at=services.now(), by=pressed.editor)
    await do(press, visit, pressed, deed, verb="lift")
