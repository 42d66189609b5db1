"""The pages of /settings that say when news come: digests and their days, quiet hours, caps, an absence."""

from __future__ import annotations

from datetime import time, timedelta

from bot.conversations.reader.settings.page import HOURS, Page, by_days, rows_of, span
from bot.model.errors import Refusal
from bot.model.hours import EVERY_DAY, WEEKEND, WORKDAYS, zone_named
from bot.model.message import Button, OutgoingMessage
from bot.model.story.digest import USUAL_SIZE
from bot.readers.hours import news_hours
from bot.rendering.text.times import calendar_day

SIZES = (3, USUAL_SIZE, 10)
AN_HOUR, A_DAY, OF_TOPIC = (1, 2, 3, 5), (3, 5, 10, 20), (1, 2, 3, 5, 10, 20)
PRESETS = (EVERY_DAY, WORKDAYS, WEEKEND)
DATES = 20
"""How many days are offered for the end of an absence."""


async def digest(page: Page) -> OutgoingMessage:
    """Return the hours for the digest, how much it tells, and what it does when there is nothing."""
    visit, here = page.visit, page.here
    grid = [page.marked(f"{at:02}:00", time(at) in here.digest_at, "digest", at) for at in HOURS]
    size = here.digest_size or USUAL_SIZE
    days = [
        (
            Button(
                visit.label("digest_days", at=f"{each.at:%H:%M}", days=each.days),
                press=_to_days(page, each.at),
            ),
        )
        for each in here.digest_times
    ]
    sizes = [
        page.marked(visit.label("digest_size", count=each), each == size, "size", each) for each in SIZES
    ]
    rows = [
        *rows_of(grid),
        (page.marked(visit.label("no_digest"), not here.digest_times, "digest", "off"),),
        *days,
        tuple(sizes),
        (page.switch("empty", "empty", on=here.digest_empty),),
        (page.way("topic_order", "order"),),
    ]
    capped = page.bounds.capped
    text = visit.say(
        "choose_digest", digests=by_days(here.digest_times), most=news_hours.MOST_DIGESTS, capped=capped
    )
    return page.made(text, rows)


