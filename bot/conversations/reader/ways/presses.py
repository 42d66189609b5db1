"""/press in reply to a message of the bot's: its button, by the words or the number on it. Nothing takes a button."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from bot.conversations.answers import send
from bot.conversations.reader.ways.buttons import let_in
from bot.conversations.reader.ways.labels import plain
from bot.conversations.visit import Visit
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.model.message import OutgoingMessage

router = Router(name="presses_in_words")

LONGEST = 100


class SaidPress(CallbackQuery):
    """A press that was said in words: what Telegram would show above the chat is a message instead."""

    def answer(self, text: str | None = None, *_args: Any, **_options: Any) -> Any:
        """Send the words, where there are any."""
        return _tell(self.message, text)


async def _tell(message: Any, text: str | None) -> None:
    if text:
        await message.answer(text, parse_mode=None)


@router.message(Command("press"))
async def press(
    message: Message, command: CommandObject, visit: Visit, event_router: Router, **data: Any
) -> None:
    """Press the button that the words name; where they name none, say which there are."""
    if visit.kind is not ChatKind.PRIVATE:
        raise Refusal("private-only")
    asked = message.reply_to_message
    own = asked is not None and asked.from_user is not None and asked.from_user.id == visit.services.bot.id
    there = buttons_in(asked) if asked is not None and own else []
    meant = _meant(there, plain((command.args or "")[:LONGEST]))
    if meant is None:
        page = visit.say("press_which", labels=[each.text for each in there])
        await send(visit, OutgoingMessage(page), reply_to=message.message_id)
    elif meant.url:
        await message.answer(meant.url, parse_mode=None)
    else:
        said = SaidPress(
            id=f"said-{message.message_id}",
            from_user=message.from_user,
            chat_instance="",
            message=asked,
            data=meant.callback_data,
        ).as_(message.bot)
        await let_in(event_router, "callback_query", said, data)


def buttons_in(asked: Message) -> list[InlineKeyboardButton]:
    """Return the buttons of a message: those below it, then those among the words of a rich one."""
    rows = asked.reply_markup.inline_keyboard if asked.reply_markup else []
    below = [each for row in rows for each in row if each.callback_data or each.url]
    between = asked.rich_message.model_dump(mode="json") if asked.rich_message else None
    return [*below, *_among(between)]


def _among(body: object) -> Iterator[InlineKeyboardButton]:
    """Yield the buttons that stand among the words of a rich message, such as the headlines of a digest."""
    if isinstance(body, dict):
        if isinstance(data := body.get("callback_data"), str):
            yield InlineKeyboardButton(text=_words(body.get("text")), callback_data=data)
        body = list(body.values())
    if isinstance(body, list):
        for each in body:
            yield from _among(each)


def _words(text: object) -> str:
    if isinstance(text, dict):
        text = text.get("text")
    return text if isinstance(text, str) else "".join(map(_words, text)) if isinstance(text, list) else ""


def _meant(there: Sequence[InlineKeyboardButton], words: str) -> InlineKeyboardButton | None:
    """Return the button with those words, else the first that begins with them."""
    if not words:
        return None
    said = [(plain(each.text), each) for each in there]
    whole = (each for label, each in said if label == words)
    begun = (each for label, each in said if label.startswith(f"{words} "))
    return next(whole, None) or next(begun, None)
