"""Links that set topics up: who has chosen nothing yet has them at once; whoever has is asked first."""

from __future__ import annotations

from dataclasses import replace

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.conversations.answers import change, send
from bot.conversations.chats import managed
from bot.conversations.language import own_name
from bot.conversations.reader.following.words import name_of
from bot.conversations.reader.topic_menu import keep_menu, post_menu
from bot.conversations.reader.topics import topics_page
from bot.conversations.visit import Visit
from bot.model.chat import Chat
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack, unpack
from bot.model.story.topic import Topics
from bot.readers import membership, topics
from bot.readers.following import starting_set
from bot.readers.following.starting_set import StartingSet
from bot.readers.places.threads import spoken_in

router = Router(name="links")

TAKE = "take"
"""The verb of the button: with a code of full length, it makes the 64 bytes that a button has."""


async def take_up(visit: Visit, here: Chat, code: str, *, new: bool) -> bool:
    """Do what the link of a start asks for, and say so; False where the link is forged, cut or out of date."""
    wanted = await _wanted(visit, code)
    if wanted is None:
        return False
    services = visit.services
    there = await topics.following(services.db, here.id, services.now())
    missing = starting_set.lacking(there, here, wanted)
    # Telegram tells that a bot came into a group before it tells by which link: the group is no newcomer then.
    if not there.chosen and (new or not here.private or not wanted.language):
        await _take(visit, here, wanted)
        here, visit = await _as_it_is(visit, here)
        await post_menu(visit, here, await _page(visit, here, wanted, hello=True))
    elif missing is None:
        await post_menu(visit, here, await _page(visit, here, wanted))
    else:
        text = visit.say("link_ask", **_said(visit, missing, there.topics))
        add = Button(visit.label("link_take"), press=pack(TAKE, code))
        await send(visit, OutgoingMessage(text, buttons=((add,), (_every(visit),))))
    return True


@router.callback_query(F.data.startswith(f"{TAKE}:"))
async def take(press: CallbackQuery, visit: Visit) -> None:
    """Let the chat have what a link offers; the link is read again, for a button can be forged."""
    here = await managed(press, visit, None)
    wanted = await _wanted(visit, ":".join(unpack(press.data or "").args))
    if wanted is None:
        raise Refusal("stale")
    await _take(visit, here, wanted)
    here, visit = await _as_it_is(visit, here)
    await change(visit, press, await _page(visit, here, wanted))
    await keep_menu(visit, here, press)


async def _wanted(visit: Visit, code: str) -> StartingSet | None:
    services = visit.services
    link = services.links.read(code, services.now())
    return await starting_set.of_link(services.db, link, services.bot.coverage) if link else None


async def _take(visit: Visit, here: Chat, wanted: StartingSet) -> None:
    thread_id = spoken_in(here, visit.thread_id)
    services = visit.services
    await starting_set.take(services.db, here.id, wanted, services.now(), thread_id=thread_id)


async def _as_it_is(visit: Visit, here: Chat) -> tuple[Chat, Visit]:
    """Return the chat as it stands now, and the visit in its language."""
    services = visit.services
    known = await membership.find(services.db, services.bot.id, here.telegram_id) or here
    return known, replace(visit, chat=known, language=known.language)


async def _page(visit: Visit, here: Chat, wanted: StartingSet, *, hello: bool = False) -> OutgoingMessage:
    """Return what the chat has now of a set, above the list of topics, where it can be changed."""
    known = await topics.offered(visit.services.db, visit.services.bot.coverage)
    hours = [f"{each:%H:%M}" for each in here.digest_at]
    text = visit.say("link_set", hello=hello, hours=hours, **_said(visit, wanted, known))
    return await topics_page(visit, here.id, None, text=text)


def _said(visit: Visit, wanted: StartingSet, known: Topics) -> dict[str, object]:
    return {
        "topics": [name_of(visit, known.by_id.get(at)) for at in wanted.topic_ids],
        "digest": wanted.digest,
        "language": own_name(wanted.language) if wanted.language else "",
    }


def _every(visit: Visit) -> Button:
    return Button(visit.label("topics"), press=pack("topics", 0))
