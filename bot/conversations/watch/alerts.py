"""/alert, /alerts and their buttons. The words stand in the message that a preview answers: nothing is kept of it."""

from __future__ import annotations

import re

from aiogram import F, Router
from aiogram.filters import BaseFilter, Command, CommandObject
from aiogram.types import CallbackQuery, ForceReply, Message

from bot.conversations.access import need_manager
from bot.conversations.answers import change, link_asking, marks_asked, own_button, send
from bot.conversations.chats import joined, managed
from bot.conversations.presses import answer_press
from bot.conversations.search.keys import WATCH_THESE, words_of
from bot.conversations.visit import Visit
from bot.conversations.watch.alert_pages import ALERTS, alert_page, list_page, preview_page
from bot.model.chat import Chat, ChatKind
from bot.model.errors import Refusal
from bot.model.message import OutgoingMessage
from bot.model.press import unpack
from bot.readers.watch import alerts
from bot.readers.watch.searched import words_searched

router = Router(name="alerts")

_MARK = re.compile(r"alert-(\d{1,18})")
_COMMAND = re.compile(r"/\S+\s*")
_SAID = re.compile(r"\s*(?:следить|следи|watch)\s*:\s*", re.IGNORECASE)


class AnswersAlert(BaseFilter):
    """Passes an answer to the question which words to watch for; `instead_of` is the alert that it changes, or 0."""

    async def __call__(self, message: Message, visit: Visit) -> bool | dict[str, int]:
        """Look for the link in the bot's own question."""
        found = next(filter(None, map(_MARK.fullmatch, marks_asked(message, visit))), None)
        return {"instead_of": int(found[1])} if found else False


@router.message(Command("alert"))
async def watch(message: Message, command: CommandObject, visit: Visit) -> None:
    """Show what the words would have brought; without words ask for them, in a group say how it is done."""
    await need_manager(visit, message)
    await _offer(message, visit, (command.args or "").strip())


@router.message(F.chat.type == ChatKind.PRIVATE, ~F.reply_to_message, F.text.regexp(_SAID, mode="match"))
async def watch_said(message: Message, visit: Visit) -> None:
    """Show what words would have brought that somebody says without a command: «следить: нефть»."""
    await _offer(message, visit, _words(message.text or ""))


@router.message(F.text, ~F.text.startswith("/"), AnswersAlert())
async def watch_answered(message: Message, visit: Visit, instead_of: int) -> None:
    """Show what the words would have brought that answer the question."""
    await need_manager(visit, message)
    await _offer(message, visit, _words(message.text or ""), instead_of=instead_of)


@router.message(Command("alerts"))
async def show(message: Message, visit: Visit) -> None:
    """Show all that the chat watches for."""
    await need_manager(visit, message)
    here = await joined(visit, message.chat)
    await send(visit, list_page(visit, await alerts.of_chat(visit.services.db, here.id)))


@router.callback_query(F.data == f"{ALERTS}:list")
async def show_list(press: CallbackQuery, visit: Visit) -> None:
    """Show all that the chat watches for, in the place of the page before."""
    here = await _here(press, visit)
    await _change_to_list(press, visit, here)


@router.callback_query(F.data.startswith(f"{ALERTS}:ask:"))
async def ask(press: CallbackQuery, visit: Visit) -> None:
    """Ask for the words of a new alert, or for other words of one."""
    here = await _here(press, visit)
    alert_id = _number(press)
    if alert_id:
        await alerts.look(visit.services.db, here.id, alert_id, visit.services.now(), language=visit.language)
    await _ask(visit, alert_id)


@router.callback_query(F.data.startswith(f"{ALERTS}:open:"))
async def open_alert(press: CallbackQuery, visit: Visit) -> None:
    """Show one alert."""
    here = await _here(press, visit)
    await change(visit, press, await _page(visit, here, _number(press)))


@router.callback_query(F.data.startswith(f"{ALERTS}:pause:") | F.data.startswith(f"{ALERTS}:resume:"))
async def switch(press: CallbackQuery, visit: Visit) -> None:
    """Let an alert bring nothing for now, or bring again: each press says which."""
    here = await _here(press, visit)
    paused = unpack(press.data or "").args[0] == "pause"
    await alerts.pause(visit.services.db, here.id, _number(press), paused=paused)
    await answer_press(press, visit.notice("alert_paused" if paused else "alert_resumed"))
    await change(visit, press, await _page(visit, here, _number(press)))


