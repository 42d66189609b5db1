"""/search, what it asks, its pages, and the offer to look for words that are no command."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import BaseFilter, Command, CommandObject
from aiogram.types import CallbackQuery, ForceReply, Message

from bot.conversations.answers import change, link_asking, marks_asked, own_button, send
from bot.conversations.search.keys import FIND, REFINE, SEARCH, choice_of, words_asked, words_of
from bot.conversations.search.pages import found, page
from bot.conversations.visit import Visit
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.readers.search.find import Choice

router = Router(name="search")

_MARK = "search"


class AnswersSearch(BaseFilter):
    """Passes an answer to the question what to look for."""

    async def __call__(self, message: Message, visit: Visit) -> bool:
        """Look for the link in the bot's own question."""
        return _MARK in marks_asked(message, visit)


@router.message(Command("search"))
async def search(message: Message, command: CommandObject, visit: Visit) -> None:
    """Search for the words; without words ask for them, in a group say how it is done."""
    await _answer(message, visit, words_of(f"/search {command.args or ''}"))


@router.message(F.text, ~F.text.startswith("/"), AnswersSearch())
async def search_answer(message: Message, visit: Visit) -> None:
    """Search for the words that answer the question."""
    await _answer(message, visit, words_of(message.text or ""))


@router.callback_query(F.data.startswith(f"{SEARCH}:") | F.data.startswith(f"list:{SEARCH}:"))
@router.callback_query(F.data.in_({FIND, f"list:{FIND}"}))
async def show_page(press: CallbackQuery, visit: Visit) -> None:
    """Show a page of what is found for the words that the message answers, under the choice of the button."""
    await _change(press, visit, refine=False)


@router.callback_query(F.data.startswith(f"{REFINE}:"))
async def show_filters(press: CallbackQuery, visit: Visit) -> None:
    """Show the filters under the page."""
    await _change(press, visit, refine=True)


async def _answer(message: Message, visit: Visit, words: str) -> None:
    shown = await found(visit, words, Choice()) if words else None
    if shown is not None:
        # The page's buttons find the words in the message that the page answers.
        await send(visit, page(visit, shown), reply_to=message.message_id)
        return
    private = visit.kind is ChatKind.PRIVATE
    link = link_asking(visit, _MARK) if private else ""
    text = visit.say("search_ask", link=link, title=visit.label("search"))
    box = ForceReply(input_field_placeholder=visit.label("search_answer")) if private else None
    await visit.client.send_message(
        visit.telegram_id, text, message_thread_id=visit.thread_id, reply_markup=box
    )


async def _change(press: CallbackQuery, visit: Visit, *, refine: bool) -> None:
    own_button(visit, press)
    choice = choice_of((press.data or "").removeprefix("list:"))
    words = words_asked(press)
    shown = await found(visit, words, choice)
    if shown is None:
        raise Refusal("stale")
    await change(visit, press, page(visit, shown, refine=refine))
