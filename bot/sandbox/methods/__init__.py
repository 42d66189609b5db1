"""The methods of the Bot API that the sandbox has, a family in each module."""

from __future__ import annotations

from bot.sandbox.call import Handler
from bot.sandbox.methods import (
    callbacks,
    chats,
    commands,
    copies,
    edits,
    files,
    media,
    profile,
    removal,
    rich,
    sending,
    updates,
)

_FAMILIES = (
    callbacks,
    chats,
    commands,
    copies,
    edits,
    files,
    media,
    profile,
    removal,
    rich,
    sending,
    updates,
)
HANDLERS: dict[str, Handler] = {
    name.lower(): handler for family in _FAMILIES for name, handler in family.METHODS.items()
}
