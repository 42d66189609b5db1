import asyncio
from datetime import datetime, timedelta

from bot.model.clock import Clock
from bot.operations.ticker import Schedule, Tick


async def test_every_job_runs_at_once_and_goes_on_after_a_failure() -> None:
    seen: list[datetime] = []
    twice = asyncio.Event()

    async def work(now: datetime) -> None:
        seen.append(now)
        if len(seen) == 2:
            twice.set()
        raise RuntimeError("as bad jobs do")

    running = asyncio.create_task(Schedule([Tick("bad", 0.05, work)], Clock()).run())
    await asyncio.wait_for(twice.wait(), 60)
    running.cancel()
    await asyncio.wait([running])
    assert seen[0] < seen[1]


async def test_a_slow_job_is_not_started_twice() -> None:
    running_now, most = 0, 0
    done = asyncio.Event()
    release = asyncio.Event()

    async def work(_now: datetime) -> None:
        nonlocal running_now, most
        running_now += 1
        most = max(most, running_now)
        await release.wait()
        running_now -= 1

    async def other(_now: datetime) -> None:
        other.times += 1  # type: ignore[attr-defined]
        if other.times == 5:  # type: ignore[attr-defined]
            done.set()

    other.times = 0  # type: ignore[attr-defined]
    schedule = Schedule([Tick("slow", 0.01, work), Tick("other", 0.02, other)], Clock())
    running = asyncio.create_task(schedule.run())
    await asyncio.wait_for(done.wait(), 60)
    release.set()
    running.cancel()
    await asyncio.wait([running])
    assert most == 1


async def test_jobs_are_told_the_moved_time() -> None:
    clock = Clock()
    told: list[datetime] = []

    async def work(now: datetime) -> None:
        told.append(now)

    schedule = Schedule([Tick("note", 60, work)], clock)
    await schedule.do_all()
    clock.advance(timedelta(days=1))
    await schedule.do_all()
    assert told[1] - told[0] >= timedelta(days=1)


async def test_after_a_jump_of_the_clock_every_job_runs_anew() -> None:
    ran: asyncio.Queue[datetime] = asyncio.Queue()

    async def work(now: datetime) -> None:
        ran.put_nowait(now)

    schedule = Schedule([Tick("hourly", 3600, work)], Clock())
    running = asyncio.create_task(schedule.run())
    await asyncio.wait_for(ran.get(), 60)
    schedule.reset()
    await asyncio.wait_for(ran.get(), 60)
    running.cancel()
    await asyncio.wait([running])
