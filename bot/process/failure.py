"""Why a running process must end, and which of its bots can't go on."""

from __future__ import annotations

import asyncio
import logging

from bot.log import Event
from bot.metrics import BOTS_REFUSED
from bot.model.errors import SetupError

log = logging.getLogger(__name__)

REFUSED = "was refused by Telegram: nothing can be sent with it; ask @BotFather for the right one"


class TakenOver(SetupError):
    """Another process has taken a role of this one: whoever ran the bot may stand by again."""


class Failure:
    """Why the process can't go on, once there is such a reason; `bots` is how many bots it runs."""

    def __init__(self, bots: int = 1) -> None:
        self.reason = ""
        self.taken_over = False
        self.refused: list[str] = []
        """What stands for the bots whose tokens Telegram knows no longer, while others go on."""
        self._bots = bots
        BOTS_REFUSED.set(0)
        self._told = asyncio.Event()

    def tell(self, reason: str) -> None:
        """Say in one sentence why the process must end."""
        log.error(Event("bot.failed", reason=reason))
        self.reason = reason
        self._told.set()

    def lost(self) -> None:
        """Say that another process has taken a role of this one."""
        self.taken_over = True
        self.tell("another process speaks for this bot now")

    def refuse(self, name: str, variable: str) -> None:
        """Say that Telegram knows the token of a bot no longer; where it was the last, the process must end."""
        if name in self.refused:
            return
        self.refused.append(name)
        BOTS_REFUSED.set(len(self.refused))
        if len(self.refused) == self._bots:
            self.tell(f"{variable} {REFUSED}")
        else:
            log.error(Event("bot.refused", bot=name, reason=f"{variable} {REFUSED}"))

    async def wait(self) -> None:
        """Return when there is a reason."""
        await self._told.wait()
