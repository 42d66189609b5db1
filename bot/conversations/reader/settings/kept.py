"""What a press of /settings chooses, and what is refused because no button offers it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from bot.conversations.reader.settings.hour_pages import SIZES
from bot.conversations.reader.settings.page import HOURS
from bot.conversations.reader.settings.pages import DEFAULT, news_offered
from bot.conversations.visit import Visit
from bot.model.chat import Chat
from bot.model.errors import Refusal
from bot.model.hours import EVERY_DAY, day_start, zone_named
from bot.model.languages import ANY
from bot.model.story.form import CHOOSABLE
from bot.readers import settings, topics
from bot.readers.hours import news_hours
from bot.tongues import codes

_SWITCHES = {
    "instant": "instant",
    "pictures": "pictures",
    "empty": "digest_empty",
    "night": "flash_at_night",
    "silent": "silent",
    "merges": "merges",
}
_NUMBER = re.compile(r"[0-9]{1,9}")


async def keep(visit: Visit, here: Chat, name: str, values: Sequence[str]) -> Chat:
    """Keep what a press chooses, and return the chat."""
    services = visit.services
    db, now = services.db, services.now()
    match name, *values:
        case ("up", topic_id):
            await topics.move_up(db, here.id, number(topic_id))
            return here
        case ("language", code) if code in codes():
            return await settings.choose_language(db, here.id, now, code)
        case ("news", code) if code in await news_offered(visit, here):
            return await settings.toggle_news_language(db, here.id, now, code)
        case ("digest", chosen) if chosen != "off":
            return await news_hours.toggle_digest(db, here.id, now, hour(chosen))
        case ("days", minute, days) if number(minute) < 24 * 60 and number(days) <= EVERY_DAY:
            at = time(number(minute) // 60, number(minute) % 60)
            return await news_hours.set_days(db, here.id, now, hour=at, days=number(days))
        case ("hour", count):
            return await news_hours.cap(db, here.id, now, hour=number(count), day=here.bounds.most_day)
        case ("day", count):
            return await news_hours.cap(db, here.id, now, hour=here.bounds.most_hour, day=number(count))
        case ("limit", "off"):
            return await news_hours.cap(db, here.id, now, hour=None, day=None)
        case ("most", topic_id, count):
            most = None if count == "all" else number(count)
            return await news_hours.cap_topic(db, here.id, now, topic_id=number(topic_id), most=most)
        case ("pause", "off"):
            return await news_hours.come_back(db, here.id, now)
        case ("pause", length):
            return await news_hours.leave_alone(db, here.id, now, _until(length, now, here.zone))
        case ("awayflash", "on" | "off" as state) if here.bounds.away_until is not None:
            until = here.bounds.away_until
            return await news_hours.leave_alone(db, here.id, now, until, flash=state == "on")
    return await settings.choose(db, here.id, now, **_choice(name, values))


def _choice(name: str, values: Sequence[str]) -> dict[str, Any]:
    match name, *values:
        case ("news", "all"):
            return {"news_languages": ANY}
        case (switch, "on" | "off" as state) if switch in _SWITCHES:
            return {_SWITCHES[switch]: state == "on"}
        case ("form", form) if form == DEFAULT or form in CHOOSABLE:
            return {"form": None if form == DEFAULT else form}
        case ("digest", "off"):
            return {"digest_times": ()}
        case ("size", size) if number(size) in SIZES:
            return {"digest_size": int(size)}
        case ("quiet" | "weekend", "off"):
            return {name: None}
        case ("weekend", "none"):
            return {"weekend": (time(), time())}
        case ("quiet" | "weekend", begins, ends) if begins != ends:
            return {name: (hour(begins), hour(ends))}
        case ("zone", zone):
            return {"zone": zone}
    raise Refusal("stale")


def number(word: str) -> int:
    """Return the number that a button says. Refused for what no button says."""
    if not re.fullmatch(_NUMBER, word):
        raise Refusal("stale")
    return int(word)


def hour(word: str) -> time:
    """Return the full hour that a button says."""
    if number(word) not in HOURS:
        raise Refusal("stale")
    return time(int(word))


def _until(length: str, now: datetime, zone: str) -> datetime:
    """Return the end of an absence: of today, in so many days, or at the beginning of a day."""
    if length == "today":
        return day_start(day_start(now, zone) + timedelta(hours=30), zone)
    if number(length) < 100:
        return now + timedelta(days=int(length))
    try:
        day = datetime.strptime(length, "%Y%m%d").replace(tzinfo=zone_named(zone))
    except ValueError:
        raise Refusal("stale") from None
    return day.astimezone(UTC)
