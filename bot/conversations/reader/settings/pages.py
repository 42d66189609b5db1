"""The main page of /settings, and those of language, look and zone."""

from __future__ import annotations

from bot.conversations.language import offered_name, own_name
from bot.conversations.places.setting_rows import rows_of as place_rows
from bot.conversations.reader.settings.page import Page, by_days, rows_of, span
from bot.conversations.reader.topics import following_by_mode
from bot.conversations.visit import Visit
from bot.model.chat import Chat
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.press import pack
from bot.model.story.form import CHOOSABLE
from bot.readers import membership, settings, topics
from bot.readers.following import mutes
from bot.rendering.text.zones import local_time
from bot.tongues import codes, drafts

ZONES = (
    *("Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk"),
    *("Asia/Almaty", "Asia/Bishkek", "Asia/Tashkent", "Asia/Novosibirsk", "Asia/Irkutsk"),
    *("Asia/Vladivostok", "Europe/London", "Europe/Berlin", "UTC"),
)
CHANNELS = 10
UP = "⬆️"
DEFAULT = "default"
ZONE_HERE = "zone-here"
"""The press that asks for the location."""


async def main(page: Page) -> OutgoingMessage:
    """Return what is set, with the way to each setting."""
    visit, here, bounds = page.visit, page.here, page.bounds
    now = visit.services.now()
    found = await topics.following(visit.services.db, here.id, now)
    muted = await mutes.listing(visit.services.db, here.id, now)
    style = visit.services.bot.style.chosen(here.form, here.pictures)
    text = visit.say(
        "settings",
        title=here.title if page.meant else "",
        language_name=own_name(here.language),
        news_languages=[own_name(code) for code in here.news_languages],
        instant=here.instant,
        form=visit.label(f"form_{style.form}"),
        pictures=style.pictures,
        digests=by_days(here.digest_times),
        quiet=span(here.quiet),
        weekend=span(bounds.weekend),
        loud_weekend=bounds.weekend is not None and not span(bounds.weekend),
        at_night=here.flash_at_night,
        most_hour=bounds.most_hour,
        most_day=bounds.most_day,
        silent=bounds.silent,
        away=page.until(),
        chat_zone=here.zone,
        local=local_time(here.zone, now, visit.language),
        topics=following_by_mode(visit, found),
        muted=[each.what.name(visit.language) for each in muted],
    )
    rows: Keyboard = (
        (page.way("look", "form"), page.switch("instant", "instant", on=here.instant)),
        (page.way("digest_hour", "digest"), page.way("quiet", "quiet")),
        (page.way("limits", "limit"), page.way("pause_news", "pause")),
        (page.switch("silent", "silent", on=bounds.silent),),
        (page.way("language", "language"), page.way("zone", "zone")),
        (page.way("news_languages", "news"),),
        (Button(visit.label("topics"), press=pack("topics", 0, *((page.meant,) if page.meant else ()))),),
    )
    if muted:
        rows = (*rows, (Button(visit.label("muted_list"), press=pack("muted", page.meant, 0)),))
    rows = (*rows, *await place_rows(visit, here, page.meant))
    if page.meant:
        home = (Button(visit.label("back"), press=pack("set", 0)),)
        return OutgoingMessage(text, buttons=(*rows, home))
    rows = (*rows, (Button(visit.label("alerts"), press=pack("alerts", "list")),))
    return OutgoingMessage(text, buttons=(*rows, *await _channels(page)))


async def language(page: Page) -> OutgoingMessage:
    """Return the languages."""
    visit, here = page.visit, page.here
    rows = [
        (page.marked(offered_name(visit, code), code == here.language, "language", code),) for code in codes()
    ]
    names = [own_name(code) for code in codes() if code in drafts()]
    return page.made(visit.say("choose_language", name=own_name(here.language), drafts=names), rows)


async def news(page: Page) -> OutgoingMessage:
    """Return the languages that news can come in: one, several, or all."""
    here = page.here
    offered = await news_offered(page.visit, here)
    rows = [(page.marked(own_name(code), code in here.news_languages, "news", code),) for code in offered]
    every = page.marked(page.visit.label("every_language"), not here.news_languages, "news", "all")
    return page.made(page.visit.say("choose_news_languages"), [*rows, (every,)])


async def news_offered(visit: Visit, here: Chat) -> list[str]:
    """Return the codes of the languages that the chat can have its news in: no draft that nobody tells news in."""
    usual = tuple(code for code in codes() if code == here.language or code not in drafts())
    return await settings.news_languages(visit.services.db, here, usual)


async def form(page: Page) -> OutgoingMessage:
    """Return the forms in which stories can come, each explained, and whether with pictures."""
    visit, here = page.visit, page.here
    usual = visit.services.bot.style
    rows: list[tuple[Button, ...]] = [
        (page.marked(visit.label(f"form_{each}"), each == here.form, "form", each),) for each in CHOOSABLE
    ]
    as_usual = visit.label("form_default", form=visit.label(f"form_{usual.form}"))
    rows.append((page.marked(as_usual, here.form is None, "form", DEFAULT),))
    pictures = usual.chosen(here.form, here.pictures).pictures
    rows.append((page.switch("pictures", "pictures", on=pictures),))
    return page.made(visit.say("choose_form", in_group=not here.private and not page.meant), rows)


async def order(page: Page) -> OutgoingMessage:
    """Return the chat's topics in its order, each with a button that moves it up."""
    visit = page.visit
    found = await topics.ordered(visit.services.db, page.here.id)
    rows = [
        (
            Button(
                f"{at}. {topic.name(visit.language)}" + (f"  {UP}" if at > 1 else ""),
                press=page.press("up", topic.id),
            ),
        )
        for at, topic in enumerate(found, 1)
    ]
    return page.made(visit.say("choose_order", empty=not found), rows, above="digest")


async def zone(page: Page) -> OutgoingMessage:
    """Return time zones, those that most readers live in, each with what its clocks show."""
    visit, here = page.visit, page.here
    now = visit.services.now()
    shown = {each: local_time(each, now, visit.language) for each in ZONES}
    zones = [
        page.marked(f"{local.city}, {local.clock}", each == here.zone, "zone", each)
        for each, local in shown.items()
    ]
    rows = rows_of(zones, 2)
    if here.private:
        rows.append((Button(visit.label("zone_here"), press=ZONE_HERE),))
    return page.made(visit.say("choose_zone", local=local_time(here.zone, now, visit.language)), rows)


async def _channels(page: Page) -> Keyboard:
    visit = page.visit
    if not page.here.private or visit.user_id is None:
        return ()
    found = await membership.channels_of(visit.services.db, visit.services.bot.id, visit.user_id, CHANNELS)
    return tuple((Button(f"📢 {each.title}"[:64], press=pack("set", each.telegram_id)),) for each in found)
