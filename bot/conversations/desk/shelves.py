"""/desk: what waits at the desk, shelf by shelf, and stories by words of their headline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.conversations.answers import change, send
from bot.conversations.desk.entrance import need_desk
from bot.conversations.desk.live.notices import switch_button
from bot.conversations.visit import Visit
from bot.desk import lookup
from bot.desk.live import notices
from bot.desk.story import lists
from bot.desk.story.lists import MOST_COUNTED, Shelf
from bot.model.chat import ChatKind
from bot.model.desk.listed import Listed
from bot.model.desk.title import title
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack, unpack
from bot.rendering.text.times import date_words

router = Router(name="desk")

FEW, PER_PAGE, MOST_PAGES = 2, 8, 50
FULL_SHELVES = 3
"""How many shelves may have something on them while each shows `FEW` stories; of more each shows one."""
LONGEST_SEARCH = 100


@router.message(Command("desk"))
async def open_desk(message: Message, command: CommandObject, visit: Visit) -> None:
    """Show the shelves; with words, the stories whose headline holds the words."""
    await need_desk(visit)
    words = _words(command.args or "")
    if words:
        # The page's buttons find the words in the message that the page answers: nothing is kept.
        await send(visit, await _found(visit, words, 0), reply_to=message.message_id)
    else:
        await send(visit, await _shelves(visit))


@router.callback_query(F.data == "desk:home")
async def show_desk(press: CallbackQuery, visit: Visit) -> None:
    """Show the shelves again."""
    await need_desk(visit)
    await change(visit, press, await _shelves(visit))


@router.callback_query(F.data.startswith("desk:shelf:"))
async def show_shelf(press: CallbackQuery, visit: Visit) -> None:
    """Show a page of one shelf."""
    await need_desk(visit)
    said = unpack(press.data or "")
    name, page = said.args[1], said.number(2) or 0
    if name not in [each.value for each in Shelf] or not 0 <= page < MOST_PAGES:
        raise Refusal("stale")
    services = visit.services
    span = {"limit": PER_PAGE + 1, "offset": page * PER_PAGE}
    found = await lists.shelf(services.db, Shelf(name), services.now(), **span)
    title = visit.label("shelf", shelf=name)
    await change(visit, press, _page(visit, found, page, title=title, key=("shelf", name)))


@router.callback_query(F.data.startswith("desk:find:"))
async def turn_found(press: CallbackQuery, visit: Visit) -> None:
    """Show another page of the stories that were looked for."""
    await need_desk(visit)
    page = unpack(press.data or "").number(1) or 0
    asked = press.message.reply_to_message if isinstance(press.message, Message) else None
    words = _words((asked.text or "").partition(" ")[2]) if asked else ""
    if not words or not 0 <= page < MOST_PAGES:
        raise Refusal("stale")
    await change(visit, press, await _found(visit, words, page))


async def _shelves(visit: Visit) -> OutgoingMessage:
    services = visit.services
    rows, counts = [], []
    shown: set[int] = set()
    piles = await lists.overview(services.db, services.now(), limit=FEW)
    few = FEW if sum(pile.size > 0 for pile in piles.values()) <= FULL_SHELVES else 1
    for shelf, pile in piles.items():
        if not pile.size and shelf is Shelf.UNREVIEWED:
            continue
        counts.append((shelf.value, min(pile.size, MOST_COUNTED), pile.size > MOST_COUNTED))
        if pile.size:
            label = visit.label("shelf", shelf=shelf.value)
            rows.append((Button(f"{label} ›", press=pack("desk", "shelf", shelf, 0), style="primary"),))
        # A flash that goes out stands on three shelves, and has one button.
        new = [each for each in pile.stories if each.id not in shown][:few]
        shown.update(each.id for each in new)
        rows += [(_opens(visit, each),) for each in new]
    picked = Button(visit.label("highlights_usual"), press=pack("picks", "list"))
    last = [Button(visit.label("refresh"), press=pack("desk", "home"))]
    own: list[tuple[Button, ...]] = []
    if visit.kind is ChatKind.PRIVATE and visit.user_id is not None:
        own.append((picked,))
        on = await notices.wanted(services.db, services.bot.id, visit.user_id)
        last.append(switch_button(visit, on=on))
    return OutgoingMessage(visit.say("desk", shelves=counts), buttons=(*rows, *own, tuple(last)))


async def _found(visit: Visit, words: str, page: int) -> OutgoingMessage:
    services = visit.services
    span = {"limit": PER_PAGE + 1, "offset": page * PER_PAGE}
    found = await lookup.newest(services.db, words=words, at=services.now(), **span)
    # While there are more to turn to, how far back they go is not yet of interest.
    since = found.since if len(found.stories) <= PER_PAGE else None
    return _page(visit, found.stories, page, title=words, key=("find",), since=since)


def _page(
    visit: Visit,
    found: Sequence[Listed],
    page: int,
    *,
    title: str,
    key: tuple[str, ...],
    since: datetime | None = None,
) -> OutgoingMessage:
    """Return a page of a list that was read to one story beyond the page."""
    ways = []
    if page:
        ways.append(Button(visit.label("newer"), press=pack("desk", *key, page - 1)))
    if len(found) > PER_PAGE:
        ways.append(Button(visit.label("older"), press=pack("desk", *key, page + 1)))
    home = Button(visit.label("to_desk"), press=pack("desk", "home"))
    rows = [(_opens(visit, each),) for each in found[:PER_PAGE]]
    services = visit.services
    looked = date_words(since, services.now(), visit.language, services.bot.zone) if since else ""
    text = visit.say("desk_list", title=title, empty=not found, since=looked)
    return OutgoingMessage(text, buttons=(*rows, *([tuple(ways)] if ways else []), (home,)))


def _opens(visit: Visit, story: Listed) -> Button:
    named = title(story.id, story.headline)
    label = visit.label("desk_unsent", headline=named) if story.unsent else named
    return Button(label, press=pack("desk", "card", story.id))


def _words(said: str) -> str:
    return " ".join(said.split())[:LONGEST_SEARCH]
