"""Cards in an editor's chat: sent, changed in place, and how their push is doing, which `desk.live` keeps up to date.

A card is changed by errands, one after the other: no press waits until the press before it is shown.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import partial

from aiogram.exceptions import TelegramAPIError

from bot.conversations.access import role_of
from bot.conversations.editor.card_pages import control_page, over_page, preview_page, progress_page
from bot.conversations.editor.last_question import last_question, sure_page
from bot.conversations.live import places
from bot.conversations.visit import Visit
from bot.desk import breaking
from bot.desk.breaking import CardPush
from bot.desk.live import shown
from bot.errands import Errand
from bot.log import Event
from bot.model.chat import ChatKind
from bot.model.desk.card import Card, CardState
from bot.model.desk.shown_card import ShownCard
from bot.model.message import OutgoingMessage
from bot.model.story.article import IN_THE_MAKING, Status
from bot.readers import membership
from bot.services import Services
from bot.telegram.replies import Place, change, put_buttons, show

log = logging.getLogger(__name__)


async def send_card(visit: Visit, card_id: int) -> None:
    """Send the card's preview and controls to the visitor; the messages that showed the card before go."""
    services = visit.services
    found = await breaking.view(services.db, services.counts, card_id, services.now())
    preview = await show(services.client, visit.telegram_id, preview_page(visit, found))
    control = await show(
        services.client, visit.telegram_id, control_page(visit, found, await role_of(services, visit.user_id))
    )
    await breaking.place(services.db, card_id, preview.message_id, control.message_id)
    for former in filter(None, (found.card.preview_id, found.card.control_id)):
        with suppress(TelegramAPIError):
            await services.client.delete_message(found.card.telegram_chat_id, former)


def change_card(visit: Visit, card_id: int) -> None:
    """Have the preview and the controls of an open card brought up to date, in their places."""
    _ask(visit.services, "preview", card_id, partial(_change_preview, visit, card_id))
    _ask(visit.services, "control", card_id, partial(_change_control, visit, card_id))


def ask_sure(visit: Visit, card_id: int) -> None:
    """Have it asked in the place of the controls whether the story shall go out."""
    _ask(visit.services, "control", card_id, partial(_change_control, visit, card_id, sure=True))


def close_card(visit: Visit, card_id: int) -> None:
    """Have it said in the place of the controls that the card was dropped, and the preview's buttons taken away."""
    _ask(visit.services, "preview", card_id, partial(_close_preview, visit, card_id))
    _ask(visit.services, "control", card_id, partial(_close, visit, card_id))


def show_progress(services: Services, card_id: int, *, after: float = 0) -> None:
    """Have it shown how far a card's push has come, so many seconds from now."""
    _ask(services, "control", card_id, partial(_show_progress, services, card_id, after))


async def show_open_again(services: Services) -> None:
    """Have each open card of the last hour brought up to date: a process that died may have left it as it was.

    What it sent out without having shown the progress is shown now.
    """
    for push in await breaking.under_way(services.db, services.bot.id):
        if push.card.refreshed_at is None:
            show_progress(services, push.card.id)
    for card in await breaking.in_previews(services.db, services.bot.id, at=services.now()):
        change_card(await _visit_of(services, card), card.id)


async def show_taken_back(services: Services, article_id: int) -> None:
    """Have each card whose story did not go out after all shown open again, whoever took the story back."""
    for card in await breaking.open_cards_of(services.db, services.bot.id, article_id):
        change_card(await _visit_of(services, card), card.id)


async def _visit_of(services: Services, card: Card) -> Visit:
    """Return the visit of a card's author, where they have said nothing just now."""
    known = await membership.find(services.db, services.bot.id, card.telegram_chat_id)
    return Visit(
        services=services,
        user_id=card.user_id,
        language=known.language if known else services.bot.language,
        telegram_id=card.telegram_chat_id,
        kind=ChatKind.PRIVATE,
        chat=known,
    )


def _ask(services: Services, part: str, card_id: int, errand: Errand) -> None:
    async def run() -> None:
        try:
            await errand()
        except TelegramAPIError as error:
            log.info(Event("card.not_refreshed", card=card_id, reason=error.message))

    services.errands.ask((part, card_id), run)


