"""Guest mode: somebody names the bot where it is no member, and gets one story for an answer."""

from __future__ import annotations

import logging
import re

from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Message

from bot.conversations.answers import words_in
from bot.conversations.inline.queries import START
from bot.conversations.inline.results import asker, result, shared, shown_by, story_result
from bot.conversations.search.pages import searcher
from bot.log import Event
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.search.query import Order
from bot.readers.search.asked import MOST_CHARACTERS
from bot.readers.search.find import glance
from bot.readers.shared import note
from bot.services import Services

log = logging.getLogger(__name__)
router = Router(name="guests")


@router.guest_message()
async def answer_guest(message: Message, services: Services) -> None:
    """Answer with the story that has the words in its headline, else the newest with them; without words the newest.

    Words that are missing are those of the message that is answered. Bots are not answered.
    """
    person, number = message.from_user, message.guest_query_id
    if person is None or person.is_bot or number is None:
        return
    visit = await asker(services, person)
    try:
        words = _words(message, services.bot.username)
        found = await glance(services.db, searcher(visit), words, per_page=1, order=Order.BEST)
        kind = "none"
        stories = found.articles
    except Refusal:
        kind, stories = "long", ()
    if stories:
        answer = story_result(stories[0], shared(visit, stories[0], found.topics))
    else:
        link = f"https://t.me/{services.bot.username}?start={START}"
        button = Button(visit.label("search"), url=link)
        text = visit.say("guest_none", long=kind == "long")
        answer = result("none", OutgoingMessage(text, buttons=((button,),)), title=visit.label("search"))
    try:
        sent = await services.client.answer_guest_query(number, answer)
    except TelegramAPIError as error:
        log.info(Event("inline.unanswered", reason=error.message))
        return
    if stories and sent.inline_message_id:
        shown = shown_by(visit, sent.inline_message_id, stories[0])
        await note(services.db, services.bot.id, shown, services.now())


def _words(message: Message, username: str) -> str:
    """Return what is asked for: the words beside the bot's name, else the beginning of what is replied to."""
    said = re.sub(rf"@{re.escape(username)}\b", " ", words_in(message), flags=re.IGNORECASE)
    words = " ".join(said.split())
    if words or message.reply_to_message is None:
        return words
    return " ".join(words_in(message.reply_to_message).split())[:MOST_CHARACTERS]
