"""A story's follow-ups, and another try to take a story back: the buttons that its card has after publication."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.conversations.answers import change
from bot.conversations.desk.entrance import StoryPress, story_pressed
from bot.conversations.desk.outcome import do, last_deed
from bot.conversations.desk.published.boxes import FOLLOW_UP, open_box
from bot.conversations.desk.published.pages import waiting_updates_page
from bot.conversations.visit import Visit
from bot.desk import amend
from bot.desk.afterwards import aftermath
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right
from bot.model.press import unpack
from bot.model.story.article import IN_THE_MAKING, TAKEN_BACK

router = Router(name="desk_following")


@router.callback_query(F.data.regexp(r"^desk:(update|another):"))
async def ask_update(press: CallbackQuery, visit: Visit) -> None:
    """Ask for the follow-up's text; where one is in the making already, show that one first."""
    pressed = await story_pressed(press, visit, Right.WRITE, alone=True)
    article = pressed.article
    if article.status in TAKEN_BACK:
        raise Refusal(f"already-{article.status}")
    after = await aftermath.of(visit.services.db, article)
    waiting = [each for each in after.updates if each.status in IN_THE_MAKING]
    if waiting and unpack(press.data or "").args[0] == "update":
        await change(visit, press, waiting_updates_page(visit, article, waiting))
        return
    await open_box(visit, FOLLOW_UP, article, pressed.seen)


@router.callback_query(F.data.startswith("desk:retry:"))
async def try_again(press: CallbackQuery, visit: Visit) -> None:
    """Try again to take the story back where that failed."""
    pressed = await story_pressed(press, visit, Right.KILL)
    await do(press, visit, pressed, _retry(visit, pressed), verb="retry")


async def _retry(visit: Visit, pressed: StoryPress) -> None:
    """Try again; refused where it is being tried already, or there is nothing left to try."""
    services = visit.services
    if not await amend.retry(services.db, pressed.article_id, services.now(), pressed.editor):
        raise Refusal("already-done", **await last_deed(visit, pressed.article_id))
