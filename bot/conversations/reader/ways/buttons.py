"""Commands as buttons, under /help: whoever can't or won't type does everything all the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message, MessageEntity, TelegramObject

from bot.conversations.visit import Visit
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.model.message import Button, Keyboard
from bot.model.press import pack, unpack

router = Router(name="command_buttons")

GO = "go"
_BY_ITSELF = ("start", "help")
"""What has no button: the one begins, the other bears the buttons."""


def commands_of(visit: Visit, rights: Sequence[Any] = ()) -> dict[str, str]:
    """Return what each command does, of those that a private chat's menu has for a person."""
    menu = dict(visit.services.talk.command_menu(visit.language, "private", rights))
    return {name: does for name, does in menu.items() if name not in _BY_ITSELF}


def command_buttons(visit: Visit) -> Keyboard:
    """Return a button for each of a reader's commands, a row each: their labels are sentences."""
    return tuple((Button(does, press=pack(GO, name)),) for name, does in commands_of(visit).items())


@router.callback_query(F.data.startswith(f"{GO}:"))
async def say(press: CallbackQuery, visit: Visit, event_router: Router, **data: Any) -> None:
    """Let the person have said the command: it goes the way of every message, with all that is asked on it."""
    said = unpack(press.data or "").args
    if visit.kind is not ChatKind.PRIVATE or press.message is None or len(said) != 1:
        raise Refusal("stale")
    if said[0] not in commands_of(visit):
        raise Refusal("stale")
    text = f"/{said[0]}"
    message = Message(
        message_id=press.message.message_id,
        date=visit.services.now(),
        chat=press.message.chat,
        from_user=press.from_user,
        text=text,
        entities=[MessageEntity(type="bot_command", offset=0, length=len(text))],
    ).as_(press.bot)
    await let_in(event_router, "message", message, data)


async def let_in(router_here: Router, kind: str, event: TelegramObject, data: Mapping[str, Any]) -> None:
    """Let a message or a press go the way of all from the start, as if it had come from Telegram."""
    root = router_here
    while root.parent_router is not None:
        root = root.parent_router
    mine = ("handler", "event_router", "visit", "visitor", "command")
    await root.propagate_event(kind, event, **{key: data[key] for key in data if key not in mine})
