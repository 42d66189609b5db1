"""How modes and mutes are said to a chat."""

from __future__ import annotations

from datetime import datetime

from bot.conversations.visit import Visit
from bot.model.chat import Chat
from bot.model.following.following import Following
from bot.model.following.mode import WIRE, Mode
from bot.model.message import Button
from bot.model.press import pack
from bot.model.story.topic import Topic
from bot.rendering.text.times import calendar_day, date_words, zone_of


def name_of(visit: Visit, topic: Topic | None) -> str:
    """Return a topic's name; that of the whole wire where there is no topic."""
    return topic.name(visit.language) if topic else visit.label("all_news")


def topic_name(visit: Visit, found: Following, topic_id: int) -> str:
    """Return the name of a topic by its number, WIRE included."""
    return name_of(visit, found.topics.by_id.get(topic_id))


def way_of(visit: Visit, mode: Mode) -> str:
    """Return in a few words when stories of a mode come."""
    return visit.label("mode", way=mode.name.lower())


def until_when(visit: Visit, here: Chat, until: datetime | None) -> str:
    """Return until when a mute holds, in the chat's zone: `28 ноября, 00:00`; empty: for good."""
    return date_words(until, visit.services.now(), visit.language, here.zone) if until else ""


def state_button(visit: Visit, found: Following, topic_id: int, *way: int) -> Button | None:
    """Return the button that says how a topic comes and leads to its page; None where nothing of it would come anyway.

    `way` is where the page leads back to: the topic above, the channel that is meant, the page of the list.
    """
    muted = found.mute_of(topic_id) if topic_id != WIRE else None
    mode = found.mode(topic_id)
    if muted is not None:
        last = _day(visit, found.zone, muted.until) if muted.until else ""
        label = visit.label("muted_until", day=last)
    elif mode is not Mode.OFF:
        label = visit.label("mode_mark", way=mode.name.lower())
    else:
        return None
    return Button(label, press=pack("mode", topic_id, *way))


def _day(visit: Visit, zone_name: str, at: datetime) -> str:
    zone = zone_of(zone_name)
    today = visit.services.now().astimezone(zone).date()
    return calendar_day(at.astimezone(zone).date(), today, visit.language)
