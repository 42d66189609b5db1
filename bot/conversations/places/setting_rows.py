"""What /settings offers beside what every chat has: a person's threads, a channel's line, what the bot may do."""

from __future__ import annotations

from bot.conversations.places.sections import may_open_threads
from bot.conversations.visit import Visit
from bot.model.chat import Chat, ChatKind
from bot.model.message import Button, Keyboard
from bot.model.places.thread import PER_SECTION
from bot.model.press import pack


async def rows_of(visit: Visit, here: Chat, meant: int = 0) -> Keyboard:
    """Return the rows for a chat; `meant` is its Telegram id where it is not the one spoken in."""
    if here.kind is ChatKind.PRIVATE:
        channels = (Button(visit.label("channels"), press="channels"),)
        if here.thread_id == PER_SECTION or await may_open_threads(visit):
            return ((Button(visit.label("sections"), press="sections"),), channels)
        return (channels,)
    rights = Button(visit.label("bots_rights"), press=pack("may", meant))
    if here.kind is ChatKind.CHANNEL:
        return ((Button(visit.label("footer"), press=pack("foot", meant)), rights),)
    return ((rights,),)
