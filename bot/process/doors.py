"""What a process serves over HTTP: health, Telegram's posts, the operator's page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AsyncExitStack
from functools import partial

from bot.operations.loops import Loops
from bot.operations.readiness.probe import Probe
from bot.operations.readiness.readiness import Readiness
from bot.operations.roles.process_role import ProcessRole, listed
from bot.operations.roles.seats import Seats
from bot.process.failure import Failure
from bot.process.one_bot import OneBot
from bot.process.operator_page import operator_page
from bot.process.update_source import door_of, door_routes
from bot.settings import Settings
from bot.web.health import health_routes
from bot.web.operator.routes import Routes
from bot.web.probes import probe_routes
from bot.web.server import WebServer


async def open_doors(
    parts: AsyncExitStack,
    settings: Settings,
    bots: Sequence[OneBot],
    loops: Loops,
    *,
    mine: Seats,
    failure: Failure,
    roles: Collection[ProcessRole],
) -> Readiness:
    """Listen where the process has a port and the role, to be closed by `parts`; return whether the process is ready.

    Raises SetupError where the port is taken.
    """
    facts = _Facts(bots, mine, loops, failure)
    readiness = facts.readiness()
    if not settings.web_port or ProcessRole.WEB not in roles:
        return readiness
    lines = {f"@{each.bot.username}" if len(bots) > 1 else "": each.line for each in bots}
    routes: Routes = [
        *health_routes(facts.health),
        *probe_routes(lambda: loops.ended, readiness.checks),
        *(route for each in bots for route in _brought_to(each, mine)),
        *parts.enter_context(operator_page(settings, bots[0].services, lines, facts.health)),
    ]
    await parts.enter_async_context(WebServer(settings.web_host, settings.web_port, routes))
    return readiness


def _brought_to(one: OneBot, mine: Seats) -> Routes:
    """Return the routes at which Telegram brings a bot its updates."""
    handles = partial(mine.serves, one.bot.id, ProcessRole.POLLER)
    return door_routes(one.config.settings, door_of(one.updates, one.services, handles))


class _Facts:
    """What is told of the process's health."""

    def __init__(self, bots: Sequence[OneBot], mine: Seats, loops: Loops, failure: Failure) -> None:
        self._bots = bots
        self._mine = mine
        self._loops = loops
        self._failure = failure

    async def health(self) -> dict[str, object]:
        ended, flow = self._loops.ended, self._bots[0].services.update_flow
        facts: dict[str, object] = {
            "ok": self._mine.sure and not ended and not self._deaf(),
            "bot": ", ".join(each.bot.username for each in self._bots),
            "roles": listed(self._mine.roles),
            "ended": ended,
            "no_updates": "; ".join(self._troubles(self._bots)),
        }
        if self._failure.refused:
            facts["refused"] = self._failure.refused
        if flow.way == "webhook":
            facts |= {"webhook_pending": flow.pending, "webhook_error": flow.last_error}
        return facts

    def readiness(self) -> Readiness:
        services = self._bots[0].services
        return Readiness(
            Probe(services.db, services.bot.id, services.clock),
            sure=lambda: self._mine.sure,
            ended=lambda: self._loops.ended,
            deaf=self._deaf,
            problems=services.talk.problems,
        )

    def _deaf(self) -> str:
        """Return why no bot that this process hears gets updates; empty while one does.

        A process that is not ready may be cut off from its webhooks: one deaf bot must not make the others deaf.
        """
        hears = [each for each in self._bots if self._mine.serves(each.bot.id, ProcessRole.POLLER)]
        troubles = self._troubles(hears)
        return "; ".join(troubles) if len(troubles) == len(hears) else ""

    def _troubles(self, bots: Sequence[OneBot]) -> list[str]:
        """Return why bots get no updates, each with its name where there are several."""
        named = [(each, each.services.update_flow.trouble) for each in bots]
        name = "@{0}: {1}" if len(self._bots) > 1 else "{1}"
        return [name.format(each.bot.username, why) for each, why in named if why]
