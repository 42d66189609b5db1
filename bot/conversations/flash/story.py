"""A story of the desk as breaking news: the desk's card gives way to that of the choice, and comes back."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.conversations.access import role_of
from bot.conversations.answers import change
from bot.conversations.desk.card import story_card
from bot.conversations.desk.entrance import story_pressed
from bot.conversations.desk.outcome import outdated
from bot.conversations.editor.card_pages import control_page
from bot.conversations.editor.card_presses import card_pressed
from bot.conversations.visit import Visit
from bot.desk import breaking
from bot.desk.flash import choice
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right

router = Router(name="flash_story")


@router.callback_query(F.data.startswith("desk:flash:"))
async def open_choice(press: CallbackQuery, visit: Visit) -> None:
    """Ask for whom and how the story shall go out, in the place of the story's card."""
    pressed, services = await story_pressed(press, visit, Right.FLASH, alone=True), visit.services
    if await outdated(press, visit, pressed):
        return
    if press.message is None:
        raise Refusal("stale")
    card = await choice.of_story(
        services.db,
        pressed.article_id,
        bot_id=services.bot.id,
        chat_id=visit.telegram_id,
        user_id=pressed.editor,
        message_id=press.message.message_id,
        at=services.now(),
    )
    role = await role_of(services, visit.user_id)
    await change(
        visit,
        press,
        control_page(visit, await breaking.view(services.db, services.counts, card.id, services.now()), role),
    )


@router.callback_query(F.data.startswith("flash:desk:"))
async def leave_choice(press: CallbackQuery, visit: Visit) -> None:
    """Drop the choice, and show the story's card again."""
    pressed = await card_pressed(press, visit)
    if pressed.card.article_id is None or not pressed.card.of_story:
        raise Refusal("stale")
    await breaking.drop(visit.services.db, pressed.card_id)
    await change(visit, press, await story_card(visit, pressed.card.article_id))
