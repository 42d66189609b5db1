"""What comes where in a forum: a list for its administrators, with a button that moves a topic to another thread."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.conversations.answers import change
from bot.conversations.chats import managed
from bot.conversations.presses import answer_press
from bot.conversations.visit import Visit
from bot.model.chat import Chat
from bot.model.errors import Refusal
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.places.thread import GENERAL, Whereabouts, is_closed
from bot.model.press import pack, unpack
from bot.readers import topics
from bot.readers.places import threads
from bot.readers.places.threads import DIGEST, FLASH

router = Router(name="whereabouts")

PER_PAGE = 20
WHAT = {"d": DIGEST, "f": FLASH}
USUAL = 0


@router.callback_query(F.data.startswith("where:of:"))
async def offer_threads(press: CallbackQuery, visit: Visit) -> None:
    """Show the threads into which a topic, digests or breaking news can come."""
    here = await managed(press, visit, None)
    said = unpack(press.data or "")
    await change(visit, press, await _threads_page(visit, here, said.args[1], said.number(2) or 0))


@router.callback_query(F.data.startswith("where:to:"))
async def move(press: CallbackQuery, visit: Visit) -> None:
    """Let it come into another thread from now on."""
    here = await managed(press, visit, None)
    said, services = unpack(press.data or ""), visit.services
    what, thread_id = WHAT.get(said.args[1]) or said.number(1), said.number(2)
    if what is None or thread_id is None:
        raise Refusal("stale")
    await threads.move(services.db, here.id, what, thread_id, at=services.now())
    services.bell.ring()
    await answer_press(press, visit.notice("saved"))
    await change(visit, press, await where_page(visit, here))


@router.callback_query(F.data.startswith("where"))
async def show(press: CallbackQuery, visit: Visit) -> None:
    """Show what comes where."""
    here = await managed(press, visit, None)
    await change(visit, press, await where_page(visit, here, unpack(press.data or "").number(0) or 0))


async def where_page(visit: Visit, here: Chat, page: int = 0) -> OutgoingMessage:
    """Return what comes where, a button for each topic, digests and breaking news."""
    there = await threads.whereabouts(visit.services.db, here.id)
    followed = await topics.ordered(visit.services.db, here.id)
    page = max(0, min(page, (len(followed) - 1) // PER_PAGE))
    flash = there.of_flash
    listed = [
        (each.name(visit.language), thread_name(visit, there, there.of_topic(each.id))) for each in followed
    ]
    text = visit.say(
        "place_where",
        topics=listed,
        digest=thread_name(visit, there, there.of_digest),
        flash="" if flash is None else thread_name(visit, there, flash),
        closed=_closed(visit, there),
    )
    shown = followed[page * PER_PAGE : (page + 1) * PER_PAGE]
    rows: list[tuple[Button, ...]] = [
        (Button(each.name(visit.language), press=pack("where", "of", each.id)),) for each in shown
    ]
    rows += [
        (
            Button(visit.label("where_digest"), press="where:of:d"),
            Button(visit.label("where_flash"), press="where:of:f"),
        ),
        *_turns(page, len(followed), "where"),
        (Button(visit.label("topics"), press=pack("topics", 0)),),
    ]
    return OutgoingMessage(text, buttons=tuple(rows))


async def _threads_page(visit: Visit, here: Chat, what: str, page: int) -> OutgoingMessage:
    there = await threads.whereabouts(visit.services.db, here.id)
    known = await topics.offered(visit.services.db, visit.services.bot.coverage)
    number = int(what) if what.isdecimal() else 0
    if what not in WHAT and (number not in there.topics or number not in known.by_id):
        raise Refusal("stale")
    now = there.of_digest if what == "d" else there.of_flash if what == "f" else there.of_topic(number)
    choices = [GENERAL, *sorted(each for each in there.threads if each != GENERAL)]
    page = max(0, min(page, (len(choices) - 1) // PER_PAGE))
    rows: list[tuple[Button, ...]] = [
        (_choice(thread_name(visit, there, each), each == now, what, each),)
        for each in choices[page * PER_PAGE : (page + 1) * PER_PAGE]
    ]
    if what == "f":
        rows.insert(0, (_choice(visit.label("where_with_topic"), now is None, what, USUAL),))
    name = known.by_id[number].name(visit.language) if number else visit.label(f"where_{WHAT[what]}")
    back = (Button(visit.label("back"), press="where"),)
    rows = [*rows, *_turns(page, len(choices), f"where:of:{what}"), back]
    return OutgoingMessage(visit.say("place_thread", what=name), buttons=tuple(rows))


def thread_name(visit: Visit, there: Whereabouts, thread_id: int) -> str:
    """Return what a thread is called, with a word where it is closed."""
    number = abs(thread_id)
    known = there.threads.get(number)
    name = known.name if known else ""
    if not name:
        name = (
            visit.label("thread_general")
            if number == GENERAL
            else visit.label("thread_number", number=number)
        )
    return visit.label("thread_closed", name=name) if is_closed(thread_id) else name


async def elsewhere(visit: Visit, chat_id: int) -> dict[int, str]:
    """Return the topics that come into another thread of the group than this one, each with that one's name."""
    there = await threads.whereabouts(visit.services.db, chat_id)
    if not there.forum:
        return {}
    here = visit.thread_id or GENERAL
    found = {topic_id: there.of_topic(topic_id) for topic_id in there.topics}
    return {at: thread_name(visit, there, thread) for at, thread in found.items() if thread != here}


def _choice(label: str, chosen: bool, what: str, thread_id: int) -> Button:
    return Button(f"✅ {label}" if chosen else label, press=pack("where", "to", what, thread_id))


def _turns(page: int, count: int, press: str) -> Keyboard:
    pages = -(-count // PER_PAGE)
    turns = {page - 1: "‹", page: f"{page + 1}/{pages}", page + 1: "›"}
    row = tuple(Button(sign, press=f"{press}:{at}") for at, sign in turns.items() if 0 <= at < pages)
    return (row,) if pages > 1 else ()


def _closed(visit: Visit, there: Whereabouts) -> list[str]:
    used = {there.usual, there.digest, there.flash, *there.topics.values()}
    shut = sorted(abs(each) for each in used if each is not None and is_closed(each))
    return [thread_name(visit, there, each) for each in shut]
