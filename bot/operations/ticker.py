"""The schedule: jobs that run at an interval. The only user of APScheduler.

When something is due stands in the database; a job is given the time and looks there for what is due. So
nothing needs repair after a restart or after the machine slept, and late runs of a job become one.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.log import Event, Outage
from bot.metrics import TICK_FAILURES
from bot.model.clock import Clock
from bot.store.engine.database import UNAVAILABLE, why

log = logging.getLogger(__name__)

WATCH_SECONDS = 5.0
JUMP_SECONDS = 3.0
APART_SECONDS = 0.06
"""Between the first runs of two jobs: whoever asks something at the moment of all of them would wait for all."""


Work = Callable[[datetime], Awaitable[object]]
"""What a job does, given the time."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A job: its name, the seconds between two runs, and its work, which is given the time."""

    name: str
    seconds: float
    work: Work


class Schedule:
    """Runs jobs until cancelled. A job that fails is logged, and runs again at its next turn.

    No job runs while `allowed` returns False: another process may speak for the bot by now.
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
        """Run until cancelled. Every job runs once in the first second, for what fell due while no process ran."""
        for tick, first in zip(self._ticks, _moments(), strict=False):
            self._scheduler.add_job(
                self._do,
                IntervalTrigger(seconds=tick.seconds),
                args=[tick],
                id=tick.name,
                next_run_time=first,
            )
        self._scheduler.start()
        try:
            await self._watch_for_jumps()
        finally:
            self._scheduler.shutdown(wait=False)

    async def do_all(self) -> None:
        """Run every job once, now and in order: for tests that move the clock."""
        for tick in self._ticks:
            await self._do(tick)

    async def _do(self, tick: Tick) -> None:
        if not self._allowed():
            return
        try:
            await tick.work(self._clock.now())
        except asyncio.CancelledError:
            # APScheduler would log a traceback of what is only the bot's end.
            log.info(Event("tick.cancelled", job=tick.name))
        except UNAVAILABLE as error:
            TICK_FAILURES.labels(tick.name).inc()
            log.error(Outage("tick.failed", job=tick.name, reason=why(error)))
        except Exception:
            TICK_FAILURES.labels(tick.name).inc()
            log.exception(Event("tick.failed", job=tick.name, reason="mistake", again_in=tick.seconds))

    async def _watch_for_jumps(self) -> None:
        """Watch the clock: after it is set back, APScheduler would wait until the old time comes again."""
        drift = time.time() - time.monotonic()
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            jumped, drift = time.time() - time.monotonic() - drift, time.time() - time.monotonic()
            if abs(jumped) > JUMP_SECONDS:
                log.warning(Event("clock.jumped", seconds=jumped))
                self.reset()

    def reset(self) -> None:
        """Make every job due within a second."""
        for tick, first in zip(self._ticks, _moments(), strict=False):
            self._scheduler.modify_job(tick.name, next_run_time=first)


def _moments() -> Iterator[datetime]:
    now = datetime.now(UTC)
    return (now + timedelta(seconds=number * APART_SECONDS) for number in itertools.count())
