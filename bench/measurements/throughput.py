"""How many messages a second: the whole bot with its ledger in a file, beside clients that keep nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.rivals.running import run
from bench.support.figures import Figure
from bench.support.stopwatch import Stopwatch
from bench.support.world import mock, newsroom, running, settled, tell

CHATS, PLAIN, ONE_BY_ONE, TGCAST, PTB = 100_000, 40_000, 3_000, 4_000, 1_000
TIMES_AIOGRAM, TIMES_TGCAST = 2.5, 6.0
UNBOUNDED = 1e6


async def measure() -> list[Figure]:
    """Measure all, twice in turn, and take each one's better round."""
    ours = [await _ours()]
    plain, tgcast = _rival("plain", "aiogram", count=PLAIN), _tgcast()
    ours.append(await _ours())
    again = _rival("plain", "aiogram", count=PLAIN)
    mine = max(ours, key=lambda one: one["rate"])
    plain = max((plain, again), key=lambda one: one["rate"])
    one_by_one = _rival("plain", "aiogram-one-by-one", count=ONE_BY_ONE)
    raw = _rival("plain", "raw", count=CHATS)
    with mock() as server:
        ptb = run("ptb_sender", server.url, PTB, UNBOUNDED)
    figures = [
        Figure(
            "durable sending, beside plain aiogram (100 workers)",
            _said(mine),
            f"{_said(plain)}: ×{mine['rate'] / plain['rate']:.2f}",
            f"×{TIMES_AIOGRAM}",
            mine["rate"] >= TIMES_AIOGRAM * plain["rate"],
        ),
        Figure("durable sending, beside aiogram one by one", _said(mine), _said(one_by_one)),
        Figure("durable sending, beside raw aiohttp, which keeps nothing", _said(mine), _said(raw)),
    ]
    if tgcast:
        times = mine["rate"] / tgcast["rate"]
        figures.append(
            Figure(
                "durable sending, beside tgcast 0.1.1",
                _said(mine),
                f"{_said(tgcast)}: ×{times:.1f}",
                f"×{TIMES_TGCAST:g}",
                times >= TIMES_TGCAST,
            )
        )
    if ptb:
        figures.append(
            Figure("durable sending, beside python-telegram-bot, AIORateLimiter", _said(mine), _said(ptb))
        )
    return figures


async def _ours() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name, mock() as server:
        folder = Path(name)
        async with newsroom(folder, CHATS) as db, running(db, folder, server) as app:
            watch = Stopwatch()
            bulletin_id = await tell(db, app)
            await server.until(CHATS)
            await settled(db, bulletin_id, CHATS)
            return watch.read(CHATS)


def _rival(module: str, how: str, *, count: int) -> dict[str, float]:
    with mock() as server:
        found = run(module, how, server.url, count, apart=False)
    if found is None:
        raise RuntimeError(f"{how} could not be measured")
    return found


def _tgcast() -> dict[str, float] | None:
    with mock() as server:
        return run("tgcast_sender", server.url, TGCAST, UNBOUNDED)


def _said(found: dict[str, float]) -> str:
    return f"{found['rate']:,.0f}/s, {found['cpu']:.0f} µs of a core each"
