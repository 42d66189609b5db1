"""What a card shows: the preview as readers will see it, the controls, the progress."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from bot.conversations.context import Context, Visit
from bot.desk import breaking
from bot.desk.breaking import Card, CardState
from bot.model.bulletin import Progress
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack
from bot.readers import membership
from bot.telegram.buttons import change

log = logging.getLogger(__name__)

SOON, LATER = timedelta(seconds=3), timedelta(seconds=15)
SOON_FOR = timedelta(seconds=30)
PER_ROW = 2
MOST_TOPICS = 90
"""A keyboard holds 100 buttons (limits.tginfo.me); the others can be named in the text: `#slug`."""


async def preview_page(visit: Visit, card_id: int) -> OutgoingMessage:
    """Return the card's story exactly as readers will see it."""
    card, article, known = await breaking.find(visit.context.db, card_id)
    if article is None:
        raise Refusal("stale")
    context = visit.context
    if card.state is CardState.OPEN:
        article = replace(article, published_at=context.clock.now())
    return context.articles.brief(visit.story(article, known), visit.audience)


async def control_page(visit: Visit, card_id: int) -> OutgoingMessage:
    """Return to whom it goes, to how many, and the buttons."""
    card, _, known = await breaking.find(visit.context.db, card_id)
    count = await breaking.audience(visit.context.db, card)
    text = visit.say(
        "breaking_card",
        everybody=card.everybody,
        topics=known.names(card.topics, visit.language),
        count=count,
    )
    mark = "🔘 " if card.everybody else ""
    rows = [(Button(mark + visit.label("everybody"), press=pack("flash", "to", card.id, 0)),)]
    chosen = [
        Button(
            ("✅ " if topic.id in card.topics else "▫️ ") + topic.name(visit.language),
            press=pack("flash", "to", card.id, topic.id),
        )
        for topic in known.all[:MOST_TOPICS]
    ]
    grid = [tuple(chosen[at : at + PER_ROW]) for at in range(0, len(chosen), PER_ROW)]
    send = (
        Button(visit.label("send", count=count), press=pack("flash", "send", card.id), style="primary"),
        Button(visit.label("drop"), press=pack("flash", "drop", card.id)),
    )
    return OutgoingMessage(text, buttons=(*rows, *grid, send))


async def show_control(visit: Visit, card_id: int) -> None:
    """Bring the controls up to date in place."""
    card, _, _ = await breaking.find(visit.context.db, card_id)
    if card.control_id is not None and card.state is CardState.OPEN:
        page = await control_page(visit, card_id)
        await change(visit.bot, card.telegram_chat_id, card.control_id, page, photo=False)


async def refresh(context: Context, bot: Bot, now: datetime, *, force: int | None = None) -> None:
    """Show how far each push has come in its card: soon at first, then seldom, and once it is done."""
    for card, progress in await breaking.under_way(context.db, context.bot_id):
        if card.control_id is None:
            continue
        if card.id != force and not progress.done and not _due(card, now):
            continue
        language = await _language(context, card)
        try:
            page = progress_page(context, card, progress, language, now)
            await change(bot, card.telegram_chat_id, card.control_id, page, photo=False)
        except TelegramAPIError as error:
            log.info("a card could not be brought up to date: %s", error.message)
        await breaking.shown(context.db, card.id, now, done=progress.done)


def progress_page(
    context: Context, card: Card, progress: Progress, language: str, now: datetime
) -> OutgoingMessage:
    """Return how far a push has come; with buttons to steer it until it is done, and for what is in doubt."""
    since = progress.created_at
    took = (progress.last_at - since).total_seconds() if progress.last_at else None
    rate = progress.accepted / max(1.0, (now - since).total_seconds())
    text = context.talk.say(
        "breaking_progress",
        language,
        stopped=progress.stopped,
        paused=progress.paused,
        pause_reason=progress.pause_reason,
        done=progress.done,
        accepted=progress.accepted,
        audience=progress.audience,
        waiting=progress.waiting,
        in_doubt=progress.in_doubt,
        seconds_left=round(progress.waiting / rate) if rate else None,
        seconds_taken=round(took, 1) if took is not None else None,
        failed=sorted(progress.failed.items()),
        skipped=sorted(progress.skipped.items()),
        within=sorted(progress.within.items()),
    )

    def button(label: str, verb: str, style: str | None = None, **facts: object) -> Button:
        said = context.talk.label(label, language, **facts)
        return Button(said, press=pack("flash", verb, card.id), style=style)

    rows: list[tuple[Button, ...]] = []
    if not progress.done:
        steer = button("resume_push", "resume") if progress.paused else button("pause_push", "pause")
        rows.append((steer, button("stop_push", "stop", style="danger")))
    if progress.in_doubt:
        again = button("send_doubtful", "again", count=progress.in_doubt)
        rows.append((again, button("drop_doubtful", "leave")))
    return OutgoingMessage(text, buttons=tuple(rows))


def _due(card: Card, now: datetime) -> bool:
    if card.refreshed_at is None or card.sent_at is None:
        return True
    wait = SOON if now - card.sent_at < SOON_FOR else LATER
    return now - card.refreshed_at >= wait


async def _language(context: Context, card: Card) -> str:
    known = await membership.find(context.db, context.bot_id, card.telegram_chat_id)
    return known.language if known else context.language
