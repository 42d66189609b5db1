"""A trial of an address: what is there now, and the buttons that add it. The message itself names the address."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import role_of
from bot.conversations.answers import change, pressed, send
from bot.conversations.newsroom.entrance import feed_pressed, need_sources
from bot.conversations.newsroom.pages import feed_page, feed_topics_page
from bot.conversations.newsroom.questions import ask
from bot.conversations.people.person import name_of
from bot.conversations.presses import answer_press
from bot.conversations.visit import Visit
from bot.desk.newsroom import feeds
from bot.model.desk.title import cut
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.newsroom.sources import web_address
from bot.model.newsroom.trial import FeedTrial
from bot.model.press import pack, unpack
from bot.model.story.topic import Topics
from bot.readers import topics
from bot.rendering.text.times import date_words
from bot.telegram import replies
from bot.telegram.replies import Place

router = Router(name="feed_trial")

SETUP = "s"
"""Ends the data of a button, and the mark of a question, that belongs to the set-up."""

LONGEST_HEADLINE = 120


@router.message(Command("feed"))
async def feed(message: Message, command: CommandObject, visit: Visit) -> None:
    """Try an address: `/feed URL`, `/feed test URL`; without one, ask for it."""
    await need_sources(visit)
    words = (command.args or "").strip()
    words = words.removeprefix("test").strip() if words.partition(" ")[0] == "test" else words
    if words:
        await begin_trial(visit, web_address(words))
    else:
        await ask(visit, "feed")


@router.callback_query(F.data.startswith("src:ftest:"))
async def try_known(press: CallbackQuery, visit: Visit) -> None:
    """Try the address of a feed that is asked already."""
    _, state = await feed_pressed(press, visit)
    await begin_trial(visit, state.feed.url)


@router.callback_query(F.data.startswith("src:look"))
async def look_again(press: CallbackQuery, visit: Visit) -> None:
    """Try the address of the message once more."""
    await need_sources(visit)
    url = _address_in(press)
    setup = _of_setup(press)
    await change(visit, press, _looking(visit, url, setup=setup))
    _look(visit, pressed(visit, press), url, setup=setup)


@router.callback_query(F.data.startswith("src:add:"))
async def add(press: CallbackQuery, visit: Visit) -> None:
    """Add the address of the message as a feed, and ask for its topics."""
    by, services = await need_sources(visit), visit.services
    publish, url = ("", "", *unpack(press.data or "").args[1:2])[-1], _address_in(press)
    role = await role_of(services, by)
    known = await topics.all_topics(services.db)
    # Whose right is for some topics adds feeds of those.
    own = [each.slug for each in known.all if role.topics is not None and each.id in role.topics]
    if role.topics is not None and not own:
        raise Refusal("other-topics")
    try:
        made = await feeds.add(services.db, url, at=services.now(), by=by, publish=publish, topics_of=own)
    except Refusal as refusal:
        first = refusal.facts.get("by")
        raise Refusal(refusal.code, name=await name_of(visit, first)) if first else refusal from None
    await answer_press(press, visit.notice("feed_added", draft=publish == "draft"))
    if known.all:
        await change(visit, press, await feed_topics_page(visit, made.id, setup=_of_setup(press)))
    else:
        await change(visit, press, await feed_page(visit, made.id))


async def begin_trial(visit: Visit, url: str, *, setup: bool = False) -> None:
    """Say that the address is looked at, and put what is there in the place of that when it has answered.

    The chat goes on meanwhile. After a restart the message's own button looks again.
    """
    standing = await send(visit, _looking(visit, url, setup=setup))
    _look(visit, Place(visit.client, visit.telegram_id, None, standing.message_id), url, setup=setup)


def _look(visit: Visit, place: Place, url: str, *, setup: bool) -> None:
    async def errand() -> None:
        trial = await visit.services.trial(url)
        await replies.put(place, await _trial_page(visit, trial, setup=setup))

    visit.services.errands.ask(("trial", visit.telegram_id, place.standing), errand)


def _looking(visit: Visit, url: str, *, setup: bool) -> OutgoingMessage:
    text = visit.say("feed_trial", url=url, looking=True)
    return OutgoingMessage(text, buttons=((_again(visit, setup=setup),),))


async def _trial_page(visit: Visit, trial: FeedTrial, *, setup: bool) -> OutgoingMessage:
    known = await topics.all_topics(visit.services.db)
    text = visit.say("feed_trial", looking=False, **_facts(visit, trial, known))
    rows: list[tuple[Button, ...]] = []
    more = (SETUP,) if setup else ()
    if trial.known is not None:
        rows.append((Button(visit.label("src_open_feed"), press=pack("src", "feed", trial.known)),))
    elif not trial.fault:
        for publish in ("auto", "draft"):
            data = pack("src", "add", publish, *more)
            rows.append((Button(visit.label(f"src_add_{publish}"), press=data, style="primary"),))
    rows.append((_again(visit, setup=setup),))
    back = ("setup", "home") if setup else ("src", "home")
    rows.append((Button(visit.label("back"), press=pack(*back)),))
    return OutgoingMessage(text, buttons=tuple(rows))


def _facts(visit: Visit, trial: FeedTrial, known: Topics) -> dict[str, object]:
    services, language = visit.services, visit.language
    return {
        "url": trial.url,
        "fault_code": trial.fault,
        "count": trial.count,
        "lost": trial.lost,
        "undated": trial.undated,
        "untopical": trial.untopical,
        "known": trial.known is not None,
        "items": [
            {
                "headline": cut(each.headline, LONGEST_HEADLINE) or "—",
                "date": date_words(each.published, services.now(), language, services.bot.zone)
                if each.published
                else "",
                "language": each.language,
                "topics": known.names(each.topics, language),
            }
            for each in trial.items
        ],
    }


def _again(visit: Visit, *, setup: bool) -> Button:
    return Button(visit.label("src_look"), press=pack("src", "look", *((SETUP,) if setup else ())))


def _of_setup(press: CallbackQuery) -> bool:
    return unpack(press.data or "").args[-1:] == (SETUP,)


def _address_in(press: CallbackQuery) -> str:
    """Return the address that the bot's own message is about. Refused where the message is gone or says none."""
    message = press.message
    if isinstance(message, Message):
        for each in message.entities or ():
            if each.type == "code":
                return web_address(each.extract_from(message.text or ""))
    raise Refusal("stale")
