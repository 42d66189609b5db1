"""The methods of the Bot API that the sandbox has, a family in each module."""

from __future__ import annotations

from bot.sandbox.methods import (
    callbacks,
    chats,
    commands,
    copies,
    edits,
    media,
    profile,
    removal,
    rich,
    texts,
    updates,
)
from bot.sandbox.methods.call import Handler
from bot.sandbox.methods.inline import queries

_FAMILIES = (
    callbacks,
    chats,
    commands,
    copies,
    edits,
    media,
    profile,
    queries,
    removal,
    rich,
    texts,
    updates,
)
HANDLERS: dict[str, Handler] = {
    name.lower(): handler for family in _FAMILIES for name, handler in family.METHODS.items()
}
