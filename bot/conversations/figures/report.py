"""The daily report: at an hour of the newsroom's, once to everybody who has a right of the desk."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, time, timedelta

from aiogram.exceptions import TelegramAPIError

from bot.conversations.desk.entrance import DESK
from bot.conversations.figures.pages import period_facts
from bot.desk.figures import period, report, tally
from bot.log import Event
from bot.model.hours import zone_named
from bot.services import Services

log = logging.getLogger(__name__)

DAY = timedelta(days=1)

LATEST = timedelta(hours=3)
"""A report that could not be sent for so long is left out: the next one tells of its own day alone."""


async def send_due(services: Services, now: datetime, at: time | None) -> None:
    """Send the report of the day that ended last at that hour, to whom it was not sent yet; None: there is none.

    Whoever it is for is noted before it is sent: after a crash somebody may miss it, nobody gets it twice.
    """
    due = None if at is None else _last(now, at, services.rules.zone)
    if due is None or now - due > LATEST:
        return
    people = await report.take(
        services.db, services.bot.id, due, rights=DESK, owners=services.bot.owner_ids, at=now
    )
    if not people:
        return
    await tally.count_pushes(services.db, now)
    zone = services.rules.zone
    found = await period.of_period(services.db, services.bot.id, due - DAY, due, zone=zone)
    for person, language in people.items():
        facts = period_facts(found, language, zone, days=1) | {"report": True, "topics": []}
        try:
            await services.client.send_message(person, services.talk.say("stats", language, **facts))
        except TelegramAPIError as error:
            log.info(Event("report.unsent", person=person, reason=error.message))


def _last(now: datetime, at: time, zone: str) -> datetime:
    """Return when it was that hour last, in the newsroom's zone."""
    there = zone_named(zone) or UTC
    day = now.astimezone(there).date()
    due = datetime.combine(day, at, there).astimezone(UTC)
    return due if due <= now else datetime.combine(day - DAY, at, there).astimezone(UTC)
