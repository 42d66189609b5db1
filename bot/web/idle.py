"""Connections over which no request comes: a server has room for so many, and waits for so long."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

from aiohttp import web

IDLE_SECONDS = 75.0
"""A connection on which no whole request has come for so long is closed: one that sends a letter a minute too."""

MOST_CONNECTIONS = 1_000
"""How many connections stay open; of more, those go on which nothing has come for the longest time."""

LOOK_SECONDS = 5.0

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class IdleConnections:
    """Closes connections of a server on which nothing comes."""

    def __init__(self, idle: float = IDLE_SECONDS, most: int = MOST_CONNECTIONS) -> None:
        self._idle, self._most = idle, most
        self._seen: dict[web.RequestHandler, float] = {}
        self._busy: Counter[web.RequestHandler] = Counter()

    @web.middleware
    async def middleware(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Take note that a request is served on its connection."""
        one = request.protocol
        self._busy[one] += 1
        try:
            return await handler(request)
        finally:
            self._busy[one] -= 1
            self._seen[one] = asyncio.get_running_loop().time()

    async def watch(self, server: web.Server) -> None:
        """Close what is idle, until cancelled."""
        while True:
            self.look(server)
            await asyncio.sleep(min(LOOK_SECONDS, self._idle))

    def look(self, server: web.Server) -> None:
        """Close what is idle now."""
        now, open_now = asyncio.get_running_loop().time(), server.connections
        self._seen = {each: self._seen.get(each, now) for each in open_now}
        self._busy = +self._busy
        idle = sorted((each for each in open_now if each not in self._busy), key=self._seen.__getitem__)
        surplus = max(0, len(open_now) - self._most)
        for number, each in enumerate(idle):
            if number < surplus or now - self._seen[each] >= self._idle:
                each.force_close()
                if each.transport is not None:
                    each.transport.abort()
