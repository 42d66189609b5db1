"""An edit of a feed that is held because readers would lose by it: what it would change, and what to do with it."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.conversations.answers import change
from bot.conversations.desk.entrance import story_pressed
from bot.conversations.desk.outcome import do
from bot.conversations.desk.pages import back
from bot.conversations.visit import Visit
from bot.desk import held
from bot.model.desk.title import head
from bot.model.message import Button, OutgoingMessage
from bot.model.newsroom.role import Right
from bot.model.press import pack, unpack
from bot.model.story.article import Article, Content
from bot.model.story.difference import difference

router = Router(name="desk_held")

IMPRINT, MOST_CHANGES = 16, 6
"""How many characters of the edit's fingerprint a button bears: another edit may be held when it is pressed."""


@router.callback_query(F.data.startswith("desk:held:"))
async def show_held(press: CallbackQuery, visit: Visit) -> None:
    """Show what the held edit would change."""
    pressed = await story_pressed(press, visit, Right.CORRECT)
    content = await held.words(visit.services.db, pressed.article_id)
    await change(visit, press, held_page(visit, pressed.article, content))


@router.callback_query(F.data.startswith("desk:accept:"))
async def accept(press: CallbackQuery, visit: Visit) -> None:
    """Let the held edit go out to whoever has the story."""
    pressed, services = await story_pressed(press, visit, Right.CORRECT), visit.services
    deed = held.accept(
        services.db,
        pressed.article_id,
        services.now(),
        pressed.editor,
        seen=pressed.seen,
        imprint=_imprint(press),
    )
    await do(press, visit, pressed, deed, verb="accept")


@router.callback_query(F.data.startswith("desk:refuse:"))
async def refuse(press: CallbackQuery, visit: Visit) -> None:
    """Drop the held edit."""
    pressed, services = await story_pressed(press, visit, Right.CORRECT), visit.services
    at, by = services.now(), pressed.editor
    deed = held.refuse(services.db, pressed.article_id, at, by, imprint=_imprint(press))
    await do(press, visit, pressed, deed, verb="refuse")


def held_page(visit: Visit, article: Article, content: Content) -> OutgoingMessage:
    """Return what would become different, and the two ways on."""
    changes = difference(article.content, content)
    text = visit.say(
        "desk_held",
        headline=head(article.id, article.content.headline),
        changes=[{"field": each.field, "old": each.old, "new": each.new} for each in changes[:MOST_CHANGES]],
    )
    imprint = content.fingerprint()[:IMPRINT]

    def way(verb: str, style: str | None = None) -> Button:
        press = pack("desk", verb, article.id, article.revision, imprint)
        return Button(visit.label(f"held_{verb}"), press=press, style=style)

    return OutgoingMessage(text, buttons=((way("accept", "primary"), way("refuse")), (back(visit, article),)))


def _imprint(press: CallbackQuery) -> str:
    said = ("", *unpack(press.data or "").args[3:4])[-1]
    # Without one any edit would do.
    return said if len(said) == IMPRINT else "-"
