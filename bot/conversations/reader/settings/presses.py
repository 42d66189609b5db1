"""/settings and its buttons; for a channel from its manager's chat."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import need_manager
from bot.conversations.answers import change, chat_end, show
from bot.conversations.chats import joined, managed
from bot.conversations.menus import set_menu
from bot.conversations.places.aside import answer
from bot.conversations.presses import answer_press
from bot.conversations.reader.settings import hour_pages, pages
from bot.conversations.reader.settings.kept import hour, keep, number
from bot.conversations.reader.settings.page import Page
from bot.conversations.visit import Visit, readership_of
from bot.model.chat import Chat
from bot.model.delivery import Subject, SubjectKind
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.press import unpack
from bot.model.story.fallback import Attempt
from bot.readers.latest import newest
from bot.rendering.story import story_of

router = Router(name="settings")

_PAGES = {
    "": pages.main,
    "language": pages.language,
    "news": pages.news,
    "form": pages.form,
    "order": pages.order,
    "zone": pages.zone,
    "digest": hour_pages.digest,
    "quiet": hour_pages.quiet,
    "weekend": hour_pages.weekend,
    "limit": hour_pages.limit,
    "most": hour_pages.most,
    "pause": hour_pages.pause,
    "dates": hour_pages.dates,
}
STAY = {
    **dict.fromkeys(("form", "pictures"), "form"),
    **dict.fromkeys(("digest", "size", "empty", "days"), "digest"),
    **dict.fromkeys(("night", "weekend"), "quiet"),
    **dict.fromkeys(("hour", "day", "limit", "merges"), "limit"),
    **dict.fromkeys(("pause", "awayflash"), "pause"),
    "up": "order",
    "news": "news",
    "most": "most",
}
"""Which page a press leaves open; the main one otherwise."""

_ASKS = {"quiet", "weekend", "days", "most"}
"""What has pages of its own for a value that is not chosen to its end."""

_DROP = "sample-off"


@router.message(Command("settings"))
async def offer(message: Message, visit: Visit) -> None:
    """Show what is set, with buttons."""
    await need_manager(visit, message)
    here = await joined(visit, message.chat)
    await answer(visit, message, await pages.main(Page(visit, here)))


@router.callback_query(F.data.startswith("set:") | (F.data == "set"))
async def choose(press: CallbackQuery, visit: Visit) -> None:
    """Offer the values of a setting, or keep one."""
    said = unpack(press.data or "")
    meant = said.number(0) or 0
    here = await managed(press, visit, meant)
    name, values = (*said.args[1:2], "")[0], said.args[2:]
    if asks_more(name, values):
        await change(visit, press, await offered(Page(visit, here, meant), name, values))
        return
    here = await keep(visit, here, name, values)
    await answer_press(press, visit.notice("saved"))
    if not meant:
        visit = await speak_as_chosen(visit, here, name)
    stays = name == "days" and values[1] != "0"
    after = ("days", values[:1]) if stays else (STAY.get(name, ""), ())
    await change(visit, press, await offered(Page(visit, here, meant), *after))
    if name in ("form", "pictures") and visit.kind == "private":
        await _show_sample(visit, here)


@router.callback_query(F.data == _DROP)
async def drop_sample(press: CallbackQuery, visit: Visit) -> None:
    """Take a sample away again."""
    if press.message is not None:
        with suppress(TelegramAPIError):
            await visit.client.delete_message(press.message.chat.id, press.message.message_id)


def asks_more(name: str, values: Sequence[str]) -> bool:
    """Return whether a press leads to a page, and chooses nothing yet."""
    return not values or (name in _ASKS and len(values) == 1 and values[0] not in ("off", "none"))


async def speak_as_chosen(visit: Visit, here: Chat, name: str) -> Visit:
    """Return the visit, in another language from now on where it was the language that was chosen."""
    if name != "language":
        return visit
    await set_menu(visit.services, here.telegram_id)
    return replace(visit, language=here.language, chat=here)


async def offered(page: Page, name: str, values: Sequence[str]) -> OutgoingMessage:
    """Return the page of a setting. Refused where there is none of that name."""
    match name, *values:
        case ("quiet", begins):
            return await hour_pages.quiet(page, hour(begins).hour)
        case ("weekend", begins):
            return await hour_pages.weekend(page, hour(begins).hour)
        case ("days", minute) if number(minute) < 24 * 60:
            return await hour_pages.days(page, int(minute))
        case ("most", topic_id):
            return await hour_pages.most(page, number(topic_id))
        case (known,) if known in _PAGES:
            return await _PAGES[known](page)
    raise Refusal("stale")


async def _show_sample(visit: Visit, here: Chat) -> None:
    """Show how stories come from now on: the latest there is, with a button that takes it away."""
    services = visit.services
    found = await newest(services.db, here.id, None, 1)
    if not found.articles:
        return
    readership = readership_of(services, here.kind, here.language, here)
    one = found.articles[0]
    story = story_of(one, one.content, found.topics, readership)
    style = services.bot.style.chosen(here.form, here.pictures)
    drop = Button(visit.label("sample_off"), press=_DROP)

    def make(tried: Attempt) -> OutgoingMessage:
        shown = replace(story, content=tried.left(story.content))
        return replace(services.articles.parts(shown, readership, tried.style)[0], buttons=((drop,),))

    subject = Subject(SubjectKind.ARTICLE, story.id)
    await show(visit, chat_end(visit), make, style=style, subject=subject, revision=story.revision)
