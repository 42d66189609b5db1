"""Many heavy pictures at once: what is in memory is bounded by bytes, not by their number."""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path

import pytest
from PIL import Image

from bot.media.pictures import Pictures, Upload
from bot.model.clock import Clock
from bot.sources.fetch.byte_budget import ByteBudget
from bot.sources.fetch.pictures import PictureFetcher
from bot.store.engine.database import Database
from tests.support.servers.pictures import encoded, picture_server

PICTURES, IN_FLIGHT = 10, 12_000_000


def heavy() -> bytes:
    """Return a picture of about 10 MB, over what Telegram takes: noise can't be compressed."""
    side = 1_920
    noise = random.Random(1).randbytes(side * side * 3)
    return encoded(Image.frombytes("RGB", (side, side), noise), "PNG", compress_level=1)


def memory(name: str) -> int:
    """Return a figure of this process's memory in bytes: VmRSS now, VmHWM at its peak."""
    rows = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(row.split()[1]) * 1024 for row in rows if row.startswith(name))


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_a_story_of_heavy_pictures_takes_no_more_memory_than_is_allowed(sqlite_db: Database) -> None:
    content = heavy()
    async with (
        picture_server() as server,
        PictureFetcher(allow_private=True, seconds=60, most_in_flight=IN_FLIGHT) as fetcher,
    ):
        urls = [server.put(f"{number}.png", content) for number in range(PICTURES)]
        pictures = Pictures(sqlite_db, 1, Clock(), fetcher.fetch)
        before = memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
        given = await asyncio.gather(*map(pictures.get, urls))
        grown = memory("VmHWM") - before
        await pictures.close()
    ready = sum(len(each.content) for each in given if isinstance(each, Upload))
    assert len(given) == PICTURES
    # What is copied on its way through sockets and pipes counts twice.
    assert grown < ready + 3 * IN_FLIGHT < PICTURES * len(content)


async def test_what_a_task_took_is_given_back_at_its_end_whatever_that_is() -> None:
    budget, begun = ByteBudget(100), asyncio.Event()

    async def hold(size: int, *, fails: bool = False) -> None:
        await budget.take(size)
        begun.set()
        if fails:
            raise ValueError
        await asyncio.Event().wait()

    first = asyncio.create_task(hold(60))
    await begun.wait()
    waiting = [asyncio.create_task(hold(60)), asyncio.create_task(hold(60, fails=True))]
    last = asyncio.create_task(budget.take(500))
    await asyncio.sleep(0)
    waiting[0].cancel()
    assert not last.done()
    first.cancel()
    # The second was cancelled while it waited, the third fails: then there is room for the largest.
    await asyncio.gather(*waiting, return_exceptions=True)
    assert await last > 0
