"""The pages between a card and a verb: warnings to pass, and the ways in which a story is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.conversations.desk.entrance import packed
from bot.conversations.people.person import name_of
from bot.conversations.visit import Visit
from bot.model.desk.check import Check
from bot.model.desk.lock import Lock
from bot.model.desk.title import head
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack
from bot.model.story.article import READABLE, Article
from bot.rendering.text.times import date_words, short_span


def warned_page(visit: Visit, article: Article, verb: str, warnings: Sequence[Check]) -> OutgoingMessage:
    """Return the question whether a verb shall be done all the same; the button names what it passes."""
    anyway = Button(
        visit.label("anyway", verb=verb),
        press=pack("desk", verb, article.id, article.revision, packed(warnings)),
        style="danger",
    )
    text = visit.say(
        "desk_warned",
        headline=head(article.id, article.content.headline),
        checks=check_facts(visit, warnings),
        verb=verb,
    )
    return OutgoingMessage(text, buttons=((anyway,), (back(visit, article),)))


def withdrawal_page(visit: Visit, article: Article) -> OutgoingMessage:
    """Return the question in which way the story shall be taken back."""
    readable = article.status in READABLE
    ways = {"kill": visit.label("kill", readable=readable)}
    if readable:
        ways |= {each: visit.label(each) for each in ("killquiet", "takedown", "unpublish")}
    rows = [
        (Button(label, press=pack("desk", each, article.id, article.revision), style="danger"),)
        for each, label in ways.items()
    ]
    text = visit.say("desk_withdraw", headline=head(article.id, article.content.headline), readable=readable)
    return OutgoingMessage(text, buttons=(*rows, (back(visit, article),)))


def check_facts(visit: Visit, found: Iterable[Check]) -> list[dict[str, Any]]:
    """Return what templates say of the items of a check list."""
    talk = visit.services.talk
    return [
        {"blocking": each.blocking, "words": talk.refusal(each.code, visit.language, **each.detail)}
        for each in found
    ]


def when_facts(visit: Visit, at: datetime | None) -> dict[str, str]:
    """Return what templates say of a time to come: in the newsroom's zone, and how long it is until then."""
    if at is None:
        return {}
    services, now = visit.services, visit.services.now()
    zone = services.rules.zone
    left = short_span(at - now, visit.language) if at > now else ""
    return {"at": date_words(at, now, visit.language, zone), "zone_name": zone, "left": left}


async def editor_facts(visit: Visit, held: Lock | None) -> dict[str, Any]:
    """Return what templates say of who is editing a story; nothing where nobody is."""
    if held is None:
        return {}
    services = visit.services
    since = date_words(held.since, services.now(), visit.language, services.rules.zone)
    return {
        "name": await name_of(visit, held.user_id),
        "own": held.user_id == visit.user_id,
        "since": since,
    }


def back(visit: Visit, article: Article) -> Button:
    """Return the button that leads back to a story's card."""
    return Button(visit.label("back"), press=pack("desk", "card", article.id))
