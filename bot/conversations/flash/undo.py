"""Breaking news taken back before anybody has it, or, where it is too late for that, offered to be withdrawn."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.conversations.access import role_of
from bot.conversations.answers import change, send
from bot.conversations.desk.card import story_card
from bot.conversations.desk.entrance import refused_words, story_pressed
from bot.conversations.editor.card_presses import card_pressed
from bot.conversations.editor.cards import show_progress, show_taken_back
from bot.conversations.presses import answer_press
from bot.conversations.visit import Visit
from bot.desk import lookup
from bot.desk.story import release
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.newsroom.role import Right
from bot.model.press import pack
from bot.model.story.article import Article

router = Router(name="flash_undo")


@router.callback_query(F.data.startswith("flash:undo:"))
async def take_back(press: CallbackQuery, visit: Visit) -> None:
    """Take back what the card sent a moment ago; the card is open again."""
    pressed = await card_pressed(press, visit, goes_out=True)
    if pressed.card.article_id is None:
        raise Refusal("stale")
    if not await _undone(press, visit, pressed.card.article_id, pressed.editor):
        show_progress(visit.services, pressed.card_id)


@router.callback_query(F.data.startswith("desk:undo:"))
async def take_story_back(press: CallbackQuery, visit: Visit) -> None:
    """Take back what was published a moment ago, from the story's card."""
    pressed = await story_pressed(press, visit, Right.PUBLISH)
    await _undone(press, visit, pressed.article_id, pressed.editor)
    await change(visit, press, await story_card(visit, pressed.article_id))


async def _undone(press: CallbackQuery, visit: Visit, article_id: int, editor: int) -> bool:
    """Take the story back; where that is refused, say why, and offer to withdraw what is going out."""
    services = visit.services
    try:
        await release.undo(services.db, article_id, at=services.now(), by=editor)
    except Refusal as refusal:
        await answer_press(press, await refused_words(visit, refusal), alert=True)
        article = await lookup.get(services.db, article_id)
        role = await role_of(services, visit.user_id)
        if refusal.code == "too-late" and role.covers(Right.KILL, article.topic_ids):
            await send(visit, _late_page(visit, article))
        return False
    await answer_press(press, visit.notice("undone"))
    await show_taken_back(services, article_id)
    return True


def _late_page(visit: Visit, article: Article) -> OutgoingMessage:
    """Return the offer to withdraw what can't be taken back unseen any more."""
    press = pack("desk", "withdraw", article.id, article.revision)
    withdraw = Button(visit.label("desk_withdraw"), press=press, style="danger")
    return OutgoingMessage(
        visit.say("breaking_late", headline=article.content.headline), buttons=((withdraw,),)
    )
