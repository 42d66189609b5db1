"""A private chat with a thread for each section: offered where Telegram says that the bot may, undone by one press."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery

from bot.conversations.answers import change
from bot.conversations.chats import managed
from bot.conversations.presses import answer_press
from bot.conversations.visit import Visit
from bot.model.chat import Chat, ChatKind
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.places.thread import PER_SECTION
from bot.readers.places import threads

router = Router(name="sections")


@router.callback_query(F.data.in_({"sections", "sections:on", "sections:off"}))
async def choose(press: CallbackQuery, visit: Visit) -> None:
    """Show how a person's news comes, and change it."""
    if visit.kind is not ChatKind.PRIVATE:
        raise Refusal("private-only")
    here = await managed(press, visit, None)
    services = visit.services
    if press.data == "sections:on":
        if not await may_open_threads(visit):
            raise Refusal("no-threads")
        here = await threads.per_section(services.db, here.id, services.now())
        await answer_press(press, visit.notice("saved"))
    elif press.data == "sections:off":
        here = await threads.one_stream(services.db, here.id)
        services.bell.ring()
        await answer_press(press, visit.notice("saved"))
    await change(visit, press, _page(visit, here))


async def may_open_threads(visit: Visit) -> bool:
    """Return whether Telegram lets the bot have threads in private chats; it says so once for a run of the bot."""
    try:
        return bool((await visit.client.me()).has_topics_enabled)
    except TelegramAPIError:
        return False


def _page(visit: Visit, here: Chat) -> OutgoingMessage:
    on = here.thread_id == PER_SECTION
    label, press = ("sections_off", "sections:off") if on else ("sections_on", "sections:on")
    rows = ((Button(visit.label(label), press=press),), (Button(visit.label("back"), press="set:0"),))
    return OutgoingMessage(visit.say("place_sections", on=on), buttons=rows)
