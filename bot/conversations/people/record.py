"""/audit: what was done at the desk, by whom and when, page by page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import need
from bot.conversations.answers import change, send
from bot.conversations.language import own_name
from bot.conversations.visit import Visit, Visitor
from bot.desk import record
from bot.desk.flash.send import EVERYBODY, FLASH, FLASH_SAYS, OWN_LANGUAGE
from bot.desk.record import RecordPage
from bot.desk.release_due import RETURNED
from bot.model.chat import ChatKind
from bot.model.desk.deed import Deed
from bot.model.desk.title import cut
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.newsroom.role import Right
from bot.model.press import NUMBER, pack, unpack
from bot.model.story.topic import Topics
from bot.readers import topics
from bot.rendering.text.times import date_words, zone_of

router = Router(name="record")

PER_PAGE = 6
MOST_CHANGES = 3
LONGEST = 70
"""A page shows so many changes of a deed, and so many characters of each, that it fits into a message."""


@router.message(Command("audit"))
async def show_record(message: Message, command: CommandObject, visit: Visit) -> None:
    """Show the newest deeds; with a story's number, those on that story."""
    await need(visit, Right.PEOPLE)
    if visit.kind is not ChatKind.PRIVATE:
        raise Refusal("private-only")
    words = (command.args or "").strip().lstrip("#")
    if words and not NUMBER.fullmatch(words):
        raise Refusal("no-such-story", words=words)
    article_id = int(words) if words else None
    found = await record.page(visit.services.db, visit.services.bot.id, PER_PAGE, article_id=article_id)
    await send(visit, await record_page(visit, found, article_id))


@router.callback_query(F.data.startswith("audit:"))
async def turn_page(press: CallbackQuery, visit: Visit) -> None:
    """Show the deeds before or after those on the page."""
    await need(visit, Right.PEOPLE)
    said = unpack(press.data or "")
    at, article_id = said.number(1), said.number(2) or None
    if at is None or said.args[0] not in ("before", "after") or visit.kind is not ChatKind.PRIVATE:
        raise Refusal("stale")
    services = visit.services
    found = await record.page(
        services.db, services.bot.id, PER_PAGE, article_id=article_id, **{said.args[0]: at}
    )
    await change(visit, press, await record_page(visit, found, article_id))


async def record_page(visit: Visit, found: RecordPage, article_id: int | None) -> OutgoingMessage:
    """Return a page of the record, with the ways to those before and after."""
    known = await topics.all_topics(visit.services.db)
    deeds = [deed_facts(visit, deed, found.names, known) for deed in found.deeds]
    services = visit.services
    text = visit.say(
        "audit",
        deeds=deeds,
        article_id=article_id,
        zone_name=services.bot.zone,
    )
    ways = []
    if found.newer:
        first = found.deeds[0].id
        ways.append(Button(visit.label("newer"), press=pack("audit", "after", first, article_id or 0)))
    if found.older:
        last = found.deeds[-1].id
        ways.append(Button(visit.label("older"), press=pack("audit", "before", last, article_id or 0)))
    return OutgoingMessage(text, buttons=(tuple(ways),) if ways else ())


def deed_facts(visit: Visitor, deed: Deed, names: dict[int, str], known: Topics) -> dict[str, Any]:
    """Return what templates say of a deed: names in place of ids, times in the newsroom's zone."""
    services = visit.services
    return {
        "at": date_words(deed.at, services.now(), visit.language, services.bot.zone),
        "by": names.get(deed.actor, str(deed.actor)) if deed.actor is not None else "",
        "command": deed.hand != "",
        "verb": deed.verb,
        "article_id": deed.article_id,
        "revision": deed.revision,
        "detail": cut(_detail(visit, deed, names), LONGEST),
        "passed": _passed(deed),
        "changes": [
            {
                "field": each.field,
                "old": cut(_words(visit, each.field, each.old, known), LONGEST),
                "new": cut(_words(visit, each.field, each.new, known), LONGEST),
            }
            for each in deed.difference[:MOST_CHANGES]
        ],
        "more": max(0, len(deed.difference) - MOST_CHANGES),
    }


def _detail(visit: Visitor, deed: Deed, names: dict[int, str]) -> str:
    """Return the detail as a person reads it: names for ids, a time in the newsroom's zone, why a story came back."""
    services, said = visit.services, deed.detail.split()
    if people := record.people_in(deed):
        return ", ".join(names.get(each, str(each)) for each in people)
    if deed.verb in record.TIMED and len(said) > 1:
        return date_words(datetime.fromisoformat(said[0]), services.now(), visit.language, services.bot.zone)
    if deed.verb == FLASH and len(said) == len(FLASH_SAYS):
        to, languages, manner = said
        codes = [] if languages == OWN_LANGUAGE else [own_name(code) for code in languages.split(",")]
        return visit.label("flash_how", everybody=to == EVERYBODY, languages=codes, manner=manner)
    if deed.verb == RETURNED:
        return services.talk.refusal(deed.detail, visit.language)
    return "" if deed.verb in record.PASSING else deed.detail


def _passed(deed: Deed) -> list[str]:
    said = deed.detail.split() if deed.verb in record.PASSING else []
    return said[2:] if deed.verb in record.TIMED else said


def _words(visit: Visitor, field: str, kept: str, known: Topics) -> str:
    """Return a change as a person reads it: rights and topics by their names, a time in the newsroom's zone."""
    if field == "rights":
        rights = [each for each in Right if each.value in kept.split()]
        return ", ".join(visit.label(f"right_{each}") for each in rights)
    if field == "publish" and kept:
        return visit.label("src_draft" if kept == "draft" else "src_publish")
    if field == "topics":
        ids = [int(each) for each in kept.split() if each.isdecimal()]
        return ", ".join(known.names(ids, visit.language))
    if field == "until" and kept:
        zone = visit.services.bot.zone
        at = datetime.fromisoformat(kept).astimezone(zone_of(zone))
        return date_words(at, visit.services.now(), visit.language, zone)
    return kept
