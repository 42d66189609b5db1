"""One table of what ticks, and how often. The only user of APScheduler.

Due times live in rows; a tick only looks, with the time handed to it. So a restart or a slept machine
needs no repair, and late ticks merge into one.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.metrics import TICK_FAILURES
from bot.model.clock import Clock
from bot.store.database import UNAVAILABLE, why

log = logging.getLogger(__name__)

WATCH_SECONDS = 5.0
JUMP_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A job: what it is called, how often it looks (seconds), and what it does at a given time."""

    name: str
    seconds: float
    work: Callable[[datetime], Awaitable[object]]


class Schedule:
    """Runs ticks until stopped. A tick that fails is logged and comes again at its next turn.

    None is run while `allowed` says no: another process may do it by now.
    """

    def __init__(
        self, ticks: Sequence[Tick], clock: Clock, allowed: Callable[[], bool] = lambda: True
    ) -> None:
        self._ticks = ticks
        self._clock = clock
        self._allowed = allowed
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            # The default grace of one second drops late ticks without a word.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    async def run(self) -> None:
        """Tick until cancelled; every job runs at once first, for what fell due meanwhile."""
        for tick in self._ticks:
            self._scheduler.add_job(
                self._do,
                IntervalTrigger(seconds=tick.seconds),
                args=[tick],
                id=tick.name,
                next_run_time=datetime.now(UTC),
            )
        self._scheduler.start()
        try:
            await self._watch_for_jumps()
        finally:
            self._scheduler.shutdown(wait=False)

    async def do_all(self) -> None:
        """Run every job once, now and in order: for tests, which move the clock."""
        for tick in self._ticks:
            await self._do(tick)

    async def _do(self, tick: Tick) -> None:
        if not self._allowed():
            return
        try:
            await tick.work(self._clock.now())
        except asyncio.CancelledError:
            # APScheduler would log a traceback of what is only the bot's end.
            log.info("the job %r was broken off", tick.name)
        except UNAVAILABLE as error:
            TICK_FAILURES.labels(tick.name).inc()
            log.error("the job %r waits (%s)", tick.name, why(error))
        except Exception:
            TICK_FAILURES.labels(tick.name).inc()
            log.exception("the job %r failed and will be tried again in %g s", tick.name, tick.seconds)

    async def _watch_for_jumps(self) -> None:
        """With the wall clock set back, APScheduler would wait until it is that late again."""
        drift = time.time() - time.monotonic()
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            jumped, drift = time.time() - time.monotonic() - drift, time.time() - time.monotonic()
            if abs(jumped) > JUMP_SECONDS:
                log.warning("the system's clock jumped by %+.0f s; every job runs anew", jumped)
                self.reset()

    def reset(self) -> None:
        """Make every job due now, whatever the clock said before."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))
