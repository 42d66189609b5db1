"""The pages of feeds: all of them, one of them, the topics of one, and whether to remove it."""

from __future__ import annotations

from datetime import datetime

from bot.conversations.visit import Visit
from bot.desk.newsroom import feeds
from bot.desk.newsroom.feeds import FeedState
from bot.model.desk.title import cut
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.press import pack
from bot.readers import topics
from bot.rendering.text.times import date_words

CHOSEN, OPEN = "✅", "▫️"
MOST_FEEDS, MOST_TOPICS, PER_ROW = 80, 90, 2
"""A keyboard holds 100 buttons (limits.tginfo.me)."""

LISTED = 40
"""So many feeds and topics are told with their state: a message holds 4096 characters."""


async def sources_page(visit: Visit) -> OutgoingMessage:
    """Return all feeds with their state, and the ways to topics and to the newsroom file."""
    services = visit.services
    found = await feeds.listing(services.db, services.now())
    facts = [
        {
            "name": cut(each.feed.name or each.feed.url),
            "paused": each.feed.paused_at is not None,
            "failing": each.feed.last_error is not None,
            "today": each.today,
            "held": each.held,
        }
        for each in found[:LISTED]
    ]
    gone = [cut(each.name or each.url) for each in await feeds.gone(services.db)]
    rows = [
        Button(cut(each.feed.name or each.feed.url, 30), press=pack("src", "feed", each.feed.id))
        for each in found[:MOST_FEEDS]
    ]
    ways = (
        (Button(visit.label("src_add_feed"), press=pack("src", "new-feed"), style="primary"),),
        (
            Button(visit.label("src_topics"), press=pack("src", "topics")),
            Button(visit.label("src_export"), press=pack("src", "export")),
        ),
    )
    return OutgoingMessage(
        visit.say("sources", feeds=facts, gone=gone[-LISTED:]), buttons=(*grid(rows), *ways)
    )


async def feed_page(visit: Visit, feed_id: int) -> OutgoingMessage:
    """Return how a feed is doing, with a button for each thing that can be changed."""
    services = visit.services
    state = await feeds.find(services.db, feed_id, services.now())
    text = visit.say("source_feed", **await _facts(visit, state))
    return OutgoingMessage(text, buttons=_feed_buttons(visit, state))


async def feed_topics_page(visit: Visit, feed_id: int, *, setup: bool = False) -> OutgoingMessage:
    """Return the topics under which a feed's stories can go, those chosen marked; in the set-up it leads on there."""
    services = visit.services
    state = await feeds.find(services.db, feed_id, services.now())
    known, feed = await topics.all_topics(services.db), state.feed
    more = ("s",) if setup else ()
    chosen = [
        Button(
            f"{CHOSEN if each.slug in feed.topics else OPEN} {each.name(visit.language)}",
            press=pack("src", "ftopic", feed.id, feed.version, each.id, *more),
        )
        for each in known.all[:MOST_TOPICS]
    ]
    end = pack("setup", "home") if setup else pack("src", "feed", feed.id)
    done = (Button(visit.label("done"), press=end, style="primary" if setup else None),)
    return OutgoingMessage(
        visit.say("source_feed_topics", name=feed.name or feed.url), buttons=(*grid(chosen), done)
    )


def remove_page(visit: Visit, state: FeedState) -> OutgoingMessage:
    """Return the question whether to remove a feed."""
    feed = state.feed
    sure = Button(
        visit.label("src_remove_sure"), press=pack("src", "fgone", feed.id, feed.version), style="danger"
    )
    back = Button(visit.label("back"), press=pack("src", "feed", feed.id))
    text = visit.say("source_remove", name=feed.name or feed.url)
    return OutgoingMessage(text, buttons=((sure,), (back,)))


def grid(buttons: list[Button]) -> Keyboard:
    """Return buttons in rows of two."""
    return tuple(tuple(buttons[at : at + PER_ROW]) for at in range(0, len(buttons), PER_ROW))


async def _facts(visit: Visit, state: FeedState) -> dict[str, object]:
    feed, services = state.feed, visit.services
    known = await topics.all_topics(services.db)
    return {
        "name": feed.name or feed.url,
        "url": feed.url,
        "paused": feed.paused_at is not None,
        "fault_code": (feed.last_error or "").partition(":")[0],
        "failures": feed.failures,
        "last_look": _when(visit, feed.last_ok_at),
        "next_look": _when(visit, feed.next_poll_at),
        "today": state.today,
        "held": state.held,
        "drafts": feed.publish == "draft",
        "topics": [each.name(visit.language) for each in known.all if each.slug in feed.topics],
        "feed_language": feed.language,
    }


def _feed_buttons(visit: Visit, state: FeedState) -> Keyboard:
    feed, label = state.feed, visit.label

    def button(name: str, verb: str, *args: object) -> Button:
        return Button(label(name), press=pack("src", verb, feed.id, feed.version, *args))

    steer = button("src_resume", "fgo") if feed.paused_at else button("src_pause", "fpause")
    other = ("src_publish", "auto") if feed.publish == "draft" else ("src_draft", "draft")
    return (
        (steer, button(other[0], "fout", other[1])),
        (button("src_rename", "fname"), button("src_feed_topics", "ftopics")),
        (button("src_test", "ftest"), button("src_remove", "fdrop")),
        (Button(label("src_feeds"), press=pack("src", "home")),),
    )


def _when(visit: Visit, at: datetime | None) -> str:
    services = visit.services
    return date_words(at, services.now(), visit.language, services.bot.zone) if at else ""
