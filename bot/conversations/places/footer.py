"""The line under a channel's posts: shown, asked for by a signed question, taken away."""

from __future__ import annotations

import re
from html import escape

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import BaseFilter
from aiogram.types import CallbackQuery, ForceReply, Message, MessageEntity

from bot.conversations.access import need_manager
from bot.conversations.answers import change, link_asking, marks_asked, send
from bot.conversations.chats import managed
from bot.conversations.visit import Visit
from bot.model.chat import Chat, ChatKind, ChatState
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack, unpack
from bot.readers import membership
from bot.readers.places import footers
from bot.readers.places.footers import MOST_CHARACTERS, MOST_LINKS
from bot.rendering.text.links import safe_url
from bot.rendering.text.spans import clean, written

router = Router(name="footer")

_MARK = re.compile(r"foot-([0-9]{1,18})")
"""The mark in the question's link: the channel's number, which is below zero."""


class AnswersFooter(BaseFilter):
    """Passes an answer to the question for the line: `channel_id` is the channel's at Telegram."""

    async def __call__(self, message: Message, visit: Visit) -> bool | dict[str, int]:
        """Look for the link in the bot's own question."""
        found = (_MARK.fullmatch(each) for each in marks_asked(message, visit))
        return next(({"channel_id": -int(each[1])} for each in found if each), False)


@router.callback_query(F.data.startswith("foot:"))
async def show(press: CallbackQuery, visit: Visit) -> None:
    """Show the line under a channel's posts; ask for another, take the usual one, or take it away."""
    said, services = unpack(press.data or ""), visit.services
    meant = said.number(0) or 0
    there = await managed(press, visit, meant)
    if there.kind is not ChatKind.CHANNEL:
        raise Refusal("stale")
    match said.args[1:]:
        case ("ask",):
            await _ask(visit, there)
            return
        case ("off",):
            there = await footers.choose(services.db, there.id, "", services.now())
        case ("usual",):
            words = await _usual(visit, there)
            if not words:
                raise Refusal("stale")
            there = await footers.choose(services.db, there.id, words, services.now())
        case ():
            pass
        case _:
            raise Refusal("stale")
    await change(visit, press, await _page(visit, there))


@router.message(F.chat.type == "private", F.text, ~F.text.startswith("/"), AnswersFooter())
async def take(message: Message, visit: Visit, channel_id: int) -> None:
    """Keep the line that was answered."""
    await need_manager(visit, message, channel_id)
    services = visit.services
    there = await membership.find(services.db, services.bot.id, channel_id)
    if there is None or there.kind is not ChatKind.CHANNEL or there.state is not ChatState.ACTIVE:
        raise Refusal("stale")
    words = line_of(message.text or "", message.entities or [])
    there = await footers.choose(services.db, there.id, words, services.now())
    await send(visit, await _page(visit, there))


def line_of(text: str, entities: list[MessageEntity]) -> str:
    """Return what somebody wrote as one line of classic HTML, of which links alone keep their form.

    Refused where it is too long, has too many links, or one that Telegram would not keep.
    """
    units = text.encode("utf-16-le")
    parts: list[str] = []
    at = 0
    links = sorted((each for each in entities if each.type == "text_link"), key=lambda each: each.offset)
    if len(links) > MOST_LINKS:
        raise Refusal("footer-links", most=MOST_LINKS)
    for link in links:
        if link.offset < at:
            continue
        url = safe_url(link.url)
        if url is None:
            raise Refusal("footer-link", link=(link.url or "")[:100])
        end = link.offset + link.length
        parts += [
            _words(units, at, link.offset),
            f'<a href="{escape(url)}">{_words(units, link.offset, end)}</a>',
        ]
        at = end
    parts.append(_words(units, at, len(units) // 2))
    _check_bare(text, entities)
    length = len(" ".join(clean(text).split()))
    if length > MOST_CHARACTERS:
        raise Refusal("too-long", most=MOST_CHARACTERS, many=length)
    line = " ".join("".join(parts).split())
    if not any(each.isprintable() and not each.isspace() for each in clean(text)):
        raise Refusal("footer-empty")
    return line


def _check_bare(text: str, entities: list[MessageEntity]) -> None:
    """Refuse an address among the words that Telegram would not keep as a link."""
    for each in entities:
        if each.type == "url":
            words = each.extract_from(text)
            if safe_url(words if "://" in words else f"https://{words}") is None:
                raise Refusal("footer-link", link=words[:100])


def _words(units: bytes, start: int, end: int) -> str:
    return str(escape(clean(units[start * 2 : end * 2].decode("utf-16-le", errors="replace"))))


async def _page(visit: Visit, there: Chat) -> OutgoingMessage:
    words = await footers.words_of(visit.services.db, there)
    meant = there.telegram_id
    rows = [(Button(visit.label("footer_write"), press=pack("foot", meant, "ask")),)]
    usual = await _usual(visit, there)
    if usual and usual != words:
        rows.append((Button(visit.label("footer_usual"), press=pack("foot", meant, "usual")),))
    if words:
        rows.append((Button(visit.label("footer_off"), press=pack("foot", meant, "off")),))
    rows.append((Button(visit.label("back"), press=pack("set", meant)),))
    text = visit.say("footer", title=there.title, words=written(words), usual=written(usual))
    return OutgoingMessage(text, buttons=tuple(rows))


async def _usual(visit: Visit, there: Chat) -> str:
    """Return the usual line of a channel with a public name: `@channel · Subscribe`, else nothing."""
    try:
        name = (await visit.client.get_chat(there.telegram_id)).username
    except TelegramAPIError:
        return ""
    if not name:
        return ""
    subscribe = visit.services.talk.label("subscribe", there.language)
    return f'@{escape(name)} · <a href="https://t.me/{escape(name)}">{escape(subscribe)}</a>'


async def _ask(visit: Visit, there: Chat) -> None:
    link = link_asking(visit, f"foot-{-there.telegram_id}")
    text = visit.say("footer_ask", title=there.title, link=link, most=MOST_CHARACTERS)
    box = ForceReply(input_field_placeholder=visit.label("footer_answer"))
    await visit.client.send_message(visit.telegram_id, text, reply_markup=box)
