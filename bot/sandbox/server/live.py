"""The live feed: every change as it happens, to each page that listens."""

from __future__ import annotations

import asyncio

import orjson
from aiohttp import WSMsgType, web

from bot.sandbox.calls.answers import Json
from bot.sandbox.world.state import World
from bot.sandbox.world.views import is_shown, state_view

MAX_BEHIND = 20_000  # events; a page further behind is cut off, and starts anew
SNAPSHOT_MESSAGES = 300  # of each chat


class Live:
    """Serves `/sandbox/live`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sockets: set[web.WebSocketResponse] = set()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Send a snapshot, then each event, until the page goes away."""
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        queue: asyncio.Queue[str | None] = asyncio.Queue(MAX_BEHIND)

        def listen(event: Json) -> None:
            if not is_shown(self._world, event.get("bot_id")):
                return
            try:
                queue.put_nowait(orjson.dumps(event).decode())
            except asyncio.QueueFull:
                self._world.changes.listeners.remove(listen)
                _replace_all(queue)

        queue.put_nowait(orjson.dumps(self._snapshot(), option=orjson.OPT_NON_STR_KEYS).decode())
        listeners = self._world.changes.listeners
        listeners.append(listen)
        self._sockets.add(socket)
        writer = asyncio.create_task(_write(socket, queue))
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            if listen in listeners:
                listeners.remove(listen)
            self._sockets.discard(socket)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        return socket

    async def close(self) -> None:
        """Close every page's connection."""
        await asyncio.gather(*(socket.close() for socket in tuple(self._sockets)))

    def _snapshot(self) -> Json:
        chats = [chat for chat in self._world.chats() if is_shown(self._world, chat.bot_id)]
        messages = {
            chat.id: [m.view() for m in list(chat.messages.values())[-SNAPSHOT_MESSAGES:] if not m.deleted]
            for chat in chats
        }
        return {"type": "snapshot", **state_view(self._world), "messages": messages}


def _replace_all(queue: asyncio.Queue[str | None]) -> None:
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(None)


async def _write(socket: web.WebSocketResponse, queue: asyncio.Queue[str | None]) -> None:
    while (event := await queue.get()) is not None:
        await socket.send_str(event)
    await socket.close()