@router.callback_query(F.data.startswith(f"{ALERTS}:drop:"))
async def drop(press: CallbackQuery, visit: Visit) -> None:
    """Give an alert up; a second press finds it gone."""
    here = await _here(press, visit)
    await alerts.remove(visit.services.db, here.id, _number(press))
    await answer_press(press, visit.notice("alert_dropped"))
    await _change_to_list(press, visit, here)


@router.callback_query(F.data.startswith(f"{ALERTS}:keep:"))
async def keep(press: CallbackQuery, visit: Visit) -> None:
    """Keep what a preview shows: the words stand in the message that it answers."""
    here = await _here(press, visit)
    said, services = unpack(press.data or ""), visit.services
    whole = said.number(2) == 1
    words = await _searched(visit, press) if whole else _words(_asked(press).text or "")
    kept = await alerts.keep(
        services.db,
        here.id,
        words,
        services.now(),
        thread_id=visit.thread_id,
        instead_of=said.number(1) or None,
        whole=whole,
    )
    await answer_press(press, visit.notice("alert_kept", count=len(kept)))
    found = await alerts.of_chat(services.db, here.id)
    await change(visit, press, list_page(visit, found, kept=[each.said for each in kept]))


@router.callback_query(F.data == f"{ALERTS}:leave")
async def leave(press: CallbackQuery, visit: Visit) -> None:
    """Keep nothing of a preview."""
    await _here(press, visit)
    await change(visit, press, OutgoingMessage(visit.say("alert_left")))


@router.callback_query(F.data == WATCH_THESE)
async def watch_searched(press: CallbackQuery, visit: Visit) -> None:
    """Show what the words of a search would have brought in a week, to be watched for from now on."""
    here = await _here(press, visit)
    words = await _searched(visit, press)
    services = visit.services
    found = await alerts.preview(
        services.db, here.id, words, services.now(), language=visit.language, whole=True
    )
    await send(visit, preview_page(visit, found, whole=True), reply_to=_asked(press).message_id)


async def _offer(message: Message, visit: Visit, words: str, *, instead_of: int = 0) -> None:
    if not words:
        await _ask(visit, instead_of)
        return
    here = await joined(visit, message.chat)
    services = visit.services
    found = await alerts.preview(services.db, here.id, words, services.now(), language=visit.language)
    # The button that keeps them finds the words in the message that the page answers.
    await send(visit, preview_page(visit, found, instead_of=instead_of), reply_to=message.message_id)


async def _ask(visit: Visit, alert_id: int) -> None:
    private = visit.kind is ChatKind.PRIVATE
    link = link_asking(visit, f"alert-{alert_id}") if private else ""
    text = visit.say("alert_ask", link=link, title=visit.label("alerts"), change=bool(alert_id))
    box = ForceReply(input_field_placeholder=visit.label("alert_answer")) if private else None
    await visit.client.send_message(
        visit.telegram_id, text, message_thread_id=visit.thread_id, reply_markup=box
    )


async def _page(visit: Visit, here: Chat, alert_id: int) -> OutgoingMessage:
    services = visit.services
    return alert_page(
        visit, await alerts.look(services.db, here.id, alert_id, services.now(), language=visit.language)
    )


async def _change_to_list(press: CallbackQuery, visit: Visit, here: Chat) -> None:
    await change(visit, press, list_page(visit, await alerts.of_chat(visit.services.db, here.id)))


async def _searched(visit: Visit, press: CallbackQuery) -> str:
    words = words_of(_asked(press).text or "")
    zone = visit.chat.zone if visit.chat else visit.services.bot.zone
    return await words_searched(visit.services.db, words, visit.services.now(), zone)


async def _here(press: CallbackQuery, visit: Visit) -> Chat:
    """Return the chat. In a group only for administrators, and only by a button that stands there."""
    own_button(visit, press)
    return await managed(press, visit, None)


def _number(press: CallbackQuery) -> int:
    found = unpack(press.data or "").number(1)
    if found is None:
        raise Refusal("stale")
    return found


def _asked(press: CallbackQuery) -> Message:
    """Return the message that a preview, or a search, answers. Refused where it is gone."""
    asked = press.message.reply_to_message if isinstance(press.message, Message) else None
    if asked is None or not asked.text:
        raise Refusal("stale")
    return asked


def _words(text: str) -> str:
    """Return the words to watch for, in their lines: without the command, or «следить:», in front."""
    found = _COMMAND.match(text) or _SAID.match(text)
    return text[found.end() :].strip() if found else text.strip()
