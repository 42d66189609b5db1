"""What the buttons of a search say. The words stand in the message that the page answers: nothing is kept."""

from __future__ import annotations

from aiogram.types import CallbackQuery, Message

from bot.model.errors import Refusal
from bot.model.press import pack, unpack
from bot.model.search.query import Order
from bot.readers.search.asked import MOST_THINGS
from bot.readers.search.find import MOST_PAGES, Choice

SEARCH, REFINE = "search", "refine"
FIND = "find"
"""The button that offers to search for a message's words, and a page of such a search, without any choice."""

WATCH_THESE = "alerts:these"
"""The button that offers to watch for the words of a search."""

_AS_SAID = "-"
_MOST_DAYS = 3660


def key(choice: Choice, verb: str = SEARCH) -> str:
    """Return the data of a button that leads to a choice."""
    days = _AS_SAID if choice.days is None else choice.days
    topic = _AS_SAID if choice.topic_id is None else choice.topic_id
    return pack(
        verb, choice.page, choice.order, days, topic, int(choice.every_language), f"{choice.without:x}"
    )


def choice_of(data: str) -> Choice:
    """Return the choice that a button's data names. Refused where they were forged."""
    said = unpack(data)
    if said.verb == FIND:
        return Choice()
    page, days, topic, every = (said.number(at) for at in (0, 2, 3, 4))
    order, without = (said.args[at] if at < len(said.args) else "" for at in (1, 5))
    if page is None or not 0 <= page < MOST_PAGES or order not in list(Order):
        raise Refusal("stale")
    if days is not None and not 0 <= days <= _MOST_DAYS:
        raise Refusal("stale")
    try:
        left_out = int(without, 16) if len(without) <= 4 else -1
    except ValueError:
        left_out = -1
    if not 0 <= left_out < 1 << MOST_THINGS:
        raise Refusal("stale")
    return Choice(page, Order(order), days, topic, every == 1, left_out)


def words_asked(press: CallbackQuery) -> str:
    """Return the words that a page answers. Refused where their message is gone, or says none."""
    asked = press.message.reply_to_message if isinstance(press.message, Message) else None
    words = words_of(asked.text or "") if asked is not None else ""
    if not words:
        raise Refusal("stale")
    return words


def words_of(text: str) -> str:
    """Return what a message looks for: its text without the command."""
    words = " ".join(text.split())
    return words.partition(" ")[2] if words.startswith("/") else words
