"""The middleware: resolves the visit once, words refusals, and sees that every press is answered."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import CallbackQuery, InaccessibleMessage, Message, TelegramObject

from bot.conversations.context import Context, Visit
from bot.conversations.language import of_person
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.readers import membership

log = logging.getLogger(__name__)

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Visits(BaseMiddleware):
    """Hands `visit` to every handler of messages and presses."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Handle a message or a press; nothing that goes wrong in it is left unanswered."""
        talk, language = self._context.talk, self._spoken(event)
        _answered.set("")
        try:
            visit = await self._visit(event, data["bot"])
            # Posts in channels have links alone: no press of a subscriber's may change one for all.
            if visit is None or (visit.kind is ChatKind.CHANNEL and isinstance(event, CallbackQuery)):
                raise Refusal("stale")
            language = visit.language
            return await handler(event, {**data, "visit": visit})
        except Refusal as refusal:
            await _answer(event, talk.refusal(refusal.code, language, **refusal.facts))
        except TelegramBadRequest as error:
            # The message that a button stood in may be gone, or too old to be edited.
            log.info("an answer was not taken by Telegram: %s", error.message)
            await _answer(event, talk.refusal("stale", language) if isinstance(event, CallbackQuery) else "")
        except TelegramAPIError as error:
            log.warning("an answer was not taken by Telegram: %s", error.message)
        except Exception:
            log.exception("a conversation failed")
            await _answer(event, talk.notice("failed", language))
        finally:
            if isinstance(event, CallbackQuery):
                await _release(event)
        return None

    def _spoken(self, event: TelegramObject) -> str:
        """Return the language of the person's own Telegram."""
        person = event.from_user if isinstance(event, CallbackQuery | Message) else None
        return of_person(person.language_code if person else None, self._context.language)

    async def _visit(self, event: TelegramObject, bot: Bot) -> Visit | None:
        message = event.message if isinstance(event, CallbackQuery) else event
        if not isinstance(message, Message | InaccessibleMessage):
            return None
        person = event.from_user if isinstance(event, CallbackQuery | Message) else None
        known = await membership.find(self._context.db, self._context.bot_id, message.chat.id)
        private = message.chat.type == ChatKind.PRIVATE
        thread = getattr(message, "message_thread_id", None)
        return Visit(
            self._context,
            bot,
            message.chat.id,
            ChatKind(message.chat.type),
            person.id if person else None,
            known.language if known else (self._spoken(event) if private else self._context.language),
            known,
            thread if getattr(message, "is_topic_message", False) else None,
        )


async def answer_press(press: CallbackQuery, text: str | None = None, *, alert: bool = False) -> None:
    """Answer a press; one that waited too long can't be answered any more, which is no fault."""
    try:
        await press.answer(text, show_alert=alert)
    except TelegramAPIError as error:
        log.info("a press could not be answered: %s", error.message)
    _answered.set(press.id)


_answered: ContextVar[str] = ContextVar("answered", default="")
"""The press that was answered in this task."""


async def _release(press: CallbackQuery) -> None:
    """Stop the spinner of a press that no handler answered."""
    if press.id != _answered.get():
        await answer_press(press)


async def _answer(event: TelegramObject, text: str) -> None:
    if isinstance(event, CallbackQuery):
        if event.id != _answered.get():
            await answer_press(event, text, alert=True)
    elif isinstance(event, Message) and text:
        try:
            await event.answer(text, parse_mode=None)
        except TelegramAPIError as error:
            log.info("a refusal could not be said: %s", error.message)