async def days(page: Page, minute: int) -> OutgoingMessage:
    """Return the days on which one of the digests comes."""
    at = time(minute // 60, minute % 60)
    chosen = next((each.days for each in page.here.digest_times if each.at == at), None)
    if chosen is None:
        raise Refusal("stale")
    visit = page.visit
    presets = [
        (page.marked(visit.label("days", days=each), each == chosen, "days", minute, each),)
        for each in PRESETS
    ]
    # A button says what becomes of the days, so that a second press changes nothing.
    single = [
        page.marked(
            visit.label("days", days=1 << day),
            bool(chosen >> day & 1) and chosen not in PRESETS,
            *("days", minute, _toggled(chosen, day)),
        )
        for day in range(7)
    ]
    drop = (Button(visit.label("digest_drop", at=f"{at:%H:%M}"), press=page.press("days", minute, 0)),)
    text = visit.say("choose_days", at=f"{at:%H:%M}", days=chosen)
    return page.made(text, [*presets, *rows_of(single), drop], above="digest")


def _toggled(chosen: int, day: int) -> int:
    if chosen in PRESETS:
        return 1 << day
    return chosen ^ (1 << day) or EVERY_DAY


def _to_days(page: Page, at: time) -> str:
    return page.press("days", at.hour * 60 + at.minute)


async def quiet(page: Page, begins: int | None = None) -> OutgoingMessage:
    """Return the hours at which quiet begins; once that is chosen, those at which it ends."""
    visit, here = page.visit, page.here
    if begins is not None:
        return page.made(
            visit.say("choose_quiet", begins=f"{begins:02}:00", quiet="", weekend=""),
            _ends(page, "quiet", begins),
        )
    hours_ = _begins(page, "quiet", here.quiet[0] if here.quiet else None)
    rows = [*hours_, (page.marked(visit.label("no_quiet"), here.quiet is None, "quiet", "off"),)]
    if here.quiet is not None or page.bounds.weekend is not None:
        rows.append((page.switch("night", "night", on=here.flash_at_night),))
    rows.append((page.way("weekend_quiet", "weekend"),))
    text = visit.say(
        "choose_quiet",
        begins="",
        quiet=span(here.quiet),
        weekend=span(page.bounds.weekend),
        at_night=here.flash_at_night,
        merges=here.merges,
    )
    return page.made(text, rows)


async def weekend(page: Page, begins: int | None = None) -> OutgoingMessage:
    """Return the same for the nights before free days."""
    visit, chosen = page.visit, page.bounds.weekend
    if begins is not None:
        text = visit.say("choose_weekend", begins=f"{begins:02}:00", weekend="", loud=False)
        return page.made(text, _ends(page, "weekend", begins), above="quiet")
    hours_ = span(chosen)
    rows = [
        *_begins(page, "weekend", chosen[0] if chosen and hours_ else None),
        (page.marked(visit.label("weekend_same"), chosen is None, "weekend", "off"),),
        (page.marked(visit.label("weekend_loud"), chosen is not None and not hours_, "weekend", "none"),),
    ]
    loud = chosen is not None and not hours_
    return page.made(visit.say("choose_weekend", begins="", weekend=hours_, loud=loud), rows, above="quiet")


def _begins(page: Page, name: str, chosen: time | None) -> list[tuple[Button, ...]]:
    return rows_of([page.marked(f"{at:02}:00", chosen == time(at), name, at) for at in HOURS])


def _ends(page: Page, name: str, begins: int) -> list[tuple[Button, ...]]:
    return rows_of(
        [Button(f"{at:02}:00", press=page.press(name, begins, at)) for at in HOURS if at != begins]
    )


async def limit(page: Page) -> OutgoingMessage:
    """Return how many stories come at once in an hour and in a day, and what becomes of many."""
    visit, here, bounds = page.visit, page.here, page.bounds
    an_hour = [
        page.marked(visit.label("an_hour", count=each), each == bounds.most_hour, "hour", each)
        for each in AN_HOUR
    ]
    a_day = [
        page.marked(visit.label("a_day", count=each), each == bounds.most_day, "day", each) for each in A_DAY
    ]
    rows = [
        *rows_of(an_hour, 2),
        *rows_of(a_day, 2),
        (page.marked(visit.label("no_limit"), not bounds.capped, "limit", "off"),),
        (page.way("topic_limits", "most"),),
        (page.switch("merges", "merges", on=here.merges),),
    ]
    text = visit.say(
        "choose_limit",
        most_hour=bounds.most_hour,
        most_day=bounds.most_day,
        digests=by_days(here.digest_times),
        merges=here.merges,
    )
    return page.made(text, rows)


async def most(page: Page, topic_id: int | None = None) -> OutgoingMessage:
    """Return the topics that the chat follows, each with how many of its stories a day come at once; or one of them."""
    visit = page.visit
    found = await news_hours.topic_caps(visit.services.db, page.here.id)
    if topic_id is None:
        every = [
            (
                Button(
                    visit.label("topic_limit", topic=topic.name(visit.language), count=count),
                    press=page.press("most", topic.id),
                ),
            )
            for topic, count in found
        ]
        return page.made(visit.say("choose_most", topic="", empty=not found), every, above="limit")
    chosen = next(((topic, count) for topic, count in found if topic.id == topic_id), None)
    if chosen is None:
        raise Refusal("no-topic")
    topic, count = chosen
    numbers = [
        page.marked(visit.label("a_day", count=each), each == count, "most", topic_id, each)
        for each in OF_TOPIC
    ]
    rows = [
        *rows_of(numbers, 2),
        (page.marked(visit.label("all_at_once"), count is None, "most", topic_id, "all"),),
    ]
    text = visit.say("choose_most", topic=topic.name(visit.language), empty=False)
    return page.made(text, rows, above="most")


async def pause(page: Page) -> OutgoingMessage:
    """Return until when the chat can be left alone; where it is, the way back."""
    visit, until = page.visit, page.until()
    lengths = ("today", "3", "7")
    rows = [
        (Button(visit.label("pause_for", length=each), press=page.press("pause", each)),) for each in lengths
    ]
    rows.append((page.way("pause_date", "dates"),))
    if until:
        rows.append((page.switch("away_flash", "awayflash", on=page.bounds.away_flash),))
        rows.append((Button(visit.label("resume_news"), press=page.press("pause", "off")),))
    return page.made(visit.say("choose_pause", away=until, flash=page.bounds.away_flash), rows)


async def dates(page: Page) -> OutgoingMessage:
    """Return the next days, on one of which the absence ends."""
    visit = page.visit
    there = zone_named(page.here.zone)
    today = visit.services.now().astimezone(there).date()
    coming = [today + timedelta(days=ahead) for ahead in range(2, DATES + 2)]
    buttons = [
        Button(calendar_day(day, today, visit.language), press=page.press("pause", f"{day:%Y%m%d}"))
        for day in coming
    ]
    return page.made(visit.label("pause_date"), rows_of(buttons, 2), above="pause")
