"""The methods of the Bot API that the sandbox has, a family in each module."""

from __future__ import annotations

from bot.sandbox.call import Handler
from bot.sandbox.methods import callbacks, commands, edits, removal, sending, updates

HANDLERS: dict[str, Handler] = {
    name.lower(): handler
    for family in (callbacks, commands, edits, removal, sending, updates)
    for name, handler in family.METHODS.items()
}
