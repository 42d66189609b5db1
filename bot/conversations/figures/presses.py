"""`/stats` and what is pressed there, and a story's figures: for whoever has a right of the desk."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot.conversations.answers import change, send
from bot.conversations.desk.entrance import need_desk, story_pressed
from bot.conversations.figures import pictures
from bot.conversations.figures.pages import period_facts, story_facts
from bot.conversations.presses import answer_press
from bot.conversations.visit import Visit
from bot.desk.figures import period, story
from bot.desk.figures.period import PeriodFigures
from bot.desk.figures.story import StoryFigures
from bot.log import Event
from bot.model.errors import MediaError, Refusal
from bot.model.figures.chart import Chart
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack, unpack

log = logging.getLogger(__name__)

router = Router(name="figures")

DAYS = (1, 7, 30)
CHOSEN = "✅"


@router.message(Command("stats"))
async def show_figures(_message: Message, visit: Visit) -> None:
    """Show the figures of today."""
    await need_desk(visit)
    await send(visit, _period_page(visit, await _of_days(visit, 1), 1))


@router.callback_query(F.data.startswith("stats:days:"))
async def choose_period(press: CallbackQuery, visit: Visit) -> None:
    """Show the figures of another period, or the same anew."""
    await need_desk(visit)
    days = _days(press)
    await change(visit, press, _period_page(visit, await _of_days(visit, days), days))


@router.callback_query(F.data.startswith("stats:pictures:"))
async def draw_period(press: CallbackQuery, visit: Visit) -> None:
    """Send the figures of a period as pictures."""
    await need_desk(visit)
    found = await _of_days(visit, _days(press))
    await _draw(press, visit, pictures.of_period(visit, found, visit.services.rules.zone))


@router.callback_query(F.data.startswith("desk:figures:"))
async def show_story(press: CallbackQuery, visit: Visit) -> None:
    """Show a story's figures in the place of its card."""
    await change(visit, press, _story_page(visit, await _of_story(press, visit)))


@router.callback_query(F.data.startswith("desk:curve:"))
async def draw_story(press: CallbackQuery, visit: Visit) -> None:
    """Send as a picture how fast a story arrived."""
    await _draw(press, visit, pictures.of_story(visit, await _of_story(press, visit)))


def _days(press: CallbackQuery) -> int:
    days = unpack(press.data or "").number(1)
    if days not in DAYS:
        raise Refusal("stale")
    return days


async def _of_days(visit: Visit, days: int) -> PeriodFigures:
    services = visit.services
    now, zone = services.now(), services.rules.zone
    since: datetime = period.begin(now, days, zone)
    return await period.of_period(services.db, services.bot.id, since, now, zone=zone)


async def _of_story(press: CallbackQuery, visit: Visit) -> StoryFigures:
    pressed = await story_pressed(press, visit)
    return await story.of_story(visit.services.db, pressed.article_id)


def _period_page(visit: Visit, found: PeriodFigures, days: int) -> OutgoingMessage:
    facts = period_facts(found, visit.language, visit.services.rules.zone, days=days)
    spans = tuple(
        Button(
            _marked(visit.label("stats_days", days=each), chosen=each == days),
            press=pack("stats", "days", each),
        )
        for each in DAYS
    )
    drawn = Button(visit.label("stats_pictures"), press=pack("stats", "pictures", days))
    home = Button(visit.label("to_desk"), press=pack("desk", "home"))
    return OutgoingMessage(visit.say("stats", **facts), buttons=(spans, (drawn,), (home,)))


def _story_page(visit: Visit, found: StoryFigures) -> OutgoingMessage:
    number = found.article.id
    facts = story_facts(found, visit.language, visit.services.rules.zone)
    card = Button(visit.label("to_card"), press=pack("desk", "card", number))
    refresh = Button(visit.label("refresh"), press=pack("desk", "figures", number))
    drawn = Button(visit.label("stats_pictures"), press=pack("desk", "curve", number))
    rows = ((drawn,), (card, refresh)) if found.pushes else ((card, refresh),)
    return OutgoingMessage(visit.say("stats_story", **facts), buttons=rows)


def _marked(label: str, *, chosen: bool) -> str:
    return f"{CHOSEN} {label}" if chosen else label


async def _draw(press: CallbackQuery, visit: Visit, charts: Sequence[Chart]) -> None:
    """Draw beside what the person does next; of several presses meanwhile the last counts."""
    if not charts:
        await answer_press(press, visit.notice("nothing_to_draw"))
        return
    await answer_press(press, visit.notice("drawing"))
    visit.services.errands.ask(("charts", visit.telegram_id), lambda: _send(visit, charts))


async def _send(visit: Visit, charts: Sequence[Chart]) -> None:
    try:
        drawn = await visit.services.charts.draw(charts)
    except MediaError as error:
        log.warning(Event("chart.failed", reason=str(error)))
        await visit.client.send_message(
            visit.telegram_id, visit.notice("not_drawn"), message_thread_id=visit.thread_id, parse_mode=None
        )
        return
    for chart, content in zip(charts, drawn, strict=True):
        file = BufferedInputFile(content, "figures.png")
        try:
            await visit.client.send_photo(
                visit.telegram_id,
                file,
                message_thread_id=visit.thread_id,
                caption=chart.title,
                parse_mode=None,
            )
        except TelegramAPIError as error:
            log.info(Event("chart.refused", reason=error.message))
            return
