"""How a press on a story's card ends: the verb is done, or it is said why not; the card is shown as it stands now."""

from __future__ import annotations

from collections.abc import Awaitable

from aiogram.types import CallbackQuery

from bot.conversations.answers import change
from bot.conversations.desk.card import story_card
from bot.conversations.desk.entrance import StoryPress, refused_words
from bot.conversations.desk.pages import warned_page
from bot.conversations.presses import answer_press
from bot.conversations.visit import Visit
from bot.desk import record
from bot.model.errors import Refusal


async def outdated(press: CallbackQuery, visit: Visit, pressed: StoryPress) -> bool:
    """Return whether the story changed since the editor saw it; say who changed it then, and show the card."""
    if pressed.seen == pressed.article.revision:
        return False
    await answer_press(press, await too_late(visit, pressed.article_id, "changed-meanwhile"), alert=True)
    await change(visit, press, await story_card(visit, pressed.article_id))
    return True


async def too_late(visit: Visit, article_id: int, code: str) -> str:
    """Return why a press came too late, by the refusal's code, and what was done last, by whom and when."""
    return await refused_words(visit, Refusal(code, **await last_deed(visit, article_id)))


async def last_deed(visit: Visit, article_id: int) -> dict[str, object]:
    """Return what was done last to the story, by whom and when, as a refusal tells it; nothing where nothing was."""
    services = visit.services
    for last in (await record.of_article(services.db, services.bot.id, article_id, 1)).deeds:
        return {"last_verb": last.verb, "last_by": last.actor, "last_at": last.at}
    return {}


async def steered(press: CallbackQuery, visit: Visit, pressed: StoryPress, *, verb: str, did: bool) -> None:
    """Say that what goes out was steered, or who had done so before, and show the card anew."""
    if did:
        visit.services.bell.ring()
        await answer_press(press, visit.notice(f"push_{verb}"))
    else:
        words = await too_late(visit, pressed.article_id, "already-done")
        await answer_press(press, words, alert=True)
    await change(visit, press, await story_card(visit, pressed.article_id))


async def do(
    press: CallbackQuery, visit: Visit, pressed: StoryPress, deed: Awaitable[object], *, verb: str
) -> None:
    """Do a verb, and show the card anew: also where somebody was faster, who is named then.

    Warnings that were not passed are shown with the button that passes them.
    """
    try:
        await deed
    except Refusal as refusal:
        if refusal.code == "warned":
            page = warned_page(visit, pressed.article, verb, refusal.facts["checks"])
            await change(visit, press, page)
            return
        await answer_press(press, await refused_words(visit, refusal), alert=True)
    else:
        visit.services.bell.ring()
        await answer_press(press, visit.notice("desk_done", verb=verb))
    await change(visit, press, await story_card(visit, pressed.article_id))
