"""Presses that are answered: each once, or else the button keeps spinning."""

from __future__ import annotations

import logging
from contextvars import ContextVar

from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery

from bot.log import Event

log = logging.getLogger(__name__)

_answered: ContextVar[str] = ContextVar("answered", default="")
"""The press that was answered in this task."""


def is_answered(press: CallbackQuery) -> bool:
    """Return whether this task has answered the press."""
    return press.id == _answered.get()


async def answer_press(press: CallbackQuery, text: str | None = None, *, alert: bool = False) -> None:
    """Answer a press; one that waited too long can't be answered any more, which is no fault."""
    try:
        await press.answer(text, show_alert=alert)
    except TelegramAPIError as error:
        log.info(Event("press.unanswered", reason=error.message))
    _answered.set(press.id)


async def release(press: CallbackQuery) -> None:
    """Stop the spinner of a press that no handler answered."""
    if not is_answered(press):
        await answer_press(press)