async def _change_preview(visit: Visit, card_id: int) -> None:
    found = await breaking.view(visit.services.db, visit.services.counts, card_id, visit.services.now())
    card, article = found.card, found.article
    if card.state is CardState.OPEN and card.preview_id is not None and article is not None:
        photo = article.content.picture is not None
        page = preview_page(visit, found)
        await change(visit.client, card.telegram_chat_id, card.preview_id, page, photo=photo)


async def _change_control(visit: Visit, card_id: int, *, sure: bool = False) -> None:
    found = await breaking.view(visit.services.db, visit.services.counts, card_id, visit.services.now())
    card, article = found.card, found.article
    if card.state is CardState.OPEN and card.control_id is not None:
        if article is not None and article.status not in (*IN_THE_MAKING, Status.ARCHIVED):
            await breaking.drop(visit.services.db, card_id)
            page = over_page(visit, found)
        elif sure:
            page = sure_page(visit, await last_question(visit, card_id))
        else:
            page = control_page(visit, found, await role_of(visit.services, visit.user_id))
        await change(visit.client, card.telegram_chat_id, card.control_id, page, photo=False)


async def _close(visit: Visit, card_id: int) -> None:
    card, _, _ = await breaking.find(visit.services.db, card_id)
    if card.control_id is not None:
        page = OutgoingMessage(
            visit.say("breaking_dropped", draft=card.article_id is not None and not card.of_story)
        )
        await change(visit.client, card.telegram_chat_id, card.control_id, page, photo=False)


async def _close_preview(visit: Visit, card_id: int) -> None:
    card, _, _ = await breaking.find(visit.services.db, card_id)
    if card.preview_id is not None:
        place = Place(visit.client, card.telegram_chat_id, standing=card.preview_id)
        await put_buttons(place, ())


async def _show_progress(services: Services, card_id: int, after: float) -> None:
    await asyncio.sleep(after)
    for push in await breaking.under_way(services.db, services.bot.id, card_id):
        await _show(services, push)


async def _show(services: Services, push: CardPush) -> None:
    """Show how far the push has come: at first at the end of the chat in place of the controls, then in its place."""
    card, progress = push
    if card.control_id is None:
        return
    now, control_id = services.now(), card.control_id
    page = progress_page(services, push, await _language(services, card), now)
    try:
        if card.refreshed_at is None:
            control_id = (await show(services.client, card.telegram_chat_id, page)).message_id
        else:
            await change(services.client, card.telegram_chat_id, control_id, page, photo=False)
    except TelegramAPIError as error:
        log.info(Event("card.not_refreshed", card=card.id, reason=error.message))
    await breaking.shown(services.db, card.id, now, control_id=control_id, done=progress.done)
    await _keep(services, push, page, control_id)
    if control_id != card.control_id:
        with suppress(TelegramAPIError):
            await services.client.delete_message(card.telegram_chat_id, card.control_id)


async def _keep(services: Services, push: CardPush, page: OutgoingMessage, control_id: int) -> None:
    """Have the message that shows the progress kept up to date from now on, as a story's card is."""
    card, now = push.card, services.now()
    assert card.article_id is not None
    going, imprint = not push.progress.done, places.imprint(page)
    kept = await shown.find(services.db, services.bot.id, card.telegram_chat_id, card.article_id)
    if kept is not None and kept.message_id == control_id:
        values = {"imprint": imprint, "going": going, "next_at": now + places.SETTLES}
        await shown.note(services.db, services.bot.id, kept, **values)
        return
    made = ShownCard(
        card.telegram_chat_id,
        card.article_id,
        control_id,
        now,
        now + places.SETTLES,
        user_id=card.user_id,
        flash_id=card.id,
        imprint=imprint,
        going=going,
    )
    await places.begin(services, made)


async def _language(services: Services, card: Card) -> str:
    known = await membership.find(services.db, services.bot.id, card.telegram_chat_id)
    return known.language if known else services.bot.language
