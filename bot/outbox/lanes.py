"""What was claimed and has not begun, lane by lane, and the tasks that carry it out."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.log import Event
from bot.model.delivery import Delivery, Lane

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""How long what the ledger said of a lane holds, unless the bell rings."""

STARTED_AT_ONCE = 20
"""How many deliveries begin before the loop looks at anything else: each renders, and writes a call."""

LOW = 4
"""When so small a part of the window still waits, more is claimed: large claims cost less for each delivery."""

LANES: tuple[Lane, ...] = tuple(lane for lane in Lane if lane is not Lane.REPLY)

Serve = Callable[[Delivery], Awaitable[None]]


@dataclass(slots=True)
class _Lane:
    """`waiting` counts what was claimed and has not got its first slot, `running` the lane's tasks."""

    claimed: deque[Delivery] = field(default_factory=deque)
    waiting: int = 0
    running: int = 0
    empty_until: float = 0.0
    rung: bool = False


class Lanes:
    """The courier's claims, the most urgent lane first.

    Little is claimed ahead: at most `window` deliveries of a lane and those before it wait for their slot
    at once, so that what is urgent never stands behind what is not, and what is stopped stops at once.
    At most `runners` of a lane are under way.
    """

    def __init__(self, *, window: int, runners: int) -> None:
        self.woken = asyncio.Event()
        self.closed = False
        self._window = window
        self._most = runners
        self._lanes = {lane: _Lane() for lane in LANES}
        self._tasks: dict[asyncio.Task[None], _Lane] = {}
        self._looked_at = 0.0
        self._next_due: datetime | None = None

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """The tasks that carry deliveries out now."""
        return list(self._tasks)

    @property
    def idle(self) -> bool:
        """Whether nothing that was claimed still waits to begin."""
        return not any(lane.claimed for lane in self._lanes.values())

    def ring(self, lane: Lane | None = None) -> None:
        """Look at a lane, or at all, at once: something new may be due there."""
        for each in self._lanes.values() if lane is None else (self._lanes[lane],):
            each.empty_until = 0.0
            each.rung = True
        self.woken.set()

    def to_look_at(self) -> list[Lane]:
        """Return the lanes that have room and may hold something. A ring from now on is about what comes later."""
        self._looked_at = asyncio.get_running_loop().time()
        lanes = [lane for lane, _ in self.with_room()]
        for lane in lanes:
            self._lanes[lane].rung = False
        return lanes

    def with_room(self) -> Iterator[tuple[Lane, int]]:
        """Yield the lanes that may hold something, and how much may be claimed; claims meanwhile leave less room."""
        for at, lane in enumerate(LANES):
            room = self._window - sum(self._lanes[each].waiting for each in LANES[: at + 1])
            if room >= max(1, self._window // 2) and self._looked_at >= self._lanes[lane].empty_until:
                yield lane, room

    def carry_out(self, lane: Lane, claimed: Sequence[Delivery], serve: Serve) -> None:
        """Let the lane's tasks `serve` what was claimed, behind what the lane holds already."""
        here = self._lanes[lane]
        if not claimed:
            if not here.rung:
                here.empty_until = self._looked_at + LOOK_SECONDS
            return
        here.waiting += len(claimed)
        here.claimed.extend(claimed)
        self._start(here, serve)

    def begun(self, lane: Lane) -> None:
        """Note that a delivery waits no longer for its first slot; claim more where few do."""
        here = self._lanes[lane]
        here.waiting -= 1
        if here.waiting <= self._window // LOW:
            self.woken.set()

    def falls_due(self, at: datetime | None) -> None:
        """Note that something falls due then, so that nobody rests beyond that."""
        if at is not None:
            self._next_due = min(self._next_due or at, at)

    def all_may_be_due(self) -> None:
        """Look at all lanes at once: it is later than was thought."""
        self._next_due = None
        self.ring()

    async def rest(self, now: datetime) -> bool:
        """Wait until woken, until something falls due, or for the time that a look at the ledger holds.

        Return whether it was woken.
        """
        seconds = LOOK_SECONDS
        if self._next_due is not None:
            seconds = min(seconds, max(0.0, (self._next_due - now).total_seconds()))
        try:
            async with asyncio.timeout(seconds):
                await self.woken.wait()
        except TimeoutError:
            if seconds < LOOK_SECONDS:
                self.all_may_be_due()
            return False
        return True

    async def finish(self, seconds: float) -> None:
        """Begin nothing more, and wait so long at most for what is under way."""
        self.closed = True
        self.woken.set()
        if self._tasks:
            await asyncio.wait(self.tasks, timeout=seconds)

    async def cancel(self) -> None:
        """Break off what is under way."""
        tasks = self.tasks
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _start(self, here: _Lane, serve: Serve) -> None:
        """Start tasks for what was claimed, some in each round of the loop: those who ask meanwhile are answered."""
        if self.closed:
            return
        count = min(len(here.claimed), self._most - here.running, STARTED_AT_ONCE)
        for _ in range(count):
            task = asyncio.create_task(self._run(here.claimed, serve))
            self._tasks[task] = here
            here.running += 1
            task.add_done_callback(self._ended)
        if count == STARTED_AT_ONCE:
            # Behind the tasks' own first steps: each has taken its delivery by then.
            asyncio.get_running_loop().call_soon(self._start, here, serve)

    async def _run(self, claimed: deque[Delivery], serve: Serve) -> None:
        while claimed and not self.closed:
            await serve(claimed.popleft())

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task).running -= 1
        if not task.cancelled() and task.exception():
            # Its lease will run out.
            log.error(Event("delivery.lost", reason="mistake"), exc_info=task.exception())
