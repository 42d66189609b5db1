"""Whether the bot is ready: each condition with its word, and a sentence where the condition fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.metrics import NOT_READY
from bot.model.operations.readiness import ReadinessCheck
from bot.operations.readiness.probe import PROBE_SECONDS, Probe

WORDS = ("lease", "loops", "updates", "ledger", "feeds", "templates", "disk")
"""The conditions' words, in the order in which they are told. Operators' tools know them: none is renamed."""


@dataclass(frozen=True)
class Readiness:
    """What a bot's readiness is made of.

    `sure` is whether no other process speaks for the bot, `ended` the loops that run no more, `deaf` why no updates
    come, `problems` the mistakes in the newsroom's own templates.
    """

    probe: Probe
    sure: Callable[[], bool]
    ended: Callable[[], Collection[str]]
    deaf: Callable[[], str]
    problems: Callable[[], Collection[str]]

    def checks(self) -> list[ReadinessCheck]:
        """Return every condition as it stands now. Nothing is asked for that takes time."""
        ended, problems = self.ended(), self.problems()
        troubles = (
            "" if self.sure() else "another process may speak for this bot by now",
            f"these loops have ended: {', '.join(ended)}" if ended else "",
            self.deaf(),
            self.probe.ledger,
            self.probe.feeds,
            f"shipped templates stand in for your own: {next(iter(problems))}" if problems else "",
            self.probe.disk,
        )
        return [ReadinessCheck(*each) for each in zip(WORDS, troubles, strict=True)]

    async def run(self) -> None:
        """Look again and again, and keep the gauges, until cancelled."""
        while True:
            await self.probe.look()
            for check in self.checks():
                NOT_READY.labels(check.word).set(bool(check.trouble))
            await asyncio.sleep(PROBE_SECONDS)
