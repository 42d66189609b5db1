"""The desk by itself, a look at a time: the test says when, and nothing waits for a clock."""

from __future__ import annotations

from datetime import timedelta

from bot.conversations.desk.live import notices, refresh
from tests.support.world import World

LATER = timedelta(seconds=40)
"""Longer than a card is ever left alone, and shorter than anything ends."""


async def cards(room: World, after: timedelta = LATER) -> None:
    """Let the cards follow their stories, as they would so long from now, and wait until they stand so."""
    await refresh.refresh(room.services, room.clock.now() + after)
    await room.services.errands.settle()


async def desk(room: World, after: timedelta = timedelta(seconds=6)) -> None:
    """Let the desk take up what happened, tell its people, and let the cards follow."""
    await notices.look(room.services, room.clock.now() + after)
    await cards(room)


async def taken_up(room: World, after: timedelta = timedelta(seconds=6)) -> None:
    """Let the desk take up what happened, and no card follow yet."""
    await notices.look(room.services, room.clock.now() + after)
    await room.services.errands.settle()
